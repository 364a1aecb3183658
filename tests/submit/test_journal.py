"""The journal: what it records, in which order it returns items, and when it stops a run."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentlint import CONSENTS
from consentlint.model.items import Item
from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity, create
from consentlint.submit.options import ItemStatus, JournalError, JournalLost
from consentlint.submit.planning import PlannedItem
from consentlint.submit.reading import InputItem
from consentlint.submit.responses import BatchOutcome, ItemResult
from consentlint.submit.summary import ids_for_support

IDENTITY = RunIdentity("d1", "https://accounts.twilio.com", "AC0")
STORED = ItemResult(ItemStatus.STORED, 0, ())


def item(number: int, correlation_id: str = "") -> InputItem:
    fields = {"correlation_id": correlation_id or f"{number + 10**30:032x}"}
    return InputItem(number, CONSENTS, Item(number, fields))


def plan(pairs: Sequence[int]) -> list[PlannedItem]:
    """Return a plan in which items with the same number are of one contact and sender."""
    return [
        PlannedItem(number, pair, "opt-in", ItemStatus.NOT_SENT)
        for number, pair in enumerate(pairs)
    ]


def open_journal(path: Path, now: float = 10**9, items: int = 0) -> Journal:
    if not path.exists():
        create(str(path), IDENTITY)
    journal = Journal(str(path), lambda: now)
    journal._database.execute("PRAGMA synchronous = OFF")
    if items:
        journal.prepare(plan(range(items)))
    return journal


def stored(items: Sequence[InputItem]) -> BatchOutcome:
    return BatchOutcome(dict.fromkeys((each.number for each in items), STORED))


def send(
    journal: Journal, batch: Sequence[InputItem], outcome: BatchOutcome, retry_at: float | None = 1
) -> None:
    """Record a request and its response."""
    journal.record_request(batch)
    journal.record_response(batch, outcome, retry_at, 4)


def take(journal: Journal, now: float) -> list[int]:
    """Return the items that may leave now."""
    return [each.number for each in journal.next_batch(now) if each.due <= now]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.submit-journal"


def test_the_next_run_reads_the_recorded_outcomes(path: Path) -> None:
    with open_journal(path, items=4) as journal:
        batch = [item(0), item(1), item(2)]
        journal.record_request(batch)
        reasons = ["INVALID_STATUS", "+14155552671"]
        results = {0: STORED, 1: ItemResult(ItemStatus.REJECTED, 30646, reasons)}
        journal.record_response(batch, BatchOutcome(results), 1, 4)
    with open_journal(path) as journal:
        entries = list(journal.results())
    assert [entry.outcome for entry in entries] == ["stored", "rejected", "unknown", "not-sent"]
    assert entries[1].reasons == ("INVALID_STATUS", "OTHER")


def test_an_item_with_a_final_outcome_is_never_sent_again(path: Path) -> None:
    with open_journal(path, items=2) as journal:
        send(journal, [item(0)], stored([item(0)]))
        with pytest.raises(AssertionError):
            journal.record_request([item(1), item(0)])
        assert [entry.attempts for entry in journal.results()] == [1, 0]
        journal.prepare(plan(range(2)))
        assert take(journal, 0) == [1]


def test_it_contains_no_phone_number(path: Path) -> None:
    with open_journal(path, items=2) as journal:
        items = [item(0, "+14155552671"), item(1, "00000000000000000000014155552671")]
        results = {0: ItemResult(ItemStatus.REJECTED, 30646, ["14155552671"])}
        send(journal, items, BatchOutcome(results))
        assert b"4155552671" not in path.read_bytes()


def test_ids_for_support_are_at_most_a_day_old(path: Path) -> None:
    failed = BatchOutcome(failure="HTTP 500", is_answered=True)
    with open_journal(path, now=0, items=4) as journal:
        send(journal, [item(0)], failed, None)
    with open_journal(path, now=90_000) as journal:
        assert ids_for_support(journal) == []
        send(journal, [item(1)], failed)
        send(journal, [item(2)], failed, None)
        # Without any response.
        send(journal, [item(3)], BatchOutcome(failure="connection lost"), None)
        assert ids_for_support(journal) == [item(2).correlation_id, item(1).correlation_id]


def test_only_its_owner_may_read_it(path: Path) -> None:
    with open_journal(path):
        assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_second_run_cannot_open_it(path: Path) -> None:
    with open_journal(path, items=1) as journal:
        with pytest.raises(JournalError, match="in use by another run"):
            open_journal(path)
        journal.record_request([item(0)])
    open_journal(path).close()


def test_a_file_that_is_not_a_database_is_left_alone(path: Path) -> None:
    path.write_bytes(b"contact_id,correlation_id\n" * 100)
    with pytest.raises(JournalError, match="damaged, or not a journal"):
        open_journal(path)
    assert path.read_bytes().startswith(b"contact_id")


@pytest.mark.parametrize("content", [b"", b"S"])
def test_a_file_that_was_cut_does_not_count_as_a_new_one(path: Path, content: bytes) -> None:
    open_journal(path, items=5).close()
    path.write_bytes(content)
    with pytest.raises(JournalError, match="the only record of what was sent"):
        open_journal(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (a)")
    database.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="another program"):
        open_journal(path)
    assert path.read_bytes() == before


def test_another_version_is_left_alone(path: Path) -> None:
    open_journal(path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(JournalError, match=r"another version of consentlint \(journal version 9"):
        open_journal(path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE run SET digest = 'd2'",
        "UPDATE run SET account = 'AC1'",
        "DELETE FROM run",
        "DELETE FROM items WHERE number = 0",
        "UPDATE items SET outcome = 'storee' WHERE number = 0",
        "UPDATE items SET outcome = 'not-sent' WHERE number = 0",
        "UPDATE items SET attempts = 0 WHERE number = 0",
        "UPDATE items SET pair = 99",
        "UPDATE items SET error_code = 9223372036854775807",
        "UPDATE items SET reasons = CAST(x'ff' AS TEXT), outcome = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_damaged_value_is_detected(path: Path, damage: str) -> None:
    with open_journal(path, items=3) as journal:
        send(journal, [item(0)], stored([item(0)]))
    database = sqlite3.connect(path)
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.execute(damage)
    database.commit()
    database.close()
    with pytest.raises(JournalError, match="damaged"):
        open_journal(path)


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


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    shutil.copy(path, copy := path.with_suffix(".copy"))
    copy.replace(path)


def cut(path: Path) -> None:
    os.truncate(path, 4096)


@pytest.mark.parametrize("lose", [removed, replaced, cut])
def test_nothing_is_sent_after_the_file_is_lost(path: Path, lose: Callable[[Path], None]) -> None:
    with open_journal(path, items=100) as journal:
        journal.record_request([item(0)])
        lose(path)
        if lose is not cut:
            journal.record_response([item(0)], stored([item(0)]), 1, 4)
        with pytest.raises(JournalLost, match="removed, replaced or changed"):
            journal.record_request([item(1)])
        advice = journal.rescue()
    if f"{path.name}.rescued, which the same command finds" in advice:
        with Journal(f"{path}.rescued", lambda: 0) as journal:
            assert next(journal.results()).attempts == 1
    else:
        assert lose is cut


def record_requests_forever(journal: Journal) -> None:
    for number in count():
        journal.prepare(plan(range(1000 * (number + 1))))


def test_nothing_is_sent_if_the_disk_is_full(path: Path) -> None:
    with open_journal(path, items=10) as journal:
        (pages,) = journal._database.execute("PRAGMA page_count").fetchone()
        journal._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(JournalError, match="the disk is full"):
            record_requests_forever(journal)
    with open_journal(path) as journal:
        assert journal.counts() == {ItemStatus.NOT_SENT: 10}


def test_an_item_may_be_stored_unless_every_attempt_was_unprocessed(path: Path) -> None:
    unprocessed = BatchOutcome(is_unprocessed=True)

    def outcomes() -> list[str]:
        return [str(entry.outcome) for entry in journal.results()]

    with open_journal(path, items=2) as journal:
        send(journal, [item(0), item(1)], unprocessed)
        assert outcomes() == ["not-stored", "not-stored"]
        assert not journal.may_have_stored
    with open_journal(path, items=2) as journal:
        journal.record_request([item(0)])
        assert outcomes() == ["unknown", "not-stored"]
        journal.record_response([item(0)], BatchOutcome(failure="connection lost"), 1, 4)
        send(journal, [item(0)], BatchOutcome(failure="HTTP 429", is_unprocessed=True))
        assert outcomes() == ["unknown", "not-stored"]
        assert journal.may_have_stored
        assert [entry.attempts for entry in journal.results()] == [3, 1]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with open_journal(tmp_path_factory.mktemp("queue") / "x") as journal:
        yield journal


@given(
    pairs=st.lists(st.integers(0, 6), max_size=60),
    chance=st.randoms(use_true_random=False),
    failure_rate=st.floats(0, 0.3),
)
def test_items_of_one_pair_are_sent_one_at_a_time_and_in_order(
    empty: Journal, pairs: list[int], chance: object, failure_rate: float
) -> None:
    """No item is lost, except those that wait for a failed one."""
    journal = empty
    journal._database.execute("DELETE FROM items")
    journal.prepare(plan(pairs))
    in_flight: list[tuple[InputItem, int]] = []
    completed: list[int] = []
    failed: dict[int, int] = {}
    now = 0.0
    while (batch := journal.next_batch(now)) or in_flight:
        if batch and not in_flight:
            now = max(now, batch[0].due)
        numbers = take(journal, now)
        if numbers and (not in_flight or chance.random() < 0.5):  # type: ignore[attr-defined]
            assert len(numbers) <= 25
            items = [item(number) for number in numbers]
            busy = [pairs[each.number] for each in (*(each for each, _ in in_flight), *items)]
            assert len(set(busy)) == len(busy)
            journal.record_request(items)
            in_flight += [(item(each.number), each.tries) for each in batch]
        elif in_flight:
            at = chance.randrange(len(in_flight))  # type: ignore[attr-defined]
            each, tries = in_flight.pop(at)
            if chance.random() < failure_rate:  # type: ignore[attr-defined]
                retry_at = now + 1 if tries == 0 else None
                lost = BatchOutcome(failure="connection lost")
                journal.record_response([each], lost, retry_at, now + 4)
                if retry_at is None:
                    failed[pairs[each.number]] = each.number
            else:
                journal.record_response([each], stored([each]), None, now + 4)
                completed.append(each.number)
    for pair in set(pairs):
        numbers = [number for number in completed if pairs[number] == pair]
        expected = [number for number, each in enumerate(pairs) if each == pair]
        assert numbers == [number for number in expected if number < failed.get(pair, len(pairs))]


def test_requests_are_full_and_in_file_order(path: Path) -> None:
    with open_journal(path, items=60) as journal:
        sent = []
        while numbers := take(journal, 0):
            sent.append(numbers)
            batch = [item(number) for number in numbers]
            send(journal, batch, stored(batch))
    assert [len(numbers) for numbers in sent] == [25, 25, 10]
    assert [number for numbers in sent for number in numbers] == list(range(60))


def test_what_is_sent_again_keeps_to_itself(path: Path) -> None:
    """An item that the API fails to process must not use up the attempts of others."""
    with open_journal(path, items=60) as journal:
        batch = [item(number) for number in take(journal, 0)]
        results = dict.fromkeys(range(3, 25), STORED)
        send(journal, batch, BatchOutcome(results, failure="INTERNAL_SERVER_ERROR"))
        assert take(journal, 0) == list(range(25, 50))
        assert take(journal, 1) == [0, 1, 2]
