"""A grouped report shows the first findings of each group, and counts the others."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from item_lists import CONSENT, ITEM_LISTS, KINDS, TRICKY_LINES, WRITERS, Items

from consentlint.fields import iso8601
from consentlint.linter import engine, line_scan, processes
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.groups import UNUSED_SHOWN, is_unused
from consentlint.model.endpoints import endpoint_of
from consentlint.model.findings import Finding, More
from consentlint.model.items import Item
from consentlint.model.settings import ReadOptions, Settings

SETTINGS = Settings(iso8601.parse("2026-01-01T00:00:00Z").moment)
WORDS = ("status", "source", "country_iso_code")


@contextmanager
def checked(
    content: str, name: str, kind: str = "consents", jobs: int = 1
) -> Iterator[CheckedFile]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(content, encoding="utf-8", newline="")
        options = ReadOptions(endpoint_of(kind), jobs=jobs, fast_path=False)
        with Linter(options, SETTINGS).check_file(str(path)) as file:
            yield file


def group_of(file: CheckedFile, finding: Finding) -> tuple[object, ...]:
    """Return what the findings of a group have in common, by the problems of the file."""
    for part in file.report.parts:
        for row, code in zip(part.rows, part.codes, strict=True):
            assert file.engine is not None
            problem = file.engine.problems[code]
            known = (part.first_item + row, problem.rule, problem.field)
            if known == (finding.item, finding.rule, finding.field):
                return problem[:3]
    if finding.item is not None:
        return finding.rule, re.sub(r"[0-9]+", "", finding.message)
    for column in file.report.column_problems:
        if is_unused(column.problem) and column.problem.field == finding.field:
            return ("unused column",)
    # About the whole file.
    return (finding,)


def assert_is_grouped(file: CheckedFile) -> None:
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    all_findings = list(file.findings())
    for finding in all_findings:
        groups[group_of(file, finding)].append(finding)
    expected: dict[Finding, list[Finding]] = {}
    for key, group in groups.items():
        shown = 1 if group[0].rule == "unknown-field" else 5
        shown = UNUSED_SHOWN if key == ("unused column",) else shown
        expected |= {finding: [] for finding in group[:shown]}
        if len(group) > shown:
            expected[group[shown - 1]] = group[shown:]
    found = list(file.findings(grouped=True))
    assert [each._replace(more=None) for each in found] == [
        each for each in all_findings if each in expected
    ]
    for finding in found:
        hidden = expected[finding._replace(more=None)]
        if finding.more is None:
            assert not hidden
        else:
            assert finding.more.findings == len(hidden)
            assert_says_where(finding.more, hidden, file)


def assert_says_where(more: More, hidden: list[Finding], file: CheckedFile) -> None:
    has_lines = file.report.format in ("csv", "jsonl")
    numbers: list[int | None] = [each.item for each in hidden]
    if has_lines:
        # A value may be on another line than its item begins on.
        lines = {
            found.index: found.source.location.line
            for found, _ in file.items()
            if isinstance(found, Item) and found.source is not None
        }
        numbers = [
            each.line if each.item is None else lines.get(each.item, each.line) for each in hidden
        ]
    named = [int(number) for number in re.findall("[0-9]+", more.where.partition(" (")[0])]
    assert named == sorted({numbers[0] or 0, numbers[-1] or 0})
    assert more.where.endswith(" (counted from 0)") is not has_lines
    assert more.where.startswith("line" if has_lines else "item") or "between" in more.where
    if "–" in more.where and not has_lines:
        assert numbers == list(range(named[0], named[1] + 1))


@settings(deadline=None, max_examples=150)
@given(KINDS, ITEM_LISTS, st.sampled_from(sorted(WRITERS)), st.integers(1, 4))
def test_the_first_five_of_each_group_are_shown_and_the_others_counted(
    kind: str, items: Items, name: str, times: int
) -> None:
    with checked(WRITERS[name]([*items] * times), name, kind) as file:
        assert_is_grouped(file)


@settings(deadline=None, max_examples=100)
@given(st.lists(TRICKY_LINES, max_size=40), ITEM_LISTS, st.randoms(), st.booleans())
def test_parse_errors_are_grouped_by_the_kind_of_their_message(
    tricky: list[str], items: Items, random: Random, has_lines: bool
) -> None:
    written = [*tricky, *map(json.dumps, items)]
    random.shuffle(written)
    content = "\n".join(written) if has_lines else f"[{','.join(written)}]"
    with checked(content, "a.jsonl" if has_lines else "a.json") as file:
        assert_is_grouped(file)


def test_rows_with_different_numbers_of_cells_are_one_group() -> None:
    rows = [",".join("x" * (7 + number % 4)) for number in range(12)]
    with checked("\n".join([",".join(CONSENT), *rows]), "a.csv") as file:
        found = list(file.findings(grouped=True))
    assert [each.more for each in found] == [None] * 4 + [More(7, "lines 7–13")]


def test_lines_with_different_bytes_that_are_not_utf_8_are_one_group(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(b'{"status": "%c"}\n' % byte for byte in range(0xE0, 0xF0)))
    with Linter(ReadOptions(), SETTINGS).check_file(str(path)) as file:
        found = [each.more for each in file.findings(grouped=True) if each.item is not None]
    assert found == [None] * 4 + [More(11, "lines 6–16")]


def test_parse_errors_of_a_file_of_unknown_kind_are_grouped() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        path.write_text("7\n" * 30)
        with Linter(ReadOptions(), SETTINGS).check_file(str(path)) as file:
            found = [each for each in file.findings(grouped=True) if each.item is not None]
            assert file.record_counts().rejected == 30
    assert [each.more for each in found] == [None] * 4 + [More(25, "lines 6–30")]


@pytest.mark.parametrize(
    ("numbers", "where"),
    [
        ([0, 1, 2, 3, 4, 7], "line 8"),
        ([0, 1, 2, 3, 4, 7, 8], "lines 8–9"),
        ([0, 1, 2, 3, 4, 7, 9], "between lines 8 and 10"),
    ],
)
def test_the_lines_of_the_others_are_named(numbers: list[int], where: str) -> None:
    items = [
        {
            **CONSENT,
            "contact_id": f"+1415555{2_600 + number}",
            "correlation_id": f"{number:032x}",
            "status": "x" if number in numbers else "opt-in",
        }
        for number in range(11)
    ]
    with checked(WRITERS["items.jsonl"](items), "items.jsonl") as file:
        (*_, last) = file.findings(grouped=True)
    assert last.more == More(len(numbers) - 5, where)


@settings(deadline=None, max_examples=150)
@given(KINDS, ITEM_LISTS, st.sampled_from(sorted(WRITERS)), st.lists(TRICKY_LINES, max_size=4))
def test_records_are_counted_as_the_findings_say(
    kind: str, items: Items, name: str, tricky: list[str]
) -> None:
    content = WRITERS[name](items)
    if name == "items.jsonl":
        content += "\n".join(tricky)
    with checked(content, name, kind) as file:
        findings, counts = list(file.findings()), file.record_counts()
        all_items = file.report.items
    of_items = [each for each in findings if each.item is not None]
    unparsed = {each.item for each in of_items if each.rule.startswith(("file-", "item-"))}
    of_columns = [each for each in findings if each.item is None and each.reason]
    rejected = {each.item for each in of_items if each.reason} | unparsed
    errors = {each.item for each in of_items if each.severity == "error"}
    superseded = sum("consentlint_superseded_by" in item for item in items)
    assert counts.unparsed == len(unparsed)
    assert counts.is_complete == all(
        each.item is not None or each.rule == "file-empty" or not each.rule.startswith("file-")
        for each in findings
    )
    if of_columns:
        assert all_items - superseded <= counts.rejected <= all_items
        assert counts.other_errors == 0
        return
    assert counts.rejected == len(rejected)
    assert counts.other_errors == len(errors - rejected)
    assert counts.by_reason == Counter(
        reason for _, reason in {(each.item, each.reason) for each in of_items if each.reason}
    )
    assert counts.by_value == Counter(
        (each.field, each.value) for each in of_items if each.reason and each.field in WORDS
    )


@pytest.mark.parametrize("name", ["items.jsonl", "items.csv"])
def test_groups_and_counts_do_not_depend_on_the_number_of_processes(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(line_scan, "_PART", 3_000)
    monkeypatch.setattr(line_scan, "_FIRST_PART", 3_000)
    monkeypatch.setattr(line_scan, "_WORTH", 1_000)
    # Of more different values, which are counted depends on their order in the file.
    monkeypatch.setattr(engine, "_MAX_COUNTED", 20)
    monkeypatch.setattr(processes, "_MAX_PROBLEMS", 30)
    random = Random(7)
    items = [
        {
            **CONSENT,
            "contact_id": f"+1415555{2_000 + number}",
            "correlation_id": f"{number // 2:032x}",
            "status": random.choice(["opt-in", "Opt In", f"word {random.randrange(60)}"]),
            "source": random.choice(["website", "web"]),
        }
        for number in range(600)
    ]
    results = []
    for jobs in (1, 2):
        with checked(WRITERS[name](items), name, jobs=jobs) as file:
            found = [each._replace(file=None) for each in file.findings(grouped=True)]
            results.append((found, file.record_counts()))
    assert results[0] == results[1]
    (_, counts) = results[0]
    statuses = {value: n for (field, value), n in counts.by_value.items() if field == "status"}
    assert len(statuses) == 21
    assert statuses[engine.OTHER_VALUES] > 0
    assert sum(statuses.values()) == counts.by_reason["INVALID_STATUS"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("content", "is_complete"),
    [
        ("contact_id,status\n+14155552671,opt-in,x\n", True),
        ('contact_id,status\n+14155552671,"opt-in\n', True),
        ("contact_id,status\n+14155552671,\0opt-in\n", False),
        ("contact_id,status\n+14155552671," + "x" * 200_000, False),
        ("contact_id,status\n" + "x,y,z\n" * 1_001, False),
    ],
)
def test_a_file_is_incomplete_if_its_rest_cannot_be_read(content: str, is_complete: bool) -> None:
    with checked(content, "a.csv") as file:
        assert file.record_counts().is_complete is is_complete


def test_the_findings_of_an_item_are_in_the_order_of_the_file() -> None:
    item = {"source": "x", "status": "x", "sender_id": "x", "contact_id": "x"}
    with checked(json.dumps([item]), "a.json") as file:
        found = list(file.findings())
    assert [each.field for each in found] == [
        "correlation_id",
        "date_of_consent",
        "source",
        "status",
        "sender_id",
        "contact_id",
    ]
