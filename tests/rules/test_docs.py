"""Every rule has documentation, and its examples are true."""

import json

import pytest
from running import CONSENT, CONTACT, problems_of

from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import FileError, Reason
from consentlint.rules import DEFAULT_RULES, RULES, RULES_BY_NAME, Rule, rules_for
from consentlint.rules.docs import docs_of, example_items, subjects_of

PARSE_ERRORS = {error.value for error in FileError}
TABLE_FORM = "ambiguous-csv"
WITHOUT_EXAMPLES = {"internal-server-error", "request-too-large", TABLE_FORM} | PARSE_ERRORS
WITH_EXAMPLES = [rule for rule in RULES if rule.name not in WITHOUT_EXAMPLES]


def rules_raised(rule: Rule, example: str) -> set[str]:
    """Return the rules that an example raises.

    An example shows the fields that matter; the others are those of a valid item. One that has
    a correlation id and a status is whole.
    """
    endpoint = ENDPOINTS[rule.kinds[0]]
    base = CONSENT if endpoint.name == "consents" else CONTACT
    items: list[dict[str, object]] = []
    duplicates: dict[str, bool] = {}
    for index, text in enumerate(example_items(example)):
        pairs = json.loads(text, object_pairs_hook=list)
        given = dict(pairs)
        duplicates |= {key: given[key] != value for key, value in pairs if given[key] != value}
        whole = "correlation_id" in given and "status" in given
        items.append(given if whole else {**base, "correlation_id": f"{index:032x}", **given})
    return {problem.rule for _, problem in problems_of(items, endpoint, duplicates=duplicates)}


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.name)
def test_the_bad_example_raises_the_rule(rule: Rule) -> None:
    assert rule.name in rules_raised(rule, docs_of(rule).bad)


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.name)
def test_the_good_example_raises_no_error_and_not_the_rule(rule: Rule) -> None:
    raised = rules_raised(rule, docs_of(rule).good)
    assert rule.name not in raised
    assert raised.isdisjoint(rule.name for rule in RULES if rule.severity == "error")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_documentation_says_what_is_wrong_why_on_what_evidence_and_what_to_do(rule: Rule) -> None:
    docs = docs_of(rule)
    assert docs.summary.endswith(".")
    assert all((docs.why, docs.evidence, docs.what_to_do))
    assert bool(docs.bad) is bool(docs.good) is (rule in WITH_EXAMPLES)


def test_what_no_document_says_is_marked_as_ours() -> None:
    unmarked = {rule.name for rule in RULES if not rule.reason and not docs_of(rule).ours}
    assert unmarked <= PARSE_ERRORS


def test_names_are_unique_and_a_rule_with_a_reason_code_is_named_like_it() -> None:
    assert len(RULES_BY_NAME) == len(RULES)
    for rule in RULES:
        if rule.reason:
            assert rule.name.upper().replace("-", "_") == rule.reason


def test_each_parse_error_and_each_reason_code_has_a_rule() -> None:
    assert {error.value for error in FileError} <= RULES_BY_NAME.keys()
    assert {rule.reason for rule in RULES} - {None} == set(Reason)


def test_a_rule_without_checks_has_no_words_and_one_with_checks_has() -> None:
    for rule in RULES:
        # The reader of a table notices its form.
        can_report = bool(rule.checks or rule.sequence or rule.keys or rule.name == TABLE_FORM)
        assert can_report is (rule.describe is not None)


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        ("consents", "CORRELATION_ID SENDER_ID CONTACT_ID STATUS SOURCE DATE_OF_CONSENT"),
        ("contacts", "CORRELATION_ID COUNTRY_ISO_CODE CONTACT_ID ZIP_CODE"),
    ],
)
def test_reason_codes_come_in_the_order_of_the_response(kind: str, reasons: str) -> None:
    rules = rules_for(ENDPOINTS[kind])
    assert [rule.reason for rule in rules if rule.reason] == [
        *(f"INVALID_{name}" for name in reasons.split()),
        "INTERNAL_SERVER_ERROR",
    ]


def test_rules_read_only_fields_of_the_endpoints_that_they_apply_to() -> None:
    # Their check of the sender finds nothing in contacts, which have none.
    shared = {"contact-id-not-canonical", "placeholder"}
    for endpoint in ENDPOINTS.values():
        for rule in rules_for(endpoint):
            fields = {field for check in rule.checks for field in check.fields}
            assert fields <= set(endpoint.fields) or rule.name in shared


def test_two_rules_are_off_by_default() -> None:
    assert RULES_BY_NAME.keys() - DEFAULT_RULES == {"contact-id-unassigned", "placeholder"}
    assert RULES_BY_NAME["placeholder"].severity_label == "warning, off by default"
    assert RULES_BY_NAME["unknown-field"].severity_label == "error or warning"


def test_subjects_name_the_endpoints_with_their_error_codes() -> None:
    assert subjects_of(RULES_BY_NAME["invalid-contact-id"]) == (
        "consents (30646) and contacts (30647)"
    )
    assert subjects_of(RULES_BY_NAME["invalid-zip-code"]) == "contacts (30647)"
    assert subjects_of(RULES_BY_NAME["file-kind"]) == "all files"


def test_an_example_of_several_items_has_one_line_of_json_for_each() -> None:
    lines = example_items(docs_of(RULES_BY_NAME["consent-duplicate"]).bad)
    assert lines == ['{"status": "opt-in"}', '{"status": "opt-in"}']
    duplicate = docs_of(RULES_BY_NAME["duplicate-key"]).bad
    assert example_items(duplicate) == [duplicate]
