"""What is wrong with the columns of a table as a set."""

import re
from collections.abc import Collection, Sequence

from consentlint.fields.names import field_meant, field_named, misnamed
from consentlint.formats._encoding import CONVERT
from consentlint.model.endpoints import (
    CONSENTS,
    CONTACTS,
    ENDPOINTS,
    FIELDS,
    Endpoint,
    detect_endpoint,
)
from consentlint.model.findings import FileError
from consentlint.model.items import Header, Member, ParseError, Rename
from consentlint.text.masking import shown

_FIELDS = frozenset(FIELDS)
_MAX_ERRORS = 20
# A hostile header has a hundred thousand columns.
_MAX_HINTED = 200
_MAX_LISTED = 5
_COMMON = tuple(field for field in CONSENTS.fields if field in CONTACTS.fields)
_IS_DATA = re.compile(r"\+?[0-9]{6,15}|[0-9A-Fa-f]{32}|MG[0-9A-Fa-f]{32}|opt-(?:in|out)").fullmatch


def column_errors(header: Header, given: Endpoint | None) -> list[ParseError]:
    """Return what must be repaired before the rows can be read.

    Args:
        header: the columns.
        given: the endpoint that the user named, if any.
    """
    columns = header.columns
    endpoint = given or _endpoint_meant(columns)
    fields = endpoint.fields if endpoint else _COMMON
    found = _duplicates(header)
    known = _FIELDS.intersection(columns)
    renames, rivals, _ = misnamed(columns, fields)
    if not renames and not rivals:
        return [*found.values()] if known else [_no_fields(header, given)]
    may_mean = {name: field for field, names in rivals.items() for name in names}
    is_foreign = _is_foreign(endpoint, {*known, *renames.values()})
    lacking = [
        field
        for field in fields
        if field not in known and field not in renames.values() and field not in rivals
    ]
    hinted: set[str] = set()
    for number, member in enumerate(header.source.members):
        column = member.key
        if len(found) == _MAX_ERRORS:
            break
        if column in _FIELDS or member.key_start in found:
            continue
        if column in renames:
            rename = _if_meant if is_foreign else _misnamed
            found[member.key_start] = rename(header, member, renames[column])
            continue
        field = may_mean.get(column)
        if field is not None:
            advice = "" if is_foreign else " Rename one of them."
            message = f"{_listed(rivals[field])} may hold {field}.{advice}"
            found[member.key_start] = _error(message, header, member)
            continue
        field = field_meant(column, fields, lacking) if lacking and number < _MAX_HINTED else None
        if field is not None:
            found[member.key_start] = _if_meant(header, member, field)
            lacking.remove(field)
            hinted.add(field)
    errors = [found[start] for start in sorted(found)]
    missing = _missing(endpoint, {*known, *renames.values(), *rivals, *hinted})
    return [*errors, _error(missing, header)] if missing else errors


def _expected_header(endpoint: Endpoint | None) -> str:
    """Return the header to write for an endpoint, or for both if it is unknown."""
    if endpoint is not None:
        return ",".join(endpoint.fields)
    return " or ".join(f"{','.join(each.fields)} ({each.name})" for each in ENDPOINTS.values())


def _is_data(cells: Sequence[str]) -> bool:
    """Tell whether the first row has values where the names of columns belong."""
    return any(map(_IS_DATA, re.split(r"[,;|\t\s]+", ",".join(cells))))


def _is_foreign(endpoint: Endpoint | None, sure: Collection[str]) -> bool:
    """Tell whether a table is of another program, so that a new header would not be enough.

    Args:
        endpoint: the endpoint of the records, None if it is unknown.
        sure: the fields that surely have a column.
    """
    return endpoint is None or sum(field not in sure for field in endpoint.required) > 1


def _endpoint_meant(columns: Sequence[str]) -> Endpoint | None:
    meant = [field for field in map(field_named, columns) if field is not None]
    return detect_endpoint(columns) or detect_endpoint(meant)


def _duplicates(header: Header) -> dict[int, ParseError]:
    """Return the errors of columns with the name of another one, by where they begin."""
    seen: set[str] = set()
    found: dict[int, ParseError] = {}
    for member in header.source.members:
        if len(found) == _MAX_ERRORS:
            break
        if member.key in seen and member.key in _FIELDS:
            message = f"two columns are named {member.key}. Remove or rename one of them."
            error = _error(message, header, member)
            found[member.key_start] = error._replace(error=FileError.MALFORMED)
        seen.add(member.key)
    return found


def _if_meant(header: Header, member: Member, field: str) -> ParseError:
    message = f'if the column "{shown(member.key)}" holds {field}, rename it to "{field}".'
    return _error(message, header, member)


def _misnamed(header: Header, member: Member, field: str) -> ParseError:
    message = f'unknown column "{shown(member.key)}": rename the column to "{field}".'
    start, end = (header.source.locate(at).offset for at in (member.start, member.end))
    rename = Rename(member.key, field, start, end)
    return _error(message, header, member)._replace(renames=(rename,))


def _missing(endpoint: Endpoint | None, present: Collection[str]) -> str:
    """Return which required columns the header lacks, empty if none."""
    wanted = {
        each.name: [field for field in each.required if field not in present]
        for each in ([endpoint] if endpoint else ENDPOINTS.values())
    }
    if not all(wanted.values()):
        return ""
    if endpoint is None:
        lists = "; ".join(f"{name} need {_joined(fields)}" for name, fields in wanted.items())
        return f"more columns are missing, or have other names: {lists}. {CONVERT}"
    missing = wanted[endpoint.name]
    if len(missing) > 1:
        return f"columns are missing, or have other names: {_joined(missing)}. {CONVERT}"
    return f"a column is missing, or has another name: {missing[0]}. The API would reject all rows."


def _no_fields(header: Header, given: Endpoint | None) -> ParseError:
    wanted = _expected_header(given)
    if _is_data(header.columns):
        return _error(f"the first row is data, not a header. Insert a header: {wanted}.", header)
    message = f"the first row has no known column names. Expected: {wanted}. {CONVERT}"
    return _error(message, header)


def _listed(names: Sequence[str]) -> str:
    named = [f'"{shown(name)}"' for name in names[:_MAX_LISTED]]
    return "columns " + _joined(named + ["others"] * (len(names) > _MAX_LISTED))


def _joined(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _error(message: str, header: Header, member: Member | None = None) -> ParseError:
    offset = member.key_start if member is not None else 0
    location = header.source.locate(offset)
    return ParseError(FileError.KIND, message, location, text=header.source.text, offset=offset)
