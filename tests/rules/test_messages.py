"""What each rule reports for a value, word for word."""

import pytest
from running import CONSENT, CONTACT, describe, messages, problems_of, settings

from consentlint.fields import schemas
from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Profile, Severity
from consentlint.model.items import MISSING
from consentlint.rules import (
    RULES_BY_NAME,
    CrossItemState,
    keys_of,
)
from consentlint.rules.repairs.phone_number import is_canonical

NO_NUMBER = "If there is no number, leave the item out."
NOT_E164 = "is not in E.164 format (such as +14155552671)."
NOT_A_DATE = "is not an ISO 8601 date with a time, such as 2025-06-02T15:30:00Z."
LEAVE_OUT = "If the date is unknown, leave the field out."
SOURCES = '"website", "offline", "opt-in-message", "opt-out-message" or "others"'


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (MISSING, "contact_id is missing."),
        (None, f"contact_id is null, expected a string. {NO_NUMBER}"),
        ("", f"contact_id is empty, expected a phone number in E.164 format. {NO_NUMBER}"),
        (True, "contact_id is true (a boolean), expected a string."),
        (["+14155552671"], "contact_id is an array, expected a string."),
        (float("nan"), f"contact_id is NaN (no value), expected a string. {NO_NUMBER}"),
        (
            14155552671,
            (
                "contact_id is 14155552671 (a number), expected a string."
                ' Put it in quotes. If it starts with the country code 1, add "+" before it.'
            ),
        ),
        (
            {"S": "+14155552671"},
            ('contact_id is an object, expected a string. Use the value inside {"S": …}.'),
        ),
        ("+19", 'contact_id "+19" is too short for its country code.'),
        ("+12345678", 'contact_id "+12345678" has no area code, so it can only be dialed locally.'),
        ("+999123456", 'contact_id "+999123456" does not start with a valid country code.'),
        (
            "+5215512345678",
            (
                'contact_id "+5215512345678" is too long for its country code.'
                " Remove the 1 after +52: Mexican numbers no longer have it."
            ),
        ),
        (
            "+22961123456",
            (
                'contact_id "+22961123456" is too short for its country code.'
                " Insert 01 after +229: Benin numbers now have 10 digits."
            ),
        ),
        (
            "+229140123456",
            (
                'contact_id "+229140123456" is too short for its country code.'
                " Insert the lost 0 after +229: Benin numbers start with 01."
            ),
        ),
        (
            "+22507123456",
            (
                'contact_id "+22507123456" is too short for its country code.'
                " Insert 07 after +225: Ivory Coast numbers now have 10 digits."
            ),
        ),
        (
            "+4155552671",
            (
                'contact_id "+4155552671" is too short for its country code.'
                " If it is a US or Canadian number, insert the country code 1."
            ),
        ),
    ],
)
def test_a_contact_must_be_a_possible_phone_number(value: object, message: str) -> None:
    assert messages("invalid-contact-id", {"contact_id": value}) == [message]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("4155552671", 'Add "+" and the country code, or fix it with --region.'),
        ("0707070701", 'Add "+" and the country code, or fix it with --region.'),
        ("(415) 555-2671", 'Add "+" and the country code, or fix it with --region.'),
        ("+1 (415) 555-2671", 'Remove everything except "+" and the digits.'),
        # A leading 0 belongs to an Italian number, and not to a British one.
        ("+39 (0)2 1234 5678", 'Remove everything except "+" and the digits.'),
        (
            "+44 (0)7400 123456",
            'Remove "(0)" and everything else except "+" and the digits.',
        ),
        (
            "+44 07400 123456",
            'Remove everything except "+" and the digits, then remove the domestic trunk prefix.',
        ),
        ("00447400123456", 'Replace the leading 00 with "+".'),
        (
            "0044 7400 123456",
            'Replace the leading 00 with "+", then remove everything except "+" and the digits.',
        ),
        (
            "+54 11 15 5555 0123",
            (
                'Remove everything except "+" and the digits, then insert 9 after +54 and remove the'
                " 15 after the area code."
            ),
        ),
        (
            "+229 61 12 34 56",
            (
                'Remove everything except "+" and the digits, then insert 01 after +229: Benin'
                " numbers now have 10 digits."
            ),
        ),
        (" +14155552671", "Remove the surrounding white space."),
        (" 14155552671", 'Restore the lost "+" (in a form body, escape it as %2B).'),
        ("'+14155552671", "Remove the leading apostrophe (a spreadsheet adds it to text)."),
        (
            "'4155552671",
            (
                'Remove the leading apostrophe (a spreadsheet adds it to text), then add "+" and'
                " the country code, or fix it with --region."
            ),
        ),
        ('="+14155552671"', 'Remove the surrounding ="…" (a spreadsheet formula).'),
        (
            "1.41556E+10",
            "A spreadsheet rounded it: export again with the column formatted as text.",
        ),
        (
            "14155552671.0",
            (
                "Remove the .0 (a program read it as a number). If it starts with the country code 1,"
                ' add "+" before it.'
            ),
        ),
        ("whatsapp:+14155550123", 'Remove the prefix "whatsapp:".'),
        (
            "tel:+1-415-555-2671",
            'Remove the prefix "tel:", then remove everything except "+" and the digits.',
        ),
        ("+14155552671 x12", "Remove the extension."),
        (
            "+14155550123 ::: +14155550124",
            "It holds more than one number: write one item for each.",
        ),
        (
            "+1\ufe0d4155550123",
            "Remove the invisible characters: U+FE0D.",
        ),
        (
            "\u202a+14155552671\u202c",
            "Remove the invisible characters: U+202A, U+202C.",
        ),
    ],
)
def test_a_hint_says_how_to_write_a_number_in_e164(value: str, hint: str) -> None:
    assert messages("invalid-contact-id", {"contact_id": value}) == [
        f'contact_id "{value}" {NOT_E164} {hint}'
    ]


