"""`consentlint convert`: what it writes, leaves out, and says."""

import csv
import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consentlint.cli import main
from consentlint.convert import sorting

SENDER = "MG9752274e9e519418a7406176694466fa"
CONSTANTS = ("--set", f"sender_id={SENDER}", "--set", "source=website")
WORDS = ("--status", "Subscribed=opt-in", "--status", "Unsubscribed=opt-out")
STATUS = ("--map", "status=SMS Consent", *WORDS)
NOW = ("--now", "2026-01-01T00:00:00Z")
HEADER = "Phone,SMS Consent,Consent date,Email\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["convert", *arguments, *NOW])


def convert(*arguments: str) -> tuple[list[dict[str, Any]], Result]:
    """Convert with the constants and the status column; return the items."""
    result = invoke(*arguments, "-o", "items.jsonl", *CONSTANTS, *STATUS)
    assert result.exit_code in (0, 1), result.output
    return [json.loads(line) for line in Path("items.jsonl").read_text().splitlines()], result


def write(name: str, *rows: str, header: str = HEADER) -> str:
    Path(name).write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return name


@pytest.mark.parametrize(
    ("number", "options", "read"),
    [
        ("4155552671", ("--region", "US"), "+14155552671"),
        ("(415) 555-2671", ("--region", "us"), "+14155552671"),
        ("14155552671.0", ("--lost-plus",), "+14155552671"),
        ("'+14155552671", (), "+14155552671"),
        ("0041 44 668 18 00", (), "+41446681800"),
        ("33612345678", ("--lost-plus",), "+33612345678"),
    ],
)
def test_numbers_are_read_as_exports_write_them(
    number: str, options: tuple[str, ...], read: str
) -> None:
    ((item,), result) = convert(write("a.csv", f"{number},Subscribed,,"), *options)
    assert item["contact_id"] == read
    assert result.exit_code == 0


@pytest.mark.parametrize("number", ["+22997123456", "+5215512345678", "+54111555551234"])
def test_a_number_of_an_outdated_plan_is_not_changed(number: str) -> None:
    items, _ = convert(write("a.csv", f"{number},Subscribed,,"), "--region", "US")
    assert [item["contact_id"] for item in items] in ([], [number])


def test_the_id_of_a_record_is_not_read_as_a_phone_number() -> None:
    export = write("a.csv", "4155552671,Subscribed", header="CONTACT ID,SMS Consent\n")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, *STATUS, "--region", "US")
    assert result.exit_code == 2
    assert "--map contact_id=COLUMN" in result.output


@pytest.mark.parametrize("number", ["4155552671", "33612345678", "4.15555E+09", "nobody"])
def test_the_country_of_a_number_is_never_guessed(number: str) -> None:
    items, result = convert(write("a.csv", f"{number},Subscribed,,"))
    assert items == []
    assert result.exit_code == 1
    assert 'a.csv:2, column "Phone": ' in result.output


@pytest.mark.parametrize(
    ("number", "country", "read"),
    [
        ("2015550123", "", "+12015550123"),
        ("2015550123", "null", "+12015550123"),
        ("612345678", "NA", "+264612345678"),
        ("612345678", "n/a", None),
        ("2015550123", "Gernany", None),
        ("'+12015550123", "Gernany", "+12015550123"),
    ],
)
def test_the_region_option_is_only_for_rows_that_name_no_country(
    number: str, country: str, read: str | None
) -> None:
    export = write("a.csv", f"{number},{country},Subscribed", header="Phone,Land,SMS Consent\n")
    items, result = convert(export, "--map", "region=Land", "--region", "US")
    assert [item["contact_id"] for item in items] == ([read] if read else [])
    assert ('column "Land": "Gernany"' in flat(result)) == (country == "Gernany" and not read)


def test_a_number_without_country_code_says_which_option_reads_it() -> None:
    _, result = convert(write("a.csv", "4155552671,Subscribed,,"))
    assert "Pass --region CODE if it is a national number, or --lost-plus" in flat(result)


def flat(result: Result) -> str:
    return " ".join(result.output.split())


@pytest.mark.parametrize(
    ("date", "options", "read"),
    [
        ("02/28/2025 2:05 PM", ("--timezone", "America/New_York"), "2025-02-28T14:05:00-05:00"),
        ("01/02/2025 14:05", ("--date-format", "DMY", "--timezone", "UTC"), "2025-02-01T14:05:00+00:00"),
        ("2025-02-28", ("--time-of-day", "12:00Z"), "2025-02-28T12:00:00Z"),
        ("2025-02-28T14:05:00Z", (), "2025-02-28T14:05:00Z"),
        ("", (), None),
        ("N/A", (), None),
    ],
)  # fmt: skip
def test_dates_are_read_as_exports_write_them(
    date: str, options: tuple[str, ...], read: str | None
) -> None:
    ((item,), _) = convert(write("a.csv", f"+14155552671,Subscribed,{date},"), *options)
    assert item.get("date_of_consent") == read


