"""Fixtures for the tests of `submit`: items, files, and deliveries in simulated time."""

import heapq
import json
import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from consentlint import CONSENTS, wire
from consentlint.model.items import Item
from consentlint.stub import ConnectionAction, Request, Stub
from consentlint.submit.delivery import Delivery, Progress
from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity, create
from consentlint.submit.options import ItemStatus
from consentlint.submit.planning import PlannedItem, pair_of
from consentlint.submit.rate_limit import acquire
from consentlint.submit.reading import InputItem
from consentlint.submit.responses import HttpResult

SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
START = 1_780_000_000.0
IDENTITY = RunIdentity("digest", "http://127.0.0.1:1", "AC0")
HEADERS = {"authorization": wire.encode_credentials("AC0", "token"), "content-type": wire.FORM}

Fields = dict[str, Any]


class Simulation:
    """A clock, and workers that send to a stub. A request arrives after half its round trip.

    Args:
        seconds: returns the round-trip time of the next request.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.now = START
        self.stub = Stub(limit=None, clock=lambda: datetime.fromtimestamp(self.now, UTC))
        self._seconds = seconds
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._results: list[tuple[int, HttpResult]] = []
        self._count = 0
        self.in_flight = 0
        self.most_in_flight = 0

    def clock(self) -> float:
        return self.now

    def send(self, path: str, body: bytes) -> int:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        seconds = self._seconds()
        request = self._count
        self._at(self.now + seconds / 2, lambda: self._arrive(request, path, body, seconds / 2))
        return request

    def next_result(self, seconds: float | None) -> tuple[int, HttpResult] | None:
        until = float("inf") if seconds is None else self.now + seconds
        while not self._results:
            if not self._events or self._events[0][0] > until:
                assert until < float("inf"), "it waits for an event that never comes"
                self.now = max(self.now, until)
                return None
            self.now, _, callback = heapq.heappop(self._events)
            callback()
        self.in_flight -= 1
        return self._results.pop(0)

    def _at(self, moment: float, callback: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (moment, self._count, callback))

    def _arrive(self, request: int, path: str, body: bytes, seconds: float) -> None:
        response = self.stub.handle(Request("POST", path, HEADERS, body))
        result = HttpResult(response.status, response.body, response.headers.get("Retry-After"))
        if response.connection is not ConnectionAction.KEEP_OPEN:
            result = HttpResult(None, failure="connection lost")
        self._at(
            self.now + seconds + response.delay, lambda: self._results.append((request, result))
        )


@pytest.fixture
def simulate() -> Callable[..., Simulation]:
    """Returns a function that makes a simulation, given the round-trip time of requests."""

    def make(seconds: float | tuple[float, float] = 0.2) -> Simulation:
        chance = random.Random(7)
        low, high = seconds if isinstance(seconds, tuple) else (seconds, seconds)
        return Simulation(lambda: chance.uniform(low, high))

    return make


@pytest.fixture
def deliver(tmp_path: Path) -> Iterator[Callable[..., Delivery]]:
    """Returns a function that makes a delivery in simulated time, with real files."""
    opened = ExitStack()

    def make(
        simulation: Simulation,
        items: Sequence[InputItem],
        *,
        limit: int = 100,
        max_attempts: int = 10,
        **settings: Any,
    ) -> Delivery:
        path = str(tmp_path / "run.submit-journal")
        if not os.path.exists(path):
            create(path, IDENTITY)
        journal = opened.enter_context(Journal(path, simulation.clock))
        # A test survives no power failure, and waiting for the disk takes most of its time.
        journal._database.execute("PRAGMA synchronous = OFF")
        journal.prepare(planned(items))
        rate_file = str(tmp_path / "rate" / "rate.sqlite")
        return Delivery(
            journal=journal,
            read=lambda numbers: [items[number] for number in numbers],
            acquire=lambda path: acquire(rate_file, limit, simulation.clock),
            workers=simulation,
            max_attempts=max_attempts,
            now=simulation.clock,
            progress=Progress(len(items)),
            on_progress=settings.pop("on_progress", lambda progress: None),
            **settings,
        )

    with opened:
        yield make


@pytest.fixture(scope="session")
def consents() -> Callable[..., list[Fields]]:
    """Returns a function that makes valid items, several for each contact, with rising dates."""

    def make(count: int, contacts: int, seed: int = 1) -> list[Fields]:
        chance = random.Random(seed)
        return [
            {
                "contact_id": f"+1415555{chance.randrange(contacts):04}",
                "correlation_id": f"{chance.getrandbits(128):032x}",
                "sender_id": SENDER if chance.random() < 0.8 else "+12025550123",
                "status": chance.choice(("opt-in", "opt-out")),
                "source": "website",
                "date_of_consent": datetime.fromtimestamp(START - 10**7 + number, UTC).isoformat(),
            }
            for number in range(count)
        ]

    return make


@pytest.fixture(scope="session")
def as_input() -> Callable[[Iterable[Fields]], list[InputItem]]:
    """Returns a function that makes items of an input from fields."""

    def make(items: Iterable[Fields]) -> list[InputItem]:
        return [
            InputItem(number, CONSENTS, Item(number, fields)) for number, fields in enumerate(items)
        ]

    return make


@pytest.fixture(scope="session")
def assert_arrived() -> Callable[[Stub, Sequence[Fields]], None]:
    """Asserts that the stub stored the items, in order.

    A request whose response was lost may be stored twice, but with nothing of the same contact
    and sender in between.
    """

    def check(stub: Stub, items: Sequence[Fields]) -> None:
        expected: dict[tuple[str, str], list[str]] = {}
        for item in items:
            expected.setdefault((item["contact_id"], item["sender_id"]), []).append(
                item["correlation_id"]
            )
        stored: dict[tuple[str, str], list[str]] = {}
        for upsert in stub.upserts:
            history = stored.setdefault((upsert.contact, upsert.sender), [])
            if history[-1:] != [upsert.fields["correlation_id"]]:
                history.append(str(upsert.fields["correlation_id"]))
        assert stored == expected
        by_id = {upsert.fields["correlation_id"]: upsert.fields for upsert in stub.upserts}
        assert by_id == {item["correlation_id"]: item for item in items}

    return check


@pytest.fixture(scope="session")
def json_lines() -> Callable[[Iterable[Fields]], str]:
    """Returns a function that renders items as JSON Lines."""
    return lambda items: "".join(json.dumps(item) + "\n" for item in items)


def planned(items: Sequence[InputItem]) -> list[PlannedItem]:
    """What the journal must know about items."""
    return [
        PlannedItem(
            each.number, pair_of(each), each.item.fields.get("status", ""), ItemStatus.NOT_SENT
        )
        for each in items
    ]
