"""Options can be set in a file, and those of the command line win."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consentlint.cli import main

ITEM = {
    "contact_id": "+14155552671",
    "correlation_id": "z" * 32,
    "sender_id": "54321",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    Path("a.json").write_text(json.dumps(ITEM))
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", "a.json", *arguments])


def test_without_a_file_the_defaults_apply() -> None:
    assert check().exit_code == 1


def test_the_nearest_pyproject_with_our_table_is_used(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.consentlint]\nprofile = "lenient"\n')
    Path("pyproject.toml").write_text("[tool.other]\n")
    assert check().exit_code == 0


def test_our_own_file_wins(folder: Path) -> None:
    Path("pyproject.toml").write_text('[tool.consentlint]\nprofile = "documented"\n')
    Path("consentlint.toml").write_text('profile = "lenient"\n')
    assert check().exit_code == 0


def test_options_of_the_command_line_win() -> None:
    Path("consentlint.toml").write_text('profile = "lenient"\nstrict = true\n')
    assert check("--no-strict").exit_code == 0
    assert check().exit_code == 1
    assert check("--profile", "documented", "--no-strict").exit_code == 1


def test_a_list_may_be_written_as_a_list_or_as_text() -> None:
    for value in (
        '["sender-not-messaging-service", "INVALID_CORRELATION_ID"]',
        '"advice,INVALID_CORRELATION_ID"',
    ):
        Path("consentlint.toml").write_text(f"ignore = {value}\n")
        assert check("-q").output == ""


def test_a_file_can_be_named(folder: Path) -> None:
    (folder / "other.toml").write_text('profile = "lenient"\n')
    assert check("--config", str(folder / "other.toml")).exit_code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            'profil = "lenient"',
            'consentlint.toml: unknown option "profil". Did you mean "profile"?',
        ),
        ("strict = 1", "consentlint.toml: strict must be true or false"),
        ("profile = true", "consentlint.toml: profile must be a string"),
        ('profile = "strict"', "'strict' is not one of"),
        ('ignore = ["invalid-statsu"]', 'Did you mean "invalid-status"?'),
        ("max-findings = -1", "consentlint.toml: max-findings: -1 is not in the range"),
        ('now = "yesterday"', 'consentlint.toml: now: "yesterday" is not an ISO 8601 date'),
        ("ignore = {}", "consentlint.toml: ignore must be a list of strings"),
        ('config = "x.toml"', 'consentlint.toml: unknown option "config"'),
        ("profile", "consentlint.toml is not valid TOML"),
        ("x = " + "[" * 3000, "consentlint.toml is not valid TOML"),
        ("max-findings = []", "consentlint.toml: max-findings must be an integer"),
        ("max-findings = 1.5", "consentlint.toml: max-findings must be an integer"),
        ('stdin-filename = ["a"]', "consentlint.toml: stdin-filename must be a string"),
        ("select = 3", "consentlint.toml: select must be a list of strings"),
        ("exclude = 3", "consentlint.toml: exclude must be a list of strings"),
        ("per-file-ignores = 3", "per-file-ignores must be a table of patterns, each with a list"),
        ("per-file-ignores = [3]", "per-file-ignores must be a table of patterns, each with a"),
        ('per-file-ignores."*" = 3', "per-file-ignores must be a table of patterns, each with a"),
        ('per-file-ignores."*" = "al"', 'per-file-ignores: unknown rule "al"'),
        ('per-file-ignores."" = "all"', 'per-file-ignores: ":all" is not a pattern'),
        ("select = [3]", "consentlint.toml: select must be a list of strings"),
        ('"\\u001b]0;x\\u202e" = 1', 'consentlint.toml: unknown option "\\x1b]0;x<U+202E>"'),
        ('"+14155552671" = 1', 'consentlint.toml: unknown option "+1415•••••71"'),
        ('select = "\\u001b[31m"', 'unknown rule "\\x1b[31m"'),
        ("profile = '\x80'", "consentlint.toml is not valid TOML"),
        ('now = "\\u001b[31m"', '"\\x1b[31m" is not an ISO 8601 date with a time'),
        (
            "tool.consentlint.strict = true",
            "In consentlint.toml, options are not in a table: remove [tool.consentlint]",
        ),
    ],
)
def test_an_unusable_option_or_file_is_named(content: str, words: str) -> None:
    Path("consentlint.toml").write_bytes(content.encode("latin-1"))
    result = check()
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())


def test_a_table_is_found_however_it_is_written(folder: Path) -> None:
    for content in (
        '[tool."consentlint"]\nprofile = "lenient"',
        'tool.consentlint.profile = "lenient"',
        '[ tool\t. consentlint ]\nprofile = "lenient"',
        "['tool'.'consentlint']\nprofile = 'lenient'",
        '[tool]\nconsentlint = { profile = "lenient" }',
        '["tool" ]\nconsentlint.profile = "lenient"',
        'tool = { consentlint = { profile = "lenient" } }',
    ):
        (folder / "pyproject.toml").write_text(content)
        assert check().exit_code == 0


@pytest.mark.parametrize("content", ['name = "consentlint"', "tool = 1 # consentlint"])
def test_a_pyproject_without_our_table_is_skipped(folder: Path, content: str) -> None:
    Path("pyproject.toml").write_text(content)
    (folder / "consentlint.toml").write_text('profile = "lenient"')
    assert check().exit_code == 0


def test_a_date_may_be_written_as_toml_has_it() -> None:
    Path("consentlint.toml").write_text('profile = "lenient"\nnow = 2025-06-02T15:29:00Z')
    assert check().exit_code == 1


def test_every_option_can_be_set_by_its_long_name() -> None:
    Path("consentlint.toml").write_text(
        """
        kind = "consents"
        format = "json"
        stdin-filename = "x.json"
        request = true
        profile = "lenient"
        now = "2026-01-01T00:00:00Z"
        select = ["all"]
        ignore = ["advice"]
        strict = true
        exit-zero = true
        output-format = "jsonl"
        output = "report.jsonl"
        max-findings = 3
        statistics = true
        quiet = true
        show-values = true
        exclude = ["old/"]
        respect-gitignore = false
        force-exclude = true
        baseline = "baseline.json"
        [per-file-ignores]
        "a.json" = ["placeholder", "advice"]
        "b/*" = "all"
        """
    )
    Path("baseline.json").write_text('{"version": 1, "files": {}}')
    result = check()
    assert (result.exit_code, result.output) == (0, "")
    assert Path("report.jsonl").read_text() == ""


def test_a_configuration_error_is_not_reported_as_a_usage_error() -> None:
    Path("consentlint.toml").write_text("strict = 1")
    assert check().output.startswith("Error: ")


def test_what_is_for_one_run_cannot_be_set() -> None:
    Path("consentlint.toml").write_text("update-baseline = true")
    assert 'unknown option "update-baseline"' in check().output


def test_a_file_that_is_named_must_be_one(folder: Path) -> None:
    for name in ("no-such.toml", str(folder), ""):
        result = check("--config", name)
        assert result.exit_code == 2
        assert "cannot be read" in result.output
