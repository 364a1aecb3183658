"""Fix files: what a safe fix reverses comes back, and every other byte stays."""

import gzip
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from damage import DAMAGES, LAYOUTS, damaged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_items import CONSENT

from consentlint import strategies
from consentlint.fields import iso8601
from consentlint.linter import fix
from consentlint.linter.check import Linter
from consentlint.linter.fix import FixedFile, NotWritten
from consentlint.linter.fix_diff import diff
from consentlint.model.endpoints import CONSENTS, CONTACTS
from consentlint.model.settings import ReadOptions, RepairOptions, Settings

NOW = iso8601.parse("2026-01-01T00:00:00Z").moment
CSV_HEADER = ",".join(CONSENT)


def consent(number: int, **changes: str) -> dict[str, str]:
    """Return a consent that differs from all others."""
    return {
        **CONSENT,
        "contact_id": f"+1415555{number:04d}",
        "correlation_id": f"5f0c2e7f4a9d4c27b1d0c9f3e2a7{number:04x}",
        **changes,
    }


@contextmanager
def fixed_file(
    path: Path | str, *, unsafe: bool = False, kind: str | None = None, **repair: Any
) -> Iterator[FixedFile]:
    options = ReadOptions(endpoint={"consents": CONSENTS, "contacts": CONTACTS}.get(kind or ""))
    linter = Linter(options, Settings(NOW, repair=RepairOptions(**repair)))
    with FixedFile(linter, str(path), unsafe=unsafe) as fixed:
        yield fixed


def fix_file(path: Path, **options: Any) -> tuple[bytes, list[str]]:
    """Fix a file, and return its new content and the rules of what remains."""
    with fixed_file(path, **options) as fixed:
        fixed.write()
        return path.read_bytes(), [finding.rule for finding in fixed.checked.findings()]


ITEMS = st.integers(1, 4).flatmap(
    lambda count: st.tuples(
        *(
            st.sampled_from(("opt-in", "opt-out")).map(
                lambda status, number=number: consent(number, status=status)
            )
            for number in range(count)
        )
    )
)


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_items_come_back_in_each_format(
    name: str, tmp_path: Path, data: st.DataObject
) -> None:
    layout = LAYOUTS[name]
    items = list(data.draw(ITEMS))
    path = tmp_path / f"items{layout.suffix}"
    path.write_bytes(layout.write([data.draw(damaged(item)) for item in items]))
    content, rules = fix_file(path)
    assert layout.read(content) == items
    # There may be a column or key of names.
    assert set(rules) <= {"unknown-field"}
    if name != "gzipped":
        # The same program writes the same bytes around valid values.
        assert without_quotes(content) == without_quotes(layout.write(items))
    assert fix_file(path) == (content, rules)


def without_quotes(content: bytes) -> bytes:
    """Remove quotes around cells: a damaged one may need those that the repaired one keeps."""
    return re.sub(rb'(?<=[,;\t\n])"([^",;\t\n{}]*)"(?=[,;\t\r\n])', rb"\1", b"\n" + content)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(strategies.valid_items(kind="contacts"), min_size=1, max_size=3), st.data())
def test_contacts_of_any_country_come_back(
    tmp_path: Path, items: list[dict[str, str]], data: st.DataObject
) -> None:
    items = [
        {**item, "correlation_id": consent(at)["correlation_id"]} for at, item in enumerate(items)
    ]
    path = tmp_path / "items.jsonl"
    lines = []
    for item in items:
        field = data.draw(st.sampled_from(sorted(item)))
        damages = DAMAGES[field]
        value = data.draw(st.sampled_from(damages))(item[field]) if damages else item[field]
        lines.append(json.dumps({**item, field: value}))
    path.write_text("\n".join(lines))
    content, rules = fix_file(path, kind="contacts")
    assert [json.loads(line) for line in content.splitlines()] == items
    assert "invalid-contact-id" not in rules


