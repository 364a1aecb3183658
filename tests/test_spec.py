"""The verdicts on single items and on lists, case by case.

The tables follow the API's documents: the pages on errors 30646 (E30646) and 30647
(E30647), the reference (REF) and the guide (GUIDE). Each row is one clause.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

import consentlint
from consentlint import CONSENTS, CONTACTS, Endpoint, Finding, Reason, Severity

Value = object
Items = Sequence[dict[str, Value]]

NOW = datetime(2026, 1, 1, tzinfo=UTC)

CONSENT: dict[str, Value] = {
    "contact_id": "+14155552671",
    "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "sender_id": "MG9752274e9e519418a7406176694466fa",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}
CONTACT: dict[str, Value] = {
    "contact_id": "+14155552671",
    "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "country_iso_code": "US",
    "zip_code": "94105",
}
BASES = {"consents": (CONSENTS, CONSENT), "contacts": (CONTACTS, CONTACT)}

REASON_OF = {
    "consents": {
        "correlation_id": "INVALID_CORRELATION_ID",
        "sender_id": "INVALID_SENDER_ID",
        "contact_id": "INVALID_CONTACT_ID",
        "status": "INVALID_STATUS",
        "source": "INVALID_SOURCE",
        "date_of_consent": "INVALID_DATE_OF_CONSENT",
    },
    "contacts": {
        "correlation_id": "INVALID_CORRELATION_ID",
        "country_iso_code": "INVALID_COUNTRY_ISO_CODE",
        "contact_id": "INVALID_CONTACT_ID",
        "zip_code": "INVALID_ZIP_CODE",
    },
}
FIELDS = [(kind, field) for kind, reasons in REASON_OF.items() for field in reasons]

OUT_OF_ORDER = "consent-out-of-order"
CONFLICT = "consent-conflict"
DUPLICATE = "consent-duplicate"
NOT_CANONICAL = "contact-id-not-canonical"

JAN = "2025-01-15T10:00:00Z"
FEB = "2025-02-15T10:00:00Z"
MAR = "2025-03-15T10:00:00Z"

ZEROS = "MG00000000000000000000000000000001"
ID_DOCUMENTED = "ad388b5a46b33b874b0d41f7226db2ef"
ID_BEYOND_F = "ad388b5a46b33b874b0d41f7226db2eh"
ID_OF_GUIDE = "8u344b9a46b33b874b0d41f7776hb72f"
RCS_OF_GUIDE = "rcs:test_-_twilio_4n2azqfk_agent"


def without(item: dict[str, Value], field: str) -> dict[str, Value]:
    """Return the item without one field."""
    return {key: value for key, value in item.items() if key != field}


def codes(
    item: dict[str, Value], endpoint: Endpoint = CONSENTS, profile: str = "documented"
) -> list[str]:
    """Return the reason codes of one item."""
    return consentlint.reason_codes(item, kind=endpoint, profile=profile, now=NOW)


def check(
    item: dict[str, Value], endpoint: Endpoint = CONSENTS, profile: str = "documented"
) -> list[Finding]:
    """Return the findings of one item."""
    return consentlint.check_item(item, kind=endpoint, profile=profile, now=NOW)


def rules(
    item: dict[str, Value], endpoint: Endpoint = CONSENTS, profile: str = "documented"
) -> set[str]:
    """Return the names of the rules that one item violates."""
    return {finding.rule for finding in check(item, endpoint, profile)}


def locations(
    items: Items, endpoint: Endpoint = CONSENTS, profile: str = "documented"
) -> set[tuple]:
    """Return (item, rule) for all findings about several items."""
    findings = consentlint.check_items(items, kind=endpoint, profile=profile, now=NOW)
    return {(finding.item, finding.rule) for finding in findings}


def only(rule: str, findings: Sequence[Finding]) -> Finding:
    """Return the only finding of a rule."""
    (finding,) = [finding for finding in findings if finding.rule == rule]
    return finding


def message_of(reason: str, item: dict[str, Value], endpoint: Endpoint = CONSENTS) -> str:
    """Return the message of a reason code, under the default profile."""
    (message,) = [f.message for f in check(item, endpoint) if f.reason == reason]
    return message


def selected(rule: str, items: Items, kind: str = "consents") -> list[int]:
    """Return the items that the command line reports for a selected rule."""
    command = [sys.executable, "-m", "consentlint", "check", "-", "--kind", kind]
    command += ["--format", "json", "--output-format", "json", "--now", "2026-01-01T00:00:00Z"]
    run = subprocess.run(
        [*command, "--select", rule],
        input=json.dumps(items),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    findings = json.loads(run.stdout)["findings"]
    assert {finding["rule"] for finding in findings} <= {rule}
    return [finding["item"] for finding in findings]


# -- The two endpoints, and the published items ------------------------------------------


@pytest.mark.parametrize("kind", ["consents", "contacts"])
@pytest.mark.parametrize("profile", ["documented", "lenient"])
def test_a_valid_item_has_no_findings(kind: str, profile: str) -> None:
    endpoint, item = BASES[kind]
    assert check(item, endpoint, profile) == []


PUBLISHED_OPT_OUT = {
    "contact_id": "+19999999999",
    "correlation_id": ID_DOCUMENTED,
    "sender_id": ZEROS,
    "date_of_consent": "2025-02-28T10:05:27Z",
    "status": "opt-out",
    "source": "website",
}
PUBLISHED_REJECTED = {
    "contact_id": "+19",
    "correlation_id": "02520cfa6c432f0e3ec3a38c122d428d",
    "sender_id": "123456",
    "date_of_consent": "2025-03-25",
    "status": "opt-in",
    "source": "opt-in-message",
}
PUBLISHED_CONTACT = {
    "contact_id": "+19999999999",
    "correlation_id": ID_BEYOND_F,
    "country_iso_code": "US",
    "zip_code": "12345",
}
PUBLISHED_CONTACT_REJECTED = {
    "contact_id": "+19",
    "correlation_id": "02520cfa6c432f0e3ec3a38c122d428a",
    "country_iso_code": "US",
    "zip_code": "12345",
}
GUIDE_FIRST = {
    "contact_id": "+19999999991",
    "correlation_id": ID_DOCUMENTED,
    "sender_id": "MG00000000000000000000000000000000",
    "date_of_consent": "2025-02-28T10:05:27Z",
    "status": "opt-in",
    "source": "website",
}
GUIDE_SECOND = {
    "contact_id": "+447700900077",
    "correlation_id": "02520cfa6c432f0e3ec3a38c122d428d",
    "sender_id": "+12345678901",
    "date_of_consent": "2025-02-25T14:30:00Z",
    "status": "opt-out",
    "source": "opt-out-message",
}
GUIDE_THIRD = {
    "contact_id": "+173800900067",
    "correlation_id": ID_OF_GUIDE,
    "sender_id": RCS_OF_GUIDE,
    "date_of_consent": "2025-02-25T14:30:00Z",
    "status": "opt-out",
    "source": "offline",
}


@pytest.mark.parametrize(
    ("endpoint", "item", "profile", "expected"),
    [
        pytest.param(CONSENTS, PUBLISHED_OPT_OUT, "documented", [], id="opt-out, documented"),
        pytest.param(CONSENTS, PUBLISHED_OPT_OUT, "lenient", [], id="opt-out, lenient"),
        pytest.param(
            CONSENTS,
            PUBLISHED_REJECTED,
            "documented",
            ["INVALID_CONTACT_ID", "INVALID_DATE_OF_CONSENT"],
            id="rejected, documented",
        ),
        pytest.param(
            CONSENTS,
            PUBLISHED_REJECTED,
            "lenient",
            ["INVALID_CONTACT_ID", "INVALID_DATE_OF_CONSENT"],
            id="rejected, lenient",
        ),
        pytest.param(
            CONTACTS,
            PUBLISHED_CONTACT,
            "documented",
            ["INVALID_CORRELATION_ID"],
            id="contact with h, documented: the error page wins",
        ),
        pytest.param(CONTACTS, PUBLISHED_CONTACT, "lenient", [], id="contact with h, lenient"),
        pytest.param(
            CONTACTS,
            PUBLISHED_CONTACT_REJECTED,
            "documented",
            ["INVALID_CONTACT_ID"],
            id="rejected contact, documented",
        ),
        pytest.param(
            CONTACTS,
            PUBLISHED_CONTACT_REJECTED,
            "lenient",
            ["INVALID_CONTACT_ID"],
            id="rejected contact, lenient",
        ),
        pytest.param(CONSENTS, GUIDE_FIRST, "documented", [], id="first example of the guide"),
        pytest.param(CONSENTS, GUIDE_SECOND, "documented", [], id="second example of the guide"),
        pytest.param(
            CONSENTS,
            GUIDE_THIRD,
            "documented",
            ["INVALID_CORRELATION_ID", "INVALID_SENDER_ID", "INVALID_CONTACT_ID"],
            id="third example of the guide, documented",
        ),
        pytest.param(
            CONSENTS,
            GUIDE_THIRD,
            "lenient",
            ["INVALID_CONTACT_ID"],
            id="third example of the guide, lenient",
        ),
    ],
)
def test_published_items_get_their_published_reason_codes(
    endpoint: Endpoint, item: dict[str, Value], profile: str, expected: list[str]
) -> None:
    assert codes(item, endpoint, profile) == expected


ALL_CONSENT_CODES = [
    "INVALID_CORRELATION_ID",
    "INVALID_SENDER_ID",
    "INVALID_CONTACT_ID",
    "INVALID_STATUS",
    "INVALID_SOURCE",
    "INVALID_DATE_OF_CONSENT",
]
ALL_CONTACT_CODES = [
    "INVALID_CORRELATION_ID",
    "INVALID_COUNTRY_ISO_CODE",
    "INVALID_CONTACT_ID",
    "INVALID_ZIP_CODE",
]


@pytest.mark.parametrize("is_reversed", [False, True], ids=["keys as listed", "keys reversed"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("consents", ALL_CONSENT_CODES, id="consents"),
        pytest.param("contacts", ALL_CONTACT_CODES, id="contacts"),
    ],
)
@pytest.mark.parametrize("profile", ["documented", "lenient"])
def test_reason_codes_are_in_the_order_of_the_error_page(
    kind: str, profile: str, expected: list[str], is_reversed: bool
) -> None:
    endpoint, item = BASES[kind]
    keys = sorted(item, reverse=is_reversed)
    assert codes(dict.fromkeys(keys, "?\n"), endpoint, profile) == expected


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        pytest.param(CONSENTS, ALL_CONSENT_CODES[:-1], id="consents: the date is optional"),
        pytest.param(CONTACTS, ALL_CONTACT_CODES, id="contacts"),
    ],
)
def test_an_empty_item_is_rejected_for_every_required_field(
    endpoint: Endpoint, expected: list[str]
) -> None:
    assert codes({}, endpoint) == expected


@pytest.mark.parametrize("kind", ["consents", "contacts"])
def test_internal_server_error_is_never_decided_offline(kind: str) -> None:
    endpoint, item = BASES[kind]
    for given in ({}, item, dict.fromkeys(item, None)):
        assert "INTERNAL_SERVER_ERROR" not in codes(given, endpoint)


# -- Every field: missing, null, of another type, with white space around it ---------------


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize(
    ("kind", "field"), [pytest.param(*row, id="-".join(row)) for row in FIELDS]
)
def test_a_missing_field_gets_its_reason_code(kind: str, field: str, profile: str) -> None:
    endpoint, item = BASES[kind]
    expected = [] if field == "date_of_consent" else [REASON_OF[kind][field]]
    assert codes(without(item, field), endpoint, profile) == expected


def named(pad: str) -> tuple[str, str]:
    """Return a character with its name."""
    return f"U+{ord(pad):04X}", pad


WHITE_SPACE = [named(pad) for pad in " \t\n\r\v\f\x85\xa0\u2003\u2028\u3000"]


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize(
    ("kind", "field"), [pytest.param(*row, id="-".join(row)) for row in FIELDS]
)
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="null"),
        pytest.param("", id="empty string"),
        pytest.param(" ", id="a space"),
        pytest.param(" \t\n", id="only white space"),
        pytest.param(True, id="true"),
        pytest.param(False, id="false"),
        pytest.param(0, id="0"),
        pytest.param(1, id="1"),
        pytest.param(14155552671, id="integer"),
        pytest.param(12345.0, id="float"),
        pytest.param([], id="empty array"),
        pytest.param(["opt-in"], id="array"),
        pytest.param({}, id="empty object"),
        pytest.param({"value": "opt-in"}, id="object"),
    ],
)
def test_null_blank_and_other_types_get_the_reason_code_of_the_field(
    kind: str, field: str, value: Value, profile: str
) -> None:
    endpoint, item = BASES[kind]
    assert codes({**item, field: value}, endpoint, profile) == [REASON_OF[kind][field]]


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        pytest.param("consents", "correlation_id", int("1" * 32), id="correlation_id"),
        pytest.param("consents", "sender_id", 123456, id="sender_id"),
        pytest.param("consents", "contact_id", 14155552671, id="contact_id"),
        pytest.param("consents", "status", ["opt-in"], id="status"),
        pytest.param("consents", "source", {"source": "website"}, id="source"),
        pytest.param("consents", "date_of_consent", 1748878200, id="date_of_consent"),
        pytest.param("contacts", "country_iso_code", ["US"], id="country_iso_code"),
        pytest.param("contacts", "zip_code", 94105, id="zip_code"),
    ],
)
def test_no_value_is_coerced(kind: str, field: str, value: Value) -> None:
    endpoint, item = BASES[kind]
    assert codes({**item, field: value}, endpoint) == [REASON_OF[kind][field]]


@pytest.mark.parametrize(
    ("kind", "field"), [pytest.param(*row, id="-".join(row)) for row in FIELDS]
)
@pytest.mark.parametrize("pad", [pytest.param(pad, id=name) for name, pad in WHITE_SPACE])
def test_white_space_around_a_value_is_rejected(kind: str, field: str, pad: str) -> None:
    endpoint, item = BASES[kind]
    for value in (f"{pad}{item[field]}", f"{item[field]}{pad}", f"{pad}{item[field]}{pad}"):
        assert codes({**item, field: value}, endpoint) == [REASON_OF[kind][field]]


# -- Correlation ids -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["consents", "contacts"])
@pytest.mark.parametrize(
    ("value", "documented", "lenient"),
    [
        pytest.param(ID_DOCUMENTED, True, True, id="lower case"),
        pytest.param(ID_DOCUMENTED.upper(), True, True, id="upper case"),
        pytest.param("aD388B5a46b33b874B0d41F7226dB2Ef", True, True, id="mixed case"),
        pytest.param("0" * 32, True, True, id="only digits: no UUID version or variant"),
        pytest.param("f" * 32, True, True, id="only letters"),
        pytest.param(ID_BEYOND_F, False, True, id="a letter beyond f"),
        pytest.param(ID_OF_GUIDE, False, True, id="two letters beyond f"),
        pytest.param(ID_BEYOND_F.upper(), False, True, id="a letter beyond F"),
        pytest.param("Zz" * 16, False, True, id="z in either case"),
        pytest.param("a" * 31, False, False, id="31 digits"),
        pytest.param("a" * 33, False, False, id="33 digits"),
        pytest.param("z" * 31, False, False, id="31 letters"),
        pytest.param("z" * 33, False, False, id="33 letters"),
        pytest.param("a" * 64, False, False, id="twice the length"),
        pytest.param("5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684", False, False, id="UUID with hyphens"),
        pytest.param("5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7", False, False, id="hyphens, 32 in all"),
        pytest.param("{5f0c2e7f4a9d4c27b1d0c9f3e2a7b684}", False, False, id="braces"),
        pytest.param("0x" + "a" * 32, False, False, id="0x prefix"),
        pytest.param("_" * 32, False, False, id="underscores"),
        pytest.param("a" * 31 + " ", False, False, id="a space instead of a digit"),
        pytest.param("a" * 32 + "\n", False, False, id="trailing newline"),
        pytest.param("a" * 31 + "\n", False, False, id="newline instead of the last digit"),
        pytest.param("a" * 31 + "１", False, False, id="a full-width digit"),
        pytest.param("a" * 31 + "٣", False, False, id="an Arabic digit"),
        pytest.param("a" * 31 + "é", False, False, id="a letter beyond ASCII"),
        pytest.param("a" * 31 + "а", False, False, id="a Cyrillic а"),
    ],
)
def test_a_correlation_id_is_32_hexadecimal_digits(
    kind: str, value: str, documented: bool, lenient: bool
) -> None:
    endpoint, base = BASES[kind]
    item = {**base, "correlation_id": value}
    rejected = ["INVALID_CORRELATION_ID"]
    assert codes(item, endpoint) == ([] if documented else rejected)
    assert codes(item, endpoint, "lenient") == ([] if lenient else rejected)


A, B = "a" * 32, "b" * 32


@pytest.mark.parametrize("kind", ["consents", "contacts"])
@pytest.mark.parametrize(
    ("ids", "documented", "lenient"),
    [
        pytest.param([A, B], [], [], id="two ids"),
        pytest.param([A, A], [1], [1], id="one id twice: the later item"),
        pytest.param([A, A.upper()], [1], [1], id="case-insensitive"),
        pytest.param([A.upper(), A], [1], [1], id="case-insensitive, upper case first"),
        pytest.param([A, B, A, B, A], [2, 3, 4], [2, 3, 4], id="every later item"),
        pytest.param([ID_BEYOND_F, ID_BEYOND_F], [0, 1], [1], id="beyond f, the same"),
        pytest.param(
            [ID_BEYOND_F, ID_BEYOND_F.upper()], [0, 1], [], id="beyond f: lenient is case-sensitive"
        ),
        pytest.param(
            [ID_BEYOND_F, ID_BEYOND_F.upper(), ID_BEYOND_F],
            [0, 1, 2],
            [2],
            id="beyond f: the first spelling again",
        ),
        pytest.param(["a", "a", A], [0, 1], [0, 1], id="already rejected for their form"),
    ],
)
def test_a_correlation_id_is_unique_in_the_file(
    kind: str, ids: list[str], documented: list[int], lenient: list[int]
) -> None:
    endpoint, base = BASES[kind]
    numbers = [f"+141555526{index:02}" for index in range(len(ids))]
    items = [
        {**base, "correlation_id": each, "contact_id": number}
        for each, number in zip(ids, numbers, strict=True)
    ]
    rule = "invalid-correlation-id"
    assert locations(items, endpoint) == {(index, rule) for index in documented}
    assert locations(items, endpoint, "lenient") == {(index, rule) for index in lenient}


def test_the_id_of_an_item_rejected_for_another_reason_counts() -> None:
    items = [{**CONSENT, "status": "?"}, {**CONSENT, "contact_id": "+14155552672"}]
    assert locations(items) == {(0, "invalid-status"), (1, "invalid-correlation-id")}


def test_an_id_is_unique_in_a_list_longer_than_a_request() -> None:
    items = [
        {**CONTACT, "correlation_id": f"{index % 40:032}", "contact_id": f"+141555526{index:02}"}
        for index in range(41)
    ]
    assert locations(items, CONTACTS) == {(40, "invalid-correlation-id")}


# -- Phone numbers of contacts and senders -------------------------------------------------

PHONES = [
    pytest.param("+14155552671", True, id="US"),
    pytest.param("+447400123456", True, id="GB"),
    pytest.param("+4915112345678", True, id="DE"),
    pytest.param("+525512345678", True, id="MX"),
    pytest.param("+5491123456789", True, id="AR mobile"),
    pytest.param("+2290195123456", True, id="BJ: the longer numbers"),
    pytest.param("+881612345678", True, id="satellite"),
    pytest.param("+80012345678", True, id="freephone without a country"),
    pytest.param("+19999999999", True, id="possible, in no assigned range"),
    pytest.param("+19", False, id="form of E.164, not possible"),
    pytest.param("+12345678", False, id="possible only as a local number"),
    pytest.param("+1415555267", False, id="one digit too short"),
    pytest.param("+141555526711", False, id="one digit too long"),
    pytest.param("+173800900067", False, id="one digit too long, from the guide"),
    pytest.param("+5215512345678", False, id="MX, the old form"),
    pytest.param("+999123456789", False, id="no such calling code"),
    pytest.param("+1", False, id="one digit"),
    pytest.param("+12", False, id="two digits"),
    pytest.param("+", False, id="only a plus sign"),
    pytest.param("++14155552671", False, id="two plus signs"),
    pytest.param("14155552671", False, id="no plus sign"),
    pytest.param("0014155552671", False, id="00 instead of the plus sign"),
    pytest.param("01114155552671", False, id="011 instead of the plus sign"),
    pytest.param("4155552671", False, id="no calling code"),
    pytest.param("+0415555267", False, id="leading 0"),
    pytest.param("+014155552671", False, id="0 before the calling code"),
    pytest.param("+1234567890123456", False, id="16 digits"),
    pytest.param("+1 415 555 2671", False, id="spaces"),
    pytest.param("+1-415-555-2671", False, id="hyphens"),
    pytest.param("+1.415.555.2671", False, id="dots"),
    pytest.param("+1(415)5552671", False, id="parentheses"),
    pytest.param("+14155552671;ext=12", False, id="extension with ;ext="),
    pytest.param("+14155552671x12", False, id="extension with x"),
    pytest.param("+14155552671 ext. 12", False, id="extension with ext."),
    pytest.param("+1415555COPY", False, id="letters of a vanity number"),
    pytest.param("tel:+14155552671", False, id="tel:"),
    pytest.param("whatsapp:+14155552671", False, id="whatsapp:"),
    pytest.param("+１４１５５５５２６７１", False, id="full-width digits"),
    pytest.param("+1415555267１", False, id="one full-width digit"),
    pytest.param("＋14155552671", False, id="full-width plus sign"),
    pytest.param("+١٤١٥٥٥٥٢٦٧١", False, id="Arabic digits"),
    pytest.param("+14155552671\n", False, id="trailing newline"),
    pytest.param("+1415555\u200b2671", False, id="a zero-width space inside"),
    pytest.param("+14155552671,+14155552672", False, id="two numbers"),
    pytest.param("unknown", False, id="a word"),
]


@pytest.mark.parametrize("kind", ["consents", "contacts"])
@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize(("number", "valid"), PHONES)
def test_a_contact_id_is_a_possible_number_in_e164_format(
    kind: str, profile: str, number: str, valid: bool
) -> None:
    endpoint, base = BASES[kind]
    expected = [] if valid else ["INVALID_CONTACT_ID"]
    assert codes({**base, "contact_id": number}, endpoint, profile) == expected


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize(("number", "valid"), PHONES)
def test_a_phone_number_as_sender_is_checked_like_a_contact_id(
    profile: str, number: str, valid: bool
) -> None:
    expected = [] if valid else ["INVALID_SENDER_ID"]
    assert codes({**CONSENT, "sender_id": number}, CONSENTS, profile) == expected


HEX32 = "9752274e9e519418a7406176694466fa"


@pytest.mark.parametrize(
    ("sender", "documented", "lenient"),
    [
        pytest.param("MG" + HEX32, True, True, id="SID, lower case"),
        pytest.param("MG" + HEX32.upper(), True, True, id="SID, upper case"),
        pytest.param("MG" + "0" * 32, True, True, id="SID of zeros"),
        pytest.param("mg" + HEX32, False, False, id="mg"),
        pytest.param("Mg" + HEX32, False, False, id="Mg"),
        pytest.param("MG" + HEX32[:-1], False, False, id="SID, 31 digits"),
        pytest.param("MG" + HEX32 + "0", False, False, id="SID, 33 digits"),
        pytest.param("MG" + HEX32[:-1] + "g", False, False, id="SID, a letter beyond f"),
        pytest.param("MG" + HEX32[:-1] + "１", False, False, id="SID, full-width digit"),
        pytest.param("MG" + HEX32 + "\n", False, False, id="SID, trailing newline"),
        pytest.param("MG", False, False, id="only MG"),
        pytest.param(HEX32, False, False, id="no MG"),
        pytest.param("AC" + HEX32, False, False, id="account SID"),
        pytest.param("PN" + HEX32, False, False, id="phone number SID"),
        pytest.param("1", False, False, id="1 digit"),
        pytest.param("12", False, False, id="2 digits"),
        pytest.param("123", True, True, id="3 digits"),
        pytest.param("1234", True, True, id="4 digits"),
        pytest.param("12345", True, True, id="5 digits"),
        pytest.param("123456", True, True, id="6 digits"),
        pytest.param("1234567", True, True, id="7 digits"),
        pytest.param("12345678", False, False, id="8 digits"),
        pytest.param("012", True, True, id="short code with a leading 0"),
        pytest.param("１２３４５", False, False, id="short code, full-width"),
        pytest.param("12345\n", False, False, id="short code, trailing newline"),
        pytest.param("12 345", False, False, id="short code with a space"),
        pytest.param("+12345", False, False, id="short code with a plus sign"),
        pytest.param(RCS_OF_GUIDE, False, True, id="rcs from the guide"),
        pytest.param("rcs:a", False, True, id="rcs, one letter"),
        pytest.param("rcs:-", False, True, id="rcs, a hyphen"),
        pytest.param("rcs:_", False, True, id="rcs, an underscore"),
        pytest.param("rcs:AZaz09_-", False, True, id="rcs, every kind of character"),
        pytest.param("rcs:", False, False, id="rcs, no agent"),
        pytest.param("rcs:a.b", False, False, id="rcs, a dot"),
        pytest.param("rcs:a b", False, False, id="rcs, a space"),
        pytest.param("rcs:a:b", False, False, id="rcs, a second colon"),
        pytest.param("rcs:é", False, False, id="rcs, beyond ASCII"),
        pytest.param("rcs:a\n", False, False, id="rcs, trailing newline"),
        pytest.param("rcs: a", False, False, id="rcs, space before the agent"),
        pytest.param("RCS:a", False, False, id="RCS"),
        pytest.param("rcs", False, False, id="rcs, no colon"),
        pytest.param("rcsagent", False, False, id="rcs, no colon, agent"),
        pytest.param("whatsapp:+14155552671", False, False, id="whatsapp:"),
        pytest.param("TWILIO", False, False, id="an alphanumeric sender"),
    ],
)
def test_a_sender_is_a_sid_a_phone_number_or_a_short_code(
    sender: str, documented: bool, lenient: bool
) -> None:
    item = {**CONSENT, "sender_id": sender}
    assert codes(item) == ([] if documented else ["INVALID_SENDER_ID"])
    assert codes(item, profile="lenient") == ([] if lenient else ["INVALID_SENDER_ID"])


# -- Status and source ---------------------------------------------------------------------

STATUSES = ["opt-in", "opt-out"]
SOURCES = ["website", "offline", "opt-in-message", "opt-out-message", "others"]


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("source", SOURCES)
def test_the_exact_values_are_valid(status: str, source: str, profile: str) -> None:
    item = {**CONSENT, "status": status, "source": source}
    assert codes(item, profile=profile) == []


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize(
    "status",
    [
        "opt in",
        "opt out",
        "re-opt-in",
        "re-opt in",
        "Opt-In",
        "OPT-IN",
        "opt_in",
        "optin",
        "opt-i",
        "opt-in-message",
        "opt–in",
        "opt‐in",
        "subscribed",
        "START",
        "STOP",
        "true",
        "website",
    ],
)
def test_any_other_status_is_rejected(status: str, profile: str) -> None:
    assert codes({**CONSENT, "status": status}, profile=profile) == ["INVALID_STATUS"]


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize(
    "source",
    [
        "Website",
        "WEBSITE",
        "web",
        "web site",
        "websites",
        "other",
        "off-line",
        "opt-in",
        "opt-out",
        "opt in message",
        "opt_in_message",
        "opt-in message",
        "opt‐out‐message",
        "sms",
    ],
)
def test_any_other_source_is_rejected(source: str, profile: str) -> None:
    assert codes({**CONSENT, "source": source}, profile=profile) == ["INVALID_SOURCE"]


@pytest.mark.parametrize("status", ["opt in", "re-opt-in", "re-opt in"])
def test_other_words_for_opt_in_are_rejected_with_a_suggestion(status: str) -> None:
    message = message_of("INVALID_STATUS", {**CONSENT, "status": status})
    assert message.endswith('Write "opt-in".')


# -- Dates ---------------------------------------------------------------------------------

VALID_DATES = [
    # extended, calendar date
    "2025-02-28T10:05:27Z",
    "2025-02-28T10:05:27",
    "2025-02-28T10:05Z",
    "2025-02-28T10:05",
    "2025-02-28T10Z",
    "2025-02-28T10",
    "2025-02-28T00:00:00Z",
    "2025-02-28T23:59:59Z",
    "2024-02-29T10:05:27Z",
    "2000-02-29T10:05:27Z",
    "2025-04-30T10:05Z",
    "2025-01-31T10:05Z",
    # fractions
    "2025-02-28T10:05:27.5Z",
    "2025-02-28T10:05:27.123456Z",
    "2025-02-28T10:05:27.123456789012345678901234567890Z",
    "2025-02-28T10:05:27.0",
    "2025-02-28T10:05:27,5Z",
    "2025-02-28T10:05:27,123456789+01:00",
    "20250228T100527.5Z",
    "20250228T100527,123456789",
    # offsets of the extended format
    "2025-02-28T10:05:27+01:00",
    "2025-02-28T10:05:27-05:30",
    "2025-02-28T10:05:27+01",
    "2025-02-28T10:05:27-11",
    "2025-02-28T10:05:27+0100",
    "2025-02-28T10:05:27-0530",
    "2025-02-28T10:05+0100",
    "2025-02-28T10+0100",
    "2025-02-28T10+01:00",
    "2025-02-28T10+01",
    "2025-02-28T10-01",
    "2025-02-28T10:05:27+00:00",
    "2025-02-28T10:05:27-00:00",
    "2025-02-28T10:05:27-0000",
    "2025-02-28T10:05:27-00",
    "2025-02-28T10:05:27+23:59",
    "2025-02-28T10:05:27-23:59",
    "2025-02-28T10:05:27+2359",
    "2025-02-28T10:05:27-23",
    # basic
    "20250228T100527Z",
    "20250228T100527",
    "20250228T1005Z",
    "20250228T1005",
    "20250228T10Z",
    "20250228T10",
    "20250228T100527+01",
    "20250228T100527+0100",
    "20250228T100527-0530",
    "20250228T1005-0000",
    "20250228T10+0100",
    "20250228T10-00",
    "20250228T100527+2359",
    "20250228T100527-2359",
    # week dates
    "2025-W09-5T10:05:27Z",
    "2025W095T100527Z",
    "2025-W09-5T10",
    "2025W095T10",
    "2025-W01-1T10:05Z",
    "2025-W52-7T10:05Z",
    "2020-W53-1T10:05Z",
    "2020-W53-7T10:05Z",
    "2020W537T1005Z",
    "2015-W53-4T10:05Z",
    "2025-W09-5T10:05:27+0100",
    "2025W095T100527+0100",
    # ordinal dates
    "2025-001T10:05:27Z",
    "2025-059T10:05:27Z",
    "2025-365T10:05:27Z",
    "2024-366T10:05:27Z",
    "2000-366T10:05:27Z",
    "2025001T100527Z",
    "2024366T100527Z",
    "2025-059T10",
    "2025059T10",
    # the end of the day
    "2025-02-28T24:00Z",
    "2025-02-28T24:00:00Z",
    "2025-02-28T24:00",
    "2025-02-28T24:00:00",
    "2025-02-28T24:00+01:00",
    "2025-02-28T24:00:00+0100",
    "20250228T2400Z",
    "20250228T240000Z",
    "2025-W09-5T24:00Z",
    "2025-059T24:00Z",
    "2025-12-31T24:00Z",
    # leap seconds
    "2016-12-31T23:59:60Z",
    "2016-12-31T23:59:60+00:00",
    "2016-12-31T23:59:60-00:00",
    "2016-12-31T23:59:60",
    "2016-12-31T23:59:60.5Z",
    "2016-12-31T23:59:60,999Z",
    "2017-01-01T00:59:60+01:00",
    "2017-01-01T05:29:60+05:30",
    "2017-01-01T08:59:60+09:00",
    "2016-12-31T18:59:60-05:00",
    "2016-12-31T18:59:60-0500",
    "2016-12-31T15:59:60-08",
    "2017-01-01T23:58:60+23:59",
    "2016-12-31T00:00:60-23:59",
    "20161231T235960Z",
    "20170101T085960+09",
    "2016-366T23:59:60Z",
    "2016-W52-6T23:59:60Z",
    "2025-03-05T23:59:60Z",
    # years
    "0001-01-01T00:00:00Z",
    "0001-W01-1T00:00Z",
    "0001-001T00:00Z",
    "0999-12-31T10:05Z",
    "1992-12-02T10:05Z",
]

INVALID_DATES = [
    # no time
    "2025-03-25",
    "20250325",
    "2025-W09-5",
    "2025W095",
    "2025-084",
    "2025084",
    "2025-03",
    "2025",
    "2025-03-25T",
    "2025-03-25Z",
    "2025-03-25TZ",
    "2025-03-25T+01:00",
    # no date, or less than a full date
    "10:05:27Z",
    "T10:05:27Z",
    "2025T10:05Z",
    "2025-02T10:05Z",
    "2025-W09T10:05Z",
    "--02-28T10:05Z",
    # dates that do not exist
    "2025-02-29T10:05Z",
    "1900-02-29T10:05Z",
    "2025-02-30T10:05Z",
    "2025-04-31T10:05Z",
    "20250431T1005Z",
    "2025-00-10T10:05Z",
    "2025-13-10T10:05Z",
    "2025-01-00T10:05Z",
    "2025-01-32T10:05Z",
    "28-02-2025T10:05Z",
    "2025-W00-1T10:05Z",
    "2025-W53-1T10:05Z",
    "2025W531T1005Z",
    "2021-W53-1T10:05Z",
    "2020-W54-1T10:05Z",
    "2025-W09-0T10:05Z",
    "2025-W09-8T10:05Z",
    "2025-000T10:05Z",
    "2025-366T10:05Z",
    "2025366T1005Z",
    "1900-366T10:05Z",
    "2024-367T10:05Z",
    "2025-400T10:05Z",
    # years
    "0000-01-01T00:00:00Z",
    "0000-W01-1T00:00Z",
    "0000-W52-7T00:00Z",
    "0000-001T00:00Z",
    "0000-366T00:00Z",
    "00000101T0000Z",
    "25-02-28T10:05:27Z",
    "250228T100527Z",
    "+2025-02-28T10:05:27Z",
    "-2025-02-28T10:05:27Z",
    "+002025-02-28T10:05:27Z",
    "+0020250228T100527Z",
    "02025-02-28T10:05:27Z",
    "12025-02-28T10:05:27Z",
    # times that do not exist
    "2025-02-28T25:00Z",
    "2025-02-28T10:60Z",
    "2025-02-28T10:99:00Z",
    "2025-02-28T10:05:61Z",
    "2025-02-28T1Z",
    "2025-02-28T1:05Z",
    "2025-02-28T10:5Z",
    "2025-02-28T10:05:7Z",
    "2025-02-28T10:Z",
    "2025-02-28T10:05:Z",
    "2025-02-28T10:05:27:00Z",
    "20250228T100Z",
    "20250228T10052Z",
    # after the end of the day
    "2025-02-28T24Z",
    "20250228T24Z",
    "2025-02-28T24:00:01Z",
    "2025-02-28T24:01Z",
    "2025-02-28T24:01:00Z",
    "2025-02-28T24:00:60Z",
    "2025-02-28T24:00:00.1Z",
    "20250228T2401Z",
    "20250228T240001Z",
    # second 60 at another time
    "2016-12-31T12:00:60Z",
    "2016-12-31T22:59:60Z",
    "2016-12-31T23:58:60Z",
    "2016-12-31T00:00:60Z",
    "2016-12-31T23:59:60+01:00",
    "2016-12-31T23:59:60-05:00",
    "2017-01-01T08:59:60-09:00",
    "2017-01-01T08:58:60+09:00",
    "2017-01-01T08:59:60",
    "2017-01-01T05:59:60+05:30",
    "2016-12-31T23:59:61Z",
    "2016-12-31T23:60Z",
    "20161231T225960Z",
    # fractions
    "2025-02-28T10:05:27.Z",
    "2025-02-28T10:05:27,Z",
    "2025-02-28T10:05:27.",
    "2025-02-28T10:05:27.+01:00",
    "20250228T100527.Z",
    "2025-02-28T10:05.5Z",
    "2025-02-28T10:05,5Z",
    "2025-02-28T10.5Z",
    "2025-02-28T10,5",
    "20250228T1005.5Z",
    "20250228T10.5Z",
    "2025-02-28T10:05:27.5.5Z",
    "2025-02-28T10:05:27.5,5Z",
    "2025-02-28T10:05:27.-5Z",
    "2025-02-28T10:05:27.1e3Z",
    "2025-02-28T10:05:27.1_0Z",
    "2025-02-28T10:05:27'5Z",
    "2025-02-28T10:05:27٫5Z",
    # the two formats mixed
    "2025-02-28T100527Z",
    "2025-02-28T1005Z",
    "2025-02-28T10:0527Z",
    "2025-02-28T1005:27Z",
    "20250228T10:05:27Z",
    "20250228T10:05Z",
    "2025-W09-5T1005Z",
    "2025W095T10:05Z",
    "2025-059T1005Z",
    "2025059T10:05Z",
    "2025-0228T10:05Z",
    "202502-28T10:05Z",
    "2025-W095T10:05Z",
    "2025W09-5T10:05Z",
    "2025W09-5T1005Z",
    "20250228T100527+01:00",
    "20250228T1005-05:30",
    "20250228T10+01:00",
    "20250228T10-00:00",
    "2025W095T100527+01:00",
    "2025059T100527+01:00",
    # a space instead of the T, lower case
    "2025-02-28 10:05:27Z",
    "2025-02-28 10:05:27",
    "2025-02-28 10:05:27+01:00",
    "20250228 100527Z",
    "2025-02-28_10:05:27Z",
    "2025-02-2810:05:27Z",
    "2025-02-28T 10:05:27Z",
    "2025-02-28TT10:05:27Z",
    "2025-02-28t10:05:27Z",
    "20250228t100527Z",
    "2025-02-28T10:05:27z",
    "20250228T100527z",
    "2025-w09-5T10:05Z",
    "2025w095T1005Z",
    # offsets
    "2025-02-28T10:05:27+24:00",
    "2025-02-28T10:05:27-24:00",
    "2025-02-28T10:05:27+24",
    "2025-02-28T10:05:27-2400",
    "2025-02-28T10:05:27+23:60",
    "2025-02-28T10:05:27+2360",
    "2025-02-28T10:05:27+1",
    "2025-02-28T10:05:27+1:00",
    "2025-02-28T10:05:27+100",
    "2025-02-28T10:05:27+01:0",
    "2025-02-28T10:05:27+01:",
    "2025-02-28T10:05:27+",
    "2025-02-28T10:05:27-",
    "2025-02-28T10:05:27+01:00:00",
    "2025-02-28T10:05:27+010000",
    "2025-02-28T10:05:27Z+01:00",
    "2025-02-28T10:05:27+01:00Z",
    "2025-02-28T10:05:27ZZ",
    "2025-02-28T10:05:27 +01:00",
    "2025-02-28T10:05:27 Z",
    "2025-02-28T10:05:27−01:00",
    "2025-02-28T10:05:27±00:00",
    "2025-02-28T10:05:27UTC",
    "2025-02-28T10:05:27GMT",
    "2025-02-28T10:05:27 UTC",
    "2025-02-28T10:05:27Z[UTC]",
    "20250228T100527+24",
    "20250228T100527-2400",
    # other digits, other signs
    "２０２５-02-28T10:05:27Z",
    "2025-02-28T10:05:2７Z",
    "2025-02-28T10:05:27.５Z",
    "٢٠٢٥-02-28T10:05:27Z",
    "2025‐02‐28T10:05:27Z",
    "2025/02/28T10:05:27Z",
    "2025.02.28T10:05:27Z",
    "2025-02-28T10.05.27Z",
    "2025-02-28T10:05:27Z\n",
    "2025-02-28T10:05:27\n",
    "2025-02-28T10:05:27.5\n",
    "2025-02-28T10:05:27Z\x00",
    # not ISO 8601
    "1740737127",
    "1740737127000",
    "Fri, 28 Feb 2025 10:05:27 +0000",
    "02/28/2025 10:05",
    "28.02.2025 10:05",
    "now",
    "P1D",
    "2025-02-28T10:05Z/2025-02-28T11:05Z",
    "2025-02-28T10:05Z/P1D",
    "R5/2025-02-28T10:05Z/P1D",
]


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize("text", VALID_DATES)
def test_a_date_with_a_time_is_valid(text: str, profile: str) -> None:
    assert codes({**CONSENT, "date_of_consent": text}, profile=profile) == []


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize("text", INVALID_DATES)
def test_any_other_date_is_rejected(text: str, profile: str) -> None:
    item = {**CONSENT, "date_of_consent": text}
    assert codes(item, profile=profile) == ["INVALID_DATE_OF_CONSENT"]


@pytest.mark.parametrize("year", [1583, 1896, 1900, 1904, 1996, 2000, 2004, 2019, 2020, 2023])
def test_a_date_is_valid_if_it_exists_in_the_calendar(year: int) -> None:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    # December 28 is always in the last week.
    weeks = datetime(year, 12, 28, tzinfo=UTC).isocalendar().week
    for text, exists in (
        (f"{year}-02-29T00:00Z", leap),
        (f"{year}0229T0000Z", leap),
        (f"{year}-366T00:00Z", leap),
        (f"{year}366T0000Z", leap),
        (f"{year}-W53-1T00:00Z", weeks == 53),
        (f"{year}W537T0000Z", weeks == 53),
    ):
        assert (codes({**CONSENT, "date_of_consent": text}) == []) is exists, text


@pytest.mark.parametrize(
    ("text", "future"),
    [
        pytest.param("2026-01-01T00:00:00Z", False, id="equal to now"),
        pytest.param("2026-01-01T00:00:00.000000000000Z", False, id="equal, with a fraction"),
        pytest.param("2026-01-01T01:00:00+01:00", False, id="equal, east of UTC"),
        pytest.param("2025-12-31T19:00-05:00", False, id="equal, west of UTC"),
        pytest.param("2025-12-31T24:00Z", False, id="equal, as the end of the day"),
        pytest.param("2026-W01-4T00Z", False, id="equal, as a week date"),
        pytest.param("2026-001T00Z", False, id="equal, as an ordinal date"),
        pytest.param("20260101T00", False, id="equal, no offset: read as UTC"),
        pytest.param("2026-01-01T23:59+23:59", False, id="equal, the widest offset"),
        pytest.param("2025-12-31T23:59:60Z", False, id="the leap second before"),
        pytest.param("2025-12-31T23:59:59.999999999999Z", False, id="a picosecond before"),
        pytest.param("2026-01-01T09:00:00+14:00", False, id="tomorrow there, past in UTC"),
        pytest.param("2025-12-31T23:59:59", False, id="past, no offset"),
        pytest.param("2026-01-01T00:00:01Z", True, id="a second later"),
        pytest.param("2026-01-01T00:01Z", True, id="a minute later"),
        pytest.param("2026-01-01T00:00:00.000001Z", True, id="a microsecond later"),
        pytest.param("2026-01-01T00:00:00.0000001Z", True, id="a tenth of a microsecond later"),
        pytest.param("2026-01-01T00:00:00.000000000001Z", True, id="a picosecond later"),
        pytest.param("2026-01-01T00:00:00," + "0" * 40 + "1Z", True, id="a tiny fraction later"),
        pytest.param(
            "2026-01-01T01:00:00.0000001+01:00", True, id="a fraction later, with an offset"
        ),
        pytest.param("2025-12-31T19:01-05:00", True, id="yesterday there, future in UTC"),
        pytest.param("2025-12-31T00:02-23:59", True, id="future by the widest offset"),
        pytest.param("2026-01-01T00:00:01", True, id="future, no offset: read as UTC"),
        pytest.param("2026-01-01T24:00Z", True, id="the end of today"),
        pytest.param("20260101T0001Z", True, id="basic"),
        pytest.param("2026-W01-4T00:01Z", True, id="week date"),
        pytest.param("2026-001T00:01Z", True, id="ordinal date"),
        pytest.param("9999-12-31T23:59:59Z", True, id="the last second"),
        pytest.param("9999-12-31T24:00Z", True, id="the end of the last day"),
        pytest.param("9999-12-31T23:59:59-23:59", True, id="after the last day in UTC"),
        pytest.param("9999-365T10:00Z", True, id="the last ordinal date"),
        pytest.param("9999-W52-5T10:00Z", True, id="the last week date"),
        pytest.param("9999-W52-7T10:00Z", True, id="a week date of the year 10000"),
    ],
)
def test_a_date_later_than_now_is_rejected(text: str, future: bool) -> None:
    expected = ["INVALID_DATE_OF_CONSENT"] if future else []
    assert codes({**CONSENT, "date_of_consent": text}) == expected


@pytest.mark.parametrize("microsecond", [1, 7, 123456, 123457, 333333, 700001, 999999])
@pytest.mark.parametrize("year", [2025, 2026, 2099])
def test_a_date_equal_to_now_is_valid_to_the_microsecond(year: int, microsecond: int) -> None:
    now = datetime(year, 5, 4, 3, 2, 1, microsecond, tzinfo=UTC)
    for offset in (timedelta(), timedelta(hours=9), -timedelta(hours=3, minutes=30)):
        for later, expected in ((0, []), (1, ["INVALID_DATE_OF_CONSENT"])):
            when = (now + timedelta(microseconds=later)).astimezone(timezone(offset))
            item = {**CONSENT, "date_of_consent": when.isoformat()}
            assert consentlint.reason_codes(item, now=now) == expected, when


def test_now_without_a_zone_is_read_as_utc() -> None:
    now = datetime(2025, 6, 2, 15, 30)  # noqa: DTZ001
    assert consentlint.reason_codes(CONSENT, now=now) == []
    later = {**CONSENT, "date_of_consent": "2025-06-02T15:30:01Z"}
    assert consentlint.reason_codes(later, now=now) == ["INVALID_DATE_OF_CONSENT"]


def test_the_clock_decides_if_no_now_is_given() -> None:
    clock = datetime.now(UTC)
    past = {**CONSENT, "date_of_consent": (clock - timedelta(days=1)).isoformat()}
    future = {**CONSENT, "date_of_consent": (clock + timedelta(days=1)).isoformat()}
    assert consentlint.reason_codes(past) == []
    assert consentlint.reason_codes(future) == ["INVALID_DATE_OF_CONSENT"]


# -- Countries and their postal codes ------------------------------------------------------


@pytest.mark.parametrize("country", ["US", "GB", "DE", "XK", "ZZ", "AX", "BQ", "SS", "ZW"])
def test_a_country_is_an_officially_assigned_code(country: str) -> None:
    zips = {"US": "94105", "GB": "SW1A 1AA", "DE": "10115", "AX": "22100"}
    item = {**CONTACT, "country_iso_code": country, "zip_code": zips.get(country, "1")}
    expected = ["INVALID_COUNTRY_ISO_CODE"] if country in {"XK", "ZZ"} else []
    assert codes(item, CONTACTS) == expected


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize(
    "country",
    [
        pytest.param("us", id="lower case"),
        pytest.param("Us", id="mixed case"),
        pytest.param("USA", id="alpha-3"),
        pytest.param("840", id="numeric"),
        pytest.param("U", id="one letter"),
        pytest.param("United States", id="name"),
        pytest.param("UK", id="UK, exceptionally reserved"),
        pytest.param("EU", id="EU, exceptionally reserved"),
        pytest.param("AC", id="AC, exceptionally reserved"),
        pytest.param("TA", id="TA, exceptionally reserved"),
        pytest.param("SU", id="SU, exceptionally reserved"),
        pytest.param("FX", id="FX, exceptionally reserved"),
        pytest.param("AN", id="AN, withdrawn"),
        pytest.param("YU", id="YU, withdrawn"),
        pytest.param("CS", id="CS, withdrawn"),
        pytest.param("TP", id="TP, withdrawn"),
        pytest.param("XK", id="XK, user-assigned"),
        pytest.param("AA", id="AA, user-assigned"),
        pytest.param("ZZ", id="ZZ, user-assigned"),
        pytest.param("QZ", id="QZ, user-assigned"),
        pytest.param("ＵＳ", id="full-width"),
        pytest.param("US-CA", id="a subdivision"),
    ],
)
def test_any_other_country_is_rejected_and_its_zip_code_is_not_checked(
    country: str, profile: str
) -> None:
    for code in ("94105", "no code of any country"):
        item = {**CONTACT, "country_iso_code": country, "zip_code": code}
        assert codes(item, CONTACTS, profile) == ["INVALID_COUNTRY_ISO_CODE"]


@pytest.mark.parametrize("country", [None, "", " US", 1, ["US"], "us"])
@pytest.mark.parametrize("code", [None, "", " ", " 94105", "94105\n", 94105])
def test_a_zip_code_is_required_even_if_the_country_is_rejected(
    country: Value, code: Value
) -> None:
    item = {**CONTACT, "country_iso_code": country, "zip_code": code}
    assert codes(item, CONTACTS) == ["INVALID_COUNTRY_ISO_CODE", "INVALID_ZIP_CODE"]


@pytest.mark.parametrize(
    ("country", "code", "valid"),
    [
        pytest.param("US", "94105", True, id="US"),
        pytest.param("US", "00501", True, id="US, leading zeros"),
        pytest.param("US", "94105-1234", True, id="US+4, hyphen"),
        pytest.param("US", "94105 1234", True, id="US+4, space"),
        pytest.param("US", "941051234", True, id="US+4, no separator"),
        pytest.param("US", "94105 - 1234", False, id="US+4, two separators"),
        pytest.param("US", "9-4105", False, id="US, a moved hyphen"),
        pytest.param("US", "9410", False, id="US, 4 digits"),
        pytest.param("US", "941056", False, id="US, 6 digits"),
        pytest.param("US", "94105-123", False, id="US+3"),
        pytest.param("US", "94105-12345", False, id="US+5"),
        pytest.param("US", "94105_1234", False, id="US+4, underscore"),
        pytest.param("US", "94105–1234", False, id="US+4, en dash"),
        pytest.param("US", "94105\xa01234", False, id="US+4, no-break space"),
        pytest.param("US", "９４１０５", False, id="US, full-width digits"),
        pytest.param("US", "9410５", False, id="US, one full-width digit"),
        pytest.param("US", "٩٤١٠٥", False, id="US, Arabic digits"),
        pytest.param("US", "CA 94105", False, id="US, the state before it"),
        pytest.param("US", "94105, CA", False, id="US, the state after it"),
        pytest.param("US", "x94105", False, id="US, a letter before it"),
        pytest.param("US", "94105\n", False, id="US, trailing newline"),
        pytest.param("US", "SW1A 1AA", False, id="US, a code of GB"),
        pytest.param("US", "94105-", False, id="US, trailing hyphen"),
        pytest.param("US", "-94105", False, id="US, leading hyphen"),
        pytest.param("US", "-", False, id="US, only a hyphen"),
        pytest.param("GB", "SW1A 1AA", True, id="GB, space"),
        pytest.param("GB", "SW1A1AA", True, id="GB, no space"),
        pytest.param("GB", "sw1a 1aa", True, id="GB, lower case"),
        pytest.param("GB", "sW1a 1Aa", True, id="GB, mixed case"),
        pytest.param("GB", "SW1A-1AA", False, id="GB, a hyphen instead of the space"),
        pytest.param("GB", "SW1 A1AA", False, id="GB, a moved space"),
        pytest.param("GB", "S W 1 A 1 A A", False, id="GB, a space everywhere"),
        pytest.param("GB", "SW1A  1AA", False, id="GB, two spaces"),
        pytest.param("GB", "GIR 0AA", True, id="GB, GIR 0AA"),
        pytest.param("GB", "gir0aa", True, id="GB, gir0aa"),
        pytest.param("GB", "BFPO 1", True, id="GB, BFPO"),
        pytest.param("GB", "SW1A", False, id="GB, only the outward code"),
        pytest.param("GB", "SW1A 1AAA", False, id="GB, one letter too long"),
        pytest.param("GB", "GIR 0AAX", False, id="GB, more after the first alternative"),
        pytest.param("GB", "XBFPO 1", False, id="GB, more before the last alternative"),
        pytest.param("GB", "ſW1A 1AA", False, id="GB, a long s is not an S"),
        pytest.param("GB", "94105", False, id="GB, a code of US"),
        pytest.param("NL", "1012 AB", True, id="NL, space"),
        pytest.param("NL", "1012AB", True, id="NL, no space"),
        pytest.param("NL", "1012 ab", True, id="NL, lower case"),
        pytest.param("NL", "0123 AB", False, id="NL, leading 0"),
        pytest.param("NL", "1012 SS", False, id="NL, letters that are not used"),
        pytest.param("NL", "1012", False, id="NL, only digits"),
        pytest.param("CA", "K1A 0B1", True, id="CA, space"),
        pytest.param("CA", "k1a0b1", True, id="CA, lower case, no space"),
        pytest.param("CA", "K1A0B1", True, id="CA, no space"),
        pytest.param("CA", "K1A-0B1", False, id="CA, a hyphen instead of the space"),
        pytest.param("CA", "K1 A0B1", False, id="CA, a moved space"),
        pytest.param("IE", "D02 AF30", True, id="IE, space"),
        pytest.param("IE", "D02AF30", True, id="IE, no space"),
        pytest.param("IE", "BT79 0HR", False, id="IE, a code of Northern Ireland"),
        pytest.param("BR", "01310-100", True, id="BR, hyphen"),
        pytest.param("BR", "01310100", True, id="BR, no hyphen"),
        pytest.param("BR", "0131-0100", False, id="BR, a moved hyphen"),
        pytest.param("CA", "\u212a1A 0B1", False, id="CA, a Kelvin sign is not a K"),
        pytest.param("CA", "D1A 0B1", False, id="CA, a letter that is not used"),
        pytest.param("DE", "10115", True, id="DE"),
        pytest.param("DE", "1011", False, id="DE, 4 digits"),
        pytest.param("LV", "LV-1010", True, id="LV, hyphen"),
        pytest.param("LV", "lv1010", True, id="LV, no hyphen, lower case"),
        pytest.param("LV", "1010", False, id="LV, only digits"),
        pytest.param("PL", "00-950", True, id="PL, hyphen"),
        pytest.param("PL", "00950", True, id="PL, no hyphen"),
        pytest.param("PT", "1000-205", True, id="PT, hyphen"),
        pytest.param("PT", "1000205", True, id="PT, no hyphen"),
        pytest.param("PT", "1000 205", False, id="PT, a space instead of the hyphen"),
        pytest.param("JP", "100-0001", True, id="JP, hyphen"),
        pytest.param("JP", "1000001", True, id="JP, no hyphen"),
        pytest.param("JP", "１００-０００１", False, id="JP, full-width digits"),
        pytest.param("CR", "10101", True, id="CR, the first alternative"),
        pytest.param("CR", "101-0001", True, id="CR, the second alternative"),
        pytest.param("CR", "1010", True, id="CR, 4 digits"),
        pytest.param("CR", "101010", False, id="CR, between the alternatives"),
        pytest.param("LI", "9485", True, id="LI, the first alternative"),
        pytest.param("LI", "94855", False, id="LI, more after the first alternative"),
        pytest.param("LI", "19490", False, id="LI, more before the second alternative"),
        pytest.param("BH", "317", True, id="BH, 3 digits"),
        pytest.param("BH", "1216", True, id="BH, 4 digits"),
        pytest.param("BH", "317 x", False, id="BH, more after a word boundary"),
        pytest.param("FK", "FIQQ 1ZZ", True, id="FK, its only code"),
        pytest.param("FK", "fiqq1zz", True, id="FK, its only code, lower case, no space"),
        pytest.param("FK", "FIQQ 1ZY", False, id="FK, another code"),
        pytest.param("AE", "00000", True, id="no format, digits"),
        pytest.param("AE", "none", True, id="no format, a word"),
        pytest.param("AE", "P.O. Box 1234, Dubai", True, id="no format, a sentence"),
        pytest.param("AE", "٣", True, id="no format, beyond ASCII"),
        pytest.param("AE", "-", True, id="no format, a hyphen"),
        pytest.param("AE", "", False, id="no format, empty"),
        pytest.param("AE", " \t", False, id="no format, blank"),
        pytest.param("AE", "\xa0", False, id="no format, a no-break space"),
        pytest.param("AE", "1 ", False, id="no format, trailing space"),
        pytest.param("HK", "999077", True, id="HK has no format"),
        pytest.param("KP", "anything", True, id="a field for the code, no format"),
    ],
)
def test_a_zip_code_is_in_the_format_of_its_country(country: str, code: str, valid: bool) -> None:
    item = {**CONTACT, "country_iso_code": country, "zip_code": code}
    assert codes(item, CONTACTS) == ([] if valid else ["INVALID_ZIP_CODE"])


# -- Our own errors ------------------------------------------------------------------------

TRUNK_PREFIX = [
    pytest.param("+4407400123456", "+447400123456", id="GB, trunk 0"),
    pytest.param("+49015112345678", "+4915112345678", id="DE, trunk 0"),
    pytest.param("+54111523456789", "+5491123456789", id="AR, 15 of a mobile"),
]


@pytest.mark.parametrize("profile", ["documented", "lenient"])
@pytest.mark.parametrize("kind", ["consents", "contacts"])
@pytest.mark.parametrize(("number", "canonical"), TRUNK_PREFIX)
def test_a_contact_not_in_canonical_form_is_our_own_error(
    kind: str, number: str, canonical: str, profile: str
) -> None:
    endpoint, base = BASES[kind]
    (finding,) = check({**base, "contact_id": number}, endpoint, profile)
    assert finding.rule == NOT_CANONICAL
    assert (finding.severity, finding.reason) == (Severity.ERROR, None)
    assert finding.field == "contact_id"
    assert check({**base, "contact_id": canonical}, endpoint, profile) == []


@pytest.mark.parametrize(("number", "canonical"), TRUNK_PREFIX)
def test_a_sender_not_in_canonical_form_is_our_own_error(number: str, canonical: str) -> None:
    finding = only(NOT_CANONICAL, check({**CONSENT, "sender_id": number}))
    assert (finding.severity, finding.reason) == (Severity.ERROR, None)
    assert finding.field == "sender_id"
    assert NOT_CANONICAL not in rules({**CONSENT, "sender_id": canonical})


def test_contact_and_sender_are_reported_separately() -> None:
    item = {**CONSENT, "contact_id": "+4407400123456", "sender_id": "+49015112345678"}
    fields = [finding.field for finding in check(item) if finding.rule == NOT_CANONICAL]
    assert sorted(map(str, fields)) == ["contact_id", "sender_id"]


@pytest.mark.parametrize("field", ["contact_id", "sender_id"])
@pytest.mark.parametrize(("number", "canonical"), TRUNK_PREFIX)
def test_the_message_gives_the_canonical_form_but_not_the_full_number(
    field: str, number: str, canonical: str
) -> None:
    message = only(NOT_CANONICAL, check({**CONSENT, field: number})).message
    for full in (number, canonical):
        assert full not in message
        assert full.lstrip("+") not in message
    assert canonical[:5] in message
    assert canonical[-2:] in message


def test_a_rejected_number_is_not_reported_as_not_canonical() -> None:
    assert rules({**CONSENT, "contact_id": "+5215512345678"}) == {"invalid-contact-id"}


@pytest.mark.parametrize(
    ("endpoint", "base", "key", "severity", "near"),
    [
        pytest.param(
            CONSENTS, CONSENT, "consent_date", "warning", "date_of_consent", id="consent_date"
        ),
        pytest.param(CONSENTS, CONSENT, "contact_ID", "warning", "contact_id", id="contact_ID"),
        pytest.param(CONSENTS, CONSENT, "zip_code", "warning", "", id="a field of contacts"),
        pytest.param(CONSENTS, CONSENT, "", "warning", "", id="consents, the empty key"),
        pytest.param(
            CONSENTS, CONSENT, "qqqq", "warning", "", id="consents, a key similar to none"
        ),
        pytest.param(CONTACTS, CONTACT, "zipcode", "error", "zip_code", id="zipcode"),
        pytest.param(CONTACTS, CONTACT, "zipCode", "error", "zip_code", id="zipCode"),
        pytest.param(
            CONSENTS, CONSENT, "dateofconsent", "warning", "date_of_consent", id="dateofconsent"
        ),
        pytest.param(CONSENTS, CONSENT, "contactId", "warning", "contact_id", id="contactId"),
        pytest.param(
            CONTACTS, CONTACT, "country_iso", "error", "country_iso_code", id="country_iso"
        ),
        pytest.param(CONTACTS, CONTACT, "sender_id", "error", "", id="a field of consents"),
        pytest.param(CONTACTS, CONTACT, "qqqq", "error", "", id="contacts, a key similar to none"),
    ],
)
@pytest.mark.parametrize("value", ["x", None, 1, [], ""])
def test_a_key_that_the_api_does_not_name_is_reported(
    endpoint: Endpoint, base: dict[str, Value], key: str, *, severity: str, near: str, value: Value
) -> None:
    item = {**base, key: value}
    (finding,) = check(item, endpoint)
    assert (finding.rule, finding.severity, finding.reason) == ("unknown-field", severity, None)
    # No field is missing that the key could mean.
    assert "mean" not in finding.message
    assert codes(item, endpoint) == []
    if near:
        (finding,) = [each for each in check(without(item, near), endpoint) if each.field == key]
        assert (finding.rule, finding.severity) == ("unknown-field", severity)
        assert finding.message.endswith(f'Rename it to "{near}".')


def test_a_key_that_may_hold_a_missing_field_is_not_called_unused() -> None:
    (finding,) = [
        each for each in check({**without(CONSENT, "source"), "qqqq": 1}) if each.field == "qqqq"
    ]
    assert finding.message.endswith("If it holds source, rename it.")


@pytest.mark.parametrize("key", ["Phone", "phone_number", "msisdn"])
def test_other_names_of_a_contact_id_are_recognized(key: str) -> None:
    item = {**without(CONSENT, "contact_id"), key: "+14155552671"}
    finding = only("unknown-field", check(item))
    assert finding.message.endswith('Rename it to "contact_id".')


def test_every_unknown_key_is_reported() -> None:
    assert [finding.rule for finding in check({**CONSENT, "x": 1, "y": 2})] == [
        "unknown-field",
        "unknown-field",
    ]


# -- Records of one contact and sender -----------------------------------------------------

Record = dict[str, Value]

GB, GB_TRUNK = "+447400123456", "+4407400123456"
US_SENDER, SID = "+15005550006", "MG9752274e9e519418a7406176694466fa"


def record(status: str, date: str | None, **changes: Value) -> Record:
    """Return a consent with this status and date; without a date if it is None."""
    item = {**CONSENT, "status": status, "date_of_consent": date, **changes}
    return item if date is not None else without(item, "date_of_consent")


def history_findings(*records: Record) -> set[tuple[int, str]]:
    """Return where the three rules about histories are violated."""
    items = [{**each, "correlation_id": f"{index:032}"} for index, each in enumerate(records)]
    return {
        (item, rule)
        for item, rule in locations(items)
        if rule in {OUT_OF_ORDER, CONFLICT, DUPLICATE}
    }


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([record("opt-in", JAN), record("opt-out", FEB)], set(), id="rising dates"),
        pytest.param(
            [record("opt-in", JAN), record("opt-out", FEB), record("opt-in", MAR)],
            set(),
            id="a re-opt-in with rising dates",
        ),
        pytest.param(
            [record("opt-in", JAN), record("opt-in", FEB)], set(), id="same status, later"
        ),
        pytest.param(
            [record("opt-in", FEB), record("opt-in", JAN)],
            set(),
            id="older record second, same status",
        ),
        pytest.param(
            [record("opt-out", FEB), record("opt-in", JAN)],
            {(1, OUT_OF_ORDER)},
            id="older record second",
        ),
        pytest.param(
            [record("opt-in", JAN), record("opt-out", MAR), record("opt-in", FEB)],
            {(2, OUT_OF_ORDER)},
            id="middle record last",
        ),
        pytest.param(
            [record("opt-in", MAR), record("opt-out", FEB), record("opt-out", JAN)],
            {(1, OUT_OF_ORDER), (2, OUT_OF_ORDER)},
            id="both older records",
        ),
        pytest.param(
            [record("opt-out", MAR), record("opt-out", JAN), record("opt-in", FEB)],
            {(2, OUT_OF_ORDER)},
            id="not only the previous record",
        ),
        pytest.param(
            [record("opt-out", "2025-06-02T12:00:00+02:00"), record("opt-in", "20250602T0959Z")],
            {(1, OUT_OF_ORDER)},
            id="points in time, not their spelling",
        ),
        pytest.param(
            [
                record("opt-out", "2025-01-15T10:00:00.0000000002Z"),
                record("opt-in", "2025-01-15T10:00:00.0000000001Z"),
            ],
            {(1, OUT_OF_ORDER)},
            id="finer than microseconds, out of order",
        ),
        pytest.param(
            [
                record("opt-out", "2025-01-15T10:00:00.0000000001Z"),
                record("opt-in", "2025-01-15T10:00:00.0000000002Z"),
            ],
            set(),
            id="finer than microseconds, rising",
        ),
        pytest.param(
            [record("opt-in", None), record("opt-out", None)], {(1, CONFLICT)}, id="no dates"
        ),
        pytest.param(
            [record("opt-in", JAN), record("opt-out", None)],
            {(1, CONFLICT)},
            id="second record has no date",
        ),
        pytest.param(
            [record("opt-in", None), record("opt-out", JAN)],
            {(1, CONFLICT)},
            id="first record has no date",
        ),
        pytest.param(
            [record("opt-in", JAN), record("opt-out", JAN)], {(1, CONFLICT)}, id="equal dates"
        ),
        pytest.param(
            [record("opt-in", "2025-06-02T12:00:00+02:00"), record("opt-out", "20250602T10Z")],
            {(1, CONFLICT)},
            id="equal points in time",
        ),
        pytest.param(
            [record("opt-in", "2025-06-02T24:00Z"), record("opt-out", "2025-06-03T00:00Z")],
            {(1, CONFLICT)},
            id="the end of a day is the start of the next",
        ),
        pytest.param(
            [record("opt-in", JAN), record("opt-in", JAN)], {(1, DUPLICATE)}, id="identical"
        ),
        pytest.param(
            [record("opt-in", JAN), record("opt-in", JAN, source="offline")],
            {(1, DUPLICATE)},
            id="identical except for the source",
        ),
        pytest.param(
            [record("opt-in", "2025-06-02T12:00:00+02:00"), record("opt-in", "20250602T10Z")],
            {(1, DUPLICATE)},
            id="same point in time",
        ),
        pytest.param(
            [record("opt-in", None), record("opt-in", None)], {(1, DUPLICATE)}, id="no date twice"
        ),
        pytest.param(
            [record("opt-in", None), record("opt-in", JAN)], set(), id="a date and no date"
        ),
        pytest.param(
            [record("opt-in", JAN), record("opt-out", FEB), record("opt-in", JAN)],
            {(2, DUPLICATE), (2, OUT_OF_ORDER)},
            id="the first record again",
        ),
        pytest.param(
            [record("opt-in", None), record("opt-out", None), record("opt-in", None)],
            {(1, CONFLICT), (2, CONFLICT), (2, DUPLICATE)},
            id="no dates, back and forth",
        ),
        pytest.param(
            [record("opt-in", FEB), record("opt-out", JAN, contact_id=GB)],
            set(),
            id="two contacts",
        ),
        pytest.param(
            [record("opt-in", FEB), record("opt-out", JAN, sender_id="12345")],
            set(),
            id="two senders",
        ),
        pytest.param(
            [record("opt-in", JAN, contact_id=GB), record("opt-in", JAN, contact_id=GB_TRUNK)],
            {(1, DUPLICATE)},
            id="one contact in E.164 form, duplicate",
        ),
        pytest.param(
            [record("opt-out", FEB, contact_id=GB_TRUNK), record("opt-in", JAN, contact_id=GB)],
            {(1, OUT_OF_ORDER)},
            id="one contact in E.164 form, out of order",
        ),
        pytest.param(
            [record("opt-out", None, contact_id=GB_TRUNK), record("opt-in", None, contact_id=GB)],
            {(1, CONFLICT)},
            id="one contact in E.164 form, conflict",
        ),
        pytest.param(
            [record("opt-in", JAN, sender_id=GB), record("opt-in", JAN, sender_id=GB_TRUNK)],
            {(1, DUPLICATE)},
            id="one sender in E.164 form, duplicate",
        ),
        pytest.param(
            [record("opt-out", FEB, sender_id=GB_TRUNK), record("opt-in", JAN, sender_id=GB)],
            {(1, OUT_OF_ORDER)},
            id="one sender in E.164 form, out of order",
        ),
        pytest.param(
            [record("opt-out", None, sender_id=GB), record("opt-in", None, sender_id=GB_TRUNK)],
            {(1, CONFLICT)},
            id="one sender in E.164 form, conflict",
        ),
        pytest.param(
            [
                record("opt-in", JAN),
                record("opt-in", JAN, contact_id=GB),
                record("opt-in", JAN, sender_id=US_SENDER),
                record("opt-out", JAN, contact_id=GB),
            ],
            {(3, CONFLICT)},
            id="among others",
        ),
    ],
)
def test_records_of_one_contact_and_sender_are_compared(
    records: list[Record], expected: set[tuple[int, str]]
) -> None:
    assert history_findings(*records) == expected


@pytest.mark.parametrize(
    ("rule", "severity", "records"),
    [
        pytest.param(OUT_OF_ORDER, "error", [("opt-in", FEB), ("opt-out", JAN)], id=OUT_OF_ORDER),
        pytest.param(CONFLICT, "warning", [("opt-in", JAN), ("opt-out", JAN)], id=CONFLICT),
        pytest.param(DUPLICATE, "warning", [("opt-in", JAN), ("opt-in", JAN)], id=DUPLICATE),
    ],
)
def test_rules_about_histories_have_no_reason_code(
    rule: str, severity: str, records: list[tuple[str, str]]
) -> None:
    items = [
        {**record(*each), "correlation_id": f"{index:032}"} for index, each in enumerate(records)
    ]
    finding = only(rule, consentlint.check_items(items, now=NOW))
    assert (finding.item, finding.severity, finding.reason) == (1, severity, None)


def test_two_contact_records_of_one_person_are_not_a_history() -> None:
    items = [CONTACT, {**CONTACT, "correlation_id": "0" * 32, "zip_code": "10001"}]
    assert locations(items, CONTACTS) == set()


# -- Advice on one record ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # status-source-mismatch
        *(
            pytest.param(
                {"status": status, "source": source},
                {"status-source-mismatch"}
                if (status, source)
                in {("opt-in", "opt-out-message"), ("opt-out", "opt-in-message")}
                else set(),
                id=f"{status} from {source}",
            )
            for status in STATUSES
            for source in SOURCES
        ),
        # date-of-consent-no-offset, date-of-consent-unusual
        *(
            pytest.param({"date_of_consent": text}, set(), id=f"common form, {text}")
            for text in (
                "2025-06-02T15:30:00.1Z",
                "2025-06-02T15:30:00.123Z",
                "2025-06-02T15:30:00.123456789Z",
                "2025-06-02T15:30:00+02:00",
                "2025-06-02T15:30:00-00:00",
                "2025-06-02T15:30:00+18:00",
                "2025-06-02T15:30:00-18:00",
                "2025-06-02T15:30:00+17:59",
                "2025-06-02T00:00:00Z",
                "2025-06-02T23:59:59Z",
            )
        ),
        *(
            pytest.param({"date_of_consent": text}, {"date-of-consent-unusual"}, id=text)
            for text in (
                "2025-06-02T15Z",
                "2025-06-02T15+02:00",
                "2025-06-02T15:30Z",
                "2025-06-02T15:30-00:00",
                "2025-06-02T15:30:00.1234567890Z",
                "2025-06-02T15:30:00+18:01",
                "2025-06-02T15:30:00-23:59",
                "2025-06-02T24:00Z",
                "2025-06-02T24:00:00Z",
                "2016-12-31T23:59:60Z",
                "2025-06-02T15:30:00,5Z",
                "2025-06-02T15:30:00+02",
                "2025-06-02T15:30:00+0200",
                "2025-W23-1T15:30:00Z",
                "2025-153T15:30:00Z",
                "20250602T153000Z",
                "20250602T1530+0200",
            )
        ),
        *(
            pytest.param({"date_of_consent": text}, {"date-of-consent-no-offset"}, id=text)
            for text in ("2025-06-02T15:30:00", "2025-06-02T15:30:00.123")
        ),
        *(
            pytest.param(
                {"date_of_consent": text},
                {"date-of-consent-no-offset", "date-of-consent-unusual"},
                id=text,
            )
            for text in (
                "2025-06-02T15",
                "2025-06-02T15:30",
                "2025-06-02T15:30:00,5",
                "2025-06-02T24:00:00",
                "20250602T153000",
                "2025-153T15",
            )
        ),
        # date-of-consent-implausible
        *(
            pytest.param({"date_of_consent": text}, {"date-of-consent-implausible"}, id=text)
            for text in (
                "1970-01-01T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "1899-12-30T00:00:00Z",
                "1900-01-01T00:00:00Z",
                "1753-01-01T00:00:00Z",
                "1992-12-02T23:59:59Z",
                "1992-12-02T23:59:59.999999999Z",
            )
        ),
        pytest.param(
            {"date_of_consent": "1992-12-03T00:00:00Z"}, set(), id="day of the first message"
        ),
        pytest.param(
            {"date_of_consent": "1993-01-01T00:00:00Z"}, set(), id="after the first message"
        ),
        # sender-not-messaging-service, toll-free-sender
        *(
            pytest.param({"sender_id": sender}, {"sender-not-messaging-service"}, id=sender)
            for sender in (
                "123",
                "123456",
                "+15005550006",
                "+447400123456",
                "+18995551234",
                "+18225551234",
                "+18015551234",
                "+448001111111",
                "+14158005551",
            )
        ),
        *(
            pytest.param(
                {"sender_id": f"+1{code}5551234"},
                {"sender-not-messaging-service", "toll-free-sender"},
                id=f"toll-free {code}",
            )
            for code in (800, 833, 844, 855, 866, 877, 888)
        ),
        *(
            pytest.param(
                {"sender_id": f"+1{code}5551234", "status": "opt-out"},
                {"sender-not-messaging-service"},
                id=f"toll-free {code}, opt-out",
            )
            for code in (800, 833, 844, 855, 866, 877, 888)
        ),
        pytest.param({"sender_id": "8005551"}, {"sender-not-messaging-service"}, id="8005551"),
        pytest.param({"contact_id": "+18005551234"}, set(), id="a toll-free contact"),
        # off unless selected
        pytest.param({"contact_id": "+19999999999"}, set(), id="unassigned is off"),
        pytest.param({"sender_id": ZEROS}, set(), id="placeholder is off, sender"),
        pytest.param({"correlation_id": ID_DOCUMENTED}, set(), id="placeholder is off, id"),
    ],
)
@pytest.mark.parametrize("profile", ["documented", "lenient"])
def test_advice_is_given_if_it_applies(
    changes: dict[str, Value], expected: set[str], profile: str
) -> None:
    item = {**CONSENT, **changes}
    findings = check(item, profile=profile)
    assert {finding.rule for finding in findings} == expected
    assert len(findings) == len(expected)
    assert all(finding.severity == Severity.WARNING for finding in findings)
    assert all(finding.reason is None for finding in findings)
    assert codes(item, profile=profile) == []


def test_a_missing_date_is_a_warning() -> None:
    (finding,) = check(without(CONSENT, "date_of_consent"))
    assert (finding.rule, finding.severity) == ("date-of-consent-missing", Severity.WARNING)


@pytest.mark.parametrize("date", [None, ""])
def test_a_null_or_empty_date_is_rejected_and_not_missing(date: Value) -> None:
    assert rules({**CONSENT, "date_of_consent": date}) == {"invalid-date-of-consent"}


SERVICE, NUMBER = {"sender_id": SID}, {"sender_id": US_SENDER}
ADVICE = "sender-not-messaging-service"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([NUMBER], {0}, id="only a From number"),
        pytest.param([NUMBER, SERVICE], set(), id="same record, MG second"),
        pytest.param([SERVICE, NUMBER], set(), id="same record, MG first"),
        pytest.param([NUMBER, SERVICE, {"sender_id": "12345"}], set(), id="two numbers, one MG"),
        pytest.param([NUMBER, {"sender_id": "12345"}], {0, 1}, id="two numbers"),
        pytest.param([NUMBER, {**SERVICE, "contact_id": GB}], {0}, id="another contact"),
        pytest.param([NUMBER, {**SERVICE, "status": "opt-out"}], {0}, id="another status"),
        pytest.param([NUMBER, {**SERVICE, "date_of_consent": JAN}], {0}, id="another date"),
        pytest.param([NUMBER, {**SERVICE, "source": "offline"}], set(), id="another source"),
        pytest.param(
            [NUMBER, {**SERVICE, "date_of_consent": "2025-06-02T17:30:00+02:00"}],
            set(),
            id="same point in time",
        ),
        pytest.param(
            [{**NUMBER, "date_of_consent": None}, {**SERVICE, "date_of_consent": None}],
            set(),
            id="no date in either",
        ),
        pytest.param(
            [NUMBER, {**SERVICE, "date_of_consent": None}], {0}, id="no date in the MG record"
        ),
        pytest.param(
            [{**NUMBER, "contact_id": GB_TRUNK}, {**SERVICE, "contact_id": GB}],
            set(),
            id="same contact in E.164",
        ),
        pytest.param([NUMBER, {"sender_id": "MG1"}], {0}, id="an invalid SID"),
        pytest.param(
            [NUMBER, {**SERVICE, "contact_id": GB}, {**NUMBER, "contact_id": GB}],
            {0},
            id="withdrawn only for the same contact",
        ),
    ],
)
def test_no_advice_about_a_from_number_if_the_file_has_the_same_record_with_an_mg_sender(
    records: list[Record], expected: set[int]
) -> None:
    items = [
        {key: value for key, value in {**CONSENT, **each}.items() if value is not None}
        | {"correlation_id": f"{index:032}"}
        for index, each in enumerate(records)
    ]
    assert {item for item, rule in locations(items) if rule == ADVICE} == expected


def test_an_rcs_sender_is_not_a_from_number() -> None:
    assert check({**CONSENT, "sender_id": RCS_OF_GUIDE}, profile="lenient") == []


@pytest.mark.parametrize(
    ("kind", "base"), [("consents", CONSENT), ("contacts", CONTACT)], ids=["consents", "contacts"]
)
def test_an_unassigned_number_is_reported_if_the_rule_is_selected(
    kind: str, base: dict[str, Value]
) -> None:
    items = [
        {**base, "correlation_id": f"{index:032}", "contact_id": number}
        for index, number in enumerate(["+19999999999", "+14155552671", "+447400123456"])
    ]
    assert selected("contact-id-unassigned", items, kind) == [0]


def test_a_placeholder_is_reported_if_the_rule_is_selected() -> None:
    real = "9752274e9e519418a7406176694466fa"
    changes: list[dict[str, Value]] = [
        {"sender_id": "MG" + "0" * 30 + "01"},
        {"sender_id": "MG" + "0" * 30 + "fa"},
        {"sender_id": "MG" + "0" * 32},
        {"correlation_id": ID_DOCUMENTED},
        {"correlation_id": "02520cfa6c432f0e3ec3a38c122d428d"},
        {"correlation_id": "02520cfa6c432f0e3ec3a38c122d428a"},
        {"sender_id": "MG" + "0" * 29 + "101"},
        {"sender_id": "MG" + real},
        {"correlation_id": real},
    ]
    items = [
        {"correlation_id": f"{index + 1:032x}", **without(CONSENT, "correlation_id"), **change}
        for index, change in enumerate(changes)
    ]
    assert selected("placeholder", items) == [0, 1, 2, 3, 4, 5]


# -- Severities ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "field"), [pytest.param(*row, id="-".join(row)) for row in FIELDS]
)
def test_a_finding_with_a_reason_code_is_an_error_at_its_field(kind: str, field: str) -> None:
    endpoint, item = BASES[kind]
    (finding,) = check({**item, field: None}, endpoint)
    assert finding.severity == Severity.ERROR
    assert finding.reason == Reason[REASON_OF[kind][field]]
    assert finding.field == field
    assert finding.item == 0
    assert finding.file is None


# -- Messages ------------------------------------------------------------------------------

LENIENT_ONLY = [
    pytest.param("consents", {"correlation_id": ID_BEYOND_F}, "INVALID_CORRELATION_ID", id="id"),
    pytest.param("contacts", {"correlation_id": ID_OF_GUIDE}, "INVALID_CORRELATION_ID", id="id 2"),
    pytest.param("consents", {"sender_id": RCS_OF_GUIDE}, "INVALID_SENDER_ID", id="sender"),
]


@pytest.mark.parametrize(("kind", "changes", "reason"), LENIENT_ONLY)
def test_a_finding_that_lenient_would_not_raise_says_so(
    kind: str, changes: dict[str, Value], reason: str
) -> None:
    endpoint, base = BASES[kind]
    item = {**base, **changes}
    assert "lenient" in message_of(reason, item, endpoint)
    assert codes(item, endpoint, "lenient") == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"correlation_id": "z" * 31}, "INVALID_CORRELATION_ID", id="31 letters"),
        pytest.param({"correlation_id": None}, "INVALID_CORRELATION_ID", id="null id"),
        pytest.param(
            {"correlation_id": "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684"},
            "INVALID_CORRELATION_ID",
            id="hyphens",
        ),
        pytest.param({"sender_id": "rcs:"}, "INVALID_SENDER_ID", id="rcs, no agent"),
        pytest.param({"sender_id": "rcs:a.b"}, "INVALID_SENDER_ID", id="rcs, a dot"),
        pytest.param({"sender_id": "+19"}, "INVALID_SENDER_ID", id="a phone number"),
        pytest.param({"contact_id": "+19"}, "INVALID_CONTACT_ID", id="contact"),
        pytest.param({"status": "opt in"}, "INVALID_STATUS", id="status"),
    ],
)
def test_a_finding_that_lenient_also_raises_does_not_mention_it(
    changes: dict[str, Value], reason: str
) -> None:
    assert "lenient" not in message_of(reason, {**CONSENT, **changes})


def test_a_duplicate_id_that_only_lenient_accepts_is_reported_once_for_its_form() -> None:
    items = [
        {**CONTACT, "correlation_id": ID_BEYOND_F},
        {**CONTACT, "correlation_id": ID_BEYOND_F, "contact_id": "+14155552672"},
    ]
    first, second = consentlint.check_items(items, kind=CONTACTS, now=NOW)
    assert first.message == second.message
    assert first.message.endswith("The lenient profile accepts this form.")


def test_the_message_for_a_duplicate_id_does_not_mention_lenient() -> None:
    items = [CONTACT, {**CONTACT, "contact_id": "+14155552672"}]
    (finding,) = consentlint.check_items(items, kind=CONTACTS, now=NOW)
    assert "lenient" not in finding.message


@pytest.mark.parametrize("text", ["2026-01-01T00:00:01", "20260102T10", "2027-001T10:00"])
def test_the_message_for_a_future_date_without_an_offset_says_that_it_was_read_as_utc(
    text: str,
) -> None:
    message = message_of("INVALID_DATE_OF_CONSENT", {**CONSENT, "date_of_consent": text})
    assert "future" in message
    assert "UTC" in message


def test_the_message_for_a_future_date_with_an_offset_does_not_mention_utc() -> None:
    item = {**CONSENT, "date_of_consent": "2026-01-01T02:00:00+01:00"}
    message = message_of("INVALID_DATE_OF_CONSENT", item)
    assert "future" in message
    assert "UTC" not in message


@pytest.mark.parametrize("field", ["contact_id", "sender_id"])
def test_the_old_mexican_form_is_rejected_with_a_hint_to_remove_the_1(field: str) -> None:
    reason = REASON_OF["consents"][field]
    message = message_of(reason, {**CONSENT, field: "+5215512345678"})
    assert "+52" in message
    assert "Remove the 1 after +52" in message


@pytest.mark.parametrize("kind", ["consents", "contacts"])
@pytest.mark.parametrize(
    "number", ["+5215512345678", "+4407400123456", "+173800900067", "+1 415 555 2671"]
)
def test_no_message_contains_a_full_phone_number(kind: str, number: str) -> None:
    endpoint, base = BASES[kind]
    for finding in check({**base, "contact_id": number}, endpoint):
        assert number not in finding.message
        assert number.lstrip("+") not in finding.message
