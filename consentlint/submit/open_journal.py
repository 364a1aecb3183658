"""Find the journal of the input, or begin one.

A journal belongs to the content of files, not to their names: a file that is renamed, or reached by
a link, must not be sent again. So the journals next to the expected one are looked at, too.
"""

import glob
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity, create
from consentlint.submit.options import JournalError
from consentlint.submit.outputs import shown_path

SUFFIX = ".submit-journal"
_HEAD_BYTES = 64 * 1024


def default_path(file: str) -> str:
    """Return where the journal of a file is: next to it, wherever a link to it may be."""
    return os.path.realpath(file) + SUFFIX


@contextmanager
def open_journal(
    path: str, identity: RunIdentity, *, is_default: bool, resend_all: bool
) -> Iterator[tuple[Journal, str]]:
    """Open the journal of the input, or begin one.

    If nothing was sent at the end, a new journal is deleted, and the one that it replaced is back.

    Args:
        path: the expected location.
        identity: identifies the run.
        is_default: whether the user has left the choice of the path to us.
        resend_all: whether to begin a new journal if the run is finished.

    Yields:
        The journal, and the archive of the journal that it replaces, or an empty string.

    Raises:
        JournalError: it is unusable, or that of an unfinished run with another input.
    """
    path = os.path.realpath(path)
    archive = ""
    journal = _find(path, identity, is_default=is_default, resend_all=resend_all)
    if journal is None:
        archive = _make_room(path, identity) if os.path.exists(path) else ""
        create(path, identity)
        journal = Journal(path)
    with journal:
        try:
            yield journal, archive
        finally:
            # Windows does not delete a file that is open.
            with suppress(JournalError, OSError):
                journal.check_file()
                if not journal.may_have_stored:
                    os.unlink(journal.path)
                    if archive:
                        os.rename(archive, path)


def _find(
    path: str, identity: RunIdentity, *, is_default: bool, resend_all: bool
) -> Journal | None:
    """Return the journal to continue, whatever its name is, if there is one.

    Raises:
        JournalError: there is one, but it is in use or damaged.
    """
    patterns = [f"{glob.escape(path)}.*"]
    if is_default:
        patterns.append(os.path.join(glob.escape(os.path.dirname(path)), f"*{SUFFIX}*"))
    others = {name for pattern in patterns for name in glob.glob(pattern)} - {path}
    names = [path] if os.path.exists(path) else []
    names += [name for name in sorted(others) if _may_belong_to(name, identity)]
    for name in names:
        journal = Journal(name)
        is_repeated = resend_all and journal.finished_at is not None
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
        if journal.may_have_stored and not journal.is_done:
            raise _unfinished(journal, identity)
        is_recorded, day = journal.may_have_stored, time.localtime(journal.finished_at)
    if not is_recorded:
        os.unlink(path)
        return ""
    archive = base = f"{path}.{time.strftime('%Y-%m-%d', day)}"
    number = 1
    while os.path.exists(archive):
        number += 1
        archive = f"{base}_{number}"
    os.rename(path, archive)
    return archive


def _unfinished(journal: Journal, identity: RunIdentity) -> JournalError:
    recorded = journal.identity
    if recorded.digest != identity.digest:
        difference = "other input: a file, or an option such as --format, has changed"
        back = "restore the former input"
    else:
        name = "account" if recorded.account != identity.account else "base_url"
        old, new = getattr(recorded, name), getattr(identity, name)
        difference = f"another {name.replace('_', ' ')}: {shown_path(old)}, not {shown_path(new)}"
        back = f"use the former {name.replace('_', ' ')}"
    return JournalError(
        f"The journal {shown_path(journal.path)} belongs to an unfinished run with {difference}. To"
        f" finish that run, {back} and run its command again. To leave it unfinished and send these"
        " files, pass another --journal. An opt-in that is sent again undoes a later STOP."
    )
