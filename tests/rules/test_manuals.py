"""Every rule has a manual, and its examples are true."""

import pytest

from consentlint import CONSENTS
from consentlint.fields import iso8601, schemas
from consentlint.formats._json_text import RepeatingObject, parse
from consentlint.linter.checker import Checker, Terms
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.items import Item
from consentlint.rules import FILE_RULES, RULES, Rule
from consentlint.rules.docs import manual

WITHOUT_EXAMPLES = {"internal-server-error", "request-too-large"} | {r.name for r in FILE_RULES}
WITH_EXAMPLES = [rule for rule in RULES if rule.name not in WITHOUT_EXAMPLES]
NOW = iso8601.read("2026-01-01T00:00:00Z").moment


def rules_raised(rule: Rule, example: str) -> set[str]:
    """Return the rules that an example raises.

    An example shows the fields that matter, the others are those of the schema's own
    example; one that has a correlation id is whole.
    """
    endpoint = CONSENTS if rule in CONSENTS.rules else ENDPOINTS["contacts"]
    (base,) = schemas.load(f"{endpoint.name.removesuffix('s')}-item")["examples"]
    parsed = parse(example)
    checker = Checker(endpoint, Terms(NOW, rules=frozenset(rule.name for rule in RULES)))
    raised = set()
    for index, given in enumerate(parsed if isinstance(parsed, list) else [parsed]):
        fields: dict[str, object] = {**base, "correlation_id": f"{index:032x}", **given}
        if "correlation_id" in given and "status" in given:
            fields = given
        repeated = given.repeated if isinstance(given, RepeatingObject) else {}
        raised |= {finding.rule for finding in checker.check(Item(index, fields, repeated))}
    return raised


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.name)
def test_the_bad_example_raises_the_rule(rule: Rule) -> None:
    assert rule.name in rules_raised(rule, manual(rule).bad)


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.name)
def test_the_good_example_raises_no_error_and_not_the_rule(rule: Rule) -> None:
    raised = rules_raised(rule, manual(rule).good)
    assert rule.name not in raised
    assert raised.isdisjoint(rule.name for rule in RULES if rule.severity == "error")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_manual_says_what_is_wrong_why_on_what_evidence_and_what_to_do(rule: Rule) -> None:
    page = manual(rule)
    assert page.summary.endswith(".")
    assert all((page.why, page.evidence, page.what_to_do))
    assert bool(page.bad) is bool(page.good) is (rule in WITH_EXAMPLES)


def test_what_no_document_says_is_marked_as_ours() -> None:
    """Rules without a reason code are our own, and those of files speak for themselves."""
    unmarked = {rule.name for rule in RULES if not rule.reason and not manual(rule).ours}
    assert unmarked <= {rule.name for rule in FILE_RULES}


def test_names_are_unique_and_those_of_reason_codes_are_theirs() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        if rule.reason:
            assert rule.name.upper().replace("-", "_") == rule.reason
