"""Each report format is compared with a golden file, all over the same findings.

After an intended change, update the golden files: UPDATE_GOLDEN=1 pytest tests/reporters
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentlint import Finding, Reason, Severity
from consentlint.linter.summary import Summary
from consentlint.model.findings import Excerpt, More
from consentlint.reporters import REPORTERS, ReportOptions
from consentlint.rules import RULES_BY_NAME
from consentlint.text.layout import columns

GOLDEN = Path(__file__).parent / "golden"

FINDINGS = [
    Finding(
        file="export/consents.jsonl",
        line=12,
        column=15,
        end_line=12,
        end_column=34,
        offset=2_230,
        end_offset=2_249,
        item=11,
        pointer="/contact_id",
        field="contact_id",
        rule="invalid-contact-id",
        reason=Reason.INVALID_CONTACT_ID,
        severity=Severity.ERROR,
        correlation_id="5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
        value="+1 (415) •••-••71",
        message='contact_id "+1 (415) •••-••71" is not in E.164 format (such as +14155552671).'
        ' Remove everything except "+" and the digits.',
        url=RULES_BY_NAME["invalid-contact-id"].url,
        excerpt=Excerpt(
            '{…,"contact_id":"+1 (415) •••-••71","correlation_id":"5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"'
            ',"sender_id":"MG9752274e9e519418a7406176694466fa","status":"opt-in",…}',
            16,
            19,
        ),
    ),
    Finding(
        file="export/consents.jsonl",
        line=13,
        column=1,
        end_line=13,
        end_column=2,
        offset=2_300,
        end_offset=2_301,
        item=12,
        pointer="",
        field="date_of_consent",
        rule="date-of-consent-missing",
        reason=None,
        severity=Severity.WARNING,
        correlation_id=None,
        value=None,
        message="date_of_consent is missing. Send it to prove when the consent was given.",
        url=RULES_BY_NAME["date-of-consent-missing"].url,
        excerpt=Excerpt("{}", 0, 2),
    ),
    Finding(
        file="export/consents.jsonl",
        line=14,
        column=4,
        end_line=14,
        end_column=7,
        offset=2_310,
        end_offset=2_319,
        item=13,
        pointer=None,
        field="status",
        rule="invalid-status",
        reason=Reason.INVALID_STATUS,
        severity=Severity.ERROR,
        correlation_id="漢字",
        value="申込み",
        message='status is "申込み", expected "opt-in" or "opt-out".',
        url=RULES_BY_NAME["invalid-status"].url,
        excerpt=Excerpt(
            "…,+4479•••••••61,ad388b5a46b33b874b0d41f7226db2ef,MG9752274e9e519418a7406176694466fa,"
            "申込み,website,2025-02-28T10:05:27Z,…,…",
            84,
            3,
        ),
        more=More(1_990, "lines 15–2004"),
    ),
    Finding(
        file="a\x1b[31m.csv",
        line=None,
        column=None,
        end_line=None,
        end_column=None,
        offset=None,
        end_offset=None,
        item=None,
        pointer=None,
        field=None,
        rule="file-unreadable",
        reason=None,
        severity=Severity.ERROR,
        correlation_id=None,
        value=None,
        message="the file cannot be read: No such file or directory.",
        url=RULES_BY_NAME["file-unreadable"].url,
    ),
]


def counts(shown: int = len(FINDINGS)) -> Summary:
    summary = Summary()
    summary.files, summary.items, summary.shown = 2, 12_040, shown
    for finding in FINDINGS:
        more = 0 if finding.more is None else finding.more.findings
        if finding.severity is Severity.WARNING:
            summary.warnings_by_rule[finding.rule] += 1
        else:
            summary.errors_by_rule[finding.rule] += 1 + more
        if finding in FINDINGS[:shown]:
            summary.grouped += more
    summary.errors, summary.warnings, summary.unread = 1_993, 1, 1
    summary.rejected, summary.unparsed, summary.other_errors, summary.incomplete = 1_995, 3, 2, 1
    summary.by_reason.update({Reason.INVALID_CONTACT_ID: 1, Reason.INVALID_STATUS: 1_991})
    statuses = {"申込み": 1_204, None: 512, "Opt In": 262, "a": 5, "b": 4, "c": 3, "d": 1}
    summary.by_value.update({("status", value): n for value, n in statuses.items()})
    return summary


def report(output_format: str, options: ReportOptions, shown: int = len(FINDINGS)) -> str:
    text = "".join(REPORTERS[output_format](FINDINGS[:shown], counts(shown), options))
    # Versions change; the layout does not.
    return text.replace(versions()[0], "X.Y.Z").replace(versions()[1], "A.B.C")


def versions() -> tuple[str, str]:
    import phonenumbers

    import consentlint

    return consentlint.__version__, phonenumbers.__version__


@pytest.mark.parametrize(
    ("name", "output_format", "options"),
    [
        ("concise.txt", "concise", ReportOptions()),
        ("concise_statistics.txt", "concise", ReportOptions(statistics=True)),
        ("concise_color.txt", "concise", ReportOptions(color=True)),
        ("full.txt", "full", ReportOptions()),
        *(
            (f"full_{width}{suffix}.txt", "full", ReportOptions(color=color, width=width))
            for width in (60, 80, 120)
            for suffix, color in [("", False), ("_color", True)]
        ),
        ("report.json", "json", ReportOptions()),
        ("report.jsonl", "jsonl", ReportOptions()),
        ("csv.csv", "csv", ReportOptions()),
        ("markdown.md", "markdown", ReportOptions()),
        ("github.txt", "github", ReportOptions()),
        ("gitlab.json", "gitlab", ReportOptions()),
        ("sarif.sarif", "sarif", ReportOptions()),
        ("junit.xml", "junit", ReportOptions()),
        ("rdjson.json", "rdjson", ReportOptions()),
        ("concise_hint.txt", "concise", ReportOptions(hint="To do more, pass --more.")),
    ],
)
def test_a_report_looks_like_its_golden_file(
    name: str, output_format: str, options: ReportOptions
) -> None:
    text = report(output_format, options)
    golden = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("color", [False, True])
def test_a_line_of_the_full_report_fits_the_terminal(width: int, color: bool) -> None:
    text = report("full", ReportOptions(color, width=width))
    assert max(map(columns, text.splitlines())) <= width


@pytest.mark.parametrize("output_format", sorted(REPORTERS.keys() - {"full"}))
def test_the_width_of_a_terminal_does_not_change_a_format_of_lines(output_format: str) -> None:
    assert report(output_format, ReportOptions(width=60)) == report(output_format, ReportOptions())


def test_every_format_has_a_golden_file() -> None:
    stems = {file.name.partition(".")[0].partition("_")[0] for file in GOLDEN.iterdir()}
    suffixes = {file.suffix.removeprefix(".") for file in GOLDEN.iterdir()}
    assert set(REPORTERS) <= stems | suffixes


@pytest.mark.parametrize("output_format", REPORTERS)
def test_a_reporter_yields_before_it_asks_for_the_next_finding(output_format: str) -> None:
    # Otherwise two reports of one run could not be written side by side.
    asked = 0

    def findings() -> Iterator[Finding]:
        nonlocal asked
        for finding in FINDINGS * 3:
            asked += 1
            yield finding

    texts = REPORTERS[output_format](findings(), counts(), ReportOptions())
    while asked < len(FINDINGS * 3):
        before = asked
        next(texts)
        assert asked <= before + 1
    assert "".join(texts).endswith("\n") or output_format in {"jsonl", "csv"}


@pytest.mark.parametrize("output_format", REPORTERS)
def test_a_report_without_findings_is_complete(output_format: str) -> None:
    text = "".join(REPORTERS[output_format]([], Summary(), ReportOptions()))
    assert text.endswith("\n") or output_format == "jsonl"


def test_json_is_one_document_of_version_2() -> None:
    document = json.loads(report("json", ReportOptions(), shown=2))
    assert document["version"] == 2
    assert list(document["findings"][0]) == [
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "offset",
        "end_offset",
        "item",
        "pointer",
        "field",
        "rule",
        "reason",
        "severity",
        "correlation_id",
        "value",
        "message",
        "url",
        "fix",
        "cell",
    ]
    assert len(document["findings"]) == document["summary"]["shown"] == 2
    assert document["summary"]["findings"] == 1_994


def test_json_without_findings_is_a_document() -> None:
    text = "".join(REPORTERS["json"]([], Summary(), ReportOptions()))
    assert json.loads(text)["findings"] == []


def test_findings_that_are_not_shown_are_counted() -> None:
    lines = report("concise", ReportOptions(), shown=1).splitlines()
    assert lines[1] == "… and 1,993 more findings not shown (--max-findings)"
    assert lines[-1].startswith("1,993 errors and 1 warning in 12,040 items of 2 files")


def test_why_and_what_to_do_appear_once_for_each_rule() -> None:
    twice = [FINDINGS[0], FINDINGS[0]]
    text = "".join(REPORTERS["full"](twice, Summary(), ReportOptions(quiet=True)))
    assert text.count("Why: ") == text.count("What to do: ") == 1
