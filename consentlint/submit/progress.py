"""Show the progress of a run: a bar on a terminal, and a line now and then elsewhere."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from consentlint.submit.delivery import Progress
from consentlint.submit.responses import ItemStatus
from consentlint.submit.wording import duration
from consentlint.text.plurals import counted

_BAR_WIDTH = 16
_INTERVAL_SECONDS = {True: 0.2, False: 30.0}


class BestEffortStream:
    """A stream that ignores write errors: a run continues even if nobody reads its messages."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, and ignore errors."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        with suppress(OSError, ValueError):
            return self._stream.isatty()
        return False


class ProgressLine:
    """Writes the progress of a run; call it with every update.

    Args:
        stream: where to write.
        now: a monotonic clock, in seconds.
        is_terminal: whether a line can be overwritten.
    """

    def __init__(
        self, stream: BestEffortStream, now: Callable[[], float], *, is_terminal: bool
    ) -> None:
        self._stream = stream
        self._now = now
        self._is_terminal = is_terminal
        self._started = now()
        self._last_update = self._started if not is_terminal else self._started - 1
        self._width = 0
        self._announced: set[str] = set()

    def __call__(self, progress: Progress) -> None:
        """Write the progress, unless that was done a moment ago."""
        now = self._now()
        is_due = now - self._last_update >= _INTERVAL_SECONDS[self._is_terminal]
        if not self._is_news(progress) and not is_due:
            return
        self._last_update = now
        text = self._text(progress, now)
        if not self._is_terminal:
            self._stream.write(f"{text}\n")
        else:
            filled = _BAR_WIDTH * progress.done // max(1, progress.total)
            text = f"[{'#' * filled}{'-' * (_BAR_WIDTH - filled)}] {text}"
            text = text[: shutil.get_terminal_size().columns - 1]
            self._stream.write(f"\r{text.ljust(self._width)}")
            self._width = len(text)

    def clear(self) -> None:
        """Remove the line, so that other text can be written."""
        if self._is_terminal and self._width:
            self._stream.write(f"\r{' ' * self._width}\r")
            self._width = 0

    def _is_news(self, progress: Progress) -> bool:
        """Return whether to show this immediately: an interrupt, or failure from the beginning."""
        problem = "" if progress.done else progress.current_problem
        is_waiting = progress.is_interrupted and progress.in_flight > 0
        news = "interrupted" if is_waiting else problem
        if not news or news in self._announced:
            return False
        self._announced.add(news)
        return True

    def _text(self, progress: Progress, now: float) -> str:
        if progress.is_interrupted and progress.in_flight:
            pending = counted(progress.in_flight, "response")
            return f"Waiting for {pending}. Press Ctrl-C again to quit immediately."
        seconds = max(now - self._started, 0.001)
        parts = [
            f"{progress.done:,} of {counted(progress.total, 'item')}",
            f"{progress.outcomes[ItemStatus.REJECTED]:,} rejected",
        ]
        if progress.paused_until > now:
            parts.append(f"paused by the API for {progress.paused_until - now:.0f} s")
        elif progress.current_problem:
            parts.append(f"retrying ({progress.current_problem})")
        elif progress.done and seconds >= 1:
            left = (progress.total - progress.done) * seconds / progress.done
            parts.append(f"{duration(left)} left")
        return ", ".join(parts)
