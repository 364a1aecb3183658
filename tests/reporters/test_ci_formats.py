"""Programs of others read the reports for them, and nothing in a report is more than text."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hostile_texts import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml
from report_readers import READERS, parsed_command
from sarif.loader import load_sarif_file

from consentlint import Finding, Reason, Severity
from consentlint.linter.summary import Summary
from consentlint.model.findings import Fix, More
from consentlint.reporters import REPORTERS, ReportOptions
from consentlint.reporters.fingerprints import MAX_RESULTS

SCHEMAS = Path(__file__).parent / "schemas"
URL = "https://consentlint.github.io/consentlint/rules/invalid-status/"
FINDING = Finding(
    file="export/consents.csv",
    line=7,
    column=3,
    end_line=7,
    end_column=9,
    offset=100,
    end_offset=106,
    item=5,
    pointer=None,
    field="status",
    rule="invalid-status",
    reason=Reason.INVALID_STATUS,
    severity=Severity.ERROR,
    correlation_id="5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    value="Opt In",
    message='status is "Opt In", expected "opt-in" or "opt-out". Write "opt-in".',
    url=URL,
)
ADVICE = FINDING._replace(
    rule="date-of-consent-missing", reason=None, severity=Severity.WARNING, field="date_of_consent"
)
UNREADABLE = FINDING._replace(
    rule="file-unreadable",
    reason=None,
    line=None,
    column=None,
    end_line=None,
    end_column=None,
    offset=None,
    end_offset=None,
)


def write(output_format: str, findings: list[Finding], **options: Any) -> str:
    summary = Summary()
    summary.files, summary.items = 1, 20
    for finding in findings:
        summary.add_finding(finding)
        is_error = finding.severity is Severity.ERROR
        (summary.errors_by_rule if is_error else summary.warnings_by_rule)[finding.rule] += 1
        summary.errors += is_error
        summary.warnings += not is_error
    return "".join(REPORTERS[output_format](findings, summary, ReportOptions(**options)))


def hostile(text: str) -> list[Finding]:
    """Return findings with a text in every field that a file may decide."""
    fields = {"file": text, "pointer": f"/{text}", "field": text, "correlation_id": text}
    finding = FINDING._replace(
        **fields, value=text, message=f'status is "{text}".', fix=Fix(f"Write {text}", True, ())
    )
    other = f"Remove {text}"
    return [finding, finding._replace(message=other), UNREADABLE._replace(**fields, message=other)]


def sarif_run(findings: list[Finding], **options: Any) -> dict[str, Any]:
    text = write("sarif", findings, **options)
    READERS["sarif"](text)
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


# What every format must do


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("output_format", REPORTERS)
def test_every_line_of_a_report_is_printable_whatever_a_file_contains(
    output_format: str, text: str
) -> None:
    output = write(output_format, hostile(text))
    output.encode("utf-8")
    assert [line for line in output.split("\n") if not line.isprintable()] == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("output_format", REPORTERS)
def test_a_reader_of_a_format_shows_texts_of_a_file_as_text(output_format: str, text: str) -> None:
    shown = READERS[output_format](write(output_format, [*hostile(text), ADVICE]))
    assert len(shown) > 3
    assert [each for each in shown if not each.isprintable()] == []


def test_every_format_has_a_reader() -> None:
    assert READERS.keys() == REPORTERS.keys()


# github


@pytest.mark.parametrize("text", HOSTILE)
def test_a_github_command_has_the_text_of_the_file_as_text(text: str) -> None:
    lines = write("github", hostile(text), quiet=True).splitlines()
    commands = [parsed_command(line) for line in lines if line.startswith("::")]
    assert len(commands) == len(lines) == 3
    for name, properties, data in commands:
        assert name == "error"
        assert properties.keys() <= {"title", "file", "line", "endLine", "col", "endColumn"}
        assert "\n" not in data
        assert data.isprintable()


def test_github_has_one_annotation_for_a_rule_first_with_its_count() -> None:
    findings = [FINDING._replace(line=line) for line in range(1, 300)] + [ADVICE, UNREADABLE]
    lines = write("github", findings, quiet=True).splitlines()
    commands = [parsed_command(line) for line in lines]
    errors = [command for command in commands if command[0] == "error"]
    assert len(errors) == 10
    assert errors[0][1]["title"] == "299 × INVALID_STATUS"
    assert errors[0][2].startswith("299 findings of invalid-status, the first: export/consents")
    assert errors[1][1]["title"] == "file-unreadable"
    assert [command[1].get("line") for command in errors[2:5]] == ["2", "3", "4"]
    assert [command[0] for command in commands].count("warning") == 1


def test_github_has_an_annotation_for_every_rule_even_if_there_are_more_than_ten() -> None:
    from consentlint.rules import RULES

    findings = [FINDING._replace(rule=rule.name) for rule in RULES] * 2
    lines = write("github", findings, quiet=True).splitlines()
    assert len(lines) == len(RULES)


def test_a_path_is_relative_to_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a b.csv").touch()
    monkeypatch.chdir(tmp_path / "data")
    finding = FINDING._replace(file="a b.csv")
    root = str(tmp_path)
    assert "file=data/a b.csv," in write("github", [finding], root=root)
    (issue,) = json.loads(write("gitlab", [finding], root=root))
    assert issue["location"]["path"] == "data/a b.csv"
    (result,) = sarif_run([finding], root=root)["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "data/a%20b.csv"}
    elsewhere = FINDING._replace(file=str(tmp_path / "data" / "a b.csv"))
    assert "file=data/a b.csv," in write("github", [elsewhere], root=root)
    assert "file=a b.csv," in write("github", [finding], root=str(tmp_path / "other"))


# sarif


def test_sarif_is_read_by_sarif_tools(tmp_path: Path) -> None:
    path = tmp_path / "report.sarif"
    path.write_text(write("sarif", [FINDING, ADVICE, UNREADABLE]), encoding="utf-8")
    log = load_sarif_file(str(path))
    assert log.get_distinct_tool_names() == ["consentlint"]
    records = log.get_records()
    assert [record["Severity"] for record in records] == ["error", "warning", "error"]
    assert records[0]["Location"] == "export/consents.csv"
    assert records[0]["Line"] == 7
    assert records[0]["Code"] == "invalid-status"


def test_sarif_names_the_rules_that_have_findings_with_their_documentation() -> None:
    run = sarif_run([FINDING, ADVICE, FINDING])
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["invalid-status", "date-of-consent-missing"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0]
    assert rules[0]["helpUri"] == URL
    assert rules[0]["help"]["markdown"].startswith("**Why.** ")


def test_sarif_has_the_range_and_no_text_of_the_file() -> None:
    (result,) = sarif_run([FINDING])["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {
        "startLine": 7,
        "startColumn": 3,
        "endLine": 7,
        "endColumn": 9,
        "byteOffset": 100,
        "byteLength": 6,
    }
    assert "snippet" not in write("sarif", [FINDING])


def test_sarif_stops_at_a_limit_and_says_so() -> None:
    run = sarif_run([FINDING] * (MAX_RESULTS + 1))
    assert len(run["results"]) == MAX_RESULTS
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert notes[-1]["message"]["text"] == "Only 5,000 of 5,001 findings are in this log."
    assert len(sarif_run([FINDING])["invocations"][0]["toolExecutionNotifications"]) == 1


def test_sarif_says_if_a_file_could_not_be_read() -> None:
    summary = Summary()
    summary.unread = summary.errors = 1
    text = "".join(REPORTERS["sarif"]([UNREADABLE], summary, ReportOptions()))
    assert json.loads(text)["runs"][0]["invocations"][0]["executionSuccessful"] is False


# Fingerprints


def fingerprints(findings: list[Finding]) -> list[str]:
    found = [
        result["partialFingerprints"]["primaryLocationLineHash"]
        for result in sarif_run(findings)["results"]
    ]
    assert found == [issue["fingerprint"] for issue in json.loads(write("gitlab", findings))]
    return found


def test_a_fingerprint_is_the_same_if_lines_move_and_values_change() -> None:
    moved = FINDING._replace(line=900, offset=90, item=88, value="x", message="other words")
    assert fingerprints([moved]) == fingerprints([FINDING])


def test_findings_that_are_alike_have_different_fingerprints() -> None:
    assert len(set(fingerprints([FINDING] * 50))) == 50
    for change in (
        {"file": "b"},
        {"rule": "invalid-source"},
        {"field": "x"},
        {"correlation_id": None},
    ):
        assert fingerprints([FINDING]) != fingerprints([FINDING._replace(**change)])


def test_a_fingerprint_is_not_made_from_a_number() -> None:
    # With --show-values, an id and a key are not masked yet.
    first, other = (
        FINDING._replace(correlation_id=number, field=number, value=number)
        for number in ("+14155552671", "+14155552571")
    )
    assert fingerprints([first]) == fingerprints([other])


# junit


def test_junit_has_a_test_for_each_rule_of_a_file_and_one_for_the_run() -> None:
    suites = JUnitXml.fromstring(write("junit", [FINDING, ADVICE, UNREADABLE]).encode())
    assert [suite.tests for suite in suites] == [3, 1]


def test_junit_fails_a_rule_once_with_its_count() -> None:
    grouped = FINDING._replace(more=More(7, "lines 9–15"))
    root = ET.fromstring(write("junit", [FINDING, grouped, ADVICE]))
    (failure,) = root.iter("failure")
    assert failure.attrib["message"].startswith("9 findings, the first: status is")
    assert failure.attrib["type"] == "INVALID_STATUS"
    assert str(failure.text).splitlines()[-1] == "… and 7 more like this, lines 9–15"


def test_junit_keeps_the_first_findings_of_a_test() -> None:
    (failure,) = ET.fromstring(write("junit", [FINDING] * 1_000)).iter("failure")
    assert failure.attrib["message"].startswith("1,000 findings")
    assert len(str(failure.text).splitlines()) == 101


def test_junit_has_a_test_even_without_findings() -> None:
    (case,) = ET.fromstring(write("junit", [])).iter("testcase")
    assert next(iter(case)).tag == "system-out"


# markdown


@given(st.sampled_from(HOSTILE) | st.text(max_size=20))
def test_markup_in_a_file_is_code_in_the_markdown_report(text: str) -> None:
    for line in write("markdown", hostile(text)).splitlines():
        if not line.startswith("- "):
            continue
        # What remains without the code spans is our own.
        rest = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", line)
        assert not re.search(r"[<>@\[\]*~#|\\`]|://", rest), line


def test_the_markdown_report_counts_records_and_rules() -> None:
    text = write("markdown", [FINDING] * 9 + [ADVICE])
    assert text.startswith("## consentlint: 9 errors and 1 warning\n")
    assert f"| [`invalid-status`]({URL}) | error | 9 |" in text
    assert text.count("- `export/consents.csv:7:3`") == 4
