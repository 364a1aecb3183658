"""Fictitious consents for the benchmarks: clean ones, and the ways to damage one.

The numbers are random numbers of mobile ranges of many countries; none belongs to a person on
purpose. The random generator is seeded, so a long file begins with the items of a short one.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

FIELDS = ("contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent")
_REQUIRED = FIELDS[:-1]


class Item(NamedTuple):
    """One consent; the names and the order of the fields are those of the API."""

    contact_id: str
    correlation_id: str
    sender_id: str
    status: str
    source: str
    date_of_consent: str


# The first digits of a mobile range, and how many digits follow.
_RANGES = (
    *((f"+1{area}", 6) for area in ("2125", "2064", "3035", "3057", "4152", "6172", "7136")),
    *((f"+1{area}", 6) for area in ("4165", "6046", "5148")),
    *(("+4474", 8), ("+4477", 8), ("+4478", 8), ("+336", 8), ("+49151", 8), ("+49170", 7)),
    *(("+346", 8), ("+393", 9), ("+316", 8), ("+3247", 7), ("+4179", 7), ("+436641", 6)),
    *(("+35387", 7), ("+467", 8), ("+452", 7), ("+35840", 7), ("+485", 8), ("+407", 8)),
    *(("+36301", 6), ("+3069", 8), ("+79", 9), ("+38050", 7), ("+97150", 7), ("+9665", 8)),
    *(("+2010", 8), ("+278", 8), ("+23480", 8), ("+2547", 8), ("+2126", 8), ("+919", 9)),
    *(("+9198", 8), ("+9230", 8), ("+88017", 8), ("+62812", 8), ("+6391", 8), ("+668", 8)),
    *(("+849", 8), ("+6012", 7), ("+659", 7), ("+8529", 7), ("+86139", 8), ("+8190", 8)),
    *(("+8210", 8), ("+614", 8), ("+6421", 7), ("+55119", 8), ("+55219", 8), ("+5255", 8)),
    *(("+54911", 8), ("+569", 8), ("+5730", 8), ("+519", 8), ("+58412", 7)),
)
# Coprime to every power of ten, so that its multiples reach all numbers of a range before one
# repeats.
_STEP = 618_033_989
# Calling codes whose mobile numbers have a fixed length.
_FIXED_LENGTH = (
    *("+1", "+20", "+212", "+32", "+33", "+34", "+36", "+40", "+41", "+44", "+45", "+51"),
    *("+52", "+54", "+55", "+58", "+65", "+7", "+880"),
)
_STATUSES_AND_SOURCES = (
    *(("opt-in", source) for source in ("website", "offline", "opt-in-message", "others")),
    *(("opt-out", source) for source in ("website", "offline", "opt-out-message", "others")),
)
_FIRST_DAY, _LAST_DAY = date(2015, 1, 1), date(2026, 6, 30)
_VERSION_4 = 0x4 << 76 | 0b10 << 62
_BUT_VERSION = (1 << 128) - 1 & ~(0xF << 76 | 0b11 << 62)


def items(count: int) -> Iterator[Item]:
    """Yield items without findings, not even advice.

    Every tenth item has the contact of the previous one, and another sender.

    Raises:
        OverflowError: a range has no more numbers; this needs far more than 10,000,000 items.
    """
    chance = Random("consents")
    draw, bits = chance.random, chance.getrandbits
    senders = [f"MG{bits(128):032x}" for _ in range(5)]
    days = [
        (_FIRST_DAY + timedelta(days)).isoformat()
        for days in range((_LAST_DAY - _FIRST_DAY).days + 1)
    ]
    times = [
        f"T{hour:02}:{minute:02}:{second:02}Z"
        for hour in range(24)
        for minute in range(60)
        for second in range(60)
    ]
    first = [chance.randrange(10**digits) for _, digits in _RANGES]
    used = [0] * len(_RANGES)
    contact, sender = "", 0
    for index in range(count):
        if index % 10 == 9:
            sender = (sender + 1) % 5
        else:
            place = int(draw() * len(_RANGES))
            start, digits = _RANGES[place]
            used[place] += 1
            if used[place] > 10**digits:
                raise OverflowError(f"there are no more numbers in {start}")
            number = (first[place] + used[place] * _STEP) % 10**digits
            contact = f"{start}{number:0{digits}}"
            sender = int(draw() * 5)
        yield Item(
            contact,
            f"{bits(128) & _BUT_VERSION | _VERSION_4:032x}",
            senders[sender],
            *_STATUSES_AND_SOURCES[int(draw() * 8)],
            days[int(draw() * len(days))] + times[int(draw() * 86_400)],
        )


def formatted(contact: str) -> str:
    """Return a number as people write it."""
    return f"{contact[:3]} ({contact[3:6]}) {contact[6:9]}-{contact[9:]}"


def too_long(contact: str) -> str:
    """Return a number with too many digits for its country or for E.164."""
    return contact + "0" if contact.startswith(_FIXED_LENGTH) else contact.ljust(17, "0")


def impossible(contact: str) -> str:
    """Return a number with an unassigned calling code."""
    return "+210" + contact[3:]


def hyphenated(correlation_id: str) -> str:
    """Return a UUID with its hyphens."""
    groups = (slice(8), slice(8, 12), slice(12, 16), slice(16, 20), slice(20, 32))
    return "-".join(correlation_id[group] for group in groups)


def invalid_status(item: Item, turn: int) -> Item:
    """Return an item that is invalid in its status only, in one of two ways."""
    return item._replace(status=("Opt In", "unsubscribed")[turn % 2])


def invalid_field(item: Item, turn: int) -> Item:
    """Return an item that is invalid in one field that is not a phone number."""
    match turn % 4:
        case 0:
            return item._replace(correlation_id=hyphenated(item.correlation_id))
        case 1:
            return item._replace(status="unsubscribed" if "out" in item.status else "Opt In")
        case 2:
            return item._replace(source="Web site" if item.source == "website" else "import")
    return item._replace(date_of_consent=item.date_of_consent[:10])


def invalid_number(item: Item, turn: int) -> Item:
    """Return an item that is invalid in its phone number only, in one of three ways."""
    damage = (formatted, too_long, impossible)[turn % 3]
    return item._replace(contact_id=damage(item.contact_id))


def _missing(item: Item, turn: int, previous_id: str) -> str:
    fields = item._asdict()
    del fields[_REQUIRED[turn % len(_REQUIRED)]]
    return json.dumps(fields)


def _of_wrong_type(item: Item, turn: int, previous_id: str) -> str:
    field = FIELDS[turn % len(FIELDS)]
    value = getattr(item, field)
    wrong = int(value[1:]) if field == "contact_id" else [value]
    return json.dumps({**item._asdict(), field: wrong})


def _with_spaces(item: Item, turn: int, previous_id: str) -> str:
    field = FIELDS[turn % len(FIELDS)]
    return _with(item, field, (" {}", "{} ", " {} ")[turn % 3].format(getattr(item, field)))


def _with_key_twice(item: Item, turn: int, previous_id: str) -> str:
    # The second value counts, so the item is valid apart from the duplicate key.
    other = "offline" if item.source == "website" else "website"
    return f'{{"source": "{other}", {json.dumps(item._asdict())[1:]}'


def _with(item: Item, field: str, value: object) -> str:
    return json.dumps({**item._asdict(), field: value})


Damage = Callable[[Item, int, str], str]
"""Returns the JSON text of a damaged item, given an item, a turn and the id of a previous item.

