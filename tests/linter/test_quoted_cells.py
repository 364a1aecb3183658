"""Cells in quotes that hold line breaks, where parts end and in several processes."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from item_lists import CONSENT
from linting import findings_in, renamed

from consentlint.fields import iso8601
from consentlint.formats import Content
from consentlint.linter import line_scan, part_scan, pool, processes
from consentlint.model.findings import Finding
from consentlint.model.settings import ReadOptions, Settings

SETTINGS = Settings(iso8601.parse("2026-01-01T00:00:00Z").moment, excerpts=True)
HEADER = ",".join([*CONSENT, "note"])
ROW = ",".join(map(str, CONSENT.values()))


class SameProcess:
    """An executor that does its work in this process, when it is submitted."""

    def __init__(
        self, _jobs: int, _context: object, start: Callable[..., None], known: tuple
    ) -> None:  # type: ignore[type-arg]
        self._start, self._known = start, known

    def submit(self, work: Callable[..., object], *arguments: object) -> "Future[object]":
        """Return what has been done."""
        self._start(*self._known)
        future: Future[object] = Future()
        future.set_result(work(*arguments))
        return future

    def shutdown(self, **_: object) -> None:
        """Do nothing: there is nothing to end."""


@contextmanager
def cut_into(size: int, *, jobs: int, matcher: bool) -> Iterator[ReadOptions]:
    """Cut files into parts of so many bytes, and yield the options to check them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_scan, "_FIRST_PART", size)
        patch.setattr(line_scan, "_PART", size)
        patch.setattr(line_scan, "_WORTH", 1)
        patch.setattr(pool, "ProcessPoolExecutor", SameProcess)
        patch.setattr(pool.signal, "signal", lambda *_: None)
        if matcher:
            patch.setattr(Content, "fits_in_head", False)
            patch.setattr(part_scan, "_FIRST_LESSON", 1)
        yield ReadOptions(jobs=jobs, fast_path=matcher)


def findings_of(content: bytes, options: ReadOptions) -> list[Finding]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "items.csv")
        path.write_bytes(content)
        found = findings_in(str(path), SETTINGS, options)
        return [renamed(finding, path, "items.csv") for finding in found]


NOTES = st.sampled_from(
    [
        "",
        "x",
        '"x"',
        '"a\nb"',
        '"\n"',
        '"a\r\n\r\n\r\nb"',
        f'"{ROW},x\n"',
        f'"x\n{ROW},\n{ROW},x"',
        f'"x\n{ROW},""\n{ROW},"',
        '"""\n"""',
        '6" x 4"',
        '5"',
        '"x" y',
        '"x',
        '"\n\n',
        "é",
        '"é\n😀"',
        "\xff",
        "a,b",
    ]
)
RECORDS = st.lists(
    st.tuples(st.sampled_from(["website", "web", ""]), NOTES, st.sampled_from(["\n", "\r\n"])),
    max_size=14,
)


@settings(deadline=None, max_examples=300)
@given(
    RECORDS,
    st.sampled_from(["", "\n", "\ufeff"]),
    st.integers(1, 400),
    st.sampled_from([1, 2, 3]),
    st.booleans(),
    st.booleans(),
)
@example([("website", '"x', "\n")] + [("web", "x", "\n")] * 9, "", 150, 2, True, True)
def test_findings_do_not_depend_on_parts_and_processes(
    records: list[tuple[str, str, str]], start: str, size: int, jobs: int, matcher: bool, end: bool
) -> None:
    text = start.replace("\n", "") + HEADER + "\n" + start.replace("\ufeff", "")
    for number, (source, note, line_end) in enumerate(records):
        row = ROW.replace("website", source).replace("684", f"{number % 9:03}")
        text += f"{row},{note}{line_end}"
    content = (text if end else text.rstrip("\r\n")).encode("utf-8")
    content = content.replace("\xff".encode(), b"\xff")
    with cut_into(1_000_000, jobs=1, matcher=False) as options:
        expected = findings_of(content, options)
    with cut_into(size, jobs=jobs, matcher=matcher) as options:
        assert findings_of(content, options) == expected


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_cell_may_span_many_parts(jobs: int) -> None:
    note = '"' + "x\n" * 2_000 + '"'
    rows = [f"{ROW},{note}", f"{ROW.replace('website', 'web')},y"]
    content = "\n".join([HEADER, *rows, ""]).encode()
    with cut_into(50, jobs=jobs, matcher=True) as options:
        found = findings_of(content, options)
    assert [(each.rule, each.line) for each in found if each.rule == "invalid-source"] == [
        ("invalid-source", 2_003)
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_quote_that_stays_open_is_reported_where_it_opens(tmp_path: Path, jobs: int) -> None:
    """The rows after it are part of its cell, however many parts they fill."""
    path = tmp_path / "items.csv"
    path.write_text("\n".join([HEADER, f"{ROW},x", f'{ROW},"x', *[f"{ROW},x"] * 500]))
    with cut_into(2_000, jobs=jobs, matcher=True) as options:
        found = [
            each
            for each in findings_in(str(path), SETTINGS, options)
            if each.rule == "file-malformed"
        ]
    assert [(each.line, each.column) for each in found] == [(3, len(ROW) + 2)]
    assert "never closed" in found[0].message


def test_parts_for_processes_begin_where_records_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So no part is scanned twice."""
    path = tmp_path / "items.csv"
    path.write_text("\n".join([HEADER, *[f'{ROW},"a\nb\nc"'] * 500, ""]))
    content = path.read_bytes()
    starts = []
    scan_part = processes._scan

    def counted(part: processes.LinePart, is_last: bool) -> part_scan.Scanned:
        starts.append(part.start)
        return scan_part(part, is_last)

    monkeypatch.setattr(processes, "_scan", counted)
    with cut_into(1_900, jobs=2, matcher=True) as options:
        findings_in(str(path), SETTINGS, options)
    assert len(starts) > 20
    assert all(content.startswith(ROW.encode(), start) for start in starts)
