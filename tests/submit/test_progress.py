"""The progress line: what it shows, and when."""

import io

import pytest

from consentlint.submit.delivery import Progress
from consentlint.submit.progress import BestEffortStream, ProgressLine
from consentlint.submit.responses import ItemStatus


class Display:
    """A progress line that writes to a string, with a clock to set."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.now = 0.0
        self._stream = io.StringIO()
        self._line = ProgressLine(
            BestEffortStream(self._stream), lambda: self.now, is_terminal=is_terminal
        )

    def show(self, progress: Progress) -> str:
        self._stream.seek(0)
        self._stream.truncate()
        self._line(progress)
        return self._stream.getvalue()


def test_a_failure_from_the_beginning_is_shown_immediately() -> None:
    display = Display(is_terminal=False)
    progress = Progress(2_000)
    assert display.show(progress) == ""
    progress.current_problem = "host not found"
    expected = "0 of 2,000 items, 0 rejected, retrying (host not found)\n"
    assert display.show(progress) == expected
    assert display.show(progress) == ""
    display.now = 31
    assert display.show(progress) == expected


def test_an_interrupt_is_shown_immediately() -> None:
    display = Display(is_terminal=False)
    progress = Progress(2_000, in_flight=1, is_interrupted=True)
    expected = "Waiting for 1 response. Press Ctrl-C again to quit immediately.\n"
    assert display.show(progress) == expected


def test_the_time_left_fits_on_a_terminal_with_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    display = Display(is_terminal=True)
    display.now = 4_000
    progress = Progress(200_000)
    progress.outcomes[ItemStatus.STORED] = 99_988
    progress.outcomes[ItemStatus.REJECTED] = 12
    assert display.show(progress).rstrip() == (
        "\r[########--------] 100,000 of 200,000 items, 12 rejected, 67 min left"
    )
