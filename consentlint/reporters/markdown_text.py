"""Show text in Markdown as it is."""

import re

from consentlint.text.masking import printable

# A _ within a word is text.
_MARKUP = re.compile(r"[<>&@`\\*~#\[\]|]|://|www\.|(?:\A|\W)_|_(?:\W|\Z)")


def inline(text: str) -> str:
    """Return a text of one line that Markdown shows as it is; code if it would find markup in it."""
    text = printable(text)
    return code(text) if _MARKUP.search(text) else text


def code(text: str) -> str:
    """Return a text of one line as code."""
    text = printable(text)
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    # A space at both ends is removed; without it, a backtick would belong to the fence.
    pad = " " if longest or not text.strip() else ""
    return f"{fence}{pad}{text or ' '}{pad}{fence}"
