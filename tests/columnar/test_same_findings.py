"""Both stages report exactly what `check_items` reports, however the rows are cut and shuffled."""

import json
import pickle
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st
from item_lists import ITEM_LISTS, KINDS
from sample_items import CONSENT

from consentlint import arrow, check_items, strategies
from consentlint.columnar import (
    StageOptions,
    check_keys,
    check_rows,
    finding_schema,
    row_schema,
)
from consentlint.model.endpoints import CONSENTS, ENDPOINTS, SUPERSEDED_BY
from consentlint.model.findings import Profile

NOW = "2026-01-01T00:00:00Z"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = ("rule", "reason", "severity", "field", "correlation_id", "value", "message")
Items = Sequence[Mapping[str, object]]
Rows = list[tuple[object, ...]]


def expected(items: Items, **options: object) -> Rows:
    """Return the findings of `check_items`."""
    found = check_items(items, now=NOW, **options)  # type: ignore[arg-type]
    return [(each.item, *(getattr(each, name) for name in COLUMNS)) for each in found]


def rows_of(findings: pa.Table) -> Rows:
    """Return the findings of a table."""
    assert findings.schema.names == ["row", *COLUMNS]
    return [tuple(row.values()) for row in findings.to_pylist()]


def text_items(items: Items, kind: str) -> Items:
    """Return items as columns can have them: fields only, and only those that are text."""
    names = {*ENDPOINTS[kind].fields, SUPERSEDED_BY}
    return [
        {
            name: value
            for name, value in item.items()
            if name in names and isinstance(value, str) and value != "\ud800"
        }
        for item in items
    ]


def table_of(items: Items, kind: str) -> pa.Table:
    """Return items as columns."""
    names = (*ENDPOINTS[kind].fields, SUPERSEDED_BY)
    return pa.table(
        {name: pa.array([item.get(name) for item in items], pa.string()) for name in names}
    )


def batched(table: pa.Table, size: int) -> pa.Table:
    """Return a table in batches of a size."""
    return pa.Table.from_batches(table.to_batches(max_chunksize=size), table.schema)


def items_of(kind: str) -> st.SearchStrategy[list[Mapping[str, object]]]:
    """Return lists of items that are valid, barely invalid or invalid."""
    valid = strategies.valid_items(kind=kind, now=MOMENT)
    near = strategies.near_misses(kind=kind, now=MOMENT).map(lambda expected: expected.item)
    invalid = strategies.invalid_items(kind=kind, now=MOMENT).map(lambda expected: expected.item)
    return st.lists(st.one_of(valid, near, invalid), max_size=20)


KINDS_AND_ITEMS = KINDS.flatmap(lambda kind: st.tuples(st.just(kind), items_of(kind)))
SELECTIONS = st.sampled_from(
    ["default", "all", "advice", "invalid-correlation-id", "consent-conflict"]
)


@settings(max_examples=150, deadline=None)
@given(ITEM_LISTS, KINDS, st.sampled_from(Profile), SELECTIONS, st.integers(1, 5))
def test_columns_have_the_findings_of_their_items(
    items: Items, kind: str, profile: Profile, select: str, size: int
) -> None:
    items = text_items(items, kind)
    options = {"kind": kind, "profile": profile, "select": select}
    if kind == "contacts" and select == "consent-conflict":
        options["select"] = "errors"
    found = arrow.check(batched(table_of(items, kind), size), now=NOW, **options)
    assert rows_of(found) == expected(items, **options)


@settings(max_examples=100, deadline=None)
@given(KINDS_AND_ITEMS, st.sampled_from(["default", "errors", "advice"]), st.data())
def test_a_field_that_no_column_has_is_missing_in_each_row(
    kind_and_items: tuple[str, Items], select: str, data: st.DataObject
) -> None:
    kind, items = kind_and_items
    fields = ENDPOINTS[kind].fields
    without = data.draw(st.sets(st.sampled_from(fields), min_size=1))
    items = [
        {name: value for name, value in item.items() if name not in without}
        for item in text_items(items, kind)
    ]
    table = table_of(items, kind).drop_columns([*without])
    columns = dict.fromkeys(without)
    found = arrow.check(table, kind=kind, select=select, columns=columns, now=NOW)
    assert rows_of(found) == expected(items, kind=kind, select=select)


