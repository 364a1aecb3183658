"""Validators with one mistake each, to measure which ones the strategies detect.

Each responds like the linter, except for one rule of the API. They were written before the
strategies were tuned. Each has a counterexample: a request that shows the mistake, so that
none of them is correct by accident.
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
ResponseReasons = list[list[str]]
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
    """The field or endpoint, and the mistake."""
    endpoint: Endpoint
    respond: Callable[[Sequence[Item], ResponseReasons], ResponseReasons]
    """Returns the validator's response to a request, given the expected response."""
    counterexample: tuple[Item, ...]
    """A request to which its response is wrong."""


def expected_response(items: Sequence[Item], endpoint: Endpoint) -> ResponseReasons:
    """Return the expected response to a request."""
    response: ResponseReasons = [[] for _ in items]
    for finding in consentlint.check_items(items, kind=endpoint, now=NOW):
        if finding.reason is not None:
            assert finding.item is not None
            response[finding.item].append(str(finding.reason))
    return response


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


def accepts(name: str, condition: Test, counterexample: object) -> WrongValidator:
    """Return a validator that accepts an invalid value of a field."""
    field, endpoint, base = _field_of(name)
    code = f"INVALID_{field.upper()}"

    def respond(items: Sequence[Item], expected: ResponseReasons) -> ResponseReasons:
        return [
            [
                reason
                for reason in codes
                if reason != code or not condition(item.get(field, MISSING))
            ]
            for item, codes in zip(items, expected, strict=True)
        ]

    return WrongValidator(name, endpoint, respond, (_with(base, field, counterexample),))


def rejects(name: str, condition: Test, counterexample: object) -> WrongValidator:
    """Return a validator that rejects a valid value of a field."""
    field, endpoint, base = _field_of(name)
    code, order = f"INVALID_{field.upper()}", _order(endpoint)

    def respond(items: Sequence[Item], expected: ResponseReasons) -> ResponseReasons:
        return [
            sorted({*codes, code}, key=order.index)
            if condition(item.get(field, MISSING))
            else codes
            for item, codes in zip(items, expected, strict=True)
        ]

    return WrongValidator(name, endpoint, respond, (_with(base, field, counterexample),))


def converts(name: str, convert: Callable[[str], str], counterexample: object) -> WrongValidator:
    """Return a validator that converts the string of a field before it checks it."""
    field, endpoint, base = _field_of(name)

    def respond(items: Sequence[Item], expected: ResponseReasons) -> ResponseReasons:
        return expected_response([_converted(item) for item in items], endpoint)

    def _converted(item: Item) -> Item:
        value = item.get(field)
        return {**item, field: convert(value)} if isinstance(value, str) else item

    return WrongValidator(name, endpoint, respond, (_with(base, field, counterexample),))


def matches(pattern: str) -> Test:
    """Return a test whether a value is a string that matches a pattern completely."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value)


def contains(pattern: str) -> Test:
    """Return a test whether a value is a string that contains a match of a pattern."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.search(value)


def missing(value: object) -> bool:
    return value is MISSING


def null(value: object) -> bool:
    return value is None


def coerced(field: str) -> Test:
    """Return a test whether a value is a number that would be valid as a string."""
    is_valid = schemas.predicate(field)
    return lambda value: type(value) is int and (is_valid(str(value)) or is_valid(f"+{value}"))


def ascii_digits(text: str) -> str:
    """Return a string with the digits of all scripts converted to ASCII digits."""
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


def no_trailing_newline(text: str) -> str:
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
    converts(
        "correlation_id: accepts hyphens",
        lambda text: text.replace("-", ""),
        "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684",
    ),
    accepts("correlation_id: accepts braces, as uuid.UUID does", is_some_uuid, f"{{{ID}}}"),
    accepts("correlation_id: accepts all letters", matches("[0-9A-Za-z]{32}"), ID[:-1] + "g"),
    accepts("correlation_id: accepts more digits", matches("[0-9A-Fa-f]{33,}"), ID + "0"),
    accepts("correlation_id: accepts fewer digits", matches("[0-9A-Fa-f]{0,31}"), ID[:-1]),
    accepts("correlation_id: accepts null", null, None),
    accepts("correlation_id: accepts a missing field", missing, MISSING),
    converts("correlation_id: accepts a trailing newline", no_trailing_newline, ID + "\n"),
    converts("correlation_id: accepts digits of any script", ascii_digits, ID[:-1] + "４"),
    converts("correlation_id: strips spaces", str.strip, f" {ID}"),
    rejects("correlation_id: rejects upper case", contains("[A-F]"), ID.upper()),
    rejects("correlation_id: requires UUID version 4", is_of_other_version, "0" * 32),
)

