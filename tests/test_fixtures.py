"""The files in fixtures/ get the verdicts that their folders promise."""

import csv
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import phonenumbers
import pytest

from consentlint.fields import iso8601
from consentlint.linter.check import Linter
from consentlint.linter.discovery import files_in
from consentlint.model.endpoints import CONSENTS, CONTACTS, REQUEST_LIMIT, Endpoint
from consentlint.model.findings import Finding, Profile, Reason, Severity
from consentlint.model.items import Item
from consentlint.model.settings import ReadOptions, Settings

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SCRIPT = ROOT / "scripts" / "make_fixtures.py"
NOW = iso8601.parse("2026-01-01T00:00:00Z").moment

FOLDERS = sorted(folder for folder in (FIXTURES / "invalid").iterdir() if folder.is_dir())
FILES = [Path(file) for file in files_in(str(FIXTURES))]
CLEAN = [file for file in FILES if file.parent in (FIXTURES, FIXTURES / "export")]
PUBLISHED = [(CONSENTS, "documented"), (CONSENTS, "lenient"), (CONTACTS, "lenient")]
FORMATS = ("csv", "form", "json", "jsonl")

Items = list[dict[str, Any]]


def name_of(value: Path | Endpoint | str) -> str:
    if isinstance(value, Path):
        return value.relative_to(FIXTURES).as_posix()
    return value if isinstance(value, str) else value.name


def check(
    file: Path, profile: Profile | str = Profile.DOCUMENTED, *, request: bool = False
) -> list[list[Finding]]:
    """Return the findings of each item; the file must have no parse errors."""
    linter = Linter(ReadOptions(request=request), Settings(NOW, Profile(profile)))
    with linter.check_file(str(file)) as checked:
        found = list(checked.items())
        assert checked.header_findings() == []
    assert all(isinstance(item, Item) for item, _ in found)
    return [findings for _, findings in found]


def reasons(findings: list[list[Finding]]) -> list[list[str]]:
    return [list(dict.fromkeys(f.reason for f in of_item if f.reason)) for of_item in findings]


def parsed(file: Path) -> Items:
    """Return the items of a file, without using our own formats."""
    text = file.read_text(encoding="utf-8")
    match file.suffix:
        case ".json":
            document: Any = json.loads(text)
            items: Items = document["Items"] if isinstance(document, dict) else document
            return items
        case ".jsonl":
            return [json.loads(line) for line in text.splitlines()]
        case ".form":
            return [json.loads(item) for item in parse_qs(text.rstrip("\n"))["Items"]]
        case _:
            with file.open(encoding="utf-8", newline="") as rows:
                return [
                    {key: cell for key, cell in row.items() if cell} for row in csv.DictReader(rows)
                ]


@pytest.mark.parametrize("reason", [r for r in Reason if r != Reason.INTERNAL_SERVER_ERROR])
def test_every_reason_decided_offline_has_a_file_in_every_format(reason: Reason) -> None:
    found = sorted(file.name for file in (FIXTURES / "invalid" / reason).iterdir())
    assert found == [f"items.{suffix}" for suffix in FORMATS]


@pytest.mark.parametrize("file", [file for file in FILES if file.parent in FOLDERS], ids=name_of)
def test_every_item_is_rejected_only_for_the_reason_that_its_folder_names(
    file: Path,
) -> None:
    findings = check(file)
    assert len(findings) == len(parsed(file)) >= 5
    found = [[finding.reason for finding in of_item] for of_item in findings]
    assert found == [[Reason(file.parent.name)]] * len(findings)


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_the_findings_for_an_item_do_not_depend_on_the_format_of_its_file(folder: Path) -> None:
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for suffix in FORMATS:
        file = folder / f"items.{suffix}"
        for item, findings in zip(parsed(file), check(file), strict=True):
            # json.dumps distinguishes 1 and true, which are equal in Python.
            found[json.dumps(item, sort_keys=True)][suffix] = [
                (finding.item if suffix != "csv" else None, finding.field, finding.message)
                for finding in findings
            ]
    for text, by_format in found.items():
        assert by_format["json"] == by_format["jsonl"] == by_format["form"]
        fits_csv = all(isinstance(value, str) and value for value in json.loads(text).values())
        assert ("csv" in by_format) is fits_csv
        if fits_csv:
            assert by_format["csv"] == [(None, *rest) for _, *rest in by_format["json"]]


@pytest.mark.parametrize("file", CLEAN, ids=name_of)
def test_an_export_has_no_findings(file: Path) -> None:
    findings = check(file)
    assert findings == [[]] * len(parsed(file))


