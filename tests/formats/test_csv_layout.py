"""Tables whose header is not where it belongs, or that are not delimited as expected."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from consentlint.model.endpoints import CONTACTS
from consentlint.model.findings import Finding

Check = Callable[..., list[Finding]]
Consent = Callable[..., dict[str, object]]

HEADER = "contact_id,correlation_id,sender_id,status,source,date_of_consent"


@pytest.fixture
def rows(consent: Consent) -> str:
    """Returns two clean rows."""
    return "".join(",".join(map(str, consent(number).values())) + "\n" for number in range(2))


def run_in_shell(command: str, content: str, folder: Path) -> str:
    """Return what the command in a message writes to its output file."""
    (folder / "FILE").write_text(content, newline="")
    line = command[command.index(": ") + 2 :]
    subprocess.run(["sh", "-c", line], cwd=folder, check=True, capture_output=True)
    return (folder / "items.csv").read_text()


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Consent export 2025-02-28\n\n", 3),
        ("Status report\n", 2),
        ("\n", 2),
        ("Exported by,Jane Doe\nfor,Marketing\n\n\n", 5),
        ("# source: crm\n", 2),
        ("contact\n", 2),
        (",,,,,\n", 2),
    ],
)
def test_a_title_above_the_header_is_reported_once_with_the_line_of_the_header(
    check: Check, rows: str, tmp_path: Path, title: str, line: int
) -> None:
    (finding,) = check("x.csv", title + f"{HEADER}\n{rows}")
    assert (finding.rule, finding.line) == ("file-malformed", 1)
    assert finding.message.startswith(f"the header is on line {line}, expected on line 1.")
    repaired = run_in_shell(finding.message, f"{title}{HEADER}\n{rows}", tmp_path)
    assert check("x.csv", repaired) == []


@pytest.mark.parametrize(
    "header", [HEADER.replace("contact_id", "Phone Number"), HEADER.replace(",", ";")]
)
def test_a_header_below_a_title_may_have_misnamed_columns_and_any_delimiter(
    check: Check, header: str
) -> None:
    (finding,) = check("x.csv", f"Export\n{header}\n1,2,3\n")
    assert "the header is on line 2" in finding.message


@pytest.mark.parametrize(
    "line",
    ["#TYPE System.Management.Automation.PSCustomObject", '"#TYPE Selected.Row"', "#TYPE x\r"],
)
def test_the_type_line_of_powershell_is_reported_as_such(
    check: Check, rows: str, line: str
) -> None:
    (finding,) = check("x.csv", f"{line}\n{HEADER}\n{rows}")
    assert "-NoTypeInformation" in finding.message
    assert "line 2" in finding.message


@pytest.mark.parametrize("end", ["\n", "\r\n", " \n"])
@pytest.mark.parametrize("name", ["Jo", 'a ""b"" c'])
def test_lines_that_are_quoted_as_a_whole_are_reported_once(
    check: Check, rows: str, tmp_path: Path, end: str, name: str
) -> None:
    lines = [f"{HEADER},note", *(f"{row},x" for row in rows.splitlines())]
    content = "".join(f'"{line}"{end}' for line in lines)
    (finding,) = check("x.csv", content.replace(",x", f",{name}"))
    assert (finding.rule, finding.line) == ("file-malformed", 1)
    assert "each line is in quotes as a whole" in finding.message
    repaired = run_in_shell(finding.message, content, tmp_path)
    quotes = ["ambiguous-csv"] if '"' in name else []
    assert [f.rule for f in check("x.csv", repaired)] == ["unknown-field", *quotes]


@pytest.mark.parametrize(
    ("delimiter", "shown"),
    [("~", '"~"'), ("^", '"^"'), (":", '":"'), ("\x1f", "U+001F"), (" ", '" "')],
)
def test_a_delimiter_that_is_not_read_is_named(check: Check, delimiter: str, shown: str) -> None:
    header = HEADER.replace(",", delimiter)
    (finding,) = check("x.csv", f"{header}\n{'x' + delimiter}\n")
    assert f"separated by {shown}" in finding.message


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("header", [HEADER, f"note,{HEADER}", f"{HEADER},note"])
def test_vertical_bars_delimit_a_table_with_advice(
    check: Check, consent: Consent, quote: str, header: str
) -> None:
    names = header.split(",")
    cells = [{"note": "a,b;c", **consent(number)} for number in range(3)]
    table = [names, *([str(row[name]) for name in names] for row in cells)]
    content = "".join("|".join(f"{quote}{cell}{quote}" for cell in row) + "\n" for row in table)
    found = [f.rule for f in check("x.csv", content) if f.rule != "unknown-field"]
    assert found == ["ambiguous-csv"]
    assert check("x.csv", content, excerpts=True)[0].line == 1


@pytest.mark.parametrize("count", [2, 300])
def test_a_file_with_carriage_returns_only_is_reported_once(
    check: Check, consent: Consent, tmp_path: Path, count: int
) -> None:
    items = (
        consent(contact_id=f"+1415555{n:04}", correlation_id=f"{n:032x}") for n in range(count)
    )
    lines = [HEADER, *(",".join(map(str, item.values())) for item in items)]
    content = "".join(f"{line}\r" for line in lines)
    (finding,) = check("x.csv", content)
    assert (finding.rule, finding.line) == ("file-malformed", 1)
    assert "(CR) alone" in finding.message
    assert check("x.csv", run_in_shell(finding.message, content, tmp_path)) == []


@pytest.mark.parametrize(
    "row", ["+14155552671,x", "5f0c2e7f4a9d4c27b1d0c9f3e2a7b616,x", "Jane;opt-in", "4155552671"]
)
def test_the_message_for_a_table_without_a_header_shows_the_header_to_insert(
    check: Check, row: str
) -> None:
    (finding,) = check("x.csv", f"{row}\n{row}\n", endpoint=CONTACTS)
    header = ",".join(CONTACTS.fields)
    assert finding.message == f"the first row is data, not a header. Insert a header: {header}."


@pytest.mark.parametrize("header", ["a,b,c", "first name;last name", "x"])
def test_the_message_for_a_table_without_known_columns_shows_the_header_of_its_kind(
    check: Check, header: str
) -> None:
    (finding,) = check("x.csv", f"{header}\n1,2,3\n", endpoint=CONTACTS)
    assert f"Expected: {','.join(CONTACTS.fields)}. " in finding.message
    assert finding.message.endswith(f"consentlint convert --inspect {finding.file}")
    (finding,) = check("x.csv", f"{header}\n1,2,3\n")
    assert HEADER in finding.message
    assert ",".join(CONTACTS.fields) in finding.message
