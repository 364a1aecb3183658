"""An excerpt shows the value at fault and the fields of the API, and nothing of other columns."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentlint.cli import main
from consentlint.fields import schemas
from consentlint.reporters import REPORTERS

ITEM = schemas.load("consent-item")["examples"][0]
SID = ITEM["sender_id"]
ID = ITEM["correlation_id"]
Rows = list[dict[str, object]]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def excerpt(name: str, text: str, *options: str) -> list[str]:
    """Return the first excerpt of the report on a file: the line, and its carets.

    Unless other options are given, it is about a status, or a parse error.
    """
    options = options or ("--select", "invalid-status")
    Path(name).write_text(text, encoding="utf-8", newline="")
    arguments = ["check", name, "--kind", "consents", "--output-format", "full", *options]
    lines = CliRunner().invoke(main, arguments).output.splitlines()
    return [line.removeprefix("  | ") for line in lines if line.startswith("  | ")][:2]


def as_csv(rows: Rows) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


PERSON = {"name": "Jane Doe", "status": "opt in", "email": "jane@example.com"}


@pytest.mark.parametrize("show", [[], ["--show-values"]])
@pytest.mark.parametrize(
    ("name", "text", "line", "at"),
    [
        ("a.csv", as_csv([PERSON, PERSON]).replace("opt in", "opt-in", 1), "…,opt in,…", "opt in"),
        ("a.jsonl", json.dumps(PERSON), '{…, "status": "opt in", …}', '"opt in"'),
        ("a.json", json.dumps([PERSON]), '{…, "status": "opt in", …}', '"opt in"'),
        (
            "b.json",
            json.dumps([json.dumps(PERSON)]),
            r'"{…, \"status\": \"opt in\", …}"',
            r"\"opt in\"",
        ),
        (
            "a.form",
            urlencode({"Items": json.dumps(PERSON)}),
            "%7B…%2C+%22status%22%3A+%22opt+in%22%2C+…%7D",
            "%22opt+in%22",
        ),
    ],
)
def test_other_columns_and_keys_are_an_ellipsis(
    name: str, text: str, line: str, at: str, show: list[str]
) -> None:
    selected = ["--select", "invalid-status"]
    assert excerpt(name, text, *selected, *show) == [line, " " * line.index(at) + "^" * len(at)]


def test_the_name_of_an_unknown_key_is_shown_and_its_value_is_not() -> None:
    found = excerpt("a.json", json.dumps({"name": "Jane", **ITEM}), "--select", "unknown-field")
    assert found[0].startswith('{"name": …, "contact_id": "+1')
    assert found[1] == " ^^^^^^^^"


def test_the_words_of_a_nested_value_are_hidden() -> None:
    found = excerpt(
        "a.json",
        '{"contact_id": {"S": "+14155552671", "of": "Jane"}}',
        "--select",
        "invalid-contact-id",
    )
    assert found[0] == '{"contact_id": {"…": "+1415•••••71", "…": "…"}}'


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "too-many-cells.csv",
            "contact_id,name\n+14155552671,Jane Doe,jane@example.com",
            "+1415•••••71,…,…",
        ),
        (
            "quote.csv",
            f'name,contact_id,status,sender_id\n"Jane "J" Doe",+14155552671,opt-in,{SID}\n',
            f'"… "…" …",+1415•••••71,opt-in,{SID}',
        ),
        (
            "no-header.csv",
            f"Jane,jane@example.com,+14155552671,{ID},Opt In,2024-03-01T10:00:00Z,1985-04-12\n",
            f"…,…,+1415•••••71,{ID},Opt In,2024-03-01T10:00:00Z,…",
        ),
        ("a.json", '[{"name": "Jane", "contact_id": +14155552671}]', None),
        ("array.json", '[["Jane Doe", 17, "x", 94105]]', '[["…", 17, "…", •••••]]'),
        ("cut.jsonl", '{"name": "Jane", "status": "op', '{"…": "…", "status": "…'),
        ("literal.jsonl", "{'status': 'opt-in', 'name': 'Jane'}", "{'status': 'opt-in', '…': '…'}"),
        ("a.form", "name=Jane+Doe", "…=…+…"),
    ],
)
def test_a_parse_error_shows_delimiters_fields_and_masked_numbers(
    name: str, text: str, line: str | None
) -> None:
    expected = line or '[{"…": "…", "contact_id": +1415•••••71}]'
    assert excerpt(name, text)[0] == expected


def test_the_header_of_a_table_is_shown() -> None:
    text = "Email,First Name,Contact ID\njane@example.com,Jane,+14155552671\n"
    assert excerpt("a.csv", text) == ["Email,First Name,Contact ID", " " * 17 + "^"]


def test_an_invisible_character_is_named_and_the_carets_cover_it() -> None:
    found = excerpt("a.jsonl", '{"status": "opt\u200b-in", "source": "website"}')
    assert found == [
        '{"status": "opt<U+200B>-in", "source": "website"}',
        " " * 11 + "^" * len('"opt<U+200B>-in"'),
    ]


def test_carets_are_under_wide_characters() -> None:
    found = excerpt("a.jsonl", '{"status": "申込み", "source": "website"}')
    assert found[1] == " " * 11 + "^" * 8


def test_a_tab_is_a_sign_in_the_excerpt() -> None:
    row = f"Jane\tx\t{SID}\n"
    assert excerpt("a.csv", f"name\tstatus\tsender_id\n{row}{row}")[0].startswith("…␉x␉MG")


def test_a_value_outside_the_excerpt_is_not_cut_into_digits() -> None:
    """A number at the edge of what is read would lose digits, and with them its mask."""
    padding = {f"k{at}": "x" * 35 for at in range(8)}
    for length in range(40):
        item = {"status": "x", "pad": "y" * length, **padding, "contact_id": "+14155552671"}
        line, _ = excerpt("a.jsonl", json.dumps(item))
        assert "55" not in line


def as_json(rows: Rows) -> str:
    return json.dumps({"Items": rows}, ensure_ascii=False)


def as_json_texts(rows: Rows) -> str:
    return json.dumps([json.dumps(row) for row in rows])


def as_lines(rows: Rows) -> str:
    return "\n".join(map(json.dumps, rows))


def as_form(rows: Rows) -> str:
    return urlencode([("Items", json.dumps(row)) for row in rows])


WRITERS: dict[str, Callable[[Rows], str]] = {
    "a.json": as_json,
    "indented.json": lambda rows: json.dumps(rows, indent=1),
    "texts.json": as_json_texts,
    "a.jsonl": as_lines,
    "a.csv": as_csv,
    "a.form": as_form,
    "cut.json": lambda rows: as_json(rows)[:-9],
    "word.json": lambda rows: as_json(rows).replace(": ", ": x", 3),
    "headless.csv": lambda rows: as_csv(rows).partition("\n")[2],
    "few.csv": lambda rows: as_csv(rows).replace(",", "", 9),
    "quote.csv": lambda rows: as_csv(rows) + '"x"y,Zoe,z@zoe.example\n',
    "mistaken.jsonl": as_csv,
    "mistaken.form": as_json,
}
NAMES = ("Żółć", "Zoë", "O'Hara", "Quincy", "Wm. Q. Zyx", "佐藤", "d'Ürrüti")
WORDS = st.sampled_from(
    [*NAMES, *(f"{name.split()[-1].lower()}.q7@zq-mail.example" for name in NAMES), '"Zyx", Qu', ""]
)
PRIVATE = ("Żółć", "Zoë", "Zo\\u00eb", "Hara", "Quincy", "Zyx", "佐藤", "rrüti", "q7", "zq-mail")


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "first_name": WORDS,
                "e-mail": WORDS,
                "Notes": st.lists(WORDS, max_size=2).map(", ".join),
                "status": st.sampled_from(["opt-in", "opt in", "\u200bopt-in"]),
                "contact_id": st.sampled_from(["+14155552671", "415 555 2671", "x"]),
                "date_of_consent": st.just("2024-03-01"),
                "sender_id": st.just(SID),
            },
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(sorted(WRITERS)),
    st.sampled_from(sorted(REPORTERS)),
    st.sampled_from([[], ["--show-values"]]),
)
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_report_contains_a_cell_of_another_column(
    rows: Rows, name: str, output_format: str, show: list[str]
) -> None:
    Path(name).write_text(WRITERS[name](rows), encoding="utf-8", newline="")
    arguments = ["check", name, "--kind", "consents", "--output-format", output_format, *show]
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert [word for word in PRIVATE if word in result.output] == []