@pytest.mark.parametrize("value", ["+0123", "+1 (0) 5"])
def test_a_number_that_cannot_be_repaired_gets_no_hint(value: str) -> None:
    assert messages("invalid-contact-id", {"contact_id": value}) == [
        f'contact_id "{value}" {NOT_E164}'
    ]


@pytest.mark.parametrize("value", ["jane@example.com", "nan", "+", "x" * 50, "#N/A"])
def test_an_item_without_a_number_should_be_left_out(value: str) -> None:
    assert messages("invalid-contact-id", {"contact_id": value}) == [
        f'contact_id "{value}" {NOT_E164} {NO_NUMBER}'
    ]


def test_a_letter_in_a_number_is_named() -> None:
    assert messages("invalid-contact-id", {"contact_id": "+1415555O123"}) == [
        f'contact_id "+1415555O123" {NOT_E164} It contains a letter: O.'
    ]


@pytest.mark.parametrize(
    ("number", "canonical", "hint"),
    [
        ("+4407400123456", "+447400123456", "Remove the domestic trunk prefix."),
        (
            "+54111555550123",
            "+5491155550123",
            "Insert 9 after +54 and remove the 15 after the area code.",
        ),
    ],
)
def test_a_number_with_a_trunk_prefix_is_not_canonical(
    number: str, canonical: str, hint: str
) -> None:
    for field in ("contact_id", "sender_id"):
        assert messages("contact-id-not-canonical", {field: number}) == [
            f'{field} "{number}" should be "{canonical}", or no STOP will match it. {hint}'
        ]


