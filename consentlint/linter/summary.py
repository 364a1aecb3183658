"""Count what a run has checked and found."""

from collections import Counter
from typing import TYPE_CHECKING

from consentlint.linter.checked_file import CheckedFile
from consentlint.model.findings import FileError, Finding, Severity

if TYPE_CHECKING:
    # A run that fixes nothing does not load it.
    from consentlint.linter.fix import FixedFile
    from consentlint.linter.fix_log import FixLog

_FILE_ERRORS = frozenset(map(str, FileError))


class Summary:
    """The counts of a run; findings that are not shown are counted as well."""

    def __init__(self) -> None:
        self.files = 0
        self.items = 0
        self.errors = 0
        """Findings with severity error, those in `unread` among them."""
        self.warnings = 0
        self.unread = 0
        """Parse errors."""
        self.shown = 0
        """How many findings were reported one by one."""
        self.by_rule: Counter[str] = Counter()
        self.fixable = 0
        """How many of the findings that were reported can be fixed safely."""
        self.unsafe_fixable = 0
        """How many problems only an unsafe fix removes: of the findings that were reported, or of
        all that remain after a fix."""
        self.is_fixing = False
        """Whether files are fixed, or it is shown how."""
        self.is_written = False
        """Whether fixed files are written."""
        self.fixed = 0
        """How many problems were fixed."""
        self.fixed_records = 0
        """How many items were changed."""
        self.shown_fixes: list[tuple[str, FixLog]] = []
        """The fixes to show one by one, for each file."""

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

    def add_finding(self, finding: Finding) -> None:
        """Add a finding that is reported one by one."""
        self.shown += 1
        if finding.fix is not None and not self.is_fixing:
            self.fixable += finding.fix.safe
            self.unsafe_fixable += not finding.fix.safe

    def add_fixes(self, file: "FixedFile", *, show: bool) -> None:
        """Add what was fixed in a file.

        Args:
            file: the file.
            show: whether to show the fixes one by one.
        """
        self.fixed += file.log.problems
        self.fixed_records += file.log.records
        self.unsafe_fixable += file.unsafe_fixable
        if show:
            self.shown_fixes.append((file.checked.report.name or "", file.log))

    def exit_code(self, *, exit_zero: bool) -> int:
        """Return 2 if something could not be read, 1 if there are errors, otherwise 0."""
        if self.unread:
            return 2
        return 1 if self.errors and not exit_zero else 0


def is_parse_error(finding: Finding) -> bool:
    """Tell whether a finding is about something that cannot be read."""
    return finding.rule in _FILE_ERRORS
