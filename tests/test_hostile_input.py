"""Whatever bytes come in: a clear line, the right exit code, no traceback, memory in bounds."""

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentlint.cli import main

pytestmark = pytest.mark.slow

ITEM = {
    "contact_id": "+14155552671",
    "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "sender_id": "MG9752274e9e519418a7406176694466fa",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}
LINE = json.dumps(ITEM)
HEADER = ",".join(ITEM)
ROW = ",".join(ITEM.values())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zz_other.json").write_text(json.dumps({**ITEM, "status": "opt in"}))
    return tmp_path


def check(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["check", *arguments, "zz_other.json"])
    assert isinstance(result.exception, SystemExit | None)
    return result


def with_value(field: str, literal: str) -> str:
    """Return the item as JSON, one value written in this way."""
    return json.dumps({**ITEM, field: "@"}).replace('"@"', literal)


# The file's name, its bytes, the exit code, and how the line about it begins.
CASES: dict[str, tuple[str, bytes, int, str]] = {
    "not UTF-8": (
        "a.jsonl",
        f'{LINE}\n{{"status": "'.encode() + b'caf\xe9"}\n',
        2,
        "a.jsonl:2:16: error file-encoding byte 0xe9 is not UTF-8",
    ),
    "not UTF-8 in a document": (
        "a.json",
        b'[\n "\xff"]',
        2,
        "a.json:2:3: error file-encoding byte 0xff is not UTF-8",
    ),
    "UTF-16 with a mark": (
        "a.csv",
        f"{HEADER}\n{ROW}\n".encode("utf-16"),
        2,
        "a.csv:1:1: error file-encoding the file is UTF-16 text",
    ),
    "UTF-16 without a mark": (
        "a.json",
        LINE.encode("utf-16-be"),
        2,
        "a.json:1:1: error file-encoding the file looks like UTF-16 text",
    ),
    "empty": ("a.json", b"", 2, "a.json:1:1: error file-empty the file has no items"),
    "blank": ("a.jsonl", b" \n\n", 2, "a.jsonl:1:1: error file-empty the file has no items"),
    "an empty object": ("a.json", b"{}", 2, "a.json:1:1: error file-empty"),
    "an empty array": ("a.json", b"[]", 2, "a.json:1:1: error file-empty"),
    "an empty request": ("a.json", b'{"Items": []}', 2, "a.json:1:1: error file-empty"),
    "a number": (
        "a.json",
        b"42",
        2,
        "a.json:1:1: error item-malformed an item is a number, expected a JSON",
    ),
    "deep nesting": (
        "a.json",
        b"[" * 100_000,
        2,
        "a.json:1:2: error file-malformed malformed JSON: the value is nested too deeply",
    ),
    "deep nesting in a value": (
        "a.jsonl",
        with_value("status", "[" * 100_000 + "]" * 100_000).encode(),
        2,
        "a.jsonl:1:1: error file-malformed malformed JSON: the value is nested too deeply",
    ),
    "a string of 10 MB": (
        "a.jsonl",
        with_value("status", '"' + "x" * 10_000_000 + '"').encode(),
        1,
        'a.jsonl:1:147: error INVALID_STATUS status is "xxxxx',
    ),
    "a lone surrogate": (
        "a.json",
        with_value("status", '"\\ud800"').encode(),
        1,
        'a.json:1:147: error INVALID_STATUS status is "<U+D800>", expected',
    ),
    "NaN": (
        "a.json",
        with_value("status", "NaN").encode(),
        2,
        "a.json:1:147: error file-malformed malformed JSON: NaN is not a JSON value",
    ),
    "a number of 10,000 digits": (
        "a.json",
        with_value("contact_id", "7" * 10_000).encode(),
        1,
        "a.json:1:16: error INVALID_CONTACT_ID contact_id",
    ),
    "a key twice": (
        "a.json",
        (LINE[:-1] + ', "status": "opt-out"}').encode(),
        1,
        'a.json:1:231: error duplicate-key key "status" appears more than once',
    ),
    "cut off in a string": (
        "a.json",
        f"[{LINE[:-5]}".encode(),
        2,
        "a.json:1:198: error file-malformed malformed JSON: the text ends inside",
    ),
    "cut off after an item": (
        "a.json",
        f"[{LINE}".encode(),
        2,
        "a.json:1:221: error file-malformed malformed JSON: the text ends inside",
    ),
    "an item that is a number": (
        "a.json",
        f"[{LINE},\n 7]".encode(),
        2,
        "a.json:2:2: error item-malformed an item is a number, expected a JSON object",
    ),
    "a table without a header": (
        "a.csv",
        f"{ROW}\n".encode(),
        2,
        "a.csv:1:1: error file-kind the first row is data, not a header",
    ),
    "a row with too few cells": (
        "a.csv",
        f"{HEADER}\na,b\n".encode(),
        2,
        "a.csv:2:1: error item-malformed row has 2 cells, expected 6 as in the header",
    ),
    "a row with too many cells": (
        "a.csv",
        f"{HEADER}\n{ROW},x\n".encode(),
        2,
        "a.csv:2:1: error item-malformed row has 7 cells, expected 6 as in the header",
    ),
    "a zero byte": (
        "a.csv",
        f"{HEADER}\n{ROW}\nx\0y\n".encode(),
        2,
        "a.csv:3:2: error file-malformed zero byte",
    ),
    "a quote that is never closed": (
        "a.csv",
        f'{HEADER}\n{ROW}\n+1,"5f0c,\n{ROW}\n'.encode(),
        2,
        "a.csv:3:4: error file-malformed the quote that opens here is never closed",
    ),
    "a quote that swallows much": (
        "a.csv",
        (f'{HEADER}\n+1,"5f0c,\n' + f"{ROW}\n" * 2_000).encode(),
        2,
        "a.csv:2:4: error file-malformed this cell is too long. Check whether its quote",
    ),
    "terminal escapes": (
        "a.json",
        json.dumps({**ITEM, "status": "\x1b]0;x\x07", "\x1b[2J": "\u202e"}).encode(),
        1,
        'a.json:1:147: error INVALID_STATUS status is "\\x1b]0;x\\x07", expected',
    ),
    "a gzipped file cut off": (
        "a.jsonl.gz",
        gzip.compress((LINE + "\n").encode() * 100)[:-20],
        2,
        "a.jsonl.gz: error file-unreadable the file is a truncated .gz file",
    ),
    "a gzipped file that is damaged": (
        "a.jsonl.gz",
        gzip.compress((LINE + "\n").encode())[:-8] + b"\0" * 8,
        2,
        "a.jsonl.gz: error file-unreadable the file is a damaged .gz file",
    ),
    "a false gzipped file": (
        "a.json.gz",
        LINE.encode(),
        2,
        "a.json.gz: error file-unreadable the file is named .gz but is not gzipped",
    ),
    "an answer of the API": (
        "a.json",
        b'{"items": [{"correlation_id": "x", "error_code": 0, "error_messages": []}]}',
        2,
        "a.json:1:12: error file-kind this is a response of the API",
    ),
    "more than one document": (
        "a.json",
        f"{LINE}\n{LINE}".encode(),
        2,
        "a.json:2:1: error file-malformed each line of the file is an item (JSON Lines)",
    ),
    "a list that is none": (
        "a.json",
        b'{"Items": "x"}',
        2,
        "a.json:1:11: error file-malformed Items is a string, expected an array of items",
    ),
    "a form of something else": (
        "a.form",
        b"Items=%7B%22status%22%3A1%7D&To=1",
        2,
        "a.form:1:30: error file-malformed the body of a request has only Items=",
    ),
    "escapes that are not UTF-8": (
        "a.form",
        b"Items=%ff",
        2,
        "a.form:1:7: error item-malformed the percent escapes of this item are not UTF-8",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=[name.replace(" ", "-") for name in CASES])
@pytest.mark.parametrize("output_format", ["concise", "full"])
def test_bad_input_gets_one_clear_line_and_other_files_are_checked(
    case: str, output_format: str
) -> None:
    name, content, code, line = CASES[case]
    Path(name).write_bytes(content)
    result = check(name, "--output-format", output_format)
    assert result.exit_code == code
    if output_format == "concise":
        assert any(found.startswith(line) for found in result.output.splitlines()), line
    assert "zz_other.json:1:" in result.output
    assert [found for found in result.output.splitlines() if not found.isprintable()] == []
    assert max(map(len, result.output.splitlines())) < 500


def test_a_missing_file_is_reported(folder: Path) -> None:
    assert "gone.json: error file-unreadable the file cannot be read" in check("gone.json").output
    (folder / "link.json").symlink_to("gone.json")
    assert check("link.json").exit_code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_read_permission_is_reported(folder: Path) -> None:
    (folder / "closed.json").write_text(LINE)
    (folder / "closed.json").chmod(0)
    assert "Permission denied" in check("closed.json").output


def test_a_file_name_cannot_send_control_sequences_to_the_terminal() -> None:
    Path("a\x1b[2J\n.json").write_text("[")
    output = check("a\x1b[2J\n.json").output
    assert output.startswith("a\\x1b[2J\\n.json:1:2: error file-malformed")


@pytest.mark.parametrize(
    "unit", [b" ", b"\0", b"0", b"[", b"{", b"x", b'"', b"0,", (LINE + "\n").encode()]
)
@pytest.mark.parametrize("name", ["bomb.json.gz", "bomb.jsonl.gz", "bomb.csv.gz", "bomb.form.gz"])
def test_a_bomb_of_200_mb_stays_within_memory_bounds(name: str, unit: bytes) -> None:
    Path(name).write_bytes(gzip.compress(unit * (1_000_000 // len(unit)), 1) * 200)
    run = [sys.executable, "-m", "consentlint", "check", name, "--max-findings", "3"]
    with subprocess.Popen(
        run,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_in_3_gb,  # noqa: PLW1509 - there is one thread
    ) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode in (1, 2)
    assert "Traceback" not in output
    assert output.startswith(name)


def test_a_million_equal_faults_are_a_few_lines_and_little_memory(folder: Path) -> None:
    (folder / "equal.jsonl").write_text('{"status":"x"}\n' * 1_000_000)
    run = [sys.executable, "-m", "consentlint", "check", "equal.jsonl", "--kind", "consents"]
    result = subprocess.run(
        [*run, "--select", "INVALID_STATUS", "--jobs", "1"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_in_300_mb,
    )
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert len(lines) == 10
    assert lines[5].endswith("… and 999,995 more like this, lines 6–1000000")


def _in_3_gb() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))


def _in_300_mb() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (300_000_000, 300_000_000))


WORDS = [
    *(f'"{word}"'.encode() for word in (*ITEM, *ITEM.values(), "Items", "items")),
    *(
        word.encode()
        for word in ("{", "}", "[", "]", ",", ":", "\n", '"', "\\u", "NaN", "null", "7")
    ),
    *(
        word.encode()
        for word in (LINE, HEADER, ROW, "Items=", "&", "%7B", "%", "+", ";", "\t", "\0")
    ),
    b"\xff",
    b"\xef\xbb\xbf",
    b"\x1f\x8b",
    b"\x1b[31m",
]


@given(
    st.lists(st.sampled_from(WORDS) | st.binary(max_size=8), max_size=30).map(b"".join),
    st.sampled_from(["a.json", "a.jsonl", "a.csv", "a.form", "a", "a.gz"]),
    st.booleans(),
    st.sampled_from(["concise", "full", "json"]),
)
@settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_are_checked_without_a_traceback(
    content: bytes, name: str, packed: bool, output_format: str
) -> None:
    Path(name).write_bytes(gzip.compress(content) if packed else content)
    result = check(name, "--output-format", output_format, "--select", "all")
    assert result.exit_code in (1, 2)
    if output_format == "json":
        json.loads(result.stdout)