The turn selects the field or the way, if there are several."""

DAMAGES: dict[str, Damage] = {
    "missing field": _missing,
    "null": lambda item, turn, _: _with(item, FIELDS[turn % len(FIELDS)], None),
    "wrong type": _of_wrong_type,
    "spaces around": _with_spaces,
    "unknown value": lambda item, turn, _: json.dumps(invalid_field(item, 1 + turn % 2)._asdict()),
    "date without a time": lambda item, *_: _with(
        item, "date_of_consent", item.date_of_consent[:10]
    ),
    "date in the future": lambda item, *_: _with(
        item, "date_of_consent", "2199" + item.date_of_consent[4:]
    ),
    "February 30": lambda item, *_: _with(
        item, "date_of_consent", f"{item.date_of_consent[:4]}-02-30{item.date_of_consent[10:]}"
    ),
    "UUID with hyphens": lambda item, *_: _with(
        item, "correlation_id", hyphenated(item.correlation_id)
    ),
    "digit too many": lambda item, *_: _with(item, "contact_id", too_long(item.contact_id)),
    "number with formatting": lambda item, *_: _with(
        item, "contact_id", formatted(item.contact_id)
    ),
    "unknown key": lambda item, *_: _with(item, "consent_text", "I agree to get messages."),
    "key twice": _with_key_twice,
    "id of a previous item": lambda item, _, previous_id: _with(
        item, "correlation_id", previous_id
    ),
}
"""Every kind of damage by its name; the linter has one finding for each."""


def check() -> None:
    """Check what the benchmarks assume about the numbers.

    Raises:
        AssertionError: a number is valid or invalid against its description.
    """
    import phonenumbers

    def is_possible(number: str) -> bool:
        try:
            parsed = phonenumbers.parse(number)
        except phonenumbers.NumberParseException:
            return False
        as_parsed = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        # phonenumbers accepts more digits than E.164.
        return phonenumbers.is_possible_number(parsed) and as_parsed == number and len(number) <= 16

    seen: set[tuple[str, str]] = set()
    countries = set()
    for item in items(20_000):
        contact = item.contact_id
        assert is_possible(contact), contact
        for damage in (formatted, too_long, impossible):
            assert not is_possible(damage(contact)), (damage.__name__, contact)
        assert (contact, item.sender_id) not in seen, contact
        seen.add((contact, item.sender_id))
        countries.add(phonenumbers.region_code_for_number(phonenumbers.parse(contact)))
    assert len(countries) >= 20, countries
