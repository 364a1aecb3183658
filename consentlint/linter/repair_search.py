"""Find the repairs of problems; they are remembered where values repeat."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consentlint.linter.engine import Engine, is_short_text
from consentlint.model.items import MISSING
from consentlint.rules import Problem, Rule, rules_for
from consentlint.rules.repairs import Repair, advise, find_repair, repair_item

# How many repairs are remembered.
_MAX_REMEMBERED = 65_536
# Each item needs an id of its own.
_UNIQUE = "correlation_id"

Key = tuple[Problem, tuple[object, ...]]
"""A problem, and the values of the fields that checks read together with its own."""

Repaired = tuple[list[tuple[Problem, Repair]], dict[str, object]]
"""The problems that were repaired, each with its repair, and the fields after all of them."""


class Advice(NamedTuple):
    """What to do about a problem."""

    hint: str
    """In words; empty if there is nothing to add."""
    repair: Repair | None
    """What does it, if a repair can."""


class Repairer:
    """Finds the repairs of the problems of one kind of items.

    Args:
        engine: the checks that found the problems.
    """

    def __init__(self, engine: Engine) -> None:
        self._settings = engine.rule_settings
        self._rules = engine.rules
        self._fields = engine.endpoint.fields
        self._groups = _groups(self._fields, rules_for(engine.endpoint))
        self._advice: dict[Key, Advice] = {}
        self._repaired: dict[tuple[object, ...], Repaired] = {}

    def advise(self, problem: Problem, fields: Mapping[str, object]) -> Advice:
        """Return what to do about a problem.

        Args:
            problem: the problem.
            fields: the fields of the item.
        """
        key = self.key(problem, fields)
        if key is None:
            return self.find(problem, fields)
        advice = self._advice.get(key)
        if advice is None:
            advice = self.find(problem, fields)
            if len(self._advice) >= _MAX_REMEMBERED:
                self._advice.clear()
            self._advice[key] = advice
        return advice

    def key(self, problem: Problem, fields: Mapping[str, object]) -> Key | None:
        """Return all that the advice about a problem depends on, None if it rarely repeats."""
        group = self._groups.get(problem.field or "")
        if group is None or problem.field == _UNIQUE:
            return None
        values = tuple([fields.get(field, MISSING) for field in group])
        return (problem, values) if is_short_text(values) else None

    def repair(
        self, fields: Mapping[str, object], problems: Sequence[Problem], *, unsafe: bool
    ) -> Repaired:
        """Repair an item as far as its problems can be repaired.

        Args:
            fields: the fields of the item.
            problems: its problems.
            unsafe: True to apply repairs that assume something.
        """
        if any(problem.field not in self._groups for problem in problems if problem.field):
            # A key that is renamed may become any field.
            return self._repair(fields, self._rules, problems, unsafe=unsafe)
        done: list[tuple[Problem, Repair]] = []
        repaired = dict(fields)
        for group in dict.fromkeys(self._groups[each.field] for each in problems if each.field):
            found, values = self._repair_group(fields, group, problems, unsafe=unsafe)
            if found:
                done += found
                for field in group:
                    repaired.pop(field, None)
                repaired.update(values)
        return done, repaired

    def _repair_group(
        self,
        fields: Mapping[str, object],
        group: tuple[str, ...],
        problems: Sequence[Problem],
        *,
        unsafe: bool,
    ) -> Repaired:
        """Repair the fields of a group."""
        values = tuple(fields.get(field, MISSING) for field in group)
        key = (*values, unsafe)
        is_remembered = _UNIQUE not in group and is_short_text(values)
        repaired = self._repaired.get(key) if is_remembered else None
        if repaired is None:
            own = {field: fields[field] for field in group if field in fields}
            rules = [rule for rule in self._rules if _reads_some_of(rule, group)]
            repaired = self._repair(own, rules, problems, unsafe=unsafe)
            if is_remembered:
                if len(self._repaired) >= _MAX_REMEMBERED:
                    self._repaired.clear()
                self._repaired[key] = repaired
        return repaired

    def _repair(
        self,
        fields: Mapping[str, object],
        rules: Sequence[Rule],
        problems: Sequence[Problem],
        *,
        unsafe: bool,
    ) -> Repaired:
        duplicate = next(
            (each for each in problems if each.field == _UNIQUE and each.detail == "duplicate"),
            None,
        )
        return repair_item(
            fields,
            self._settings,
            rules,
            duplicate=duplicate,
            accept=lambda repair: unsafe or repair.is_safe,
        )

    def find(self, problem: Problem, fields: Mapping[str, object]) -> Advice:
        """Return what to do about a problem, as `advise` does, but do not remember it."""
        repair = find_repair(problem, fields, self._settings)
        if repair is not None:
            return Advice(repair.hint, repair)
        return Advice(advise(problem, fields, self._settings), None)


def _groups(fields: Iterable[str], rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
    """Return for each field the fields that checks read together with it, directly or not."""
    group = {field: {field} for field in fields}
    for rule in rules:
        for check in rule.checks:
            if set(check.fields) <= group.keys():
                joined = set[str]().union(*(group[field] for field in check.fields))
                group.update(dict.fromkeys(joined, joined))
    return {field: tuple(sorted(joined)) for field, joined in group.items()}


def _reads_some_of(rule: Rule, fields: Sequence[str]) -> bool:
    return any(set(check.fields) <= set(fields) for check in rule.checks)
