"""Detect the format of a file, and the kind of its records."""

from collections.abc import Iterable

from consentlint.fields.names import field_named, misnamed
from consentlint.formats import (
    Content,
    Parsed,
    Part,
    binary_format,
    encoding_error,
    format_of_content,
    format_of_name,
)
from consentlint.formats.json_shapes import describe, describe_renames, jq_start, showable
from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint, detect_endpoint
from consentlint.model.findings import FileError
from consentlint.model.items import Header, Item, Location, ParseError, Rename
from consentlint.text.masking import shown

_RESPONSE_KEYS = {"error_code", "error_messages"}
# How many items may leave the kind open before it counts as undetected.
_MAX_UNDETECTED = 100
_MAX_NAMES = 5
# A single one is reported for each item, which may be the first alone.
_MIN_RENAMES = 2
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
    if content.table is not None:
        return "jsonl"
    message = binary_format(content.head)
    if message is not None:
        return ParseError(FileError.ENCODING, f"the file {message}.", _START)
    message = encoding_error(content.head)
    if message is not None:
        return ParseError(FileError.ENCODING, f"the file {message}", _START)
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
        names = [shown(name, 30) for name in showable(self._names)]
        found = f" Found: {', '.join(names[:_MAX_NAMES])}." if names else ""
        if not any(map(field_named, self._names)):
            expected = f"{', '.join(CONSENTS.fields)} or {', '.join(CONTACTS.fields)}"
            return self._first._replace(
                message=f"the first item has no key of the API.{found} Expected {expected}."
            )
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
            if set(keys) >= _RESPONSE_KEYS:
                return error
            if self._first is None:
                self._names, self._first = list(keys), error
                shape = self._shape_error(found, error)
                if shape is not None:
                    return shape
        self._seen += 1
        return self._given or detect_endpoint(keys)

    def _shape_error(self, found: Header | Item, error: ParseError) -> ParseError | None:
        """Return the parse error if the first item shows that all have another shape."""
        if isinstance(found, Header):
            return None
        source = found.source
        start = None if source is None else jq_start(source.pointer)
        message = describe(found.fields, start)
        if message:
            return error._replace(message=message)
        names = list(found.fields)
        endpoint = (
            self._given
            or detect_endpoint(names)
            or detect_endpoint(filter(None, map(field_named, names)))
        )
        renames = misnamed(names, endpoint.fields).renames if endpoint else {}
        if len(renames) < _MIN_RENAMES:
            return None
        return error._replace(
            message=describe_renames(start, renames),
            renames=tuple(Rename(name, field) for name, field in renames.items()),
        )