@pytest.mark.parametrize(
    ("date", "option"),
    [("01/02/2025 14:05", "--date-format"), ("2025-02-28", "--time-of-day")],
)
def test_a_date_that_may_mean_another_is_left_out_and_says_which_option_reads_it(
    date: str, option: str
) -> None:
    items, result = convert(write("a.csv", f"+14155552671,Subscribed,{date},"))
    assert items == []
    assert option in result.output
    assert 'a.csv:2, column "Consent date"' in result.output


def test_a_date_in_the_future_is_left_out() -> None:
    items, _ = convert(write("a.csv", "+14155552671,Subscribed,2030-01-01T00:00:00Z,"))
    assert items == []


def test_words_that_are_not_mapped_are_left_out_and_counted_by_word() -> None:
    words = ("Never subscribed", "Pending", "Pending", "Not specified", "", "no")
    rows = [f"+1415555267{at},{word},," for at, word in enumerate(words)]
    items, result = convert(write("a.csv", *rows))
    assert items == []
    assert result.exit_code == 1
    assert re.search(r'2  "SMS Consent" is "Pending", which no --status maps', result.output)
    assert '"SMS Consent" is blank, which no --status maps' in result.output


def test_a_word_may_mean_that_rows_are_left_out() -> None:
    export = write("a.csv", "+14155552671,Pending,,", "+14155552672,subscribed,,")
    items, result = convert(export, "--status", "Pending=leave-out")
    assert [item["contact_id"] for item in items] == ["+14155552672"]
    assert result.exit_code == 0
    assert "1 written + 1 left out = 2 rows." in result.output


def test_left_out_rows_have_the_reason_and_every_original_column() -> None:
    export = write("a.csv", '+14155552671,Pending,,"a,b@example.com"', "+14155552672,Subscribed,,")
    convert(export, "--left-out", "left.csv")
    with Path("left.csv").open(newline="") as file:
        ((row),) = csv.DictReader(file)
    assert row == {
        "left_out_file": "a.csv",
        "left_out_row": "2",
        "left_out_reason": '"SMS Consent" is "Pending", which no --status maps',
        "Phone": "+14155552671",
        "SMS Consent": "Pending",
        "Consent date": "",
        "Email": "a,b@example.com",
    }


def test_sender_and_source_are_required_and_the_message_says_where_the_sid_is() -> None:
    result = invoke(write("a.csv", "+14155552671,Subscribed,,"), "-o", "items.jsonl", *STATUS)
    assert result.exit_code == 2
    assert "sender_id" in result.output
    assert "in the Twilio Console under Messaging > Services" in result.output
    assert "--set source=WORD" in result.output
    assert not Path("items.jsonl").exists()


def test_an_invalid_sender_is_named_before_a_row_is_read() -> None:
    export = write("a.csv", "+14155552671,Subscribed,,")
    constants = ("--set", "sender_id=Acme", "--set", "source=website")
    result = invoke(export, "-o", "items.jsonl", *constants, *STATUS)
    assert result.exit_code == 2
    assert 'sender_id is "Acme"' in result.output


@pytest.mark.parametrize(
    "column",
    ["Email opt-in", "email consent status", "WhatsApp opt-in status", "E-mail opt-in date"],
)
def test_a_column_of_another_channel_is_never_mapped_by_its_name(column: str) -> None:
    export = write("a.csv", "+14155552671,opt-in", header=f"Phone,{column}\n")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS)
    assert result.exit_code == 2
    report = invoke(export, "--inspect").output
    assert "is another channel" in report


def test_two_columns_that_could_be_the_number_need_a_choice() -> None:
    export = write(
        "a.csv", "+14155552671,+14155552672,Subscribed", header="Phone,Mobile,SMS Consent\n"
    )
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, *STATUS)
    assert result.exit_code == 2
    assert 'columns "Phone", "Mobile" may hold contact_id' in result.output
    items, _ = convert(export, "--map", "contact_id=Mobile")
    assert items[0]["contact_id"] == "+14155552672"


def test_the_later_of_two_dates_decides() -> None:
    rows = (
        "+14155552671,2024-01-01T00:00:00Z,",
        "+14155552672,2024-01-01T00:00:00Z,2024-06-01T00:00:00Z",
        "+14155552673,2024-06-01T00:00:00Z,2024-01-01T00:00:00Z",
        "+14155552674,2024-06-01T00:00:00Z,2024-06-01T01:00:00+01:00",
        "+14155552675,,",
    )
    export = write("a.csv", *rows, header="Phone,In,Out\n")
    result = invoke(
        *(export, "-o", "items.jsonl", *CONSTANTS, "--opt-in-date", "In", "--opt-out-date", "Out")
    )
    assert result.exit_code == 0, result.output
    items = [json.loads(line) for line in Path("items.jsonl").read_text().splitlines()]
    assert [(item["status"], item["date_of_consent"][:7]) for item in items] == [
        ("opt-in", "2024-01"),
        ("opt-out", "2024-06"),
        ("opt-in", "2024-06"),
        ("opt-out", "2024-06"),
    ]
    assert "neither date has a value" in result.output


