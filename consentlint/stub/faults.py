"""The faults that the stub injects, and the schedule that says which requests they affect.

A fault affects only requests that would otherwise get a 201. The docstring of a fault states
its effect on the items and the response; everything else stays as it is without the fault.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


def _check_indexes(indexes: Iterable[int]) -> None:
    if any(index < 0 for index in indexes):
        raise ValueError("an item index must be 0 or greater")


@dataclass(frozen=True, slots=True)
class InternalServerError:
    """Items are not stored and get the reason code INTERNAL_SERVER_ERROR.

    An item that is invalid keeps its own reason codes. All other items are stored.
    """

    items: tuple[int, ...] | None = None
    """The indexes of the items in the request, from 0; None for all items, or for the items
    of the contact if the fault is limited to one."""

    def __post_init__(self) -> None:
        """Reject negative indexes."""
        _check_indexes(() if self.items is None else self.items)


@dataclass(frozen=True, slots=True)
class TooManyRequests:
    """HTTP 429; nothing is stored."""

    retry_after: int | None = 1
    """The Retry-After header in seconds; None to omit it."""


@dataclass(frozen=True, slots=True)
class ServerError:
    """HTTP 500; nothing is stored."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """HTTP 503; nothing is stored."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The items are stored immediately, but the response is delayed."""

    seconds: float = 3.0
    """The default is the API's own time limit (GUIDE)."""


@dataclass(frozen=True, slots=True)
class CutBeforeUpsert:
    """The connection is closed without a response; nothing is stored."""


@dataclass(frozen=True, slots=True)
class CutAfterUpsert:
    """The items are stored, then the connection is closed without a response."""


@dataclass(frozen=True, slots=True)
class TruncatedBody:
    """The items are stored, then the connection is closed halfway through the response body."""


@dataclass(frozen=True, slots=True)
class NotJson:
    """The items are stored, but the response is an HTML page with status 201."""


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """The items are stored, but the response omits one of them."""

    item: int | None = None
    """The index of the item in the request, from 0; None for the last item, or for the last
    item of the contact if the fault is limited to one."""

    def __post_init__(self) -> None:
        """Reject a negative index."""
        _check_indexes(() if self.item is None else (self.item,))


@dataclass(frozen=True, slots=True)
class OtherOrder:
    """The items are stored, but the response lists them in reverse order."""


Fault = (
    InternalServerError
    | TooManyRequests
    | ServerError
    | Unavailable
    | Delay
    | CutBeforeUpsert
    | CutAfterUpsert
    | TruncatedBody
    | NotJson
    | MissingEntry
    | OtherOrder
)

FAULTS: dict[str, type[Fault]] = {
    "internal-server-error": InternalServerError,
    "too-many-requests": TooManyRequests,
    "server-error": ServerError,
    "unavailable": Unavailable,
    "delay": Delay,
    "cut-before-upsert": CutBeforeUpsert,
    "cut-after-upsert": CutAfterUpsert,
    "truncated-body": TruncatedBody,
    "not-json": NotJson,
    "missing-entry": MissingEntry,
    "other-order": OtherOrder,
}
"""All faults, by their names on the command line."""


def _check_fault(fault: object) -> None:
    # A class instead of an instance is a common mistake: it would trigger and do nothing.
    if not isinstance(fault, Fault):
        name = getattr(fault, "__name__", "Unavailable")
        raise TypeError(f"expected an instance of a fault, such as {name}()")


@dataclass(slots=True)
class FaultSchedule:
    """A fault and the requests that it affects: the next ones, every Nth, or those of a contact.

    Raises:
        TypeError: `fault` is not an instance of a fault, but for example a class.
        ValueError: The fault would never trigger, or both `requests` and `every` are set.
    """

    fault: Fault
    requests: int | None = None
    """The number of requests to affect; None for no limit."""
    every: int | None = None
    """Affect every Nth request, counted from now."""
    contact: str | None = None
    """Affect and count only requests with an item of this contact."""
    _count: int = 0

    def __post_init__(self) -> None:
        """Reject a schedule that would never trigger."""
        _check_fault(self.fault)
        if self.requests is not None and self.every is not None:
            raise ValueError("set requests or every, not both")
        for name, value in (("requests", self.requests), ("every", self.every)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1")

    def matches(self, items: Sequence[Mapping[str, object]]) -> bool:
        """Return whether the schedule counts a request with these items."""
        return self.contact is None or any(item.get("contact_id") == self.contact for item in items)

    def triggers(self) -> bool:
        """Count a request, and return whether the fault affects it."""
        self._count += 1
        return self.every is None or self._count % self.every == 0

    def is_exhausted(self) -> bool:
        """Return whether the fault affects no further request."""
        return self.requests is not None and self._count >= self.requests

    def affected_items(self, items: Sequence[Mapping[str, object]]) -> list[int]:
        """Return the indexes of the items that the fault affects in a triggering request."""
        chosen: Sequence[int] = range(len(items))
        if isinstance(self.fault, InternalServerError) and self.fault.items is not None:
            chosen = self.fault.items
        if isinstance(self.fault, MissingEntry) and self.fault.item is not None:
            chosen = (self.fault.item,)
        return [
            index
            for index in range(len(items))
            if index in chosen
            and (self.contact is None or items[index].get("contact_id") == self.contact)
        ]
