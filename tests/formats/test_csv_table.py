"""CSV with a header: delimiters, quotes, columns, rows."""

import csv
import io
import tracemalloc
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from linting import Event, findings_in

from consentlint.formats._csv_records import MAX_RECORD
from consentlint.formats._decode import MAX_ERRORS
from consentlint.linter.read import read_items
from consentlint.model.endpoints import CONSENTS, CONTACTS
from consentlint.model.findings import Finding
from consentlint.model.items import Header, Item, ParseError
from consentlint.model.settings import ReadOptions, Settings

Check = Callable[..., list[Finding]]
Read = Callable[..., list[Event]]
Consent = Callable[..., dict[str, object]]
CostRatio = Callable[[Callable[[int], object], int, int], float]

HEADER = "contact_id,correlation_id,sender_id,status,source,date_of_consent"


def row(item: dict[str, object], delimiter: str = ",") -> str:
    return delimiter.join(map(str, item.values()))


def items(events: list[Event]) -> list[Item]:
    return [event for event in events if isinstance(event, Item)]


def located(findings: list[Finding]) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(finding.rule, finding.line, finding.column, finding.item) for finding in findings]


# The header.


@pytest.mark.parametrize(
    "header",
    [
        "contact_id,status",
        "contact_id;status",
        "contact_id\tstatus",
        "contact_id|status",
        "\ufeffcontact_id,status",
        '"contact_id","status"',
        '\ufeff"contact_id";"status"',
        " contact_id , status ",
        '" contact_id ",status\t',
        "contact_id,status\r",
    ],
)
def test_a_header_may_have_quotes_spaces_a_bom_and_one_of_four_delimiters(
    read: Read, header: str
) -> None:
    delimiter = next(d for d in "\t;|," if d in header.strip())
    first, item = read("x.csv", f"{header}\na{delimiter}b\n")
    assert isinstance(first, Header)
    assert first.columns == ("contact_id", "status")
    assert isinstance(item, Item)
    assert dict(item.fields) == {"contact_id": "a", "status": "b"}


def test_the_delimiter_is_the_one_that_splits_the_header_into_known_columns(read: Read) -> None:
    """Other delimiters may appear in cells and in unknown columns."""
    (item,) = items(read("x.csv", 'contact_id;"a,b,c";status\n1,5;x\ty;z\n'))
    assert dict(item.fields) == {"contact_id": "1,5", "status": "z"}


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.txt"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_detected_from_the_header_and_not_from_the_file_name(
    check: Check, consent: Consent, name: str, delimiter: str
) -> None:
    content = f"{HEADER.replace(',', delimiter)}\n{row(consent(status='x'), delimiter)}\n"
    column = row(consent(status="x")).index(",x,") + 2
    assert located(check(name, content)) == [("invalid-status", 2, column, 0)]