def test_the_senders_of_contacts_are_unknown_fields_and_nothing_else() -> None:
    for sender in ("+4407400123456", "MG00000000000000000000000000000001"):
        problems = problems_of([{**CONTACT, "sender_id": sender}], CONTACTS)
        assert [problem.rule for _, problem in problems] == ["unknown-field"]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("+551181234567", True),
        ("+5511981234567", False),
        # A landline, and a mobile number that still has eight digits.
        ("+551131234567", False),
        ("+551171234567", False),
        ("+5501812345678", False),
    ],
)
def test_a_mobile_number_of_brazil_without_the_ninth_digit_is_outdated(
    number: str, found: bool
) -> None:
    message = (
        f'contact_id "{number}" is in an outdated form. Insert 9 after the area code: mobile'
        " numbers of Brazil now have 9 digits."
    )
    assert messages("contact-id-outdated", {"contact_id": number}) == [message] * found
    assert messages("contact-id-outdated", {"contact_id": 5}) == []


def test_a_possible_number_need_not_be_assigned() -> None:
    assert messages("invalid-contact-id", {"contact_id": "+19999999999"}) == []
    assert messages("contact-id-unassigned", {"contact_id": "+19999999999"}) == [
        'contact_id "+19999999999" is not in an assigned number range. Check it for a typing error.'
    ]
    assert messages("contact-id-unassigned", {"contact_id": "+19"}) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (MISSING, "sender_id is missing."),
        (
            "",
            "sender_id is empty, expected a Messaging Service SID, a phone number or a short code.",
        ),
        (12345, "sender_id is 12345 (a number), expected a string. Put it in quotes."),
        (
            "My Shop",
            (
                'sender_id "My Shop" is not a Messaging Service SID ("MG" and 32 hexadecimal digits),'
                " a phone number in E.164 format or a short code (3 to 7 digits)."
                " Alphanumeric sender IDs are not accepted: nobody can reply STOP to one."
            ),
        ),
        (
            "12345678",
            (
                'sender_id "12345678" is not a short code (3 to 7 digits) or a phone number in E.164'
                ' format (such as +14155552671). If it is a phone number, add "+" and the country'
                " code."
            ),
        ),
        (
            "+12345",
            (
                'sender_id "+12345" is too short for its country code.'
                ' If it is a short code, remove the "+".'
            ),
        ),
        (
            "MG9752274e9e519418a7406176694466f",
            (
                'sender_id "MG9752274e9e519418a7406176694466f" has 31 hexadecimal digits after MG,'
                " expected 32."
            ),
        ),
        (
            "mg9752274e9e519418a7406176694466fa",
            (
                'sender_id "mg9752274e9e519418a7406176694466fa" is not a Messaging Service SID'
                ' ("MG" and 32 hexadecimal digits). Write MG in upper case.'
            ),
        ),
        (
            "PN9752274e9e519418a7406176694466fa",
            (
                'sender_id "PN9752274e9e519418a7406176694466fa" is not a Messaging Service SID ("MG"'
                ' and 32 hexadecimal digits). A Messaging Service SID starts with "MG", not "PN".'
            ),
        ),
    ],
)
def test_a_sender_must_be_a_service_a_phone_number_or_a_short_code(
    value: object, message: str
) -> None:
    assert messages("invalid-sender-id", {"sender_id": value}) == [message]


def test_a_finding_that_the_lenient_profile_would_not_raise_says_so() -> None:
    for field, value in (("sender_id", "rcs:my_agent"), ("correlation_id", "z" * 32)):
        rule = f"invalid-{field.replace('_', '-')}"
        (message,) = messages(rule, {field: value})
        assert message.endswith(" The lenient profile accepts this form.")
        assert messages(rule, {field: value}, Profile.LENIENT) == []


def test_a_from_number_is_advised_against() -> None:
    for sender, kind in (("+14155552671", "phone number"), ("12345", "short code")):
        assert messages("sender-not-messaging-service", {"sender_id": sender}) == [
            (
                f'sender_id "{sender}" is a {kind}. Send a Messaging Service SID so that the consent'
                " holds across RCS, SMS and MMS."
            )
        ]
    for sender in (CONSENT["sender_id"], "+19", "My Shop", None):
        assert messages("sender-not-messaging-service", {"sender_id": sender}) == []


