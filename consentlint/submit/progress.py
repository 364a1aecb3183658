"""Tell how far a run has come: a bar on a terminal, elsewhere a plain line now and then."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from consentlint.submit.answers import Outcome
from consentlint.submit.run import Progress

_BAR = 24
_EVERY = {True: 0.2, False: 30.0}


class Unfailing:
    """A stream for what is said of a run, which goes on where nobody listens any more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, and forget that it could not be written."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        with suppress(OSError, ValueError):
            return self._stream.isatty()
        return False


class ProgressLine:
    """Writes how far a run has come; to be given what the run reports.

    Args:
        stream: where to.
        now: the time in seconds, which only goes on.
        is_terminal: whether a line there can be written over.
    """

    def __init__(self, stream: Unfailing, now: Callable[[], float], *, is_terminal: bool) -> None:
        self._stream = stream
        self._now = now
        self._is_terminal = is_terminal
        self._began = now()
        self._last = self._began if not is_terminal else self._began - 1
        self._width = 0

    def __call__(self, progress: Progress) -> None:
        """Write where the run stands, unless that was done a moment ago."""
        now = self._now()
        if now - self._last < _EVERY[self._is_terminal]:
            return
        self._last = now
        text = self._text(progress, now)
        if not self._is_terminal:
            self._stream.write(f"{text}\n")
        else:
            done = _BAR * progress.settled // max(1, progress.total)
            text = f"[{'#' * done}{'-' * (_BAR - done)}] {text}"
            text = text[: shutil.get_terminal_size().columns - 1]
            self._stream.write(f"\r{text.ljust(self._width)}")
            self._width = len(text)

    def clear(self) -> None:
        """Make place for other text."""
        if self._is_terminal and self._width:
            self._stream.write(f"\r{' ' * self._width}\r")
            self._width = 0

    def _text(self, progress: Progress, now: float) -> str:
        seconds = max(now - self._began, 0.001)
        parts = [
            f"{progress.settled:,} of {progress.total:,} items",
            f"{progress.outcomes[Outcome.REFUSED]:,} refused",
        ]
        if seconds >= 1:
            parts.append(f"{60 * progress.requests / seconds:.0f} requests a minute")
        if progress.waits_until > now:
            parts.append(f"waiting {progress.waits_until - now:.0f} s, as the API asks")
        elif progress.settled and seconds >= 1:
            left = (progress.total - progress.settled) * seconds / progress.settled
            parts.append(f"{duration(left)} left")
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """Return a length of time in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