def test_bytes_outside_the_repaired_values_are_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    rows = [
        b"\xef\xbb\xbfname;contact_id;correlation_id;sender_id;status;source;date_of_consent\r\n",
        b'"Doe; ""J""";%s;5f0c2e7f4a9d4c27b1d0c9f3e2a7b680;"%s";opt-in;website;',
        b"2025-06-02T15:30:00Z\r\n",
        b"\r\n",
        b"bad \xff byte;x;;;;;\r\n",
        b"too;few\r\n",
        b"  Jane ;+14155552672;5f0c2e7f4a9d4c27b1d0c9f3e2a7b681;%s;%s;website;",
        b"2025-06-02T15:30:00Z",
    ]
    template = b"".join(rows)
    sender = CONSENT["sender_id"].encode()
    path.write_bytes(template % (b"+1 (415) 555-2671", sender, sender, b'"Opt-In"'))
    content, _ = fix_file(path)
    assert content == template % (b"+14155552671", sender, sender, b'"opt-in"')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{"contact_id": "+14155552671",\n  "date_of_consent": null}',
            '{"contact_id": "+14155552671",\n  "correlation_id": "ID"}',
        ),
        (
            '{"date_of_consent": "", "contact_id": "+14155552671"}',
            '{"correlation_id": "ID", "contact_id": "+14155552671"}',
        ),
        (
            '{\n  "contact_id":"+14155552671"\n}',
            '{\n  "contact_id":"+14155552671",\n  "correlation_id":"ID"\n}',
        ),
    ],
)
def test_members_are_added_with_the_space_that_others_have(
    tmp_path: Path, before: str, after: str
) -> None:
    path = tmp_path / "items.json"
    path.write_text(before)
    content, _ = fix_file(path, kind="consents")
    assert re.sub("[0-9a-f]{32}", "ID", content.decode()) == after