# -- Senders -------------------------------------------------------------------------------

SID = "MG9752274e9e519418a7406176694466fa"


def is_of_phone_form(value: object) -> bool:
    return schemas.predicate("phone_number")(value)


SENDERS = (
    converts(
        "sender_id: accepts mg in lower case", lambda text: re.sub("^mg", "MG", text), "mg" + ID
    ),
    accepts("sender_id: accepts any SID", matches("[A-Z]{2}[0-9a-fA-F]{32}"), "AC" + ID),
    accepts("sender_id: accepts longer SIDs", matches("MG[0-9a-fA-F]{33,}"), SID + "0"),
    accepts(
        "sender_id: accepts any letters in a SID", matches("MG[0-9A-Za-z]{32}"), SID[:-1] + "g"
    ),
    rejects("sender_id: rejects upper case in a SID", contains("^MG.*[A-F]"), "MG" + ID.upper()),
    rejects("sender_id: requires short codes of 5 or 6 digits", matches("...|....|.{7}"), "123"),
    rejects("sender_id: rejects short codes", matches("[0-9]+"), "12345"),
    accepts("sender_id: accepts short codes of 2 digits", matches("[0-9]{2}"), "12"),
    accepts("sender_id: accepts short codes of 8 digits", matches("[0-9]{8}"), "12345678"),
    converts("sender_id: accepts short codes with digits of any script", ascii_digits, "1234５"),
    accepts(
        "sender_id: accepts a number instead of a short code string", coerced("short_code"), 12345
    ),
    rejects("sender_id: rejects phone numbers", is_of_phone_form, "+14155552671"),
    accepts("sender_id: checks only the format of phone numbers", is_of_phone_form, "+19"),
    accepts("sender_id: accepts RCS senders", matches("rcs:[A-Za-z0-9_-]+"), "rcs:shop"),
    converts("sender_id: strips spaces", str.strip, SID + " "),
    converts("sender_id: accepts a trailing newline", no_trailing_newline, SID + "\n"),
)

# -- Phone numbers -------------------------------------------------------------------------


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
    accepts("contact_id: checks only the format", is_of_phone_form, "+19"),
    accepts(
        "contact_id: accepts numbers that are possible locally only",
        lambda value: is_of_phone_form(value) and possible(value),
        "+12345678",
    ),
    rejects("contact_id: rejects unassigned numbers", unassigned, "+19999999999"),
    rejects("contact_id: accepts at most 14 digits", matches(r"\+[0-9]{15}"), "+491234567890123"),
    rejects("contact_id: requires at least 8 digits", matches(r"\+[0-9]{1,7}"), "+491234"),
    rejects("contact_id: rejects calling codes of no country", of_no_country, "+80012345678"),
    rejects("contact_id: rejects a 0 after the calling code", contains(r"^\+390"), "+390612345678"),
    converts("contact_id: accepts digits of any script", ascii_digits, "+1415555267１"),
    converts(
        "contact_id: accepts punctuation",
        lambda text: re.sub(r"[-. ()/]", "", text),
        "+1 (415) 555-2671",
    ),
    converts(
        "contact_id: accepts a number without +", lambda text: f"+{text.lstrip('+')}", "14155552671"
    ),
    converts(
        "contact_id: accepts 00 instead of +",
        lambda text: re.sub("^00", "+", text),
        "0014155552671",
    ),
    converts("contact_id: accepts a trailing newline", no_trailing_newline, "+14155552671\n"),
    converts("contact_id: strips spaces", str.strip, "+14155552671 "),
    accepts("contact_id: accepts whatever phonenumbers parses", possible, "+14155552671 ext. 7"),
    accepts("contact_id: accepts a number instead of a string", coerced("contact_id"), 14155552671),
    accepts("contact_id: accepts a missing field", missing, MISSING),
    accepts("contact_id: accepts null", null, None),
    converts(
        "contact_id: drops a spreadsheet's apostrophe", lambda t: t.lstrip("'"), "'+14155552671"
    ),
    accepts(
        "contact_id: accepts a spreadsheet's scientific notation",
        matches(r"\+?[0-9.]+E\+?[0-9]+"),
        "4.41E+11",
    ),
)