@pytest.mark.parametrize(
    ("opt_in", "opt_out", "status"),
    [
        ("2021-06-30", "2021-06-30T08:00Z", "opt-out"),
        ("2021-06-30", "2021-06-30T23:59:59-05:00", "opt-out"),
        ("2021-06-30", "2021-06-29T20:00-05:00", "opt-out"),
        ("2021-06-30", "2021-06-29T20:00Z", "opt-in"),
        ("2021-06-30T18:00Z", "2021-06-30", "opt-out"),
        ("2021-07-01T02:00Z", "2021-06-30", "opt-in"),
        ("2021-06-30", "2021-06-30", "opt-out"),
        ("2021-06-30", "2021-06-29", "opt-in"),
        ("2021-06-30T18:00Z", "2021-06-30T00:00:00Z", "opt-out"),
        ("2021-06-30T18:00Z", "06/30/2021", "opt-out"),
        ("2021-06-30T18:00Z", "2021-06-30 12:00", "opt-in"),
        ("1625076000", "2021-06-30T08:00Z", "opt-in"),
    ],
)
def test_an_opt_out_counts_if_an_opt_in_of_the_same_day_may_be_earlier(
    opt_in: str, opt_out: str, status: str
) -> None:
    dates = ("--opt-in-date", "In", "--opt-out-date", "Out", "--date-format", "MDY")
    export = write("a.csv", f"+14155552671,{opt_in},{opt_out}", header="Phone,In,Out\n")
    assumed = ("--time-of-day", "12:00", "--timezone", "UTC")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, *dates, *assumed)
    assert result.exit_code == 0, result.output
    (line,) = Path("items.jsonl").read_text().splitlines()
    assert json.loads(line)["status"] == status


def test_an_opt_in_with_an_opt_out_of_the_same_day_is_left_out_if_one_has_no_time() -> None:
    row = "+14155552671,opt-in,2021-06-30,2021-06-30T08:00Z"
    export = write("a.csv", row, header="Phone,status,In,Out\n")
    dates = ("--opt-in-date", "In", "--opt-out-date", "Out", "--time-of-day", "12:00Z")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, *dates)
    assert result.exit_code == 1
    assert "is later than the opt-in date, or may be" in result.output


def test_an_opt_in_with_a_later_opt_out_date_is_left_out() -> None:
    export = write("a.csv", "+14155552671,opt-in,2025-01-01T00:00:00Z", header="Phone,status,Out\n")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, "--opt-out-date", "Out")
    assert result.exit_code == 1
    assert "the opt-out date is later" in result.output


@pytest.mark.parametrize(
    ("date", "statuses"),
    [
        ("", ["opt-in", "opt-in", "opt-out"]),
        (" null", ["opt-in", "opt-in", "opt-out"]),
        ("N/A", ["opt-in", "opt-in", "opt-out"]),
        ("-", ["opt-in", "opt-in", "opt-out"]),
        ("0000-00-00 00:00:00", ["opt-in", "opt-in", "opt-out"]),
        ("0000-00-00 10:00:00", ["opt-out"]),
        ("Invalid Date", ["opt-out"]),
        ("'unknown", ["opt-out"]),
        ("#n/a", ["opt-out"]),
    ],
)
def test_a_cell_that_does_not_say_so_may_hide_an_opt_out_date(
    date: str, statuses: list[str]
) -> None:
    dates = ("--opt-in-date", "In", "--opt-out-date", "Out", *CONSTANTS)
    row = f"+14155552671,2025-01-02T10:00:00Z,{date}"
    dated = write("a.csv", row, header="Phone,In,Out\n")
    rows = (f"+14155552671,opt-in,,{date}", f"+14155552672,opt-out,soon,{date}")
    worded = write("b.csv", *rows, header="Phone,status,In,Out\n")
    found = []
    for export in (dated, worded):
        result = invoke(export, "-o", "items.jsonl", *dates)
        lines = Path("items.jsonl").read_text().splitlines()
        found += [json.loads(line)["status"] for line in lines]
        if export == dated and statuses == ["opt-out"]:
            assert result.exit_code == 1
            assert 'a.csv:2, column "Out": "' in flat(result)
    assert found == statuses