def test_an_opt_in_for_a_toll_free_sender_is_advised_against() -> None:
    sender = {"sender_id": "+18005550123"}
    assert messages("toll-free-sender", sender) == [
        (
            'sender_id "+18005550123" is a toll-free number: an opt-in does not override a STOP that'
            " the person sent to it."
        )
    ]
    assert messages("toll-free-sender", {**sender, "status": "opt-out"}) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "is null, expected a string. Add a new ID."),
        (
            "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684",
            (
                '"5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684" is not 32 hexadecimal digits.'
                " Write the UUID without hyphens."
            ),
        ),
        (
            "5f0c2e7f",
            (
                '"5f0c2e7f" has 8 hexadecimal digits, expected 32.'
                " Use a UUID without hyphens, for example."
            ),
        ),
        (
            "5.00E+31",
            (
                '"5.00E+31" is not 32 hexadecimal digits.'
                " A spreadsheet rounded it: export again with the column formatted as text."
            ),
        ),
    ],
)
def test_a_correlation_id_must_have_32_hexadecimal_digits(value: object, message: str) -> None:
    assert messages("invalid-correlation-id", {"correlation_id": value}) == [
        f"correlation_id {message}"
    ]


def test_a_correlation_id_must_be_unique_ignoring_case() -> None:
    upper = str(CONSENT["correlation_id"]).upper()
    items = [CONSENT, {**CONSENT, "correlation_id": upper}]
    ((position, problem),) = (
        found for found in problems_of(items) if found[1].rule == "invalid-correlation-id"
    )
    assert position == 1
    assert describe(problem, items[1]) == (
        f'correlation_id "{upper}" is already used on line 1. Give the item a new ID.'
    )


def test_duplicates_of_an_id_that_is_invalid_under_the_profile_are_not_reported() -> None:
    items = [{**CONSENT, "correlation_id": "Z" * 32}] * 2
    for profile, details in (
        (Profile.DOCUMENTED, ["pattern", "pattern"]),
        (Profile.LENIENT, ["duplicate"]),
    ):
        found = problems_of(items, CONSENTS, profile)
        assert [p.detail for _, p in found if p.rule == "invalid-correlation-id"] == details


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (MISSING, "status is missing."),
        (
            "opted_in",
            'status is "opted_in", expected "opt-in" or "opt-out". Write "opt-in".',
        ),
        (
            "STOP",
            (
                'status is "STOP", expected "opt-in" or "opt-out".'
                " If the person withdrew the consent, send opt-out."
            ),
        ),
        (
            1,
            (
                'status is 1 (a number), expected "opt-in" or "opt-out". Put it in quotes.'
                " If the person agreed, send opt-in."
            ),
        ),
        (
            "FALSE",
            (
                'status is "FALSE", expected "opt-in" or "opt-out".'
                " If the person withdrew the consent, send opt-out. If they never agreed, leave the"
                " item out."
            ),
        ),
        (
            "opt–in",
            (
                'status is "opt–in", expected "opt-in" or "opt-out".'
                ' Write "opt-in"; the value contains U+2013.'
            ),
        ),
        (
            "opt-in ",
            (
                'status is "opt-in ", expected "opt-in" or "opt-out".'
                " Remove the surrounding white space."
            ),
        ),
        (
            "pending",
            (
                'status is "pending", expected "opt-in" or "opt-out".'
                " If the person has not decided yet, leave the item out."
            ),
        ),
        (
            "declined",
            (
                'status is "declined", expected "opt-in" or "opt-out". If the person withdrew'
                " the consent, send opt-out. If they never agreed, leave the item out."
            ),
        ),
        ({}, 'status is an object, expected "opt-in" or "opt-out".'),
    ],
)
def test_a_status_must_be_one_of_two(value: object, message: str) -> None:
    assert messages("invalid-status", {"status": value}) == [message]


