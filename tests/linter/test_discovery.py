"""Directories are searched for files of records, and nothing else."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from consentlint.linter.discovery import Exclude, Search, files_in, find_files, is_unrelated
from consentlint.text.ignore_patterns import parse_patterns

RECORDS = "contact_id,correlation_id,sender_id,status,source\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*names: str, text: str = RECORDS) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def found(path: str = ".", **search: object) -> list[str]:
    return list(files_in(path, Search(**search)))  # type: ignore[arg-type]


def excluding(*patterns: str) -> Exclude:
    return Exclude(".", parse_patterns(patterns))


def test_environments_caches_packages_and_hidden_files_are_left_out() -> None:
    write(
        ".venv/a.csv",
        "venv/pyvenv.cfg",
        "venv/lib/a.csv",
        "node_modules/x/package.json",
        "__pycache__/a.json",
        ".tox/py/a.json",
        "lib/site-packages/a.json",
        ".git/a.json",
        ".hg/a.json",
        "CVS/a.json",
        ".github/a.json",
        ".eslintrc.json",
        "exports/venv.csv",
        "a.csv",
    )
    assert found() == ["a.csv", "exports/venv.csv"]


@pytest.mark.parametrize("name", [".hidden", "node_modules", "venv"])
def test_a_directory_that_is_named_is_searched_whatever_its_name(name: str) -> None:
    write(f"{name}/a.csv", f"{name}/pyvenv.cfg")
    assert found(name) == [f"{name}/a.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need privileges")
def test_links_cause_no_loop_and_broken_links_are_reported() -> None:
    write("a/a.csv")
    Path("a/loop").symlink_to(Path.cwd())
    Path("itself.csv").symlink_to("itself.csv")
    Path("again.csv").symlink_to("a/a.csv")
    assert found() == ["again.csv", "itself.csv", "a/a.csv"]
    assert find_files(["."], Search(skip_unrelated=True)).names == ["again.csv", "itself.csv"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_read_to_see_whether_it_is_related() -> None:
    os.mkfifo("a.csv")
    assert not is_unrelated("a.csv")


def test_excluded_files_and_directories_are_left_out() -> None:
    write("a.csv", "old/a.csv", "old/b.csv", "new/old.csv", "new/a.json")
    assert found(exclude=excluding("old/")) == ["a.csv", "new/a.json", "new/old.csv"]
    assert found(exclude=excluding("*.csv", "!old.csv")) == ["new/a.json", "new/old.csv"]
    assert found(exclude=excluding("/a.csv", "new/*.csv")) == [
        "new/a.json",
        "old/a.csv",
        "old/b.csv",
    ]
    # It is named, so it is searched.
    assert found("old", exclude=excluding("old/")) == ["old/a.csv", "old/b.csv"]


def test_a_named_file_is_excluded_only_with_force_exclude() -> None:
    write("old/a.csv", "b.csv")
    search = Search(excluding("old/"))
    assert find_files(["old/a.csv", "b.csv"], search).names == ["old/a.csv", "b.csv"]
    search = search._replace(force_exclude=True)
    assert find_files(["old/a.csv", "b.csv", "-"], search).names == ["b.csv", "-"]


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
GITIGNORES = {
    ".gitignore": "*.json\n!keep.json\n/top.csv\nbuild/\ndeep/**/x.csv\n\\#a.csv\ndata/*\n!data/b.csv\n",
    "sub/.gitignore": "\ufeffa.csv\r\n!x.json\r\n",
    "sub/below/.gitignore": "!a.csv\n*.tsv\nlower/\n",
    "data/.gitignore": "!a.csv\n",
}


def tree() -> None:
    for folder in (".", "sub", "sub/below", "sub/below/lower", "build", "deep", "deep/a/b", "data"):
        write(*(f"{folder}/{name}.csv" for name in ("a", "b", "x", "top", "#a")))
        write(*(f"{folder}/{name}.json" for name in ("x", "keep")), f"{folder}/a.tsv")
    for name, text in GITIGNORES.items():
        write(name, text=text)


@needs_git
@pytest.mark.parametrize("path", [".", "sub", "sub/below", "deep/a"])
def test_the_files_are_those_that_git_does_not_ignore(path: str) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    tree()
    run = ["git", "-c", "core.quotePath=off", "ls-files", "-o", "--exclude-standard", "--", path]
    lines = subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()
    expected = sorted(line for line in lines if not line.endswith(".gitignore"))
    assert sorted(found(path, gitignore=True)) == expected
    assert len(found(path)) > len(expected)


def test_gitignore_files_count_without_a_repository_but_not_those_above() -> None:
    write("above/.gitignore", text="*.csv\n")
    write("above/here/.gitignore", text="a.csv\n")
    write("above/here/a.csv", "above/here/b.csv")
    assert found("above/here", gitignore=True) == ["above/here/b.csv"]


def test_a_repository_in_a_repository_has_its_own_rules() -> None:
    write(".git/HEAD", "nested/.git/HEAD")
    write(".gitignore", text="*.csv\n")
    write("nested/a.csv", "b.csv", "z/c.csv")
    assert found(gitignore=True) == ["nested/a.csv"]


def test_a_directory_that_is_ignored_is_searched_if_it_is_named() -> None:
    write(".git/HEAD")
    write(".gitignore", text="exports/\n")
    write("exports/a.csv")
    assert found(gitignore=True) == []
    assert found("exports", gitignore=True) == ["exports/a.csv"]


@pytest.mark.parametrize(
    "text",
    [
        RECORDS,
        "Contact ID;Correlation ID;x\n",
        '{"contactId": 1}',
        '{"data": [{"CorrelationId": 1}]}',
        '{"contact_id": [1, 2], "x": [1, 2]}',
        '{"Items": ["{\\"contact_id\\": 1}"]}',
        "Items=%7B%22contact_id%22%3A1%7D",
        "phone,status,source\n",
        '{"contact_id": ',
        "title\n\n" + RECORDS,
        "",
        " \n",
    ],
)
def test_what_may_hold_records_is_checked(text: str) -> None:
    write("a.json", text=text)
    assert not is_unrelated("a.json")


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "x", "version": "1.0.0"}',
        '// a comment\n{"compilerOptions": {}}',
        '{"title": "Contact us", "form": {"email": "E-mail"}, "phone": "Phone", "zip_code": "Zip"}',
        '{"status": "ok"}',
        '{"source": "src/main.ts"}',
        '{"resource": 1, "sourceMap": 2, "status_code": 3}',
        "name,age\nx,1\n",
        "[]",
        '{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "contact_id"}',
        '{"openapi": "3.0.1", "paths": {"contact_id": 1}}',
        '{"version": 2, "findings": [{"field": "contact_id"}]}',
        '{"version": 1, "files": {"a.csv": {"invalid-contact-id": 3}}}',
    ],
)
def test_what_plainly_holds_no_records_is_skipped_and_counted(text: str) -> None:
    write("a.json", text=text)
    write("b.csv")
    result = find_files(["."], Search(skip_unrelated=True))
    assert (result.names, result.skipped) == (["b.csv"], ["a.json"])
    assert find_files(["a.json"], Search(skip_unrelated=True)).names == ["a.json"]
    assert find_files([".", "a.json"], Search(skip_unrelated=True)).skipped == []


def test_a_packed_file_and_one_in_utf_16_are_looked_into() -> None:
    Path("a.csv.gz").write_bytes(gzip.compress(RECORDS.encode()))
    Path("b.csv.gz").write_bytes(gzip.compress(b"name,age\n"))
    Path("c.csv").write_text(RECORDS, encoding="utf-16")
    Path("d.csv.gz").write_bytes(b"not gzipped")
    Path("e.csv").write_bytes(b"PK\x03\x04" + bytes(100))
    names = find_files(["."], Search(skip_unrelated=True)).names
    assert names == ["a.csv.gz", "c.csv", "d.csv.gz", "e.csv"]
