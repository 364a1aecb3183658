"""Run value and item checks over columns, once for each distinct combination of values."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from consentlint.formats import Batch
from consentlint.linter.hashes import KeyHasher
from consentlint.linter.proofs import MIN_PROVEN, Proof, proof_for
from consentlint.linter.quote import Quoter
from consentlint.model.endpoints import SUPERSEDED_BY, Endpoint
from consentlint.model.items import MISSING
from consentlint.model.settings import Settings
from consentlint.rules import DEFAULT_RULES, Check, Problem, Rule, RuleSettings, rules_for

# Distinct values that are remembered for each combination of fields.
_MAX_REMEMBERED = 65_536
# Longer values are not worth remembering.
_MAX_LENGTH = 200
# Invalid values of a field that are counted apart.
_MAX_COUNTED = 1_000

WORD_FIELDS = frozenset({"status", "source", "country_iso_code"})
"""Fields with an enumeration. Their invalid values are counted one by one."""

OTHER_VALUES = "\n"
"""All invalid values beyond those that are counted apart; no value is shown like this."""


class Checked(NamedTuple):
    """What the checks found in a batch, in two columns of equal length, and its hashes."""

    rows: "array[int]"
    """Rows of the batch; ascending only within one combination of fields."""
    codes: "array[int]"
    """The problem of each of these rows: a number for `Engine.problems`."""
    ids: "array[int]"
    """The hash of each item's id, 0 if it has none; empty without hashes."""
    pairs: "array[int]"
    """The hash of each item's contact and sender, 0 if it has none; empty without hashes."""


class _Group:
    """The checks that read the same fields."""

    def __init__(self, fields: tuple[str, ...], proof: Proof | None) -> None:
        self.fields = fields
        self.proof = proof
        self.seen = 0
        """How many values have been checked."""
        self.checks: list[Check] = []
        self.clean: set[object] = set()
        self.found: dict[object, tuple[int, ...]] = {}
        self.counts_values = len(fields) == 1 and fields[0] in WORD_FIELDS


