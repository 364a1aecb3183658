"""Stage 1: check each row by itself, and return its findings and its keys."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from consentlint.columnar.entries import (
    SENDER_ADVICE,
    contact_entry,
    contact_key,
    id_key,
    keys_of_proven,
    scopes_of,
)
from consentlint.columnar.findings import FindingWriter
from consentlint.columnar.kernels import RowProver
from consentlint.columnar.options import StageOptions
from consentlint.columnar.read import read_items, texts_of
from consentlint.columnar.schema import Array, RecordBatch, row_schema
from consentlint.formats import Batch
from consentlint.linter.engine import Engine
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.rules import RULES_BY_NAME, Problem

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


_Row = tuple[int, str | None, int, str | None, str | None]
"""A row of `row_schema`, with the number of a row instead of its order."""


class _RowChecker:
    """Checks the rows of many batches under the same options."""

    def __init__(self, options: StageOptions) -> None:
        self._options = options
        self._engine = Engine(options.endpoint, options.settings)
        self._scopes = scopes_of(self._engine)
        self._writer = FindingWriter(self._engine, options)
        self._prover = RowProver(self._engine)
        self._has_proof = options.json is None and self._prover.is_usable

    def check(self, batch: RecordBatch) -> RecordBatch:
        """Return the findings and the keys of the rows."""
        import pyarrow as pa
        import pyarrow.compute as pc

        order = batch.column(self._options.order)
        texts = texts_of(batch, self._options)
        checked = []
        if self._has_proof:
            proven = self._prover.proven(texts)
            unproven = pc.invert(proven)
            clean_order, clean = order, texts
            if pc.any(unproven, min_count=0).as_py():
                clean_order = order.filter(proven)
                clean = {field: column.filter(proven) for field, column in texts.items()}
            checked += keys_of_proven(clean_order, clean, self._scopes)
            order = order.filter(unproven)
            texts = {field: column.filter(unproven) for field, column in texts.items()}
        checked.append(self._check_unproven(order, texts))
        columns = [pa.concat_arrays(column) for column in zip(*checked, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=row_schema(order.type))

    def _check_unproven(self, order: Array, texts: Mapping[str, Array]) -> list[Array]:
        """Return the columns of `row_schema` for rows that are not proven clean."""
        import pyarrow as pa

        read = read_items(texts, len(order))
        output: list[_Row] = [
            (row, None, 0, None, self._writer.write_error(error)) for row, error in read.errors
        ]
        problems = self._problems(read.batch)
        for at, row in enumerate(read.rows):
            fields = read.batch.fields(at)
            if not fields.get(SUPERSEDED_BY):
                self._add(row, fields, problems.get(at, ()), output)
        rows, *columns = zip(*output, strict=True) if output else [()] * 5
        types = [field.type for field in row_schema(order.type)][1:]
        taken = order.take(pa.array(rows, pa.int64()))
        return [taken, *map(pa.array, columns, types)]

    def reasons(self, batch: RecordBatch) -> Array:
        """Return the reason codes of each row."""
        import pyarrow as pa
        import pyarrow.compute as pc

        reasons: list[list[str] | None] = [[] for _ in range(batch.num_rows)]
        numbers: Sequence[int] = range(batch.num_rows)
        texts = texts_of(batch, self._options)
        if self._has_proof:
            unproven = pc.invert(self._prover.proven(texts))
            numbers = pc.indices_nonzero(unproven).to_pylist()
            texts = {field: column.filter(unproven) for field, column in texts.items()}
        read = read_items(texts, len(numbers))
        for row, _ in read.errors:
            reasons[numbers[row]] = None
        for at, problems in self._problems(read.batch).items():
            codes = (RULES_BY_NAME[problem.rule].reason for problem in problems)
            found = dict.fromkeys(str(code) for code in codes if code)
            reasons[numbers[read.rows[at]]] = list(found)
        return pa.array(reasons, pa.list_(pa.string()))

    def _problems(self, items: Batch) -> dict[int, list[Problem]]:
        """Return the problems of items, in the order of rules."""
        engine = self._engine
        if len(engine.problems) > _MAX_PROBLEMS:
            engine.forget_problems()
        checked = engine.check(items, is_table=self._options.json is None, has_hashes=False)
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
        output: list[_Row],
    ) -> None:
        """Add the findings and the keys of an item."""
        contact = contact_key(fields) if self._scopes.contacts else None
        held = None
        for problem in problems:
            finding = self._writer.write(problem, fields)
            if contact is not None and problem.rule == SENDER_ADVICE:
                held = finding
            else:
                output.append((row, None, 0, None, finding))
        key = id_key(fields) if self._scopes.ids else None
        if key is not None:
            output.append((row, key, 0, str(fields["correlation_id"]), None))
        if contact is not None:
            # Messaging Services come first: they decide whether the advice is withdrawn.
            rank = 0 if str(fields["sender_id"]).startswith("MG") else 1
            output.append((row, contact, rank, contact_entry(contact, fields), held))


@lru_cache(maxsize=4)
def _checker(options: StageOptions) -> _RowChecker:
    return _RowChecker(options)
