"""`consentlint.arrow` with any table: what it reads, what it rejects, and how rows are counted."""

import subprocess
import sys
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from sample_items import CONSENT

from consentlint import arrow
from consentlint.columnar import StageOptions, check_keys, check_rows, row_schema

NOW = "2026-01-01T00:00:00Z"
ROW = {name: [value] for name, value in CONSENT.items()}
OTHER = {**CONSENT, "correlation_id": "0" * 32, "contact_id": "+14155552672"}


def rules_of(table: pa.Table, **options: object) -> list[str]:
    return arrow.check(table, now=NOW, **options)["rule"].to_pylist()  # type: ignore[arg-type]


def test_a_clean_table_has_no_findings() -> None:
    table = pa.table(ROW)
    assert arrow.check(table, now=NOW).num_rows == 0
    assert arrow.reason_codes(table, now=NOW).to_pylist() == [[]]


def test_a_table_may_have_no_dates() -> None:
    table = pa.table({name: ROW[name] for name in ROW if name != "date_of_consent"})
    assert rules_of(table) == ["date-of-consent-missing"]
    assert rules_of(table, select="errors") == []
    assert arrow.reason_codes(table, now=NOW).to_pylist() == [[]]


CATEGORIES = pa.dictionary(pa.int8(), pa.string())
# Version 15 of pyarrow has no views.
VIEWS = [pa.string_view()] if hasattr(pa, "string_view") else []


@pytest.mark.parametrize("kind", [pa.large_string(), CATEGORIES, *VIEWS])
def test_any_type_of_text_is_read(kind: pa.DataType) -> None:
    columns = {name: pa.array(values).cast(kind) for name, values in ROW.items()}
    assert rules_of(pa.table(columns)) == []
    assert rules_of(pa.table({**columns, "status": pa.array(["x"]).cast(kind)})) == [
        "invalid-status"
    ]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), *VIEWS])
def test_categories_of_any_type_of_text_are_read(kind: pa.DataType) -> None:
    texts = pa.array(["opt-in", "x"]).cast(kind)
    status = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), texts)
    columns = {name: pa.array(values * 3) for name, values in ROW.items()}
    codes = arrow.reason_codes(pa.table({**columns, "status": status}), now=NOW)
    assert codes.to_pylist() == [[], ["INVALID_STATUS"], ["INVALID_STATUS"]]


def test_null_is_a_missing_field() -> None:
    for missing in (pa.array([None], pa.string()), pa.nulls(1)):
        table = pa.table({**ROW, "status": missing})
        (finding,) = arrow.check(table, now=NOW).to_pylist()
        assert finding["message"].startswith("status is missing.")
        assert finding["value"] is None


def test_a_row_of_nulls_lacks_every_field() -> None:
    table = pa.table({name: pa.array([None], pa.string()) for name in ROW})
    assert arrow.reason_codes(table).to_pylist() == [
        [
            "INVALID_CORRELATION_ID",
            "INVALID_SENDER_ID",
            "INVALID_CONTACT_ID",
            "INVALID_STATUS",
            "INVALID_SOURCE",
        ]
    ]


@pytest.mark.parametrize(
    ("field", "column", "found"),
    [
        (
            "date_of_consent",
            pa.array([datetime(2025, 1, 1, tzinfo=UTC)]),
            r"timestamp\[us, tz=UTC\]",
        ),
        ("date_of_consent", pa.array([datetime(2025, 1, 1, tzinfo=UTC).date()]), r"date32\[day\]"),
        ("contact_id", pa.array([14155552671]), "int64"),
        ("contact_id", pa.array([1.5]), "double"),
        ("status", pa.array([{"a": 1}]), "struct<a: int64>"),
        ("status", pa.array([["opt-in"]]), "list<item: string>"),
        ("status", pa.array([b"opt-in"]), "binary"),
        ("source", pa.array([1]).dictionary_encode(), "dictionary"),
    ],
)
def test_a_column_without_text_is_rejected_with_what_to_do(
    field: str, column: pa.Array, found: str
) -> None:
    table = pa.table({**ROW, field: column})
    message = (
        f'column "{field}" is {found}.* expected string. Cast it to the text that you will send'
    )
    with pytest.raises(TypeError, match=message) as caught:
        arrow.check(table)
    assert ("2025-06-02T15:30:00Z" in str(caught.value)) == (field == "date_of_consent")
    with pytest.raises(TypeError, match="expected string"):
        arrow.reason_codes(table)


def test_an_empty_table_is_checked_too() -> None:
    table = pa.table({name: pa.array([], pa.string()) for name in ROW})
    assert arrow.check(table).num_rows == 0
    assert arrow.reason_codes(table).to_pylist() == []
    with pytest.raises(TypeError, match="expected string"):
        arrow.check(pa.table({name: pa.array([], pa.int64()) for name in ROW}))


def test_ten_thousand_columns_of_the_user_are_not_read() -> None:
    others = {f"c{number}": pa.array([number]) for number in range(10_000)}
    assert rules_of(pa.table({**others, **ROW})) == []