def test_a_status_that_contradicts_the_source_is_advised_against() -> None:
    assert messages("status-source-mismatch", {"source": "opt-out-message"}) == [
        'status is "opt-in", but source is "opt-out-message". Check which of the two is correct.'
    ]
    assert messages("status-source-mismatch", {"source": "opt-in-message"}) == []


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("web", ' Did you mean "website"?'),
        ("Web site", ' Write "website".'),
        ("other", ' Write "others".'),
        ("billboard", ' If none of the others fits, write "others".'),
    ],
)
def test_a_source_must_be_one_of_five(value: str, hint: str) -> None:
    assert messages("invalid-source", {"source": value}) == [
        f'source is "{value}", expected {SOURCES}.{hint}'
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, f"is null, expected a string. {LEAVE_OUT}"),
        (float("nan"), f"is NaN (no value), expected a string. {LEAVE_OUT}"),
        ("", f"is empty, expected a date with a time. {LEAVE_OUT}"),
        ("NaT", f'"NaT" {NOT_A_DATE} {LEAVE_OUT}'),
        ("Invalid date", f'"Invalid date" {NOT_A_DATE} {LEAVE_OUT}'),
        ("0000-00-00 00:00:00", f'"0000-00-00 00:00:00" {NOT_A_DATE} {LEAVE_OUT}'),
        (
            "2025-06-02",
            f'"2025-06-02" {NOT_A_DATE} Add the time, or fix it with --time-of-day: a date alone is rejected.',
        ),
        (
            "2025-06-02 15:30:00Z",
            f'"2025-06-02 15:30:00Z" {NOT_A_DATE} Write T between date and time.',
        ),
        (
            "2025-06-02 15:30:00 UTC",
            (
                f'"2025-06-02 15:30:00 UTC" {NOT_A_DATE}'
                " Write T before the time, and the offset (Z for UTC) without a space."
            ),
        ),
        (
            "2025/06/02 15:30",
            f'"2025/06/02 15:30" {NOT_A_DATE} Write hyphens in the date and T before the time.',
        ),
        (
            "2025-06-02t15:30:00z",
            f'"2025-06-02t15:30:00z" {NOT_A_DATE} Write T and Z in upper case.',
        ),
        (
            "2025-02-28T10:05:27 02:00",
            (
                f'"2025-02-28T10:05:27 02:00" {NOT_A_DATE}'
                ' Restore the lost "+" of the offset (in a form body, escape it as %2B).'
            ),
        ),
        (
            "2025-02-28T10:05:27+01:00[Europe/Paris]",
            (
                f'"2025-02-28T10:05:27+01:00[Europe/Paris]" {NOT_A_DATE}'
                " Remove the name of the time zone in brackets, [Europe/Paris]."
            ),
        ),
        (
            "Fri Feb 28 2025 10:05:27 GMT-0500 (EST)",
            (
                f'"Fri Feb 28 2025 10:05:27 GMT-0500 (EST)" {NOT_A_DATE}'
                " Write numbers, not names of days and months; in JavaScript, use toISOString()."
            ),
        ),
        (
            "1.1.2018 1:00",
            (
                f'"1.1.2018 1:00" {NOT_A_DATE} Write the year first, then month and day, and the'
                " time; the day or the month may come first, so fix it with --date-format DMY or MDY."
            ),
        ),
        (
            "1.34681E+12",
            (
                f'"1.34681E+12" {NOT_A_DATE}'
                " A spreadsheet rounded it: export again with the column formatted as text."
            ),
        ),
        (
            1740737127,
            (
                "is 1740737127 (a number), expected a string."
                " If it is a Unix timestamp, convert it to a date with a time."
            ),
        ),
        (
            "45123.5",
            (
                f'"45123.5" {NOT_A_DATE}'
                " If it is a spreadsheet's day number, format the column as a date with a time."
            ),
        ),
        (
            {"$date": "2025-02-28T10:05:27Z"},
            'is an object, expected a string. Use the value inside {"$date": …}.',
        ),
        ("2025-06-02T25:00:00Z", f'"2025-06-02T25:00:00Z" {NOT_A_DATE} There is no hour 25.'),
        (
            "2025-06-02 15:30 EST",
            (
                f'"2025-06-02 15:30 EST" {NOT_A_DATE} Write the UTC offset, such as -05:00,'
                " instead of the name of the time zone."
            ),
        ),
        (
            "2025-6-2T15:30:00Z",
            (
                f'"2025-6-2T15:30:00Z" {NOT_A_DATE} Write month, day and hour with two digits,'
                " and T before the time."
            ),
        ),
        (
            "2024-02-30T10:00Z",
            '"2024-02-30T10:00Z" is not a real date (February 2024 has 29 days).',
        ),
        (
            "2025-06-02T24:30Z",
            '"2025-06-02T24:30Z" has hour 24, which is valid only as 24:00 or 24:00:00.',
        ),
        (
            "2030-01-01T00:00:00Z",
            '"2030-01-01T00:00:00Z" is in the future. If it is a placeholder, leave the field out.',
        ),
        (
            "2030-01-01T00:00:00",
            (
                '"2030-01-01T00:00:00" is in the future. It has no UTC offset, so it was read as UTC.'
                " If it is a placeholder, leave the field out."
            ),
        ),
    ],
)
def test_a_date_of_consent_must_be_a_past_date_with_a_time(value: object, message: str) -> None:
    assert messages("invalid-date-of-consent", {"date_of_consent": value}) == [
        f"date_of_consent {message}"
    ]


