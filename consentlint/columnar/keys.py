"""Stage 2: check sorted keys, and return what is wrong between rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Self

from consentlint.columnar.entries import SEPARATOR, fields_of
from consentlint.columnar.findings import FindingWriter, read_finding
from consentlint.columnar.options import StageOptions
from consentlint.columnar.schema import FINDING, Array, RecordBatch, finding_schema
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport
from consentlint.linter.quote import ItemNames
from consentlint.rules import CrossItemState, Keys, keys_of
from consentlint.text.masking import shown

ROW_NUMBERS = frozenset({"file_block_start", "row_in_split", "row_index"})
"""Order columns that number the rows of files. Their values are not masked: none is a phone number."""
_MAX_NAME = 60


def check_keys(batches: Iterable[RecordBatch], options: StageOptions) -> Iterator[RecordBatch]:
    """Check the keys of rows against each other, and pass on the findings of stage 1.

    A key is not kept: memory grows only with the distinct dates and senders of one key.

    Args:
        batches: what `check_rows` returned, sorted so that rows with one key follow each other, those
            by rank, and those by order. A row whose key occurs once may be left out if it has no
            finding. Rows without a key may be anywhere.
        options: the same as in stage 1.

    Yields:
        For each batch, the findings in the columns of `finding_schema`.
    """
    checker = _KeyChecker(options)
    for batch in batches:
        yield checker.check(batch)


class _Position(int):
    """The number of a row that finds the row's order, which names it."""

    _orders: Array
    _row: int

    @classmethod
    def of(cls, number: int, orders: Array, row: int) -> Self:
        """Return the position of a row of a batch."""
        position = cls(number)
        position._orders, position._row = orders, row
        return position

    @property
    def order(self) -> object:
        """The order of the row."""
        return self._orders[self._row].as_py()


class _RowNames(ItemNames):
    """Names rows by their order."""

    def name(self, position: int, current: FileReport | None) -> str:
        """Return how a message names a row, such as `the row with id "7"`."""
        order = position.order if isinstance(position, _Position) else position
        if isinstance(order, int):
            return f"item {order} (counted from 0)"
        if isinstance(order, Mapping):
            named = [f"{shown(str(name))} {_named(name, value)}" for name, value in order.items()]
            return f"the row with {', '.join(named)}"
        return f'the row "{shown(str(order))}"'


def _named(name: str, value: object) -> str:
    """Return the value of an order column as a message shows it."""
    if name in ROW_NUMBERS and isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    # The end of a long path says more than its start.
    return f'"{shown(text if len(text) <= _MAX_NAME else f"…{text[1 - _MAX_NAME :]}")}"'


class _KeyChecker:
    """Checks the keys of one sorted stream."""

    def __init__(self, options: StageOptions) -> None:
        engine = Engine(options.endpoint, options.settings)
        self._settings = engine.rule_settings
        self._rules = [rule for rule in engine.rules if rule.sequence]
        self._writer = FindingWriter(engine, options, _RowNames())
        self._number = 0
        self._start(None)

    def _start(self, key: object) -> None:
        """Forget the rows before the first one with a key."""
        self._key = key
        self._state = CrossItemState()
        self._services: set[tuple[object, ...]] = set()
        self._waiting: dict[str, tuple[int, str] | None] = {}

    def check(self, batch: RecordBatch) -> RecordBatch:
        """Return the findings of the next batch."""
        import pyarrow as pa

        order = batch.column("order")
        rows: list[int] = []
        findings: list[list[str | None]] = []
        columns = [batch.column(name).to_pylist() for name in ("key", "entry", "finding")]
        for row, (key, entry, text) in enumerate(zip(*columns, strict=True)):
            found: list[str] = []
            if key is not None:
                if key != self._key:
                    self._start(key)
                position = _Position.of(self._number + row, order, row)
                if not self._waits(position, entry, text):
                    found, is_withdrawn = self._check(position, entry)
                    if is_withdrawn:
                        text = None  # noqa: PLW2901 - the finding is not passed on
            if text is not None:
                found.append(text)
            rows += [row] * len(found)
            findings += map(read_finding, found)
        self._number += len(order)
        cells = zip(*findings, strict=True) if findings else [()] * len(FINDING)
        return pa.RecordBatch.from_arrays(
            [
                order.take(pa.array(rows, pa.int64())),
                *(pa.array(each, pa.string()) for each in cells),
            ],
            schema=finding_schema(order.type),
        )

    def _waits(self, position: int, entry: str, finding: str | None) -> bool:
        """Tell whether a row has nothing to be compared with yet; keep it, or check those kept.

        Most contacts with several rows have one for each Messaging Service, and no two of these
        are compared. To parse the first row of each would take most of the time of stage 2.
        """
        _, separator, rest = entry.partition(SEPARATOR)
        if not separator:
            return False
        sender = rest.partition(SEPARATOR)[0].lower()
        is_service = finding is None and sender.startswith("mg")
        if is_service and sender not in self._waiting:
            self._waiting[sender] = (position, entry)
            return True
        for each in (sender,) if is_service else tuple(self._waiting):
            waiting = self._waiting.get(each)
            if waiting is not None:
                self._check(*waiting)
                self._waiting[each] = None
        return False

    def _check(self, position: int, entry: str) -> tuple[list[str], bool]:
        """Return the findings of a row, and whether advice about its sender is withdrawn."""
        fields = fields_of(entry)
        keys = keys_of(position, fields, self._settings)
        if keys.contact is not None:
            # Ids are compared by entries of their own; here, the id is only shown.
            keys = keys._replace(correlation_id=None)
        found: list[str] = []
        for rule in self._rules:
            assert rule.sequence is not None
            problems = rule.sequence(keys, self._state)
            found += [self._writer.write(problem, fields) for problem in problems]
        self._state.add(keys)
        return found, self._is_stored_by_service(keys)

    def _is_stored_by_service(self, keys: Keys) -> bool:
        """Tell whether a Messaging Service has the same record."""
        if not keys.is_record:
            return False
        record = (keys.contact, keys.status, keys.moment)
        if str(keys.sender).startswith("mg"):
            self._services.add(record)
        return record in self._services
