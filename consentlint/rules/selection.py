"""Select rules by name, reason code or group."""

from collections.abc import Iterable

from consentlint.model.findings import Severity
from consentlint.rules import DEFAULT_RULES, RULES
from consentlint.text.masking import shown
from consentlint.text.suggestions import suggest

GROUPS = {
    "all": frozenset(rule.name for rule in RULES),
    "default": DEFAULT_RULES,
    "errors": frozenset(rule.name for rule in RULES if rule.severity is Severity.ERROR),
    "advice": frozenset(rule.name for rule in RULES if rule.severity is Severity.WARNING),
}
_NAMES = {
    **GROUPS,
    **{rule.name: frozenset({rule.name}) for rule in RULES},
    **{str(rule.reason): frozenset({rule.name}) for rule in RULES if rule.reason},
}


def rule_names(names: Iterable[str]) -> frozenset[str]:
    """Return the rules that these names, reason codes and groups select.

    Args:
        names: each may hold several, separated by commas.

    Raises:
        ValueError: a name is unknown; the message suggests another one.
    """
    chosen: set[str] = set()
    for name in filter(None, map(str.strip, ",".join(names).split(","))):
        # A rule is named like its reason code, in lower case.
        rules = _NAMES.get(name) or _NAMES.get(name.lower().replace("_", "-"))
        if rules is None:
            meant = suggest(name, _NAMES)
            hint = f'Did you mean "{meant}"?' if meant else "See: consentlint rules"
            raise ValueError(f'unknown rule "{shown(name)}". {hint}')
        chosen |= rules
    return frozenset(chosen)


def selected_rules(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """Return the rules to run.

    Args:
        select: names of the rules to run.
        ignore: names of rules to leave out.

    Raises:
        ValueError: a name is unknown, or no rule is left.
    """
    rules = rule_names(select) - rule_names(ignore)
    if not rules:
        # An empty variable in a script must not turn the linter off.
        raise ValueError("no rule is left to run. Check --select and --ignore")
    return rules
