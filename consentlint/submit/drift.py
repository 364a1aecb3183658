"""Find disagreements between API and linter: evidence against our reading of the documents."""

import json
from collections.abc import Iterable, Mapping, Sequence
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
from consentlint.text.masking import mask, mask_number

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


class Answer(NamedTuple):
    """What the API answered about an item, and what the linter reports."""

    fields: Mapping[str, object]
    endpoint: Endpoint
    linter: tuple[str, ...]
    """The reason codes of the linter."""
    api: Sequence[str]
    """The reason codes of the API."""
    error_code: int
    """The API's error code; 0 if it stored the item."""


class Comparison(NamedTuple):
    """The result of comparing answers of the API with the linter's findings."""

    cases: list[Case]
    """The first disagreements."""
    total: int
    """The number of all disagreements."""
    compared: int
    """The number of answers that say something about their item."""


def find_cases(answers: Iterable[Answer]) -> Comparison:
    """Compare what the API has answered about items with the linter's findings."""
    cases: list[Case] = []
    total = compared = 0
    for fields, endpoint, linter, reasons, error_code in answers:
        # An internal error says nothing about the item.
        api = tuple(reason for reason in reasons if reason != Reason.INTERNAL_SERVER_ERROR)
        if reasons and not api:
            continue
        compared += 1
        is_rejected = error_code != 0
        if is_rejected == bool(linter) and set(api) == set(linter):
            continue
        total += 1
        if is_rejected and linter:
            kind = Kind.OTHER_REASONS
        else:
            kind = Kind.REJECTED_BY_API if is_rejected else Kind.STORED_BY_API
        if len(cases) < _MAX_CASES:
            # What the API sends instead of a reason code may contain anything.
            masked = mask_fields(fields), linter, tuple(map(mask, api))
            cases.append(Case(kind, endpoint.name, *masked, error_code))
    return Comparison(cases, total, compared)


def linter_reasons(
    items: Sequence[Mapping[str, object]], endpoint: Endpoint, profile: Profile, now: Moment
) -> list[tuple[str, ...]]:
    """Return the linter's reason codes for each item of one request."""
    reasons: list[dict[str, None]] = [{} for _ in items]
    for finding in check_list(items, endpoint, Settings(now, profile)):
        if finding.reason is not None and finding.item is not None:
            reasons[finding.item][str(finding.reason)] = None
    return list(map(tuple, reasons))


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