def test_a_missing_date_is_valid_but_advised_against() -> None:
    missing = {"date_of_consent": MISSING}
    assert messages("invalid-date-of-consent", missing) == []
    assert messages("date-of-consent-missing", missing) == [
        "date_of_consent is missing. Send it to prove when the consent was given."
    ]


@pytest.mark.parametrize(
    ("value", "common"),
    [
        ("2025-W23-1T15:30Z", "2025-06-02T15:30:00Z"),
        ("20250602T153000Z", "2025-06-02T15:30:00Z"),
        ("2025-06-02T15:30:00,5Z", "2025-06-02T15:30:00.5Z"),
        ("2025-06-02T15:30:00+02", "2025-06-02T13:30:00Z"),
        ("2025-06-02T15:30:00+0200", "2025-06-02T13:30:00Z"),
        ("2025-06-02T15:30:00+18:30", "2025-06-01T21:00:00Z"),
        ("2025-06-02T15:30:00.1234567891Z", "2025-06-02T15:30:00.123456789Z"),
        ("2025-06-01T24:00:00Z", "2025-06-02T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2025-06-02T15:30", "2025-06-02T15:30:00"),
    ],
)
def test_a_form_that_some_parsers_reject_is_unusual(value: str, common: str) -> None:
    assert messages("date-of-consent-unusual", {"date_of_consent": value}) == [
        (
            f'date_of_consent "{value}" is valid ISO 8601, but some parsers reject this form.'
            f" Write {common}."
        )
    ]
    assert messages("date-of-consent-unusual", {"date_of_consent": common}) == []


def test_a_missing_offset_is_reported_once() -> None:
    date = {"date_of_consent": "2025-06-02T15:30:00"}
    assert messages("date-of-consent-unusual", date) == []
    assert messages("date-of-consent-no-offset", date) == [
        (
            'date_of_consent "2025-06-02T15:30:00" has no UTC offset.'
            " Append Z if the time is UTC, otherwise an offset such as +02:00."
        )
    ]


def test_a_date_before_the_first_text_message_is_implausible() -> None:
    rule = "date-of-consent-implausible"
    assert messages(rule, {"date_of_consent": "1992-12-03T00:00:00Z"}) == []
    assert messages(rule, {"date_of_consent": "1970-01-01T00:00:00Z"}) == [
        (
            'date_of_consent "1970-01-01T00:00:00Z" is before the first text message (1992-12-03).'
            " If the date is unknown, leave the field out."
        )
    ]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("us", ' Use "US".'),
        ("USA", ' Use "US".'),
        ("UK", ' Use "GB".'),
        ("EL", ' Use "GR".'),
        ("United States", ' Use "US".'),
        ("XK", " Kosovo has no officially assigned code."),
        ("ZZ", ""),
    ],
)
def test_a_country_must_be_an_assigned_code(value: str, hint: str) -> None:
    assert messages("invalid-country-iso-code", {"country_iso_code": value}) == [
        (
            f'country_iso_code is "{value}", expected an ISO 3166-1 alpha-2 country code such as'
            f" US.{hint}"
        )
    ]


