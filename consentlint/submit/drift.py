"""Where the linter and the API disagree: evidence against our reading of the documents."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from consentlint._version import __version__
from consentlint.fields import phone_numbers
from consentlint.fields.iso8601 import Moment
from consentlint.linter.checker import Checker, Terms
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile, Reason
from consentlint.model.items import Item
from consentlint.rules import mask_in_field
from consentlint.text.masking import mask, mask_number
from consentlint.wire import Entry

VERSION = 1
"""Of the form of the case file."""


class Kind(StrEnum):
    """In what the two disagree."""

    REFUSED_BY_API = "refused by the API, passed by the linter"
    STORED_BY_API = "stored by the API, refused by the linter"
    OTHER_REASONS = "refused by both, for other reasons"


class Case(NamedTuple):
    """One item of which the two do not say the same."""

    kind: Kind
    item: Mapping[str, str]
    """Its fields, masked: lengths and beginnings are what is disagreed about."""
    linter: tuple[str, ...]
    """The reason codes of the linter."""
    api: tuple[str, ...]
    """Those of the API."""
    error_code: int


def judged(
    items: Iterable[Mapping[str, object]], endpoint: Endpoint, profile: Profile, now: Moment
) -> Iterator[tuple[str, ...]]:
    """Yield the linter's reason codes for each item of one request."""
    checker = Checker(endpoint, Terms(now, profile))
    for index, fields in enumerate(items):
        found = checker.check(Item(index, fields))
        yield tuple(dict.fromkeys(str(said.reason) for said in found if said.reason))


def case_of(
    fields: Mapping[str, object], linter: Sequence[str], error_code: int, api: Sequence[str]
) -> Case | None:
    """Return what the two disagree about, None where they agree or nothing can be told.

    Args:
        fields: the item's.
        linter: the linter's reason codes.
        error_code: the API's answer, 0 where it has stored the item.
        api: its reason codes.
    """
    said = tuple(reason for reason in api if reason != Reason.INTERNAL_SERVER_ERROR)
    if api and not said:
        # That it has failed says nothing of the item.
        return None
    refused = error_code != 0
    if refused == bool(linter) and set(said) == set(linter):
        return None
    if refused and linter:
        kind = Kind.OTHER_REASONS
    else:
        kind = Kind.REFUSED_BY_API if refused else Kind.STORED_BY_API
    # A word of the API that is no reason code may hold anything.
    return Case(kind, _masked(fields), tuple(linter), tuple(map(mask, said)), error_code)


def of_pair(
    items: Sequence[Mapping[str, object]],
    entries: Sequence[Entry],
    endpoint: Endpoint,
    profile: Profile,
    now: Moment,
) -> tuple[list[Case], int]:
    """Return the cases in a captured request and its answer, and how many items lack an entry."""
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault((entry.correlation_id or "").lower(), []).append(entry)
    cases = []
    missing = 0
    for fields, linter in zip(items, judged(items, endpoint, profile, now), strict=True):
        correlation_id = fields.get("correlation_id")
        name = correlation_id.lower() if isinstance(correlation_id, str) else ""
        about = by_id.get(name)
        if not about:
            missing += 1
            continue
        entry = about.pop(0)
        case = case_of(fields, linter, entry.error_code, entry.error_messages)
        if case is not None:
            cases.append(case)
    return cases, missing


def case_file(cases: Sequence[Case], endpoint: Endpoint, profile: Profile) -> str:
    """Return the text of a file that can be attached to a bug report."""
    document: dict[str, Any] = {
        "version": VERSION,
        "consentlint": __version__,
        "phone_metadata": phone_numbers.metadata_version(),
        "endpoint": endpoint.name,
        "profile": str(profile),
        "cases": [case._asdict() for case in cases],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _masked(fields: Mapping[str, object]) -> dict[str, str]:
    return {mask(key): _masked_value(value, key) for key, value in fields.items()}


def _masked_value(value: object, key: str) -> str:
    if isinstance(value, str):
        return mask_in_field(value, key)
    text = json.dumps(value)
    return mask_number(text) if isinstance(value, int | float) else mask(text)
