"""Keep one copy of each text that many items have, such as a field name or a status."""

from collections.abc import Mapping

from consentlint.model.endpoints import FIELDS

_REPEATED = frozenset({"sender_id", "status", "source", "country_iso_code", "zip_code"})
_MAX_TEXTS = 1000
_MAX_LENGTH = 64


class SharedTexts:
    """Texts that items share."""

    def __init__(self) -> None:
        self._texts = {field: field for field in FIELDS}

    def share(self, item: Mapping[str, object]) -> Mapping[str, object]:
        """Return an equal item that shares its repeated texts with other items."""
        return {
            self._texts.get(key, key): self._shared(value) if key in _REPEATED else value
            for key, value in item.items()
        }

    def _shared(self, value: object) -> object:
        if not isinstance(value, str) or len(value) > _MAX_LENGTH:
            return value
        if len(self._texts) >= _MAX_TEXTS:
            return self._texts.get(value, value)
        return self._texts.setdefault(value, value)
