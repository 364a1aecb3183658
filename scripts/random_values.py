"""Draw random values for every field of an item: valid, valid but unusual, and invalid.

Nothing here imports consentlint, so that any version of it can be checked with these values.
Repeated values come from small pools, so that ids and histories of a contact and sender recur.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from random import Random

NOW = datetime(2026, 1, 15, 12, 0, 0, tzinfo=UTC)

# Calling code, first digits, number of random digits after them.
_NUMBERS = (
    ("1", "415", 7), ("1", "212", 7), ("1", "20", 8), ("44", "74", 8), ("44", "1", 6),
    ("49", "15", 9), ("49", "2", 3), ("39", "0", 8), ("39", "3", 8), ("55", "11", 9),
    ("54", "9", 9), ("7", "9", 9), ("33", "6", 8), ("81", "90", 8), ("225", "07", 8),
    ("229", "01", 8), ("52", "55", 8), ("972", "5", 7), ("61", "4", 8), ("800", "1", 7),
    ("86", "13", 9), ("91", "9", 9), ("234", "80", 8), ("378", "0", 9), ("241", "0", 7),
    ("881", "6", 9), ("883", "51", 10), ("870", "7", 8), ("290", "2", 4), ("43", "6", 7),
)  # fmt: skip
_TRUNK_NUMBERS = (
    ("44", "074", 8), ("49", "015", 9), ("55", "011", 9), ("7", "89", 13), ("54", "11", 10),
    ("54", "11 15", 8), ("61", "04", 8), ("81", "090", 8), ("33", "06", 8), ("52", "1", 10),
)  # fmt: skip
_ODD_NUMBERS = (
    "+19", "+12345678", "+1415555267", "+141555526711", "+0415555267", "+999123456789",
    "+883130000000", "14155552671", "+1 4155552671", "+1415555２671", "+44", "+", "", "0",
    "+5491123456789", "+541123456789", "+5211234567890", "+80012345678", "+4915123456789012",
    "(415) 555-2671", "+1 (415) 555-2671", "415-555-2671", "004915112345678", "tel:+14155552671",
    "+14155552671 ext. 5", "+1415555CARE", "\u202a+14155552671\u202c", "+210123456789", "'+14155552671",
    "1.4155552671E10", "4.41E+11", "+44 (0)7400 123456", "whatsapp:+14155552671", "unknown",
)  # fmt: skip
_ODD_IDS = (
    "", "x", "0" * 32, "f" * 31, "a" * 33, "z" * 32, "8u344b9a46b33b874b0d41f7776hb72f",
    "ad388b5a46b33b874b0d41f7226db2eh", "ad388b5a46b33b874b0d41f7226db2ef", "1", "１" * 32,
    "02520cfa6c432f0e3ec3a38c122d428d", "0x" + "1" * 30, "-" * 32,
)  # fmt: skip
_ODD_SENDERS = (
    "", "MG", "MG12", "AC" + 32 * "0", "MG" + 32 * "0", "MG" + 30 * "0" + "01", "rcs:", "rcs:shop_1",
    "rcs:test_-_twilio_4n2azqfk_agent", "rcs:shop 1", "RCS:shop", "12", "123", "1234567", "12345678",
    "+12345", "+4407400123456", "My Shop", "+19", "14155552671", "MG" + "g" * 32, "mg" + "a" * 32,
    "SM" + "a" * 32, "whatsapp:+14155552671", "１２３４５", "+1800", "0123",
)  # fmt: skip
_ODD_STATUSES = (
    "opt in", "OPT-IN", "opt-in ", " opt-in", "optin", "opt_in", "opt–in", "Opt-Out", "STOP", "START",
    "re-opt-in", "subscribed", "unsubscribed", "true", "1", "0", "", "opt-out\t", "opt-out\n", "in",
)  # fmt: skip
_ODD_SOURCES = (
    "web", "Website", "other", "Others", "opt-in message", "opt_in_message", "sms", "import", "",
    "offline ", "opt‑in‑message", "website\n", "opt-in", "web site", "opt-out-mesage",
)  # fmt: skip
_ODD_COUNTRIES = (
    "us",
    "USA",
    "UK",
    "XX",
    "EU",
    "",
    "U",
    " US",
    "840",
    "United States",
    "AN",
    "ＵＳ",
)
_POSTAL_CODES = {
    "US": ("94105", "94105-1234", "10001", "9410", "00000", "941051234", "94105 1234", "9-4105"),
    "GB": ("SW1A 1AA", "sw1a1aa", "M1 1AE", "SW1A-1AA", "1AA", "S W1A1AA", "SW1 A1AA"),
    "DE": ("10115", "01067", "1067", "D-10115", "101 15", "1-0115"),
    "CA": ("K1A 0B1", "K1A0B1", "k1a-0b1", "K1A 0B", "K1 A0B1", "K1A  0B1"),
    "NL": ("1012 AB", "1012AB", "1012", "1012-AB", "1012ab"),
    "PT": ("1000-205", "1000205", "1000 205", "1000"),
    "BR": ("40301-110", "40301110", "40301 110"),
    "PL": ("00-950", "00950", "00 950", "0-0950"),
    "SE": ("11455", "114 55", "SE-11455"),
    "JP": ("154-0023", "1540023", "１５４００２３"),
    "IE": ("A65 F4E2", "A65F4E2", "BT79 0HR", "A6-5F4E2"),
    "IN": ("110034", "110 034"),
    "AR": ("C1070AAM", "1070", "C 1070AAM"),
    "AE": ("0", "whatever", "00000", "-", " "),
    "HK": ("999077", "0", "N/A"),
    "IM": ("IM2 1AA", "IM21AA"), "FR": ("75001", "75 001"), "BM": ("FL 07", "HM GX", "FL07"),
}  # fmt: skip
STATUSES = ("opt-in", "opt-out")
SOURCES = ("website", "offline", "opt-in-message", "opt-out-message", "others")
_NON_STRINGS: tuple[object, ...] = (
    None, 0, 1, -1, 4155552671, 14155552671, 1.5, 1e300, True, False, [], {}, ["x"], [None],
    {"a": 1}, [["x"]], {"value": "opt-in"}, 94105, 1749999999, 10**40,
)  # fmt: skip
_SPACES = (
    " {}",
    "{} ",
    " {} ",
    "{}\n",
    "\t{}",
    "{}\u00a0",
    "\ufeff{}",
    "{}\r\n",
    "\u200b{}",
    "{}\u2028",
)
_WORDS = ("", " ", "null", "NULL", "None", "N/A", "nan", "-", "#REF!", "undefined", "é", "😀", "\x00", "\x1b[31m", "x" * 400)  # fmt: skip


class Pools:
    """Values of one file that recur.

    Attributes:
        contacts: contact ids for histories.
        senders: senders of most items.
        ids: correlation ids that have been used.
        dates: dates for histories, so that equal dates recur.
    """

    def __init__(self, random: Random) -> None:
        count = random.choice((2, 5, 30, 1000))
        self.contacts = [number(random) for _ in range(count)]
        self.senders = [sender(random) for _ in range(random.choice((1, 2, 5)))]
        self.ids: list[str] = []
        layout = _date_layout(random)
        self.dates = [date(random, layout) for _ in range(random.choice((2, 6, 40)))]
        self.layout = layout


def number(random: Random) -> str:
    """Return a possible number, mostly in its E.164 form."""
    code, start, digits = random.choice(_NUMBERS)
    return f"+{code}{start}" + "".join(random.choices("0123456789", k=digits))


def sender(random: Random) -> str:
    """Return a valid sender, mostly the SID of a Messaging Service."""
    kind = random.random()
    if kind < 0.75:
        return f"MG{random.getrandbits(128):032x}"
    if kind < 0.83:
        return number(random)
    if kind < 0.9:
        return (
            f"+1{random.choice(('800', '888', '844', '822'))}{random.randrange(2000000, 9999999)}"
        )
    return str(random.randrange(100, 9_999_999))


def correlation_id(random: Random) -> str:
    """Return a valid id, sometimes in upper case."""
    text = f"{random.getrandbits(128):032x}"
    return text.upper() if random.random() < 0.02 else text


def _date_layout(random: Random) -> tuple[str, tuple[str, ...]]:
    """Return how most dates of a file are written: their format and their offsets."""
    formats = (
        "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S",
        "%G-W%V-%uT%H:%M:%S", "%Y-%jT%H:%M:%S", "%Y-%m-%dT%H:%M:%S,%f", "%Y-%m-%dT%H",
    )  # fmt: skip
    offsets = (
        ("Z",),
        ("+02:00",),
        ("Z", "+01:00", "-05:00"),
        ("",),
        ("+0200",),
        ("+02",),
        ("-00:00",),
    )
    return (
        random.choices(formats, (40, 6, 5, 2, 1, 1, 1, 1))[0],
        random.choices(offsets, (40, 6, 6, 4, 2, 1, 1))[0],
    )


def date(random: Random, layout: tuple[str, tuple[str, ...]]) -> str:
    """Return a date of a layout, most of them in the past."""
    form, offsets = layout
    ago = timedelta(seconds=int(random.choice((3e5, 5e7, 3e8)) * random.random()))
    if random.random() < 0.02:
        ago = timedelta(seconds=random.choice((0, 1, -1, 60, -60, 3600, -3600, 86_400, -86_400)))
    offset = random.choice(offsets)
    zone: timezone = UTC
    if offset[1:]:
        zone = timezone((-1 if offset[0] == "-" else 1) * timedelta(hours=int(offset[1:3])))
    return (NOW - ago).astimezone(zone).strftime(form) + offset


def _odd_date(random: Random, text: str) -> str:
    """Return a date that is invalid or unusual, or is at a limit."""
    day, _, clock = text.partition("T")
    return random.choice((
        f"{text[:4]}-02-29T{clock}", f"{text[:4]}-02-30T{clock}", f"{text[:4]}-04-31T{clock}",
        f"{text[:4]}-13-01T{clock}", f"{text[:4]}-00-10T{clock}", f"{text[:4]}-06-00T{clock}",
        f"2024-02-29T{clock}", f"2999-01-01T{clock}", f"0000-01-01T{clock}", f"0001-01-01T{clock}",
        f"9999-12-31T{clock}", "1970-01-01T00:00:00Z", "1899-12-30T00:00:00Z", "1992-12-02T23:59:59Z",
        "1992-12-03T00:00:00Z", "1992-12-03T01:00:00+02:00", "1992-12-31T23:59:59Z", "1993-01-01T00:00:00Z",
        "2026-01-15T12:00:00Z", "2026-01-15T12:00:01Z", "2026-01-15T12:00:00.0000000001Z",
        "2026-01-15T12:00:00", "2026-01-15T12:30:00", "2026-01-15T14:00:00+02:00", "2026-01-15T14:00:01+02:00",
        f"{day}T24:00:00Z", f"{day}T24:00Z", f"{day}T24:00:01Z", f"{day}T23:59:60Z", f"{day}T12:30:60Z",
        f"{day}T01:59:60+02:00", f"{day}T23:60:00Z", f"{day}T25:00:00Z", f"{day} {clock}", f"{day}t{clock}",
        day, f"{day}T", f"{day}T10", f"{day}T10Z", f"{day}T10:30Z", f"{day}T10:30", f"{day}T10:30.5Z",
        f"{day}T10:30:15.Z", f"{day}T10:30:15,5Z", f"{day}T10:30:15.{'3' * 9}Z", f"{day}T10:30:15.{'3' * 10}Z",
        f"{day}T10:30:15z", f"{day}T10:30:15+18:00", f"{day}T10:30:15+18:01", f"{day}T10:30:15+19:00",
        f"{day}T10:30:15-18:00", f"{day}T10:30:15+23:59", f"{day}T10:30:15+24:00", f"{day}T10:30:15+02:60",
        f"{day}T10:30:15+2", f"{day}T10:30:15+0200", f"{day}T10:30:15+02", f"{day}T10:30:15 +02:00",
        f"{day}T10:30:15-00:00", f"{day}T10:30:15+00:00", f"{day}T103015Z", f"{day.replace('-', '')}T103015Z",
        f"{day.replace('-', '')}T10:30:15Z", f"{day.replace('-', '')}T103015+0200", "2025-W23-1T15:30:00Z",
        "2025W231T153000Z", "2025-W53-1T15:30:00Z", "2020-W53-5T15:30:00Z", "2025-366T15:30:00Z",
        "2024-366T15:30:00Z", "2025153T153000Z", "2025-W23T15:30:00Z", "25-06-02T15:30:00Z",
        "+002025-06-02T15:30:00Z", "06/02/2025 15:30", "02.06.2025", "1749999999", "1749999999000", "45810.5",
        "Mon, 02 Jun 2025 15:30:00 GMT", "2025-06-02T15:30:00 UTC", "2025-06-02T15:30:00[Europe/Berlin]",
        "", "null", "0000-00-00 00:00:00", text + "Z", text[:-1], text.replace("-", "–"), "２０２５-06-02T15:30:00Z",
    ))  # fmt: skip


def _near(random: Random, text: str) -> str:
    """Return a text with one random change."""
    at = random.randrange(len(text) + 1)
    return random.choice((
        text[:at] + text[at + 1 :], text[:at] + random.choice("0123456789abcfZT:.-+ ") + text[at:],
        text[:at] + random.choice("0123456789abcfZT:.-+ ") + text[at + 1 :], text.upper(), text.lower(),
        text.swapcase(), text + text, text[::-1], text.replace("1", "１"), f"'{text}'", f'"{text}"', text + "\x7f",
    ))  # fmt: skip


def odd_value(random: Random, field: str, text: str, pools: Pools) -> object:
    """Return a value that is probably invalid for a field, or valid but unusual."""
    kind = random.random()
    if kind < 0.12:
        return random.choice(_NON_STRINGS)
    if kind < 0.18:
        return random.choice(_SPACES).format(text)
    if kind < 0.22:
        return random.choice(_WORDS)
    if kind < 0.36:
        return _near(random, text)
    draw = _ODD.get(field)
    return draw(random, text, pools) if draw else random.choice(_WORDS)


def _odd_number(random: Random, text: str, pools: Pools) -> str:
    if random.random() < 0.4:
        code, start, digits = random.choice(_TRUNK_NUMBERS)
        return f"+{code}{start}".replace(" ", "") + "".join(random.choices("0123456789", k=digits))
    if random.random() < 0.3:
        return f"+{random.randrange(1, 1000)}{random.randrange(10 ** random.randrange(1, 14))}"
    known = random.choice(pools.contacts)
    return random.choice((known[:3] + "0" + known[3:], *_ODD_NUMBERS))


def _odd_id(random: Random, text: str, pools: Pools) -> str:
    groups = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    known = random.choice(pools.ids[-400:] or [text])
    return random.choice(
        (groups, f"{{{groups}}}", text[:31], text + "a", known, known.swapcase(), *_ODD_IDS)
    )


def _odd_sender(random: Random, text: str, pools: Pools) -> str:
    if random.random() < 0.3:
        return sender(random)
    return random.choice((text.upper(), text.lower(), f"MG{text[2:].upper()}", *_ODD_SENDERS))


def _odd_zip(random: Random, text: str, pools: Pools) -> str:
    return random.choice(_POSTAL_CODES[random.choice(list(_POSTAL_CODES))])


_ODD: dict[str, Callable[[Random, str, Pools], object]] = {
    "contact_id": _odd_number,
    "correlation_id": _odd_id,
    "sender_id": _odd_sender,
    "status": lambda random, *_: random.choice((*_ODD_STATUSES, *STATUSES)),
    "source": lambda random, *_: random.choice((*_ODD_SOURCES, *SOURCES)),
    "date_of_consent": lambda random, text, _: _odd_date(random, text),
    "country_iso_code": lambda random, *_: random.choice((*_ODD_COUNTRIES, *_POSTAL_CODES)),
    "zip_code": _odd_zip,
}


def country_and_zip(random: Random) -> tuple[str, str]:
    """Return a country and a postal code that is mostly in its format."""
    country = random.choice(list(_POSTAL_CODES))
    codes = _POSTAL_CODES[country]
    return country, codes[0] if random.random() < 0.8 else random.choice(codes)
