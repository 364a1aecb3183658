"""What a terminal shows: colors on request, and lines that fit it."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from consentlint.cli import main
from consentlint.cli.terminal import wants_color

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
# Short and relative: a location is never broken, however long the path is.
WITH_ERRORS = "with_errors/subscribers.csv"
CLEAN = "clean_request.json"
on_posix = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are those of POSIX")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "on_a_terminal", "elsewhere"),
    [
        ("auto", {}, True, False),
        ("auto", {"TERM": "xterm-256color"}, True, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_the_option_takes_precedence_then_no_color_then_force_color_then_the_terminal(
    choice: str, environment: Mapping[str, str], on_a_terminal: bool, elsewhere: bool
) -> None:
    assert wants_color(choice, Terminal(), environment) is on_a_terminal
    assert wants_color(choice, io.StringIO(), environment) is elsewhere


def test_only_the_option_colors_a_file() -> None:
    assert wants_color("auto", None, {"FORCE_COLOR": "1"}) is False
    assert wants_color("always", None, {}) is True


def run(*arguments: str, width: int = 80, **environment: str) -> str:
    """Return what a command writes to a terminal."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    command = [sys.executable, "-m", "consentlint", *arguments]
    unset = ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE")
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    process = subprocess.Popen(
        command, stdout=theirs, cwd=FIXTURES, env={**inherited, "TERM": "xterm", **environment}
    )
    os.close(theirs)
    written = b""
    # A terminal hands on what was written in pieces, and ends with an error.
    with suppress(OSError):
        while piece := os.read(ours, 65_536):
            written += piece
    os.close(ours)
    process.wait()
    return written.decode().replace("\r\n", "\n")


def without_colors(text: str) -> str:
    return re.sub("\x1b\\[[0-9;]*m", "", text)


@on_posix
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", WITH_ERRORS],
        ["rules"],
        ["explain", "INVALID_CORRELATION_ID"],
        ["explain", "30646"],
    ],
)
def test_no_line_is_wider_than_the_terminal(arguments: list[str], width: int) -> None:
    lines = without_colors(run(*arguments, width=width)).splitlines()
    assert min(width, 100) - 20 < max(map(len, lines)) <= width


@on_posix
def test_on_a_terminal_the_format_is_full_and_colored() -> None:
    output = run("check", WITH_ERRORS)
    assert "^^^^" in output
    assert "\x1b[1;31m" in output
    assert "\x1b" not in run("check", WITH_ERRORS, NO_COLOR="1")
    assert "\x1b" not in run("check", WITH_ERRORS, TERM="dumb")


@on_posix
def test_a_success_is_green_on_a_terminal() -> None:
    assert run("check", CLEAN).startswith("\x1b[1;32mNo errors in ")


@pytest.mark.parametrize("arguments", [["check", WITH_ERRORS], ["rules"], ["explain", "30646"]])
def test_colors_are_the_only_difference_that_they_make(arguments: list[str]) -> None:
    plain = CliRunner().invoke(main, arguments, env={"FORCE_COLOR": None, "NO_COLOR": None}).output
    forced = CliRunner().invoke(main, arguments, env={"FORCE_COLOR": "1"}, color=True).output
    asked = CliRunner().invoke(main, [*arguments, "--color", "always"], color=True).output
    assert "\x1b" not in plain
    assert "\x1b[1" in asked
    assert asked == forced
    assert without_colors(asked) == plain


@pytest.mark.parametrize("output_format", ["json", "jsonl"])
def test_a_report_for_programs_has_no_colors(output_format: str) -> None:
    arguments = ["check", WITH_ERRORS, "--output-format", output_format, "--color", "always"]
    assert "\x1b" not in CliRunner().invoke(main, arguments, color=True).stdout


def test_a_report_in_a_file_has_no_colors_unless_an_option_asks_for_them(tmp_path: Path) -> None:
    report = str(tmp_path / "report.txt")
    arguments = ["check", WITH_ERRORS, "--output", report]
    CliRunner().invoke(main, arguments, env={"FORCE_COLOR": "1"})
    assert "\x1b" not in Path(report).read_text(encoding="utf-8")
    CliRunner().invoke(main, [*arguments, "--color", "always"])
    assert "\x1b" in Path(report).read_text(encoding="utf-8")


def test_without_a_terminal_the_width_does_not_depend_on_the_environment() -> None:
    arguments = ["check", WITH_ERRORS, "--output-format", "full"]
    narrow = CliRunner().invoke(main, arguments, env={"COLUMNS": "40"}).output
    assert narrow == CliRunner().invoke(main, arguments, env={"COLUMNS": "200"}).output
    assert max(map(len, narrow.splitlines())) <= 105


def test_rules_are_listed_one_per_line_for_a_program() -> None:
    lines = CliRunner().invoke(main, ["rules"]).output.splitlines()
    assert all(re.match(r"[a-z-]+ +(error|warning) +\S", line) for line in lines[:-2])
