"""Ask the precise path of a single item, as if it were the only one of its file."""

from collections.abc import Mapping

from consentlint.linter.checker import Checker, Terms
from consentlint.model.endpoints import Endpoint
from consentlint.model.items import Item
from consentlint.rules import Entry


class Trial:
    """Judges items one by one, each as the first.

    Args:
        endpoint: whose items they are.
        terms: on what terms they are judged.
    """

    def __init__(self, endpoint: Endpoint, terms: Terms) -> None:
        self._endpoint = endpoint
        self._terms = terms

    def is_clean(self, fields: Mapping[str, object]) -> bool:
        """Tell whether there is nothing to say of an item with these fields alone."""
        known = {field: fields[field] for field in self._endpoint.fields if field in fields}
        checker = Checker(self._endpoint, self._terms)
        return not any(True for _ in checker.check(Item(0, known)))

    def pair(self, fields: Mapping[str, object]) -> str | None:
        """Return contact and sender as records of them are kept, None where none is kept."""
        checker = Checker(self._endpoint, self._terms)
        notes = _Notes()
        checker.earlier.share(notes)
        for _ in checker.check(Item(0, fields)):
            pass
        return notes.pair


class _Notes:
    """Notes under what contact and sender a record is kept."""

    pair: str | None = None

    def item_with_id(self, key: bytes) -> int | None:
        return None

    def record_of(self, pair: str) -> Entry | None:
        return None

    def note_id(self, key: bytes) -> None:
        pass

    def note_pair(self, pair: str) -> None:
        self.pair = pair
