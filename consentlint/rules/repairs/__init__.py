"""Repairs of invalid values: one module for each field.

A module proposes candidates for a broken value. A candidate counts only if the repaired item
passes the rule that reported the problem and the field has no new error, so that nobody is
rejected again for following a hint. The best one is the hint of a finding, and what `--fix` writes.
"""

from collections.abc import Callable, Mapping, Sequence

from consentlint.rules._form import is_rounded
from consentlint.rules._rule import Problem, Rule, RuleSettings
from consentlint.rules.repairs import (
    correlation_id,
    country_iso_code,
    date_of_consent,
    keys,
    phone_number,
    sender_id,
    source,
    status,
    zip_code,
)
from consentlint.rules.repairs._dates import date_in, is_zone
from consentlint.rules.repairs._readings import says_no_value
from consentlint.rules.repairs._repair import Broken, Repair, Repairs, problems_of, verified

REPAIRS = {
    "invalid-correlation-id": Repairs(correlation_id.propose, correlation_id.advise),
    "invalid-sender-id": Repairs(sender_id.propose, sender_id.advise),
    "invalid-country-iso-code": Repairs(country_iso_code.propose, country_iso_code.advise),
    "invalid-contact-id": Repairs(phone_number.propose, phone_number.advise),
    "invalid-zip-code": Repairs(zip_code.propose, zip_code.advise),
    "invalid-status": Repairs(status.propose, status.advise),
    "invalid-source": Repairs(source.propose, source.advise),
    "invalid-date-of-consent": Repairs(date_of_consent.propose, date_of_consent.advise),
    "contact-id-not-canonical": Repairs(phone_number.propose),
    "contact-id-outdated": Repairs(phone_number.propose),
    "unknown-field": Repairs(keys.propose),
    "date-of-consent-no-offset": Repairs(date_of_consent.propose_offset),
    "date-of-consent-unusual": Repairs(date_of_consent.propose_usual),
}
"""How the problems of rules are repaired, by the name of the rule."""


def find_repair(
    problem: Problem, fields: Mapping[str, object], settings: RuleSettings
) -> Repair | None:
    """Return the best verified repair of a problem, None if there is none.

    Args:
        problem: the problem.
        fields: the fields of the item.
        settings: the settings under which it was found; its `repair` options say what unsafe
            repairs may assume.
    """
    repairs = REPAIRS.get(problem.rule)
    if repairs is None:
        return None
    broken = Broken(problem, fields, settings)
    return verified(repairs.propose(broken), broken)


def advise(problem: Problem, fields: Mapping[str, object], settings: RuleSettings) -> str:
    """Return what to do about a problem that has no repair, empty if there is nothing to add."""
    repairs = REPAIRS.get(problem.rule)
    return "" if repairs is None else repairs.advise(Broken(problem, fields, settings))


def repair_item(
    fields: Mapping[str, object],
    settings: RuleSettings,
    rules: Sequence[Rule],
    *,
    duplicate: Problem | None = None,
    accept: Callable[[Repair], bool] = lambda repair: repair.is_safe,
) -> tuple[list[tuple[Problem, Repair]], dict[str, object]]:
    """Repair an item as far as its problems can be repaired.

    Args:
        fields: the fields of the item.
        settings: the settings of the checks.
        rules: the rules whose problems are repaired.
        duplicate: the problem of an id that another item has, if there is one.
        accept: tells whether to apply a repair; the default is the safe ones.

    Returns:
        The problems that were repaired, each with its repair, and the fields of the repaired
        item.
    """
    repaired = dict(fields)
    done: dict[tuple[str, str | None], tuple[Problem, Repair]] = {}
    found: list[Problem] = [] if duplicate is None else [duplicate]
    found += problems_of(repaired, settings, rules)
    while found:
        problem = found.pop(0)
        key = (problem.rule, problem.field)
        if key in done:
            continue
        repair = find_repair(problem, repaired, settings)
        if repair is not None and accept(repair):
            done[key] = (problem, repair)
            repaired = repair.apply(repaired)
            found = problems_of(repaired, settings, rules)
    return list(done.values()), repaired


country_named = country_iso_code.country_named
number_in = phone_number.number_in
says_no_date = date_of_consent.says_no_date

__all__ = [
    "REPAIRS",
    "Repair",
    "advise",
    "country_named",
    "date_in",
    "find_repair",
    "is_rounded",
    "is_zone",
    "number_in",
    "problems_of",
    "repair_item",
    "says_no_date",
    "says_no_value",
]
