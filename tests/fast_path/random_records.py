"""Make records by chance: most of them clean and written alike, some of them traps.

A `Style` is what a file's records have in common: their fields, the order of keys,
spaces, how dates are written. A few values are drawn from small pools, so that ids, pairs
of contact and sender, and dates meet again.
"""

import json
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import NamedTuple

CONSENT_FIELDS = (
    "contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent",
)  # fmt: skip
CONTACT_FIELDS = ("contact_id", "correlation_id", "country_iso_code", "zip_code")

Fields = list[tuple[str, object]]
"""Keys and values in order; a key may be a duplicate."""

# Calling codes, what comes first after them, and how many digits follow.
_NUMBERS = (
    ("1", "415", 7), ("1", "20", 8), ("44", "74", 8), ("44", "1", 6), ("49", "15", 9),
    ("49", "2", 3), ("39", "0", 8), ("39", "3", 8), ("55", "11", 9), ("54", "9", 9),
    ("7", "9", 9), ("33", "6", 8), ("81", "90", 8), ("225", "07", 8), ("229", "01", 8),
    ("52", "55", 8), ("972", "5", 7), ("61", "4", 8), ("800", "1", 7), ("86", "13", 9),
)  # fmt: skip
# Those in which E.164 writes another number, or which are not possible.
_TRUNK_NUMBERS = (("44", "074", 8), ("49", "015", 9), ("55", "011", 9), ("7", "89", 9 + 4))
_ODD_NUMBERS = (
    "+19", "+12345678", "+1415555267", "+141555526711", "+0415555267", "+999123456789",
    "+883130000000", "14155552671", "+1 4155552671", "+1415555２671", "+44", "+", "",
    "+5491123456789", "+541123456789", "+5211234567890", "+80012345678", "+4915123456789012",
)  # fmt: skip
_POSTAL_CODES = {
    "US": ("94105", "94105-1234", "10001", "9410", "00000"),
    "GB": ("SW1A 1AA", "sw1a1aa", "M1 1AE", "SW1A-1AA", "1AA"),
    "DE": ("10115", "01067", "1067", "D-10115"),
    "CA": ("K1A 0B1", "K1A0B1", "k1a-0b1", "K1A 0B"),
    "NL": ("1012 AB", "1012AB", "1012"),
    "AE": ("0", "whatever", "00000"),
    "XX": ("94105",),
    "us": ("94105",),
    "UK": ("SW1A 1AA",),
}
_STATUSES = ("opt-in", "opt-out")
_SOURCES = ("website", "offline", "opt-in-message", "opt-out-message", "others")
_ODD_WORDS = ("opt in", "OPT-IN", "opt-in ", "optin", "web", "opt-in-message", "other", "opt-out\t")


class Style(NamedTuple):
    """What the records of a file have in common."""

    contacts: bool
    order: tuple[str, ...]
    """The keys in order; one may be a duplicate, another may be missing."""
    senders: tuple[str, ...]
    countries: tuple[str, ...]
    contacts_pool: tuple[str, ...]
    """Contacts of which each may come again."""
    again: float
    """How likely a record is to have a contact of the pool."""
    now: datetime
    seconds: str
    """What follows hour and minute in a time: "", "s", or a dot and digits."""
    offsets: tuple[str, ...]
    """What follows the time."""
    comma: str
    colon: str
    opening: str
    closing: str
    escaped: str
    """A key that is written with an escape, or nothing."""


