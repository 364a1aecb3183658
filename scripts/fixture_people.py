"""The people of the fixtures, and their valid records.

The random generator is seeded with the name of each file, so a change to one file leaves the
others unchanged. The phone numbers are in ranges reserved for fiction if there is one, otherwise
they are libphonenumber's example numbers with random last digits. They are written out here, so
that newer metadata makes no fixture stale.
"""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

Item = dict[str, object]

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
