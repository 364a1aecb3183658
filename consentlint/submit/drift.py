"""Find disagreements between API and linter: evidence against our reading of the documents."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from consentlint._version import __version__
from consentlint.fields import phone_numbers
from consentlint.fields.mask import mask_field
from consentlint.fields.outline import HIDDEN
from consentlint.linter.check import check_list
from consentlint.model.endpoints import FIELDS, Endpoint
from consentlint.model.findings import Profile, Reason
from consentlint.model.moment import Moment
from consentlint.model.settings import Settings
from consentlint.submit.journal_record import JournalEntry
from consentlint.submit.submission import NumberedItem
from consentlint.text.masking import mask, mask_number
from consentlint.wire import ResponseItem

VERSION = 2
"""The version of the report format."""
_MAX_CASES = 1_000


class Kind(StrEnum):
    """How API and linter disagree."""

    REJECTED_BY_API = "rejected by the API, accepted by the linter"
    STORED_BY_API = "stored by the API, rejected by the linter"
    OTHER_REASONS = "rejected by both, for different reasons"


class Case(NamedTuple):
    """An item about which API and linter disagree."""

    kind: Kind
    endpoint: str
    item: Mapping[str, str]
    """Its fields, masked. Length and first digits remain, because rules depend on them."""
    linter: tuple[str, ...]
    """The reason codes of the linter."""
    api: tuple[str, ...]
    """The reason codes of the API."""
    error_code: int


class Cases(NamedTuple):
    """The disagreements that were found."""

    cases: list[Case]
    """The first of them."""
    total: int


class Comparison(NamedTuple):
    """The result of comparing a request with its response."""

    cases: list[Case]
    compared: int
    missing: int
    """The number of items about which the response says nothing."""


def find_cases(
    answered: Iterable[tuple[NumberedItem, JournalEntry]], profile: Profile, now: Moment
) -> Cases:
    """Compare what the API has answered about items with the linter's findings."""
    cases: list[Case] = []
    count = 0
    for found, entry in answered:
        fields = found.item.fields
        reasons = next(linter_reasons([fields], found.endpoint, profile, now))
        case = compare(fields, found.endpoint, reasons, entry.error_code, entry.reasons)
        count += case is not None
        if case is not None and len(cases) < _MAX_CASES:
            cases.append(case)
    return Cases(cases, count)


def linter_reasons(
    items: Iterable[Mapping[str, object]], endpoint: Endpoint, profile: Profile, now: Moment
) -> Iterator[tuple[str, ...]]:
    """Yield the linter's reason codes for each item of one request."""
    sent = list(items)
    reasons: list[dict[str, None]] = [{} for _ in sent]
    for finding in check_list(sent, endpoint, Settings(now, profile)):
        if finding.reason is not None and finding.item is not None:
            reasons[finding.item][str(finding.reason)] = None
    yield from map(tuple, reasons)


def compare(
    fields: Mapping[str, object],
    endpoint: Endpoint,
    linter_reasons: Sequence[str],
    error_code: int,
    api_reasons: Sequence[str],
) -> Case | None:
    """Compare the verdicts about one item; return None if they agree or cannot be compared.

    Args:
        fields: the fields of the item.
        endpoint: where it was sent.
        linter_reasons: the reason codes of the linter.
        error_code: the API's error code; 0 if it stored the item.
        api_reasons: the reason codes of the API.
    """
    about_item = tuple(reason for reason in api_reasons if reason != Reason.INTERNAL_SERVER_ERROR)
    if api_reasons and not about_item:
        # An internal error says nothing about the item.
        return None
    is_rejected = error_code != 0
    if is_rejected == bool(linter_reasons) and set(about_item) == set(linter_reasons):
        return None
    if is_rejected and linter_reasons:
        kind = Kind.OTHER_REASONS
    else:
        kind = Kind.REJECTED_BY_API if is_rejected else Kind.STORED_BY_API
    # What the API sends instead of a reason code may contain anything.
    api = tuple(map(mask, about_item))
    return Case(kind, endpoint.name, mask_fields(fields), tuple(linter_reasons), api, error_code)


def compare_response(
    items: Sequence[Mapping[str, object]],
    response: Sequence[ResponseItem],
    endpoint: Endpoint,
    profile: Profile,
    now: Moment,
) -> Comparison:
    """Compare the linter's findings about a captured request with its response."""
    by_id: dict[str, list[ResponseItem]] = {}
    for response_item in response:
        by_id.setdefault((response_item.correlation_id or "").lower(), []).append(response_item)
    cases = []
    missing = 0
    for fields, reasons in zip(items, linter_reasons(items, endpoint, profile, now), strict=True):
        correlation_id = fields.get("correlation_id")
        key = correlation_id.lower() if isinstance(correlation_id, str) else ""
        matches = by_id.get(key)
        match = matches.pop(0) if matches else None
        # An internal error says nothing about the item.
        if match is None or set(match.error_messages) == {Reason.INTERNAL_SERVER_ERROR}:
            missing += 1
            continue
        case = compare(fields, endpoint, reasons, match.error_code, match.error_messages)
        if case is not None:
            cases.append(case)
    return Comparison(cases, len(items) - missing, missing)


def render_cases(cases: Sequence[Case], profile: Profile) -> str:
    """Return the text of a file to attach to a bug report."""
    document: dict[str, Any] = {
        "version": VERSION,
        "consentlint": __version__,
        "phone_metadata": phone_numbers.metadata_version(),
        "profile": str(profile),
        "cases": [case._asdict() for case in cases],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def mask_fields(fields: Mapping[str, object]) -> dict[str, str]:
    """Return the fields of an item as text, masked."""
    # Any other key may hold a name or an address.
    return {
        mask(key): _masked_value(value, key) if key in FIELDS else HIDDEN
        for key, value in fields.items()
    }


def _masked_value(value: object, key: str) -> str:
    if isinstance(value, str):
        return mask_field(value, key)
    text = json.dumps(value)
    return mask_number(text) if isinstance(value, int | float) else mask(text)
