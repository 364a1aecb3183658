"""Copy standard input to a file, so that a resumed run can read it again."""

import filecmp
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from consentlint.submit.journal import Journal
from consentlint.submit.options import JournalError, SubmitError
from consentlint.submit.outputs import PRIVATE, cannot_write, shown_path
from consentlint.text.atomic_write import atomic_write_bytes


@contextmanager
def spooled(paths: Sequence[str], journal: str | None) -> Iterator[Sequence[str]]:
    """Yield the paths, with a copy of standard input for "-".

    The copy is deleted at the end, unless there is an unfinished run that needs it.

    Args:
        paths: the names of the files, or "-" alone.
        journal: the name of the journal.

    Raises:
        SubmitError: there is a copy of another input, which a run needs; or it cannot be written.
    """
    if "-" not in paths or journal is None:
        yield paths
        return
    path = f"{journal}.input"
    new = f"{path}.new"
    try:
        with atomic_write_bytes(new, mode=PRIVATE) as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        if os.path.exists(path) and not filecmp.cmp(new, path, shallow=False):
            os.unlink(new)
            raise SubmitError(
                f"{shown_path(path)} holds the input of a run that has not finished. To finish it,"
                f" submit that file with the same --journal. To submit this input, pass another one."
            )
        os.replace(new, path)
    except OSError as error:
        raise cannot_write(path, error.strerror or str(error)) from None
    try:
        yield [path]
    finally:
        is_unfinished = os.path.exists(journal)
        with suppress(JournalError):
            if is_unfinished:
                with Journal(journal) as opened:
                    is_unfinished = opened.finished_at is None
        if not is_unfinished:
            with suppress(OSError):
                os.unlink(path)