def test_one_column_needs_no_delimiter(read: Read) -> None:
    (item,) = items(read("x.csv", "contact_id\n\n+19\n"))
    assert dict(item.fields) == {"contact_id": "+19"}
    assert item.source is not None
    assert item.source.location[:2] == (3, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("inside", ["\n", "\r\n"])
def test_a_quoted_column_name_may_contain_a_line_break(read: Read, inside: str, end: str) -> None:
    """Spreadsheets write such headers, and the cells below them are in their columns."""
    header = f'contact_id,"note{inside}(free)",status'
    first, item = read("x.csv", f"{header}{end}a,b,c{end}")
    assert isinstance(first, Header)
    assert first.columns == ("contact_id", f"note{inside}(free)", "status")
    assert isinstance(item, Item)
    assert dict(item.fields) == {"contact_id": "a", "status": "c"}
    assert item.source is not None
    assert item.source.location[:2] == (3, 1)


def test_unknown_columns_are_reported_once_at_their_names(check: Check, consent: Consent) -> None:
    rows = "".join(f"{row(consent(number))},x,y\n" for number in range(3))
    findings = check("x.csv", f"{HEADER},note, consent_date\n{rows}")
    assert located(findings) == [
        ("unknown-field", 1, len(HEADER) + 2, None),
        ("unknown-field", 1, len(HEADER) + 7, None),
    ]
    assert [finding.field for finding in findings] == ["note", "consent_date"]


def test_a_column_of_the_other_kind_is_reported_once(check: Check, consent: Consent) -> None:
    rows = "".join(f"{row(consent(number))},94105\n" for number in range(3))
    assert located(check("x.csv", f"{HEADER},zip_code\n{rows}")) == [
        ("unknown-field", 1, len(HEADER) + 2, None)
    ]


def test_two_unknown_columns_with_one_name_are_not_reported_at_the_same_location(
    check: Check, consent: Consent
) -> None:
    findings = check("x.csv", f"{HEADER},note,note\n{row(consent())},x,y\n")
    assert {finding.rule for finding in findings} == {"unknown-field"}
    assert len(findings) == len({finding.column for finding in findings})


def test_two_columns_for_one_field_are_malformed(check: Check) -> None:
    (finding,) = check("x.csv", "contact_id,status,contact_id\na,b,c\n")
    assert (finding.rule, finding.line) == ("file-malformed", 1)
    assert "contact_id" in finding.message


def test_every_misnamed_column_is_reported_at_its_name(check: Check) -> None:
    findings = check("x.csv", "Contact ID,Status,source,x\n1,2,3,4\n")
    assert located(findings) == [
        ("file-kind", 1, 1, None),
        ("file-kind", 1, 12, None),
        ("file-kind", 1, 1, None),
    ]
    assert findings[-1].message.startswith(
        "columns are missing, or have other names: correlation_id and sender_id."
    )


@pytest.mark.parametrize("header", ["a,b,c", "+19,opt-in", "sep=;;", "x"])
def test_a_header_without_a_field_of_the_api_has_no_kind(check: Check, header: str) -> None:
    assert located(check("x.csv", f"{header}\n1,2,3\n", endpoint=CONSENTS)) == [
        ("file-kind", 1, 1, None)
    ]


def test_the_line_in_which_spreadsheets_name_the_delimiter_is_skipped(
    check: Check, consent: Consent
) -> None:
    table = f"{HEADER}\n{row(consent(status='x'))}\n".replace(",", ";")
    (finding,) = check("x.csv", f"sep=;\n{table}")
    assert (finding.rule, finding.line) == ("invalid-status", 3)


@pytest.mark.parametrize("name", ["CONTACT_ID", "contactId", "Contact ID", "contactid"])
def test_a_misnamed_column_is_reported_once_and_not_for_every_row(
    check: Check, consent: Consent, name: str
) -> None:
    header = HEADER.replace("contact_id", name)
    (finding,) = check("x.csv", f"{header}\n" + f"{row(consent())}\n" * 3)
    assert finding.rule == "file-kind"
    assert finding.message == f'unknown column "{name}": rename the column to "contact_id".'


def test_a_column_that_is_replaced_by_another_is_reported_as_missing(
    check: Check, consent: Consent
) -> None:
    header = HEADER.replace("source", "note")
    findings = check("x.csv", f"{header}\n{row(consent())}\n")
    assert [f.rule for f in findings] == ["invalid-source", "unknown-field"]


def test_a_blank_first_line_is_not_a_header(check: Check) -> None:
    assert located(check("x.csv", f"\n{HEADER}\n", endpoint=CONSENTS)) == [
        ("file-malformed", 1, 1, None)
    ]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        " \r\n",
        "\ufeff",
        HEADER,
        f"{HEADER}\n",
        f"\ufeff{HEADER}\r\n\r\n",
        f"{HEADER}\n,,,,,\n\n,\n",
    ],
)
def test_a_table_without_rows_is_empty(check: Check, content: str) -> None:
    assert located(check("x.csv", content)) == [("file-empty", 1, 1, None)]


