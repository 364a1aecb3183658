"""--rejected-rows and --accepted-rows: each record of the input is in one of the two files."""

import gzip
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_items import CONSENT as CLEAN

from consentlint.cli import main

COLUMNS = list(CLEAN)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def split(*arguments: str) -> Result:
    return CliRunner().invoke(
        main,
        ["check", *arguments, "--rejected-rows", "r.out", "--accepted-rows", "a.out"],
    )


def rejected() -> bytes:
    return Path("r.out").read_bytes()


def accepted() -> bytes:
    return Path("a.out").read_bytes()


def item(number: int, **changes: str) -> dict[str, str]:
    return {**CLEAN, "correlation_id": f"{number:032x}", **changes}


def line(number: int, **changes: str) -> str:
    return ",".join(item(number, **changes).values())


HEADER = ",".join(COLUMNS)


def test_rows_of_a_table_keep_their_bytes() -> None:
    good = f'"{line(1).partition(",")[0]}",{line(1).partition(",")[2]}\r\n'
    bad = line(2, status="Opt In") + "\r\n"
    Path("x.csv").write_bytes(f"\ufeff{HEADER}\r\n{good}\r\n{bad}{line(3)}".encode())
    assert split("x.csv").exit_code == 1
    assert accepted() == f"\ufeff{HEADER}\r\n{good}{line(3)}".encode()
    assert rejected() == f"\ufeff{HEADER}\r\n{bad}".encode()


def test_a_record_of_several_lines_is_one_row() -> None:
    header = f"{HEADER},note"
    good, bad = f'{line(1)},"a\n""b""\n"\n', f'{line(2, status="x")},"c\nd"\n'
    Path("x.csv").write_text(f"{header}\n{good}{bad}{good.replace('1', '1', 1)}")
    split("x.csv", "--ignore", "unknown-field,invalid-correlation-id")
    assert bad.encode() in rejected()
    assert accepted().count(good.encode()) == 2


def test_lines_that_cannot_be_parsed_are_rejected_rows() -> None:
    good, bad = json.dumps(item(1)), json.dumps(item(2, source="web"))
    Path("x.jsonl").write_bytes(f"{good}\n{{broken\n\n  {bad}  \n".encode() + b'{"a": "\xff"}\n')
    assert split("x.jsonl").exit_code == 2
    assert accepted() == f"{good}\n".encode()
    assert rejected() == f"{{broken\n  {bad}  \n".encode() + b'{"a": "\xff"}\n'


@pytest.mark.parametrize(
    ("before", "after"), [("[", "]"), ('{"Items": [', "]}"), ('{"items": [', "]}")]
)
def test_elements_of_a_document_keep_their_text_and_its_form(before: str, after: str) -> None:
    good, bad = '{ "x":1,' + json.dumps(item(1))[1:], json.dumps(item(2, status="é\u2028"))
    Path("x.json").write_text(f"{before}{good},\n\n {bad} , 5{after}", encoding="utf-8")
    split("x.json", "--ignore", "unknown-field")
    assert accepted().decode() == f"{before}\n{good}\n{after}\n"
    assert rejected().decode() == f"{before}\n{bad},\n5\n{after}\n"
    assert json.loads(accepted())


def test_a_single_item_becomes_an_array() -> None:
    Path("x.json").write_text(json.dumps(item(1)))
    assert split("x.json").exit_code == 0
    assert json.loads(accepted()) == [item(1)]
    assert json.loads(rejected()) == []


def test_items_of_a_form_keep_their_escapes() -> None:
    good, bad = (urlencode([("Items", json.dumps(each))]) for each in (item(1), item(2, status="")))
    Path("x.form").write_text(f"{good}&{bad}&{good.replace('%3A', '%3a', 1)}\n")
    split("x.form", "--ignore", "invalid-correlation-id")
    assert rejected().decode() == f"{bad}\n"
    assert accepted().decode() == f"{good}&{good.replace('%3A', '%3a', 1)}\n"


