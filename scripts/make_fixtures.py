"""Write the files in fixtures/, except its README.

    python scripts/make_fixtures.py          # write them
    python scripts/make_fixtures.py --check  # exit with 1 and name stale files

The random generator is seeded with the name of each file, so a change to one file leaves the
others unchanged. The phone numbers are in ranges reserved for fiction if there is one, otherwise
they are libphonenumber's example numbers with random last digits. They are written out here, so
that newer metadata makes no fixture stale.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from generated import write_or_check

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

Item = dict[str, object]

MISSING = object()
"""The value of a field that an item does not have."""

SENDER = "MG9752274e9e519418a7406176694466fa"
CONSENT_FIELDS = (
    "contact_id",
    "correlation_id",
    "sender_id",
    "status",
    "source",
    "date_of_consent",
)
CONTACT_FIELDS = ("contact_id", "correlation_id", "country_iso_code", "zip_code")


class Country(NamedTuple):
    """A country that people live in."""

    code: str
    number: str
    """A mobile number; each x becomes a random digit."""
    zip_codes: tuple[str, ...]
    weight: int = 1
    """How many people live there, relative to the others."""


COUNTRIES = (
    Country("AR", "+54911234567xx", ("C1002AAB", "B1636FDA", "5000")),
    Country("AT", "+436641234xx", ("1010", "5020", "8010")),
    Country("AU", "+614123456xx", ("2000", "3000", "0800")),
    Country("BR", "+55119612345xx", ("01310-100", "20040-002", "70040-010")),
    Country("CA", "+161355501xx", ("K1A 0B6", "M5V 3L9", "V6B 1A1"), weight=2),
    Country("CH", "+417812345xx", ("8001", "1201", "3011")),
    Country("DE", "+4917139200xx", ("10115", "01067", "80331"), weight=2),
    Country("ES", "+346123456xx", ("28013", "08002", "41001")),
    Country("FR", "+3363998xxxx", ("75001", "06000", "69002")),
    Country("GB", "+447700900xxx", ("EC1Y 8SY", "M1 1AE", "EH1 1YZ"), weight=3),
    Country("IE", "+35320910xxxx", ("D02 AF30", "T12 X70A")),
    Country("IL", "+9725023456xx", ("9414219", "6108001")),
    Country("IN", "+9181234567xx", ("110001", "400001", "560001")),
    Country("IT", "+3931234567xx", ("00184", "20121", "80133")),
    Country("JP", "+8190123456xx", ("100-0001", "530-0001", "060-0001")),
    Country("MX", "+5222212345xx", ("06000", "44100", "64000")),
    Country("NG", "+23480212345xx", ("100001", "900001")),
    Country("NL", "+316123456xx", ("1012 JS", "3011 AD", "9711 LM")),
    Country("NO", "+47406123xx", ("0150", "5003", "7010")),
    Country("NZ", "+642112345xx", ("1010", "6011", "0610")),
    Country("PH", "+6390512345xx", ("1000", "6000", "8000")),
    Country("PL", "+485123456xx", ("00-950", "30-001", "80-001")),
    Country("PT", "+3519123456xx", ("1100-148", "4000-322")),
    Country("SE", "+4670174069x", ("111 22", "411 03", "211 20")),
    Country("SG", "+65812345xx", ("018956", "238823")),
    Country("US", "+120255501xx", ("94105", "02139", "10001-1234", "00501"), weight=5),
    Country("ZA", "+277112345xx", ("0001", "8001", "2000")),
)


class Crowd:
    """Makes items. No two people share a number, and no two items an id."""

    def __init__(self, name: str) -> None:
        self._random = Random(f"consentlint {name}")  # noqa: S311 - not for security
        self._taken: set[str] = set()

    def person(self) -> tuple[str, Country]:
        """Return the number and the country of a new person."""
        weights = [country.weight for country in COUNTRIES]
        while True:
            country = self._random.choices(COUNTRIES, weights)[0]
            digits = (self._random.choice("0123456789") if x == "x" else x for x in country.number)
            number = "".join(digits)
            if number not in self._taken:
                self._taken.add(number)
                return number, country

    def correlation_id(self) -> str:
        """Return a new UUID without hyphens."""
        return UUID(int=self._random.getrandbits(128), version=4).hex

    def consent(self) -> Item:
        """Return an opt-in of a new person."""
        return self._record(self.person()[0], "opt-in", "website", self._first_date())

    def contact(self) -> Item:
        """Return the contact of a new person."""
        number, country = self.person()
        zip_code = self._random.choice(country.zip_codes)
        values = (number, self.correlation_id(), country.code, zip_code)
        return dict(zip(CONTACT_FIELDS, values, strict=True))

    def history(self) -> list[Item]:
        """Return the records of a new person: an opt-in, maybe an opt-out, maybe a re-opt-in."""
        number, _ = self.person()
        date = self._first_date()
        source = self._choice({"website": 60, "opt-in-message": 20, "offline": 15, "others": 5})
        records = [self._record(number, "opt-in", source, date)]
        if self._random.random() < 0.4:
            date = self._later(date)
            source = self._choice({"opt-out-message": 75, "website": 15, "others": 10})
            records.append(self._record(number, "opt-out", source, date))
            if self._random.random() < 0.3:
                date = self._later(date)
                source = self._choice({"opt-in-message": 70, "website": 30})
                records.append(self._record(number, "opt-in", source, date))
        return records

    def _record(self, number: str, status: str, source: str, date: datetime) -> Item:
        values = (number, self.correlation_id(), SENDER, status, source, f"{date.isoformat()}Z")
        return dict(zip(CONSENT_FIELDS, values, strict=True))

    def _choice(self, weights: dict[str, int]) -> str:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _first_date(self) -> datetime:
        start = datetime(2024, 1, 8, 6)  # noqa: DTZ001 - the Z is added to the text
        return start + timedelta(seconds=self._random.randrange(500 * 86_400))

    def _later(self, date: datetime) -> datetime:
        return date + timedelta(seconds=self._random.randrange(86_400, 100 * 86_400))


def as_json(items: Sequence[Item], key: str | None = None) -> str:
    """Return a JSON document with one item per line: an array, or an object with one."""
    opening, closing = ("[", "]") if key is None else (f'{{"{key}": [', "]}")
    lines = ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in items)
    return f"{opening}\n{lines}\n{closing}\n"


def as_json_lines(items: Iterable[Item]) -> str:
    """Return the items as JSON Lines."""
    return "".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in items)


def as_csv(items: Iterable[Item], fields: Sequence[str]) -> str:
    """Return a table of the items that a table can represent: strings and missing fields."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, restval="", lineterminator="\n")
    writer.writeheader()
    for item in items:
        if all(isinstance(value, str) and value for value in item.values()):
            writer.writerow(item)
    return text.getvalue()


