"""The progress line: what it shows, and when."""

import io
import re

import pytest

from consentlint.submit.delivery import Progress
from consentlint.submit.options import ItemStatus
from consentlint.submit.progress import ProgressLine


class Screen(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


class Display:
    """A progress line that writes to a string, with a clock to set."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.now = 0.0
        self._stream = Screen(is_terminal=is_terminal)
        self._line = ProgressLine(self._stream, lambda: self.now)

    def show(self, progress: Progress) -> str:
        self._stream.seek(0)
        self._stream.truncate()
        self._line(progress)
        return re.sub(r"\x1b\[[?0-9]*[a-zA-Z]", "", self._stream.getvalue())

    def close(self) -> None:
        self._line.close()


@pytest.mark.parametrize("is_terminal", [False, True])
def test_why_a_request_failed_is_shown_at_once_with_the_time_of_the_next_attempt(
    is_terminal: bool,
) -> None:
    display = Display(is_terminal=is_terminal)
    progress = Progress(2_000)
    display.show(progress)
    progress.current_problem = "host not found"
    progress.failures["host not found"] = 1
    progress.next_attempt = 1.5
    pattern = r"A request failed: host not found\. Next attempt at \d\d:\d\d:\d\d\.\n"
    assert re.search(pattern, display.show(progress))
    assert "A request failed" not in display.show(progress)
    display.close()


def test_failed_attempts_are_counted_apart_from_the_progress() -> None:
    display = Display(is_terminal=False)
    progress = Progress(2_000, current_problem="HTTP 503")
    progress.failures["HTTP 503"] = 7
    progress.outcomes[ItemStatus.STORED] = 100
    display.show(progress)
    display.now = 31
    assert display.show(progress) == "100 of 2,000 items, 0 rejected, 7 failed attempts\n"
    progress.current_problem = ""
    assert display.show(progress) == ""
    display.now = 62
    assert display.show(progress) == (
        "100 of 2,000 items, 0 rejected, 7 failed attempts, 20 min left\n"
    )


@pytest.mark.parametrize("is_terminal", [False, True])
def test_an_interrupt_is_shown_immediately(is_terminal: bool) -> None:
    display = Display(is_terminal=is_terminal)
    progress = Progress(2_000, in_flight=2, is_interrupted=True)
    expected = "Waiting for 2 responses. Press Ctrl-C again to quit immediately.\n"
    assert expected in display.show(progress)
    progress.in_flight = 1
    assert "Waiting" not in display.show(progress)
    display.close()


@pytest.mark.parametrize("columns", [32, 40, 60, 80, 200])
def test_the_bar_fits_its_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    display = Display(is_terminal=True)
    progress = Progress(200_000)
    progress.failures["HTTP 503"] = 123
    display.show(progress)
    progress.outcomes[ItemStatus.STORED] = 99_988
    progress.outcomes[ItemStatus.REJECTED] = 12
    text = display.show(progress)
    assert "100000/200000" in text
    assert max(map(len, text.split("\r"))) <= columns
    assert ("123 failed attempts" in text) == (columns >= 80)
    display.close()


def test_a_terminal_that_is_too_narrow_for_a_bar_gets_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    display = Display(is_terminal=True)
    display.now = 31
    assert display.show(Progress(2_000)) == "0 of 2,000 items, 0 rejected\n"
