"""What a repair is, and how one is verified."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Severity
from consentlint.model.items import MISSING
from consentlint.rules._rule import Problem, Rule, RuleSettings


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
    has no new error. Safe repairs come first, then those that raise the fewest new warnings, then those
    that were proposed first.
    """
    before: dict[tuple[str, str | None], Severity] | None = None
    best: tuple[tuple[bool, int], Repair] | None = None
    for repair in candidates:
        if before is None:
            before = _severities(broken.fields, broken)
        after = _severities(repair.apply(broken.fields), broken)
        if (broken.problem.rule, broken.problem.field) in after:
            continue
        new = [
            severity
            for (rule, field), severity in after.items()
            if (rule, field) not in before and field == repair.field
        ]
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
                values = (fields.get(each, MISSING) for each in check.fields)
                found += check.run(*values, settings)
        if rule.keys is not None:
            found += rule.keys(tuple(fields), {}, settings)
    return found


def _severities(
    fields: Mapping[str, object], broken: Broken
) -> dict[tuple[str, str | None], Severity]:
    """Return the severity of each problem that a repair may affect, by rule and field."""
    from consentlint.rules import RULES_BY_NAME

    rules = _rules_reading(broken.settings.endpoint, broken.field)
    return {
        (problem.rule, problem.field): problem.severity or RULES_BY_NAME[problem.rule].severity
        for problem in problems_of(fields, broken.settings, rules)
    }


@cache
def _rules_reading(endpoint: Endpoint, field: str) -> tuple[Rule, ...]:
    """Return the default rules that read a field; all of them for a key that may become any."""
    from consentlint.rules import rules_for

    return tuple(
        rule
        for rule in rules_for(endpoint)
        if rule.default
        and (field not in endpoint.fields or any(field in check.fields for check in rule.checks))
    )
