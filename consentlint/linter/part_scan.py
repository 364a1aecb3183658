"""Scan the parts of a file: parse, check, hash. In this process or in several."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import lt
from typing import Any, NamedTuple

from consentlint.formats import LinePart, Parsed, Part, Remark, RowBatch
from consentlint.linter.engine import Checked, Engine
from consentlint.model.items import Item, ParseError
from consentlint.rules import Problem

# Rules that a matcher cannot prove anything about.
_UNPROVEN_RULES = {"placeholder", "contact-id-unassigned"}
# So many clean items make a matcher, and so many of a part teach it more.
_FIRST_LESSON = 200
_LESSON = 20
# A matcher that proves less than this share of so many items does not pay.
_TRIAL = 10_000
_MIN_SHARE = 0.1


class Scanned(NamedTuple):
    """What a scan of one part found. Picklable."""

    items: int
    lines: int
    layout: Sequence[int]
    errors: Sequence[tuple[int, ParseError]]
    rows: "array[int]"
    codes: "array[int]"
    problems: Mapping[int, tuple[Problem, str | None]]
    """The problem and the counted value for each of these codes, in the order of the rows."""
    ids: "array[int]"
    pairs: "array[int]"
    services: frozenset[int]
    """The hashes of the Messaging Services that this process has seen in the file."""
    open_at: int | None
    is_fatal: bool
    remarks: Sequence[Remark] = ()


class Scanner:
    """Scans parts of one file, and learns what makes clean items easy to recognise.

    Args:
        engine: the checks.
        format_name: the format of the file.
        use_matcher: False to parse and check every item.
        has_columns: True if the keys of the items are columns, which are checked once for the file.
    """

    def __init__(
        self, engine: Engine, format_name: str, *, use_matcher: bool, has_columns: bool = False
    ) -> None:
        self.engine = engine
        self.matcher: Any = None
        self.format = format_name
        self.has_columns = has_columns
        reasons = {rule.name for rule in engine.rules if rule.reason}
        all_reasons = {rule.name for rule in _all_rules(engine) if rule.reason}
        selected = {rule.name for rule in engine.rules}
        # If a rule on a field's form is off, a clean item proves nothing about it.
        self._may_learn = use_matcher and reasons == all_reasons and not selected & _UNPROVEN_RULES
        self._lesson: list[Item] = []
        self._seen = self._proven = 0

    @property
    def is_learning(self) -> bool:
        """Whether more items are needed before a matcher can be made."""
        return self._may_learn and self.matcher is None

    def scan(self, part: LinePart, *, is_last: bool) -> Scanned:
        """Parse and check one part."""
        return self.check(part, part.parse(self.matcher, is_last=is_last))

    def check(self, part: Part, parsed: Parsed) -> Scanned:
        """Check the contents of a part."""
        engine = self.engine
        checked = engine.check(parsed.batch, is_table=self.has_columns)
        if self._may_learn:
            self._learn(part, parsed, checked)
        numbers = parsed.rows
        rows = array("I", [numbers[row] for row in checked.rows])
        codes = checked.codes
        if not all(map(lt, rows, islice(rows, 1, None))):
            order, problems = engine.order, engine.problems
            keys = sorted(
                range(len(rows)), key=lambda at: (rows[at], order[problems[codes[at]].rule], at)
            )
            rows = array("I", [rows[at] for at in keys])
            codes = array("I", [codes[at] for at in keys])
        others = [row for row, error in parsed.errors if error.item is not None]
        ids = _aligned(parsed.items, numbers, checked.ids, others, parsed.proven.ids)
        pairs = checked.pairs
        if pairs or parsed.proven.pairs:
            pairs = _aligned(parsed.items, numbers, pairs, others, parsed.proven.pairs)
        return Scanned(
            parsed.items,
            parsed.lines,
            parsed.layout,
            parsed.errors,
            rows,
            codes,
            {code: (engine.problems[code], engine.values[code]) for code in dict.fromkeys(codes)},
            ids,
            pairs,
            frozenset(engine.hasher.services),
            parsed.open_at,
            parsed.is_fatal,
            parsed.remarks,
        )

    def is_clean(self, fields: Mapping[str, object]) -> bool:
        """Tell whether an item with these fields has no problem by itself."""
        return not self.engine.check(RowBatch([fields])).rows

    def _learn(self, part: Part, parsed: Parsed, checked: Checked) -> None:
        proven = parsed.items - parsed.batch.count - len(parsed.errors)
        if self.matcher is not None:
            self._seen += parsed.items
            self._proven += proven
            if self._seen > _TRIAL and self._proven < _MIN_SHARE * self._seen:
                self.matcher, self._may_learn = None, False
                return
        found = set(checked.rows)
        clean = [row for row in range(parsed.batch.count) if row not in found and checked.ids[row]]
        if self.matcher is not None:
            wanted = [parsed.rows[row] for row in clean[:_LESSON]]
            if wanted:
                for item in part.items(wanted, parsed.layout):
                    self.matcher.learn(item)
            return
        wanted = [parsed.rows[row] for row in clean[: _FIRST_LESSON - len(self._lesson)]]
        self._lesson += part.items(wanted, parsed.layout)
        self._seen += parsed.items
        if len(self._lesson) == _FIRST_LESSON:
            from consentlint.fast_path.learning import learn_matcher

            self.matcher = learn_matcher(
                self._lesson,
                self.engine.endpoint,
                self.engine.settings,
                self.format,
                self.is_clean,
            )
            self._may_learn = self.matcher is not None
            self._lesson = []
            self._seen = 0
        elif self._seen > _TRIAL:
            self._may_learn = False


def _all_rules(engine: Engine) -> Iterable[Any]:
    from consentlint.rules import rules_for

    return rules_for(engine.endpoint)


def _aligned(
    count: int,
    rows: Sequence[int],
    keys: "array[int]",
    others: Sequence[int],
    proven: "array[int]",
) -> "array[int]":
    """Return a hash for each item of a part.

    Args:
        count: how many items there are.
        rows: the items that were parsed.
        keys: their hashes.
        others: the items that could not be parsed.
        proven: the hashes of all other items, in order.
    """
    if len(rows) == count:
        return keys
    placed = dict.fromkeys(others, 0)
    placed.update(zip(rows, keys, strict=True))
    aligned = array("Q")
    taken = following = 0
    for row in sorted(placed):
        gap = row - following
        aligned.extend(proven[taken : taken + gap])
        aligned.append(placed[row])
        taken += gap
        following = row + 1
    aligned.extend(proven[taken:])
    return aligned
