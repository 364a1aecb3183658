"""After many parse errors the rest of a file is not read, wherever its parts end."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from item_lists import CONSENT
from linting import findings_in, renamed
from test_quoted_cells import SETTINGS, cut_into

from consentlint.formats import MAX_ERRORS, _csv_records, form_body, json_document, json_lines
from consentlint.linter import file_scan
from consentlint.model.findings import Finding
from consentlint.model.settings import ReadOptions

GOOD = [
    json.dumps({**CONSENT, "correlation_id": f"{number:032x}", "source": source})
    for number, source in enumerate(["website", "web", "offline"] * 5, 17)
]
HEADER = ",".join(CONSENT)
ROWS = [",".join(map(str, json.loads(text).values())) for text in GOOD]


def findings_of(name: str, content: str, options: ReadOptions) -> list[Finding]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content.encode())
        found = findings_in(str(path), SETTINGS, options)
        return [renamed(each, path, name) for each in found]


def written(name: str, pieces: list[str]) -> str:
    if name.endswith(".csv"):
        return "\n".join([HEADER, *pieces])
    return "\n".join(pieces) if name.endswith(".jsonl") else f"[{','.join(pieces)}]"


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["items.jsonl", "items.csv", "items.json"]),
    st.lists(st.integers(0, 20), max_size=16),
    st.integers(1, 5),
    st.integers(1, 700),
    st.sampled_from([1, 2]),
    st.booleans(),
)
def test_the_last_error_that_is_reported_does_not_depend_on_parts(
    name: str, numbers: list[int], limit: int, size: int, jobs: int, matcher: bool
) -> None:
    good = ROWS if name.endswith(".csv") else GOOD
    bad = ["x", "1"] if name.endswith(".csv") else ["17", "null"]
    if name.endswith(".jsonl"):
        bad = ["", "{"]
    pieces = [good[number] if number < len(good) else bad[number % 2] for number in numbers]
    content = written(name, pieces)
    with pytest.MonkeyPatch.context() as patch:
        for module in (_csv_records, form_body, json_document, json_lines, file_scan):
            patch.setattr(module, "MAX_ERRORS", limit)
        with cut_into(1_000_000, jobs=1, matcher=False) as options:
            expected = findings_of(name, content, options)
        with cut_into(size, jobs=jobs, matcher=matcher) as options:
            patch.setattr(json_document, "_FIRST_ITEMS", 1 + size // 200)
            patch.setattr(json_document, "_MAX_ITEMS", 1 + size // 200)
            assert findings_of(name, content, options) == expected
    errors = [each for each in expected if each.rule in ("file-malformed", "item-malformed")]
    assert len(errors) <= limit + 1
    assert len(errors) <= limit or "not read" in errors[-1].message


@pytest.mark.parametrize("name", ["items.jsonl", "items.csv", "items.json"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_thousand_errors_are_reported_and_no_more(name: str, jobs: int) -> None:
    pieces = [*(ROWS if name.endswith(".csv") else GOOD), *["17"] * (MAX_ERRORS + 500)]
    with cut_into(3_000, jobs=jobs, matcher=True) as options:
        found = findings_of(name, written(name, pieces), options)
    errors = [each for each in found if each.rule in ("file-malformed", "item-malformed")]
    assert len(errors) == MAX_ERRORS + 1
    assert "not read" in errors[-1].message
