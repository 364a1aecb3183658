"""Items as formats read them from their text, and an oracle for clean records.

Both are made of json, csv, datetime and phonenumbers, so they do not depend on the formats, nor on
anything that a matcher is made of, except for the postal codes.
"""

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

import phonenumbers
from clean_records import NOW

from consentlint.fast_path.learning import learn_matcher
from consentlint.fast_path.matcher import ElementMatcher, LineMatcher
from consentlint.fields import postal_codes, schemas
from consentlint.model.endpoints import CONSENTS, CONTACTS, SUPERSEDED_BY, Endpoint
from consentlint.model.items import Item, Location, Member, Source
from consentlint.model.moment import Moment
from consentlint.model.settings import Settings

_NOW = datetime.fromisoformat(NOW)
SETTINGS = Settings(
    Moment((_NOW.toordinal() - 1) * 86_400 + _NOW.hour * 3600 + _NOW.minute * 60 + _NOW.second, "")
)
_MEMBER = re.compile(
    r'(\\?")((?:[a-z_]|\\u[0-9a-f]{4})+)\1[ \t\n\r]*:[ \t\n\r]*(\\?"[^"\\]*\\?"|[^,}]+)'
)
_USUAL = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_MISMATCHES = {("opt-in", "opt-out-message"), ("opt-out", "opt-in-message")}


def _members(text: str) -> list[Member]:
    return [
        Member(json.loads(f'"{found[2]}"'), found.start(), *found.span(3))
        for found in _MEMBER.finditer(text)
    ]


def json_item(text: str) -> Item:
    """Return the item that a text of JSON holds: an object, or a string that holds one."""
    value = json.loads(text)
    fields = json.loads(value) if isinstance(value, str) else value
    return Item(0, fields, {}, Source(text, Location(1, 1, 0), _members))


def csv_item(text: str, columns: Sequence[str], delimiter: str = ",") -> Item:
    """Return the item that a line of a table holds."""

    def find(line: str) -> list[Member]:
        cell = re.compile(rf'"(?:[^"]|"")*"|[^{delimiter}\r\n]*')
        found, at = [], 0
        for column in columns:
            match = cell.match(line, at)
            assert match is not None
            found.append(Member(column, at, at, match.end()))
            at = match.end() + 1
        return found

    fields = fields_of_row(text, columns, delimiter)
    assert fields is not None
    return Item(0, fields, {}, Source(text, Location(1, 1, 0), find))


def fields_of_row(text: str, columns: Sequence[str], delimiter: str) -> dict[str, object] | None:
    """Return the fields in a line of a table, None if the line is not a row."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if len(rows) != 1 or len(rows[0]) != len(columns):
        return None
    known = {*CONSENTS.fields, *CONTACTS.fields, SUPERSEDED_BY}
    cells = zip(columns, rows[0], strict=True)
    return {column: cell for column, cell in cells if column in known and cell}


def fields_of_object(text: str) -> dict[str, object] | None:
    """Return the fields of an object, None if the text is none or has a duplicate key."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=unique)
        fields = json.loads(value, object_pairs_hook=unique) if isinstance(value, str) else value
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def is_clean(fields: Mapping[str, object]) -> bool:
    """Tell whether there is nothing to report of a record."""
    endpoint = CONSENTS if "status" in fields else CONTACTS
    if not set(endpoint.required) <= fields.keys() <= set(endpoint.fields):
        return False
    values = {field: value for field, value in fields.items() if isinstance(value, str)}
    if len(values) < len(fields) or not _is_possible(values["contact_id"]):
        return False
    if not re.fullmatch("[0-9A-Fa-f]{32}", values["correlation_id"]):
        return False
    if endpoint is CONTACTS:
        country, code = values["country_iso_code"], values["zip_code"]
        if country not in schemas.enumeration("country_iso_code") or code != code.strip():
            return False
        return bool(code) and postal_codes.matches(code, country)
    status, source, sender = values["status"], values["source"], values["sender_id"]
    if status not in schemas.enumeration("status") or source not in schemas.enumeration("source"):
        return False
    if (status, source) in _MISMATCHES:
        return False
    if sender.startswith("+"):
        toll_free = sender.startswith("+1800") and status == "opt-in"
        return _is_possible(sender) and not toll_free and _is_past(values.get("date_of_consent"))
    if not re.fullmatch("MG[0-9A-Fa-f]{32}|[0-9]{3,7}", sender):
        return False
    return _is_past(values.get("date_of_consent"))


@cache
def _is_possible(number: str) -> bool:
    if not re.fullmatch(r"\+[1-9][0-9]{1,14}", number):
        return False
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    canonical = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE and canonical == number


def _is_past(date: str | None) -> bool:
    if date is None:
        return True
    if not re.fullmatch(_USUAL, date) or date.endswith("-00:00"):
        return False
    try:
        # datetime knows microseconds, and no hour 24 and no second 60.
        moment = datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", date))
    except ValueError:
        return False
    return datetime(1992, 12, 3, tzinfo=UTC) <= moment <= _NOW


def line_matcher(
    items: Sequence[Item],
    format_name: str = "jsonl",
    probe: Callable[[Mapping[str, object]], bool] = is_clean,
) -> LineMatcher:
    """Return the matcher that is learned from items."""
    matcher = learn_matcher(items, endpoint_of(items[0]), SETTINGS, format_name, probe)
    assert isinstance(matcher, LineMatcher)
    return matcher


def element_matcher(items: Sequence[Item]) -> ElementMatcher:
    """Return the matcher for elements of an array that is learned from items."""
    matcher = learn_matcher(items, endpoint_of(items[0]), SETTINGS, "json", is_clean)
    assert isinstance(matcher, ElementMatcher)
    return matcher


def endpoint_of(item: Item) -> Endpoint:
    return CONSENTS if "status" in item.fields else CONTACTS
