"""Find the journal of the input, or begin one, and keep what a resumed run must read again.

A journal belongs to the content of files, not to their names: a file that is renamed, or reached by
a link, must not be sent again. So the journals next to the expected one are looked at, too.
"""

import filecmp
import glob
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, count, filterfalse

from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity, create
from consentlint.submit.options import JournalError, JournalLost, SubmitError, SubmitOptions
from consentlint.submit.results import PRIVATE
from consentlint.text.atomic_write import atomic_write_bytes
from consentlint.text.masking import printable, shown_path

SUFFIX = ".submit-journal"
_HEAD_BYTES = 64 * 1024


def default_path(file: str) -> str:
    """Return where the journal of a file is: next to it, wherever a link to it may be."""
    return os.path.realpath(file) + SUFFIX


@contextmanager
def open_journal(options: SubmitOptions, identity: RunIdentity) -> Iterator[tuple[Journal, str]]:
    """Open the journal of the input, or begin one.

    If nothing was sent at the end, a new journal is deleted, and the one that it replaced is back.

    Yields:
        The journal, and the archive of the journal that it replaces, or an empty string.

    Raises:
        JournalError: it is unusable, or that of an unfinished run with another input.
    """
    path = os.path.realpath(options.journal)
    archive = ""
    journal = _find(path, options, identity)
    if journal is None:
        archive = _make_room(path, identity) if os.path.exists(path) else ""
        create(path, identity)
        journal = Journal(path)
    with journal:
        try:
            yield journal, archive
        except JournalLost as error:
            raise JournalLost(f"{error.message} {journal.rescue()}") from None
        finally:
            # Windows does not delete a file that is open.
            with suppress(JournalError, OSError):
                journal.check_file()
                if not journal.may_have_stored:
                    os.unlink(journal.path)
                    if archive:
                        os.rename(archive, path)


def _find(path: str, options: SubmitOptions, identity: RunIdentity) -> Journal | None:
    """Return the journal to continue, whatever its name is, if there is one.

    Raises:
        JournalError: there is one, but it is in use or damaged.
    """
    others = set(glob.glob(f"{glob.escape(path)}.*"))
    if options.is_default_journal:
        others.update(glob.glob(os.path.join(glob.escape(os.path.dirname(path)), f"*{SUFFIX}*")))
    names = [path] if os.path.exists(path) else []
    names += [name for name in sorted(others - {path}) if _may_belong_to(name, identity)]
    for name in names:
        journal = Journal(name)
        is_repeated = options.resend_all and journal.finished_at is not None
        if journal.identity == identity and journal.may_have_stored and not is_repeated:
            return journal
        journal.close()
    return None


def _may_belong_to(name: str, identity: RunIdentity) -> bool:
    """Return whether a file may be a journal of the input, even if it is locked or damaged."""
    # Another run is creating it, or it is a rollback journal of SQLite.
    is_temporary = name.endswith((".partial", "-journal-journal")) or (
        name.endswith("-journal") and os.path.exists(name.removesuffix("-journal"))
    )
    if is_temporary or not os.path.isfile(name) or not os.access(name, os.R_OK):
        return False
    with open(name, "rb") as content:
        return identity.digest.encode() in content.read(_HEAD_BYTES)


def _make_room(path: str, identity: RunIdentity) -> str:
    """Remove a journal that records nothing, or archive that of a finished run.

    Returns:
        The name of the archive, if any.

    Raises:
        JournalError: it is that of an unfinished run.
    """
    with Journal(path) as journal:
        is_recorded, is_done = journal.may_have_stored, journal.is_done
        recorded = journal.identity
        day = time.strftime("%Y-%m-%d", time.localtime(journal.finished_at))
    if is_recorded and not is_done:
        difference = "other input: a file, or an option such as --format, has changed"
        back = "restore the former input"
        if recorded.digest == identity.digest:
            at = 2 if recorded.account != identity.account else 1
            name = ("", "base URL", "account")[at]
            # The digits of a port are not a phone number.
            shown = printable if at == 1 else shown_path
            old, new = shown(recorded[at]), shown(identity[at])
            difference, back = f"another {name}: {old}, not {new}", f"use the former {name}"
        raise JournalError(
            f"The journal {shown_path(path)} belongs to an unfinished run with {difference}. To"
            f" finish that run, {back} and run its command again. To leave it unfinished and send"
            " these files, pass another --journal. An opt-in that is sent again undoes a later STOP."
        )
    if not is_recorded:
        os.unlink(path)
        return ""
    names = chain([f"{path}.{day}"], (f"{path}.{day}_{number}" for number in count(2)))
    archive = next(filterfalse(os.path.exists, names))
    os.rename(path, archive)
    return archive


@contextmanager
def spooled(paths: Sequence[str], journal: str | None) -> Iterator[Sequence[str]]:
    """Yield the paths, with a copy of standard input for "-", which needs a journal.

    The copy is deleted at the end, unless there is an unfinished run that needs it.

    Raises:
        SubmitError: there is a copy of another input, which a run needs.
        OSError: the copy cannot be written.
    """
    if "-" not in paths or journal is None:
        yield paths
        return
    path = f"{journal}.input"
    new = f"{path}.new"
    with atomic_write_bytes(new, mode=PRIVATE) as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
    if os.path.exists(path) and not filecmp.cmp(new, path, shallow=False):
        os.unlink(new)
        raise SubmitError(
            f"{shown_path(path)} holds the input of a run that has not finished. To finish it,"
            " submit that file with the same --journal. To submit this input, pass another one."
        )
    os.replace(new, path)
    try:
        yield [path]
    finally:
        # A journal that cannot be read may be that of an unfinished run.
        with suppress(OSError, JournalError), ExitStack() as opened:
            found = os.path.exists(journal) and opened.enter_context(Journal(journal))
            if not found or found.finished_at is not None:
                os.unlink(path)