def random_style(random: Random, now: datetime) -> Style:
    """Return a style of records that are clean, at least under some rules."""
    contacts = random.random() < 0.3
    order = list(CONTACT_FIELDS if contacts else CONSENT_FIELDS)
    if random.random() < 0.4:
        random.shuffle(order)
    if not contacts and random.random() < 0.1:
        order.remove("date_of_consent")
    if random.random() < 0.04:
        order.pop(random.randrange(len(order)))
    if random.random() < 0.04:
        order.insert(random.randrange(len(order)), random.choice(order))
    if random.random() < 0.04:
        order.insert(random.randrange(len(order)), random.choice(("note", "ZIP", "x")))
    offsets = random.choices(
        (("Z",), ("+02:00",), ("+02:00", "-05:00", "+05:45"), ("Z", "+01:00"),
         ("+23:59", "-23:59", "+00:00"), ("-00:00", "+00:00"), ("", "Z"), ("+0200", "+02")),
        (9, 3, 3, 3, 3, 1, 1, 1),
    )[0]  # fmt: skip
    indent = random.choice(("", "", "", " ", "\t", "  \r"))
    return Style(
        contacts=contacts,
        order=tuple(order),
        senders=tuple(random_sender(random) for _ in range(random.choice((1, 1, 2, 5, 40)))),
        countries=tuple(random.sample(("US", "GB", "DE", "CA", "NL", "AE"), random.randint(1, 4))),
        contacts_pool=tuple(random_number(random) for _ in range(5)),
        again=random.choice((0.0, 0.01, 0.1, 0.5)),
        now=now,
        seconds=random.choices(
            ("s", "", ".d", ".ddd", ".dddddd", ".dddddddddd"), (9, 3, 3, 3, 3, 1)
        )[0],
        offsets=offsets,
        comma=random.choice((",", ", ", ",  ")) + indent,
        colon=random.choice((":", ": ", " : ")),
        opening="{" + indent,
        closing=indent + "}",
        escaped=random.choice(order) if random.random() < 0.02 else "",
    )


def random_number(random: Random) -> str:
    """Return a number that is possible, and mostly as E.164 writes it."""
    code, start, digits = random.choice(_NUMBERS)
    return f"+{code}{start}" + "".join(random.choices("0123456789", k=digits))


def random_sender(random: Random) -> str:
    """Return a sender, mostly the SID of a Messaging Service."""
    kind = random.random()
    if kind < 0.9:
        return f"MG{random.getrandbits(128):032x}"
    if kind < 0.93:
        return f"+1{random.choice(('800', '888', '844'))}{random.randrange(2000000, 9999999)}"
    if kind < 0.95:
        return random_number(random)
    if kind < 0.98:
        return str(random.randrange(100, 99_999_999))
    return random.choice(("rcs:shop_1", "My Shop", "MG12", "+4407400123456", "AC" + 32 * "0"))


def random_id(random: Random) -> str:
    """Return an id; some share a half with others, or have letters in upper case."""
    halves = [f"{random.getrandbits(64):016x}" for _ in range(2)]
    kind = random.random()
    if kind < 0.15:
        halves[random.randrange(2)] = random.choice(("0" * 16, "0123456789abcdef", "f" * 16))
    text = "".join(halves)
    return text.upper() if kind > 0.97 else text