class Engine:
    """The checks of one kind of items under some settings.

    Args:
        endpoint: the endpoint of the items.
        settings: how they are checked.
    """

    def __init__(self, endpoint: Endpoint, settings: Settings) -> None:
        self.endpoint = endpoint
        self.settings = settings
        names = DEFAULT_RULES if settings.rules is None else settings.rules
        self.rules: tuple[Rule, ...] = tuple(r for r in rules_for(endpoint) if r.name in names)
        self.order = {rule.name: number for number, rule in enumerate(self.rules)}
        self.rule_settings = RuleSettings(endpoint, settings.profile, settings.now, settings.repair)
        self.hasher = KeyHasher(endpoint, settings.profile)
        self.problems: list[Problem] = []
        """The problem for each code. A problem has one code for each value that is counted."""
        self.values: list[str | None] = []
        """The value for each code, as a report shows it; None if values are not counted, or if
        it is neither text nor a number."""
        self.max_counted = _MAX_COUNTED
        self._codes: dict[tuple[Problem, str | None], int] = {}
        self._counted: Counter[str | None] = Counter()
        self._quote = Quoter(show_values=settings.show_values, positions=None, file=None)
        self._known = frozenset(endpoint.fields)
        self._groups: dict[tuple[str, ...], _Group] = {}
        for rule in self.rules:
            for check in rule.checks:
                if not set(check.fields) <= set(endpoint.fields):
                    continue
                group = self._groups.get(check.fields)
                if group is None:
                    proof = proof_for(check.fields, self.rules, settings)
                    group = self._groups[check.fields] = _Group(check.fields, proof)
                group.checks.append(check)

    @property
    def reads(self) -> Mapping[tuple[str, ...], bool]:
        """The combinations of fields that checks read, and whether a proof covers their checks."""
        return {fields: group.proof is not None for fields, group in self._groups.items()}

    def is_clean(self, values: Mapping[str, object]) -> bool:
        """Tell whether no check that reads these fields only finds a problem with their values."""
        for fields, group in self._groups.items():
            if values.keys() >= set(fields):
                combination = tuple([values[field] for field in fields])
                if self._run(group, combination if len(fields) > 1 else combination[0]):
                    return False
        return True

    def check(self, batch: Batch, *, is_table: bool = False, has_hashes: bool = True) -> Checked:
        """Run all value and item checks over a batch.

        Items that are marked as superseded are left out: they have no problems and no hashes.

        Args:
            batch: the items.
            is_table: True if their keys are columns, which are checked once for the table.
            has_hashes: False to leave out the hashes.
        """
        rows, codes = array("I"), array("I")
        superseded: list[int] = []
        for row in batch.irregular(self._known):
            fields = batch.fields(row)
            if fields.get(SUPERSEDED_BY):
                superseded.append(row)
            elif not is_table:
                self._add(row, self._check_keys(fields, batch.repeated(row)), rows, codes)
        for group in self._groups.values():
            self._check_group(group, batch, rows, codes)
        ids, pairs = array("Q"), array("Q")
        if has_hashes:
            ids, pairs = self.hasher.ids(batch), self.hasher.pairs(batch)
        if superseded:
            marked = frozenset(superseded)
            kept = [at for at, row in enumerate(rows) if row not in marked]
            rows, codes = (
                array("I", [rows[at] for at in kept]),
                array("I", [codes[at] for at in kept]),
            )
            for hashes in filter(None, (ids, pairs)):
                for row in superseded:
                    hashes[row] = 0
        return Checked(rows, codes, ids, pairs)

    def check_columns(self, names: Sequence[str], repeated: Mapping[str, bool]) -> list[Problem]:
        """Return the problems with the columns of a table."""
        return [
            problem
            for rule in self.rules
            if rule.keys
            for problem in rule.keys(names, repeated, self.rule_settings)
            if (problem.rule, problem.severity) not in self.settings.muted
        ]

    def code(self, problem: Problem, value: str | None = None) -> int:
        """Return the code of a problem.

        Args:
            problem: the problem.
            value: the value that it is counted by, as a report shows it; None for no value.
        """
        code = self._codes.get((problem, value))
        if code is None:
            if value is not None and value != OTHER_VALUES:
                if self._counted[problem.field] >= self.max_counted:
                    return self.code(problem, OTHER_VALUES)
                self._counted[problem.field] += 1
            code = self._codes[problem, value] = len(self.problems)
            self.problems.append(problem)
            self.values.append(value)
        return code

    def forget_problems(self) -> None:
        """Drop all problems and their codes."""
        self.problems, self.values = [], []
        self._codes.clear()
        self._counted.clear()
        for group in self._groups.values():
            group.found.clear()

    def _check_keys(
        self, fields: Mapping[str, object], repeated: Mapping[str, bool]
    ) -> tuple[int, ...]:
        return tuple(map(self.code, self.check_columns(tuple(fields), repeated)))

    def _add(
        self, row: int, found: tuple[int, ...], rows: "array[int]", codes: "array[int]"
    ) -> None:
        for code in found:
            rows.append(row)
            codes.append(code)

    def _check_group(
        self, group: _Group, batch: Batch, rows: "array[int]", codes: "array[int]"
    ) -> None:
        columns = [batch.column(field) for field in group.fields]
        values: Sequence[object] = (
            columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
        )
        try:
            if group.clean.issuperset(values):
                return
        except TypeError:
            # A list or an object, which cannot be remembered.
            pass
        suspects: Sequence[int] = range(batch.count)
        group.seen += batch.count
        if group.proof is not None and group.seen >= MIN_PROVEN:
            suspects = group.proof(values)
        found, clean = group.found, group.clean
        for row in suspects:
            value = values[row]
            try:
                if value in clean:
                    continue
                known = found.get(value)
            except TypeError:
                known = None
            if known is None or not is_short_text(value):
                known = self._run(group, value)
            for code in known:
                rows.append(row)
                codes.append(code)

    def _run(self, group: _Group, value: object) -> tuple[int, ...]:
        """Run the checks of a group on one combination of values."""
        values = value if len(group.fields) > 1 else (value,)
        assert isinstance(values, tuple)
        problems: list[Problem] = []
        for check in group.checks:
            problems += check.run(*values, self.rule_settings)
        is_counted = problems and group.counts_values
        counted = self._quote.value(value, group.fields[0]) if is_counted else None
        found = tuple([self.code(problem, counted) for problem in problems])
        if is_short_text(value):
            if found:
                if len(group.found) == _MAX_REMEMBERED:
                    group.found.clear()
                group.found[value] = found
            elif group.proof is None:
                if len(group.clean) == _MAX_REMEMBERED:
                    group.clean.clear()
                group.clean.add(value)
        return found


def is_short_text(value: object) -> bool:
    """Tell whether to remember a value, or a combination of values.

    Equal ones must be the same JSON value: 1, 1.0 and true are equal in Python.
    """
    if type(value) is str:
        return len(value) < _MAX_LENGTH
    if type(value) is tuple:
        return all(map(is_short_text, value))
    return value is MISSING