# Rows and cells.


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_rows_and_rows_of_empty_cells_are_skipped(
    read: Read, consent: Consent, end: str
) -> None:
    lines = [
        HEADER,
        "",
        row(consent(0)),
        ",,,,,",
        '"","","","","",',
        ",",
        '""',
        row(consent(1)),
        "",
    ]
    found = items(read("x.csv", end.join(lines)))
    assert [(item.index, item.source and item.source.location.line) for item in found] == [
        (0, 3),
        (1, 8),
    ]


def test_an_empty_cell_is_a_missing_field_that_is_located_at_the_cell(
    check: Check, consent: Consent
) -> None:
    item = consent(status="")
    (finding,) = check("x.csv", f"{HEADER}\n{row(item)}\n")
    assert (finding.rule, finding.line) == ("invalid-status", 2)
    assert "missing" in finding.message
    assert finding.column == row(item).index(",,") + 2


def test_a_missing_column_is_reported_once(check: Check, consent: Consent) -> None:
    items = [consent(number) for number in range(3)]
    for item in items:
        del item["source"]
    findings = check("x.csv", ",".join(items[0]) + "\n\n" + "\n".join(map(row, items)))
    assert located(findings) == [("invalid-source", 1, 1, None)]
    assert findings[0].message == "column source is missing. The API would reject all 3 rows."


def test_an_empty_column_is_reported_once_at_its_name(check: Check, consent: Consent) -> None:
    items = [consent(number, status="") for number in range(3)]
    findings = check("x.csv", ",".join(items[0]) + "\n" + "\n".join(map(row, items)))
    assert located(findings) == [("invalid-status", 1, HEADER.index("status") + 1, None)]
    assert "column status is empty in every row" in findings[0].message
    (finding,) = check("x.csv", f"{HEADER}\n{row(consent(status=''))}\n{row(consent(1))}\n")
    assert finding.item == 0


def test_a_quoted_cell_may_contain_delimiters_quotes_and_line_breaks(read: Read) -> None:
    text = 'a,"b"\r\nc;\td\n\n"'
    file = io.StringIO()
    csv.writer(file).writerows([["contact_id", "status"], [text, "x"], ["y", text], ["z", "z"]])
    found = items(read("x.csv", file.getvalue()))
    assert [dict(item.fields) for item in found] == [
        {"contact_id": text, "status": "x"},
        {"contact_id": "y", "status": text},
        {"contact_id": "z", "status": "z"},
    ]
    assert [item.source and item.source.location.line for item in found] == [2, 6, 10]


def test_a_value_after_a_line_break_is_located_on_the_next_line(
    check: Check, consent: Consent
) -> None:
    text = row(consent(status="x"))
    findings = check("x.csv", f'note,{HEADER}\n"é\r\n""\n",{text}\n')
    assert located(findings)[1:] == [("invalid-status", 4, 3 + text.index(",x,") + 1, 0)]


def test_white_space_in_a_cell_is_part_of_the_value(check: Check, consent: Consent) -> None:
    findings = check("x.csv", f"{HEADER}\n{row(consent(status=' opt-in '))}  \n")
    assert [f.rule for f in findings] == ["invalid-status", "invalid-date-of-consent"]


@pytest.mark.parametrize(
    ("cells", "count"), [("a", "1 cell"), ("a,b,c", "3 cells"), ("a,b,c,d,e,f,g", "7 cells")]
)
def test_a_row_with_too_few_or_too_many_cells_is_malformed_and_the_next_row_is_read(
    check: Check, consent: Consent, cells: str, count: str
) -> None:
    rows = [HEADER, row(consent(0)), cells, row(consent(1, status="x"))]
    findings = check("x.csv", "\n".join(rows))
    assert [(f.rule, f.line, f.item) for f in findings] == [
        ("item-malformed", 3, 1),
        ("invalid-status", 4, 2),
    ]
    assert findings[0].column == 1
    assert count in findings[0].message


# Quotes gone wrong.


