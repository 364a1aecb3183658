"""Count what a run has checked and found."""

from collections import Counter
from typing import TYPE_CHECKING

from consentlint.linter.checked_file import CheckedFile
from consentlint.model.findings import FileError, Severity

if TYPE_CHECKING:
    from consentlint.linter.baseline import Baseline

_FILE_ERRORS = frozenset(map(str, FileError))


class Summary:
    """The counts of a run; findings that are not shown are counted as well."""

    def __init__(self) -> None:
        self.files = 0
        self.skipped = 0
        """Files without fields of the API, which were not checked."""
        self.items = 0
        self.errors = 0
        """Findings with severity error, those in `unread` among them."""
        self.warnings = 0
        self.unread = 0
        """Parse errors."""
        self.shown = 0
        """How many findings were reported one by one."""
        self.by_rule: Counter[str] = Counter()
        self.baseline: Baseline | None = None
        """What hides some of the findings, if anything does; those are not counted here."""

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return self.errors + self.warnings

    def add(self, file: CheckedFile) -> None:
        """Add the counts of a file."""
        self.files += 1
        self.items += file.report.items
        for rule, severity, count in file.counts():
            self.by_rule[rule] += count
            if severity is Severity.ERROR:
                self.errors += count
                self.unread += count if rule in _FILE_ERRORS else 0
            else:
                self.warnings += count

    def exit_code(self, *, exit_zero: bool) -> int:
        """Return 2 if something could not be read, 1 if there are errors, otherwise 0."""
        if self.unread:
            return 2
        return 1 if self.errors and not exit_zero else 0