def test_without_an_opt_in_date_the_date_of_consent_is_that_of_the_opt_in() -> None:
    later, earlier = "2025-06-02T15:30:00Z", "2025-06-01T15:30:00Z"
    rows = (
        f"+14155552671,opt-in,{later},",
        f"+14155552672,opt-in,{later},{earlier}",
        f"+14155552673,opt-in,{earlier},{later}",
        f"+14155552674,opt-in,2025-06-01,{earlier}",
        f"+14155552675,opt-out,{later},",
        f"+14155552676,opt-out,soon,{earlier}",
    )
    export = write("a.csv", *rows, header="Phone,Status,Consent Date,Opt-out Date\n")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, "--time-of-day", "23:00Z")
    items = [json.loads(line) for line in Path("items.jsonl").read_text().splitlines()]
    found = [(each["status"], each.get("date_of_consent")) for each in items]
    expected = [("opt-in", later), ("opt-in", later), ("opt-out", None), ("opt-out", earlier)]
    assert found == expected
    assert "2 the status is opt-in, but the opt-out date is later" in flat(result)
    export = write("a.csv", f"+14155552671,{later},", header="Phone,Consent Date,Opt-out Date\n")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS)
    assert Path("items.jsonl").read_text() == ""


def test_a_status_may_be_set_for_each_of_several_files() -> None:
    write("in.csv", "+14155552671", header="Phone\n")
    write("out.csv", "+14155552672", header="Phone\n")
    statuses = ("--set", "status=opt-in:in.csv", "--set", "status=opt-out:out.csv")
    result = invoke("in.csv", "out.csv", "-o", "items.jsonl", *CONSTANTS, *statuses)
    assert result.exit_code == 0, result.output
    items = [json.loads(line) for line in Path("items.jsonl").read_text().splitlines()]
    assert [item["status"] for item in items] == ["opt-in", "opt-out"]


@pytest.mark.parametrize("in_memory", [1, 50_000])
def test_items_of_several_files_are_written_by_date(
    in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "_IN_MEMORY", in_memory)
    out = write(
        "out.csv",
        *("+14155552671,opt-out,2024-03-01T00:00:00Z,", "+14155552672,opt-out,,"),
        "+14155552673,opt-out,2024-03-01T01:00:00+01:00,",
    )
    in_ = write(
        "in.csv",
        *("+14155552671,opt-in,2024-01-01T00:00:00Z,", "+14155552672,opt-in,2025-01-01T00:00:00Z,"),
        *("+14155552673,opt-in,2024-03-01T00:00:00Z,", "+14155552674,opt-in,,"),
    )
    items, _ = convert(out, in_)
    last = {item["contact_id"][-1]: item["status"] for item in items}
    assert last == {"1": "opt-out", "2": "opt-out", "3": "opt-out", "4": "opt-in"}
    dates = [item["date_of_consent"][:7] for item in items if "date_of_consent" in item]
    assert dates == sorted(dates)
    report = CliRunner().invoke(main, ["check", "items.jsonl", *NOW]).output
    assert "out-of-order" not in report


@pytest.mark.parametrize(
    ("opt_in", "opt_out", "last"),
    [
        ("2025-01-02", "2025-01-02 09:00:00", "opt-out"),
        ("2025-01-02 18:00", "2025-01-02", "opt-out"),
        ("2025-01-02 23:59:59.5", "2025-01-02", "opt-out"),
        ("2025-01-02 18:00", "2025-01-02T00:00:00", "opt-out"),
        ("2025-01-02", "2025-01-02", "opt-out"),
        ("2025-01-02", "2025-01-01", "opt-in"),
        ("2025-01-02", "2025-01-01 23:59:59", "opt-in"),
        ("2025-01-03 00:30", "2025-01-02", "opt-in"),
        ("2025-01-02 18:00", "2025-01-02 09:00", "opt-in"),
        # Clocks are changed between midnight and noon.
        ("2025-11-02", "2025-11-02 00:30", "opt-out"),
        ("2025-11-02", "2025-11-01", "opt-in"),
        ("2025-03-09", "2025-03-08 23:30", "opt-in"),
        ("2025-03-09", "2025-03-08", "opt-in"),
        ("0001-01-01", "0001-01-01", "opt-out"),
    ],
)
def test_an_assumed_time_never_puts_an_opt_in_after_an_opt_out_of_the_same_day(
    opt_in: str, opt_out: str, last: str
) -> None:
    write("in.csv", f"+14155552671,Subscribed,{opt_in},")
    write("out.csv", f"+14155552671,Unsubscribed,{opt_out},")
    assumed = ("--time-of-day", "12:00", "--timezone", "America/New_York")
    for names in (("in.csv", "out.csv"), ("out.csv", "in.csv")):
        items, _ = convert(*names, *assumed)
        assert [item["status"] for item in items][1:] == [last]