@pytest.mark.parametrize(
    ("broken", "line", "column"),
    [
        ('"a,b,c,d,e,f', 3, 1),
        ('a,"b,c,d,e,f', 3, 3),
        ('a,"b\n,c,d,e,f', 3, 3),
        ('"é\nx","b\n,c,d,e,f', 4, 4),
        ('"é""",b,"c""\n,d,e,f', 3, 9),
        ('a,b,c,d,e,"', 3, 11),
        ('a,b,c,d,e,"\n', 3, 11),
        ('"\r\n",b,"c\r\n', 4, 5),
    ],
)
def test_an_unclosed_quote_is_reported_where_it_opens(
    check: Check, consent: Consent, broken: str, line: int, column: int
) -> None:
    findings = check("x.csv", f"{HEADER}\n{row(consent())}\n{broken}")
    assert located(findings) == [("file-malformed", line, column, 1)]
    assert "never closed" in findings[0].message


@pytest.mark.parametrize(
    ("broken", "line", "column"),
    [
        ('"a"b,c,d,e,f,g', 3, 1),
        ('a,"b" ,c,d,e,f', 3, 3),
        ('"x\ny",é,"c"d,e,f', 4, 6),
        ('a,"say "hi"",c,d,e,f', 3, 3),
    ],
)
def test_a_quote_that_closes_too_early_is_reported_where_it_opens(
    check: Check, consent: Consent, broken: str, line: int, column: int
) -> None:
    """The rows after it are read, each with a number of its own."""
    rows = [HEADER, row(consent(0)), broken, row(consent(1, status="x"))]
    findings = check("x.csv", "\n".join(rows))
    assert located(findings)[:1] == [("file-malformed", line, column, 1)]
    assert "before the end" in findings[0].message
    assert [(f.rule, f.item) for f in findings[1:]] == [("invalid-status", 2)]


def test_a_quote_in_the_middle_of_a_cell_is_part_of_it(read: Read) -> None:
    (item,) = items(read("x.csv", 'contact_id,status\na"b,c""\n'))
    assert dict(item.fields) == {"contact_id": 'a"b', "status": 'c""'}


def test_an_unclosed_quote_in_a_long_file_is_reported_where_it_opens(
    check: Check, consent: Consent
) -> None:
    """The rest of the file is not read into memory, and its rows are not misread."""
    rest = "\n".join([row(consent())] * 2_000)
    findings = check("x.csv", f'{HEADER}\n{row(consent(1))}\na,"b,c,d,e,f\n{rest}\n')
    assert [(f.rule, f.line, f.column) for f in findings] == [("file-malformed", 3, 3)]


def test_a_quote_in_the_middle_of_a_column_name_is_part_of_it(read: Read) -> None:
    """As in a cell; the rows below do not belong to the header."""
    events = read("x.csv", 'contact_id,5" note,status\n+19,6" x,a\n+18,y,b\n')
    assert [dict(item.fields) for item in items(events)] == [
        {"contact_id": "+19", "status": "a"},
        {"contact_id": "+18", "status": "b"},
    ]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ('contact_id,"status', 12),
        ('contact_id,status,"note', 19),
        ('"a",contact_id,"x"" y', 16),
        ('"a""",status,"', 14),
    ],
)
def test_an_unclosed_quote_in_the_header_is_reported_where_it_opens(
    check: Check, header: str, column: int, cost_ratio: CostRatio
) -> None:
    """Without the rest of the file being searched for its end again and again."""

    def search(lines: int) -> None:
        findings = check("x.csv", f"{header}\n" + "+14155552670,opt-in,x\n" * lines)
        assert [(f.rule, f.line, f.column) for f in findings] == [("file-malformed", 1, column)]

    # Again for each line, it would take sixty-four times as long.
    assert cost_ratio(search, 4_000, 8) < 24


def test_an_unclosed_quote_in_the_second_line_of_a_header_is_reported_where_it_opens(
    check: Check,
) -> None:
    findings = check("x.csv", 'contact_id,"a\nb",é,"status\n+19,x,y,z\n')
    assert [(f.rule, f.line, f.column) for f in findings] == [("file-malformed", 2, 6)]


# Attacks and accidents.


