"""The journal: what it records, and that nothing is sent if it cannot be written."""

import os
import sqlite3
from itertools import count
from pathlib import Path

import pytest

from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity
from consentlint.submit.options import JournalError
from consentlint.submit.outgoing import ItemIdentity, OutgoingItem
from consentlint.submit.responses import BatchOutcome, ItemResult, ItemStatus

IDENTITY = RunIdentity("d1", "consents", "https://accounts.twilio.com", "AC0")


def item(number: int, correlation_id: str = "") -> OutgoingItem:
    name = correlation_id or f"{number + 10**30:032x}"
    return OutgoingItem(number, name, "{}", str(number), ItemIdentity(None, None))


def open_journal(path: Path, identity: RunIdentity = IDENTITY, now: float = 10**9) -> Journal:
    return Journal(str(path), identity, lambda: now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.submit-journal"


def test_the_next_run_reads_the_recorded_outcomes(path: Path) -> None:
    with open_journal(path) as journal:
        request = journal.record_request([item(0), item(1), item(2)])
        reasons = ["INVALID_STATUS", "+14155552671"]
        results = [
            ItemResult(item(0), ItemStatus.STORED, 0, ()),
            ItemResult(item(1), ItemStatus.REJECTED, 30646, reasons),
        ]
        journal.record_response(request, 201, BatchOutcome(results))
    with open_journal(path) as journal:
        entries = journal.entries()
    assert [entries[number].outcome for number in range(3)] == [
        ItemStatus.STORED,
        ItemStatus.REJECTED,
        None,
    ]
    assert entries[1].reasons == ("INVALID_STATUS", "OTHER")


def test_an_item_with_a_final_outcome_is_never_sent_again(path: Path) -> None:
    with open_journal(path) as journal:
        results = [ItemResult(item(0), ItemStatus.STORED, 0, ())]
        journal.record_response(journal.record_request([item(0)]), 201, BatchOutcome(results))
        with pytest.raises(AssertionError):
            journal.record_request([item(1), item(0)])
        assert list(journal.entries()) == [0]
        journal.record_request([item(1)])


def test_it_contains_no_phone_number(path: Path) -> None:
    with open_journal(path) as journal:
        items = [item(0, "+14155552671"), item(1, "00000000000000000000014155552671")]
        request = journal.record_request(items)
        results = [ItemResult(items[0], ItemStatus.REJECTED, 30646, ["14155552671"])]
        journal.record_response(request, 201, BatchOutcome(results))
        journal.record_failures(items[1:])
        assert b"4155552671" not in path.read_bytes()


def test_ids_for_support_are_at_most_a_day_old(path: Path) -> None:
    with open_journal(path, now=0) as journal:
        journal.record_response(journal.record_request([item(0)]), 500, BatchOutcome())
        journal.record_failures([item(0)])
    with open_journal(path, now=90_000) as journal:
        assert journal.ids_for_support() == []
        request = journal.record_request([item(1), item(2)])
        journal.record_response(request, 201, BatchOutcome(internal_errors=[item(1)]))
        # Without any response.
        journal.record_response(journal.record_request([item(3)]), None, BatchOutcome())
        journal.record_failures([item(2), item(3)])
        assert journal.ids_for_support() == [item(2).correlation_id, item(1).correlation_id]


def test_only_its_owner_may_read_it(path: Path) -> None:
    with open_journal(path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_run_cannot_open_it(path: Path) -> None:
    with open_journal(path) as journal:
        with pytest.raises(JournalError, match="in use by another run"):
            open_journal(path)
        journal.record_request([item(0)])
    open_journal(path).__exit__(None, None, None)


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        (IDENTITY._replace(digest="d2"), "with other input"),
        (IDENTITY._replace(base_url="http://127.0.0.1:1"), "another base url"),
        (IDENTITY._replace(account="AC1"), "another account"),
        (IDENTITY._replace(endpoint="contacts"), "another endpoint"),
    ],
)
def test_another_run_cannot_use_it(path: Path, identity: RunIdentity, message: str) -> None:
    open_journal(path).__exit__(None, None, None)
    with pytest.raises(JournalError, match=message):
        open_journal(path, identity)
    with open_journal(path) as journal:
        assert journal.entries() == {}


