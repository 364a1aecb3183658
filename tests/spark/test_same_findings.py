"""Spark reports exactly what `check_items` reports, from files in many pieces."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from many_items import many_items, text_items, write

from consentlint import check_items
from consentlint import spark as consentlint_spark
from consentlint.columnar import check_rows
from consentlint.columnar.keys import _RowNames
from consentlint.columnar.schema import FINDING
from consentlint.model.findings import Profile
from consentlint.spark import findings as plan
from consentlint.spark import workers
from consentlint.spark.inputs import ROW, read_input

NOW = "2026-01-01T00:00:00Z"
COUNT = int(os.environ.get("CONSENTLINT_SPARK_ITEMS", "12500"))
Items = Sequence[Mapping[str, object]]
Rows = list[tuple[object, ...]]


def expected(items: Items, **options: Any) -> Rows:
    """Return the findings of `check_items`, sorted."""
    found = check_items(items, now=NOW, **options)
    return in_order((each.item, *(getattr(each, name) for name in FINDING)) for each in found)


def in_order(rows: Iterable[tuple[object, ...]]) -> Rows:
    return sorted(rows, key=repr)


def read(spark: Any, folder: Path, format_: str) -> Any:
    if format_ == "parquet":
        return spark.read.parquet(str(folder))
    if format_ == "csv":
        options = {"header": True, "escape": '"', "nullValue": "\\N"}
        return spark.read.options(**options).csv(str(folder))
    return spark.read.text(str(folder))


def found_by_spark(df: Any, places: Sequence[dict[str, object]], **arguments: Any) -> Rows:
    """Return the findings of Spark, their rows and messages with the numbers of the items.

    Args:
        df: the items.
        places: the order of each item, sorted.
    """
    numbers = {tuple(place.values()): number for number, place in enumerate(places)}
    names = {_RowNames().name(place, None): number for number, place in enumerate(places)}  # type: ignore[arg-type]
    assert len(names) == len(numbers) == len(places)
    rows = []
    for found in consentlint_spark.check(df, now=NOW, **arguments).collect():
        message = found["message"]
        before, mark, rest = message.partition("the row with ")
        if mark:
            name = next(name for name in candidates(mark + rest) if name in names)
            message = f"{before}item {names[name]} (counted from 0){(mark + rest)[len(name) :]}"
        cells = [message if name == "message" else found[name] for name in FINDING]
        rows.append((numbers[tuple(found[ROW])], *cells))
    return in_order(rows)


def candidates(text: str) -> Iterable[str]:
    """Yield the starts of a text, the longest first."""
    return (text[:end] for end in range(len(text), 0, -1))


def places_of(df: Any, **arguments: Any) -> list[dict[str, object]]:
    """Return the order of each row, sorted."""
    rows = read_input(df, **arguments).rows.select(ROW).collect()
    return sorted((row[ROW].asDict() for row in rows), key=lambda place: tuple(place.values()))


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("kind", ["consents", "contacts"])
@pytest.mark.parametrize("form", ["columns", "texts"])
def test_files_in_many_pieces_have_the_findings_of_one_list(
    spark: Any, tmp_path: Path, form: str, kind: str, profile: Profile
) -> None:
    seed = ["consents", "contacts"].index(kind) * 10 + list(Profile).index(profile)
    items: Items = many_items(kind, COUNT, seed)
    format_ = "txt" if form == "texts" else "csv" if profile is Profile.LENIENT else "parquet"
    if form == "columns":
        items = text_items(items, kind, is_csv=format_ == "csv")
    write(items, kind, format_, tmp_path / "items")
    df = read(spark, tmp_path / "items", format_)
    json = "value" if form == "texts" else None
    arguments: dict[str, Any] = {
        "kind": kind,
        "profile": profile,
        "json": json,
        "order_by": consentlint_spark.FILE_ORDER,
    }

    places = places_of(df, **arguments)
    assert len(places) == len(items)
    assert found_by_spark(df, places, **arguments) == expected(items, kind=kind, profile=profile)


@pytest.fixture(scope="module")
def shared(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Items]:
    """A DataFrame of files, and its items."""
    items = text_items(many_items("consents", 3_000, 7), "consents")
    folder = tmp_path_factory.mktemp("shared") / "items"
    write(items, "consents", "parquet", folder)
    return spark.read.parquet(str(folder)), items


ARGUMENTS: dict[str, Any] = {"order_by": consentlint_spark.FILE_ORDER}


def test_without_a_fault_these_items_have_equal_findings(shared: tuple[Any, Items]) -> None:
    df, items = shared
    assert found_by_spark(df, places_of(df, **ARGUMENTS), **ARGUMENTS) == expected(items)


def test_the_comparison_fails_without_the_sort(
    shared: tuple[Any, Items], monkeypatch: pytest.MonkeyPatch
) -> None:
    df, items = shared
    monkeypatch.setattr(plan, "SORTED_BY", ("hash",))
    assert found_by_spark(df, places_of(df, **ARGUMENTS), **ARGUMENTS) != expected(items)


def test_the_comparison_fails_in_a_random_order(shared: tuple[Any, Items]) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    df, items = shared
    places = places_of(df, **ARGUMENTS)
    numbers = {tuple(place.values()): number for number, place in enumerate(places)}
    shuffled = df.select("*", F.col("_metadata.file_path"), F.col("_metadata.row_index"))
    shuffled = shuffled.withColumn("luck", F.xxhash64("row_index", "file_path"))
    found = consentlint_spark.check(
        shuffled, now=NOW, order_by=["luck", "file_path", "row_index"]
    ).collect()
    # Messages name other rows, so only the rows with findings are compared.
    rows = sorted((numbers[tuple(each[ROW])[1:]], each["rule"]) for each in found)
    assert rows != sorted((row[0], row[1]) for row in expected(items))


def test_the_comparison_fails_if_a_number_is_wrongly_accepted(
    shared: tuple[Any, Items], monkeypatch: pytest.MonkeyPatch
) -> None:
    df, items = shared

    def accept_too_much(options: Any, batches: Iterable[Any]) -> Iterable[Any]:
        for batch in batches:
            found = check_rows(batch, options)
            is_plain = pc.match_substring_regex(found["finding"], r"^invalid-contact-id\t.*\t\+1")
            yield found.filter(pc.invert(pc.fill_null(is_plain, False)))

    monkeypatch.setattr(workers, "run_stage_1", accept_too_much)
    assert found_by_spark(df, places_of(df, **ARGUMENTS), **ARGUMENTS) != expected(items)