def test_a_file_without_a_status_of_its_own_is_an_error() -> None:
    write("in.csv", "+14155552671", header="Phone\n")
    write("out.csv", "+14155552672", header="Phone\n")
    result = invoke(
        *("in.csv", "out.csv", "-o", "items.jsonl", *CONSTANTS, "--set", "status=opt-in:in.csv")
    )
    assert result.exit_code == 2
    assert "--set status=opt-in:out.csv" in result.output


def test_the_source_may_be_decided_by_the_words_of_a_column() -> None:
    header = "Phone,SMS Consent,How\n"
    export = write(
        "a.csv", "+14155552671,Subscribed,Popup", "+14155552672,Subscribed,?", header=header
    )
    how = ("--map", "source=How", "--source", "Popup=website", "--set", f"sender_id={SENDER}")
    result = invoke(export, "-o", "items.jsonl", *how, *STATUS)
    (line,) = Path("items.jsonl").read_text().splitlines()
    assert json.loads(line)["source"] == "website"
    assert 'column "How": "?"' in result.output


def test_contacts_are_made_of_countries_and_postal_codes() -> None:
    header = "Phone,Country,Zip\n"
    rows = ("(415) 555-2671,United States,94105", "020 7946 0958,GB,SW1A1AA", "+14155552672,US,x")
    result = invoke(
        *(write("a.csv", *rows, header=header), "-o", "items.jsonl", "--kind", "contacts"),
        *("--map", "region=Country"),
    )
    items = [json.loads(line) for line in Path("items.jsonl").read_text().splitlines()]
    assert [(each["contact_id"], each["country_iso_code"], each["zip_code"]) for each in items] == [
        ("+14155552671", "US", "94105"),
        ("+442079460958", "GB", "SW1A1AA"),
    ], result.output
    assert 'a.csv:4, column "Zip": "x"' in result.output


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".tsv", ".jsonl.gz", ".form"])
def test_items_are_written_in_the_format_of_the_suffix(suffix: str) -> None:
    rows = [f"+1415555{number:04},Subscribed,2024-01-01T00:00:00Z," for number in range(30)]
    output = f"items{suffix}"
    result = invoke(write("a.csv", *rows), "-o", output, *CONSTANTS, *STATUS)
    assert result.exit_code == 0, result.output
    files = [output, "items-2.form"] if suffix == ".form" else [output]
    checked = CliRunner().invoke(main, ["check", *files, *NOW, "--output-format", "json"])
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.output)["summary"]["items"] == 30


@pytest.mark.parametrize(
    ("option", "name", "suffix"),
    [
        ("-o", "o.xlsx", ".xlsx"),
        ("-o", "o.parquet", ".parquet"),
        ("-o", "o.XLSX.gz", ".xlsx"),
        ("-o", "o.txt", ".txt"),
        ("--left-out", "o.xlsx", ".xlsx"),
        ("--left-out", "o.json", ".json"),
    ],
)
def test_a_suffix_of_another_format_is_rejected(option: str, name: str, suffix: str) -> None:
    export = write("a.csv", "+14155552671,Subscribed,,")
    output = () if option == "-o" else ("-o", "items.jsonl")
    result = invoke(export, *output, option, name, *CONSTANTS, *STATUS)
    assert result.exit_code == 2
    assert f"{name} ends in {suffix}, which is not written." in flat(result)
    assert ".csv" in flat(result)
    assert not Path(name).exists()


def test_a_name_without_a_suffix_is_json_lines() -> None:
    export = write("a.csv", "+14155552671,Subscribed,,")
    assert invoke(export, "-o", "items", *CONSTANTS, *STATUS).exit_code == 0
    assert json.loads(Path("items").read_text())["contact_id"] == "+14155552671"


@pytest.mark.parametrize("arguments", [("--inspect",), ("-o", "items.jsonl")])
def test_a_directory_is_named_as_one(arguments: tuple[str, ...]) -> None:
    Path("exports").mkdir()
    result = invoke("exports/", *arguments)
    assert result.exit_code == 2
    assert "exports/ is a directory. Pass the files in it, such as exports/*.csv." in flat(result)


def test_stable_ids_are_the_same_for_the_same_export(monkeypatch: pytest.MonkeyPatch) -> None:
    export = write("a.csv", *["+14155552671,Subscribed,,"] * 2, "+14155552672,Subscribed,,")
    assert "CONSENTLINT_ID_KEY" in invoke(
        export, "-o", "items.jsonl", *CONSTANTS, *STATUS, "--stable-ids"
    ).output  # fmt: skip
    monkeypatch.setenv("CONSENTLINT_ID_KEY", "a key of the tests")
    first, _ = convert(export, "--stable-ids")
    again, _ = convert(export, "--stable-ids")
    monkeypatch.setenv("CONSENTLINT_ID_KEY", "another key of the tests")
    other, _ = convert(export, "--stable-ids")
    ids = [[item["correlation_id"] for item in items] for items in (first, again, other)]
    assert ids[0] == ids[1]
    assert len({*ids[0], *ids[2]}) == 6
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids[0])