def test_a_file_that_is_not_a_database_is_left_alone(path: Path) -> None:
    path.write_bytes(b"contact_id,correlation_id\n" * 100)
    with pytest.raises(JournalError, match="damaged, or not a journal"):
        open_journal(path)
    assert path.read_bytes().startswith(b"contact_id")


def test_damage_is_detected(path: Path) -> None:
    with open_journal(path) as journal:
        for number in range(0, 2000, 25):
            journal.record_request([item(number + at) for at in range(25)])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(content)
    with pytest.raises(JournalError, match="damaged"):
        open_journal(path)


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (a)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="another program"):
        open_journal(path)
    assert path.read_bytes() == before


def test_a_later_version_is_left_alone(path: Path) -> None:
    open_journal(path).__exit__(None, None, None)
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(JournalError, match=r"later version of consentlint \(journal version 9"):
        open_journal(path)


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.touch()
    open_journal(path).__exit__(None, None, None)


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="root can write anywhere")
def test_a_read_only_folder_is_reported(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with pytest.raises(JournalError, match="cannot be written"):
            open_journal(path)
    finally:
        path.parent.chmod(0o700)


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be written: No such file"):
        open_journal(tmp_path / "nowhere" / "x")


def test_nothing_is_sent_after_the_file_is_removed(path: Path) -> None:
    with open_journal(path) as journal:
        journal.record_request([item(0)])
        path.unlink()
        with pytest.raises(JournalError, match="removed or replaced"):
            journal.record_request([item(1)])


def record_requests_forever(journal: Journal) -> None:
    for number in count():
        journal.record_request([item(number)])


def test_nothing_is_sent_if_the_disk_is_full(path: Path) -> None:
    with open_journal(path) as journal:
        (pages,) = journal._file._database.execute("PRAGMA page_count").fetchone()
        journal._file._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(JournalError, match="the disk is full"):
            record_requests_forever(journal)
        recorded = len(journal.entries())
    with open_journal(path) as journal:
        assert len(journal.entries()) == recorded


def test_an_item_may_be_stored_unless_every_attempt_was_unprocessed(path: Path) -> None:
    unprocessed = BatchOutcome(is_unprocessed=True)
    with open_journal(path) as journal:
        journal.record_response(journal.record_request([item(0), item(1)]), 401, unprocessed)
        assert not journal.entries()[0].may_be_stored
        request = journal.record_request([item(0)])
        assert journal.entries()[0].may_be_stored
        journal.record_response(request, None, BatchOutcome())
        journal.record_response(journal.record_request([item(0)]), 429, unprocessed)
        entries = journal.entries()
    assert (entries[0].may_be_stored, entries[0].attempts) == (True, 3)
    assert (entries[1].may_be_stored, entries[1].attempts) == (False, 1)


def test_a_journal_of_another_run_may_be_deleted_if_that_run_stored_nothing(path: Path) -> None:
    other = IDENTITY._replace(account="AC1")
    with open_journal(path) as journal:
        request = journal.record_request([item(0)])
        journal.record_response(request, 401, BatchOutcome(is_unprocessed=True))
    with pytest.raises(JournalError, match="you can delete its journal"):
        open_journal(path, other)
    with open_journal(path) as journal:
        journal.record_request([item(0)])
    with pytest.raises(JournalError, match="Pass another --journal"):
        open_journal(path, other)
    with open_journal(path) as journal:
        journal.start_new_pass()
    with pytest.raises(JournalError, match="Pass another --journal"):
        open_journal(path, other)