def as_form(items: Iterable[Item]) -> str:
    """Return the body of a request."""
    return urlencode([("Items", compact(item)) for item in items]) + "\n"


def compact(item: Item) -> str:
    """Return the JSON text of an item, without spaces."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def indented(value: object) -> str:
    """Return a JSON document with one value per line."""
    return json.dumps(value, indent=2) + "\n"


ID = "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"
HYPHENATED = "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684"
FULL_WIDTH = {ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}

BAD_VALUES: dict[str, dict[str, tuple[object, ...]]] = {
    "consents": {
        "correlation_id": (
            HYPHENATED,
            HYPHENATED.upper(),
            f"{{{HYPHENATED}}}",
            f"urn:uuid:{HYPHENATED}",
            ID[:-1],
            ID + "0",
            f" {ID}",
            f"{ID} ",
            f"{ID}\n",
            ID[:-1] + "g",  # the lenient profile accepts it
            ID.replace("0", "O"),
            ID.translate(FULL_WIDTH),
            ID.replace("c", "\N{CYRILLIC SMALL LETTER ES}"),
            "0x" + ID[2:],
            "1.2635E+38",
            "10482",
            "null",
            "#REF!",
            "",
            MISSING,
            None,
            10482,
            True,
            [ID],
            {"uuid": ID},
        ),
        "sender_id": (
            "My Shop",
            SENDER.lower(),
            SENDER[2:],
            SENDER[:-1],
            SENDER[:-1] + "g",
            f"{SENDER} ",
            "PN" + SENDER[2:],
            "VA" + SENDER[2:],
            "12",
            "12345678",
            "123 456",
            "12345".translate(FULL_WIDTH),
            "2025550143",
            "(202) 555-0143",
            "0012025550143",
            "+1202555014",
            "+9992025550143",
            "whatsapp:+12025550143",
            "rcs:my_shop_agent",  # the lenient profile accepts it
            "default",
            "",
            MISSING,
            None,
            12345,
            [SENDER],
        ),
        "contact_id": (
            "+1 (202) 555-0143",
            "+1-202-555-0144",
            "12025550145",
            "(202) 555-0146",
            "0012025550147",
            "+44 (0)7700 900123",
            "07700900124",
            "'+12025550148",
            "1.20256E+10",
            "12025550149.0",
            "+1202555O150",
            "+12025550151".translate(FULL_WIDTH),
            "\N{LEFT-TO-RIGHT EMBEDDING}+12025550152\N{POP DIRECTIONAL FORMATTING}",
            "+12025550153\N{NO-BREAK SPACE}",
            "+12025550154x7",
            "+12345678",  # the area code is missing
            "+9992025550155",  # no such calling code
            "+1202555015612345",
            "+120255501",
            "+5215512345678",  # the form of Mexican numbers until 2019
            "+22995123456",  # the form of numbers of Benin until 2024
            "",
            MISSING,
            None,
            12025550157,
        ),
        "status": (
            "Opt-In",
            "OPT-OUT",
            "opt in",
            "Opt Out",
            "opt_in",
            "optin",
            "opted-in",
            "re-opt-in",
            "subscribed",
            "unsubscribed",
            "START",
            "STOP",
            "yes",
            "TRUE",
            "1",
            "pending",
            " opt-in",
            "opt-out ",
            "opt\N{EN DASH}in",
            "\N{CYRILLIC SMALL LETTER O}pt-in",
            "",
            MISSING,
            None,
            True,
            1,
        ),
        "source": (
            "Website",
            "WEBSITE",
            "web site",
            "web",
            "https://example.com/subscribe",
            "website ",
            "website, offline",
            "Offline",
            "in store",
            "other",
            "opt-in",
            "opt_in_message",
            "opt-in message",
            "Opt-Out-Message",
            "opt\N{NON-BREAKING HYPHEN}in\N{NON-BREAKING HYPHEN}message",
            "sms",
            "STOP",
            "import",
            "CRM",
            "unknown",
            "",
            MISSING,
            None,
            3,
            ["website"],
        ),
        "date_of_consent": (
            "2025-02-28",
            "2025-02-28 10:05:27",
            "2025-02-28 10:05:27+00:00",
            "2025-02-28t10:05:27z",
            "2025-02-28T10:05:27 UTC",
            "2025-02-28T10:05:27Z ",
            "28.02.2025 10:05",
            "2/28/2025 10:05:27 AM",
            "25-02-28T10:05:27Z",
            "2025-2-8T9:05:27Z",
            "2025-02-30T10:05:27Z",
            "2025-02-29T10:05:27Z",
            "2025-13-01T10:05:27Z",
            "2025-02-28T25:00:00Z",
            "2025-02-28T24:00:01Z",
            "2025-02-28T10:05:60Z",
            "2999-12-31T23:59:59Z",
            "0000-00-00T00:00:00Z",
            "1740737127",
            "45716.4204",
            "2025-02-28T10:05:27Z".translate(FULL_WIDTH),
            "NULL",
            "",
            None,
            1740737127,
        ),
    },
    "contacts": {
        "country_iso_code": (
            "us",
            "Us",
            "USA",
            "840",
            "+1",
            "UK",
            "EN",
            "EU",
            "XK",
            "AN",
            "ZZ",
            "DEU",
            "US-CA",
            "U.S.",
            "US ",
            "United States",
            "Deutschland",
            "\N{FULLWIDTH LATIN CAPITAL LETTER U}\N{FULLWIDTH LATIN CAPITAL LETTER S}",
            "\N{REGIONAL INDICATOR SYMBOL LETTER U}\N{REGIONAL INDICATOR SYMBOL LETTER S}",
            "n/a",
            "",
            MISSING,
            None,
            840,
            ["US"],
        ),
        # Each with its country.
        "zip_code": (
            ("US", "2139"),
            ("US", "9410"),
            ("US", "941O5"),
            ("US", "94105-12"),
            ("US", "94105.0"),
            ("US", "94105 "),
            ("US", "94105".translate(FULL_WIDTH)),
            ("US", "N/A"),
            ("US", "San Francisco, CA 94105"),
            ("US", "SW1A 1AA"),
            ("GB", "94105"),
            ("GB", "EC1Y"),
            ("CA", "K1A 0O6"),
            ("CA", "K1A"),
            ("DE", "1067"),
            ("DE", "D-10115"),
            ("FR", "6000"),
            ("NL", "1012"),
            ("BR", "1310-100"),
            ("JP", "100-000"),
            ("SG", "18956"),
            ("US", ""),
            ("US", MISSING),
            ("US", None),
            ("US", 94105),
        ),
    },
}
"""Common mistakes. Each value is rejected only for the reason code of its field."""


def bad_items(kind: str, field: str, crowd: Crowd) -> list[Item]:
    """Return items that are valid except for one field."""
    items = []
    for bad in BAD_VALUES[kind][field]:
        item = crowd.consent() if kind == "consents" else crowd.contact()
        value = bad
        if field == "zip_code":
            assert isinstance(bad, tuple)
            item["country_iso_code"], value = bad
        if value is MISSING:
            del item[field]
        else:
            item[field] = value
        items.append(item)
    return items


def invalid() -> dict[str, str]:
    """Return the files whose items are all rejected for the reason that their folder names."""
    files = {}
    for kind, fields in (("consents", CONSENT_FIELDS), ("contacts", CONTACT_FIELDS)):
        for field in BAD_VALUES[kind]:
            folder = f"invalid/INVALID_{field.upper()}"
            items = bad_items(kind, field, Crowd(folder))
            files[f"{folder}/items.json"] = as_json(items)
            files[f"{folder}/items.jsonl"] = as_json_lines(items)
            files[f"{folder}/items.csv"] = as_csv(items, fields)
            files[f"{folder}/items.form"] = as_form(items)
    return files


def published() -> dict[str, str]:
    """Return the requests and responses of Twilio's OpenAPI reference."""
    consents = (
        {
            "contact_id": "+19999999999",
            "correlation_id": "ad388b5a46b33b874b0d41f7226db2ef",
            "sender_id": "MG00000000000000000000000000000001",
            "date_of_consent": "2025-02-28T10:05:27Z",
            "status": "opt-out",
            "source": "website",
        },
        {
            "contact_id": "+19",
            "correlation_id": "02520cfa6c432f0e3ec3a38c122d428d",
            "sender_id": "123456",
            "date_of_consent": "2025-03-25",
            "status": "opt-in",
            "source": "opt-in-message",
        },
    )
    contacts = (
        {
            "contact_id": "+19999999999",
            "correlation_id": "ad388b5a46b33b874b0d41f7226db2eh",
            "country_iso_code": "US",
            "zip_code": "12345",
        },
        {
            "contact_id": "+19",
            "correlation_id": "02520cfa6c432f0e3ec3a38c122d428a",
            "country_iso_code": "US",
            "zip_code": "12345",
        },
    )
    files = {}
    for kind, items, code, reasons in (
        ("consents", consents, 30646, ["INVALID_CONTACT_ID", "INVALID_DATE_OF_CONSENT"]),
        ("contacts", contacts, 30647, ["INVALID_CONTACT_ID"]),
    ):
        entries = [
            {
                "correlation_id": item["correlation_id"],
                "error_code": code if messages else 0,
                "error_messages": messages,
            }
            for item, messages in zip(items, ([], reasons), strict=True)
        ]
        request = {"Items": [compact({**item}) for item in items]}
        files[f"published/{kind}/request.json"] = indented(request)
        files[f"published/{kind}/response.json"] = indented({"items": entries})
    return files


