"""Count what a run has checked and found."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from consentlint.linter.checked_file import CheckedFile
from consentlint.model.findings import FileError, Finding, Reason, Severity

if TYPE_CHECKING:
    from consentlint.linter.baseline import Baseline

    # A run that fixes nothing does not load it.
    from consentlint.linter.fix import FixedFile
    from consentlint.linter.fix_log import FixLog

_FILE_ERRORS = frozenset(map(str, FileError))


class Summary:
    """The counts of a run; findings that are not shown are counted as well."""

    def __init__(self) -> None:
        self.files = 0
        self.skipped = 0
        """Files without fields of the API, which were not checked."""
        self.skipped_tables: Sequence[str] = ()
        """The tables among them that may be what the user meant."""
        self.items = 0
        self.errors = 0
        """Findings with severity error, those in `unread` among them."""
        self.warnings = 0
        self.unread = 0
        """Parse errors."""
        self.shown = 0
        """How many findings were reported one by one."""
        self.baseline: Baseline | None = None
        """What hides some of the findings, if anything does; those are not counted here."""
        self.grouped = 0
        """How many findings were reported as more like one that is shown."""
        self.errors_by_rule: Counter[str] = Counter()
        self.warnings_by_rule: Counter[str] = Counter()
        self.incomplete = 0
        """Files that could not be read or checked completely."""
        self.rejected = 0
        """Records with a reason code, and those that cannot be parsed."""
        self.unparsed = 0
        """Records that cannot be parsed."""
        self.other_errors = 0
        """Records with errors, none of which has a reason code."""
        self.by_reason: Counter[Reason] = Counter()
        """Records for each reason code."""
        self.by_value: Counter[tuple[str, str | None]] = Counter()
        """Records for each field and invalid value (see `RecordCounts`)."""
        self.fixable = 0
        """How many of the findings that were reported can be fixed safely."""
        self.unsafe_fixable = 0
        """How many problems only an unsafe fix removes: of the findings that were reported, or of
        all that remain after a fix."""
        self.is_fixing = False
        """Whether files are fixed, or it is shown how."""
        self.is_written = False
        """Whether fixed files are written."""
        self.unwritten = 0
        """Files that could not be fixed or written."""
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

    @property
    def hidden(self) -> int:
        """How many findings were reported neither one by one nor as more like another."""
        return self.findings - self.shown - self.grouped

    def values_of(self, field: str) -> Counter[str | None]:
        """Return how many records have each invalid value of a field."""
        return Counter({value: n for (name, value), n in self.by_value.items() if name == field})

    def add(self, file: CheckedFile) -> None:
        """Add the counts of a file."""
        self.files += 1
        self.items += file.report.items
        for rule, severity, count in file.counts():
            if severity is Severity.ERROR:
                self.errors += count
                self.errors_by_rule[rule] += count
                self.unread += count if rule in _FILE_ERRORS else 0
            else:
                self.warnings += count
                self.warnings_by_rule[rule] += count
        records = file.record_counts()
        self.incomplete += not records.is_complete
        self.rejected += records.rejected
        self.unparsed += records.unparsed
        self.other_errors += records.other_errors
        self.by_reason.update(records.by_reason)
        self.by_value.update(records.by_value)

    def add_finding(self, finding: Finding) -> None:
        """Add a finding that is reported one by one, and those that are reported with it."""
        self.shown += 1
        if finding.more is not None:
            self.grouped += finding.more.findings
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
