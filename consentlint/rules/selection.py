"""Select rules by name, reason code or group."""

from collections.abc import Iterable
from typing import NamedTuple

from consentlint.model.findings import Severity
from consentlint.rules import RULES, Rule
from consentlint.text.masking import shown
from consentlint.text.suggestions import suggest

Choice = frozenset[tuple[str, Severity]]
"""Names of rules, each with a severity: a rule may report errors as well as warnings."""


def _severities(rule: Rule) -> Choice:
    """Return a rule with each severity that its findings may have."""
    severities = Severity if rule.severities else (rule.severity,)
    return frozenset((rule.name, severity) for severity in severities)


_ALL = frozenset[tuple[str, Severity]]().union(*map(_severities, RULES))

GROUPS = {
    "all": _ALL,
    "default": frozenset().union(*(_severities(rule) for rule in RULES if rule.default)),
    "errors": frozenset(pair for pair in _ALL if pair[1] is Severity.ERROR),
    "advice": frozenset(pair for pair in _ALL if pair[1] is Severity.WARNING),
}
_NAMES: dict[str, Choice] = {
    **GROUPS,
    **{rule.name: _severities(rule) for rule in RULES},
    **{str(rule.reason): _severities(rule) for rule in RULES if rule.reason},
}


class Selection(NamedTuple):
    """The rules to run."""

    rules: frozenset[str]
    muted: Choice = frozenset()
    """What is not reported of these rules."""

    @classmethod
    def of(cls, choice: Choice) -> "Selection":
        """Return the selection for rules with severities."""
        rules = frozenset(rule for rule, _ in choice)
        return cls(rules, frozenset(pair for pair in _ALL - choice if pair[0] in rules))

    def without(self, choice: Choice) -> "Selection":
        """Return the selection without these rules with severities."""
        selected = {pair for pair in _ALL if pair[0] in self.rules}
        return self.of(frozenset(selected - self.muted - choice))


def chosen(names: Iterable[str]) -> Choice:
    """Return what these names, reason codes and groups choose.

    Args:
        names: each may hold several, separated by commas.

    Raises:
        ValueError: a name is unknown; the message suggests another one.
    """
    pairs: set[tuple[str, Severity]] = set()
    for name in filter(None, map(str.strip, ",".join(names).split(","))):
        # A rule is named like its reason code, in lower case.
        choice = _NAMES.get(name) or _NAMES.get(name.lower().replace("_", "-"))
        if choice is None:
            meant = suggest(name, _NAMES)
            hint = f'Did you mean "{meant}"?' if meant else "See: consentlint rules"
            raise ValueError(f'unknown rule "{shown(name)}". {hint}')
        pairs |= choice
    return frozenset(pairs)


def select_rules(select: Iterable[str], ignore: Iterable[str]) -> Selection:
    """Return the rules to run.

    Args:
        select: names of the rules to run.
        ignore: names of rules to leave out.

    Raises:
        ValueError: a name is unknown, or no rule is left.
    """
    selection = Selection.of(chosen(select) - chosen(ignore))
    if not selection.rules:
        # An empty variable in a script must not turn the linter off.
        raise ValueError("no rule is left to run. Check --select and --ignore")
    return selection
