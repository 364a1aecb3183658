"""Validators that are wrong in one place each, to see whether the strategies expose them.

Each judges as the linter does, but for one clause of what the API demands. They were
written before the strategies were tuned. Each has a witness, a request that exposes it, so
that none of them is right by mistake.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import phonenumbers

import consentlint
from consentlint import CONSENTS, CONTACTS, Endpoint
from consentlint.fields import iso8601, postal_codes, schemas
from consentlint.rules import rules_for

Item = Mapping[str, object]
Answer = list[list[str]]
"""The reason codes of each item of a request."""

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""The clock of all these validators."""
MISSING = object()

CONSENT: Item = {
    "contact_id": "+14155552671",
    "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "sender_id": "MG9752274e9e519418a7406176694466fa",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}
CONTACT: Item = {
    "contact_id": "+14155552671",
    "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "country_iso_code": "US",
    "zip_code": "94105",
}


class WrongValidator(NamedTuple):
    """A validator with one mistake."""

    name: str
    """What is wrong with it."""
    endpoint: Endpoint
    answer: Callable[[Sequence[Item], Answer], Answer]
    """Answers a request, given the right answer to it."""
    witness: tuple[Item, ...]
    """A request that it answers wrongly."""


def right_answer(items: Sequence[Item], endpoint: Endpoint) -> Answer:
    """Return what must be answered to a request."""
    answer: Answer = [[] for _ in items]
    for finding in consentlint.check_items(items, kind=endpoint, now=NOW):
        if finding.reason is not None:
            assert finding.item is not None
            answer[finding.item].append(str(finding.reason))
    return answer


def _field_of(name: str) -> tuple[str, Endpoint, Item]:
    field = name.partition(":")[0]
    if field in CONSENT:
        return field, CONSENTS, CONSENT
    return field, CONTACTS, CONTACT


def _order(endpoint: Endpoint) -> list[str]:
    return [str(rule.reason) for rule in rules_for(endpoint) if rule.reason]


def _with(item: Item, field: str, value: object) -> Item:
    changed = {**item, field: value}
    if value is MISSING:
        del changed[field]
    return changed


Test = Callable[[object], object]


def takes(name: str, when: Test, witness: object) -> WrongValidator:
    """Return one that takes a value of a field that must be refused."""
    field, endpoint, base = _field_of(name)
    code = f"INVALID_{field.upper()}"

    def answer(items: Sequence[Item], right: Answer) -> Answer:
        return [
            [each for each in codes if each != code or not when(item.get(field, MISSING))]
            for item, codes in zip(items, right, strict=True)
        ]

    return WrongValidator(name, endpoint, answer, (_with(base, field, witness),))


def refuses(name: str, when: Test, witness: object) -> WrongValidator:
    """Return one that refuses a value of a field that must be taken."""
    field, endpoint, base = _field_of(name)
    code, order = f"INVALID_{field.upper()}", _order(endpoint)

    def answer(items: Sequence[Item], right: Answer) -> Answer:
        return [
            sorted({*codes, code}, key=order.index) if when(item.get(field, MISSING)) else codes
            for item, codes in zip(items, right, strict=True)
        ]

    return WrongValidator(name, endpoint, answer, (_with(base, field, witness),))


def reads(name: str, change: Callable[[str], str], witness: object) -> WrongValidator:
    """Return one that changes the text of a field before it judges it."""
    field, endpoint, base = _field_of(name)

    def answer(items: Sequence[Item], right: Answer) -> Answer:
        return right_answer([_changed(item) for item in items], endpoint)

    def _changed(item: Item) -> Item:
        value = item.get(field)
        return {**item, field: change(value)} if isinstance(value, str) else item

    return WrongValidator(name, endpoint, answer, (_with(base, field, witness),))


def like(pattern: str) -> Test:
    """Return a test whether a value is a text of a pattern, as a whole."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value)


def holds(pattern: str) -> Test:
    """Return a test whether a pattern stands in a text."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.search(value)


def missing(value: object) -> bool:
    return value is MISSING


def null(value: object) -> bool:
    return value is None


def coerced(field: str) -> Test:
    """Return a test whether a number would be right as a text."""
    accepts = schemas.predicate(field)
    return lambda value: type(value) is int and (accepts(str(value)) or accepts(f"+{value}"))


def ascii_digits(text: str) -> str:
    """Return a text with digits of all scripts turned into those of ASCII."""
    return "".join(str(int(each)) if each.isdecimal() else each for each in text)


def no_last_newline(text: str) -> str:
    return text.removesuffix("\n")


# -- Correlation ids -----------------------------------------------------------------------

ID = "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"


def is_some_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def is_of_other_version(value: object) -> bool:
    return is_some_uuid(value) and UUID(str(value)).version != 4


CORRELATION_IDS = (
    reads(
        "correlation_id: takes hyphens",
        lambda text: text.replace("-", ""),
        "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684",
    ),
    takes("correlation_id: takes braces, as uuid.UUID does", is_some_uuid, f"{{{ID}}}"),
    takes("correlation_id: takes all letters", like("[0-9A-Za-z]{32}"), ID[:-1] + "g"),
    takes("correlation_id: takes more digits", like("[0-9A-Fa-f]{33,}"), ID + "0"),
    takes("correlation_id: takes fewer digits", like("[0-9A-Fa-f]{0,31}"), ID[:-1]),
    takes("correlation_id: takes null", null, None),
    takes("correlation_id: takes none", missing, MISSING),
    reads("correlation_id: takes a last newline", no_last_newline, ID + "\n"),
    reads("correlation_id: takes digits of any script", ascii_digits, ID[:-1] + "４"),
    reads("correlation_id: strips spaces", str.strip, f" {ID}"),
    refuses("correlation_id: refuses upper case", holds("[A-F]"), ID.upper()),
    refuses("correlation_id: wants UUID version 4", is_of_other_version, "0" * 32),
)

# -- Senders -------------------------------------------------------------------------------

SID = "MG9752274e9e519418a7406176694466fa"


def is_of_phone_form(value: object) -> bool:
    return schemas.predicate("phone_number")(value)


SENDERS = (
    reads("sender_id: takes mg in lower case", lambda text: re.sub("^mg", "MG", text), "mg" + ID),
    takes("sender_id: takes any SID", like("[A-Z]{2}[0-9a-fA-F]{32}"), "AC" + ID),
    takes("sender_id: takes longer SIDs", like("MG[0-9a-fA-F]{33,}"), SID + "0"),
    takes("sender_id: takes any letters in a SID", like("MG[0-9A-Za-z]{32}"), SID[:-1] + "g"),
    refuses("sender_id: refuses upper case in a SID", holds("^MG.*[A-F]"), "MG" + ID.upper()),
    refuses("sender_id: wants short codes of 5 or 6 digits", like("...|....|.{7}"), "123"),
    refuses("sender_id: refuses short codes", like("[0-9]+"), "12345"),
    takes("sender_id: takes short codes of 2 digits", like("[0-9]{2}"), "12"),
    takes("sender_id: takes short codes of 8 digits", like("[0-9]{8}"), "12345678"),
    reads("sender_id: takes short codes of any script", ascii_digits, "1234５"),
    takes("sender_id: takes a number for a short code", coerced("short_code"), 12345),
    refuses("sender_id: refuses phone numbers", is_of_phone_form, "+14155552671"),
    takes("sender_id: judges phone numbers by their form", is_of_phone_form, "+19"),
    takes("sender_id: takes RCS senders", like("rcs:[A-Za-z0-9_-]+"), "rcs:shop"),
    reads("sender_id: strips spaces", str.strip, SID + " "),
    reads("sender_id: takes a last newline", no_last_newline, SID + "\n"),
)

# -- Contacts: the numbers -----------------------------------------------------------------


def parsed(value: object) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(str(value)) if isinstance(value, str) else None
    except phonenumbers.NumberParseException:
        return None


def possible(value: object) -> bool:
    number = parsed(value)
    return number is not None and phonenumbers.is_possible_number(number)


def unassigned(value: object) -> bool:
    number = parsed(value)
    return number is None or not phonenumbers.is_valid_number(number)


def of_no_country(value: object) -> bool:
    number = parsed(value)
    return number is not None and (
        number.country_code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    )


NUMBERS = (
    takes("contact_id: judges by the form alone", is_of_phone_form, "+19"),
    takes(
        "contact_id: takes numbers that are possible in their own area",
        lambda value: is_of_phone_form(value) and possible(value),
        "+12345678",
    ),
    refuses("contact_id: refuses numbers of no assigned range", unassigned, "+19999999999"),
    refuses("contact_id: takes 14 digits at most", like(r"\+[0-9]{15}"), "+491234567890123"),
    refuses("contact_id: wants 8 digits at least", like(r"\+[0-9]{1,7}"), "+491234"),
    refuses("contact_id: refuses numbers of no country", of_no_country, "+80012345678"),
    refuses("contact_id: refuses a 0 after the calling code", holds(r"^\+390"), "+390612345678"),
    reads("contact_id: takes digits of any script", ascii_digits, "+1415555267１"),
    reads(
        "contact_id: takes punctuation",
        lambda text: re.sub(r"[-. ()/]", "", text),
        "+1 (415) 555-2671",
    ),
    reads(
        "contact_id: takes a number without +", lambda text: f"+{text.lstrip('+')}", "14155552671"
    ),
    reads("contact_id: takes 00 for +", lambda text: re.sub("^00", "+", text), "0014155552671"),
    reads("contact_id: takes a last newline", no_last_newline, "+14155552671\n"),
    reads("contact_id: strips spaces", str.strip, "+14155552671 "),
    takes("contact_id: takes whatever phonenumbers parses", possible, "+14155552671 ext. 7"),
    takes("contact_id: takes a number for a text", coerced("contact_id"), 14155552671),
    takes("contact_id: takes none", missing, MISSING),
    takes("contact_id: takes null", null, None),
    reads("contact_id: drops a spreadsheet's apostrophe", lambda t: t.lstrip("'"), "'+14155552671"),
    takes("contact_id: reads a spreadsheet's powers", like(r"\+?[0-9.]+E\+?[0-9]+"), "4.41E+11"),
)

# -- Words ---------------------------------------------------------------------------------

WORDS = (
    reads("status: takes any letter case", str.lower, "Opt-In"),
    reads("status: takes a space or a low line for the hyphen",
          lambda text: re.sub("[ _]", "-", text), "opt in"),
    takes("status: takes re-opt-in", like("re-opt-in"), "re-opt-in"),
    takes("status: takes true", lambda value: value is True, True),
    takes("status: takes none", missing, MISSING),
    reads("status: strips spaces", str.strip, "opt-in "),
    reads("source: takes any letter case", str.lower, "Website"),
    reads("source: takes other for others", lambda text: re.sub("^other$", "others", text), "other"),
    refuses("source: does not know others", like("others"), "others"),
    refuses("source: does not know opt-out-message", like("opt-out-message"), "opt-out-message"),
    takes("source: takes none", missing, MISSING),
    takes("source: takes null", null, None),
    reads("source: strips spaces", str.strip, " website"),
)  # fmt: skip

# -- Dates ---------------------------------------------------------------------------------


def moment(value: object) -> iso8601.Moment | None:
    if not schemas.predicate("date_of_consent")(value):
        return None
    try:
        return iso8601.parse(str(value)).moment
    except ValueError:
        return None


def now_itself(value: object) -> bool:
    return moment(value) == iso8601.from_unix(NOW.timestamp())


def later_by_its_clock(value: object) -> bool:
    """Tell whether a clock shows a later time than that of UTC, whatever the offset."""
    text = re.sub(r"(T[^Z+-]*).*", r"\1Z", str(value))
    there = moment(text)
    return there is not None and there > iso8601.from_unix(NOW.timestamp())


def before_1970(value: object) -> bool:
    there = moment(value)
    return there is not None and there < iso8601.from_unix(0)


def without(pattern: str, change: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, change, text)


DATES = (
    takes("date_of_consent: takes a date alone", like(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}"), "2025-03-25"),
    reads("date_of_consent: takes a space for the T", without(r"^([0-9-]+) ", r"\1T"),
          "2025-06-02 15:30:00Z"),
    reads("date_of_consent: takes t and z", lambda t: t.upper(), "2025-06-02t15:30:00z"),
    refuses("date_of_consent: refuses an offset of hours alone", holds(r"T.*[+-][0-9]{2}$"),
            "2025-06-02T15:30:00+02"),
    refuses("date_of_consent: refuses +hhmm after an extended time", holds(r":.*[+-][0-9]{4}$"),
            "2025-06-02T15:30:00+0200"),
    refuses("date_of_consent: refuses a comma", holds(","), "2025-06-02T15:30:00,5Z"),
    refuses("date_of_consent: refuses more than six digits of a fraction", holds("[.,][0-9]{7}"),
            "2025-06-02T15:30:00.1234567Z"),
    refuses("date_of_consent: refuses 24:00", holds("T24"), "2025-06-02T24:00Z"),
    reads("date_of_consent: takes any minute after 24", without("T24:?[0-9]{2}", "T00:00"),
          "2025-06-02T24:01Z"),
    refuses("date_of_consent: refuses a leap second", holds("T.*59:?60"), "2016-12-31T23:59:60Z"),
    reads("date_of_consent: takes second 60 in any minute", without("(T[0-9]{2}:?[0-9]{2}:?)60", r"\g<1>59"),
          "2025-06-02T15:30:60Z"),
    reads("date_of_consent: takes February 30", without("^([0-9]{4}-?02-?)30", r"\g<1>28"),
          "2025-02-30T15:30:00Z"),
    reads("date_of_consent: takes February 29 in any year", without("^([0-9]{4}-?02-?)29", r"\g<1>28"),
          "2025-02-29T15:30:00Z"),
    refuses("date_of_consent: refuses February 29", holds("^[0-9]{4}-?02-?29"), "2024-02-29T15:30:00Z"),
    takes("date_of_consent: takes what lies in the future", moment, "2026-01-02T15:30:00Z"),
    refuses("date_of_consent: refuses now", now_itself, "2026-01-01T00:00:00Z"),
    refuses("date_of_consent: compares clocks without their offsets", later_by_its_clock,
            "2026-01-01T01:30:00+02:00"),
    refuses("date_of_consent: refuses week dates", holds("W"), "2025-W23-1T15:30Z"),
    reads("date_of_consent: takes week 53 in any year", without("W53", "W52"), "2025-W53-1T15:30Z"),
    refuses("date_of_consent: refuses ordinal dates", holds("^[0-9]{4}-?[0-9]{3}T"), "2025-153T15:30Z"),
    reads("date_of_consent: takes day 366 in any year", without("^([0-9]{4}-?)366", r"\g<1>365"),
          "2025-366T15:30Z"),
    refuses("date_of_consent: refuses the basic format", holds("^[0-9W]{7,8}T"), "20250602T153000Z"),
    takes("date_of_consent: takes null", null, None),
    takes("date_of_consent: takes an empty text", like(""), ""),
    refuses("date_of_consent: refuses none", missing, MISSING),
    takes("date_of_consent: takes a Unix time", lambda value: type(value) is int, 1748878200),
    refuses("date_of_consent: wants an offset", holds("T[^Z+-]*$"), "2025-06-02T15:30:00"),
    reads("date_of_consent: takes offsets of a day", without("([+-])24:?00$", r"\g<1>23:00"),
          "2025-06-02T15:30:00-24:00"),
    reads("date_of_consent: takes the year 0000", without("^0000", "0004"), "0000-02-01T15:30:00Z"),
    refuses("date_of_consent: refuses what lies before 1970", before_1970, "1969-07-20T20:17:40Z"),
    reads("date_of_consent: takes a basic time with +hh:mm", without("(T[0-9]{4,6}[+-][0-9]{2}):", r"\1"),
          "20250602T153000+02:00"),
    reads("date_of_consent: takes a fraction of a minute", without("(T[0-9]{2}:?[0-9]{2})[.,][0-9]+", r"\1"),
          "2025-06-02T15:30.5Z"),
    refuses("date_of_consent: wants minutes", holds("T[0-9]{2}(Z|[+-].*|)$"), "2025-06-02T15Z"),
    refuses("date_of_consent: wants seconds", holds("T[0-9]{2}:?[0-9]{2}(Z|[+-].*|)$"), "2025-06-02T15:30Z"),
    reads("date_of_consent: strips spaces", str.strip, "2025-06-02T15:30:00Z "),
    reads("date_of_consent: takes a last newline", no_last_newline, "2025-06-02T15:30:00Z\n"),
    reads("date_of_consent: takes digits of any script", ascii_digits, "2025-06-02T15:30:0０Z"),
)  # fmt: skip

# -- Countries and postal codes ------------------------------------------------------------

COUNTRIES = schemas.enumeration("country_iso_code")


def _beside(country: str, value: object) -> tuple[Item, ...]:
    return ({**CONTACT, "country_iso_code": country, "zip_code": value},)


def is_a_zip_code_somewhere(value: object) -> bool:
    return isinstance(value, str) and any(postal_codes.matches(value, each) for each in COUNTRIES)


def _zip_code_in_refused_country(items: Sequence[Item], right: Answer) -> Answer:
    code, order = "INVALID_ZIP_CODE", _order(CONTACTS)
    return [
        sorted({*codes, code}, key=order.index) if "INVALID_COUNTRY_ISO_CODE" in codes else codes
        for codes in right
    ]


PLACES = (
    reads("country_iso_code: takes lower case", str.upper, "us"),
    takes("country_iso_code: takes any two letters", like("[A-Z]{2}"), "XK"),
    takes("country_iso_code: takes three letters", like("[A-Z]{3}"), "USA"),
    takes("country_iso_code: takes UK", like("UK"), "UK"),
    takes("country_iso_code: takes none", missing, MISSING),
    reads("country_iso_code: strips spaces", str.strip, "US "),
    takes("zip_code: takes those of any country", is_a_zip_code_somewhere, "SW1A 1AA"),
    takes("zip_code: takes any text", lambda value: isinstance(value, str) and value.strip(), "9410"),
    takes("zip_code: takes a number for a text", lambda value: type(value) is int, 94105),
    takes("zip_code: takes none", missing, MISSING),
    reads("zip_code: takes a lost 0", lambda text: f"0{text}" if len(text) == 4 else text, "2139"),
    reads("zip_code: takes digits of any script", ascii_digits, "9410５"),
    reads("zip_code: looks at its start alone", lambda text: text[:-1] if len(text) > 5 else text,
          "941056"),
    reads("zip_code: strips spaces", str.strip, " 94105"),
    refuses("zip_code: refuses letters", holds("[A-Za-z]"), "SW1A 1AA")._replace(
        witness=_beside("GB", "SW1A 1AA")
    ),
    refuses("zip_code: refuses lower case", holds("[a-z]"), "sw1a1aa")._replace(
        witness=_beside("GB", "sw1a 1aa")
    ),
    refuses("zip_code: refuses spaces and hyphens", holds("[ -]"), "94105-1234"),
    WrongValidator(
        "zip_code: is refused where the country is",
        CONTACTS, _zip_code_in_refused_country, _beside("UK", "94105"),
    ),
)  # fmt: skip

# -- Requests and answers ------------------------------------------------------------------


def _each_alone(items: Sequence[Item], endpoint: Endpoint) -> Answer:
    return [codes for item in items for codes in right_answer([item], endpoint)]


def _refused_where(
    items: Sequence[Item], endpoint: Endpoint, repeats: Callable[[list[str], int], bool]
) -> Answer:
    """Return the answer where other ids count as repeated."""
    code, order = "INVALID_CORRELATION_ID", _order(endpoint)
    alone = _each_alone(items, endpoint)
    ids = ["" if code in codes else str(item["correlation_id"])
           for item, codes in zip(items, alone, strict=True)]  # fmt: skip
    return [
        sorted({*codes, code}, key=order.index) if ids[at] and repeats(ids, at) else codes
        for at, codes in enumerate(alone)
    ]


def _across_items() -> Iterator[WrongValidator]:
    upper = {"correlation_id": ID.upper()}
    for endpoint, base in ((CONSENTS, CONSENT), (CONTACTS, CONTACT)):
        name, other = endpoint.name, {**base, "correlation_id": ID[::-1]}
        yield WrongValidator(
            f"{name}: repeated ids are taken",
            endpoint,
            lambda items, _, endpoint=endpoint: _each_alone(items, endpoint),
            (base, base),
        )
        yield WrongValidator(
            f"{name}: ids that differ in letter case are taken",
            endpoint,
            lambda items, _, endpoint=endpoint: _refused_where(
                items, endpoint, lambda ids, at: ids[at] in ids[:at]
            ),
            (base, {**base, **upper}),
        )
        yield WrongValidator(
            f"{name}: the first of two equal ids is refused as well",
            endpoint,
            lambda items, _, endpoint=endpoint: _refused_where(
                items,
                endpoint,
                lambda ids, at: [each.lower() for each in ids].count(ids[at].lower()) > 1,
            ),
            (base, base),
        )
        yield WrongValidator(
            f"{name}: an id counts as repeated only beside its twin",
            endpoint,
            lambda items, _, endpoint=endpoint: _refused_where(
                items, endpoint, lambda ids, at: ids[at].lower() in [ids[at - 1].lower()] * (at > 0)
            ),
            (base, other, base),
        )
        two = {"contact_id": "+19", "correlation_id": "x"}
        yield WrongValidator(
            f"{name}: reason codes come in the order of the alphabet",
            endpoint,
            lambda items, right: [sorted(codes) for codes in right],
            ({**base, **two},),
        )
        yield WrongValidator(
            f"{name}: the first reason code comes alone",
            endpoint,
            lambda items, right: [codes[:1] for codes in right],
            ({**base, **two},),
        )


WRONG_VALIDATORS = (
    *CORRELATION_IDS,
    *SENDERS,
    *NUMBERS,
    *WORDS,
    *DATES,
    *PLACES,
    *_across_items(),
)