def guide() -> dict[str, str]:
    """Return the example request of Twilio's guide."""
    items: list[Item] = [
        {
            "contact_id": "+19999999991",
            "correlation_id": "ad388b5a46b33b874b0d41f7226db2ef",
            "sender_id": "MG00000000000000000000000000000000",
            "date_of_consent": "2025-02-28T10:05:27Z",
            "status": "opt-in",
            "source": "website",
        },
        {
            "contact_id": "+447700900077",
            "correlation_id": "02520cfa6c432f0e3ec3a38c122d428d",
            "sender_id": "+12345678901",
            "date_of_consent": "2025-02-25T14:30:00Z",
            "status": "opt-out",
            "source": "opt-out-message",
        },
        {
            "contact_id": "+173800900067",
            "correlation_id": "8u344b9a46b33b874b0d41f7776hb72f",
            "sender_id": "rcs:test_-_twilio_4n2azqfk_agent",
            "date_of_consent": "2025-02-25T14:30:00Z",
            "status": "opt-out",
            "source": "offline",
        },
    ]
    return {"guide/three_items.json": as_json(items, "Items")}


def export() -> dict[str, str]:
    """Return the records of a shop, all of them clean."""
    crowd = Crowd("export/subscribers")
    records: list[Item] = []
    while len(records) < 300:
        records += crowd.history()
    # The first part of a history is a history.
    records = sorted(records, key=lambda item: str(item["date_of_consent"]))[:300]
    crowd = Crowd("export/contacts")
    contacts = [crowd.contact() for _ in range(100)]
    crowd = Crowd("clean_request")
    return {
        "export/subscribers.csv": as_csv(records, CONSENT_FIELDS),
        "export/subscribers.json": as_json(records),
        "export/subscribers.jsonl": as_json_lines(records),
        "export/contacts.csv": as_csv(contacts, CONTACT_FIELDS),
        "clean_request.json": as_json([crowd.consent() for _ in range(25)], "Items"),
    }


