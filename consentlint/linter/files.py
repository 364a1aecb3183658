"""Detect the format of a file, and the kind of its records."""

from collections.abc import Iterable

from consentlint.formats import (
    Content,
    Parsed,
    Part,
    binary_format,
    encoding_error,
    format_of_content,
    format_of_name,
)
from consentlint.model.endpoints import Endpoint, detect_endpoint
from consentlint.model.findings import FileError
from consentlint.model.items import Header, Item, Location, ParseError
from consentlint.text.masking import shown

_RESPONSE_KEYS = {"error_code", "error_messages"}
# How many items may leave the kind open before it counts as undetected.
_MAX_UNDETECTED = 100
_START = Location(1, 1, 0)


def detect_format(content: Content, name: str, given: str | None) -> str | ParseError:
    """Return the format of a file, or the parse error if it is not a text file.

    Args:
        content: the file.
        name: its name as it is shown.
        given: the format that the user named, if any.
    """
    if content.failure is not None and not content.head:
        return unreadable(content.failure)
    message = binary_format(content.head)
    if message is not None:
        return ParseError(FileError.ENCODING, f"the file {message}.", _START)
    message = encoding_error(content.head)
    if message is not None:
        return ParseError(FileError.ENCODING, f"the file {message}.", _START)
    return given or format_of_name(name) or format_of_content(content.head)


def unreadable(error: Exception) -> ParseError:
    """Return the parse error for a file that cannot be read."""
    message = str(error)
    if isinstance(error, OSError):
        message = f"cannot be read: {error.strerror or type(error).__name__}"
    return ParseError(FileError.UNREADABLE, f"the file {message}.")


class KindDetector:
    """Detects from the first items, or the header, whether a file holds consents or contacts.

    Args:
        given: the endpoint that the user named, if any.
    """

    def __init__(self, given: Endpoint | None) -> None:
        self._given = given
        self._seen = 0
        self._first: ParseError | None = None
        self._names: list[str] = []

    def detect_from_header(self, header: Header) -> Endpoint | ParseError:
        """Return the endpoint of a table, or the parse error if it is of no kind."""
        found = self._detect(header.columns, header)
        return found or self.undetected()

    def detect_from_items(self, part: Part, parsed: Parsed) -> Endpoint | ParseError | None:
        """Return the endpoint of a file, the parse error if it is of no kind, None if open."""
        for row in range(parsed.batch.count):
            keys = parsed.batch.fields(row)
            if self._first is None or keys.keys() >= _RESPONSE_KEYS:
                (item,) = part.items([parsed.rows[row]], parsed.layout)
                found = self._detect(keys, item)
            else:
                found = self._detect(keys, None)
            if found is not None:
                return found
            if self._seen == _MAX_UNDETECTED:
                return self.undetected()
        return None

    @property
    def has_seen_items(self) -> bool:
        """Whether there were items at all."""
        return self._first is not None

    def undetected(self) -> ParseError:
        """Return the parse error for a file of no kind."""
        assert self._first is not None
        names = ", ".join(shown(name, 30) for name in self._names[:5])
        found = f" Found: {names}." if names else ""
        return self._first._replace(
            message="cannot tell whether these are consents (sender_id, status, source) or"
            f" contacts (country_iso_code, zip_code).{found} Pass --kind consents or --kind"
            " contacts."
        )

    def _detect(
        self, keys: Iterable[str], found: Header | Item | None
    ) -> Endpoint | ParseError | None:
        if found is not None:
            assert found.source is not None
            error = ParseError(
                FileError.KIND,
                "this is a response of the API. Check the file that was sent instead.",
                found.source.location,
                text=found.source.text,
            )
            self._names = self._names or list(keys)
            self._first = self._first or error
            if set(keys) >= _RESPONSE_KEYS:
                return error
        self._seen += 1
        return self._given or detect_endpoint(keys)
