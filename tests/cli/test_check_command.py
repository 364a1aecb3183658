"""`consentlint check`: options, exit codes, and where the report goes."""

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sample_items import CONSENT as CLEAN

from consentlint.cli import main

REJECTED = {**CLEAN, "status": "opt in"}
ADVISED = {**CLEAN, "sender_id": "+14155552672"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, item in (("clean", CLEAN), ("rejected", REJECTED), ("advised", ADVISED)):
        (tmp_path / f"{name}.json").write_text(json.dumps(item))
    return tmp_path


def check(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=stdin)


def returned(*arguments: str) -> int:
    """Return the exit code of a run of its own."""
    run = [sys.executable, "-m", "consentlint", "check", *arguments]
    return subprocess.run(run, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clean.json"], 0),
        (["advised.json"], 0),
        (["advised.json", "--strict"], 1),
        (["rejected.json"], 1),
        (["rejected.json", "--exit-zero"], 0),
        (["rejected.json", "missing.json"], 2),
        (["missing.json", "--exit-zero"], 2),
        (["--no-such-option"], 2),
        ([], 2),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert returned(*arguments) == code


def test_a_missing_file_is_a_finding_and_the_others_are_checked() -> None:
    output = check("missing.json", "rejected.json").output
    assert "missing.json: error file-unreadable the file cannot be read: No such file" in output
    assert "rejected.json:1:" in output


def test_a_concise_line_has_location_severity_code_and_message() -> None:
    line = check("rejected.json").output.splitlines()[0]
    column = json.dumps(REJECTED).index('"opt in"') + 1
    assert line == (
        f"rejected.json:1:{column}: error INVALID_STATUS"
        ' status is "opt in", expected "opt-in" or "opt-out". Write "opt-in". [invalid-status]'
    )


def test_a_truncated_gz_file_is_reported_even_if_all_its_items_can_be_read() -> None:
    packed = gzip.compress(json.dumps(CLEAN).encode())
    # The checksum at the end is cut.
    Path("cut.json.gz").write_bytes(packed[:-4])
    result = check("cut.json.gz")
    assert result.exit_code == 2
    assert "file-unreadable" in result.output


def test_every_item_before_the_cut_of_a_truncated_gz_file_is_checked() -> None:
    lines = [json.dumps({**CLEAN, "correlation_id": f"{n:032x}"}) for n in range(5_000)]
    packed = gzip.compress("\n".join(lines).encode())
    Path("cut.jsonl.gz").write_bytes(packed[:-4])
    assert "in 5,000 items of 1 file" in check("cut.jsonl.gz", "--max-findings", "0").output


def test_the_last_line_counts_and_names_the_versions() -> None:
    *_, last, fixable = check("clean.json", "rejected.json", "advised.json").output.splitlines()
    assert fixable == "1 can be fixed with --fix."
    assert last.startswith("1 error and 1 warning in 3 items of 3 files (consentlint ")
    assert "phone metadata" in last


def test_the_kind_can_be_set_if_no_key_shows_it() -> None:
    Path("bare.json").write_text('{"contact_id": "+14155552671"}')
    assert "file-kind" in check("bare.json").output
    assert "INVALID_STATUS" in check("bare.json", "--kind", "consents").output
    assert "INVALID_ZIP_CODE" in check("bare.json", "--kind", "contacts").output


def test_the_format_can_be_set_if_no_name_shows_it() -> None:
    Path("items.txt").write_text(json.dumps(REJECTED) + "\n")
    assert "INVALID_STATUS" in check("items.txt").output
    assert "INVALID_STATUS" in check("items.txt", "--format", "jsonl").output
    assert "file-kind" in check("items.txt", "--format", "csv").output


def test_standard_input_is_read_and_named() -> None:
    run = [sys.executable, "-m", "consentlint", "check", "-", "--stdin-filename", "export.jsonl"]
    content = json.dumps(REJECTED)
    result = subprocess.run(run, input=content, capture_output=True, text=True, check=False)
    assert result.stdout.startswith("export.jsonl:1:")
    assert result.returncode == 1


def test_a_folder_is_searched_for_known_suffixes_but_not_in_version_control(folder: Path) -> None:
    (folder / "deep" / ".git").mkdir(parents=True)
    (folder / "deep" / ".git" / "rejected.json").write_text("[")
    (folder / "deep" / "notes.txt").write_text("[")
    (folder / "deep" / "more.jsonl").write_text(json.dumps(REJECTED))
    output = check(".", "deep").output
    assert "deep/more.jsonl:1:" in output
    assert "in 4 items of 4 files" in output


def test_a_folder_without_files_is_an_error(folder: Path) -> None:
    (folder / "empty").mkdir()
    result = check("empty")
    assert result.exit_code == 2
    assert "files in empty" in result.output


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        (["--select", "invalid-status"], {"invalid-status"}),
        (["--select", "INVALID_STATUS,INVALID_SOURCE"], {"invalid-status"}),
        (["--select", "advice"], {"sender-not-messaging-service", "contact-id-unassigned"}),
        (["--select", "errors"], {"invalid-status"}),
        (["--ignore", "INVALID_STATUS"], {"sender-not-messaging-service"}),
        (
            ["--select", "default", "--select", "contact-id-unassigned"],
            {"invalid-status", "sender-not-messaging-service", "contact-id-unassigned"},
        ),
        (
            ["--select", "all", "--ignore", "errors"],
            {"sender-not-messaging-service", "contact-id-unassigned"},
        ),
    ],
)
def test_select_and_ignore_choose_the_rules(options: list[str], rules: set[str]) -> None:
    item = {**ADVISED, "status": "opt in", "contact_id": "+19999999999"}
    Path("a.json").write_text(json.dumps(item))
    report = json.loads(check("a.json", "--output-format", "json", *options).stdout)
    assert {finding["rule"] for finding in report["findings"]} == rules