def test_rows_of_several_files_are_one_file_with_one_header() -> None:
    Path("x.csv").write_text(f"{HEADER}\n{line(1)}")
    Path("y.csv").write_text(f"{HEADER}\n{line(2)}\n{line(3, status='x')}\n")
    split("x.csv", "y.csv")
    assert accepted().decode() == f"{HEADER}\n{line(1)}\n{line(2)}\n"
    assert rejected().decode() == f"{HEADER}\n{line(3, status='x')}\n"


@pytest.mark.parametrize("other", ["y.jsonl", "z.csv"])
def test_rows_of_files_that_differ_are_not_written(other: str) -> None:
    Path("x.csv").write_text(f"{HEADER}\n{line(1)}\n")
    Path("y.jsonl").write_text(json.dumps(item(2)) + "\n")
    Path("z.csv").write_text(f"{HEADER},note\n{line(2)},\n")
    Path("a.out").write_text("old")
    result = split("x.csv", other)
    assert result.exit_code == 2
    assert f"the file {other} differs from a previous file" in result.stderr
    assert Path("a.out").read_text() == "old"
    assert not Path("r.out").exists()


def test_rows_of_a_file_that_was_not_read_completely_are_not_written() -> None:
    Path("x.json").write_text(f"[{json.dumps(item(1))}, {{")
    result = split("x.json")
    assert result.exit_code == 2
    assert "no rows are written, because the file x.json could not be read completely" in (
        result.stderr
    )
    # The report is complete.
    assert "file-malformed" in result.stdout
    assert os.listdir() == ["x.json"]


@pytest.mark.parametrize(
    ("name", "text"), [("e.csv", f"{HEADER}\n"), ("e.json", '{"Items": []}'), ("e.jsonl", "")]
)
@pytest.mark.parametrize("others", [[], ["x.csv"]])
def test_rows_are_not_written_if_a_file_has_no_records(
    name: str, text: str, others: list[str]
) -> None:
    Path(name).write_text(text)
    Path("x.csv").write_text(f"{HEADER}\n{line(1)}\n")
    result = split("--kind", "consents", name, *others)
    assert result.exit_code == 2
    assert f"no rows are written, because the file {name} has no records" in result.stderr
    assert not Path("a.out").exists()


def test_errors_that_the_api_may_not_notice_are_rejected_rows_too() -> None:
    newer = item(1, status="opt-out", date_of_consent="2025-06-02T15:30:00Z")
    older = item(2, status="opt-in", date_of_consent="2024-01-01T00:00:00Z")
    Path("x.jsonl").write_text(f"{json.dumps(newer)}\n{json.dumps(older)}\n")
    assert "1 record has errors that the API may not notice" in split("x.jsonl").stdout
    assert rejected().decode() == json.dumps(older) + "\n"


def test_warnings_are_rejected_rows_only_if_strict() -> None:
    Path("x.jsonl").write_text(json.dumps(item(1, sender_id="+14155552672")) + "\n")
    split("x.jsonl")
    assert (rejected(), bool(accepted())) == (b"", True)
    split("x.jsonl", "--strict")
    assert (bool(rejected()), accepted()) == (True, b"")


def test_an_error_of_a_column_rejects_all_rows() -> None:
    Path("x.csv").write_text(f"{HEADER.replace('status', 'state')}\n{line(1)}\n{line(2)}\n")
    split("x.csv", "--kind", "consents")
    assert accepted().decode().count("\n") == 1
    assert rejected().decode().count("\n") == 3


def test_a_baseline_accepts_no_row() -> None:
    Path("x.jsonl").write_text(json.dumps(item(1, status="x")) + "\n")
    split("x.jsonl", "--baseline", "b", "--update-baseline")
    assert split("x.jsonl", "--baseline", "b").exit_code == 0
    assert rejected() == Path("x.jsonl").read_bytes()


