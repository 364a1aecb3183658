"""Compare the stub with a model: no upsert is lost, the last write wins, faults take effect."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consentlint import CONSENTS, wire
from consentlint.stub import (
    Clock,
    ConnectionAction,
    CutAfterUpsert,
    CutBeforeUpsert,
    Delay,
    Fault,
    InternalServerError,
    MissingEntry,
    NotJson,
    OtherOrder,
    Request,
    ServerError,
    Stub,
    TooManyRequests,
    TruncatedBody,
    Unavailable,
)

LIMIT = 5
CONTACTS = ("+14155552671", "+447400123456", "+4915112345678")
SENDERS = ("MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f", "123456")
HEADERS = {"authorization": wire.encode_credentials("AC0", "token"), "content-type": wire.FORM}
STORES_NOTHING = (TooManyRequests, ServerError, Unavailable, CutBeforeUpsert)

FAULTS: st.SearchStrategy[Fault] = st.one_of(
    st.builds(InternalServerError, st.none() | st.just((0,)) | st.just((1, 2))),
    st.builds(MissingEntry, st.none() | st.integers(0, 2)),
    st.sampled_from(
        [
            TooManyRequests(),
            ServerError(),
            Unavailable(),
            Delay(),
            CutBeforeUpsert(),
            CutAfterUpsert(),
            TruncatedBody(),
            NotJson(),
            OtherOrder(),
        ]
    ),
)
# An item is invalid only if its source is "web": the model knows no reason codes.
ITEMS = st.fixed_dictionaries(
    {
        "contact_id": st.sampled_from(CONTACTS),
        "sender_id": st.sampled_from(SENDERS),
        "status": st.sampled_from(["opt-in", "opt-out"]),
        "source": st.sampled_from(["website", "website", "offline", "web"]),
    }
)


class StubAndModel(RuleBasedStateMachine):
    """Send the same to both. The model is a clock, a list of writes and a list of faults."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.clock.set(self.clock())
        self.stub = Stub(limit=LIMIT, clock=self.clock)
        self.seconds = 0
        self.accepted: list[int] = []
        self.waiting: list[Fault] = []
        self.for_contact: tuple[str, Fault] | None = None
        self.written: list[tuple[str, str, str]] = []
        self.sent = 0

    @rule(seconds=st.sampled_from([1, 20, 59, 60]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.seconds += seconds

    @rule(fault=FAULTS, requests=st.integers(1, 2))
    def the_next_requests_fail(self, fault: Fault, requests: int) -> None:
        self.stub.fail(fault, requests=requests)
        self.waiting += [fault] * requests

    @precondition(lambda self: not self.waiting and self.for_contact is None)
    @rule(fault=FAULTS, contact=st.sampled_from(CONTACTS))
    def a_contact_fails(self, fault: Fault, contact: str) -> None:
        self.stub.fail(fault, contact=contact)
        self.for_contact = (contact, fault)

    @rule()
    def faults_are_removed(self) -> None:
        self.stub.stop_failing()
        self.waiting, self.for_contact = [], None

    @rule(items=st.lists(ITEMS, min_size=1, max_size=3))
    def items_are_sent(self, items: list[dict[str, Any]]) -> None:
        self.sent += 1
        sent = [
            {**item, "correlation_id": f"{self.sent:016x}{number:016x}"}
            for number, item in enumerate(items)
        ]
        request = Request("POST", CONSENTS.path, HEADERS, wire.encode_request(sent))
        response = self.stub.handle(request)
        self.accepted = [time for time in self.accepted if time > self.seconds - 60]
        if len(self.accepted) >= LIMIT:
            assert response.status == 429
            assert int(response.headers["Retry-After"]) == self.accepted[0] + 60 - self.seconds
            return
        self.accepted.append(self.seconds)
        fault, affected = self.fault_for(items)
        stored = self.stored(items, fault, affected)
        self.written += [
            (item["contact_id"], item["sender_id"], item["status"])
            for item, is_stored in zip(items, stored, strict=True)
            if is_stored
        ]
        self.compare(sent, stored, fault, response)

    def fault_for(self, items: list[dict[str, Any]]) -> tuple[Fault | None, list[int]]:
        """Return the fault that triggers, and the indexes of the items that it may affect."""
        numbers = list(range(len(items)))
        if self.for_contact is not None:
            contact, fault = self.for_contact
            of_contact = [n for n in numbers if items[n]["contact_id"] == contact]
            if of_contact:
                return fault, of_contact
        return (self.waiting.pop(0), numbers) if self.waiting else (None, numbers)

    def stored(
        self, items: list[dict[str, Any]], fault: Fault | None, affected: list[int]
    ) -> list[bool]:
        """Return which items are stored."""
        if isinstance(fault, STORES_NOTHING):
            return [False] * len(items)
        failing: list[int] = []
        if isinstance(fault, InternalServerError):
            failing = [n for n in affected if fault.items is None or n in fault.items]
        return [item["source"] != "web" and n not in failing for n, item in enumerate(items)]

    def compare(
        self, sent: list[dict[str, Any]], stored: list[bool], fault: Fault | None, response: Any
    ) -> None:
        """Compare a response that can be decoded with what was stored."""
        is_closed = isinstance(fault, CutBeforeUpsert | CutAfterUpsert | TruncatedBody)
        assert (response.connection is not ConnectionAction.KEEP_OPEN) == is_closed
        assert (response.status == 201) == (
            not isinstance(fault, TooManyRequests | ServerError | Unavailable)
        )
        if is_closed or response.status != 201 or isinstance(fault, NotJson):
            return
        reported = {
            str(result.correlation_id): result.error_code == 0
            for result in wire.decode_response(response.body)
        }
        expected = {
            item["correlation_id"]: is_stored for item, is_stored in zip(sent, stored, strict=True)
        }
        assert reported.items() <= expected.items()
        if not isinstance(fault, MissingEntry):
            assert len(reported) == len(expected)
            order = [item["correlation_id"] for item in sent]
            assert list(reported) == (order[::-1] if isinstance(fault, OtherOrder) else order)

    @invariant()
    def the_stub_stores_what_the_model_stores(self) -> None:
        stored = [(upsert.contact, upsert.sender, upsert.status) for upsert in self.stub.upserts]
        assert stored == self.written

    @invariant()
    def the_last_write_wins(self) -> None:
        last = {(contact, sender): status for contact, sender, status in self.written}
        for contact in CONTACTS:
            for sender in SENDERS:
                assert self.stub.status(contact, sender) == last.get((contact, sender))

    @invariant()
    def every_request_was_received(self) -> None:
        assert len(self.stub.received) == self.sent


TestStubAndModel = StubAndModel.TestCase
TestStubAndModel.settings = settings(max_examples=60, stateful_step_count=30)
