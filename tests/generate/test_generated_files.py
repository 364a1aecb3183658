"""The linter reports for a generated file exactly what is expected of each item."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from consentlint import Severity
from consentlint.cases._phone_numbers import is_possible
from consentlint.cli import main
from consentlint.fields import phone_numbers, schemas
from consentlint.fields.iso8601 import parse_now
from consentlint.formats import FORMATS
from consentlint.generate.fictional import COUNT, fictional_number
from consentlint.generate.items import RULES
from consentlint.linter.check import Linter
from consentlint.linter.read import read_items
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Finding, Profile
from consentlint.model.items import Item, ParseError
from consentlint.model.settings import ReadOptions, Settings

NOW = "2024-02-29T23:59:59.25+05:30"
kinds = pytest.mark.parametrize("kind", list(ENDPOINTS))
formats = pytest.mark.parametrize("format_name", FORMATS)


class Generated(NamedTuple):
    items: Path
    expected: list[dict[str, Any]]


def generate(folder: Path, *arguments: str, format_name: str = "jsonl") -> Generated:
    """Generate a file and what is expected of it."""
    items, expected = folder / f"items.{format_name}", folder / "expected.jsonl"
    command = ["generate", "-o", str(items), "--expected", str(expected), *arguments]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    return Generated(items, [json.loads(line) for line in expected.read_text().splitlines()])


def lint(
    path: Path, kind: str, profile: str = "documented", now: str | None = None
) -> tuple[int, list[Finding]]:
    """Return the number of items in a file, and its findings."""
    settings = Settings(parse_now(now), Profile(profile))
    with Linter(ReadOptions(ENDPOINTS[kind]), settings).check_file(str(path)) as checked:
        return checked.report.items, list(checked.findings())


def items_of(path: Path) -> list[dict[str, Any]]:
    found = list(read_items(str(path), ReadOptions()))
    assert not [event for event in found if isinstance(event, ParseError)]
    return [dict(event.fields) for event in found if isinstance(event, Item)]


@pytest.mark.slow
@kinds
@formats
@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize("now", [None, NOW])
@pytest.mark.parametrize("seed", range(3))
def test_the_linter_reports_exactly_what_is_expected_of_each_item(
    kind: str, format_name: str, profile: str, now: str | None, seed: int, tmp_path: Path
) -> None:
    rules = RULES if format_name != "csv" else RULES[:1]
    arguments = [
        f"--kind={kind}",
        f"--profile={profile}",
        f"--seed={seed}",
        f"--count={25 if format_name == 'form' else 400}",
        "--invalid=50%",
        "--edge-cases=20%",
        *(f"--reason={rule}=2" for rule in rules),
        *([] if now is None else [f"--now={now}"]),
    ]
    path, expected = generate(tmp_path, *arguments, format_name=format_name)
    count, findings = lint(path, kind, profile, now)
    assert count == len(expected)
    errors = ENDPOINTS[kind].error_code
    for index, line in enumerate(expected):
        of_item = [finding for finding in findings if finding.item == index]
        response = line["response"]
        reasons = response["error_messages"]
        # The findings of a file are in the order of their locations.
        assert {str(found.reason) for found in of_item if found.reason} == set(reasons), line
        assert sorted(found.rule for found in of_item if found.rule in RULES) == line["rules"]
        own = {f.rule for f in of_item if f.severity is Severity.ERROR and not f.reason}
        assert own <= set(line["rules"])
        assert line["item"] == index
        assert response["error_code"] == (errors if reasons else 0)
        assert bool(line["cases"]) >= bool(reasons or line["rules"])


@kinds
def test_the_reason_codes_are_in_the_order_of_the_api(kind: str, tmp_path: Path) -> None:
    _, expected = generate(tmp_path, f"--kind={kind}", "--count=500", "--invalid=100%")
    order = [f"INVALID_{field.upper()}" for field in ORDER[kind]]
    several = 0
    for line in expected:
        reasons = line["response"]["error_messages"]
        assert reasons == sorted(reasons, key=order.index)
        several += len(reasons) > 1
    assert 100 < several < 400


ORDER = {
    "consents": (
        "correlation_id",
        "sender_id",
        "contact_id",
        "status",
        "source",
        "date_of_consent",
    ),
    "contacts": ("correlation_id", "country_iso_code", "contact_id", "zip_code"),
}


@kinds
@formats
def test_without_other_options_no_item_has_a_finding(
    kind: str, format_name: str, tmp_path: Path
) -> None:
    count = 25 if format_name == "form" else 3000
    arguments = (f"--kind={kind}", f"--count={count}")
    path, expected = generate(tmp_path, *arguments, format_name=format_name)
    assert lint(path, kind) == (count, [])
    assert all(not line["response"]["error_messages"] for line in expected)


@kinds
def test_the_expected_entries_make_the_body_of_a_response(kind: str, tmp_path: Path) -> None:
    _, expected = generate(tmp_path, f"--kind={kind}", "--invalid=50%")
    body = {"items": [line["response"] for line in expected]}
    Draft202012Validator(schemas.load(f"{kind}-response")).validate(body)


@kinds
def test_ids_are_unique_except_where_a_duplicate_is_the_fault(kind: str, tmp_path: Path) -> None:
    arguments = (f"--kind={kind}", "--count=4000", "--reason=INVALID_CORRELATION_ID=50%")
    path, expected = generate(tmp_path, *arguments)
    seen: dict[str, int] = {}
    duplicates = 0
    for index, (item, line) in enumerate(zip(items_of(path), expected, strict=True)):
        key = str(item.get("correlation_id")).lower()
        if line["cases"] == {"correlation_id": "the id of a previous item"}:
            # It is in the same request, if the file is sent in order, 25 items at a time.
            assert seen[key] // 25 == index // 25
            duplicates += 1
        elif not line["cases"]:
            assert key not in seen
            seen[key] = index
    assert duplicates > 20


def test_no_two_consents_have_the_same_contact_and_sender(tmp_path: Path) -> None:
    path, _ = generate(tmp_path, "--count=20000", "--edge-cases=10%")
    pairs = [(item["contact_id"], item["sender_id"]) for item in items_of(path)]
    assert len(set(pairs)) == len(pairs)


def test_without_a_time_no_date_is_near_the_clock(tmp_path: Path) -> None:
    path, _ = generate(
        tmp_path, "--count=3000", "--edge-cases=50%", "--reason=INVALID_DATE_OF_CONSENT=50%"
    )
    years = {str(item.get("date_of_consent"))[:4] for item in items_of(path)}
    assert "2025" in years
    assert not years & {str(year) for year in range(2026, 2999)}
    assert "2999" in years


def test_with_a_time_dates_are_moments_before_and_after_it(tmp_path: Path) -> None:
    _, expected = generate(
        tmp_path,
        f"--now={NOW}",
        "--count=3000",
        "--edge-cases=50%",
        "--reason=INVALID_DATE_OF_CONSENT=50%",
    )
    cases = {line["cases"].get("date_of_consent") for line in expected}
    assert {"now", "a second after now", "a fraction of a second after now"} <= cases


@kinds
def test_no_phone_number_is_in_an_assigned_range_unless_it_is_reserved_for_fiction(
    kind: str, tmp_path: Path
) -> None:
    reserved = {fictional_number(index).number for index in range(COUNT)}
    arguments = (f"--kind={kind}", "--count=3000", "--invalid=40%", "--edge-cases=40%")
    path, _ = generate(tmp_path, *arguments)
    others = 0
    for item in items_of(path):
        for value in (item.get("contact_id"), item.get("sender_id")):
            if is_possible(value) and value not in reserved:
                others += 1
                assert not phone_numbers.is_assigned(str(value))
    assert others > 100