@pytest.mark.parametrize(
    ("options", "severities"),
    [
        ([], ["error", "warning"]),
        (["--select", "errors"], ["error"]),
        (["--select", "advice"], ["warning"]),
        (["--ignore", "advice"], ["error"]),
        (["--ignore", "errors"], ["warning"]),
        (["--select", "unknown-field,duplicate-key", "--ignore", "advice"], ["error"]),
        (["--select", "errors,unknown-field"], ["error", "warning"]),
        (["--select", "errors", "--strict"], ["error"]),
        (["--per-file-ignores", "*:errors"], ["warning"]),
    ],
)
@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_a_group_chooses_severities_of_a_rule_that_has_both(
    options: list[str], severities: list[str], suffix: str
) -> None:
    consent = {**CLEAN, "email": "x"}
    contact = {key: CLEAN[key] for key in ("contact_id", "correlation_id")}
    contact |= {"country_iso_code": "US", "zip_code": "94107", "email": "x"}
    for name, item in (("a", consent), ("b", contact)):
        table = f"{','.join(item)}\n{','.join(item.values())}\n"
        text = json.dumps(item) if suffix == "json" else table
        Path(f"{name}.{suffix}").write_text(text)
    files = (f"a.{suffix}", f"b.{suffix}")
    report = json.loads(check(*files, "--output-format", "json", *options).stdout)
    found = {finding["severity"] for finding in report["findings"]}
    assert sorted(found) == severities
    assert {finding["rule"] for finding in report["findings"]} == {"unknown-field"}


@pytest.mark.parametrize("options", [["--select", ""], ["--select", ","], ["--ignore", "all"]])
def test_an_empty_selection_does_not_turn_the_linter_off(options: list[str]) -> None:
    result = check("rejected.json", *options)
    assert result.exit_code == 2
    assert "no rule is left to run" in result.output


def test_an_unknown_rule_names_the_nearest() -> None:
    result = check("clean.json", "--select", "invalid-statsu")
    assert result.exit_code == 2
    assert 'unknown rule "invalid-statsu". Did you mean "invalid-status"?' in result.output


def test_the_clock_can_be_set() -> None:
    assert check("clean.json", "--now", "2025-06-02T15:29:59Z").exit_code == 1
    assert check("clean.json", "--now", "20250602T153000Z").exit_code == 0
    for wrong in ("2025-06-02", "2025-02-30T00:00:00Z"):
        result = check("clean.json", "--now", wrong)
        assert result.exit_code == 2
        assert "--now" in result.output


def test_the_profile_can_be_set() -> None:
    Path("a.json").write_text(json.dumps({**CLEAN, "correlation_id": "z" * 32}))
    assert check("a.json").exit_code == 1
    assert "The lenient profile accepts this form." in check("a.json").output
    assert check("a.json", "--profile", "lenient").exit_code == 0


def test_a_request_has_a_limit_and_other_files_have_none() -> None:
    items = [
        {**CLEAN, "correlation_id": f"{n:032x}", "contact_id": f"+141555526{n:02}"}
        for n in range(27)
    ]
    Path("many.json").write_text(json.dumps({"Items": items}))
    assert check("many.json").exit_code == 0
    result = check("many.json", "--request", "--output-format", "json")
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["item"]) == ("request-too-large", 25)