def test_every_alpha_3_code_has_its_alpha_2_code() -> None:
    pycountry = pytest.importorskip("pycountry")
    codes = schemas.enumeration("country_iso_code")
    for country in pycountry.countries:
        if country.alpha_2 in codes:
            (message,) = messages("invalid-country-iso-code", {"country_iso_code": country.alpha_3})
            assert message.endswith(f'Use "{country.alpha_2}".')


@pytest.mark.parametrize(
    ("country", "value", "message"),
    [
        ("US", MISSING, "is missing."),
        ("HK", MISSING, "is missing. HK has no known postal code format, so any text is accepted."),
        ("US", " 94105", '" 94105" is surrounded by white space. Remove the surrounding white space.'),
        ("US", 94105, "is 94105 (a number), expected a string. Put it in quotes."),
        (
            "US",
            2360,
            ("is 2360 (a number), expected a string."
            " Put it in quotes, then restore the leading 0: 02360."),
        ),
        ("US", "9410", '"9410" is not a valid US postal code (such as 95014). Restore the leading 0: 09410.'),
        ("US", "681", '"681" is not a valid US postal code (such as 95014). Restore the leading 0: 00681.'),
        ("US", "'04101", '"\'04101" is not a valid US postal code (such as 95014). Remove the leading apostrophe (a spreadsheet adds it to text).'),
        ("US", "94105.0", '"94105.0" is not a valid US postal code (such as 95014). Remove the .0 (a program read it as a number).'),
        ("SV", "1101", '"1101" is not a valid SV postal code (such as CP 1101).'),
        ("IE", "BT79 0HR", '"BT79 0HR" is not a valid IE postal code (such as A65 F4E2).'),
    ],
)  # fmt: skip
def test_a_postal_code_must_have_the_format_of_its_country(
    country: str, value: object, message: str
) -> None:
    fields = {"country_iso_code": country, "zip_code": value}
    assert messages("invalid-zip-code", fields) == [f"zip_code {message}"]


def test_the_format_is_not_checked_if_the_country_is_rejected() -> None:
    fields: dict[str, object] = {"country_iso_code": "UK", "zip_code": "anything"}
    assert messages("invalid-zip-code", fields) == []


def unknown(endpoint: Endpoint, item: dict[str, object]) -> list[str]:
    found = problems_of([item], endpoint)
    return [describe(each, item) for _, each in found if each.rule == "unknown-field"]


def renamed(field: str, name: str) -> dict[str, object]:
    return {name if key == field else key: value for key, value in CONSENT.items()}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Phone", "contact_id"),
        ("phone_number", "contact_id"),
        ("msisdn", "contact_id"),
        ("mobile", "contact_id"),
        ("Contact ID", "contact_id"),
        ("consent_timestamp", "date_of_consent"),
        ("timestamp", "date_of_consent"),
        ("optin_date", "date_of_consent"),
        ("consent_date", "date_of_consent"),
        ("dateOfConsent", "date_of_consent"),
        ("Consent Status", "status"),
        ("messaging_service_sid", "sender_id"),
        ("correlationId", "correlation_id"),
    ],
)
def test_an_unknown_field_may_mean_one_that_is_missing(name: str, field: str) -> None:
    assert unknown(CONSENTS, renamed(field, name)) == [
        f'unknown field "{name}". Rename it to "{field}".'
    ]
    # If the field is there, it is not meant.
    assert unknown(CONSENTS, {**CONSENT, name: "x"}) == [
        f'unknown field "{name}". The API does not use it.'
    ]


