"""What an item may share with another one: its id, its contact and sender."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from consentlint.fast_path.keys import id_key, sender_key
from consentlint.fields import iso8601, phone_numbers, schemas
from consentlint.fields.phone_numbers import PhoneStatus
from consentlint.formats import Batch
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile
from consentlint.model.items import MISSING
from consentlint.model.moment import Moment
from consentlint.model.settings import Settings
from consentlint.rules import Keys

# Distinct keys that are compared in one pass, so that memory stays in bounds.
_MAX_COMPARED = 2_000_000


class KeyReader:
    """Reads the keys of items of one kind.

    Args:
        endpoint: the endpoint of the items.
        settings: how they are checked.
    """

    def __init__(self, endpoint: Endpoint, settings: Settings) -> None:
        self._profile = settings.profile
        self._now = settings.now
        self._has_history = "status" in endpoint.fields
        self._senders: dict[object, int] = {}

    def hashes(self, batch: Batch) -> tuple["array[int]", "array[int]"]:
        """Return the hashes of ids, and of contacts and senders; 0 for an item without one."""
        ids = array("Q", [self._id_hash(value) for value in batch.column("correlation_id")])
        if not self._has_history:
            return ids, array("Q")
        senders = map(self._sender_hash, batch.column("sender_id"))
        contacts = batch.column("contact_id")
        return ids, array("Q", list(map(self._pair_hash, contacts, senders)))

    def read(self, fields: Mapping[str, object], position: int) -> Keys:
        """Return the keys of an item in full."""
        correlation_id = fields.get("correlation_id", MISSING)
        is_valid_id = schemas.is_valid("correlation_id", correlation_id, self._profile)
        if not self._has_history:
            return Keys(position, _normal_id(correlation_id), None, None, None, None, is_record=False)
        contact = _number(fields.get("contact_id"))
        sender = self._sender(fields.get("sender_id"))
        status = fields.get("status")
        if not schemas.is_valid("status", status, self._profile):
            status = None
        moment, is_dated = self._moment(fields.get("date_of_consent", MISSING))
        return Keys(
            position,
            _normal_id(correlation_id),
            contact,
            sender,
            status if isinstance(status, str) else None,
            moment,
            is_record=bool(contact and sender and status and is_dated),
        )

    def _moment(self, value: object) -> tuple[Moment | None, bool]:
        """Return the date of consent, and whether it is valid or missing."""
        if value is MISSING:
            return None, True
        if not schemas.is_valid("date_of_consent", value, self._profile):
            return None, False
        try:
            moment = iso8601.parse(str(value)).moment
        except ValueError:
            return None, False
        return moment, moment <= self._now

    def _sender(self, value: object) -> str | None:
        if not schemas.is_valid("sender_id", value, self._profile):
            return None
        sender = str(value)
        if sender.startswith("+"):
            return _number(sender)
        return sender.lower() if sender.startswith("MG") else sender

    def _id_hash(self, value: object) -> int:
        return id_key(value) if type(value) is str and len(value) == 32 and value.isalnum() and value.isascii() else 0

    def _sender_hash(self, value: object) -> int:
        if type(value) is not str:
            return 0
        known = self._senders.get(value)
        if known is None:
            sender = self._sender(value)
            known = 0 if sender is None else sender_key(sender)
            if len(self._senders) > 65_536:
                self._senders.clear()
            self._senders[value] = known
        return known

    def _pair_hash(self, value: object, sender: int) -> int:
        if not sender:
            return 0
        contact = _number(value)
        return 0 if contact is None else int(contact[1:]) + sender


def _normal_id(value: object) -> str | None:
    if not schemas.is_valid("correlation_id", value, Profile.LENIENT):
        return None
    text = str(value)
    return text.lower() if schemas.is_valid("correlation_id", value, Profile.DOCUMENTED) else text


def _number(value: object) -> str | None:
    """Return a phone number in E.164, None if it is invalid."""
    if type(value) is not str or not schemas.predicate("phone_number")(value):
        return None
    verdict = phone_numbers.check_number(value)
    return verdict.canonical if verdict.status is PhoneStatus.POSSIBLE else None


def repeated(columns: Sequence["array[int]"]) -> set[int]:
    """Return the hashes that occur more than once; 0 stands for none."""
    count = sum(map(len, columns))
    passes = count // _MAX_COMPARED + 1
    found: set[int] = set()
    for number in range(passes):
        keys = _some(columns, passes, number)
        distinct = set(keys)
        if len(distinct) < len(keys):
            seen: set[int] = set()
            for key in keys:
                if key in seen:
                    found.add(key)
                else:
                    seen.add(key)
    found.discard(0)
    return found


def _some(columns: Iterable["array[int]"], passes: int, number: int) -> list[int]:
    if passes == 1:
        return [key for column in columns for key in column]
    return [key for column in columns for key in column if key % passes == number]


def rows_with(keys: "array[int]", wanted: set[int]) -> Iterator[int]:
    """Yield the rows whose hash is among some."""
    if not wanted or wanted.isdisjoint(keys):
        return
    for row, key in enumerate(keys):
        if key in wanted:
            yield row
