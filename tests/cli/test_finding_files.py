"""`consentlint check` in directories: what is left out, skipped and said."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consentlint.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDS = ROOT / "fixtures/export/subscribers.csv"
UNRELATED = ROOT / "tests/cases/J18.json"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("exports").mkdir()
    shutil.copy(RECORDS, "exports/a.csv")
    shutil.copy(RECORDS, "exports/b.csv")
    shutil.copy(UNRELATED, "contact.json")
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def files(result: Result) -> int:
    count: int = json.loads(result.stdout)["summary"]["files"]
    return count


def test_skipped_files_are_counted_in_both_kinds_of_reports() -> None:
    result = check(".")
    assert result.exit_code == 0
    assert (
        "Skipped 1 file without fields of the API.\nNo errors in 600 items of 2 files"
        in result.output
    )
    assert check(".", "--quiet").output == ""
    summary = json.loads(check(".", "--output-format", "json").stdout)["summary"]
    assert (summary["files"], summary["skipped"]) == (2, 1)


def test_skipped_tables_are_named_if_few_files_are_checked() -> None:
    shutil.copytree(ROOT / "examples/exports", "raw")
    result = check("raw")
    assert (
        "\nSkipped 9 files without fields of the API: raw/attentive.csv, raw/constant_contact.csv, …\n"
        "To check a file anyway, name it. For an export of another program, run:"
        " consentlint convert --inspect FILE\n"
    ) in result.output
    assert "Skipped" not in check("raw", "--quiet").output
    Path("two").mkdir()
    shutil.copy(RECORDS, "two/a.csv")
    shutil.copy("raw/klaviyo.csv", "two/klaviyo.csv")
    assert "Skipped 1 file without fields of the API: two/klaviyo.csv\nTo" in check("two").output
    # Most files are checked.
    shutil.copy(RECORDS, "two/b.csv")
    assert "Skipped 1 file without fields of the API.\nNo" in check("two").output


def test_a_hook_does_not_name_the_files_that_it_skips() -> None:
    shutil.copytree(ROOT / "examples/exports", "raw")
    result = check("--force-exclude", *map(str, sorted(Path("raw").iterdir())))
    assert "Skipped 9 files without fields of the API.\n" in result.output
    assert "To check a file anyway" not in result.output


def test_if_only_exports_are_found_one_is_named_with_the_command() -> None:
    Path("raw").mkdir()
    shutil.copy(ROOT / "examples/exports/klaviyo.csv", "raw")
    result = check("raw")
    assert result.exit_code == 2
    assert result.output == (
        "Error: skipped 1 file without fields of the API, such as raw/klaviyo.csv, and no other is in"
        " raw. To check a file anyway, name it. For an export of another program, run:"
        " consentlint convert --inspect FILE\n"
    )


def test_a_named_file_is_skipped_only_with_force_exclude() -> None:
    assert check("contact.json").exit_code == 2
    assert check("contact.json", "--kind", "contacts").exit_code == 1
    result = check("contact.json", "--kind", "contacts", "--force-exclude")
    assert result.exit_code == 0
    assert "Skipped 1 file" in result.output


def test_patterns_are_relative_to_where_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("consentlint.toml").write_text('exclude = ["exports/b.csv"]')
    monkeypatch.chdir("exports")
    assert files(check(".", "--output-format", "json")) == 1
    assert files(check(".", "--output-format", "json", "--exclude", "exports/b.csv")) == 2
    assert files(check(".", "--output-format", "json", "--exclude", "/b.csv, x")) == 1


def test_an_invalid_pattern_is_named() -> None:
    result = check(".", "--exclude", "a, [b")
    assert result.exit_code == 2
    assert '"[b" is not a pattern of .gitignore' in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["empty"], ".parquet, .arrow, .arrows, .feather, .ipc files in empty"),
        (["exports", "empty"], "files in empty"),
        (["other"], "skipped 1 file without fields of the API, and no other is in other. To check"),
        (["exports", "--exclude", "*.csv"], "all .json, .jsonl, .ndjson, .csv, .tsv, .form, .xlsx"),
        (["exports", "--exclude", "*.csv"], "are excluded. To check a file anyway, name it."),
        (["ignored"], "files in ignored. To check them, pass --no-respect-gitignore."),
    ],
)
def test_a_directory_with_nothing_to_check_is_an_error(arguments: list[str], message: str) -> None:
    for name in ("empty", "other", "ignored"):
        Path(name).mkdir()
    shutil.copy(UNRELATED, "other")
    shutil.copy(RECORDS, "ignored")
    Path("ignored/.gitignore").write_text("*.csv")
    result = check(*arguments)
    assert result.exit_code == 2
    assert result.output.startswith("Error: ")
    assert message in result.output


def test_a_gitignore_can_be_disregarded() -> None:
    Path(".gitignore").write_text("exports/")
    Path("contact.json").unlink()
    assert check(".").exit_code == 2
    assert check(".", "--no-respect-gitignore").exit_code == 0


def test_a_report_in_the_directory_is_written_again() -> None:
    for _ in range(2):
        result = check(".", "--output-format", "json", "--output", "report.json")
        assert result.exit_code == 0


def test_a_dash_writes_the_report_to_standard_output() -> None:
    assert check("exports", "-o", "-").stdout == check("exports").stdout
    assert not Path("-").exists()


def test_rules_are_skipped_in_the_files_that_a_pattern_matches() -> None:
    text = Path("exports/a.csv").read_text().replace(",opt-in,", ",yes,")
    Path("exports/a.csv").write_text(text)
    Path("exports/b.csv").write_text(text)
    assert check("exports", "--per-file-ignores", "exports/a.csv:INVALID_STATUS").exit_code == 1
    assert check("exports", "--per-file-ignores", "exports/:INVALID_STATUS").exit_code == 0
    assert check("exports", "--per-file-ignores", "*:all").exit_code == 0
    assert check("exports", "--per-file-ignores", "!x.csv:all").exit_code == 0
    Path("consentlint.toml").write_text('[per-file-ignores]\n"a.csv" = "all"\n"b*" = ["errors"]\n')
    assert check("exports").exit_code == 0
    Path("consentlint.toml").write_text('[per-file-ignores]\n"/a.csv" = "all"\n')
    assert check("exports").exit_code == 1
    report = json.loads(check("exports", "--output-format", "json").stdout)
    assert {finding["file"] for finding in report["findings"]} == {"exports/a.csv", "exports/b.csv"}


def test_standard_input_has_the_name_that_it_is_given() -> None:
    text = Path("exports/a.csv").read_text().replace(",opt-in,", ",yes,")
    options = ["-", "--stdin-filename", "x/a.csv", "--per-file-ignores", "x/*:errors"]
    run = [sys.executable, "-m", "consentlint", "check", *options]
    assert subprocess.run(run, input=text, text=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a.csv", '"a.csv" is not a pattern, a colon and rules, such as old/*:advice'),
        (":all", '":all" is not a pattern'),
        ("a:al", 'unknown rule "al"'),
    ],
)
def test_an_invalid_exception_is_named(value: str, message: str) -> None:
    result = check("exports", "--per-file-ignores", value)
    assert result.exit_code == 2
    assert message in result.output