def random_date(random: Random, style: Style) -> str:
    """Return a date in the layout of the style, most of them in the past."""
    ago = timedelta(seconds=random.choice((3, 200_000, 50_000_000, 300_000_000)) * random.random())
    kind = random.random()
    if kind < 0.04:
        ago = timedelta(seconds=random.choice((0, 1, -1, 60, -60, 86_399, 86_400, 86_401)))
    if kind > 0.995:
        ago = (
            style.now
            - datetime(1993, 1, 1, tzinfo=UTC)
            + timedelta(minutes=random.choice((-1, 0, 1)))
        )
    offset = random.choice(style.offsets)
    zone: timezone = UTC
    if offset[1:]:
        hours, minutes = int(offset[1:3]), int(offset[-2:]) if len(offset) > 3 else 0
        zone = timezone((-1 if offset[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))
    moment = (style.now - ago).astimezone(zone)
    return f"{moment:%Y-%m-%dT%H:%M}{_seconds(random, style, moment)}{offset}"


def _seconds(random: Random, style: Style, moment: datetime) -> str:
    if not style.seconds:
        return ""
    digits = random.choice(("0" * 10, f"{random.getrandbits(33):010}"))
    fraction = "." + digits[: len(style.seconds) - 1] if style.seconds[0] == "." else ""
    return f":{moment:%S}{fraction}"


def random_fields(random: Random, style: Style) -> Fields:
    """Return the fields of a record that is clean by itself."""
    country = random.choice(style.countries)
    contact = random.choice(style.contacts_pool)
    if random.random() >= style.again:
        contact = random_number(random)
    status = random.choice(_STATUSES)
    values: dict[str, object] = {
        "contact_id": contact,
        "correlation_id": random_id(random),
        "sender_id": random.choice(style.senders),
        "status": status,
        "source": random.choice(("website", "offline", f"{status}-message", "others")),
        "country_iso_code": country,
        "zip_code": random.choice(_POSTAL_CODES[country][:2]),
        "note": "x",
    }
    if "date_of_consent" in style.order:
        values["date_of_consent"] = random_date(random, style)
    return [(key, values.get(key, "x")) for key in style.order]


def _odd_date(random: Random, style: Style, date: str) -> str:
    year_on = date[4:]
    time_on = date[10:]
    return random.choice((
        f"{date[:5]}02-29{time_on}", f"{date[:5]}02-30{time_on}", f"{date[:5]}04-31{time_on}",
        f"{date[:5]}12-31{time_on}", f"{date[:5]}13-01{time_on}", f"{date[:5]}00-10{time_on}",
        f"{date[:5]}06-00{time_on}", f"{date[:5]}06-32{time_on}", f"2024-02-29{time_on}",
        f"1992{year_on}", f"1993{year_on}", f"1992-12-31{time_on}", f"1993-01-01{time_on}",
        f"2999{year_on}", f"0000{year_on}", f"{date[:11]}24:00{date[16:]}",
        f"{date[:11]}24:00:00Z", f"{date[:11]}23:59:60Z", f"{date[:11]}23:60:00Z",
        f"{date[:10]} {date[11:]}", f"{date[:10]}t{date[11:]}", date[:10], date[:16] + "Z",
        date + "Z", date[:-1], date.replace("Z", "+00:00"), date.replace("Z", "-00:00"),
        date.replace("Z", "+24:00"), date.replace("Z", "+23:60"), date.replace(":", ""),
        date.replace(".", ","), date[:19] + ".5Z", date[:19] + "." + 12 * "3" + "Z",
        "2025-W23-1T15:30Z", "2025-153T15:30:00Z", "", "null", "9999-12-31T23:59:59Z",
        random_date(random, style._replace(seconds="s", offsets=("+14:00", "Z", "-23:59"))),
    ))  # fmt: skip


def _odd_value(random: Random, style: Style, key: str, value: object) -> object:
    """Return a value that is wrong, or unwise, or only written in another way."""
    text = str(value)
    general = (
        None, 5, True, ["x"], {key: value}, "", " " + text, text + " ", text + "\n", text[:-1],
        text + "0", text.upper(), text.lower(), text.replace("1", "１"), "é" + text, [value], "None",
    )  # fmt: skip
    if random.random() < 0.3:
        return random.choice(general)
    if key == "contact_id":
        code, start, digits = random.choice(_TRUNK_NUMBERS)
        trunk = f"+{code}{start}" + "".join(random.choices("0123456789", k=digits))
        earlier = random.choice(style.contacts_pool)
        return random.choice((trunk, earlier[:3] + "0" + earlier[3:], *_ODD_NUMBERS))
    if key == "correlation_id":
        return random.choice(
            (text[:31], text + "a", text[:32] + "ab", text.upper(), text[:31] + "g", "{" + text,
             f"{text[:8]}-{text[8:]}", "0" * 32, "z" * 32)
        )  # fmt: skip
    if key == "sender_id":
        return random.choice((text.upper(), text[:2] + text[2:].upper(), random_sender(random)))
    if key == "date_of_consent":
        return _odd_date(random, style, text)
    if key in ("country_iso_code", "zip_code"):
        country = random.choice(list(_POSTAL_CODES))
        return country if key[0] == "c" else random.choice(_POSTAL_CODES[country])
    return random.choice((*_ODD_WORDS, *_STATUSES, *_SOURCES))


def odd_fields(random: Random, style: Style, fields: Fields, earlier: list[Fields]) -> Fields:
    """Return fields that repeat earlier ones, or have an odd value, key or order."""
    fields = list(fields)
    kind = random.random()
    place = random.randrange(len(fields))
    key, value = fields[place]
    if kind < 0.25 and earlier:
        old = dict(random.choice(earlier[-200:]))
        again = random.choice(
            (("correlation_id",), ("contact_id", "sender_id"), ("contact_id", "sender_id"),
             ("contact_id", "sender_id", "date_of_consent"), tuple(old))
        )  # fmt: skip
        fields = [(k, old[k]) if k in again and k in old else (k, v) for k, v in fields]
        if random.random() < 0.3:
            fields = [
                (k, str(v).swapcase()) if k == "correlation_id" else
                (k, f"MG{str(v)[2:].swapcase()}") if k == "sender_id" else (k, v)
                for k, v in fields
            ]  # fmt: skip
    elif kind < 0.75:
        fields[place] = key, _odd_value(random, style, key, value)
    elif kind < 0.8:
        fields.pop(place)
    elif kind < 0.87:
        other = value if random.random() < 0.3 else _odd_value(random, style, key, value)
        fields.insert(random.randint(0, len(fields)), (key, other))
    elif kind < 0.92:
        nested = random.choice((dict(fields), [dict(fields)], json.dumps(dict(fields)), "y" * 999))
        fields.insert(random.randint(0, len(fields)), (random.choice(("note", "items")), nested))
    elif kind < 0.95:
        random.shuffle(fields)
    elif kind < 0.97:
        fields[place] = random.choice((key.upper(), key[:-1], "note", "")), value
    else:
        fields = random_fields(random, style._replace(seconds="s", offsets=("Z", "+01:00")))
    return fields or [("note", "x")]


def written(style: Style, fields: Fields) -> str:
    """Return fields as a JSON object, as the style writes it."""
    members = []
    for key, value in fields:
        name = json.dumps(key)
        if key == style.escaped:
            name = '"' + name[1:-1].replace(name[1:2], f"\\u{ord(name[1]):04x}", 1) + '"'
        members.append(f"{name}{style.colon}{json.dumps(value, ensure_ascii=len(key) % 2 == 0)}")
    return style.opening + style.comma.join(members) + style.closing


def other_layout(random: Random, style: Style) -> Style:
    """Return a style that writes the same otherwise."""
    return style._replace(
        comma=random.choice((",", ", ", " ,", ",\t")),
        colon=random.choice((":", ": ", ":\t")),
        closing=random.choice(("}", " }")),
    )


_ENDS = (" ", "\t", "\x0b", "\xa0", "\r", ",", "]", "}", "#x", "//x", "/* x */", "\0", "\ufeff")
_LITERALS = ("NaN", "-Infinity", "tru", "1e999", "0x1", "'x'", '"\\x"', '"\\ud800"', "")


def damaged(random: Random, text: str) -> str:
    """Return the text of a record with damage, or near misses, in one place."""
    kind = random.random()
    at = random.randrange(len(text))
    if kind < 0.2:
        return text[:at] + text[at + 1 :]
    if kind < 0.4:
        return text[:at] + random.choice('0123456789abcfZT:.-+"{},\\ \n\t é') + text[at:]
    if kind < 0.6:
        return text[:at] + random.choice('0123456789abcfZT:.-+"{},\\ \n\t é') + text[at + 1 :]
    if kind < 0.7:
        return f"\\u{ord(text[at]):04x}".join((text[:at], text[at + 1 :]))
    if kind < 0.8:
        return text + random.choice(_ENDS) + random.choice(("", text))
    if kind < 0.88:
        return random.choice(_ENDS) + text
    if kind < 0.93:
        return json.dumps(text)
    if kind < 0.97:
        return random.choice((text[:at], text[at:], "null", "[]", "{}", '""', "[" + text + "]"))
    before, colon, after = text.partition(":")
    return before + colon + random.choice(_LITERALS) + after[after.find(",") :]
