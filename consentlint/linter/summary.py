"""Count what a run has seen and said."""

from collections import Counter

from consentlint.model.findings import Finding, Severity
from consentlint.rules import FILE_RULES

_FILE_RULES = frozenset(rule.name for rule in FILE_RULES)


class Summary:
    """What a run has seen and said so far; it counts what is not shown, too."""

    def __init__(self) -> None:
        self.files = 0
        self.items = 0
        self.errors = 0
        """Findings of severity error, those of `unread` among them."""
        self.warnings = 0
        self.unread = 0
        """Findings of something that could not be read as what it is."""
        self.shown = 0
        """How many of the findings were reported one by one."""
        self.by_rule: Counter[str] = Counter()

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return self.errors + self.warnings

    def count(self, finding: Finding) -> None:
        """Take in a finding."""
        self.by_rule[finding.rule] += 1
        if finding.severity is Severity.ERROR:
            self.errors += 1
            self.unread += finding.rule in _FILE_RULES
        else:
            self.warnings += 1

    def exit_code(self, *, exit_zero: bool) -> int:
        """Return 2 where something could not be read, 1 where there are errors, otherwise 0."""
        if self.unread:
            return 2
        return 1 if self.errors and not exit_zero else 0
