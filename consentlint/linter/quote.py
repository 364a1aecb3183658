"""Format values for messages: masked, shortened, printable."""

from typing import Protocol

from consentlint.fields.mask import mask_field
from consentlint.linter.file_report import FileReport
from consentlint.text.masking import mask_number, printable, shortened

_MAX_NUMBER = 10**300
# More of a value is neither masked nor shown.
_MAX_TEXT = 400


class ItemNames(Protocol):
    """Names the items of a list, such as `Positions`."""

    def name(self, position: int, current: FileReport | None) -> str:
        """Return how a message names an item, such as "line 6"."""


class Quoter:
    """Formats values of items (see `rules.Quote`).

    Args:
        show_values: True to show phone numbers in full.
        positions: names the items that messages may name; None if they name none.
        file: the file of the item whose message is written.
    """

    def __init__(
        self, *, show_values: bool, positions: ItemNames | None, file: FileReport | None
    ) -> None:
        self._show_values = show_values
        self._positions = positions
        self._file = file
        self._last: tuple[str, str | None, str] = ("", None, "")

    def __call__(self, value: object, field: str | None = None) -> str:
        """Return a string in double quotes, a number as JSON, nothing for other values."""
        if isinstance(value, str):
            return f'"{self.text(value, field)}"'
        return self.number(value) or ""

    def value(self, value: object, field: str | None = None) -> str | None:
        """Return a value without quotes; None if it is neither a string nor a number."""
        return self.text(value, field) if isinstance(value, str) else self.number(value)

    def text(self, text: str, field: str | None = None) -> str:
        """Return text of a file as a message may show it."""
        last, last_field, shown = self._last
        # A finding shows its value twice: in the message, and by itself.
        if text is last and field == last_field:
            return shown
        shown = text[:_MAX_TEXT]
        if not self._show_values:
            shown = mask_field(shown, field)
        shown = shortened(printable(shown))
        self._last = (text, field, shown)
        return shown

    def number(self, value: object) -> str | None:
        """Return a number as a message may show it, None for any other value."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        # Python does not write an int of thousands of digits.
        number = str(value) if abs(value) < _MAX_NUMBER else "…"
        return shortened(number if self._show_values else mask_number(number))

    def item(self, position: int) -> str:
        """Return how a message names another item, such as "line 6"."""
        if self._positions is None:
            return f"item {position} (counted from 0)"
        return self._positions.name(position, self._file)
