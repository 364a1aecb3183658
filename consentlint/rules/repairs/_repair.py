"""What a repair is, and how one is verified."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Severity
from consentlint.model.items import MISSING
from consentlint.rules._rule import Check, Problem, Rule, RuleSettings


class Repair(NamedTuple):
    """A change of one field that removes a problem."""

    field: str
    """The field that gets a value."""
    value: object
    """Its new value; `MISSING` to leave the field out."""
    hint: str
    """What to do, as a sentence in the imperative."""
    assumes: str = ""
    """What must be true, such as "the time is UTC"; empty if it is safe: it
    cannot change the meaning."""
    renames: str | None = None
    """The key that becomes `field`, None if no key is renamed."""
    is_random: bool = False
    """Whether the value is a random one, and so another each time."""

    @property
    def is_safe(self) -> bool:
        """Whether the repair cannot change the meaning."""
        return not self.assumes

    def apply(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Return the fields of the repaired item."""
        repaired = {key: value for key, value in fields.items() if key != self.renames}
        if self.value is MISSING:
            repaired.pop(self.field, None)
        else:
            repaired[self.field] = self.value
        return repaired


class Broken(NamedTuple):
    """A problem, and what a repair of it may depend on."""

    problem: Problem
    fields: Mapping[str, object]
    settings: RuleSettings

    @property
    def field(self) -> str:
        """The field that is wrong."""
        return self.problem.field or ""

    @property
    def value(self) -> object:
        """The value of that field, `MISSING` if the item does not have it."""
        return self.fields.get(self.field, MISSING)


Propose = Callable[[Broken], Iterator[Repair]]
"""Yields candidates, the most likely one first. They need not be valid: they are verified."""

Advise = Callable[[Broken], str]
"""Returns what to do about a problem that no repair removes, empty if there is nothing to add."""


class Repairs(NamedTuple):
    """How the problems of a rule are repaired."""

    propose: Propose
    advise: Advise = lambda _: ""


def then(first: str, second: str) -> str:
    """Join two sentences that say what to do."""
    if not (first and second):
        return first or second
    if second.startswith("If "):
        return f"{first} {second}"
    return f"{first.removesuffix('.')}, then {second[0].lower()}{second[1:]}"


def verified(candidates: Iterator[Repair], broken: Broken) -> Repair | None:
    """Return the best repair, None if none survives.

    A repair survives if the repaired item passes the rule that reported the problem and its field
    has no new error. Safe repairs come first, then those that raise the fewest new warnings, then
    those that were proposed first.
    """
    before: Found | None = None
    best: tuple[tuple[bool, int], Repair] | None = None
    for repair in candidates:
        after = _found(repair.apply(broken.fields), broken, repair)
        if (broken.problem.rule, broken.problem.field) in after:
            continue
        if after and before is None:
            before = _found(broken.fields, broken, repair)
        new = [severity for key, severity in after.items() if key not in (before or {})]
        # The value of a renamed key was invalid before, unread.
        if Severity.ERROR in new and repair.renames is None:
            continue
        rank = (not repair.is_safe, len(new))
        if best is None or rank < best[0]:
            best = (rank, repair)
        if rank == (False, 0):
            break
    return None if best is None else best[1]


def problems_of(
    fields: Mapping[str, object], settings: RuleSettings, rules: Iterable[Rule]
) -> list[Problem]:
    """Return the problems of an item that do not depend on other items."""
    found: list[Problem] = []
    for rule in rules:
        for check in rule.checks:
            if set(check.fields) <= set(settings.endpoint.fields):
                found += _run(check, fields, settings)
        if rule.keys is not None:
            found += rule.keys(tuple(fields), {}, settings)
    return found


Found = dict[tuple[str, str | None], Severity]
"""The severity of each problem, by rule and field."""


def _found(fields: Mapping[str, object], broken: Broken, repair: Repair) -> Found:
    """Return the problems that a repair can remove or raise."""
    from consentlint.rules import RULES_BY_NAME

    found: list[Problem] = []
    if repair.renames is not None:
        keys = RULES_BY_NAME[broken.problem.rule].keys
        assert keys is not None
        found += keys(tuple(fields), {}, broken.settings)
    for check in _checks_of(repair.field, broken.settings.endpoint):
        found += _run(check, fields, broken.settings)
    return {
        (each.rule, each.field): each.severity or RULES_BY_NAME[each.rule].severity
        for each in found
        if each.field == repair.field or each.rule == broken.problem.rule
    }


@cache
def _checks_of(field: str, endpoint: Endpoint) -> tuple[Check, ...]:
    """Return the checks of the default rules that read a field."""
    from consentlint.rules import rules_for

    return tuple(
        check
        for rule in rules_for(endpoint)
        if rule.default
        for check in rule.checks
        if field in check.fields and set(check.fields) <= set(endpoint.fields)
    )


def _run(check: Check, fields: Mapping[str, object], settings: RuleSettings) -> Sequence[Problem]:
    return check.run(*[fields.get(each, MISSING) for each in check.fields], settings)
