"""Run rules directly, without the linter: checks by what they declare, sequences in order."""

from collections.abc import Mapping, Sequence

import sample_items

from consentlint.fields import iso8601
from consentlint.fields.mask import mask_field
from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Profile
from consentlint.model.items import MISSING
from consentlint.rules import (
    RULES_BY_NAME,
    CrossItemState,
    Problem,
    RuleSettings,
    keys_of,
    rules_for,
)
from consentlint.rules.repairs import advise, find_repair
from consentlint.text.masking import mask_number, shortened

NOW = iso8601.parse("2026-01-01T00:00:00Z").moment

CONSENT: dict[str, object] = {**sample_items.CONSENT}
CONTACT: dict[str, object] = {**sample_items.CONTACT}


class Quoted:
    """Quotes values without masking them, or with the mask of their field."""

    def __init__(self, *, masked: bool = False) -> None:
        self.masked = masked

    def __call__(self, value: object, field: str | None = None) -> str:
        if isinstance(value, str):
            text = value[:400]
            return f'"{shortened(mask_field(text, field) if self.masked else text)}"'
        if isinstance(value, int) and abs(value) > 10**300:
            # Python does not format the largest integers.
            return "…"
        return mask_number(str(value)) if self.masked else str(value)

    def item(self, position: int) -> str:
        return f"line {position + 1}"


def settings(endpoint: Endpoint = CONSENTS, profile: Profile = Profile.DOCUMENTED) -> RuleSettings:
    return RuleSettings(endpoint, profile, NOW)


def problems_of(
    items: Sequence[Mapping[str, object]],
    endpoint: Endpoint = CONSENTS,
    profile: Profile = Profile.DOCUMENTED,
    *,
    duplicates: Mapping[str, bool] = {},
    request_limit: int | None = None,
) -> list[tuple[int, Problem]]:
    """Return the problems of items, each with the position of its item."""
    given = settings(endpoint, profile)
    state = CrossItemState(request_limit)
    found: list[tuple[int, Problem]] = []
    for position, item in enumerate(items):
        keys = keys_of(position, item, given)
        for rule in rules_for(endpoint):
            for check in rule.checks:
                values = [item.get(field, MISSING) for field in check.fields]
                found += [(position, each) for each in check.run(*values, given)]
            if rule.sequence is not None:
                found += [(position, each) for each in rule.sequence(keys, state)]
            if rule.keys is not None and (duplicates or item.keys() - set(endpoint.fields)):
                found += [(position, each) for each in rule.keys([*item], duplicates, given)]
        state.add(keys)
    return found


def describe(problem: Problem, item: Mapping[str, object], *, masked: bool = False) -> str:
    words = RULES_BY_NAME[problem.rule].describe
    assert words is not None
    endpoint = CONTACTS if item.keys() & {"country_iso_code", "zip_code"} else CONSENTS
    given = settings(endpoint)
    repair = find_repair(problem, item, given)
    what_to_do = advise(problem, item, given) if repair is None else repair.hint
    return " ".join(filter(None, (words(problem, item, Quoted(masked=masked)), what_to_do)))


def messages(
    rule: str,
    fields: Mapping[str, object],
    profile: Profile = Profile.DOCUMENTED,
    *,
    masked: bool = False,
) -> list[str]:
    """Return the messages of one rule for one item: a valid one, with some fields changed.

    A field whose value is `MISSING` is left out.
    """
    endpoint = CONTACTS if fields.keys() & {"country_iso_code", "zip_code"} else CONSENTS
    base = CONSENT if endpoint is CONSENTS else CONTACT
    item = {key: value for key, value in {**base, **fields}.items() if value is not MISSING}
    return [
        describe(problem, item, masked=masked)
        for _, problem in problems_of([item], endpoint, profile)
        if problem.rule == rule
    ]
