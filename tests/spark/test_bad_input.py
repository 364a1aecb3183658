"""Input that is wrong: a clear error when the plan is made, or the right finding; no row is lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from frames import ARGUMENTS, FIELDS, INVALID, MIXED, NOW, consent, counts, frame, places

from consentlint import spark as consentlint_spark
from consentlint.columnar import StageOptions


def test_a_check_without_an_order_is_rejected(spark: Any) -> None:
    with pytest.raises(ValueError, match=r'no order: pass order_by: .*\["updated_at", "id"\]'):
        consentlint_spark.check(frame(spark, MIXED))


def test_the_order_of_files_needs_files(spark: Any) -> None:
    with pytest.raises(ValueError, match="was not read from files: pass order_by"):
        consentlint_spark.check(frame(spark, MIXED), order_by=consentlint_spark.FILE_ORDER)


@pytest.mark.parametrize("argument", ["order_by", "within"])
def test_a_column_that_does_not_exist_is_named(spark: Any, argument: str) -> None:
    with pytest.raises(ValueError, match=f'{argument}: there is no column "when"'):
        consentlint_spark.check(frame(spark, MIXED), **{**ARGUMENTS, argument: "when"})


@pytest.mark.parametrize(
    ("column", "kind", "advice"),
    [
        ("contact_id", "bigint", 'F.col("contact_id").cast("string")'),
        ("date_of_consent", "timestamp", 'F.date_format("date_of_consent", "yyyy-MM-dd'),
        ("status", "struct<a:string>", "pass json="),
        ("source", "array<string>", "pass json="),
    ],
)
def test_a_column_that_is_not_a_string_is_rejected_with_a_cast(
    spark: Any, column: str, kind: str, advice: str
) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    df = frame(spark, MIXED).withColumn(column, F.lit(None).cast(kind))
    for function in (consentlint_spark.check, consentlint_spark.split, consentlint_spark.summary):
        with pytest.raises(TypeError, match=f'column "{column}" is .*, expected string') as error:
            function(df, **ARGUMENTS)
        assert advice in str(error.value)
    with pytest.raises(TypeError, match="expected string"):
        consentlint_spark.reason_codes(df)


def test_a_column_twice_apart_from_letter_case_is_rejected(spark: Any) -> None:
    df = spark.createDataFrame([("a", "b")], "status string, STATUS string")
    with pytest.raises(ValueError, match="two columns are named"):
        consentlint_spark.check(
            df, order_by="status", columns=dict.fromkeys(set(FIELDS) - {"status"})
        )


def test_a_column_by_another_name_is_named(spark: Any) -> None:
    df = frame(spark, MIXED).withColumnRenamed("contact_id", "contactId")
    with pytest.raises(ValueError, match='"contactId" may hold contact_id'):
        consentlint_spark.check(df, **ARGUMENTS)
    renamed = consentlint_spark.check(df, columns={"contact_id": "contactId"}, **ARGUMENTS)
    assert renamed.count() == consentlint_spark.check(frame(spark, MIXED), **ARGUMENTS).count()


@pytest.mark.parametrize("name", ["row", "consentlint", "Reason_Codes"])
def test_a_column_of_the_result_is_not_overwritten(spark: Any, name: str) -> None:
    with pytest.raises(ValueError, match="a column is named"):
        consentlint_spark.annotate(frame(spark, MIXED, **{name: "string"}), **ARGUMENTS)


def test_columns_with_any_name_and_thousands_of_them_are_ignored(spark: Any) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    df = frame(spark, MIXED)
    more = [F.lit(number).alias(f"c.{number} `") for number in range(10_000)]
    wide = df.select(*df.columns, *more)
    found = consentlint_spark.check(wide, **ARGUMENTS)
    assert found.count() == consentlint_spark.check(df, **ARGUMENTS).count()


def test_another_version_on_a_worker_fails_the_job(
    spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    df = frame(spark, MIXED)
    of = StageOptions.of

    def older(*arguments: Any, **options: Any) -> StageOptions:
        made = of(*arguments, **options)
        object.__setattr__(made, "version", "0.0.1")
        return made

    monkeypatch.setattr(StageOptions, "of", older)
    found = consentlint_spark.check(df, **ARGUMENTS)
    with pytest.raises(Exception, match=r"0\.0\.1 where the check was started"):
        found.collect()


def test_no_rows_have_no_findings_and_no_files(spark: Any, tmp_path: Path) -> None:
    df = frame(spark, [])
    assert consentlint_spark.check(df, **ARGUMENTS).collect() == []
    assert consentlint_spark.reason_codes(df, now=NOW).collect() == []
    valid, invalid = consentlint_spark.split(df, **ARGUMENTS)
    assert valid.collect() == invalid.collect() == []
    consentlint_spark.export(df, str(tmp_path / "out"), **ARGUMENTS)
    assert not list((tmp_path / "out").glob("round=*"))
    assert (tmp_path / "out" / "_manifest" / "_SUCCESS").exists()


def test_one_sender_with_all_rows_and_no_order_between_them_loses_none(spark: Any) -> None:
    items = [consent(number % 50, correlation_id=f"{number:032x}") for number in range(2_000)]
    df = frame(spark, [{**item, "when": None} for item in items], when="string")
    arguments = {"order_by": "when", "now": NOW}
    found = consentlint_spark.check(df, **arguments).where("rule = 'consent-duplicate'")
    assert found.count() == 2_000 - 50
    assert counts(consentlint_spark.summary(df, **arguments))["rows checked"] == 2_000


def test_a_summary_shows_that_rows_changed_between_the_passes(spark: Any, tmp_path: Path) -> None:
    first_pass = str(tmp_path / "first-pass")

    def changing(batches: Iterator[Any]) -> Iterator[Any]:
        is_first = not Path(first_pass).exists()
        Path(first_pass).touch()
        for batch in batches:
            yield batch if is_first else batch.slice(1)

    df = frame(spark, MIXED).coalesce(1)
    found = counts(consentlint_spark.summary(df.mapInArrow(changing, df.schema), **ARGUMENTS))
    assert sorted([found["rows"], found["rows checked"]]) == [len(MIXED) - 1, len(MIXED)]


def test_a_file_that_was_removed_before_it_was_read_fails_the_job(
    spark: Any, tmp_path: Path
) -> None:
    source = tmp_path / "items"
    frame(spark, MIXED).coalesce(1).write.parquet(str(source))
    found = consentlint_spark.check(
        spark.read.parquet(str(source)), order_by=consentlint_spark.FILE_ORDER
    )
    (file,) = source.glob("*.parquet")
    file.unlink()
    with pytest.raises(Exception, match=r"(?i)file.*(not exist|not found)"):
        found.collect()


def texts_in_files(spark: Any, folder: Path) -> Any:
    """Return the rows of two text files, each with its file."""
    folder.mkdir()
    for number in range(2):
        lines = (json.dumps(item) for item in MIXED if item["status"])
        (folder / f"part-{number}.jsonl").write_text("".join(f"{line}\n" for line in lines))
    return spark.read.text(str(folder))


@pytest.mark.parametrize("how", ["repartition", "orderBy", "sortWithinPartitions"])
def test_the_order_of_text_files_is_lost_in_a_shuffle_or_a_sort(
    spark: Any, tmp_path: Path, how: str
) -> None:
    df = texts_in_files(spark, tmp_path / "items")
    moved = df.repartition(3) if how == "repartition" else getattr(df, how)("value")
    arguments = {"json": "value", "order_by": consentlint_spark.FILE_ORDER}
    with pytest.raises(ValueError, match=r"shuffled or sorted after it was read.*pass order_by"):
        consentlint_spark.check(moved, **arguments)


def test_the_order_of_text_files_survives_filters_and_projections(
    spark: Any, tmp_path: Path
) -> None:
    df = texts_in_files(spark, tmp_path / "items")
    kept = df.where("value like '%opt-%'").selectExpr("value", "length(value) as length")
    arguments = {"json": "value", "order_by": consentlint_spark.FILE_ORDER, "now": NOW}
    repeated = consentlint_spark.check(kept, **arguments).where(
        "rule = 'invalid-correlation-id' and row.file_path like '%part-0%'"
    )
    # The second row of an id is in the second file, but for those that one file has twice.
    assert repeated.count() == 2


def test_parquet_files_keep_their_order_in_a_shuffle(spark: Any, tmp_path: Path) -> None:
    source = str(tmp_path / "items")
    frame(spark, MIXED).coalesce(1).write.parquet(source)
    df = spark.read.parquet(source).repartition(3)
    valid, invalid = consentlint_spark.split(df, order_by=consentlint_spark.FILE_ORDER, now=NOW)
    assert places(invalid) == sorted(INVALID)
    assert places(valid) == sorted(set(range(len(MIXED))) - INVALID)
