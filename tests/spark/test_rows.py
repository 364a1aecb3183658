"""Annotated rows, valid and invalid rows, counts and the export."""

import json
import runpy
from pathlib import Path
from typing import Any

from frames import ARGUMENTS, FIELDS, INVALID, MIXED, NOW, consent, counts, frame, places
from sample_items import CONSENT, CONTACT

from consentlint import reason_codes as codes_of_item
from consentlint import spark as consentlint_spark


def test_reason_codes_are_those_of_each_row_alone(spark: Any) -> None:
    rows = consentlint_spark.reason_codes(frame(spark, MIXED), now=NOW).collect()
    assert {row["place"]: row["reason_codes"] for row in rows} == {
        place: codes_of_item({k: v for k, v in item.items() if v is not None}, now=NOW)
        for place, item in enumerate(MIXED)
    }


def test_reason_codes_of_texts_are_null_if_there_is_no_item(spark: Any) -> None:
    texts = [json.dumps(CONTACT), json.dumps({**CONTACT, "zip_code": 94105}), "[]", None]
    df = spark.createDataFrame([(text,) for text in texts], "value string")
    rows = consentlint_spark.reason_codes(df, kind="contacts", json="value", now=NOW).collect()
    assert {row["value"]: row["reason_codes"] for row in rows} == dict(
        zip(texts, [[], ["INVALID_ZIP_CODE"], None, None], strict=True)
    )


def test_an_annotated_row_has_its_codes_and_all_findings(spark: Any) -> None:
    df = consentlint_spark.annotate(frame(spark, MIXED, note="string"), **ARGUMENTS)
    rows = {row["place"]: row for row in df.collect()}
    assert df.columns == [*FIELDS, "place", "note", "reason_codes", "consentlint"]
    assert sorted(rows) == list(range(len(MIXED)))
    assert rows[0]["reason_codes"] == rows[0]["consentlint"] == []
    assert rows[1]["reason_codes"] == ["INVALID_CONTACT_ID", "INVALID_STATUS"]
    assert [found["rule"] for found in rows[1]["consentlint"]] == [
        "invalid-contact-id",
        "invalid-status",
    ]
    assert rows[2]["reason_codes"] == ["INVALID_CORRELATION_ID"]
    assert 'in the row with place "0"' in rows[2]["consentlint"][0]["message"]
    assert rows[4]["reason_codes"] == []
    assert [found["rule"] for found in rows[4]["consentlint"]] == ["consent-out-of-order"]
    assert [found["severity"] for found in rows[5]["consentlint"]] == ["warning"]
    assert len(rows[6]["reason_codes"]) == 5


def test_a_split_loses_no_row_and_advice_keeps_no_row_out(spark: Any) -> None:
    df = frame(spark, MIXED)
    valid, invalid = consentlint_spark.split(df, **ARGUMENTS)
    assert valid.columns == df.columns
    assert places(invalid) == sorted(INVALID)
    assert places(valid) == sorted(set(range(len(MIXED))) - INVALID)


def test_with_strict_advice_keeps_a_row_out(spark: Any) -> None:
    _, invalid = consentlint_spark.split(frame(spark, MIXED), strict=True, **ARGUMENTS)
    assert places(invalid) == sorted({*INVALID, 5})


def test_rows_with_an_equal_order_are_not_lost(spark: Any) -> None:
    df = frame(spark, [*MIXED, *MIXED])
    valid, invalid = consentlint_spark.split(df, order_by="source", now=NOW)
    assert sorted(places(valid) + places(invalid)) == list(range(2 * len(MIXED)))


def test_a_summary_counts_rows_findings_and_requests(spark: Any) -> None:
    items = [*MIXED, *(consent(number) for number in range(100, 200))]
    assert counts(consentlint_spark.summary(frame(spark, items), **ARGUMENTS)) == {
        "rows": 108,
        "rows checked": 108,
        "rows with errors": 5,
        "invalid-contact-id": 2,
        "invalid-status": 2,
        "invalid-correlation-id": 3,
        "invalid-sender-id": 1,
        "invalid-source": 1,
        "consent-out-of-order": 1,
        "consent-duplicate": 1,
        "status-source-mismatch": 1,
        "date-of-consent-missing": 1,
        "requests": 5,
        "minutes at 100 requests a minute": 1,
        "requests a minute for one day": 1,
    }


def test_a_summary_of_no_rows_has_zeros(spark: Any) -> None:
    assert counts(consentlint_spark.summary(frame(spark, []), **ARGUMENTS)) == {
        "rows": 0,
        "rows checked": 0,
        "rows with errors": 0,
        "requests": 0,
        "minutes at 100 requests a minute": 0,
        "requests a minute for one day": 0,
    }


