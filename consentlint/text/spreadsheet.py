"""Write text for a spreadsheet."""

import re

from consentlint.text.masking import MASK, printable

# Full-width signs too: East Asian spreadsheets accept them.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(rf"\+[0-9{MASK}]+")


def cell(value: object) -> str:
    """Return a value as a cell that a spreadsheet shows as text, not as a formula."""
    shown = "" if value is None else printable(str(value))
    is_formula = shown.lstrip().startswith(_FORMULA) and not _NUMBER.fullmatch(shown)
    return f"'{shown}" if is_formula else shown