def test_ids_are_random_otherwise() -> None:
    export = write("a.csv", "+14155552671,Subscribed,,")
    assert convert(export)[0] != convert(export)[0]


def test_a_mapping_file_says_what_options_say() -> None:
    Path("m.toml").write_text(
        f"""
        region = "US"
        [columns]
        contact_id = "Phone"
        status = "SMS Consent"
        [values]
        sender_id = "{SENDER}"
        source = "website"
        [status]
        "subscribed" = "opt-in"
        "Pending" = "leave-out"
        """
    )
    export = write("a.csv", "4155552671,SUBSCRIBED,,", "4155552672,pending,,")
    result = invoke(export, "--mapping", "m.toml", "-o", "items.jsonl")
    assert result.exit_code == 0, result.output
    (line,) = Path("items.jsonl").read_text().splitlines()
    assert json.loads(line)["contact_id"] == "+14155552671"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns]\nphone = 'Phone'", "columns"),
        ("[status]\nSubscribed = 'yes'", "status.Subscribed"),
        ("columns", "is not valid TOML"),
    ],
)
def test_an_invalid_mapping_file_is_named_with_the_reason(text: str, message: str) -> None:
    Path("m.toml").write_text(text)
    result = invoke(write("a.csv"), "--mapping", "m.toml", "-o", "items.jsonl")
    assert result.exit_code == 2
    assert "m.toml" in result.output
    assert message in result.output


def test_a_time_zone_that_does_not_exist_is_named() -> None:
    Path("m.toml").write_text('timezone = "Mars/Base"')
    result = invoke(write("a.csv"), "--mapping", "m.toml", "-o", "items.jsonl")
    assert result.exit_code == 2
    assert 'm.toml: timezone is "Mars/Base"' in result.output


def test_two_columns_with_one_name_are_an_error() -> None:
    export = write(
        "a.csv", "+14155552671,+14155552672,Subscribed", header="Phone,Phone,SMS Consent\n"
    )
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, *STATUS)
    assert result.exit_code == 2
    assert 'two columns are named "Phone". Rename one of them.' in flat(result)


@pytest.mark.parametrize(
    ("name", "status"), [("SMS Status", "opt-in"), ("sms status", "opt-out"), ("Sms Status", None)]
)
def test_of_columns_that_differ_only_in_case_the_exact_name_is_read(
    name: str, status: str | None
) -> None:
    row = "+14155552671,opt-in,opt-out"
    export = write("a.csv", row, header="Phone,SMS Status,sms status\n")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, "--map", f"status={name}")
    if status is None:
        assert result.exit_code == 2
        message = 'a.csv: "Sms Status" may be the column "SMS Status" or "sms status".'
        assert message in flat(result)
    else:
        assert json.loads(Path("items.jsonl").read_text())["status"] == status


def test_columns_that_differ_only_in_case_have_their_own_words() -> None:
    export = write("a.csv", "+14155552671,0,1", header="Phone,Opt,OPT\n")
    Path("m.toml").write_text(
        'columns.contact_id = "Phone"\ncolumns.status = ["Opt", "OPT"]\n'
        '[status.Opt]\n"0" = "leave-out"\n"1" = "opt-in"\n[status.OPT]\n"1" = "opt-out"\n'
    )
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, "--mapping", "m.toml")
    assert result.exit_code == 0, result.output
    assert json.loads(Path("items.jsonl").read_text())["status"] == "opt-out"


def test_the_region_may_be_set_like_a_value() -> None:
    items, _ = convert(write("a.csv", "4155552671,Subscribed,,"), "--set", "region=us")
    assert items[0]["contact_id"] == "+14155552671"


def test_values_that_no_file_can_hold_do_not_end_a_run() -> None:
    line = {"Phone": "\ud800", "SMS Consent": "Subscribed", "Email": {"a": [1, None]}}
    Path("a.jsonl").write_text(json.dumps(line) + "\n" + f'{{"Phone": {"9" * 4_000}}}\n')
    for left_out in ("left.csv", "left.jsonl.gz"):
        items, _ = convert("a.jsonl", "--map", "contact_id=Phone", "--left-out", left_out)
        assert items == []
        assert Path(left_out).exists()


def test_a_column_that_is_not_there_is_an_error_that_lists_the_columns() -> None:
    export = write("a.csv", "+14155552671,Subscribed,,")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, *STATUS, "--map", "contact_id=Cell")
    assert result.exit_code == 2
    assert 'a.csv has no column "Cell" (for contact_id). It has: "Phone"' in result.output


