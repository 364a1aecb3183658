"""The journal: what it keeps, and that nothing leaves where it cannot be kept."""

import os
import sqlite3
from itertools import count
from pathlib import Path

import pytest

from consentlint.submit.answers import Outcome, Settled
from consentlint.submit.journal import Journal, Subject, Unusable
from consentlint.submit.sendable import Sendable
from consentlint.submit.sendable import Subject as Whom

SUBJECT = Subject("d1", "consents", "https://accounts.twilio.com", "AC0")


def item(number: int, correlation_id: str = "") -> Sendable:
    name = correlation_id or f"{number + 10**30:032x}"
    return Sendable(number, name, "{}", str(number), Whom(None, None))


def opened(path: Path, subject: Subject = SUBJECT, now: float = 10**9) -> Journal:
    return Journal(str(path), subject, lambda: now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.submit-journal"


def test_it_tells_the_next_run_what_was_answered(path: Path) -> None:
    with opened(path) as journal:
        request = journal.leaves([item(0), item(1), item(2)])
        journal.answered(
            request,
            201,
            [
                Settled(item(0), Outcome.STORED, 0, ()),
                Settled(item(1), Outcome.REFUSED, 30646, ["INVALID_STATUS", "+14155552671"]),
            ],
        )
    with opened(path) as journal:
        found = journal.items()
    assert [found[number].outcome for number in range(3)] == [Outcome.STORED, Outcome.REFUSED, None]
    assert found[1].reasons == ("INVALID_STATUS", "OTHER")


def test_what_is_settled_never_leaves_again(path: Path) -> None:
    with opened(path) as journal:
        journal.answered(journal.leaves([item(0)]), 201, [Settled(item(0), Outcome.STORED, 0, ())])
        with pytest.raises(AssertionError):
            journal.leaves([item(1), item(0)])
        assert list(journal.items()) == [0]
        journal.leaves([item(1)])


def test_it_holds_no_phone_number(path: Path) -> None:
    with opened(path) as journal:
        named = [item(0, "+14155552671"), item(1, "00000000000000000000014155552671")]
        request = journal.leaves(named)
        journal.answered(request, 201, [Settled(named[0], Outcome.REFUSED, 30646, ["14155552671"])])
        journal.gave_up(named[1:])
        assert b"4155552671" not in path.read_bytes()


def test_ids_for_support_are_of_the_last_day(path: Path) -> None:
    with opened(path, now=0) as journal:
        journal.answered(journal.leaves([item(0)]), 500)
        journal.gave_up([item(0)])
    with opened(path, now=90_000) as journal:
        assert journal.ids_for_support() == []
        request = journal.leaves([item(1), item(2)])
        journal.answered(request, 201, internal=[item(1)])
        # There was no answer at all.
        journal.answered(journal.leaves([item(3)]), None)
        journal.gave_up([item(2), item(3)])
        assert journal.ids_for_support() == [item(2).correlation_id, item(1).correlation_id]


def test_nobody_else_may_read_it(path: Path) -> None:
    with opened(path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_run_is_refused_while_the_first_lives(path: Path) -> None:
    with opened(path) as journal:
        with pytest.raises(Unusable, match="in use by another run"):
            opened(path)
        journal.leaves([item(0)])
    opened(path).__exit__(None, None, None)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (SUBJECT._replace(digest="d2"), "another input"),
        (SUBJECT._replace(base_url="http://127.0.0.1:1"), "another base url"),
        (SUBJECT._replace(account="AC1"), "another account"),
        (SUBJECT._replace(endpoint="contacts"), "another endpoint"),
    ],
)
def test_it_serves_no_other_run(path: Path, subject: Subject, words: str) -> None:
    opened(path).__exit__(None, None, None)
    with pytest.raises(Unusable, match=words):
        opened(path, subject)
    with opened(path) as journal:
        assert journal.items() == {}


def test_garbage_is_no_journal(path: Path) -> None:
    path.write_bytes(b"contact_id,correlation_id\n" * 100)
    with pytest.raises(Unusable, match="damaged, or no journal"):
        opened(path)
    assert path.read_bytes().startswith(b"contact_id")


def test_a_damaged_journal_is_noticed(path: Path) -> None:
    with opened(path) as journal:
        for number in range(0, 2000, 25):
            journal.leaves([item(number + at) for at in range(25)])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(content)
    with pytest.raises(Unusable, match="damaged"):
        opened(path)


def test_another_programs_database_is_left_alone(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (a)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(Unusable, match="something else"):
        opened(path)
    assert path.read_bytes() == before


def test_a_later_version_is_left_alone(path: Path) -> None:
    opened(path).__exit__(None, None, None)
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(Unusable, match=r"later consentlint \(its form is 9"):
        opened(path)


def test_a_run_that_was_killed_while_it_made_the_file_left_nothing(path: Path) -> None:
    path.touch()
    opened(path).__exit__(None, None, None)


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with pytest.raises(Unusable, match="cannot be written"):
            opened(path)
    finally:
        path.parent.chmod(0o700)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written: No such file"):
        opened(tmp_path / "nowhere" / "x")


def test_nothing_leaves_once_the_file_is_removed(path: Path) -> None:
    with opened(path) as journal:
        journal.leaves([item(0)])
        path.unlink()
        with pytest.raises(Unusable, match="removed or replaced"):
            journal.leaves([item(1)])


def leave_for_ever(journal: Journal) -> None:
    for number in count():
        journal.leaves([item(number)])


def test_nothing_leaves_where_the_disk_is_full(path: Path) -> None:
    with opened(path) as journal:
        (pages,) = journal._database.execute("PRAGMA page_count").fetchone()
        journal._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(Unusable, match="the disk is full"):
            leave_for_ever(journal)
        recorded = len(journal.items())
    with opened(path) as journal:
        assert len(journal.items()) == recorded
