"""Find the journal of the input, or begin one.

A journal belongs to the content of files, not to their names: a file that is renamed, or reached by
a link, must not be sent again. So the journals next to the expected one are looked at, too.
"""

import glob
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import JournalFile, RunIdentity, create
from consentlint.submit.options import JournalError
from consentlint.submit.outputs import shown_path

SUFFIX = ".submit-journal"
_HEAD_BYTES = 64 * 1024
_AGAIN = "An opt-in that is sent again undoes a later STOP."


def default_path(file: str) -> str:
    """Return where the journal of a file is: next to it, wherever a link to it may be."""
    return os.path.realpath(file) + SUFFIX


@contextmanager
def open_journal(
    path: str,
    identity: RunIdentity,
    *,
    is_default: bool,
    clock: Callable[[], float],
    print_line: Callable[[str], None],
) -> Iterator[Journal]:
    """Open the journal of the input, or begin one; a journal that records nothing is deleted.

    Args:
        path: the expected location.
        identity: identifies the run.
        is_default: whether the user has left the choice of the path to us.
        clock: the time in seconds since the epoch.
        print_line: reports what was done.

    Raises:
        JournalError: it is unusable, or that of an unfinished run with another input.
    """
    with _open(
        os.path.realpath(path), identity, clock, print_line, is_default=is_default
    ) as journal:
        try:
            yield journal
        finally:
            # Windows does not delete a file that is open.
            with suppress(JournalError, OSError):
                journal.file.check_file()
                if not journal.may_have_stored:
                    os.unlink(journal.file.path)


def _open(
    path: str,
    identity: RunIdentity,
    clock: Callable[[], float],
    print_line: Callable[[str], None],
    *,
    is_default: bool,
) -> Journal:
    found = Journal(JournalFile(path), clock) if os.path.exists(path) else None
    if found is not None and found.file.identity == identity:
        return found
    other = _find(path, identity, clock, is_default=is_default)
    if found is not None:
        try:
            if other is None:
                _make_room(found, identity, print_line)
        finally:
            found.file.close()
    if other is None:
        create(path, identity)
        return Journal(JournalFile(path), clock)
    print_line(f"These files have a journal already: {shown_path(other.file.path)}.")
    return other


def _find(
    path: str, identity: RunIdentity, clock: Callable[[], float], *, is_default: bool
) -> Journal | None:
    """Return the journal of the same content under another name, if there is one.

    Raises:
        JournalError: there is one, but it is in use or damaged.
    """
    for name in _candidates(path, is_default=is_default):
        with open(name, "rb") as content:
            # This also works for a file that is locked or damaged.
            has_digest = identity.digest.encode() in content.read(_HEAD_BYTES)
        if has_digest:
            journal = Journal(JournalFile(name), clock)
            if journal.file.identity == identity:
                return journal
            journal.file.close()
    return None


def _candidates(path: str, *, is_default: bool) -> Iterator[str]:
    escaped = glob.escape(path)
    patterns = [f"{escaped}.*"]
    if is_default:
        patterns.append(os.path.join(glob.escape(os.path.dirname(path)), f"*{SUFFIX}*"))
    for name in sorted({name for pattern in patterns for name in glob.glob(pattern)} - {path}):
        # Another run is creating it, or it is a rollback journal of SQLite.
        is_temporary = name.endswith((".partial", "-journal-journal")) or (
            name.endswith("-journal") and os.path.exists(name.removesuffix("-journal"))
        )
        if not is_temporary and os.path.isfile(name) and os.access(name, os.R_OK):
            yield name


def _make_room(journal: Journal, identity: RunIdentity, print_line: Callable[[str], None]) -> None:
    """Remove a journal that records nothing, or archive that of a finished run.

    Raises:
        JournalError: it is that of an unfinished run.
    """
    path = journal.file.path
    if not journal.may_have_stored:
        journal.file.close()
        os.unlink(path)
        return
    if journal.is_done:
        day = time.localtime(journal.finished_at)
        archive = base = f"{path}.{time.strftime('%Y-%m-%d', day)}"
        number = 1
        while os.path.exists(archive):
            number += 1
            archive = f"{base}_{number}"
        journal.file.close()
        os.rename(path, archive)
        print_line(f"Archived the journal of the previous, finished run as {shown_path(archive)}.")
        return
    recorded = journal.file.identity
    if recorded.digest != identity.digest:
        difference = "other input: a file, or an option such as --format, has changed"
        back = "restore the former input"
    else:
        name = "account" if recorded.account != identity.account else "base_url"
        old, new = getattr(recorded, name), getattr(identity, name)
        difference = f"another {name.replace('_', ' ')}: {shown_path(old)}, not {shown_path(new)}"
        back = f"use the former {name.replace('_', ' ')}"
    raise JournalError(
        f"The journal {shown_path(path)} belongs to an unfinished run with {difference}. To finish"
        f" that run, {back} and run its command again. To leave it unfinished and send these files,"
        f" pass another --journal. {_AGAIN}"
    )
