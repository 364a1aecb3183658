"""What the tests of `submit` share: items, files, and a run whose time is simulated."""

import heapq
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from consentlint import CONSENTS, wire
from consentlint.stub import Ending, Request, Stub
from consentlint.submit.answers import Reply
from consentlint.submit.journal import Journal, Subject
from consentlint.submit.rate import Rate
from consentlint.submit.run import Run, Waits
from consentlint.submit.sendable import Sendable, sendable

SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
BEGAN = 1_780_000_000.0
SUBJECT = Subject("digest", "consents", "http://127.0.0.1:1", "AC0")
HEADERS = {"authorization": wire.encode_credentials("AC0", "token"), "content-type": wire.FORM}

Fields = dict[str, Any]


class Simulation:
    """A clock, and lanes that lead to a stub; a request arrives when half its time is over.

    Args:
        stub: answers.
        seconds: how long a request takes, there and back, chosen anew for each.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.now = BEGAN
        self.stub = Stub(limit=None, clock=lambda: datetime.fromtimestamp(self.now, UTC))
        self.wait_and_die = False
        self._seconds = seconds
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._replies: list[tuple[int, Reply]] = []
        self._count = 0
        self.in_flight = 0
        self.most_in_flight = 0

    def clock(self) -> float:
        return self.now

    def send(self, request: int, body: bytes) -> None:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        seconds = self._seconds()
        self._at(self.now + seconds / 2, lambda: self._arrive(request, body, seconds / 2))

    def next_reply(self, seconds: float | None) -> tuple[int, Reply] | None:
        until = float("inf") if seconds is None else self.now + seconds
        while not self._replies:
            if not self._events or self._events[0][0] > until:
                assert until < float("inf"), "it waits for what never comes"
                self.now = max(self.now, until)
                return None
            self.now, _, happen = heapq.heappop(self._events)
            happen()
        self.in_flight -= 1
        return self._replies.pop(0)

    def _at(self, moment: float, happen: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (moment, self._count, happen))

    def _arrive(self, request: int, body: bytes, seconds: float) -> None:
        response = self.stub.handle(Request("POST", CONSENTS.path, HEADERS, body))
        reply = Reply(response.status, response.body, response.headers.get("Retry-After"))
        if response.ending is not Ending.WHOLE:
            reply = Reply(None, failure="the connection was lost")
        self._at(
            self.now + seconds + response.delay, lambda: self._replies.append((request, reply))
        )


@pytest.fixture
def simulate() -> Callable[..., Simulation]:
    """Returns a simulation; a number of seconds is that of every request."""

    def made(seconds: float | tuple[float, float] = 0.2) -> Simulation:
        chance = random.Random(7)
        low, high = seconds if isinstance(seconds, tuple) else (seconds, seconds)
        return Simulation(lambda: chance.uniform(low, high))

    return made


@pytest.fixture
def run_of(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Returns a run in simulated time, with a journal and a rate in files."""
    opened = ExitStack()

    def made(
        simulation: Simulation,
        items: Sequence[Sendable],
        *,
        limit: int = 100,
        journal: Journal | None = None,
        unsure: Iterable[int] = (),
        max_attempts: int = 10,
        **settings: Any,
    ) -> Run:
        journal = journal or Journal(
            str(tmp_path / "run.submit-journal"), SUBJECT, simulation.clock
        )
        opened.enter_context(journal)
        # No power is cut here, and waiting for the disk is most of what it costs.
        journal._database.execute("PRAGMA synchronous = OFF")
        rate = Rate(str(tmp_path / "rate" / "rate.sqlite"), limit, simulation.clock)
        opened.enter_context(rate)
        return Run(
            endpoint=CONSENTS,
            items=items,
            unsure=unsure,
            journal=journal,
            limiter=rate,
            lanes=simulation,
            max_attempts=max_attempts,
            now=simulation.clock,
            wall_clock=simulation.clock,
            in_flight=5,
            waits=Waits(),
            on_progress=settings.pop("on_progress", lambda progress: None),
            **settings,
        )

    with opened:
        yield made


@pytest.fixture(scope="session")
def consents() -> Callable[..., list[Fields]]:
    """Returns good items: of each contact several, with rising dates, all of them mixed."""

    def made(count: int, contacts: int, seed: int = 1) -> list[Fields]:
        chance = random.Random(seed)
        return [
            {
                "contact_id": f"+1415555{chance.randrange(contacts):04}",
                "correlation_id": f"{chance.getrandbits(128):032x}",
                "sender_id": SENDER if chance.random() < 0.8 else "+12025550123",
                "status": chance.choice(("opt-in", "opt-out")),
                "source": "website",
                "date_of_consent": datetime.fromtimestamp(BEGAN - 10**7 + number, UTC).isoformat(),
            }
            for number in range(count)
        ]

    return made


@pytest.fixture(scope="session")
def made_sendable() -> Callable[[Iterable[Fields]], list[Sendable]]:
    """Returns items as they are sent."""

    def made(items: Iterable[Fields]) -> list[Sendable]:
        return [sendable(number, item, has_sender=True) for number, item in enumerate(items)]

    return made


@pytest.fixture(scope="session")
def assert_arrived() -> Callable[[Stub, Sequence[Fields]], None]:
    """Asserts that a store is what the items say, in their order, but for what came twice.

    A request whose answer was lost may be stored twice; then nothing of the same contact and
    sender may stand between.
    """

    def check(stub: Stub, items: Sequence[Fields]) -> None:
        wanted: dict[tuple[str, str], list[str]] = {}
        for item in items:
            wanted.setdefault((item["contact_id"], item["sender_id"]), []).append(
                item["correlation_id"]
            )
        stored: dict[tuple[str, str], list[str]] = {}
        for upsert in stub.upserts:
            history = stored.setdefault((upsert.contact, upsert.sender), [])
            if history[-1:] != [upsert.fields["correlation_id"]]:
                history.append(str(upsert.fields["correlation_id"]))
        assert stored == wanted
        by_id = {upsert.fields["correlation_id"]: upsert.fields for upsert in stub.upserts}
        assert by_id == {item["correlation_id"]: item for item in items}

    return check


@pytest.fixture(scope="session")
def json_lines() -> Callable[[Iterable[Fields]], str]:
    """Returns items as the text of a file."""
    return lambda items: "".join(json.dumps(item) + "\n" for item in items)
