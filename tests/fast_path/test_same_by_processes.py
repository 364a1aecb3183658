"""The findings of a file do not depend on the number of processes."""

import os
from pathlib import Path
from random import Random

import pytest
from clean_records import clean, consent, json_lines, record_id, table
from comparing import Sizes, compare, random_sizes, rules_of, same, settings_without
from random_files import RandomFile, random_file

from consentlint.linter import pool, processes
from consentlint.linter.check import Linter
from consentlint.linter.part_scan import Scanned
from consentlint.model.settings import ReadOptions


@pytest.mark.parametrize("seed", range(16))
def test_random_files_have_the_same_findings_with_several_processes(
    tmp_path: Path, seed: int
) -> None:
    file = random_file(seed, 200, "csv" if seed % 2 else "jsonl")
    file = file._replace(name=file.name.removesuffix(".gz"))
    assert not compare(file, random_sizes(Random(seed)), tmp_path, jobs=2).difference


@pytest.mark.parametrize("part", [100, 317, 1_500, 5_000])
@pytest.mark.parametrize("end", [None, -1, -9])
def test_parts_may_end_anywhere(tmp_path: Path, part: int, end: int | None) -> None:
    records = clean(0, 60)
    records[30:30] = [consent(70, status="x"), consent(71, correlation_id=record_id(3))]
    records.append(consent(72, correlation_id=record_id(55)))
    sizes = Sizes(part=part, block=200)
    for content, name in ((json_lines(records), "a.jsonl"), (table(records), "a.csv")):
        # A byte order mark is not part of the first line.
        compared = same(b"\xef\xbb\xbf" + content[:end], tmp_path, name, sizes=sizes, jobs=2)
        assert rules_of(compared)[:2] == ["invalid-status", "invalid-correlation-id"]


def test_a_line_that_is_longer_than_a_part_is_not_cut(tmp_path: Path) -> None:
    records = clean(0, 30)
    records[20] = consent(20, status="x" * 200_000)
    compared = same(json_lines(records), tmp_path, jobs=2)
    assert rules_of(compared) == ["invalid-status"]


@pytest.mark.parametrize("parts_before", [0, 3])
def test_the_run_continues_if_a_process_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts_before: int
) -> None:
    parent = os.getpid()
    scan = processes._scan

    def fatal(part: processes.LinePart, is_last: bool) -> Scanned:
        if os.getpid() != parent and part.start > parts_before * 1_500:
            os._exit(1)
        return scan(part, is_last)

    # Pickled by its name, which the original must have for that.
    fatal.__module__, fatal.__qualname__ = scan.__module__, scan.__qualname__
    monkeypatch.setattr(processes, "_scan", fatal)
    records = [*clean(0, 100), consent(101, correlation_id=record_id(80))]
    assert rules_of(same(json_lines(records), tmp_path, jobs=2)) == ["invalid-correlation-id"]


def test_one_process_scans_the_file_if_no_other_can_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(pool, "ProcessPoolExecutor", fail)
    assert not same(json_lines(clean(0, 60)), tmp_path, jobs=2).fast.findings


def test_a_file_that_changes_before_its_findings_are_shown_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    content = json_lines([*clean(0, 300), consent(301, status="x")])
    path.write_bytes(content)
    with (
        Sizes(part=3_000).applied(),
        Linter(ReadOptions(jobs=2), settings_without()).check_file(str(path)) as checked,
    ):
        path.write_bytes(content[:20_000])
        findings = list(checked.findings())
    assert [finding.rule for finding in findings] == ["file-unreadable"]
    # Nothing of it affects the next file.
    file = RandomFile("jsonl", "other.jsonl", (content,), settings_without(), None)
    assert not compare(file, Sizes(), tmp_path, jobs=2).difference