def test_fewer_findings_can_be_shown_but_all_are_counted() -> None:
    Path("a.jsonl").write_text((json.dumps(REJECTED) + "\n") * 5)
    lines = check("a.jsonl", "--max-findings", "2", "--select", "INVALID_STATUS").output.split("\n")
    assert len([line for line in lines if line.startswith("a.jsonl")]) == 2
    assert lines[2] == "… and 3 more findings not shown (--max-findings)"
    assert lines[-3].startswith("5 errors in 5 items")
    result = check("a.jsonl", "--max-findings", "0", "--output-format", "json")
    report = json.loads(result.stdout)
    assert report["findings"] == []
    assert report["summary"]["errors"] == 9


def test_statistics_count_errors_and_warnings_by_rule() -> None:
    Path("a.jsonl").write_text((json.dumps(REJECTED) + "\n") * 3 + json.dumps(ADVISED))
    lines = check("a.jsonl", "--statistics", "--quiet", "--max-findings", "0").output.splitlines()
    assert lines == [
        "Errors by rule:",
        "        3  invalid-correlation-id",
        "        3  invalid-status",
        "Warnings by rule:",
        "        1  sender-not-messaging-service",
    ]


def test_the_end_counts_records_by_reason_and_by_value() -> None:
    items = [
        {**CLEAN, "correlation_id": f"{number:032x}", "contact_id": f"+1415555{2_600 + number}"}
        for number in range(9)
    ]
    statuses = ["Opt In", "x", "Opt In", "a", "b", "c", "d", "e"]
    for item, status in zip(items[:8], statuses, strict=True):
        item["status"] = status
    items[0]["source"] = "web"
    items[1]["contact_id"] = "+4407400123456"
    items[8]["contact_id"] = "+4407400123457"
    del items[2]["status"]
    Path("a.json").write_text(json.dumps([*items, 7]))
    lines = check("a.json", "--max-findings", "0").output.splitlines()
    assert lines[:-1] == [
        "12 findings not shown (--max-findings)",
        "The API would reject 9 of 10 records:",
        "        8  INVALID_STATUS",
        "           status missing, or not text: 1 record",
        '           status "Opt In": 1 record',
        '           status "a": 1 record',
        '           status "b": 1 record',
        '           status "c": 1 record',
        "           … and 3 other values: 3 records",
        "        1  INVALID_SOURCE",
        '           source "web": 1 record',
        "        1  cannot be parsed",
        "1 other record has errors that the API may not notice: it may store something wrong.",
    ]


def test_records_with_errors_of_our_own_only_do_not_count_as_rejected() -> None:
    Path("a.json").write_text(json.dumps({**CLEAN, "contact_id": "+4407400123456"}))
    lines = check("a.json").output.splitlines()
    assert lines[1] == (
        "1 record has errors that the API may not notice: it may store something wrong."
    )
    assert "would reject" not in "".join(lines)


def test_a_run_without_errors_says_what_was_checked() -> None:
    (line,) = check("clean.json", "--profile", "lenient").output.splitlines()
    assert line.startswith("No errors in 1 item of 1 file (profile lenient, consentlint ")


def test_a_file_that_cannot_be_read_may_have_more_invalid_records() -> None:
    lines = check("missing.json", "rejected.json").output.splitlines()
    assert lines[2] == "The API would reject 1 of 1 record:"
    assert lines[-3] == "1 file could not be checked completely: more records may be invalid."


def test_equal_faults_are_shown_five_times_and_then_counted() -> None:
    Path("a.jsonl").write_text((json.dumps(REJECTED) + "\n") * 2_001)
    options = ["a.jsonl", "--select", "INVALID_STATUS"]
    lines = check(*options).output.splitlines()
    assert [line.partition(": ")[0].count(":") for line in lines[:6]] == [2, 2, 2, 2, 2, 0]
    assert lines[5] == "a.jsonl: error INVALID_STATUS … and 1,996 more like this, lines 6–2001"
    assert lines[6].startswith("The API would reject 2,001 of 2,001 records")
    full = check(*options, "--output-format", "full").output
    assert "\n  … and 1,996 more like this, lines 6–2001\n" in full
    assert full.count("a.jsonl:") == 5
    assert check(*options, "--all").output.count("a.jsonl:") == 2_001
    report = check(*options, "--output-format", "json").stdout
    assert len(json.loads(report)["findings"]) == 2_001


def test_findings_that_are_counted_as_more_are_not_missing_from_a_limited_report() -> None:
    Path("a.jsonl").write_text((json.dumps({**REJECTED, "source": "x"}) + "\n") * 8)
    options = ["a.jsonl", "--select", "INVALID_STATUS,INVALID_SOURCE"]
    # By item: status, then source.
    lines = check(*options, "--max-findings", "9").output.splitlines()
    assert "INVALID_STATUS … and 3 more like this, lines 6–8" in lines[9]
    assert lines[10] == "… and 4 more findings not shown (--max-findings)"
    assert "not shown" not in check(*options, "--max-findings", "10").output


