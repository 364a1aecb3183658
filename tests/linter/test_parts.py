"""The findings of a file do not depend on how it is cut into parts."""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from item_lists import ITEM_LISTS, KINDS, TRICKY_LINES, WRITERS, Items, as_csv
from linting import renamed

from consentlint.fields import iso8601
from consentlint.formats import Content, json_document
from consentlint.linter import line_scan, part_scan
from consentlint.linter.check import Linter, check_list
from consentlint.model.endpoints import endpoint_of
from consentlint.model.findings import Finding, Profile
from consentlint.model.settings import ReadOptions, Settings
from consentlint.rules.selection import select_rules

NOW = iso8601.parse("2026-01-01T00:00:00Z").moment
SETTINGS = st.builds(
    Settings,
    st.just(NOW),
    st.sampled_from(list(Profile)),
    st.sampled_from([None, select_rules(["all"], []).rules, select_rules(["advice"], []).rules]),
    edits=st.just(value=False),
)


@contextmanager
def parts_of(items: int, item_bytes: int) -> Iterator[None]:
    """Cut files into parts of about so many items."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_document, "_MAX_ITEMS", items)
        # A part ends with the line in which its size is reached.
        size = (items - 1) * item_bytes + 1
        patch.setattr(line_scan, "_FIRST_PART", size)
        patch.setattr(line_scan, "_PART", size)
        yield


@contextmanager
def eager_matcher() -> Iterator[None]:
    """Learn a matcher from the first clean items of any file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Content, "fits_in_head", False)
        patch.setattr(part_scan, "_FIRST_LESSON", 1)
        yield


def findings_of(content: str, name: str, options: ReadOptions, how: Settings) -> list[Finding]:
    """Return the findings of a file with some content."""
    with TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_text(content, encoding="utf-8", newline="")
        with Linter(options, how).check_file(str(file)) as checked:
            return [renamed(finding, file, name) for finding in checked.findings()]


def without_location(finding: Finding) -> Finding:
    """Return what a finding says about an item, wherever it came from."""
    # Each item has one line in JSON Lines, and messages name it by that.
    message = re.sub(
        r"\bon line ([0-9]+)|\bline ([0-9]+)",
        lambda match: (
            f"in item {int(match[1]) - 1} (counted from 0)"
            if match[1]
            else f"item {int(match[2]) - 1} (counted from 0)"
        ),
        finding.message,
    )
    fix = finding.fix and finding.fix._replace(edits=())
    return finding._replace(
        file=None,
        line=None,
        column=None,
        end_line=None,
        end_column=None,
        offset=None,
        end_offset=None,
        pointer=None,
        fix=fix,
        message=message,
        excerpt=None,
    )


@settings(deadline=None, max_examples=100)
@given(KINDS, SETTINGS, ITEM_LISTS, st.sampled_from(sorted(WRITERS)), st.booleans())
def test_findings_do_not_depend_on_the_size_of_parts(
    kind: str,
    given_settings: Settings,
    items: Items,
    name: str,
    kind_is_given: bool,
) -> None:
    content = WRITERS[name](items)
    options = ReadOptions(endpoint_of(kind) if kind_is_given else None)
    item_bytes = len(content) // max(len(items), 1)
    expected = findings_of(content, name, options, given_settings)
    for count in (1, 2, 7, 4096):
        with parts_of(count, item_bytes):
            assert findings_of(content, name, options, given_settings) == expected
            with eager_matcher():
                assert findings_of(content, name, options, given_settings) == expected


@settings(deadline=None, max_examples=100)
@given(
    KINDS,
    SETTINGS,
    ITEM_LISTS.filter(bool),
    st.sampled_from(["items.json", "request.json", "items.jsonl", "items.form"]),
    st.sampled_from([1, 2, 7, 4096]),
)
def test_a_file_has_the_findings_of_a_list(
    kind: str,
    given_settings: Settings,
    items: Items,
    name: str,
    count: int,
) -> None:
    endpoint = endpoint_of(kind)
    content = WRITERS[name](items)
    with parts_of(count, len(content) // len(items)):
        found = findings_of(content, name, ReadOptions(endpoint), given_settings)
    expected = [without_location(each) for each in check_list(items, endpoint, given_settings)]
    # The order within an item of a file is that of the file.
    of_file = [without_location(each) for each in found]
    assert sorted(of_file, key=repr) == sorted(expected, key=repr)
    assert [each.item for each in of_file] == [each.item for each in expected]


@settings(deadline=None, max_examples=100)
@given(KINDS, SETTINGS, ITEM_LISTS.filter(bool), st.sampled_from([1, 2, 7]))
def test_a_table_has_the_findings_of_a_list_except_that_columns_are_reported_once(
    kind: str, given_settings: Settings, items: Items, count: int
) -> None:
    endpoint = endpoint_of(kind)
    content = as_csv(items)
    with parts_of(count, len(content) // len(items)):
        found = findings_of(content, "items.csv", ReadOptions(endpoint), given_settings)
    rows = csv.DictReader(io.StringIO(content, newline=""))
    columns = rows.fieldnames or ()
    cells = [{name: cell for name, cell in row.items() if cell} for row in rows]
    # A row of white space is not an item.
    cells = [row for row in cells if any(map(str.strip, row.values()))]
    assume(cells)
    known = {*endpoint.fields, "consentlint_superseded_by"}
    of_list = check_list(
        [{name: row[name] for name in row.keys() & known} for row in cells],
        endpoint,
        given_settings,
    )
    current = [row for row in cells if "consentlint_superseded_by" not in row]
    lacking = {
        field
        for field in endpoint.fields
        if all(field not in row for row in current) and (len(current) > 1 or field not in columns)
    }

    def key(finding: Finding) -> tuple[int, str, str | None, str | None]:
        return finding.item or 0, finding.rule, finding.field, finding.value

    of_columns = [each for each in found if each.item is None]
    expected = [each for each in of_list if not (each.field in lacking and each.value is None)]
    assert sorted(key(each) for each in found if each.item is not None) == sorted(
        key(each) for each in expected
    )
    once = {(each.rule, each.field) for each in of_list if each not in expected}
    reported = [(each.rule, each.field) for each in of_columns if each.rule != "unknown-field"]
    assert sorted(reported) == sorted(once)


@settings(deadline=None, max_examples=100)
@given(
    ITEM_LISTS,
    st.lists(TRICKY_LINES, max_size=8),
    st.randoms(),
    st.sampled_from(["items.jsonl", "items.json", "request.json"]),
    st.booleans(),
)
def test_malformed_items_do_not_depend_on_the_size_of_parts(
    items: Items, tricky: list[str], random: Random, name: str, kind_is_given: bool
) -> None:
    written = [*tricky, *map(json.dumps, items)]
    random.shuffle(written)
    content = {
        "items.jsonl": "\n".join(written),
        "items.json": f"[{','.join(written)}]",
        "request.json": f'{{"Items": [{", ".join(written)}]}}',
    }[name]
    options = ReadOptions(endpoint_of("consents") if kind_is_given else None)
    given_settings = Settings(NOW)
    expected = findings_of(content, name, options, given_settings)
    for count in (1, 2, 7):
        with parts_of(count, len(content) // max(len(written), 1)):
            assert findings_of(content, name, options, given_settings) == expected
            with eager_matcher():
                assert findings_of(content, name, options, given_settings) == expected