def test_rows_after_a_fix_are_those_of_the_fixed_file() -> None:
    Path("x.jsonl").write_text(f"{json.dumps(item(1, status='Opt In'))}\n")
    assert split("x.jsonl", "--fix").exit_code == 0
    assert json.loads(accepted())["status"] == "opt-in"
    assert rejected() == b""


def test_rows_of_a_gzipped_file_are_unpacked() -> None:
    Path("x.jsonl.gz").write_bytes(gzip.compress(json.dumps(item(1)).encode() + b"\n"))
    split("x.jsonl.gz")
    assert json.loads(accepted()) == item(1)


def test_only_the_owner_can_read_the_rows() -> None:
    Path("x.jsonl").write_text(json.dumps(item(1)))
    split("x.jsonl")
    assert stat.S_IMODE(os.stat("a.out").st_mode) == 0o600


@pytest.mark.parametrize("output", ["-", "/dev/stdout", "x.jsonl", "report"])
def test_rows_go_to_a_file_of_their_own(output: str) -> None:
    Path("x.jsonl").write_text(json.dumps(item(1)))
    arguments = ["check", "x.jsonl", "--rejected-rows", output, "-o", "report"]
    assert CliRunner().invoke(main, arguments).exit_code == 2
    assert Path("x.jsonl").read_text() == json.dumps(item(1))


def test_a_file_that_cannot_be_written_is_named() -> None:
    Path("x.jsonl").write_text(json.dumps(item(1)))
    run = [sys.executable, "-m", "consentlint", "check", "x.jsonl", "--rejected-rows", "no/r.out"]
    result = subprocess.run(run, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "cannot write the report to no/r.out: No such file" in result.stderr


def test_a_difference_writes_no_rows() -> None:
    Path("x.jsonl").write_text(json.dumps(item(1)))
    assert split("x.jsonl", "--diff").exit_code == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_large_file_is_split_without_loss(jobs: str) -> None:
    lines = [
        line(number, status="x" if number % 7 == 0 else "opt-in", contact_id=f"+1415555{number:04}")
        for number in range(2_000, 9_000)
    ]
    padded = [f'{each},"{"p" * 2_500}\n{number}"' for number, each in enumerate(lines)]
    Path("x.csv").write_text("\n".join([f"{HEADER},pad", *padded]) + "\n")
    split("x.csv", "--jobs", jobs, "--ignore", "unknown-field", "--max-findings", "0")
    bad = [each for each in padded if ",x," in each]
    good = [each for each in padded if ",x," not in each]
    assert rejected().decode() == "\n".join([f"{HEADER},pad", *bad]) + "\n"
    assert accepted().decode() == "\n".join([f"{HEADER},pad", *good]) + "\n"


@given(
    st.lists(
        st.sampled_from(
            ["good", "bad", "", "{", "5", '"text"', '{"a": 1}', "\ufeff", "  ", "x" * 70_000]
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_every_line_that_is_not_blank_is_in_one_file(
    kinds: list[str], end: str, has_last_end: bool
) -> None:
    lines = []
    for number, kind in enumerate(kinds):
        texts = {"good": json.dumps(item(number)), "bad": json.dumps(item(number, status="x"))}
        lines.append(texts.get(kind, kind))
    text = end.join(lines) + (end if has_last_end else "")
    Path("x.jsonl").write_text(text, encoding="utf-8", newline="")
    for name in ("a.out", "r.out"):
        Path(name).unlink(missing_ok=True)
    split("x.jsonl", "--kind", "consents")
    if not Path("a.out").exists():
        return
    written = [*accepted().decode().splitlines(), *rejected().decode().splitlines()]
    expected = [each for each in text.splitlines() if each.strip("\ufeff \r\n")]
    assert sorted(each.strip("\ufeff ") for each in written if each.strip("\ufeff ")) == sorted(
        each.strip("\ufeff ") for each in expected
    )
