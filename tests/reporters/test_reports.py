"""Each format, held against a golden file over one list of findings.

To write the golden files anew after a change that is meant: UPDATE_GOLDEN=1 pytest tests/reporters
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator

from consentlint import Finding, Reason, Severity
from consentlint.fields import schemas
from consentlint.linter.reports import FileReport
from consentlint.linter.summary import Summary
from consentlint.model.findings import Excerpt
from consentlint.reporters import REPORTERS, ReportOptions

GOLDEN = Path(__file__).parent / "golden"

FINDINGS = [
    Finding(
        file="export/consents.jsonl",
        line=12,
        column=15,
        end_line=12,
        end_column=34,
        offset=3014,
        end_offset=3033,
        value="+1 (415) •••-••71",
        url="docs/rules.md#invalid-contact-id",
        item=11,
        pointer="/contact_id",
        field="contact_id",
        rule="invalid-contact-id",
        reason=Reason.INVALID_CONTACT_ID,
        severity=Severity.ERROR,
        correlation_id="5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
        message='contact_id "+1 (415) •••-••71" is not in E.164 format (such as +14155552671).',
        excerpt=Excerpt('{"contact_id":"+1 (415) •••-••71","status":"opt-in"}', 14, 19),
    ),
    Finding(
        file="export/consents.jsonl",
        line=13,
        column=1,
        end_line=13,
        end_column=2,
        offset=3200,
        end_offset=3201,
        value=None,
        url="docs/rules.md#date-of-consent-missing",
        item=12,
        pointer="",
        field="date_of_consent",
        rule="date-of-consent-missing",
        reason=None,
        severity=Severity.WARNING,
        correlation_id=None,
        message="date_of_consent is missing. Send it to prove when the consent was given.",
        excerpt=Excerpt("{}", 0, 2),
    ),
    Finding(
        file="export/consents.jsonl",
        line=14,
        column=3,
        end_line=14,
        end_column=6,
        offset=3300,
        end_offset=3309,
        value="申込み",
        url="docs/rules.md#invalid-status",
        item=13,
        pointer="",
        field="status",
        rule="invalid-status",
        reason=Reason.INVALID_STATUS,
        severity=Severity.ERROR,
        correlation_id="漢字",
        message='status is "申込み", expected "opt-in" or "opt-out".',
        excerpt=Excerpt("漢字,申込み,x", 3, 3),
    ),
    Finding(
        file="a\x1b[31m.csv",
        line=None,
        column=None,
        end_line=None,
        end_column=None,
        offset=None,
        end_offset=None,
        value=None,
        url="docs/rules.md#file-unreadable",
        item=None,
        pointer=None,
        field=None,
        rule="file-unreadable",
        reason=None,
        severity=Severity.ERROR,
        correlation_id=None,
        message="the file cannot be read: No such file or directory",
    ),
]


class Checked:
    """What a summary reads of a checked file."""

    def __init__(self, items: int, findings: list[Finding]) -> None:
        self.report = FileReport("name")
        self.report.parts = [SimpleNamespace(items=items)]  # type: ignore[list-item]
        self._findings = findings

    def counts(self) -> Iterator[tuple[str, Severity, int]]:
        yield from ((finding.rule, finding.severity, 1) for finding in self._findings)


def report(output_format: str, style: ReportOptions, shown: int = len(FINDINGS)) -> str:
    summary = Summary()
    summary.shown = shown
    summary.add(Checked(1_200, FINDINGS[:-1]))  # type: ignore[arg-type]
    summary.add(Checked(4, FINDINGS[-1:]))  # type: ignore[arg-type]
    text = "".join(REPORTERS[output_format](FINDINGS[:shown], summary, style))
    # Versions come and go; the form stays.
    return text.replace(versions()[0], "X.Y.Z").replace(versions()[1], "A.B.C")


def versions() -> tuple[str, str]:
    import phonenumbers

    import consentlint

    return consentlint.__version__, phonenumbers.__version__


@pytest.mark.parametrize(
    ("name", "output_format", "style"),
    [
        ("concise.txt", "concise", ReportOptions()),
        ("concise_statistics.txt", "concise", ReportOptions(statistics=True)),
        ("full.txt", "full", ReportOptions()),
        ("full_colour.txt", "full", ReportOptions(color=True, quiet=True)),
        ("report.json", "json", ReportOptions()),
        ("report.jsonl", "jsonl", ReportOptions()),
    ],
)
def test_a_report_looks_as_it_did(name: str, output_format: str, style: ReportOptions) -> None:
    text = report(output_format, style)
    golden = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


def test_every_format_has_a_golden_file() -> None:
    stems = {file.name.partition(".")[0].partition("_")[0] for file in GOLDEN.iterdir()}
    suffixes = {file.suffix.removeprefix(".") for file in GOLDEN.iterdir()}
    assert set(REPORTERS) <= stems | suffixes


def test_json_is_one_document_with_all_that_is_promised() -> None:
    document = json.loads(report("json", ReportOptions(), shown=2))
    assert document["version"] == 2
    Draft202012Validator(schemas.load("report")).validate(document)
    assert len(document["findings"]) == document["summary"]["shown"] == 2
    assert document["summary"]["findings"] == 4


def test_json_without_findings_is_a_document_too() -> None:
    text = "".join(REPORTERS["json"]([], Summary(), ReportOptions()))
    assert json.loads(text)["findings"] == []


def test_what_is_not_shown_is_counted() -> None:
    lines = report("concise", ReportOptions(), shown=1).splitlines()
    assert lines[1] == "… and 3 more findings not shown (--max-findings)"
    assert lines[2].startswith("3 errors and 1 warning in 1,204 items of 2 files")


def test_why_and_what_to_do_are_said_once_a_rule() -> None:
    twice = [FINDINGS[0], FINDINGS[0]]
    text = "".join(REPORTERS["full"](twice, Summary(), ReportOptions(quiet=True)))
    assert text.count("Why: ") == text.count("What to do: ") == 1