def test_a_header_below_a_title_is_found() -> None:
    export = write("a.csv", "+14155552671,Subscribed,,", header=f"Subscribers 2025,,,\n\n{HEADER}")
    mapped = ("--map", "contact_id=Phone")
    result = invoke(export, "-o", "items.jsonl", *CONSTANTS, *STATUS, *mapped)
    assert result.exit_code == 2
    assert "pass --header-row 3" in flat(result)
    items, _ = convert(export, *mapped, "--header-row", "3")
    assert len(items) == 1


@pytest.mark.parametrize("options", [("--inspect",), ("-o", "items.jsonl", *CONSTANTS, *STATUS)])
@pytest.mark.parametrize("count", [1, 2, 11, 1_000])
def test_a_blank_row_instead_of_the_header_is_an_error(
    count: int, options: tuple[str, ...]
) -> None:
    Path("a.csv").write_text("\r\n" * count + HEADER + "+14155552671,Subscribed,,\n")
    result = invoke("a.csv", *options)
    assert result.exit_code == 2
    assert f"a.csv: row 1 is blank. If the header is in row {count + 1}," in flat(result)
    Path("a.csv").write_text("\n" * count)
    result = invoke("a.csv", *options)
    assert result.exit_code == 2
    assert re.search("is empty|row 1 and all rows below it are blank", flat(result))
    result = invoke(write("a.csv"), *options, "--header-row", str(count + 1))
    assert result.exit_code == 2
    assert f"row {count + 1} and all rows below it are blank" in flat(result)