def test_columns_may_have_other_names() -> None:
    table = pa.table({"row": ["+19"], **{name: ROW[name] for name in ROW if name != "contact_id"}})
    assert rules_of(table, columns={"contact_id": "row"}) == ["invalid-contact-id"]


@pytest.mark.parametrize("data", [[CONSENT], CONSENT, None, "items.csv"])
def test_what_is_not_a_table_is_rejected(data: object) -> None:
    with pytest.raises(TypeError, match="expected a table with __arrow_c_stream__"):
        arrow.check(data)


def test_batches_and_readers_are_tables() -> None:
    batch = pa.RecordBatch.from_pylist([CONSENT, CONSENT])
    reader = pa.RecordBatchReader.from_batches(batch.schema, [batch, batch])
    found = arrow.check(reader, now=NOW, select="invalid-correlation-id").to_pylist()
    assert [row["row"] for row in found] == [1, 2, 3]
    assert "item 0 (counted from 0)" in found[2]["message"]
    assert len(arrow.check(batch, now=NOW)) == 2


def test_strict_makes_errors_of_warnings() -> None:
    table = pa.table({**ROW, "sender_id": ["+14155552671"]})
    severities = [
        arrow.check(table, now=NOW, strict=strict)["severity"].to_pylist()
        for strict in (False, True)
    ]
    assert severities == [["warning"], ["error"]]


def test_a_json_text_that_is_not_an_item_has_a_finding_and_null_instead_of_codes() -> None:
    texts = ['{"status": 1, "status": 2, "x": 0}', None, " ", "[]", "{", '"text"', "{}"]
    table = pa.table({"value": texts})
    found = arrow.check(table, json="value", now=NOW).to_pylist()
    by_row = {number: [row["rule"] for row in found if row["row"] == number] for number in range(7)}
    assert {"duplicate-key", "unknown-field", "invalid-status"} < {*by_row[0]}
    assert by_row[1] == by_row[2] == by_row[3] == by_row[5] == ["item-malformed"]
    assert by_row[4] == ["file-malformed"]
    assert len(by_row[6]) == 6
    codes = arrow.reason_codes(table, json="value", now=NOW).to_pylist()
    assert [code is None for code in codes] == [False, True, True, True, True, True, False]


def test_no_phone_number_is_in_a_finding() -> None:
    number = "+14155552671"
    items = [{**CONSENT, "contact_id": number + "9", "status": number}, {**OTHER, "source": number}]
    text = str(arrow.check(pa.Table.from_pylist(items), now=NOW).to_pylist())
    assert "5552671" not in text
    assert "•" in text


def test_a_message_names_a_row_by_its_order() -> None:
    struct = pa.array(
        [{"file": "part-1", "phone": "+14155552671"}, {"file": "part-2", "phone": "x"}]
    )
    for order, name in (
        (struct, 'in the row with file "part-1", phone "+141'),
        (pa.array(["a/1", "a/2"]), 'in the row "a/1"'),
    ):
        table = pa.Table.from_pylist(
            [CONSENT, {**OTHER, "correlation_id": CONSENT["correlation_id"]}]
        )
        options = StageOptions.of(table.schema.names, now=NOW, order="place")
        (batch,) = table.append_column("place", order).to_batches()
        checked = pa.Table.from_batches([check_rows(batch, options)], row_schema(order.type))
        (found,) = check_keys(checked.take([0, 1]).to_batches(), options)
        (message,) = found["message"].to_pylist()
        assert name in message
        assert "5552671" not in message


def test_a_contact_with_many_records_is_a_stream() -> None:
    options = StageOptions.of(CONSENT, now=NOW, order="n", select="consent-out-of-order")
    days = [
        f"{year}-{month:02}-01T00:00:00Z" for year in range(2000, 2025) for month in range(1, 13)
    ]
    items = [
        {**CONSENT, "correlation_id": f"{n:032x}", "date_of_consent": day}
        for n, day in enumerate(days)
    ]
    table = pa.Table.from_pylist(items).append_column("n", pa.array(range(len(items))))
    checked = [check_rows(batch, options) for batch in table.to_batches(50)]
    results = check_keys(iter(checked), options)
    assert next(results).num_rows == 0
    assert sum(batch.num_rows for batch in results) == 0


def test_findings_may_do_without_words() -> None:
    table = pa.Table.from_pylist([{**CONSENT, "status": "x"}])
    options = StageOptions.of(table.schema.names, now=NOW, order="status", messages=False)
    checked = pa.Table.from_batches([check_rows(batch, options) for batch in table.to_batches()])
    (found,) = [
        row for batch in check_keys(checked.to_batches(), options) for row in batch.to_pylist()
    ]
    assert (found["rule"], found["reason"]) == ("invalid-status", "INVALID_STATUS")
    assert found["value"] is found["message"] is None


def test_pyarrow_is_loaded_on_first_use_only() -> None:
    code = "import consentlint.arrow, sys; assert 'pyarrow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_pyarrow_the_error_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from consentlint import arrow\n"
        "try: arrow.check([])\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "pip install 'consentlint[arrow]'" in run.stdout
