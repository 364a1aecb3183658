"""Patterns mean what git says that they mean."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentlint.text.ignore_patterns import any_match, parse_pattern, parse_patterns, parse_typed

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def ignored_by_git(repository: Path, lines: list[str], paths: list[str]) -> set[str]:
    (repository / ".gitignore").write_text("\n".join(lines), newline="\n")
    run = ["git", "check-ignore", "--no-index", "-z", "--stdin"]
    result = subprocess.run(
        run, cwd=repository, input="\0".join(paths), capture_output=True, text=True, check=False
    )
    assert result.returncode in {0, 1}, result.stderr
    return set(filter(None, result.stdout.split("\0")))


def ignored_by_us(lines: list[str], paths: list[str]) -> set[str]:
    patterns = parse_patterns(lines)
    return {path for path in paths if any_match(patterns, path.split("/"))}


PATHS = [
    "a",
    "b",
    "ab",
    "a/b",
    "a/a/b",
    "b/a",
    "b/a/b/a",
    "a/b/c.csv",
    "c.csv",
    "a.csv",
    "#a",
    "!a",
    "a ",
    "a\\b",
    "-",
    "]",
    "[a]",
    "^",
    "a*b",
    "ü.csv",
]


@needs_git
@pytest.mark.parametrize(
    "lines",
    [
        ["*.csv", "!a.csv"],
        ["!a.csv", "*.csv"],
        ["a/"],
        ["/a"],
        ["a/b"],
        ["**/b"],
        ["a/**"],
        ["a/**/b"],
        ["**"],
        ["**/"],
        ["/**"],
        ["*/"],
        ["/*", "!/a", "/a/*", "!/a/b"],
        ["a/", "!a/b"],
        ["# a", "\\#a", "\\!a"],
        ["a\\ ", "b "],
        ["[ab]", "[!a]b"],
        ["[]]", "[^a-z]"],
        ["[]-a]"],
        ["[a"],
        ["a\\"],
        ["a\\*b", "a\\\\b"],
        ["?", "?/?"],
        ["a**b", "*a**/b"],
        ["", "   ", "/", "//", "a//b"],
        ["*"],
        ["!"],
        ["[z-a]", "[!z-a]"],
        ["ü*"],
        ["a\r"],
    ],
)
def test_git_ignores_the_same_paths(repository: Path, lines: list[str]) -> None:
    assert ignored_by_us(lines, PATHS) == ignored_by_git(repository, lines, PATHS)


PIECES = st.sampled_from(
    [
        "a",
        "b",
        "*",
        "**",
        "?",
        "/",
        "/",
        "[ab]",
        "[!a]",
        "[a-c]",
        "[",
        "]",
        "\\",
        "!",
        "#",
        " ",
        "-",
    ]
)
LINES = st.lists(st.lists(PIECES, max_size=7).map("".join), min_size=1, max_size=4)
NAMES = st.lists(st.text("ab]-! #\\", min_size=1, max_size=3), min_size=1, max_size=4)


def is_special(line: str) -> bool:
    """Tell whether a line is not supported, or git does not do what it documents.

    A slash in brackets is not supported. After literal text, git reads `**/` like the start of a
    pattern, although it documents it as a single star.
    """
    return re.search(r"\[.*/|[^/]\*\*", line) is not None


@needs_git
@settings(
    max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(
    LINES.filter(lambda lines: not any(map(is_special, lines))),
    st.lists(NAMES.map("/".join), min_size=1, max_size=20, unique=True),
)
def test_git_ignores_the_same_of_any_paths(
    repository: Path, lines: list[str], paths: list[str]
) -> None:
    assert ignored_by_us(lines, paths) == ignored_by_git(repository, lines, paths)


def test_a_hostile_pattern_takes_no_longer_than_another() -> None:
    patterns = parse_patterns(["*a" * 50 + "b", "**/a/" * 50 + "b", "a*" * 50 + "b/**"])
    began = time.process_time()
    assert not any_match(patterns, ["a" * 200] * 50)
    assert time.process_time() - began < 1


def test_a_blank_line_and_a_comment_are_not_patterns() -> None:
    assert [parse_pattern(line) for line in ("", "  ", "# a", "!", "/", "[a")] == [None] * 6


def test_a_path_that_is_typed_may_begin_with_a_dot() -> None:
    pattern = parse_typed("./a/")
    assert pattern is not None
    assert any_match([pattern], ["a", "b.csv"])
    assert not any_match([pattern], ["b", "a", "b.csv"])
