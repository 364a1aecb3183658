"""Processes that work on parts of a file, while this one reads and writes in order."""

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Pool(Generic[P, T]):
    """Processes that run one function.

    Args:
        jobs: how many processes.
        work: the function; a module has it.
        start: prepares each process.
        arguments: what `start` gets. They must be picklable, except on Linux.
    """

    def __init__(
        self, jobs: int, work: Callable[P, T], start: Callable[..., None], *arguments: Any
    ) -> None:
        self._work = work
        # If it is safe, this process is copied: a new one would have to load everything.
        context = get_context("fork" if sys.platform == "linux" else None)
        self._executor: ProcessPoolExecutor | None = None
        # Some machines have no means for it.
        with suppress(ImportError, NotImplementedError, OSError):
            self._executor = ProcessPoolExecutor(jobs, context, _prepare, (start, arguments))

    def submit(self, *args: P.args, **kwargs: P.kwargs) -> "Future[T] | None":
        """Give some work to a process; return None if none accepts it."""
        if self._executor is None:
            return None
        try:
            with _interrupts_held():
                return self._executor.submit(self._work, *args, **kwargs)
        except (BrokenProcessPool, OSError):
            return None

    @staticmethod
    def result(future: "Future[T] | None") -> T | None:
        """Return what a process returned, None if it died."""
        if future is not None:
            with suppress(BrokenProcessPool):
                return future.result()
        return None

    def close(self) -> None:
        """End the processes, without the work that has not begun."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back while processes are started, and forever in these.

    An interrupt is for the process that reports, which then ends the others. One that comes while
    a process is started would leave that process without anybody to end it.
    """
    if sys.platform == "win32":
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _prepare(start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    start(*arguments)
    # Where interrupts cannot be held back.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