def with_errors() -> dict[str, str]:
    """Return a small export with one mistake of each of six kinds."""
    crowd = Crowd("with_errors/subscribers")
    rows = (
        ("+12025550143", "opt-in", "website", "2025-01-14T09:12:41Z"),
        ("+447700900217", "opt-in", "website", "2025-01-20T17:40:03Z"),
        ("+1 (202) 555-0178", "opt-in", "website", "2025-02-03T11:05:56Z"),
        ("+491713920017", "Opt In", "offline", "2025-02-11T08:30:00Z"),
        ("+33639981204", "opt-in", "website", "2025-03-02T20:18:22Z"),
        ("+4407700900461", "opt-in", "website", "2025-03-09T13:47:10Z"),
        ("+12025550119", "opt-out", "opt-out-message", "2025-03-17T07:02:35Z"),
        ("+46701740691", "opt-in", "offline", "2025-04-11"),
        ("+16135550162", "opt-in", "opt-in-message", "2025-04-23T15:21:09Z"),
        ("+12025550186", "opt-in", "website", "2025-05-06T10:10:48Z"),
        ("+12025550119", "opt-in", "website", "2024-11-28T18:55:14Z"),
        ("+447700900217", "opt-out", "opt-out-message", "2025-06-01T06:33:27Z"),
    )
    items: list[Item] = []
    for number, status, source, date in rows:
        values = (number, crowd.correlation_id(), SENDER, status, source, date)
        items.append(dict(zip(CONSENT_FIELDS, values, strict=True)))
    items[9]["correlation_id"] = items[4]["correlation_id"]
    return {"with_errors/subscribers.csv": as_csv(items, CONSENT_FIELDS)}


def render() -> dict[str, str]:
    """Return the text of every file by its path in the folder."""
    return {**published(), **guide(), **invalid(), **export(), **with_errors()}


def unexpected(written: Iterable[str]) -> list[str]:
    """Return the files in the folder that are not written here, except README and hidden files."""
    found = {
        file.relative_to(FIXTURES).as_posix()
        for file in FIXTURES.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }
    return sorted(found - {"README.md", *written})


def main() -> int:
    """Write the files, or name stale ones if --check is passed."""
    files = render()
    stale = write_or_check({FIXTURES / name: text for name, text in files.items()})
    for name in unexpected(files):
        print(f"fixtures/{name} is not written by scripts/make_fixtures.py. Remove it")
        stale = 1
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
