"""A baseline hides the findings that a project has accepted, and no more."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consentlint.cli import main
from consentlint.fields import schemas

ROOT = Path(__file__).resolve().parent.parent.parent
ERRORS = ROOT / "fixtures/with_errors/subscribers.csv"
USE = ("--baseline", "baseline.json")
UPDATE = (*USE, "--update-baseline")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("exports").mkdir()
    shutil.copy(ERRORS, "exports/a.csv")
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def allowed() -> dict[str, dict[str, int]]:
    files: dict[str, dict[str, int]] = json.loads(Path("baseline.json").read_text())["files"]
    return files


def add_row(status: str) -> None:
    with Path("exports/a.csv").open("a") as file:
        row = ["+14155550100", os.urandom(16).hex(), "MG9752274e9e519418a7406176694466fa", status]
        file.write(",".join([*row, "website", "2025-06-02T15:30:00Z"]) + "\n")


def test_what_is_in_the_baseline_is_neither_shown_nor_an_error() -> None:
    result = check("exports", *UPDATE)
    assert result.exit_code == 0
    assert result.stderr == "Wrote baseline.json: it allows 6 findings.\n"
    assert allowed()["exports/a.csv"]["invalid-status"] == 1
    result = check("exports", *USE)
    assert result.exit_code == 0
    assert result.stdout.startswith("The baseline hides 6 findings.\nNo errors in 12 items")
    assert check("exports", *USE, "--quiet").output == ""


def test_one_more_finding_of_a_rule_shows_all_of_that_rule_in_that_file() -> None:
    check("exports", *UPDATE)
    add_row("yes")
    result = check("exports", *USE)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split()[1:3] for line in lines[:2]] == [["error", "INVALID_STATUS"]] * 2
    assert lines[2:4] == [
        "exports/a.csv: 2 findings of invalid-status, but the baseline allows 1.",
        "The baseline hides 5 findings.",
    ]
    assert lines[-2].startswith("2 errors in 13 items")


def test_fewer_findings_are_a_reason_to_tighten_the_baseline() -> None:
    add_row("yes")
    check("exports", *UPDATE)
    shutil.copy(ERRORS, "exports/a.csv")
    result = check("exports", *USE)
    assert result.exit_code == 0
    assert "The baseline allows 1 finding that no longer exist" in result.stdout
    check("exports", *UPDATE)
    assert allowed()["exports/a.csv"]["invalid-status"] == 1


def test_the_baseline_of_one_file_does_not_apply_to_another() -> None:
    check("exports", *UPDATE)
    shutil.copy("exports/a.csv", "exports/b.csv")
    assert check("exports/a.csv", *USE).exit_code == 0
    assert check("exports/b.csv", *USE).exit_code == 1


def test_an_update_keeps_files_that_were_not_checked_and_drops_those_that_are_gone() -> None:
    shutil.copy("exports/a.csv", "exports/b.csv")
    shutil.copy("exports/a.csv", "exports/c.csv")
    check("exports", *UPDATE)
    Path("exports/c.csv").unlink()
    check("exports/a.csv", *UPDATE)
    assert list(allowed()) == ["exports/a.csv", "exports/b.csv"]


def test_paths_are_relative_to_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    check(str(Path("exports").resolve()), *UPDATE)
    assert list(allowed()) == ["exports/a.csv"]
    monkeypatch.chdir("exports")
    assert check("a.csv", "--baseline", "../baseline.json").exit_code == 0
    Path("../consentlint.toml").write_text('baseline = "baseline.json"')
    assert check("a.csv").exit_code == 0


def test_warnings_are_in_the_baseline_too() -> None:
    text = Path("exports/a.csv").read_text().replace("2025-04-11,", ",")
    Path("exports/a.csv").write_text(re.sub("Z$", "", text, flags=re.MULTILINE))
    check("exports", *UPDATE)
    assert "date-of-consent-no-offset" in allowed()["exports/a.csv"]
    assert check("exports", *USE, "--strict").exit_code == 0


def test_a_missing_column_is_one_finding() -> None:
    Path("exports/a.csv").write_text("contact_id,status,source\n+14155550100,opt-in,website\n")
    check("exports", *UPDATE)
    assert allowed()["exports/a.csv"]["invalid-sender-id"] == 1
    assert check("exports", *USE).exit_code == 0


def test_a_file_that_cannot_be_read_is_never_accepted() -> None:
    Path("exports/a.csv").write_bytes(b"contact_id,sender_id\n\xff,1\n")
    assert check("exports", *UPDATE).exit_code == 2
    assert not any(
        rule.startswith(("file-", "item-")) for rule in allowed().get("exports/a.csv", {})
    )
    assert check("exports", *USE).exit_code == 2


def test_the_json_report_has_the_baseline() -> None:
    from jsonschema import Draft202012Validator

    check("exports", *UPDATE)
    add_row("yes")
    report = json.loads(check("exports", *USE, "--output-format", "json").stdout)
    Draft202012Validator(schemas.load("report")).validate(report)
    assert report["summary"]["baseline"] == {
        "hidden": 5,
        "unused": 0,
        "exceeded": [{"file": "exports/a.csv", "rule": "invalid-status", "found": 2, "allowed": 1}],
    }
    assert {finding["rule"] for finding in report["findings"]} == {"invalid-status"}
    assert (
        json.loads(check("exports", "--output-format", "json").stdout)["summary"]["baseline"]
        is None
    )


def test_a_baseline_holds_no_data_of_persons() -> None:
    check("exports", *UPDATE)
    assert not re.search(r"[0-9]{2}|\+", Path("baseline.json").read_text())


def test_standard_input_is_in_the_baseline_by_its_name() -> None:
    run = [sys.executable, "-m", "consentlint", "check", "-", "--stdin-filename", "virtual/a.csv"]
    for options in (UPDATE, USE):
        result = subprocess.run([*run, *options], input=ERRORS.read_bytes(), check=False)
        assert result.returncode == 0
        assert list(allowed()) == ["virtual/a.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist. To create it, pass --update-baseline"),
        (b"{", "is not valid JSON"),
        (b"\xff", "is not valid JSON"),
        (b"[" * 10_000, "is not valid JSON"),
        (b"[]", "is not a baseline of version 1"),
        (b'{"version": 2, "files": {}}', "is not a baseline of version 1"),
        (b'{"version": 1, "files": []}', "is not a baseline of version 1"),
        (b'{"version": 1, "files": {"a": 1}}', "has a number of findings that is not an integer"),
        (b'{"version": 1, "files": {"a": {"b": true}}}', "is not an integer of 0 or more"),
        (b'{"version": 1, "files": {"a": {"b": -1}}}', "is not an integer of 0 or more"),
        (b'{"version": 1, "files": {"a": {"file-empty": 1}}}', "has the rule file-empty. Parse"),
    ],
)
def test_a_baseline_that_cannot_be_used_is_an_error(content: bytes | None, message: str) -> None:
    if content is not None:
        Path("baseline.json").write_bytes(content)
    result = check("exports", *USE)
    assert result.exit_code == 2
    assert result.output.startswith("Error: the baseline baseline.json ")
    assert message in result.output


def test_an_update_needs_a_file_and_names_one_that_cannot_be_written() -> None:
    result = check("exports", "--update-baseline")
    assert result.exit_code == 2
    assert "--update-baseline requires --baseline FILE" in result.output
    result = check("exports", "--baseline", "nodir/b.json", "--update-baseline")
    assert result.exit_code == 2
    reason = "The system cannot find" if sys.platform == "win32" else "No such file or directory"
    assert f"Error: cannot write the baseline nodir/b.json: {reason}" in result.output
