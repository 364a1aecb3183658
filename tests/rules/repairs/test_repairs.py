"""A repair makes an invalid value valid, and says what it assumes."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from running import CONSENT, CONTACT, NOW, problems_of, settings

from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Profile
from consentlint.model.items import MISSING
from consentlint.model.settings import RepairOptions
from consentlint.rules import RULES, Problem, RuleSettings
from consentlint.rules.repairs import REPAIRS, Repair, find_repair, repair_item

ID = CONSENT["correlation_id"]
UUID = "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684"
SERVICE = "MG9752274e9e519418a7406176694466fa"


def repairs(
    fields: dict[str, object], *, unsafe: bool = False, options: RepairOptions | None = None
) -> dict[str, object]:
    """Return what the fields of an item become: a valid one, with some fields changed."""
    endpoint = CONTACTS if fields.keys() & {"country_iso_code", "zip_code"} else CONSENTS
    base = CONSENT if endpoint is CONSENTS else CONTACT
    item = {key: value for key, value in {**base, **fields}.items() if value is not MISSING}
    given = RuleSettings(endpoint, Profile.DOCUMENTED, NOW, options or NO_OPTIONS)
    _, repaired = repair_item(item, given, RULES, accept=lambda repair: unsafe or repair.is_safe)
    return {field: repaired.get(field, MISSING) for field in fields}


SAFE = [
    ("contact_id", " +14155552671\t", "+14155552671"),
    ("contact_id", "+1 (415) 555-2671", "+14155552671"),
    ("contact_id", "+1.415.555.2671", "+14155552671"),
    ("contact_id", "+1\u00a0415\u2011555\u20112671", "+14155552671"),
    ("contact_id", "\u202a+14155552671\u202c", "+14155552671"),
    ("contact_id", "tel:+1-415-555-2671", "+14155552671"),
    ("contact_id", "sms:+14155552671", "+14155552671"),
    ("contact_id", "whatsapp:+14155552671", "+14155552671"),
    ("contact_id", "'+14155552671", "+14155552671"),
    ("contact_id", '="+14155552671"', "+14155552671"),
    ("contact_id", "+14155552671.0", "+14155552671"),
    ("contact_id", "=+14155552671", "+14155552671"),
    ("contact_id", "\uff0b１４１５５５５２６７１", "+14155552671"),
    ("contact_id", "+1 415 555\u22122671", "+14155552671"),
    ("contact_id", "+7 8 495 123-45-67", "+74951234567"),
    ("contact_id", "+378 0549 882345", "+3780549882345"),
    ("contact_id", "+24106031234", "+24106031234"),
    ("contact_id", {"S": "+14155552671"}, "+14155552671"),
    ("contact_id", "+44 (0)7400 123456", "+447400123456"),
    ("contact_id", "+44 07400 123456", "+447400123456"),
    ("contact_id", "+4407400123456", "+447400123456"),
    # A leading 0 belongs to the numbers of these countries.
    ("contact_id", "+39 (0)2 1234 5678", "+390212345678"),
    ("contact_id", "+39 02 1234 5678", "+390212345678"),
    ("contact_id", "+225 (0)7 07 07 07 01", "+2250707070701"),
    ("contact_id", "+229 01 61 12 34 56", "+2290161123456"),
    ("correlation_id", UUID, ID),
    ("correlation_id", f"{{{UUID}}}", ID),
    ("correlation_id", f"urn:uuid:{UUID}", ID),
    ("correlation_id", f" {ID}", ID),
    ("correlation_id", f"0x{ID}", ID),
    ("correlation_id", ":".join(re.findall("..", str(ID))), ID),
    ("correlation_id", UUID.replace("-", " "), ID),
    ("sender_id", SERVICE.lower(), SERVICE),
    ("sender_id", f"MG{UUID}", f"MG{ID}"),
    ("sender_id", "+1 415 555 2671", "+14155552671"),
    ("status", "Opt-In", "opt-in"),
    ("status", "opt in", "opt-in"),
    ("status", "OPTED_OUT", "opt-out"),
    ("status", "re-opt-in", "opt-in"),
    ("status", "opt–out", "opt-out"),
    ("source", "Website", "website"),
    ("source", "OPT_IN_MESSAGE", "opt-in-message"),
    ("source", "Other", "others"),
    ("date_of_consent", "2025-06-02 15:30:00Z", "2025-06-02T15:30:00Z"),
    ("date_of_consent", "2025-06-02 15:30:00 UTC", "2025-06-02T15:30:00Z"),
    ("date_of_consent", "2025-06-02t15:30:00z", "2025-06-02T15:30:00Z"),
    ("date_of_consent", "2025-06-02T15:30:00 +02:00", "2025-06-02T15:30:00+02:00"),
    ("date_of_consent", "2025/06/02 15:30", "2025-06-02T15:30:00"),
    ("date_of_consent", "2025-6-2T5:30:00Z", "2025-06-02T05:30:00Z"),
    ("date_of_consent", "2025-06-02 3:30 PM", "2025-06-02T15:30:00"),
    ("date_of_consent", "2025-06-02T15:30:00\u221204:00", "2025-06-02T15:30:00-04:00"),
    ("date_of_consent", "\u200e2025-06-02T15:30:00Z", "2025-06-02T15:30:00Z"),
    ("date_of_consent", "2025-W23-1T15:30Z", "2025-06-02T15:30:00Z"),
    ("date_of_consent", "2025-06-02T15:30:00+0200", "2025-06-02T13:30:00Z"),
    ("date_of_consent", "2025-06-02T15:30:00+02:00[Europe/Paris]", "2025-06-02T15:30:00+02:00"),
    ("date_of_consent", None, MISSING),
    ("date_of_consent", "", MISSING),
    ("date_of_consent", "N/A", MISSING),
    ("date_of_consent", "#VALUE!", MISSING),
    ("date_of_consent", "0000-00-00 00:00:00", MISSING),
    ("country_iso_code", "us", "US"),
    ("country_iso_code", "USA", "US"),
    ("country_iso_code", "United States", "US"),
    ("country_iso_code", "Cote d'Ivoire", "CI"),
    ("country_iso_code", "ＵＳ", "US"),
    ("country_iso_code", "Vereinigte Staaten von Amerika", "US"),
    ("zip_code", " 94105", "94105"),
    ("zip_code", "94105 1234", "94105 1234"),
    ("zip_code", "94105/1234", "94105 1234"),
    ("zip_code", "2134", "02134"),
    ("zip_code", "681", "00681"),
    ("zip_code", "94105.0", "94105"),
    ("zip_code", "'04101", "04101"),
    ("zip_code", 94105, "94105"),
]


@pytest.mark.parametrize(("field", "value", "repaired"), SAFE)
def test_a_safe_repair_is_applied_without_an_option(
    field: str, value: object, repaired: object
) -> None:
    assert repairs({field: value}) == {field: repaired}


@pytest.mark.parametrize(
    ("country", "code", "repaired"),
    [
        ("CA", "k1a-0b1", "k1a 0b1"),
        ("GB", "EC1Y/8SY", "EC1Y 8SY"),
        # The separator is at another place than in an Irish code.
        ("IE", "BT79 0HR", "BT79 0HR"),
        ("DE", "D-01067", "01067"),
        ("DE", "F-01067", "F-01067"),
        ("NL", "NL 1012 AB", "1012 AB"),
        ("JP", "〒100-0001", "100-0001"),
        ("BR", "1310-100", "01310-100"),
        ("US", "94105-", "94105"),
        ("CA", "K 1A0B1", "K 1A0B1"),
        ("HK", "-", "-"),
    ],
)
def test_the_parts_of_a_postal_code_stay_where_they_are(
    country: str, code: str, repaired: str
) -> None:
    fields: dict[str, object] = {"country_iso_code": country, "zip_code": code}
    assert repairs(fields) == {**fields, "zip_code": repaired}


NO_OPTIONS = RepairOptions()
OPTIONS = RepairOptions("US", "America/New_York", "12:00:00Z", "MDY")
UNSAFE = [
    ("contact_id", "14155552671", "+14155552671", NO_OPTIONS),
    ("contact_id", "0044 7400 123456", "+447400123456", NO_OPTIONS),
    ("contact_id", "+4155552671", "+14155552671", NO_OPTIONS),
    ("contact_id", "+14155552671 x12", "+14155552671", NO_OPTIONS),
    ("contact_id", "+5215512345678", "+525512345678", NO_OPTIONS),
    ("contact_id", "+22961123456", "+2290161123456", NO_OPTIONS),
    ("contact_id", "+229140123456", "+2290140123456", NO_OPTIONS),
    ("contact_id", "+22507123456", "+2250707123456", NO_OPTIONS),
    ("contact_id", "+551181234567", "+5511981234567", NO_OPTIONS),
    ("contact_id", "+54 11 15 5555 0123", "+5491155550123", NO_OPTIONS),
    ("contact_id", "+54 9 11 15 5555 0123", "+5491155550123", NO_OPTIONS),
    ("contact_id", "011 44 7400 123456", "+447400123456", NO_OPTIONS),
    ("contact_id", "(415) 555-2671", "+14155552671", OPTIONS),
    ("contact_id", "4155552671", "+14155552671", OPTIONS),
    ("contact_id", 4155552671, "+14155552671", OPTIONS),
    ("sender_id", "+12345", "12345", NO_OPTIONS),
    ("sender_id", "747-474", "747474", NO_OPTIONS),
    ("sender_id", ID, f"MG{ID}", NO_OPTIONS),
    ("status", "Subscribed", "opt-in", NO_OPTIONS),
    ("status", "STOP", "opt-out", NO_OPTIONS),
    ("status", True, "opt-in", NO_OPTIONS),
    ("status", 1, "opt-in", NO_OPTIONS),
    ("status", "double opt-in", "opt-in", NO_OPTIONS),
    ("source", "web", "website", NO_OPTIONS),
    ("source", "keyword", "opt-in-message", NO_OPTIONS),
    ("source", "opt-out", "opt-out-message", NO_OPTIONS),
    ("country_iso_code", "Georgia", "GE", NO_OPTIONS),
    ("country_iso_code", "n/a", "NA", NO_OPTIONS),
    ("country_iso_code", "US-CA", "US", NO_OPTIONS),
    ("country_iso_code", "de_AT", "AT", NO_OPTIONS),
    ("date_of_consent", "20250602153000Z", "2025-06-02T15:30:00Z", NO_OPTIONS),
    (
        "date_of_consent",
        {"$date": {"$numberLong": "1740737127000"}},
        "2025-02-28T10:05:27Z",
        NO_OPTIONS,
    ),
    (
        "date_of_consent",
        {"_seconds": 1740737127, "_nanoseconds": 0},
        "2025-02-28T10:05:27Z",
        NO_OPTIONS,
    ),
    ("date_of_consent", "2030-01-01T00:00:00Z", MISSING, NO_OPTIONS),
    ("date_of_consent", "1740737127", "2025-02-28T10:05:27Z", NO_OPTIONS),
    ("date_of_consent", 1740737127000, "2025-02-28T10:05:27Z", NO_OPTIONS),
    ("date_of_consent", "/Date(1740737127123)/", "2025-02-28T10:05:27.123Z", NO_OPTIONS),
    (
        "date_of_consent",
        "Fri Feb 28 2025 10:05:27 GMT-0500 (Eastern Standard Time)",
        "2025-02-28T10:05:27-05:00",
        NO_OPTIONS,
    ),
    (
        "date_of_consent",
        "Fri, 28 Feb 2025 10:05:27 GMT",
        "2025-02-28T10:05:27Z",
        NO_OPTIONS,
    ),
    ("date_of_consent", "28.02.2025 10:05Z", "2025-02-28T10:05:00Z", NO_OPTIONS),
    ("date_of_consent", "02/03/2025 2:05 PM", "2025-02-03T14:05:00-05:00", OPTIONS),
    (
        "date_of_consent",
        "02/03/2025 12:05 am",
        "2025-03-02T00:05:00",
        RepairOptions(date_format="DMY"),
    ),
    ("date_of_consent", "2025-06-02", "2025-06-02T12:00:00Z", OPTIONS),
    ("date_of_consent", "2025-06-02T15:30:00", "2025-06-02T15:30:00-04:00", OPTIONS),
    ("date_of_consent", "2025-06-02 15:30", "2025-06-02T15:30:00-04:00", OPTIONS),
]


@pytest.mark.parametrize(("field", "value", "repaired", "options"), UNSAFE)
def test_a_repair_that_assumes_something_is_applied_only_on_request(
    field: str, value: object, repaired: object, options: RepairOptions
) -> None:
    assert repairs({field: value}, unsafe=True, options=options) == {field: repaired}
    assert repairs({field: value}, options=options) != {field: repaired}


NEVER = [
    ("contact_id", "4155552671"),
    ("contact_id", "1.41556E+10"),
    ("contact_id", "+14155550123 / +14155550124"),
    ("contact_id", "+1415555O123"),
    ("contact_id", "+١٤١٥٥٥٥٢٦٧١"),
    ("contact_id", ""),
    ("correlation_id", "5.00E+31"),
    ("correlation_id", "1234"),
    ("status", "no"),
    ("status", "FALSE"),
    ("status", 0),
    ("status", "Pending"),
    ("status", "Never subscribed"),
    ("status", "soft opt-in"),
    ("status", "oрt-in"),
    # Any other sign may negate the word.
    ("status", "!opt-in"),
    ("status", "opt-in?"),
    ("status", "[ ] opt-in"),
    ("status", "☐ opt-in"),
    ("status", "❌ opt-in"),
    ("status", "¬opt-in"),
    ("status", "opt-in: ✗"),
    ("status", "o\u0336p\u0336t\u0336-i\u0336n\u0336"),
    ("status", "≠ yes"),
    ("source", "!website"),
    ("source", "Shopify"),
    ("date_of_consent", "2025-02-30T10:00:00Z"),
    ("date_of_consent", "1.1.2018 1:00"),
    ("date_of_consent", "1.34681E+12"),
    ("date_of_consent", "2025-06-02"),
    ("country_iso_code", "Narnia"),
    ("zip_code", "94105-12"),
]


@pytest.mark.parametrize(("field", "value"), NEVER)
def test_what_cannot_be_known_is_not_repaired(field: str, value: object) -> None:
    assert repairs({field: value}, unsafe=True) == {field: value}


@pytest.mark.parametrize("local", ["2025-03-09T02:30:00", "2025-11-02T01:30:00"])
def test_a_time_that_the_clock_showed_twice_or_never_gets_no_offset(local: str) -> None:
    fields: dict[str, object] = {"date_of_consent": local}
    assert repairs(fields, unsafe=True, options=OPTIONS) == fields


def test_a_missing_or_duplicate_id_becomes_a_new_one() -> None:
    for value in (MISSING, None, "", "NaN"):
        (repaired,) = repairs({"correlation_id": value}).values()
        assert problems_of([{**CONSENT, "correlation_id": repaired}]) == []
    duplicate = Problem("invalid-correlation-id", "correlation_id", "duplicate", (0,))
    ((problem, repair),), item = repair_item(CONSENT, settings(), RULES, duplicate=duplicate)
    assert problem is duplicate
    assert repair.is_safe
    assert item["correlation_id"] != ID
    assert problems_of([CONSENT, item])[0][1].rule != "invalid-correlation-id"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Contact ID", "contact_id"),
        ("msisdn", "contact_id"),
        ("consent_timestamp", "date_of_consent"),
    ],
)
def test_a_key_that_means_a_missing_field_is_renamed(name: str, field: str) -> None:
    item = {name if key == field else key: value for key, value in CONSENT.items()}
    done, repaired = repair_item(item, settings(), RULES)
    assert [(repair.renames, repair.field) for _, repair in done] == [(name, field)]
    assert repaired == CONSENT


def test_what_a_repair_reveals_is_repaired_too() -> None:
    item = {key: value for key, value in CONSENT.items() if key != "contact_id"}
    done, repaired = repair_item({**item, "Phone": " +1 415 555 2671"}, settings(), RULES)
    assert len(done) == 2
    assert repaired == CONSENT


FIELDS = [(CONSENTS, field) for field in CONSENTS.fields] + [
    (CONTACTS, field) for field in CONTACTS.fields
]
PARTS = st.sampled_from(
    f"+|1|415|5552671|44|0|(0)| |-|\u00a0|\u200b|'|\"|opt|in|OUT|2025-06-02|T|15:30|Z|/|US|9410|.0|x12|MG"
    f"|tel:|{ID}".split("|")
)
VALUES = st.one_of(
    st.lists(PARTS, max_size=6).map("".join),
    st.text(max_size=20),
    st.integers(-(10**16), 10**16),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dictionaries(st.sampled_from(["S", "$date"]), st.text(max_size=9), max_size=1),
)


@pytest.mark.parametrize(("endpoint", "field"), FIELDS)
@given(value=VALUES, options=st.sampled_from([NO_OPTIONS, OPTIONS]))
@example(value="2" * 100, options=OPTIONS)
@example(value="20" + "25-06-02 " * 9, options=OPTIONS)
def test_a_repaired_item_is_never_rejected_for_the_same_reason(
    endpoint: Endpoint, field: str, value: object, options: RepairOptions
) -> None:
    base = CONSENT if endpoint is CONSENTS else CONTACT
    item = {**base, field: value}
    given = RuleSettings(endpoint, Profile.DOCUMENTED, NOW, options)
    for _, problem in problems_of([item], endpoint):
        repair = find_repair(problem, item, given)
        if repair is None:
            continue
        before = {(each.rule, each.field) for _, each in problems_of([item], endpoint)}
        repaired = repair.apply(item)
        after = {(each.rule, each.field) for _, each in problems_of([repaired], endpoint)}
        assert (problem.rule, problem.field) not in after
        assert {
            rule for rule, of in after - before if of == field and rule.startswith("invalid")
        } == set()
        assert {key: each for key, each in repaired.items() if key != field} == {
            key: each for key, each in item.items() if key != field
        }
        assert repair.hint.endswith((".", "?"))


@pytest.mark.parametrize(("endpoint", "field"), FIELDS)
@given(value=VALUES)
def test_repairing_twice_changes_nothing_more(
    endpoint: Endpoint, field: str, value: object
) -> None:
    item = {**(CONSENT if endpoint is CONSENTS else CONTACT), field: value}
    for accept in (lambda repair: repair.is_safe, lambda repair: True):
        _, once = repair_item(item, settings(endpoint), RULES, accept=accept)
        done, twice = repair_item(once, settings(endpoint), RULES, accept=accept)
        assert done == []
        assert twice == once


def test_every_repaired_rule_exists() -> None:
    assert REPAIRS.keys() <= {rule.name for rule in RULES}


def test_a_repair_is_safe_if_it_assumes_nothing() -> None:
    assert Repair("status", "opt-in", "Write it.").is_safe
    assert not Repair("status", "opt-in", "Write it.", "the person agreed").is_safe


GERMAN = RepairOptions(region="DE")


@pytest.mark.parametrize(
    ("number", "repaired"),
    [
        ("0160 7598983", "+491607598983"),
        # It starts with the code of the region.
        ("491607598983", "+491607598983"),
        # A number of the US, or a German one without its 0; an Italian one, or a German one.
        ("17639336338", "17639336338"),
        ("393331234567", "393331234567"),
    ],
)
def test_a_number_that_may_be_of_two_countries_is_not_repaired(number: str, repaired: str) -> None:
    assert repairs({"contact_id": number}, unsafe=True, options=GERMAN) == {"contact_id": repaired}