def test_a_zero_byte_is_located(check: Check, consent: Consent) -> None:
    content = f"{HEADER}\n{row(consent(0))}\né\0,b,c,d,e,f\n{row(consent(1))}\n"
    findings = check("x.csv", content)
    assert [(f.rule, f.line, f.column) for f in findings] == [("file-malformed", 3, 2)]


def test_a_zero_byte_in_a_record_of_several_lines_does_not_move_the_items_before_it(
    check: Check, consent: Consent
) -> None:
    content = f'{HEADER}\n{row(consent(0, contact_id="x"))}\na,"b\n",c,d\0,e,f\n'
    findings = check("x.csv", content)
    assert [(f.rule, f.line) for f in findings] == [
        ("invalid-contact-id", 2),
        ("file-malformed", 4),
    ]


def test_a_byte_that_is_not_utf_8_is_located(check: Check, consent: Consent) -> None:
    content = f"{HEADER}\r\n{row(consent(0))}\r\né,".encode() + b"\xe9,c,d,e,f\r\n"
    findings = check("x.csv", content)
    assert [(f.rule, f.line, f.column) for f in findings] == [("file-encoding", 3, 3)]


def test_an_endless_line_is_not_read_into_memory(check: Check, consent: Consent) -> None:
    content = f"{HEADER}\n{row(consent())}\n" + "x" * (MAX_RECORD + 1) + "\n"
    findings = check("x.csv", content)
    assert [(f.rule, f.line) for f in findings] == [("file-malformed", 3)]


@pytest.mark.slow
def test_an_endless_record_is_not_read_into_memory(
    write: Callable[[str, str | bytes], Path], settings: Settings
) -> None:
    """Each line closes a cell and opens the next, so that all are one record."""
    path = str(write("record.csv", 'contact_id,status\n"' + ("x" * 20 + '\n","') * 100_000 + '"\n'))
    tracemalloc.start()
    try:
        findings = findings_in(path, settings)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert findings[0].line == 2
    assert peak < 80_000_000


def test_a_carriage_return_alone_does_not_end_a_line(check: Check, consent: Consent) -> None:
    """A file that has only these is reported as such."""
    (finding,) = check("x.csv", f"{HEADER}\r{row(consent())}\r")
    assert (finding.rule, "(CR) alone" in finding.message) == ("file-malformed", True)
    findings = check("x.csv", f"{HEADER}\n{row(consent())}\ra,b\n")
    assert [(f.rule, f.line) for f in findings] == [("file-malformed", 2)]


def test_reading_a_table_stops_after_too_many_errors(read: Read) -> None:
    events = read("x.csv", HEADER + "\n" + "x\n" * 3 * MAX_ERRORS)
    faults = [event for event in events if isinstance(event, ParseError)]
    assert len(faults) == MAX_ERRORS + 1
    assert faults[-1].location.line == MAX_ERRORS + 2


def test_a_cell_that_looks_like_json_is_text(check: Check) -> None:
    findings = check("x.csv", 'country_iso_code,zip_code\n"{""a"": 1}",null\n', endpoint=CONTACTS)
    assert "INVALID_COUNTRY_ISO_CODE" in {str(f.reason) for f in findings}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "line"),
    [
        ("read", '+19,opt-in,website,"some\nnote' + "x" * 2_000 + '"\n'),
        ("check", "+19,opt-in,website," + "é" * 5_000 + "\n"),
    ],
)
def test_memory_use_does_not_grow_with_the_file(
    write: Callable[[str, str | bytes], Path], settings: Settings, way: str, line: str
) -> None:
    """Of 40 MB, a part is held at any time."""
    header = "contact_id,status,source,note\n"
    path = str(write("large.csv", header + line * (40_000_000 // len(line.encode()))))
    tracemalloc.start()
    try:
        if way == "read":
            deque(read_items(path, ReadOptions()), maxlen=0)
        else:
            findings_in(path, settings)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000


def test_the_kind_is_detected_from_the_columns(check: Check, contact: Consent) -> None:
    good = contact()
    assert check("x.csv", f"{','.join(good)}\n{row(good)}\n") == []
    assert CONSENTS.fields == tuple(HEADER.split(","))
