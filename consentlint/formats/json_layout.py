"""Tell JSON documents and JSON Lines apart by how the values are put into a text."""

import re

from consentlint.formats._json_text import JsonError, parse, scan, skip_space
from consentlint.formats.json_shapes import OUTPUT, describe_rows

_REQUEST = re.compile(r'\{[ \t\n\r]*"[Ii]tems"[ \t\n\r]*:[ \t\n\r]*\[')
_LIST = re.compile(r"\[[ \t\n\r]*(?:[{\[]|$)")
_PYTHON_DICT = re.compile(r"\[?[ \t\n\r]*\{[ \t\n\r]*'")
_OPEN_LIST = re.compile(r"\[[ \t\r]*(?:\n|$)")
_OPEN = re.compile(r"[\[{][ \t\r]*(?:\n|$)")

_ONE_DOCUMENT = "the file is one JSON document, not one item on each line. Pass --format json."
_SEVERAL_LINES = (
    f"items go over several lines, expected each on one line. Run: jq -c . FILE > {OUTPUT}"
)
_PYTHON = "this is a Python dict, not JSON. Write it with json.dumps."


def lines_error(text: str, *, is_whole: bool) -> str:
    """Return why a text is not one JSON value on each line, empty if its first line is one.

    Args:
        text: the first lines of the file.
        is_whole: whether there are no more.
    """
    start = skip_space(text, 0)
    if not text.startswith(("{", "["), start):
        return ""
    try:
        value, end = scan(text, start)
    except JsonError:
        return _of_broken(text, start)
    following = skip_space(text, end)
    is_alone = following == len(text) and is_whole
    newline = text.find("\n", start)
    if newline < 0 or newline >= end:
        line = text[end : newline if newline >= 0 else len(text)].strip()
        return _of_line(value, line, is_alone=is_alone)
    is_document = isinstance(value, list) or _REQUEST.match(text, start)
    return _ONE_DOCUMENT if is_document or is_alone else _SEVERAL_LINES


def after_document(text: str, start: int, end: int, following: int) -> str:
    """Return why a JSON document cannot be followed by more text.

    Args:
        text: the file.
        start: where its first value begins.
        end: where that ends.
        following: where what follows begins.
    """
    if text[following] == ",":
        return "items follow each other outside an array. Put [ before the first, ] after the last."
    if text[following] not in "{[":
        return ""
    is_line = "\n" not in text[start:end].strip() and "\n" in text[end:following]
    if text[start] == "{" and is_line:
        return "each line of the file is an item (JSON Lines). Pass --format jsonl."
    each = ".[]" if text[start] == "[" else "."
    return (
        "several JSON documents follow each other, expected one. Run: jq -c"
        f" '{each}' FILE > {OUTPUT}"
    )


def _of_line(value: object, rest: str, *, is_alone: bool) -> str:
    """Return what is wrong with a first line that begins with a JSON value."""
    if rest == ",":
        return (
            "each line ends with a comma, expected one JSON object on each line. Run:"
            f" sed 's/,[[:space:]]*$//' FILE > {OUTPUT}"
        )
    if rest.startswith("{"):
        return f"a line holds several items. Run: jq -c . FILE > {OUTPUT}"
    if isinstance(value, list) and not rest:
        first = value[0] if value else None
        if isinstance(first, dict) or (is_alone and isinstance(first, list)):
            each = f"each line is a list of items. Run: jq -c '.[]' FILE > {OUTPUT}"
            return _ONE_DOCUMENT if is_alone else each
        return describe_rows(value).replace("jq -c", "jq -s -c", 1)
    is_request = isinstance(value, dict) and isinstance(value.get("Items"), list)
    return _ONE_DOCUMENT if is_request and is_alone else ""


def _of_broken(text: str, start: int) -> str:
    """Return what is wrong with a text that does not begin with a JSON value."""
    if _PYTHON_DICT.match(text, start):
        return _PYTHON
    if _REQUEST.match(text, start) or _OPEN_LIST.match(text, start):
        return _ONE_DOCUMENT
    if _begins_with_item(text.partition("\n")[2]):
        # The first line alone is broken.
        return ""
    if _LIST.match(text, start):
        return _ONE_DOCUMENT
    return _SEVERAL_LINES if _OPEN.match(text, start) else ""


def _begins_with_item(text: str) -> bool:
    """Tell whether the first line of a text is an item."""
    line = text.lstrip().partition("\n")[0]
    try:
        return isinstance(parse(line), dict)
    except JsonError:
        return False