def test_rows_are_compared_within_their_group_only(spark: Any) -> None:
    items = [
        {**consent(0), "account": account, "region": region}
        for account, region in [("a", "x"), ("b", "x"), ("a", None), (None, "x"), ("a", "x")]
    ]
    df = frame(spark, items, account="string", region="string")
    for within, repeated in (
        ((), [1, 2, 3, 4]),
        ("account", [2, 4]),
        (["account", "region"], [4]),
    ):
        found = consentlint_spark.check(df, within=within, **ARGUMENTS).where(
            "rule = 'invalid-correlation-id'"
        )
        assert sorted(row["row"]["place"] for row in found.collect()) == repeated


def test_one_contact_with_all_rows_is_a_stream(spark: Any) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    values = {**CONSENT, "correlation_id": None, "date_of_consent": None}
    columns = [F.lit(value).cast("string").alias(name) for name, value in values.items()]
    df = spark.range(20_000).select("id", *columns)
    df = df.withColumn("correlation_id", F.lpad(F.hex("id"), 32, "0"))
    df = df.withColumn(
        "date_of_consent",
        F.date_format((F.col("id") + 1.7e9).cast("timestamp"), "yyyy-MM-dd'T'HH:mm:ss'Z'"),
    )
    assert counts(consentlint_spark.summary(df, order_by="id", now=NOW))["rows with errors"] == 0
    reverse = df.withColumn("id", -F.col("id")).withColumn(
        "status", F.when(F.col("id") % 2 == 0, "opt-in").otherwise("opt-out")
    )
    assert (
        counts(consentlint_spark.summary(reverse, order_by="id", now=NOW))["rows with errors"]
        == 19_999
    )


def test_no_number_and_no_address_is_shown(spark: Any) -> None:
    items = [consent(0, contact_id="4155550123"), consent(1, sender_id="someone@example.com")]
    rows = consentlint_spark.annotate(frame(spark, items), **ARGUMENTS).select("consentlint")
    text = str(rows.collect()) + str(
        consentlint_spark.check(frame(spark, items), **ARGUMENTS).collect()
    )
    assert "invalid-contact-id" in text
    assert "4155550123" not in text
    assert "someone" not in text


def exported(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the items of each round."""
    rounds: dict[str, list[dict[str, str]]] = {}
    for file in sorted(folder.glob("round=*/shard=*/part-*.txt")):
        lines = file.read_text().splitlines()
        rounds.setdefault(file.parent.parent.name, []).extend(map(json.loads, lines))
    return rounds


def test_an_export_has_the_valid_rows_in_rounds(spark: Any, tmp_path: Path) -> None:
    again = consent(20, contact_id="+14155550000", date_of_consent="2025-08-01T00:00:00Z")
    items = [*MIXED, again, *(consent(number) for number in range(100, 140))]
    consentlint_spark.export(frame(spark, items), str(tmp_path / "out"), shards=3, **ARGUMENTS)

    rounds = exported(tmp_path / "out")
    everything = [item for found in rounds.values() for item in found]
    valid = [item for place, item in enumerate(items) if place not in INVALID]
    assert sorted(map(repr, everything)) == sorted(map(repr, valid))
    assert rounds["round=1"] == [again]
    for found in rounds.values():
        assert len({(item["contact_id"], item["sender_id"]) for item in found}) == len(found)
    manifest = spark.read.json(str(tmp_path / "out" / "_manifest")).collect()
    assert sum(row["rows"] for row in manifest) == len(valid)
    assert len(manifest) == 4


def test_an_export_leaves_out_what_is_stored(spark: Any, tmp_path: Path) -> None:
    items = [consent(number) for number in range(5)]
    results = [
        (f"{0:032X}", "opt-in", "stored"),
        (f"{1:032x}", "opt-out", "stored"),
        (f"{2:032x}", "opt-in", "rejected"),
    ]
    stored = spark.createDataFrame(results, "correlation_id string, status string, outcome string")
    out = str(tmp_path / "out")
    consentlint_spark.export(frame(spark, items), out, stored=stored, **ARGUMENTS)
    found = exported(tmp_path / "out")["round=0"]
    assert sorted(item["correlation_id"] for item in found) == [f"{n:032x}" for n in range(1, 5)]


def test_an_export_of_texts_has_them_as_they_are(spark: Any, tmp_path: Path) -> None:
    texts = [json.dumps(CONTACT, indent=1), json.dumps({**CONTACT, "zip_code": 1})]
    df = spark.createDataFrame(list(enumerate(texts)), "place int, value string")
    out = str(tmp_path / "out")
    consentlint_spark.export(df, out, kind="contacts", json="value", **ARGUMENTS)
    assert exported(tmp_path / "out") == {"round=0": [CONTACT]}


def test_the_example_keeps_all_rows(spark: Any, tmp_path: Path) -> None:
    example = Path(__file__).resolve().parents[2] / "examples" / "spark" / "check_files.py"
    example_module = runpy.run_path(str(example))
    source, target = str(tmp_path / "source"), str(tmp_path / "target")
    frame(spark, MIXED).coalesce(1).write.parquet(source)
    example_module["check_files"](spark, source, target)
    assert places(spark.read.parquet(f"{target}/invalid")) == sorted(INVALID)
    assert places(spark.read.parquet(f"{target}/valid")) == sorted({*range(len(MIXED))} - INVALID)
