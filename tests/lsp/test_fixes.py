"""What an editor has after "Apply all safe fixes" is what `check --fix` writes, byte for byte."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner
from damage import LAYOUTS, damaged
from editing import apply_edits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_items import CONSENT

from consentlint.cli import main
from consentlint.cli.server import find_setup
from consentlint.lsp import checks

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FILES = sorted(
    path for path in FIXTURES.rglob("*.*") if path.suffix in (".json", ".jsonl", ".csv", ".form")
)
HEADER = ",".join(CONSENT)
ROW = ",".join(CONSENT.values())
DAMAGED = {**CONSENT, "contact_id": "tel:+1 415-555-2671", "status": "Opt In"}
DAMAGED_ROW = ",".join(DAMAGED.values())

TEXTS = {
    "crlf.csv": f"{HEADER}\r\n{DAMAGED_ROW}\r\n{ROW}\r\n",
    "bom.csv": f"\ufeff{HEADER}\n{DAMAGED_ROW}",
    "astral.csv": f'name,{HEADER}\n"😀, é",{DAMAGED_ROW}\n😀,{DAMAGED_ROW}\n',
    "quoted-lines.csv": f'{HEADER},note\n{DAMAGED_ROW},"a\nb"\n{DAMAGED_ROW},😀\n',
    "columns.csv": f"{HEADER.replace('contact_id', 'Contact ID')}\n{DAMAGED_ROW}\n",
    "no-id.csv": "contact_id,sender_id,status,source\n+14155552671,12345,opt-in,website\n",
    "indented.json": json.dumps([{**DAMAGED, "Note": "😀", "date_of_consent": ""}] * 2, indent=2),
    "minified.json": json.dumps([{"name": "😀", **DAMAGED}] * 3, ensure_ascii=False),
    "strings.json": json.dumps({"Items": [json.dumps(DAMAGED)]}),
    "keys.json": json.dumps(
        [{"contactId" if key == "contact_id" else key: value for key, value in DAMAGED.items()}]
    ),
    "lines.jsonl": f'{json.dumps(DAMAGED)}\r\n\r\n{{"broken\r\n{json.dumps(DAMAGED)}',
    "duplicates.jsonl": "".join(
        f"{json.dumps({**DAMAGED, 'contact_id': f'+1415555267{n}'})}\n" for n in range(3)
    ),
    "empty.json": "[]",
    "broken.json": '[{"contact_id": ',
}


@pytest.fixture(autouse=True)
def ids(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make new IDs the same in each run; a call begins a run."""
    numbers = count()

    def begin() -> None:
        nonlocal numbers
        numbers = count()

    module = "consentlint.rules.repairs.correlation_id.new_id"
    monkeypatch.setattr(module, lambda: f"{next(numbers):032x}")
    return begin


def compare(path: Path, text: str, begin: Callable[[], None], encoding: str = "utf-16") -> bool:
    """Compare what both make of a text; return whether it changed."""
    path.write_bytes(text.encode())
    setup = find_setup(str(path))
    assert setup is not None
    begin()
    edits = checks.fix_all(str(path), text, setup, encoding)
    assert path.read_bytes() == text.encode()
    edited = apply_edits(text, edits, encoding)
    begin()
    CliRunner().invoke(main, ["check", str(path), "--fix"])
    assert edited == path.read_bytes().decode()
    return edited != text


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
def test_fixtures(file: Path, tmp_path: Path, ids: Callable[[], None]) -> None:
    is_changed = compare(tmp_path / file.name, file.read_bytes().decode(), ids)
    assert is_changed or "with_errors" not in file.parts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", TEXTS)
def test_texts_with_what_moves_positions(
    name: str, encoding: str, tmp_path: Path, ids: Callable[[], None]
) -> None:
    is_changed = compare(tmp_path / name, TEXTS[name], ids, encoding)
    assert is_changed is (name not in ("empty.json", "broken.json"))


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name != "gzipped"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_items(
    name: str, tmp_path: Path, ids: Callable[[], None], data: st.DataObject
) -> None:
    layout = LAYOUTS[name]
    items = [data.draw(damaged({**CONSENT, "correlation_id": f"{n:032x}"})) for n in range(3)]
    compare(tmp_path / f"a{layout.suffix}", layout.write(items).decode(), ids)


@pytest.mark.parametrize("end", ["\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_fix_is_offered_if_editors_may_count_lines_otherwise(end: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = f'{HEADER},note\n{DAMAGED_ROW},"a{end}b"\n'
    setup = find_setup(str(path))
    assert setup is not None
    found = checks.check(str(path), text, setup, "utf-16")
    assert {each.diagnostic.code for each in found} >= {"invalid-status"}
    assert not any(each.fix for each in found)
    assert checks.fix_all(str(path), text, setup, "utf-16") == []


def test_each_fix_alone_removes_its_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    text = TEXTS["minified.json"]
    setup = find_setup(str(path))
    assert setup is not None
    before = checks.check(str(path), text, setup, "utf-16")
    fixes = [each.fix for each in before if each.fix and each.fix.edits]
    assert len(fixes) >= 6
    for fix in fixes:
        after = checks.check(str(path), apply_edits(text, fix.edits), setup, "utf-16")
        assert len(after) == len(before) - 1, fix.title


def test_a_fix_of_a_report_has_no_edits_if_values_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(TEXTS["minified.json"])
    output = CliRunner().invoke(main, ["check", str(path), "--output-format", "json"]).stdout
    fixes = [each["fix"] for each in json.loads(output)["findings"] if each["fix"]]
    assert fixes
    assert not any(fix["edits"] for fix in fixes)