def test_state_does_not_mean_status_if_the_item_has_a_status() -> None:
    assert unknown(CONSENTS, {**CONSENT, "state": "MA"}) == [
        'unknown field "state". The API does not use it.'
    ]


def test_no_field_is_called_unused_while_a_required_one_is_missing() -> None:
    assert unknown(CONSENTS, renamed("contact_id", "kunde")) == [
        'unknown field "kunde". If it holds contact_id, rename it.'
    ]
    assert unknown(CONTACTS, {"kunde": "+14155552671", "zip_code": "94105", " ": "x"}) == [
        (
            'unknown field "kunde". If it holds contact_id, correlation_id or country_iso_code,'
            " rename it."
        ),
        (
            "a field has no name. If it holds contact_id, correlation_id or country_iso_code, rename"
            " it."
        ),
    ]


def test_the_mark_of_submit_is_not_unknown() -> None:
    assert unknown(CONSENTS, {**CONSENT, "consentlint_superseded_by": "3"}) == []


def test_twenty_unknown_fields_are_named_and_the_others_counted() -> None:
    item = {**CONSENT, **{f"extra{number}": 1 for number in range(1_030)}}
    found = unknown(CONSENTS, item)
    assert len(found) == 21
    assert found[-1] == "1,010 more fields are unknown."


def test_an_unknown_field_is_an_error_for_contacts_and_a_warning_for_consents() -> None:
    for endpoint, item in ((CONSENTS, CONSENT), (CONTACTS, CONTACT)):
        ((_, problem),) = problems_of([{**item, "email": "x"}], endpoint)
        assert problem.severity is endpoint.unknown_field


def test_a_duplicate_key_is_an_error_if_its_values_differ() -> None:
    found = problems_of([CONSENT], duplicates={"status": True, "x": False})
    assert [(problem.severity, describe(problem, CONSENT)) for _, problem in found] == [
        (Severity.ERROR, 'key "status" appears more than once, with different values.'),
        (Severity.WARNING, 'key "x" appears more than once, with the same value.'),
    ]


def test_twenty_duplicate_keys_are_named_and_the_others_counted() -> None:
    duplicates = {f"extra{number}": number == 24 for number in range(25)}
    found = [each for _, each in problems_of([CONSENT], duplicates=duplicates)]
    assert len(found) == 21
    assert found[-1].severity is Severity.ERROR
    assert describe(found[-1], CONSENT) == "5 more keys appear more than once."


def test_a_request_that_is_too_large_is_reported_once() -> None:
    items = [{**CONSENT, "correlation_id": f"{number:032x}"} for number in range(28)]
    for limit, positions in ((None, []), (25, [25]), (28, [])):
        found = [
            (position, problem)
            for position, problem in problems_of(items, request_limit=limit)
            if problem.rule == "request-too-large"
        ]
        assert [position for position, _ in found] == positions
        for _, problem in found:
            assert describe(problem, CONSENT) == "The request has more than 25 items. Split it."


def test_the_limit_counts_from_the_start_of_the_request() -> None:
    state = CrossItemState(25)
    state.request_start, state.last_position = 100, 99
    check = RULES_BY_NAME["request-too-large"].sequence
    assert check is not None
    for position in (100, 124, 125, 126):
        keys = keys_of(position, CONSENT, settings())
        assert len(check(keys, state)) == (position == 125)
        state.add(keys)


def test_ids_of_published_examples_are_placeholders() -> None:
    assert messages("placeholder", {"sender_id": "MG00000000000000000000000000000001"}) == [
        "sender_id comes from a published example. Send your own Messaging Service SID."
    ]
    published = "AD388B5A46B33B874B0D41F7226DB2EF"
    assert messages("placeholder", {"correlation_id": published}) == [
        "correlation_id comes from a published example. Send a new UUID."
    ]


def test_a_repaired_number_is_canonical() -> None:
    assert is_canonical("+14155552671")
    assert not is_canonical("+4407400123456")
    assert not is_canonical("+19")
    assert not is_canonical("4155552671")