def test_a_limit_of_zero_shows_no_finding() -> None:
    lines = check("rejected.json", "--max-findings", "0").output.splitlines()
    assert lines[0] == "1 finding not shown (--max-findings)"


def test_a_report_keeps_the_permissions_of_the_file_that_it_replaces(folder: Path) -> None:
    (folder / "report.txt").write_text("old")
    (folder / "report.txt").chmod(0o600)
    check("rejected.json", "--output", "report.txt")
    assert (folder / "report.txt").stat().st_mode & 0o777 == 0o600
    assert (folder / "report.txt").read_text().startswith("rejected.json")


@pytest.mark.skipif(os.name != "posix", reason="devices are those of POSIX")
def test_a_device_is_written_to_and_not_replaced() -> None:
    run = [sys.executable, "-m", "consentlint", "check", "rejected.json", "-o"]
    result = subprocess.run([*run, "/dev/stdout"], capture_output=True, text=True, check=False)
    assert result.stdout.startswith("rejected.json:1:")
    assert subprocess.run([*run, "/dev/null"], capture_output=True, check=False).returncode == 1
    assert not Path("/dev/null").is_file()


def test_a_report_that_is_cut_short_leaves_the_old_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "report.txt").write_text("old")
    monkeypatch.setattr("consentlint.cli.check.Linter.check_file", lambda *_: 1 / 0)
    assert isinstance(check("rejected.json", "-o", "report.txt").exception, ZeroDivisionError)
    assert (folder / "report.txt").read_text() == "old"
    assert [file.name for file in folder.iterdir() if "partial" in file.name] == []


@pytest.mark.skipif(os.name != "posix", reason="closes a descriptor by its number")
def test_closed_standard_streams_do_not_crash_the_run() -> None:
    code = "import os, sys; os.close({}); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    for descriptor, name, options in ((0, "-", []), (1, "rejected.json", [])):
        run = [sys.executable, "-c", code.format(descriptor), "-m", "consentlint", "check", name]
        result = subprocess.run([*run, *options], stderr=subprocess.PIPE, text=True, check=False)
        assert result.returncode == 2
        assert "Traceback" not in result.stderr


def test_quiet_still_shows_the_findings() -> None:
    assert check("clean.json", "--quiet").output == ""
    assert len(check("rejected.json", "-q").output.splitlines()) == 1


def test_the_report_can_be_written_to_a_file() -> None:
    result = check("rejected.json", "--output", "report.txt")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("The API would reject 1 of 1 record:\n")
    assert "\n1 error in 1 item" in result.stderr
    assert Path("report.txt").read_text(encoding="utf-8").startswith("rejected.json:1:")


def test_a_file_that_is_checked_is_never_overwritten() -> None:
    before = Path("clean.json").read_bytes()
    assert check("clean.json", "--output", "clean.json").exit_code == 2
    assert check(".", "--output", "clean.json").exit_code == 2
    assert Path("clean.json").read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="a full device is a file on POSIX only")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_report_that_cannot_be_written_is_an_error(
    monkeypatch: pytest.MonkeyPatch, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    run = [sys.executable, "-m", "consentlint", "check", "rejected.json"]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(run, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 2
    assert "cannot write the report to standard output: No space left" in result.stderr
    assert "Traceback" not in result.stderr
    result = subprocess.run(
        [*run, "-o", "no/such/folder"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    message = "Error: cannot write the report to no/such/folder: No such file or directory\n"
    assert result.stderr == message


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_ctrl_c_ends_the_run_with_130() -> None:
    options = ["--format", "jsonl"]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "consentlint", "check", "-", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        # More than a pipe holds, so that the process has read some of it.
        process.stdin.write((json.dumps(REJECTED).encode() + b"\n") * 2_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes are those of POSIX")
def test_a_closed_pipe_ends_the_run_quietly() -> None:
    Path("a.jsonl").write_text((json.dumps(REJECTED) + "\n") * 5_000)
    run = [sys.executable, "-m", "consentlint", "check", "a.jsonl"]
    with subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"a.jsonl:1:")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode != 0


def test_the_default_format_is_concise_if_the_output_is_not_a_terminal() -> None:
    assert (
        check("rejected.json").output == check("rejected.json", "--output-format", "concise").output
    )


def test_a_file_is_checked_once_however_often_it_is_named(folder: Path) -> None:
    assert "in 1 item of 1 file " in check("clean.json", str(folder / "clean.json")).output