def test_totals_at_the_end_are_left_out() -> None:
    items, result = convert(write("a.csv", "+14155552671,Subscribed,,", "Total,1,,"))
    assert len(items) == 1
    assert '"SMS Consent" is "1", which no --status maps' in result.output
    export = write("a.csv", "+14155552671,Subscribed,,", "Total,,,")
    items, result = convert(export)
    assert (len(items), result.exit_code) == (1, 1)
    assert "If it means no item, pass --status =leave-out" in flat(result)
    items, result = convert(export, "--status", "=leave-out")
    assert (len(items), result.exit_code) == (1, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Phone,SMS Consent\n+14155552671,Caf\xe9\n", "Pass --encoding cp1252"),
        (HEADER.encode("utf-16"), "Pass --encoding utf-16"),
        (b'Phone,SMS Consent\n"+14155552671,Subscribed\n', "malformed CSV"),
        (b"", "is empty"),
        (b"%PDF-1.7", "is a PDF document"),
        (b"PK\x03\x04[Content_Types].xml", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_writes_nothing(content: bytes, message: str) -> None:
    Path("a.csv").write_bytes(content)
    mapped = ("--map", "contact_id=Phone", *STATUS)
    result = invoke("a.csv", "-o", "items.jsonl", *CONSTANTS, *mapped)
    assert result.exit_code == 2, result.output
    assert message in flat(result)
    assert not Path("items.jsonl").exists()


def test_other_encodings_are_read_by_name() -> None:
    Path("a.csv").write_bytes((HEADER + "+14155552671,Subscribed,,Caf\xe9\n").encode("utf-16"))
    items, _ = convert("a.csv", "--encoding", "utf-16")
    assert len(items) == 1


def test_json_lines_are_read() -> None:
    Path("a.jsonl").write_text(
        '{"Phone": 14155552671, "SMS Consent": "Subscribed"}\n\n{"SMS Consent": null}\n{"Phone"\n'
    )
    items, result = convert("a.jsonl", "--lost-plus", "--left-out", "left.jsonl")
    assert [item["contact_id"] for item in items] == ["+14155552671"]
    assert "1 written + 2 left out = 3 rows." in result.output
    left = [json.loads(line) for line in Path("left.jsonl").read_text().splitlines()]
    assert [each["row"] for each in left] == [3, 4]


def test_an_object_whose_values_of_one_key_differ_is_left_out() -> None:
    Path("a.jsonl").write_text(
        '{"Phone": "+14155552671", "status": "opt-out", "status": "opt-in"}\n'
        '{"Phone": "+14155552672", "status": "opt-out", "status": "opt-out"}\n'
    )
    result = invoke("a.jsonl", "-o", "items.jsonl", *CONSTANTS, "--left-out", "left.jsonl")
    assert result.exit_code == 1
    assert 'the key "status" occurs more than once, with different values' in flat(result)
    (line,) = Path("items.jsonl").read_text().splitlines()
    assert json.loads(line)["contact_id"] == "+14155552672"
    left = json.loads(Path("left.jsonl").read_text())
    assert left["columns"]["Phone"] == "+14155552671"


def test_csv_is_read_from_standard_input() -> None:
    command = [sys.executable, "-m", "consentlint", "convert", "-", "-o", "items.csv.gz", *NOW]
    mapped = ("--map", "contact_id=Phone", *STATUS)
    stdin = HEADER + "+14155552671,Subscribed,,\n"
    root = Path(__file__).resolve().parent.parent.parent
    subprocess.run(
        [*command, *CONSTANTS, *mapped],
        input=stdin,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with gzip.open("items.csv.gz", "rt") as file:
        assert file.readline().startswith("contact_id,correlation_id,")


def test_an_output_that_cannot_be_written_is_named() -> None:
    export = write("a.csv", "+14155552671,Subscribed,,")
    result = invoke(export, "-o", "missing/items.jsonl", *CONSTANTS, *STATUS)
    assert result.exit_code == 2
    assert "missing/items.jsonl cannot be written: No such file" in result.output


def test_an_export_is_never_overwritten() -> None:
    export = write("a.csv", "+14155552671,Subscribed,,")
    result = invoke(export, "-o", export, *CONSTANTS, *STATUS)
    assert result.exit_code == 2
    assert "would overwrite" in result.output


def test_phone_numbers_and_addresses_are_masked_in_all_that_is_shown() -> None:
    rows = (
        "4155552671,+14155552699,,ann@example.com",
        "4155552672,someone@example.com,4155552698,bob@example.com",
        "4155552673,Subscribed,4155552697,Ann Smith",
    )
    export = write("a.csv", *rows)
    shown = [convert(export)[1].output, convert(export, "--region", "US")[1].output]
    shown.append(invoke(export, "--inspect", "--map", "status=SMS Consent").output)
    shown.append(invoke(export, "--inspect", "--write-mapping", "m.toml").output)
    shown.append(Path("m.toml").read_text())
    for text in shown:
        assert not re.search("55526[79]|someone@|ann@|bob@|Smith", text), text


def test_a_written_mapping_works_once_the_user_has_decided() -> None:
    export = write("a.csv", "4155552671,Subscribed,02/28/2025 2:05 PM,", "4155552672,Pending,,")
    result = invoke(export, "--inspect", "--write-mapping", "m.toml")
    assert result.exit_code == 0, result.output
    text = Path("m.toml").read_text()
    decided = re.sub(
        '^# (region|timezone|status|sender_id|source|")', r"\1", text, flags=re.MULTILINE
    )
    decided = decided.replace('"MG…"', f'"{SENDER}"')
    decided = decided.replace('"Subscribed" = "leave-out"', '"Subscribed" = "opt-in"')
    Path("m.toml").write_text(decided)
    result = invoke(export, "--mapping", "m.toml", "-o", "items.jsonl")
    assert result.exit_code == 0, decided + result.output
    (line,) = Path("items.jsonl").read_text().splitlines()
    assert json.loads(line)["date_of_consent"] == "2025-02-28T14:05:00-05:00"


def test_inspect_says_whether_the_order_of_day_and_month_is_certain() -> None:
    certain = write("a.csv", "+14155552671,Subscribed,02/28/2025 2:05 PM,")
    assert "The month comes first: 1 date" in invoke(certain, "--inspect").output
    open_ = write("b.csv", "+14155552671,Subscribed,02/03/2025 2:05 PM,")
    assert "Whether day or month comes first is not certain." in invoke(open_, "--inspect").output


@pytest.mark.slow
def test_several_processes_write_what_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONSENTLINT_ID_KEY", "a key of the tests")
    words = ("Subscribed", "Unsubscribed", "Never")
    Path("export.csv").write_text(
        "Phone,SMS,Date\n"
        + "".join(
            f"(415) 555-{number:04},{words[number % 3]},0{number % 9 + 1}/28/2025 2:05 PM\n"
            if number % 7
            else f"{number},Subscribed,soon\n"
            for number in range(10_000)
        )
        * 5
    )
    options = (
        *("--map", "contact_id=Phone", "--map", "status=SMS", "--map", "date_of_consent=Date"),
        *("--set", "sender_id=MG9752274e9e519418a7406176694466fa", "--set", "source=website"),
        *("--status", "Subscribed=opt-in", "--status", "Unsubscribed=opt-out", "--region", "US"),
        *(
            "--timezone",
            "UTC",
            "--date-format",
            "MDY",
            "--stable-ids",
            "--now",
            "2026-01-01T00:00:00Z",
        ),
    )
    results = []
    for jobs in ("1", "3"):
        result = CliRunner().invoke(
            main,
            [
                "convert",
                "export.csv",
                "-o",
                "items.jsonl",
                "--left-out",
                "left.csv",
                "-j",
                jobs,
                *options,
            ],
        )
        assert result.exit_code == 1, result.output
        results.append(
            (result.output, Path("items.jsonl").read_text(), Path("left.csv").read_text())
        )
    assert results[0] == results[1]
    assert results[0][1].count("\n") > 20_000
