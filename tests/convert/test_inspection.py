"""`convert --inspect`: what it shows of an export, and what it leaves to the user."""

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from consentlint.cli import main

EXPORTS = Path(__file__).resolve().parent.parent.parent / "examples" / "exports"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def inspect(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["convert", "--inspect", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def to_decide(*arguments: str) -> list[str]:
    """Return the lines below "To decide"."""
    _, _, lines = inspect(*arguments).partition("To decide:\n")
    return [line.strip() for line in lines.splitlines()]


def write(header: str, *rows: str, name: str = "a.csv") -> str:
    Path(name).write_text("".join(f"{row}\n" for row in (header, *rows)))
    return name


def write_book(*rows: list[object]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save("book.xlsx")
    return "book.xlsx"


@pytest.mark.parametrize(
    ("preset", "decided"),
    [
        ("omnisend", ("--time-of-day",)),
        ("salesforce-mobileconnect", ("--timezone", "--region")),
        ("postscript", ("--timezone", "--map contact_id")),
        ("attentive", ("--map status",)),
        ("brevo", ("--map", "--region", "--lost-plus", "--status")),
        ("constant-contact", ("--region", "--date-format")),
        ("shopify", ("--map", "--region", "--status")),
    ],
)
def test_what_a_preset_decides_is_not_asked(preset: str, decided: tuple[str, ...]) -> None:
    name = "postscript_active" if preset == "postscript" else preset.replace("-", "_")
    lines = to_decide(str(EXPORTS / f"{name}.csv"), "--preset", preset)
    assert any(line.startswith("--set sender_id") for line in lines)
    assert not [line for line in lines if line.startswith(decided)]


@pytest.mark.parametrize("export", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
@pytest.mark.parametrize("preset", [None, "omnisend", "constant-contact"])
def test_an_option_is_asked_once(export: Path, preset: str | None) -> None:
    lines = to_decide(str(export), *(() if preset is None else ("--preset", preset)))
    asked = Counter(line.split()[0] for line in lines if not line.startswith(("--set", "--map")))
    del asked["--status"]  # once for each column with words
    assert set(asked.values()) <= {1}


def test_a_preset_whose_numbers_may_lack_the_plus_sign_says_so() -> None:
    export = str(EXPORTS / "salesforce_mobileconnect.csv")
    lines = to_decide(export, "--preset", "salesforce-mobileconnect")
    assert "--lost-plus (4 numbers without a plus sign)" in lines
    lines = to_decide(export, "--preset", "salesforce-mobileconnect", "--lost-plus")
    assert "lost-plus" not in " ".join(lines)


def test_an_option_names_each_column_that_needs_it() -> None:
    header = "Phone,Opt-in date,Opt-out date"
    lines = to_decide(write(header, "+14155552671,2024-01-02 10:00,01/13/2024"))
    assert '--timezone ZONE (no UTC offset in "Opt-in date")' in lines
    assert '--time-of-day TIME (no time in "Opt-out date")' in lines
    assert '--date-format MDY (for "Opt-out date")' in lines
    lines = to_decide(write(header, "+14155552671,2024-01-02 10:00,2024-01-02 10:00"))
    assert '--timezone ZONE (no UTC offset in "Opt-in date" and "Opt-out date")' in lines


def test_a_status_of_the_file_is_set_for_the_file_itself() -> None:
    write("Phone", "+14155552671", name="my in.csv")
    lines = to_decide("my in.csv")
    assert "or --set 'status=opt-in:my in.csv'" in " ".join(lines)


def test_words_of_a_mapped_column_are_asked_for_that_column() -> None:
    lines = to_decide(str(EXPORTS / "attentive.csv"), "--preset", "attentive")
    words = 'Subscribed=opt-in or another meaning, for each word in "SMS Marketing Status"'
    assert f"--status {words}" in lines
    blank = write("Subscriber Phone Number,SMS Marketing Status", "+14155552671,")
    lines = to_decide(blank, "--preset", "attentive")
    word = "--status WORD=opt-in (or opt-out or leave-out, for each word of its status columns)"
    assert word in lines


def test_words_are_asked_once_for_a_column_that_may_be_the_status() -> None:
    lines = to_decide(write("Phone,SMS Consent", "+14155552671,Subscribed"))
    assert "--map status='SMS Consent', or --set status=opt-in:a.csv" in lines
    assert [line for line in lines if "--status " in line] == [
        '--status Subscribed=opt-in or another meaning, for each word in "SMS Consent"'
    ]


def test_several_columns_that_may_be_the_number_are_shown_with_the_choice() -> None:
    export = write("Phone,Mobile,Cell", "+14155552671,+14155552672,+14155552673")
    report = inspect(export)
    assert "Mobile  +1415•••••72" in report
    assert '--map contact_id=COLUMN (one of "Phone", "Mobile", "Cell")' in to_decide(export)
    assert "contact_id" not in " ".join(to_decide(export, "--map", "contact_id=Mobile"))
    inspect(export, "--write-mapping", "m.toml")
    assert '# contact_id = "Mobile"' in Path("m.toml").read_text().splitlines()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("CONTACT ID", "1"), ("Phone", "1"), ("Subscriber", "1")),
        ("CONTACT ID", "5F0C2E7F-4A9D-4C27-B1D0-C9F3E2A7B685"),
    ],
)
def test_a_column_whose_values_cannot_be_numbers_is_not_the_number(name: str, value: str) -> None:
    export = write(f"{name},Mobile", f"{value},+14155552671", f"{value},")
    report = inspect(export)
    assert report.count("contact_id") == 1
    assert "-> contact_id: by its name" in report
    assert "contact_id" not in " ".join(to_decide(export))


@pytest.mark.parametrize(
    "value", ["nobody", "tel:+14155552671", "+1 415 555-2671 ext. 5", "4.1E+10", ""]
)
def test_a_column_called_phone_is_the_number_unless_its_values_are_too_short(value: str) -> None:
    assert "contact_id" not in " ".join(to_decide(write("Phone,Status", f"{value},opt-in")))


def test_a_column_of_numbers_that_is_called_sms_may_be_the_number() -> None:
    assert "may be contact_id" in inspect(write("SMS,Status", "33612345678,opt-in"))
    assert "may be contact_id" not in inspect(write("SMS,Status", "yes,opt-in"))


def test_a_known_export_is_named_above_its_columns() -> None:
    lines = inspect(str(EXPORTS / "brevo.csv")).splitlines()
    assert lines[2] == "It looks like a known export: pass --preset brevo."


@pytest.mark.parametrize("title", ["Subscribers 2025\n\n", "Subscribers 2025,,\nby Ann,,\n"])
def test_a_header_below_a_title_is_pointed_to(title: str) -> None:
    export = write(f"{title}Phone,SMS Consent,Date", "+14155552671,Yes,2025-02-28")
    assert "\nThe header is in row 3: pass --header-row 3.\n" in inspect(export)
    assert "header" not in inspect(export, "--header-row", "3")


def test_a_header_below_a_title_of_a_sheet_is_pointed_to() -> None:
    export = write_book(["Subscribers"], [], ["Phone", "Consent"], ["+14155552671", "Yes"])
    assert "\nThe header is in row 3: pass --header-row 3.\n" in inspect(export)


def test_names_that_nobody_knows_may_be_a_header() -> None:
    assert "--header-row" not in inspect(write("a,b,c", "1,2,3", "+14155552671,Yes,website"))


def test_formulas_and_rounded_numbers_are_not_counted_as_national() -> None:
    book = write_book(
        ["Phone", "Status"],
        *(["=A9", "opt-in"], ["=A9", "opt-in"], [4.15e18, "opt-in"], ["4155552671", "opt-in"]),
    )
    report = inspect(book)
    assert "2  formulas without a value: open the workbook" in report
    assert "1  rounded by a spreadsheet: export again" in report
    assert "--region CODE (1 number without a country code)" in report


def test_a_serial_date_with_a_time_has_a_time() -> None:
    book = write_book(["Phone", "Consent date"], ["+14155552671", 45691.46])
    lines = to_decide(book)
    assert "--time-of-day" not in " ".join(lines)
    assert '--timezone ZONE (no UTC offset in "Consent date")' in lines
    book = write_book(["Phone", "Consent date"], ["+14155552671", 45691])
    assert '--time-of-day TIME (no time in "Consent date")' in to_decide(book)


def test_each_row_is_counted_once() -> None:
    rows = '{"Phone": "+14155552671", "Status": "Yes"}\n' * 201
    output = inspect(write(rows.rstrip(), name="a.jsonl"))
    assert "a.jsonl: 201 rows" in output
    assert '201  "Yes"' in output
