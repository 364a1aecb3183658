"""What can go wrong on demand, and which requests it strikes.

A fault strikes only a request that would be answered with 201. Each says what becomes of
the items of such a request; what it does not name stays as it is without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


def _check_numbers(numbers: Iterable[int]) -> None:
    if any(number < 0 for number in numbers):
        raise ValueError("items are counted from 0")


@dataclass(frozen=True, slots=True)
class InternalServerError:
    """Items are not stored, and answered with the reason code INTERNAL_SERVER_ERROR.

    An item that is refused anyway keeps its own reason codes; all others are stored.
    """

    items: tuple[int, ...] | None = None
    """The items' numbers in the request, from 0; None for all, or those of the contact."""

    def __post_init__(self) -> None:
        """Refuse numbers that no item has."""
        _check_numbers(() if self.items is None else self.items)


@dataclass(frozen=True, slots=True)
class TooManyRequests:
    """HTTP 429, and nothing is stored."""

    retry_after: int | None = 1
    """The header Retry-After, in seconds; None to leave it out."""


@dataclass(frozen=True, slots=True)
class ServerError:
    """HTTP 500, and nothing is stored."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """HTTP 503, and nothing is stored."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The items are stored at once, and the answer comes late."""

    seconds: float = 3.0
    """The default is the API's own time limit (GUIDE)."""


@dataclass(frozen=True, slots=True)
class CutBeforeUpsert:
    """The connection is closed without an answer, and nothing is stored."""


@dataclass(frozen=True, slots=True)
class CutAfterUpsert:
    """The connection is closed without an answer, and the items are stored."""


@dataclass(frozen=True, slots=True)
class TruncatedBody:
    """The items are stored, and the connection is closed in the middle of the answer."""


@dataclass(frozen=True, slots=True)
class NotJson:
    """The items are stored, and the answer is a page of HTML with status 201."""


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """The items are stored, and the answer lacks the entry of one of them."""

    item: int | None = None
    """The item's number in the request, from 0; None for the last, or the contact's."""

    def __post_init__(self) -> None:
        """Refuse a number that no item has."""
        _check_numbers(() if self.item is None else (self.item,))


@dataclass(frozen=True, slots=True)
class OtherOrder:
    """The items are stored, and the entries of the answer come in reverse."""


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
"""All faults, by the names that the command line has for them."""


def _check_fault(fault: object) -> None:
    # A class would strike as well, and do nothing.
    if not isinstance(fault, Fault):
        name = getattr(fault, "__name__", "Unavailable")
        raise TypeError(f"a fault must be a value of consentlint.stub, such as {name}()")


@dataclass(slots=True)
class Plan:
    """A fault, and which requests it strikes: the next ones, every Nth, or those of a contact.

    Raises:
        TypeError: it is no fault, but perhaps the class of one.
        ValueError: it would never strike, or there are two answers to when.
    """

    fault: Fault
    requests: int | None = None
    """How many it strikes, None for all."""
    every: int | None = None
    """It strikes each request whose number, counted from here, this divides."""
    contact: str | None = None
    """Only requests with an item of this contact count."""
    _seen: int = 0

    def __post_init__(self) -> None:
        """Refuse what can never strike."""
        _check_fault(self.fault)
        if self.requests is not None and self.every is not None:
            raise ValueError("a fault strikes the next requests or every Nth, not both")
        for name, value in (("requests", self.requests), ("every", self.every)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1")

    def counts(self, items: Sequence[Mapping[str, object]]) -> bool:
        """Tell whether a request with these items is one of those that are counted."""
        return self.contact is None or any(item.get("contact_id") == self.contact for item in items)

    def strikes(self) -> bool:
        """Count a request, and tell whether it is struck."""
        self._seen += 1
        return self.every is None or self._seen % self.every == 0

    def is_over(self) -> bool:
        """Tell whether no further request will be struck."""
        return self.requests is not None and self._seen >= self.requests

    def meant(self, items: Sequence[Mapping[str, object]]) -> list[int]:
        """Return the numbers of the items of a struck request that the fault means."""
        chosen: Sequence[int] = range(len(items))
        if isinstance(self.fault, InternalServerError) and self.fault.items is not None:
            chosen = self.fault.items
        if isinstance(self.fault, MissingEntry) and self.fault.item is not None:
            chosen = (self.fault.item,)
        return [
            number
            for number in range(len(items))
            if number in chosen
            and (self.contact is None or items[number].get("contact_id") == self.contact)
        ]
