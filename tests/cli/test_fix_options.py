"""`consentlint check --fix` and the options that belong to it."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result
from sample_items import CONSENT as CLEAN

from consentlint.cli import main

EXPORTS = Path(__file__).resolve().parent.parent.parent / "examples/exports"
SAFE = {**CLEAN, "status": "Opt-In"}
UNSAFE = {**CLEAN, "contact_id": "(415) 555-2671"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, item in (("clean", CLEAN), ("safe", SAFE), ("unsafe", UNSAFE)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(item) + "\n")
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def item_in(name: str) -> dict[str, str]:
    return dict(json.loads(Path(name).read_text()))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["safe.jsonl"], 1),
        (["safe.jsonl", "--fix"], 0),
        (["unsafe.jsonl", "--fix"], 1),
        (["unsafe.jsonl", "--fix", "--exit-zero"], 0),
        (["unsafe.jsonl", "--fix-only"], 0),
        (["unsafe.jsonl", "--fix", "--unsafe-fixes"], 1),
        (["unsafe.jsonl", "--fix", "--unsafe-fixes", "--region", "US"], 0),
        (["safe.jsonl", "--diff"], 1),
        (["safe.jsonl", "--diff", "--exit-zero"], 0),
        (["clean.jsonl", "--diff"], 0),
        (["missing.jsonl", "--fix"], 2),
        (["missing.jsonl", "--fix-only"], 2),
        (["missing.jsonl", "--diff"], 2),
        (["clean.jsonl", "--region", "Atlantis"], 2),
        (["clean.jsonl", "--timezone", "Mars/Olympus"], 2),
        (["clean.jsonl", "--timezone", "../etc/passwd"], 2),
        (["clean.jsonl", "--time-of-day", "noon"], 2),
        (["clean.jsonl", "--date-format", "YMD"], 2),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert check(*arguments).exit_code == code


def test_fix_replaces_the_file_and_counts_what_was_fixed() -> None:
    output = check("safe.jsonl", "--fix").stdout
    assert item_in("safe.jsonl") == CLEAN
    assert "invalid-status" not in output
    assert output.endswith("Fixed 1 problem in 1 record.\n")


@pytest.mark.parametrize("export", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
def test_an_export_of_another_program_is_never_fixed(export: Path) -> None:
    Path("export.csv").write_bytes(export.read_bytes())
    assert "can be fixed" not in check("export.csv").output
    for options in (["--fix"], ["--fix", "--unsafe-fixes"], ["--fix", "--kind", "consents"]):
        assert check("export.csv", *options).exit_code == 2
        assert Path("export.csv").read_bytes() == export.read_bytes()


def test_a_second_run_fixes_nothing() -> None:
    check("safe.jsonl", "--fix")
    before = Path("safe.jsonl").stat()
    assert check("safe.jsonl", "--fix").stdout.endswith("Nothing to fix.\n")
    assert Path("safe.jsonl").stat() == before


def test_what_remains_is_reported_with_what_unsafe_fixes_would_do() -> None:
    output = check("unsafe.jsonl", "--fix", "--region", "us").stdout
    assert "invalid-contact-id" in output
    assert "\n1 can be fixed with --unsafe-fixes, which assume something" in output
    assert item_in("unsafe.jsonl") == UNSAFE


def test_a_check_says_what_can_be_fixed() -> None:
    assert "\n1 can be fixed with --fix.\n" in check("safe.jsonl").stdout
    output = check("safe.jsonl", "unsafe.jsonl", "--region", "US").stdout
    assert output.endswith("1 can be fixed with --fix, 1 more with --fix --unsafe-fixes.\n")
    output = check("unsafe.jsonl", "--region", "US").stdout
    assert output.endswith("1 can be fixed with --fix --unsafe-fixes.\n")
    assert "can be fixed" not in check("clean.jsonl").stdout


def test_the_count_is_of_the_findings_that_are_shown() -> None:
    items = [{**CLEAN, "status": "Opt-In", "source": "Website"}] * 2
    Path("many.jsonl").write_text("".join(f"{json.dumps(item)}\n" for item in items))
    output = check("many.jsonl", "--max-findings", "1").stdout
    assert output.endswith("1 of the 1 shown can be fixed with --fix. To count all, pass --diff.\n")


def test_fix_only_reports_nothing_but_the_count() -> None:
    assert (
        check("safe.jsonl", "unsafe.jsonl", "--fix-only").output == "Fixed 1 problem in 1 record.\n"
    )
    assert item_in("safe.jsonl") == CLEAN


def test_fix_only_still_reports_what_cannot_be_read() -> None:
    output = check("missing.jsonl", "safe.jsonl", "--fix-only").output
    assert output.startswith("missing.jsonl: error file-unreadable")
    assert item_in("safe.jsonl") == CLEAN


def test_diff_changes_no_file_and_shows_no_number() -> None:
    item = {**CLEAN, "contact_id": "+1 415 555 2671", "name": "Jane Doe"}
    Path("items.jsonl").write_text(json.dumps(item))
    result = check("items.jsonl", "--diff")
    assert item_in("items.jsonl") == item
    assert result.stdout == (
        "--- items.jsonl\n+++ items.jsonl\n@@ -1 +1 @@\n"
        '-{"contact_id": "+1 415 ••• ••71", "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",'
        ' "sender_id": "MG9752274e9e519418a7406176694466fa", "status": "opt-in", "source": "website",'
        ' "date_of_consent": "2025-06-02T15:30:00Z", …}\n'
        '+{"contact_id": "+1415•••••71", "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",'
        ' "sender_id": "MG9752274e9e519418a7406176694466fa", "status": "opt-in", "source": "website",'
        ' "date_of_consent": "2025-06-02T15:30:00Z", …}\n'
    )
    assert result.stderr == "1 problem in 1 record would be fixed.\n"
    assert (
        "items.jsonl:1:16: would fix contact_id"
        in check("items.jsonl", "--diff", "--show-fixes").stderr
    )


def test_diff_with_values_shows_numbers_but_no_other_column() -> None:
    item = {**CLEAN, "contact_id": "+1 415 555 2671", "name": "Jane Doe"}
    Path("items.jsonl").write_text(json.dumps(item))
    output = check("items.jsonl", "--diff", "--show-values").stdout
    assert "+1 415 555 2671" in output
    assert "Jane" not in output


def test_show_fixes_lists_the_first_of_each_kind() -> None:
    lines = [json.dumps({**SAFE, "correlation_id": f"{at:032x}"}) for at in range(7)]
    Path("many.jsonl").write_text("\n".join(lines))
    output = check("many.jsonl", "--fix", "--show-fixes").stdout
    fixed = [line for line in output.splitlines() if ": fixed " in line]
    column = lines[0].index('"Opt-In"') + 1
    assert fixed == [
        f'many.jsonl:{line}:{column}: fixed status "Opt-In": Write "opt-in".'
        for line in range(1, 6)
    ]
    assert "many.jsonl: … and 2 more like this\n" in output


def test_an_unsafe_fix_names_what_it_assumes() -> None:
    arguments = ("unsafe.jsonl", "--fix", "--unsafe-fixes", "--region", "US", "--show-fixes")
    assert "Assumed: the number is one of US." in check(*arguments).stdout
    assert item_in("unsafe.jsonl") == CLEAN


def fixed_stream(content: bytes) -> tuple[bytes, str]:
    """Fix standard input, and return standard output and standard error."""
    run = [sys.executable, "-m", "consentlint", "check", "--fix", "-"]
    done = subprocess.run(run, input=content, capture_output=True, check=False)
    return done.stdout, done.stderr.decode()


def test_standard_input_is_fixed_to_standard_output() -> None:
    content, report = fixed_stream(json.dumps(SAFE).encode())
    assert json.loads(content) == CLEAN
    assert report.endswith("Fixed 1 problem in 1 record.\n")
    packed, _ = fixed_stream(gzip.compress(json.dumps(SAFE).encode()))
    assert json.loads(gzip.decompress(packed)) == CLEAN


@pytest.mark.parametrize("content", [json.dumps(CLEAN).encode(), b"PK\3\4\0\0", b""])
def test_standard_input_without_a_fix_is_returned_unchanged(content: bytes) -> None:
    assert fixed_stream(content)[0] == content


def test_standard_input_that_is_cut_off_is_not_returned_as_a_whole_file() -> None:
    content, report = fixed_stream(gzip.compress(json.dumps(SAFE).encode())[:-9])
    assert content == b""
    assert "truncated .gz file" in report


def test_a_json_report_has_fixes_and_their_edits_only_with_values() -> None:
    def fix_in(*arguments: str) -> object:
        report = json.loads(check("unsafe.jsonl", "--output-format", "json", *arguments).stdout)
        return report["findings"][0]["fix"]

    assert fix_in() is None
    title = "Write it as a number of US."
    assert fix_in("--region", "US") == {"title": title, "safe": False, "edits": []}
    start = json.dumps(UNSAFE).index('"(415')
    edit = {"offset": start, "end_offset": start + 16, "content": '"+14155552671"'}
    expected = {"title": title, "safe": False, "edits": [edit]}
    assert fix_in("--region", "US", "--show-values") == expected


def test_a_report_does_not_depend_on_random_ids() -> None:
    Path("items.jsonl").write_text(json.dumps({**CLEAN, "correlation_id": ""}))
    arguments = ("items.jsonl", "--output-format", "jsonl", "--show-values")
    output = check(*arguments).stdout
    assert '"fix": {"title": "Add a new ID.", "safe": true, "edits": []}' in output
    assert check(*arguments).stdout == output


def test_options_can_be_configured() -> None:
    Path("consentlint.toml").write_text('unsafe-fixes = true\nregion = "us"\n')
    check("unsafe.jsonl", "--fix")
    assert item_in("unsafe.jsonl") == CLEAN
    Path("consentlint.toml").write_text('timezone = "Mars/Olympus"\n')
    result = check("unsafe.jsonl")
    assert result.exit_code == 2
    assert "consentlint.toml: timezone: expected a time zone" in result.stderr


def test_a_file_that_cannot_be_written_is_reported_as_it_is(folder: Path) -> None:
    (folder / "items.jsonl").write_text(json.dumps(SAFE))
    program = (
        "import os, sys\n"
        "from consentlint.cli import main\n"
        "def fail(*_): raise OSError(28, 'No space left on device')\n"
        "os.fsync = fail\n"
        "main(['check', 'items.jsonl', '--fix'])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr == "Error: items.jsonl cannot be written: No space left on device.\n"
    assert "invalid-status" in run.stdout
    assert "Nothing to fix." not in run.stdout
    assert item_in("items.jsonl") == SAFE


def test_no_run_of_digits_of_a_number_is_shown() -> None:
    numbers = ["tel:+14155552671", "+44 (0)7400 123456", "4155552671", "+521 55 1234 5678"]
    lines = [json.dumps({**CLEAN, "contact_id": number, "name": number}) for number in numbers]
    Path("items.jsonl").write_text("\n".join(lines))
    shown = check("items.jsonl", "--diff", "--unsafe-fixes", "--region", "US").output
    shown += check(
        "items.jsonl", "--fix", "--unsafe-fixes", "--region", "US", "--show-fixes"
    ).output
    shown = re.sub(r"[0-9a-f]{32}|\d{4}-\d\d-\d\d", "", shown)
    assert not re.search(r"(?:[0-9][^0-9\w•]{0,3}){7}", shown.replace("\n", "x"))


def test_a_difference_of_a_form_body_is_masked_as_an_excerpt_is() -> None:
    items = [{**CLEAN, "contact_id": "+1 415 555 2671"}, {**CLEAN, "contact_id": "jo@example.com"}]
    items[1]["source"] = "Website"
    Path("a.form").write_text(urlencode([("Items", json.dumps(item)) for item in items]))
    output = check("--diff", "a.form").output
    assert "2025-06-02T15%3A30%3A00Z" in output
    assert "555" not in output
    assert "jo%40" not in output