# -- Enums ---------------------------------------------------------------------------------

ENUMS = (
    converts("status: accepts any letter case", str.lower, "Opt-In"),
    converts("status: accepts a space or underscore instead of the hyphen",
          lambda text: re.sub("[ _]", "-", text), "opt in"),
    accepts("status: accepts re-opt-in", matches("re-opt-in"), "re-opt-in"),
    accepts("status: accepts true", lambda value: value is True, True),
    accepts("status: accepts a missing field", missing, MISSING),
    converts("status: strips spaces", str.strip, "opt-in "),
    converts("source: accepts any letter case", str.lower, "Website"),
    converts("source: accepts other instead of others", lambda text: re.sub("^other$", "others", text), "other"),
    rejects("source: rejects others", matches("others"), "others"),
    rejects("source: rejects opt-out-message", matches("opt-out-message"), "opt-out-message"),
    accepts("source: accepts a missing field", missing, MISSING),
    accepts("source: accepts null", null, None),
    converts("source: strips spaces", str.strip, " website"),
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
    return moment(value) == iso8601.parse_now(NOW)


def later_by_its_clock(value: object) -> bool:
    """Return whether a local time is later than the current time in UTC, ignoring its offset."""
    text = re.sub(r"(T[^Z+-]*).*", r"\1Z", str(value))
    local = moment(text)
    return local is not None and local > iso8601.parse_now(NOW)


def before_1970(value: object) -> bool:
    time = moment(value)
    return time is not None and time < iso8601.from_unix(0)


def without(pattern: str, change: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, change, text)


DATES = (
    accepts("date_of_consent: accepts a date without a time", matches(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}"), "2025-03-25"),
    converts("date_of_consent: accepts a space instead of the T", without(r"^([0-9-]+) ", r"\1T"),
          "2025-06-02 15:30:00Z"),
    converts("date_of_consent: accepts t and z in lower case", lambda t: t.upper(), "2025-06-02t15:30:00z"),
    rejects("date_of_consent: rejects an offset of hours only", contains(r"T.*[+-][0-9]{2}$"),
            "2025-06-02T15:30:00+02"),
    rejects("date_of_consent: rejects +hhmm after an extended time", contains(r":.*[+-][0-9]{4}$"),
            "2025-06-02T15:30:00+0200"),
    rejects("date_of_consent: rejects a comma", contains(","), "2025-06-02T15:30:00,5Z"),
    rejects("date_of_consent: rejects fractions of more than six digits", contains("[.,][0-9]{7}"),
            "2025-06-02T15:30:00.1234567Z"),
    rejects("date_of_consent: rejects 24:00", contains("T24"), "2025-06-02T24:00Z"),
    converts("date_of_consent: accepts any minute after 24", without("T24:?[0-9]{2}", "T00:00"),
          "2025-06-02T24:01Z"),
    rejects("date_of_consent: rejects a leap second", contains("T.*59:?60"), "2016-12-31T23:59:60Z"),
    converts("date_of_consent: accepts second 60 in any minute", without("(T[0-9]{2}:?[0-9]{2}:?)60", r"\g<1>59"),
          "2025-06-02T15:30:60Z"),
    converts("date_of_consent: accepts February 30", without("^([0-9]{4}-?02-?)30", r"\g<1>28"),
          "2025-02-30T15:30:00Z"),
    converts("date_of_consent: accepts February 29 in any year", without("^([0-9]{4}-?02-?)29", r"\g<1>28"),
          "2025-02-29T15:30:00Z"),
    rejects("date_of_consent: rejects February 29", contains("^[0-9]{4}-?02-?29"), "2024-02-29T15:30:00Z"),
    accepts("date_of_consent: accepts future dates", moment, "2026-01-02T15:30:00Z"),
    rejects("date_of_consent: rejects the current time", now_itself, "2026-01-01T00:00:00Z"),
    rejects("date_of_consent: ignores offsets when it compares times", later_by_its_clock,
            "2026-01-01T01:30:00+02:00"),
    rejects("date_of_consent: rejects week dates", contains("W"), "2025-W23-1T15:30Z"),
    converts("date_of_consent: accepts week 53 in any year", without("W53", "W52"), "2025-W53-1T15:30Z"),
    rejects("date_of_consent: rejects ordinal dates", contains("^[0-9]{4}-?[0-9]{3}T"), "2025-153T15:30Z"),
    converts("date_of_consent: accepts day 366 in any year", without("^([0-9]{4}-?)366", r"\g<1>365"),
          "2025-366T15:30Z"),
    rejects("date_of_consent: rejects the basic format", contains("^[0-9W]{7,8}T"), "20250602T153000Z"),
    accepts("date_of_consent: accepts null", null, None),
    accepts("date_of_consent: accepts an empty string", matches(""), ""),
    rejects("date_of_consent: rejects a missing field", missing, MISSING),
    accepts("date_of_consent: accepts a Unix time", lambda value: type(value) is int, 1748878200),
    rejects("date_of_consent: requires an offset", contains("T[^Z+-]*$"), "2025-06-02T15:30:00"),
    converts("date_of_consent: accepts offsets of 24 hours", without("([+-])24:?00$", r"\g<1>23:00"),
          "2025-06-02T15:30:00-24:00"),
    converts("date_of_consent: accepts the year 0000", without("^0000", "0004"), "0000-02-01T15:30:00Z"),
    rejects("date_of_consent: rejects dates before 1970", before_1970, "1969-07-20T20:17:40Z"),
    converts("date_of_consent: accepts a basic time with +hh:mm", without("(T[0-9]{4,6}[+-][0-9]{2}):", r"\1"),
          "20250602T153000+02:00"),
    converts("date_of_consent: accepts a fraction of a minute", without("(T[0-9]{2}:?[0-9]{2})[.,][0-9]+", r"\1"),
          "2025-06-02T15:30.5Z"),
    rejects("date_of_consent: requires minutes", contains("T[0-9]{2}(Z|[+-].*|)$"), "2025-06-02T15Z"),
    rejects("date_of_consent: requires seconds", contains("T[0-9]{2}:?[0-9]{2}(Z|[+-].*|)$"), "2025-06-02T15:30Z"),
    converts("date_of_consent: strips spaces", str.strip, "2025-06-02T15:30:00Z "),
    converts("date_of_consent: accepts a trailing newline", no_trailing_newline, "2025-06-02T15:30:00Z\n"),
    converts("date_of_consent: accepts digits of any script", ascii_digits, "2025-06-02T15:30:0０Z"),
)  # fmt: skip

# -- Countries and postal codes ------------------------------------------------------------

COUNTRIES = schemas.enumeration("country_iso_code")


def _contact_of(country: str, value: object) -> tuple[Item, ...]:
    return ({**CONTACT, "country_iso_code": country, "zip_code": value},)


def is_a_zip_code_somewhere(value: object) -> bool:
    return isinstance(value, str) and any(
        postal_codes.matches(value, country) for country in COUNTRIES
    )


def _zip_code_of_invalid_country(
    items: Sequence[Item], expected: ResponseReasons
) -> ResponseReasons:
    code, order = "INVALID_ZIP_CODE", _order(CONTACTS)
    return [
        sorted({*codes, code}, key=order.index) if "INVALID_COUNTRY_ISO_CODE" in codes else codes
        for codes in expected
    ]


COUNTRIES_AND_POSTAL_CODES = (
    converts("country_iso_code: accepts lower case", str.upper, "us"),
    accepts("country_iso_code: accepts any two letters", matches("[A-Z]{2}"), "XK"),
    accepts("country_iso_code: accepts three letters", matches("[A-Z]{3}"), "USA"),
    accepts("country_iso_code: accepts UK", matches("UK"), "UK"),
    accepts("country_iso_code: accepts a missing field", missing, MISSING),
    converts("country_iso_code: strips spaces", str.strip, "US "),
    accepts("zip_code: accepts any country's format", is_a_zip_code_somewhere, "SW1A 1AA"),
    accepts("zip_code: accepts any string", lambda value: isinstance(value, str) and value.strip(), "9410"),
    accepts("zip_code: accepts a number instead of a string", lambda value: type(value) is int, 94105),
    accepts("zip_code: accepts a missing field", missing, MISSING),
    converts("zip_code: accepts a lost leading 0", lambda text: f"0{text}" if len(text) == 4 else text, "2139"),
    converts("zip_code: accepts digits of any script", ascii_digits, "9410５"),
    converts("zip_code: checks only the start", lambda text: text[:-1] if len(text) > 5 else text,
          "941056"),
    converts("zip_code: strips spaces", str.strip, " 94105"),
    rejects("zip_code: rejects letters", contains("[A-Za-z]"), "SW1A 1AA")._replace(
        counterexample=_contact_of("GB", "SW1A 1AA")
    ),
    rejects("zip_code: rejects lower case", contains("[a-z]"), "sw1a1aa")._replace(
        counterexample=_contact_of("GB", "sw1a 1aa")
    ),
    rejects("zip_code: rejects spaces and hyphens", contains("[ -]"), "94105-1234"),
    WrongValidator(
        "zip_code: rejects every value if the country is invalid",
        CONTACTS, _zip_code_of_invalid_country, _contact_of("UK", "94105"),
    ),
)  # fmt: skip

# -- Requests ------------------------------------------------------------------------------


def _each_item_alone(items: Sequence[Item], endpoint: Endpoint) -> ResponseReasons:
    return [codes for item in items for codes in expected_response([item], endpoint)]


def _with_duplicates(
    items: Sequence[Item], endpoint: Endpoint, is_duplicate: Callable[[list[str], int], bool]
) -> ResponseReasons:
    """Return the response of a validator with another definition of a duplicate id."""
    code, order = "INVALID_CORRELATION_ID", _order(endpoint)
    alone = _each_item_alone(items, endpoint)
    ids = ["" if code in codes else str(item["correlation_id"])
           for item, codes in zip(items, alone, strict=True)]  # fmt: skip
    return [
        sorted({*codes, code}, key=order.index)
        if ids[index] and is_duplicate(ids, index)
        else codes
        for index, codes in enumerate(alone)
    ]


def _cross_item_validators() -> Iterator[WrongValidator]:
    upper = {"correlation_id": ID.upper()}
    for endpoint, base in ((CONSENTS, CONSENT), (CONTACTS, CONTACT)):
        name, other = endpoint.name, {**base, "correlation_id": ID[::-1]}
        yield WrongValidator(
            f"{name}: accepts duplicate ids",
            endpoint,
            lambda items, _, endpoint=endpoint: _each_item_alone(items, endpoint),
            (base, base),
        )
        yield WrongValidator(
            f"{name}: accepts duplicate ids in another letter case",
            endpoint,
            lambda items, _, endpoint=endpoint: _with_duplicates(
                items, endpoint, lambda ids, index: ids[index] in ids[:index]
            ),
            (base, {**base, **upper}),
        )
        yield WrongValidator(
            f"{name}: also rejects the first of two duplicate ids",
            endpoint,
            lambda items, _, endpoint=endpoint: _with_duplicates(
                items,
                endpoint,
                lambda ids, index: [other.lower() for other in ids].count(ids[index].lower()) > 1,
            ),
            (base, base),
        )
        yield WrongValidator(
            f"{name}: finds only adjacent duplicate ids",
            endpoint,
            lambda items, _, endpoint=endpoint: _with_duplicates(
                items,
                endpoint,
                lambda ids, index: ids[index].lower() in [ids[index - 1].lower()] * (index > 0),
            ),
            (base, other, base),
        )
        two_errors = {"contact_id": "+19", "correlation_id": "x"}
        yield WrongValidator(
            f"{name}: sorts reason codes alphabetically",
            endpoint,
            lambda items, expected: [sorted(codes) for codes in expected],
            ({**base, **two_errors},),
        )
        yield WrongValidator(
            f"{name}: returns only the first reason code",
            endpoint,
            lambda items, expected: [codes[:1] for codes in expected],
            ({**base, **two_errors},),
        )


WRONG_VALIDATORS = (
    *CORRELATION_IDS,
    *SENDERS,
    *NUMBERS,
    *ENUMS,
    *DATES,
    *COUNTRIES_AND_POSTAL_CODES,
    *_cross_item_validators(),
)