def test_the_export_is_the_same_in_every_format() -> None:
    table, document, lines = (
        parsed(FIXTURES / "export" / f"subscribers.{suffix}") for suffix in ("csv", "json", "jsonl")
    )
    assert table == document == lines
    assert len(table) == 300
    assert len(parsed(FIXTURES / "export" / "contacts.csv")) == 100


def test_the_export_has_histories_and_many_countries() -> None:
    statuses: dict[str, list[str]] = defaultdict(list)
    for item in parsed(FIXTURES / "export" / "subscribers.csv"):
        statuses[item["contact_id"]].append(item["status"])
    assert {"-".join(each) for each in statuses.values()} == {
        "opt-in",
        "opt-in-opt-out",
        "opt-in-opt-out-opt-in",
    }
    codes = {phonenumbers.parse(number).country_code for number in statuses}
    assert len(codes) >= 20


def test_the_clean_request_is_as_large_as_a_request_can_be() -> None:
    file = FIXTURES / "clean_request.json"
    assert len(check(file, request=True)) == REQUEST_LIMIT
    assert len({item["contact_id"] for item in parsed(file)}) == REQUEST_LIMIT


def test_the_export_with_errors_has_one_mistake_of_each_kind() -> None:
    findings = check(FIXTURES / "with_errors" / "subscribers.csv")
    assert [(f.line, f.rule, f.severity) for of_item in findings for f in of_item] == [
        (4, "invalid-contact-id", Severity.ERROR),
        (5, "invalid-status", Severity.ERROR),
        (7, "contact-id-not-canonical", Severity.ERROR),
        (9, "invalid-date-of-consent", Severity.ERROR),
        (11, "invalid-correlation-id", Severity.ERROR),
        (12, "consent-out-of-order", Severity.ERROR),
    ]


@pytest.mark.parametrize(("endpoint", "profile"), PUBLISHED, ids=name_of)
def test_the_published_request_gets_the_published_response(
    endpoint: Endpoint, profile: str
) -> None:
    folder = FIXTURES / "published" / endpoint.name
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    messages = reasons(check(folder / "request.json", profile, request=True))
    response = {
        "items": [
            {
                "correlation_id": json.loads(item)["correlation_id"],
                "error_code": endpoint.error_code if rejected else 0,
                "error_messages": rejected,
            }
            for item, rejected in zip(request["Items"], messages, strict=True)
        ]
    }
    assert response == json.loads((folder / "response.json").read_text(encoding="utf-8"))


def test_the_documented_profile_rejects_the_published_id_that_is_not_hexadecimal() -> None:
    file = FIXTURES / "published" / "contacts" / "request.json"
    assert reasons(check(file)) == [["INVALID_CORRELATION_ID"], ["INVALID_CONTACT_ID"]]


@pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=name_of)
def test_a_response_instead_of_a_request_is_reported(endpoint: Endpoint) -> None:
    file = FIXTURES / "published" / endpoint.name / "response.json"
    with Linter(ReadOptions(), Settings(NOW)).check_file(str(file)) as checked:
        (finding,) = checked.findings()
        assert checked.report.items == 0
    assert (finding.rule, finding.severity) == ("file-kind", Severity.ERROR)


@pytest.mark.parametrize(
    ("profile", "third"),
    [
        ("documented", ["INVALID_CONTACT_ID", "INVALID_CORRELATION_ID", "INVALID_SENDER_ID"]),
        ("lenient", ["INVALID_CONTACT_ID"]),
    ],
)
def test_the_lenient_profile_rejects_the_third_item_of_the_guide_for_one_reason(
    profile: str, third: list[str]
) -> None:
    found = reasons(check(FIXTURES / "guide" / "three_items.json", profile, request=True))
    assert found == [[], [], third]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_fixtures_are_utf_8_with_lf_line_endings(file: Path) -> None:
    content = file.read_bytes()
    content.decode("utf-8")
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")
    assert not content.endswith(b"\n\n")


def run_check(script: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(script), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_fixtures_are_up_to_date() -> None:
    run = run_check(SCRIPT)
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


def test_stale_missing_and_unexpected_fixtures_are_named(tmp_path: Path) -> None:
    # With the modules that it imports.
    script = shutil.copytree(SCRIPT.parent, tmp_path / "scripts") / SCRIPT.name
    fixtures = shutil.copytree(FIXTURES, tmp_path / "fixtures")
    (fixtures / "clean_request.json").unlink()
    (fixtures / "with_errors" / "subscribers.csv").write_text("stale")
    (fixtures / "unexpected.csv").write_text("unexpected")
    run = run_check(script)
    assert run.returncode == 1
    assert [line.partition(" is ")[0] for line in run.stdout.splitlines()] == [
        "fixtures/clean_request.json",
        "fixtures/with_errors/subscribers.csv",
        "fixtures/unexpected.csv",
    ]
