"""Hash what an item may share with another one: its id, its contact and sender."""

from array import array
from binascii import unhexlify
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from consentlint.fast_path.keys import id_key, id_keys, sender_key
from consentlint.fields import phone_numbers
from consentlint.formats import Batch
from consentlint.linter.proofs import MIN_PROVEN
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile
from consentlint.rules import canonical_contact, canonical_sender

# Distinct keys that are compared in one pass, so that memory stays in bounds.
_MAX_COMPARED = 1_500_000
_MAX_SENDERS = 65_536


class KeyHasher:
    """Hashes the keys of items of one kind. The hash 0 means that an item has no key.

    Args:
        endpoint: the endpoint of the items.
        profile: which of Twilio's conflicting rules applies.
    """

    def __init__(self, endpoint: Endpoint, profile: Profile) -> None:
        self._profile = profile
        self._has_history = "status" in endpoint.fields
        self._senders: dict[str, int] = {}
        self.services: set[int] = set()
        """The hashes of all Messaging Services so far."""

    def ids(self, batch: Batch) -> "array[int]":
        """Return the hash of each item's id."""
        values = batch.column("correlation_id")
        try:
            # Most often all of them are 32 hexadecimal digits.
            if set(map(len, values)) == {32}:  # type: ignore[arg-type]
                return id_keys(unhexlify("".join(values)))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            pass
        return array("Q", list(map(_id_hash, values)))

    def pairs(self, batch: Batch) -> "array[int]":
        """Return the hash of each item's contact and sender; empty for contacts."""
        if not self._has_history:
            return array("Q")
        is_plain = phone_numbers.plain_matcher() if batch.count >= MIN_PROVEN else _is_never_plain
        senders = map(self._sender_hash, batch.column("sender_id"))
        return array(
            "Q",
            [
                int(contact, 16) + sender
                if sender and type(contact) is str and is_plain(contact)
                else _pair_hash(contact, sender)
                for contact, sender in zip(batch.column("contact_id"), senders, strict=True)
            ],
        )

    def _sender_hash(self, value: object) -> int:
        if type(value) is not str:
            return 0
        known = self._senders.get(value)
        if known is None:
            if len(self._senders) == _MAX_SENDERS:
                self._senders.clear()
            sender = canonical_sender(value, self._profile)
            known = self._senders[value] = 0 if sender is None else sender_key(sender)
            if sender is not None and sender.startswith("mg"):
                self.services.add(known)
        return known


def _is_never_plain(value: str) -> bool:
    return False


def _id_hash(value: object) -> int:
    # The form of either profile: a message may have to compare ids that only one accepts.
    is_id = type(value) is str and len(value) == 32 and value.isascii() and value.isalnum()
    return id_key(value) if is_id else 0  # type: ignore[arg-type]


def _pair_hash(value: object, sender: int) -> int:
    contact = canonical_contact(value) if sender else None
    return 0 if contact is None else int(contact, 16) + sender


def repeated(columns: Sequence["array[int]"]) -> set[int]:
    """Return the hashes that occur more than once, except 0, which means no key."""
    count = sum(map(len, columns))
    passes = count // _MAX_COMPARED + 1
    found: set[int] = set()
    for number in range(passes):
        seen = {0}
        for column in columns:
            keys = _some(column, passes, number)
            expected = len(seen) + len(keys) - keys.count(0)
            seen.update(keys)
            if len(seen) < expected:
                found |= _repeated(columns, passes, number)
                break
    return found


def _repeated(columns: Sequence["array[int]"], passes: int, number: int) -> set[int]:
    """Return the repeated hashes of one pass; slower than finding out that there are none."""
    seen = {0}
    add = seen.add
    found: set[int] = set()
    for column in columns:
        keys = _some(column, passes, number)
        found.update([key for key in keys if key in seen or add(key)])
    return found - {0}


def _some(column: "array[int]", passes: int, number: int) -> "array[int]":
    if passes == 1:
        return column
    return array("Q", [key for key in column if key % passes == number])


def rows_with(keys: "array[int]", wanted: AbstractSet[int]) -> Iterator[int]:
    """Yield the rows whose hash is among some."""
    if not wanted or wanted.isdisjoint(keys):
        return
    for row, key in enumerate(keys):
        if key in wanted:
            yield row
