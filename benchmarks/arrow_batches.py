"""Measure how many rows of an Arrow table a second are checked, and what an invalid row costs.

    python benchmarks/arrow_batches.py [--rows 100000] [--rounds 3]

It prints CPU time on one core: the best of some rounds, without reading a file. The last column
compares with the usual solution, which is measured in the same run: a pandas function that calls
jsonschema and phonenumbers for each row (`yardstick.py`). That one is given fewer rows. Without pandas,
it is called in a loop over lists, which is faster than pandas.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import process_time

import pyarrow as pa
import sample_items
import yardstick

sys.path.insert(0, str(Path(__file__).parent.parent))

from consentlint.columnar import StageOptions, check_keys, check_rows, row_reasons
from consentlint.columnar.rows import _checker
from consentlint.columnar.whole_table import check_table
from consentlint.fields import schemas
from consentlint.fields.phone_numbers import check_number

_NOW = "2026-11-01T00:00Z"
_ORDER = "consentlint_row"
_BATCH = 10_000
_INVALID_EVERY = 5
_WARM_UP = 1_000


def table_of(items: list[sample_items.Item]) -> pa.Table:
    """Return items as columns, with the number of each row."""
    columns = {field: [getattr(item, field) for item in items] for field in sample_items.FIELDS}
    return pa.table({**columns, _ORDER: pa.array(range(len(items)), pa.int64())})


def damaged(items: list[sample_items.Item]) -> list[sample_items.Item]:
    """Return the items, every fifth invalid in one field."""
    damages = (
        sample_items.invalid_number,
        sample_items.invalid_status,
        sample_items.invalid_field,
    )
    return [
        item if turn % _INVALID_EVERY else damages[turn % 3](item, turn)
        for turn, item in enumerate(items)
    ]


def seconds(run: Callable[[], object], rounds: int, *, warm: bool = True) -> float:
    """Return the CPU seconds of the best round, after one that warms up."""
    if warm:
        run()
    best = float("inf")
    for _ in range(rounds):
        start = process_time()
        run()
        best = min(best, process_time() - start)
    return best


def usual_solution(table: pa.Table) -> Callable[[], object]:
    """Return a run of the usual solution."""
    rows = table.drop_columns([_ORDER])
    try:
        frame = rows.to_pandas()
    except ModuleNotFoundError:
        items = rows.to_pylist()
        return lambda: [list(yardstick.problems_of(item, set())) for item in items]

    def udf() -> object:
        return frame.apply(lambda row: [*yardstick.problems_of(row.to_dict(), set())], axis=1)

    return udf


def measurements(rows: int, rounds: int) -> Iterator[tuple[str, float, int]]:
    """Yield what was measured, the CPU seconds, and how many rows they are for."""
    items = list(sample_items.items(rows))
    clean, dirty = table_of(items), table_of(damaged(items))
    options = StageOptions.of(clean.schema.names, now=_NOW, order=_ORDER)
    wordless = StageOptions.of(clean.schema.names, now=_NOW, order=_ORDER, messages=False)
    few = clean.slice(0, rows // 20)
    yield "pandas, jsonschema and phonenumbers, clean", seconds(usual_solution(few), 1), len(few)
    for size in (1_000, 10_000, 50_000):
        batches = clean.to_batches(size)
        run = partial(lambda found: [check_rows(batch, options) for batch in found], batches)
        yield f"stage 1, clean, batches of {size:,}", seconds(run, rounds), rows
    batches = clean.to_batches(_BATCH)
    yield (
        "reason codes, clean, batches of 10,000",
        seconds(lambda: [row_reasons(batch, options) for batch in batches], rounds),
        rows,
    )
    whole = partial(check_table, options=options)
    yield (
        "both stages, clean",
        seconds(lambda: whole(pa.RecordBatchReader.from_batches(clean.schema, batches)), rounds),
        rows,
    )
    texts = pa.table(
        {"value": [json.dumps(item._asdict()) for item in items], _ORDER: clean[_ORDER]}
    )
    in_json = StageOptions.of(texts.schema.names, now=_NOW, order=_ORDER, json="value")
    text_batches = texts.to_batches(_BATCH)
    yield (
        "stage 1, clean, JSON texts",
        seconds(lambda: [check_rows(batch, in_json) for batch in text_batches], rounds),
        rows,
    )
    checked = pa.Table.from_batches([check_rows(batch, options) for batch in batches])
    keys = checked.sort_by([(name, "ascending") for name in ("key", "rank", "order")]).to_batches()
    yield (
        "stage 2, a key",
        seconds(lambda: list(check_keys(keys, options)), 1),
        checked.num_rows,
    )
    variants = {
        "stage 1, an invalid row": partial(check_rows, options=options),
        "stage 1, an invalid row without messages": partial(check_rows, options=wordless),
        "reason codes, an invalid row": partial(row_reasons, options=options),
    }
    for name, check in variants.items():
        # Each process imports what invalid rows need once. A second round would find all values among
        # those that are remembered.
        all_batches(check, dirty.slice(0, _WARM_UP))
        tables = (clean.slice(_WARM_UP), dirty.slice(_WARM_UP))
        cpu = [seconds(partial(all_batches, check, each), 1, warm=False) for each in tables]
        yield name, cpu[1] - cpu[0], (rows - _WARM_UP) // _INVALID_EVERY
        forget()


def all_batches(check: Callable[[pa.RecordBatch], object], table: pa.Table) -> None:
    """Check the batches of a table."""
    for batch in table.to_batches(_BATCH):
        check(batch)


def forget() -> None:
    """Forget the values that were checked."""
    _checker.cache_clear()
    check_number.cache_clear()
    schemas._remembered_error.cache_clear()  # noqa: SLF001 - it has no other name


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print("| what | µs a row | rows/s | × the usual solution |\n|---|---:|---:|---:|")
    usual = 0.0
    for name, cpu, rows in measurements(arguments.rows, arguments.rounds):
        each = cpu / rows
        usual = usual or each
        print(f"| {name} | {each * 1e6:.2f} | {1 / each:,.0f} | {usual / each:,.1f} |", flush=True)


if __name__ == "__main__":
    main()