@settings(max_examples=100, deadline=None)
@given(KINDS_AND_ITEMS, st.sampled_from(Profile))
def test_columns_have_the_findings_of_items_of_the_strategies(
    kind_and_items: tuple[str, Items], profile: Profile
) -> None:
    kind, items = kind_and_items
    items = text_items(items, kind)
    found = arrow.check(table_of(items, kind), kind=kind, profile=profile, now=NOW)
    assert rows_of(found) == expected(items, kind=kind, profile=profile)


@settings(max_examples=100, deadline=None)
@given(KINDS_AND_ITEMS, st.sampled_from(Profile))
def test_json_texts_have_the_findings_of_items_of_the_strategies(
    kind_and_items: tuple[str, Items], profile: Profile
) -> None:
    kind, items = kind_and_items
    table = pa.table({"value": pa.array([json.dumps(item) for item in items], pa.string())})
    found = arrow.check(table, json="value", kind=kind, profile=profile, now=NOW)
    assert rows_of(found) == expected(items, kind=kind, profile=profile)


@settings(max_examples=100, deadline=None)
@given(ITEM_LISTS, KINDS, st.sampled_from(Profile), st.integers(1, 5))
def test_json_texts_have_the_findings_of_their_items(
    items: Items, kind: str, profile: Profile, size: int
) -> None:
    table = pa.table({"value": pa.array([json.dumps(item) for item in items], pa.string())})
    found = arrow.check(batched(table, size), json="value", kind=kind, profile=profile, now=NOW)
    assert rows_of(found) == expected(items, kind=kind, profile=profile)


@settings(max_examples=100, deadline=None)
@given(ITEM_LISTS, st.sampled_from(Profile), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_stages_may_run_apart_and_get_rows_in_any_order(
    items: Items, profile: Profile, size: int, random: Random
) -> None:
    items = text_items(items, "consents")
    assert rows_of(in_stages(items, profile, size, random)) == expected(items, profile=profile)


def in_stages(items: Items, profile: Profile, size: int, random: Random) -> pa.Table:
    """Return the findings of both stages, run as an engine runs them: shuffled in between."""
    table = table_of(items, "consents")
    options = StageOptions.of(table.schema.names, profile=profile, now=NOW, order="place")
    table = table.append_column("place", pa.array(range(len(items)), pa.int64()))
    sent = pickle.dumps(options)
    batches = [check_rows(batch, pickle.loads(sent)) for batch in table.to_batches(size)]
    random.shuffle(batches)
    checked = pa.Table.from_batches(batches, row_schema(pa.int64()))
    # A hash of which many are equal: rows with other keys are then between those with one key.
    texts = checked["key"].to_pylist()
    hashes = pa.array([None if key is None else ord(key[-1]) % 3 for key in texts], pa.int64())
    checked = checked.set_column(1, "key", hashes)
    checked = checked.sort_by([("key", "ascending"), ("rank", "ascending"), ("order", "ascending")])
    keys = check_keys(checked.to_batches(size), pickle.loads(sent))
    found = pa.Table.from_batches(keys, finding_schema(pa.int64()))
    return in_order(found)


def in_order(found: pa.Table) -> pa.Table:
    """Return findings as `arrow.check` sorts them."""
    from consentlint.rules import RULES

    numbers = pc.index_in(found["rule"], pa.array([rule.name for rule in RULES]))
    found = found.append_column("number", numbers)
    found = found.sort_by([("order", "ascending"), ("number", "ascending")])
    return found.drop_columns(["number"]).rename_columns(["row", *COLUMNS])


def test_without_the_sort_findings_differ() -> None:
    older = {**CONSENT, "correlation_id": "0" * 32, "status": "opt-out"}
    newer = {**CONSENT, "date_of_consent": "2025-07-02T15:30:00Z"}
    items = [older, newer, {**older, "correlation_id": "1" * 32}]
    options = StageOptions.of(CONSENTS.fields, now=NOW, order="place")
    table = table_of(items, "consents").append_column("place", pa.array(range(3), pa.int64()))
    checked = pa.Table.from_batches([check_rows(batch, options) for batch in table.to_batches()])
    by_key = [("key", "ascending"), ("rank", "ascending")]
    verdicts = []
    for direction in ("ascending", "descending"):
        rows = checked.sort_by([*by_key, ("order", direction)])
        found = in_order(pa.Table.from_batches(check_keys(rows.to_batches(), options)))
        verdicts.append(rows_of(found) == expected(items))
    assert verdicts == [True, False]
