"""Stage 1: check each row by itself, and return its findings and its keys."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from consentlint.columnar.entries import SENDER_ADVICE, contact_entry, keys_of_proven, scopes_of
from consentlint.columnar.kernels import RowProver
from consentlint.columnar.options import StageOptions
from consentlint.columnar.read import read_batch, texts_of
from consentlint.columnar.schema import Array, RecordBatch, pack, row_schema
from consentlint.formats import Batch
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport
from consentlint.linter.locate import Locator
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import Item
from consentlint.rules import RULES_BY_NAME, Problem, keys_of

# So many distinct problems are kept between batches.
_MAX_PROBLEMS = 10_000


def check_rows(batch: RecordBatch, options: StageOptions) -> RecordBatch:
    """Check each row of a batch by itself.

    Args:
        batch: a pyarrow.RecordBatch with the column `options.order`, which is passed on, and with
            `options.inputs`. Other columns are not read.
        options: what to check.

    Returns:
        The findings and the keys of the rows, in the columns of `row_schema`, in no order.

    Raises:
        TypeError: a column is not a string.
    """
    return _checker(options).check(batch)


def row_reasons(batch: RecordBatch, options: StageOptions) -> Array:
    """Return the reason codes of each row, checked by itself.

    Args:
        batch: as for `check_rows`; the order is not needed.
        options: what to check.

    Returns:
        A pyarrow.Array of lists of strings: an empty list for a row that would be stored, null for a
        text that is not an item.

    Raises:
        TypeError: a column is not a string.
    """
    return _checker(options).reasons(batch)


class _Output(NamedTuple):
    """The columns of `row_schema`, with the number of each row instead of its order."""

    rows: list[int]
    keys: list[str | None]
    ranks: list[int]
    entries: list[str | None]
    findings: list[str | None]

    def add(
        self,
        row: int,
        key: str | None = None,
        rank: int = 0,
        entry: str | None = None,
        finding: str | None = None,
    ) -> None:
        """Add one row."""
        self.rows.append(row)
        self.keys.append(key)
        self.ranks.append(rank)
        self.entries.append(entry)
        self.findings.append(finding)


class _RowChecker:
    """Checks the rows of many batches under the same options."""

    def __init__(self, options: StageOptions) -> None:
        self._options = options
        self._engine = Engine(options.endpoint, options.settings)
        self._scopes = scopes_of(self._engine)
        report = FileReport(None)
        report.endpoint = options.endpoint
        self._locator = Locator(report, self._engine, options.settings)
        self._prover = RowProver(self._engine)
        self._has_proof = options.json is None and self._prover.is_usable

    def check(self, batch: RecordBatch) -> RecordBatch:
        """Return the findings and the keys of the rows."""
        import pyarrow as pa
        import pyarrow.compute as pc

        order = self._options.order
        batch = batch.select([order, *(name for name in self._options.inputs if name != order)])
        schema = row_schema(batch.schema.field(order).type)
        checked = []
        if self._has_proof:
            proven = self._prover.proven(texts_of(batch, self._options))
            clean = batch.filter(proven)
            batch = batch.filter(pc.invert(proven)) if len(clean) else batch
            texts = texts_of(clean, self._options)
            checked += keys_of_proven(clean.column(order), texts, self._scopes)
        checked.append(self._check_unproven(batch))
        columns = [pa.concat_arrays(column) for column in zip(*checked, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _check_unproven(self, batch: RecordBatch) -> list[Array]:
        """Return the columns of `row_schema` for rows that are not proven clean."""
        import pyarrow as pa

        order = batch.column(self._options.order)
        output = _Output([], [], [], [], [])
        read = read_batch(batch, self._options)
        for row, error in read.errors:
            output.add(row, finding=pack(self._locator.error_finding(error)))
        problems = self._problems(read.batch)
        for at, row in enumerate(read.rows):
            fields = read.batch.fields(at)
            if not fields.get(SUPERSEDED_BY):
                self._add(row, fields, problems.get(at, ()), output)
        rows, *columns = output
        types = [field.type for field in row_schema(order.type)][1:]
        taken = order.take(pa.array(rows, pa.int64()))
        return [taken, *map(pa.array, columns, types)]

    def reasons(self, batch: RecordBatch) -> Array:
        """Return the reason codes of each row."""
        import pyarrow as pa
        import pyarrow.compute as pc

        reasons: list[list[str] | None] = [[] for _ in range(batch.num_rows)]
        numbers: Sequence[int] = range(batch.num_rows)
        if self._has_proof:
            proven = self._prover.proven(texts_of(batch, self._options))
            unproven = pc.indices_nonzero(pc.invert(proven))
            numbers = unproven.to_pylist()
            batch = batch.select(self._options.inputs).take(unproven)
        read = read_batch(batch, self._options)
        for row, _ in read.errors:
            reasons[numbers[row]] = None
        for at, problems in self._problems(read.batch).items():
            codes = (RULES_BY_NAME[problem.rule].reason for problem in problems)
            reasons[numbers[read.rows[at]]] = list(
                dict.fromkeys(str(code) for code in codes if code)
            )
        return pa.array(reasons, pa.list_(pa.string()))

    def _problems(self, items: Batch) -> dict[int, list[Problem]]:
        """Return the problems of items, in the order of rules."""
        engine = self._engine
        if len(engine.problems) > _MAX_PROBLEMS:
            engine.forget_problems()
        checked = engine.check(items, is_table=self._options.json is None)
        problems: dict[int, list[Problem]] = {}
        for at, code in zip(checked.rows, checked.codes, strict=True):
            problems.setdefault(at, []).append(engine.problems[code])
        for found in problems.values():
            found.sort(key=lambda problem: engine.order[problem.rule])
        return problems

    def _add(
        self,
        row: int,
        fields: Mapping[str, object],
        problems: Sequence[Problem],
        output: _Output,
    ) -> None:
        """Add the findings and the keys of an item."""
        keys = keys_of(row, fields, self._engine.rule_settings)
        is_record = self._scopes.contacts and keys.is_record
        held = None
        if problems:
            item = Item(row, fields)
            for problem in problems:
                finding = pack(self._locator.item_finding(problem, item))
                if is_record and problem.rule == SENDER_ADVICE:
                    held = finding
                else:
                    output.add(row, finding=finding)
        if self._scopes.ids and keys.correlation_id is not None and keys.id_is_valid:
            output.add(row, keys.correlation_id, entry=str(fields["correlation_id"]))
        if is_record:
            # Messaging Services come first: they decide whether the advice is withdrawn.
            rank = 0 if str(keys.sender).startswith("mg") else 1
            output.add(row, keys.contact, rank, contact_entry(keys, fields), held)


@lru_cache(maxsize=4)
def _checker(options: StageOptions) -> _RowChecker:
    return _RowChecker(options)
