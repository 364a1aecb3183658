"""Show the progress of a run: a bar on a terminal, and a line now and then elsewhere."""

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

import click

from consentlint.submit.delivery import Progress
from consentlint.submit.options import ItemStatus
from consentlint.submit.summary import duration
from consentlint.text.plurals import counted

_INTERVAL_SECONDS = 30.0
_NARROWEST = 32
# Columns for the bar, the count of items and the time left.
_BAR_AND_COUNTS = 47


def write_line(stream: TextIO | None, text: str) -> None:
    """Write a line, and ignore errors: a run continues even if nobody reads its messages.

    Args:
        stream: where to write, None if it was closed at the start.
        text: the line.
    """
    with suppress(OSError, ValueError):
        if stream is not None:
            stream.write(f"{text}\n")
            stream.flush()


class ProgressLine:
    """Writes the progress of a run; call it with every update.

    Args:
        stream: where to write, None if it was closed at the start.
        now: a monotonic clock, in seconds.
    """

    def __init__(self, stream: TextIO | None, now: Callable[[], float]) -> None:
        self._stream = stream
        self._now = now
        self._started = self._last_update = now()
        self._announced = {""}
        self._bar: Any = None
        is_terminal = stream is not None and stream.isatty()
        self._is_bar = is_terminal and shutil.get_terminal_size().columns >= _NARROWEST

    def __call__(self, progress: Progress) -> None:
        """Write the progress, unless that was done a moment ago, and what is new."""
        now = self._now()
        self._announce(progress, now)
        if self._is_bar:
            with suppress(OSError, ValueError):
                self._show_bar(progress, now)
        elif now - self._last_update >= _INTERVAL_SECONDS:
            self._last_update = now
            count = f"{progress.done:,} of {counted(progress.total, 'item')}"
            parts = [count, *_notes(progress, now)]
            if progress.done and not progress.current_problem:
                seconds = (now - self._started) / progress.done
                parts.append(f"{duration((progress.total - progress.done) * seconds)} left")
            write_line(self._stream, ", ".join(parts))

    def close(self) -> None:
        """End the line, so that other text can be written."""
        if self._bar is not None:
            with suppress(OSError, ValueError):
                self._bar.render_finish()
            self._bar = None

    def _announce(self, progress: Progress, now: float) -> None:
        """Write at once, and once only, why nothing arrives, or what Ctrl-C waits for."""
        topic = progress.current_problem
        text = f"A request failed: {topic}."
        if progress.is_interrupted and progress.in_flight:
            topic = "Ctrl-C"
            pending = counted(progress.in_flight, "response")
            text = f"Waiting for {pending}. Press Ctrl-C again to quit immediately."
        elif progress.next_attempt > now:
            moment = time.localtime(time.time() + progress.next_attempt - now)
            text += f" Next attempt at {time.strftime('%H:%M:%S', moment)}."
        if topic not in self._announced:
            self._announced.add(topic)
            write_line(self._stream, f"\r\x1b[K{text}" if self._bar is not None else text)

    def _show_bar(self, progress: Progress, now: float) -> None:
        if self._bar is None:
            self._bar = click.progressbar(
                [""],
                length=progress.total,
                file=self._stream,
                width=10,
                show_pos=True,
                show_percent=False,
                item_show_func=lambda note: note,
            )
            self._bar.render_progress()
        room = shutil.get_terminal_size().columns - _BAR_AND_COUNTS
        self._bar.show_eta = room >= 0
        note = ""
        for part in _notes(progress, now):
            longer = f"{note}, {part}" if note else part
            note = longer if len(longer) <= room else note
        self._bar.current_item = note or None
        self._bar.update(progress.done - self._bar.pos)
        self._bar.render_progress()


def _notes(progress: Progress, now: float) -> list[str]:
    failures = progress.failures.total()
    notes = [f"{progress.outcomes[ItemStatus.REJECTED]:,} rejected"]
    if progress.paused_until > now:
        notes.append(f"paused by the API for {progress.paused_until - now:.0f} s")
    elif failures:
        notes.append(counted(failures, "failed attempt"))
    return notes
