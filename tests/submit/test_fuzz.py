"""Whatever comes from outside (responses, headers, journals), only our own exceptions are raised.

`benchmarks/fuzz_submit.py` runs these tests for longer.
"""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentlint import CONSENTS, wire
from consentlint.model.items import Item
from consentlint.submit import summary
from consentlint.submit.client import ApiClient, Credentials, parse_base_url
from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity, create
from consentlint.submit.options import ItemStatus, JournalError
from consentlint.submit.planning import PlannedItem
from consentlint.submit.reading import InputItem
from consentlint.submit.responses import BatchOutcome, HttpResult, ItemResult, interpret

FUZZ = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
IDENTITY = RunIdentity("d1", "https://accounts.twilio.com", "AC0")
BATCH = [
    InputItem(number, CONSENTS, Item(number, {"correlation_id": f"{number:x}" * 32}))
    for number in range(12)
]
PLAN = [PlannedItem(item.number, item.number, "", ItemStatus.NOT_SENT) for item in BATCH]
HUGE = "huge"
NUMBERS = st.integers() | st.sampled_from([0, 30646, 2**31, 2**63, -(2**63), HUGE])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats() | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=6,
)
IDS = st.sampled_from([item.correlation_id for item in BATCH])
REASONS = st.sampled_from(["INVALID_STATUS", "INTERNAL_SERVER_ERROR", "+14155552671", "\ud800"])
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "correlation_id": IDS | JSON,
        "error_code": NUMBERS | JSON,
        "error_messages": st.lists(REASONS | JSON, max_size=4) | JSON,
    },
)
HEADERS = (
    st.text()
    | st.integers().map(str)
    | st.from_regex(
        r"(Thu, )?\d{1,2} (May|Xyz) \d{1,12} \d\d:\d\d:\d\d [-+]?\w{1,8}", fullmatch=True
    )
)


def dumped(value: object) -> bytes:
    # Python raises an error for thousands of digits.
    return json.dumps(value).replace(f'"{HUGE}"', "9" * 5_000).encode()


BODIES = (
    st.binary(max_size=200)
    | st.builds(lambda items: dumped({"items": items}), st.lists(ENTRIES | JSON, max_size=12))
    | JSON.map(dumped)
)


@contextmanager
def prepared(path: Path) -> Iterator[Journal]:
    """Yield a journal with the items of the batch."""
    if not path.exists():
        create(str(path), IDENTITY)
    with Journal(str(path), lambda: 10.0**9) as journal:
        journal._database.execute("PRAGMA synchronous = OFF")
        journal.prepare(PLAN)
        yield journal


def test_any_response_can_be_interpreted_and_recorded(tmp_path: Path) -> None:
    with prepared(tmp_path / "journal") as journal:

        @FUZZ
        @given(
            status=st.none() | st.sampled_from([200, 201, 204, 302, 400, 401, 429, 500, 503]),
            body=BODIES,
            retry_after=st.none() | HEADERS,
        )
        def check(status: int | None, body: bytes, retry_after: str | None) -> None:
            result = HttpResult(status, body, retry_after, failure="" if status else "lost")
            outcome = interpret(result, BATCH, 1.8e9)
            assert 0 <= outcome.pause <= wire.MAX_PAUSE_SECONDS
            # Each item has a result, or is sent again, unless the run stops.
            is_covered = len(outcome.results) == len(BATCH)
            assert sum((is_covered, bool(outcome.failure), outcome.fatal_error is not None)) == 1
            assert outcome.results.keys() <= {item.number for item in BATCH}
            journal._database.execute("DELETE FROM items")
            journal.prepare(PLAN)
            journal.record_request(BATCH)
            journal.record_response(BATCH, outcome, 1, 4)
            counts = journal.counts()
            finished = counts[ItemStatus.STORED] + counts[ItemStatus.REJECTED]
            assert finished == len(outcome.results)

        check()
    assert b"4155552671" not in (tmp_path / "journal").read_bytes()


@FUZZ
@given(entries=st.lists(ENTRIES | JSON, max_size=6), at=st.integers(0, 6))
def test_a_good_entry_counts_whatever_the_others_are(entries: list[object], at: int) -> None:
    good = {"correlation_id": "f" * 32, "error_code": 0, "error_messages": []}
    item = InputItem(99, CONSENTS, Item(99, good))
    body = dumped({"items": [*entries[:at], good, *entries[at:]]})
    outcome = interpret(HttpResult(201, body), [*BATCH, item], 0)
    assert outcome.results[99] == ItemResult(ItemStatus.STORED, 0, ())


def test_any_bytes_on_the_wire_are_a_result() -> None:
    answer = b""

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.recv(65_536)
                    connection.sendall(answer)

    lines = st.lists(
        st.binary(max_size=40)
        | st.sampled_from([b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Retry-After: 1"])
        | st.builds(lambda n: b"Content-Length: %d" % n, st.integers(-(10**30), 10**30)),
        max_size=5,
    )
    starts = st.sampled_from([b"HTTP/1.1 201 Created", b"HTTP/1.1 99999 x", b"HTTP/9 2", b""])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        address = parse_base_url(f"http://127.0.0.1:{listening.getsockname()[1]}")
        client = ApiClient(address, Credentials("AC0", "sesame", "TWILIO_AUTH_TOKEN"), 5)

        @FUZZ
        @given(starts, lines, st.binary(max_size=100))
        def check(start: bytes, headers: list[bytes], body: bytes) -> None:
            nonlocal answer
            answer = b"\r\n".join([start, *headers, b"", body])
            result = client.send(CONSENTS.path, b"x")
            assert isinstance(interpret(result, BATCH, 0), BatchOutcome)

        check()
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def recorded(tmp_path: Path) -> bytes:
    """A journal in which every item is stored, rejected or unknown."""
    with prepared(path := tmp_path / "recorded") as journal:
        results = {
            0: ItemResult(ItemStatus.STORED, 0, ()),
            1: ItemResult(ItemStatus.REJECTED, 30646, ("INVALID_STATUS",)),
        }
        journal.record_request(BATCH[:6])
        journal.record_response(BATCH[:6], BatchOutcome(results), 1, 4)
        journal.record_request(BATCH[6:])
    return path.read_bytes()


def test_no_damage_of_a_journal_makes_items_count_as_not_sent(
    tmp_path: Path, recorded: bytes
) -> None:
    path = tmp_path / "damaged"
    damages = st.one_of(
        st.builds(lambda at: ("cut", at, b""), st.integers(0, len(recorded) - 1)),
        st.tuples(
            st.just("overwrite"), st.integers(0, len(recorded)), st.binary(min_size=1, max_size=64)
        ),
        st.tuples(
            st.just("overwrite"),
            st.integers(0, len(recorded) // 512).map(lambda block: 512 * block),
            st.sampled_from([bytes(512), b"\xff" * 512, bytes(4096)]),
        ),
    )

    @FUZZ
    @given(damages)
    def check(damage: tuple[str, int, bytes]) -> None:
        kind, at, content = damage
        after = b"" if kind == "cut" else recorded[at + len(content) :]
        path.write_bytes((recorded[:at] + content)[: len(recorded) if after else None] + after)
        with suppress(JournalError), prepared(path) as journal:
            outcomes = [entry.outcome for entry in journal.results()]
            assert ItemStatus.NOT_SENT not in outcomes
            assert outcomes[:2] == [ItemStatus.STORED, ItemStatus.REJECTED]
            list(summary.outcomes(journal))
            summary.ids_for_support(journal)

    check()
