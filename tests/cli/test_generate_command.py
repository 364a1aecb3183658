"""`consentlint generate`: its options, its output and its errors."""

import json
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consentlint.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["generate", *arguments])


def labels_in(expected: Path) -> Counter[str]:
    lines = map(json.loads, expected.read_text().splitlines())
    return Counter(
        ",".join((*line["response"]["error_messages"], *line["rules"])) for line in lines
    )


def test_by_default_it_prints_a_request_of_valid_consents_as_json_lines() -> None:
    result = run()
    items = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(items) == 25
    assert list(items[0]) == [
        "contact_id",
        "correlation_id",
        "sender_id",
        "status",
        "source",
        "date_of_consent",
    ]
    assert result.stderr == "Generated 25 consents with seed 0: 25 valid, 0 invalid.\n"


@pytest.mark.parametrize("name", ["items.json", "items.jsonl", "items.csv", "items.form"])
def test_the_name_of_the_output_decides_on_the_format(name: str, tmp_path: Path) -> None:
    by_name, by_option = tmp_path / name, tmp_path / "other"
    assert run("-o", str(by_name)).exit_code == 0
    format_name = name.partition(".")[2]
    assert run("--format", format_name, "-o", str(by_option)).exit_code == 0
    assert (
        by_name.read_bytes() == by_option.read_bytes() == run("--format", format_name).stdout_bytes
    )


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(tmp_path: Path) -> None:
    arguments = ("--count=300", "--invalid=50%", "--edge-cases=20%", "--format=csv")
    first, second, other = (
        run(*arguments, f"--seed={seed}", f"--expected={tmp_path / name}").stdout_bytes
        for seed, name in ((7, "a"), (7, "b"), (8, "c"))
    )
    assert first == second != other
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_amounts_are_exact(tmp_path: Path) -> None:
    expected = tmp_path / "expected.jsonl"
    result = run(
        "--count=1000",
        "--reason=INVALID_STATUS=7",
        "--reason=INVALID_STATUS=0.1%",
        "--reason=INVALID_SENDER_ID=1.05%",
        "--reason=duplicate-key=3",
        f"--expected={expected}",
    )
    assert labels_in(expected) == {
        "": 978,
        "INVALID_STATUS": 8,
        "INVALID_SENDER_ID": 11,  # rounded up
        "duplicate-key": 3,
    }
    assert result.stderr.endswith(": 981 valid, 19 invalid.\n")


def test_all_items_can_be_invalid(tmp_path: Path) -> None:
    expected = tmp_path / "expected.jsonl"
    run("--kind=contacts", "--invalid=100%", f"--expected={expected}")
    assert "" not in labels_in(expected)


def test_invalid_items_are_spread_over_the_file(tmp_path: Path) -> None:
    expected = tmp_path / "expected.jsonl"
    run("--count=1000", "--invalid=100", f"--expected={expected}")
    lines = expected.read_text().splitlines()
    for start in range(0, 1000, 250):
        part = lines[start : start + 250]
        assert 10 <= sum('"error_code":0' not in line for line in part) <= 45


def test_existing_files_are_replaced(tmp_path: Path) -> None:
    output = tmp_path / "items.jsonl"
    output.write_text("old")
    assert run("-o", str(output)).exit_code == 0
    assert len(output.read_text().splitlines()) == 25
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--count=0"], "0 is not in the range x>=1"),
        (["--invalid=ten"], '"ten": expected a number of items, such as 5, or a percentage'),
        (["--invalid=-1"], '"-1": expected a number of items'),
        (["--invalid=1.5"], '"1.5": expected a number of items'),
        (["--invalid=nan"], '"nan": expected a number of items'),
        (["--invalid=inf%"], '"inf%": expected a number of items'),
        (["--invalid=26"], '"26": 26 is more than the 25 items of --count'),
        (["--invalid=101%"], "26 is more than the 25 items of --count"),
        (["--invalid=20", "--edge-cases=6"], "ask for 26 items, and --count is 25"),
        (["--reason=INVALID_STATU=5"], 'Did you mean "INVALID_STATUS"?'),
        (["--reason=INVALID_ZIP_CODE=5"], 'consents cannot get "INVALID_ZIP_CODE"'),
        (["--reason=INTERNAL_SERVER_ERROR=5"], 'consents cannot get "INTERNAL_SERVER_ERROR"'),
        (["--reason=INVALID_STATUS"], "INVALID_STATUS needs an amount: INVALID_STATUS=5"),
        (["--reason=INVALID_STATUS="], '"": expected a number of items'),
        (["--reason=duplicate-key=1", "--format=csv"], "a table cannot express duplicate-key"),
        (["--format=form", "--count=26"], "a form body is one request, with at most 25 items"),
        (["-o", "items.txt"], "the name items.txt does not show a format. Pass --format"),
        (["-o", "items.json.gz"], "the output is not compressed. Pass a name without .gz"),
        (["-o", "a.json", "--expected", "a.json"], "--output and --expected are the same file"),
        (["--now=yesterday"], "--now"),
        (["--now=1969-12-31T23:59:59Z"], "the year of now must be from 1970 to 9998"),
    ],
)
def test_an_option_that_cannot_be_met_is_an_error_and_writes_nothing(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["generate", *arguments])
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert isinstance(result.exception, SystemExit)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "consentlint", "generate", "-o", "missing/items.json"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "missing/items.json: No such file or directory" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_large_count_is_streamed() -> None:
    command = [sys.executable, "-m", "consentlint", "generate", "--count", "1000000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=30) == 1
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert set(json.loads(line)) >= {"contact_id", "correlation_id"}


def test_it_does_not_need_hypothesis() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None; from consentlint.cli import main;"
        " main(['generate', '--invalid', '10'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 25


def test_the_documented_example_of_what_is_expected_is_true(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "generate.md").read_text()
    block = page.partition("```console\n$ consentlint generate ")[2].partition("```")[0]
    command, _, output = block.partition("\n$ jq . expected.jsonl\n")
    names = {name: str(tmp_path / name) for name in ("item.json", "expected.jsonl")}
    assert run(*(names.get(word, word) for word in shlex.split(command))).exit_code == 0
    assert json.loads(output) == json.loads((tmp_path / "expected.jsonl").read_text())


def test_a_hyphen_is_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    usual = run("--count", "3")
    assert run("--count", "3", "-o", "-").stdout == usual.stdout
    expected = run("--count", "3", "-o", "a.jsonl", "--expected", "-")
    assert len(expected.stdout.splitlines()) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl"]


@pytest.mark.parametrize(
    "arguments", [("-o", "-", "--expected", "-"), ("-o", "a.jsonl", "--expected", "./a.jsonl")]
)
def test_items_and_expectations_cannot_go_to_one_file(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "--output and --expected are the same file" in result.output


def test_two_names_of_one_file_are_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").touch()
    Path("b.jsonl").hardlink_to("a.jsonl")
    result = run("-o", "a.jsonl", "--expected", "b.jsonl")
    assert result.exit_code == 2
    assert "--output and --expected are the same file" in result.output