def test_a_member_is_removed_with_its_comma(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    last = json.dumps({**CONSENT, "date_of_consent": None})
    first = json.dumps({"date_of_consent": "", **consent(2)}).replace(
        consent(2)["date_of_consent"], ""
    )
    path.write_text(f"{last}\n{first}\n")
    content, _ = fix_file(path)
    items = [{**each} for each in (CONSENT, consent(2))]
    for item in items:
        del item["date_of_consent"]
    assert content.decode() == "".join(f"{json.dumps(item)}\n" for item in items)


def test_missing_ids_become_a_column_of_fresh_ids(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    columns = [column for column in CONSENT if column != "correlation_id"]
    rows = [",".join(consent(number)[column] for column in columns) for number in range(3)]
    path.write_text("\n".join([",".join(columns), rows[0], "", rows[1] + ",", rows[2]]))
    content, rules = fix_file(path)
    header, *lines = content.decode().split("\n")
    assert header == ",".join(["correlation_id", *columns])
    ids = [line.partition(",")[0] for line in lines if line]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)
    assert [line.partition(",")[2] for line in lines] == [rows[0], "", rows[1] + ",", rows[2]]
    assert rules == ["ambiguous-csv"]


def test_misnamed_columns_are_renamed_and_their_rows_repaired(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        '"Phone Number",correlationId,sender_id,"Status",source,consent_date\n'
        + ",".join(consent(1, contact_id="tel:+14155550001").values())
        + "\n"
    )
    content, rules = fix_file(path)
    assert rules == []
    assert content.decode() == (
        '"contact_id",correlation_id,sender_id,"status",source,date_of_consent\n'
        + ",".join(consent(1).values())
        + "\n"
    )


@pytest.mark.parametrize("name", ["items.json", "items.jsonl", "items.form"])
def test_keys_that_are_all_misnamed_are_renamed(tmp_path: Path, name: str) -> None:
    write = {"items.json": LAYOUTS["indented"], "items.jsonl": LAYOUTS["lines"]}.get(
        name, LAYOUTS["form"]
    )
    items = [consent(1), consent(2)]
    names = {"contact_id": "phoneNumber", "status": "consentStatus", "source": "Source"}
    path = tmp_path / name
    path.write_bytes(
        write.write(
            [
                {names.get(key, key): value for key, value in {**item, "status": "Opt-In"}.items()}
                for item in items
            ]
        )
    )
    with fixed_file(path) as fixed:
        shown = "".join(diff(fixed, show_values=False))
        assert fixed.log.records == 2
    assert shown.count('"opt-in"') + shown.count("%22opt-in%22") == 2
    content, rules = fix_file(path)
    assert write.read(content) == items
    assert set(rules) <= {"unknown-field"}


def test_a_key_is_renamed_only_if_no_other_can_be_meant(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    sure = {("msisdn" if key == "contact_id" else key): value for key, value in CONSENT.items()}
    unsure = {**sure, "mobile": "+14155552672", "correlation_id": consent(2)["correlation_id"]}
    path.write_text(f"{json.dumps(sure)}\n{json.dumps(unsure)}\n")
    content, _ = fix_file(path, unsafe=True)
    assert content.decode() == f"{json.dumps(CONSENT)}\n{json.dumps(unsure)}\n"


def test_a_field_with_a_duplicate_key_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    text = json.dumps(CONSENT).replace('"opt-in"', '"opt-out", "status": "Opt-In"')
    path.write_text(text)
    content, rules = fix_file(path)
    assert content.decode() == text
    assert {"duplicate-key", "invalid-status"} <= set(rules)


def test_an_item_with_members_that_cannot_be_found_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    deep = "[" * 900 + "]" * 900
    text = json.dumps({**CONSENT, "status": "Opt-In"}).replace("{", f'{{"deep": {deep}, ', 1)
    path.write_text(text)
    content, _ = fix_file(path)
    assert content.decode() in (text, text.replace("Opt-In", "opt-in"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", "name,email,phone\nJane,j@x.org,+14155552671\n"),
        ("texts.csv", "id,status,source\n1,Opt-In,Website\n"),
        ("texts.json", '{"status": "Opt-In", "source": "Website"}'),
    ],
)
def test_what_is_not_plainly_a_list_of_records_is_left_alone(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert fix_file(path, unsafe=True)[0].decode() == content


def test_ids_that_are_the_same_once_repaired_become_unique(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    hyphens = DAMAGES["correlation_id"][0](CONSENT["correlation_id"])
    items = [CONSENT, {**consent(2), "correlation_id": hyphens}]
    path.write_text("".join(f"{json.dumps(item)}\n" for item in items))
    content, rules = fix_file(path)
    first, second = (json.loads(line)["correlation_id"] for line in content.splitlines())
    assert first == CONSENT["correlation_id"]
    assert second not in (first, hyphens)
    assert rules == []


def test_a_superseded_item_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    item = {**CONSENT, "status": "Opt-In", "consentlint_superseded_by": "x"}
    path.write_text(json.dumps(item))
    with fixed_file(path) as fixed:
        assert not fixed.is_changed


@pytest.mark.parametrize(
    ("value", "field", "options", "expected"),
    [
        ("(415) 555-2671", "contact_id", {"region": "US"}, "+14155552671"),
        (
            "2025-07-02T15:30:00",
            "date_of_consent",
            {"timezone": "America/New_York"},
            "2025-07-02T15:30:00-04:00",
        ),
        ("2025-07-02", "date_of_consent", {"time_of_day": "12:00:00"}, "2025-07-02T12:00:00"),
        ("01/02/2025 10:00", "date_of_consent", {"date_format": "DMY"}, "2025-02-01T10:00:00"),
        ("subscribed", "status", {}, "opt-in"),
    ],
)
def test_what_assumes_something_is_fixed_only_on_request(
    tmp_path: Path, value: str, field: str, options: dict[str, str], expected: str
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({**CONSENT, field: value}))
    with fixed_file(path, **options) as fixed:
        assert not fixed.is_changed
        assert fixed.unsafe_fixable == 1
    content, _ = fix_file(path, unsafe=True, **options)
    assert json.loads(content)[field] == expected


BROKEN = f"{CSV_HEADER}\n{','.join(consent(1, status='Opt-In').values())}\n"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "items.csv"
    path.write_text(BROKEN)
    return path


def test_the_mode_of_a_file_stays_and_a_link_stays_a_link(broken: Path, tmp_path: Path) -> None:
    broken.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(broken)
    content, _ = fix_file(link)
    assert b"Opt-In" not in content
    assert link.is_symlink()
    assert stat.S_IMODE(broken.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["items.csv", "link.csv"]


def test_a_gz_file_stays_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "items.csv.gz"
    path.write_bytes(gzip.compress(BROKEN.encode()))
    content, _ = fix_file(path)
    assert gzip.decompress(content) == BROKEN.replace("Opt-In", "opt-in").encode()


def test_a_truncated_gz_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "items.csv.gz"
    lines = "".join(",".join(consent(at, status="Opt-In").values()) + "\n" for at in range(500))
    packed = gzip.compress(f"{CSV_HEADER}\n{lines}".encode())[:-20]
    path.write_bytes(packed)
    content, rules = fix_file(path)
    assert content == packed
    assert "file-unreadable" in rules


def test_a_file_that_changes_while_it_is_fixed_is_left_alone(broken: Path) -> None:
    with fixed_file(broken) as fixed:
        broken.write_text("new\n")
        with pytest.raises(NotWritten, match="has changed"):
            fixed.write()
    assert broken.read_text() == "new\n"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_file_that_cannot_be_written_is_left_alone(
    broken: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with fixed_file(broken) as fixed:
        monkeypatch.setattr(os, failing, fail)
        with pytest.raises(NotWritten, match="No space left on device"):
            fixed.write()
    assert broken.read_text() == BROKEN
    assert os.listdir(broken.parent) == ["items.csv"]


def test_an_interrupt_leaves_the_file(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with fixed_file(broken) as fixed:
        monkeypatch.setattr(fix, "_copy", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fixed.write()
    assert broken.read_text() == BROKEN
    assert os.listdir(broken.parent) == ["items.csv"]


def test_fixed_content_that_cannot_be_kept_leaves_the_file(
    broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fix, "_write_edited", fail)
    with fixed_file(broken) as fixed:
        assert [finding.rule for finding in fixed.checked.findings()] == ["invalid-status"]
        assert str(fixed.failure) == "cannot be fixed: No space left on device"
        fixed.write()
    assert broken.read_text() == BROKEN


def test_a_fix_that_loses_an_item_is_undone(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fix, "_write_edited", lambda *_: None)
    with fixed_file(broken) as fixed:
        assert not fixed.is_changed
        assert fixed.log.problems == 0


def test_rows_of_many_parts_are_fixed(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    count = 3_000

    def content(status: str) -> str:
        rows = (",".join(consent(at, status=status).values()) for at in range(count))
        return "\n".join([CSV_HEADER, *rows, ""])

    path.write_text(content("OPT_IN"))
    with fixed_file(path) as fixed:
        fixed.write()
        assert (fixed.log.problems, fixed.log.records) == (count, count)
        assert [(kind.count, len(kind.examples)) for kind in fixed.log.kinds()] == [(count, 5)]
    assert path.read_text() == content("opt-in")


def test_a_diff_shows_only_the_lines_that_change(tmp_path: Path) -> None:
    path = tmp_path / "items.json"
    items = [{**consent(1, status="Opt-In"), "name": "Jane Doe"}, consent(2)]
    path.write_text(json.dumps({"Items": items}, indent=2))
    with fixed_file(path) as fixed:
        lines = list(diff(fixed, show_values=False))
    assert [line.rstrip("\n") for line in lines[2:]] == [
        "@@ -7 +7 @@",
        '-      "status": "Opt-In",',
        '+      "status": "opt-in",',
    ]


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_neither_diff_nor_log_shows_a_number_or_a_cell_of_another_column(
    name: str, tmp_path: Path, data: st.DataObject
) -> None:
    layout = LAYOUTS[name]
    items = [data.draw(damaged(item)) for item in data.draw(ITEMS)]
    path = tmp_path / f"items{layout.suffix}"
    path.write_bytes(layout.write(items))
    with fixed_file(path) as fixed:
        shown = "".join(diff(fixed, show_values=False))
        shown += "".join(each.text for kind in fixed.log.kinds() for each in kind.examples)
    assert "Doe" not in shown
    for item in items:
        digits = "".join(filter(str.isdigit, item["contact_id"]))
        parts = {digits[at : at + 7] for at in range(len(digits) - 6)}
        assert not any(part in re.sub("[ ()-]", "", shown) for part in parts)
