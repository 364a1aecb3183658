"""Write the findings of a table as texts that an engine can move."""

from collections.abc import Iterable, Mapping

from consentlint.columnar.options import StageOptions
from consentlint.linter.command_names import with_file_name
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport
from consentlint.linter.finding_fixes import FindingFixes
from consentlint.linter.quote import ItemNames, Quoter
from consentlint.linter.record_counts import severity_of
from consentlint.linter.wording import Wording
from consentlint.model.findings import Severity
from consentlint.model.items import ParseError
from consentlint.rules import RULES_BY_NAME, Problem

# What a finding shows is printable, so it has neither.
_SEPARATOR = "\t"
_NONE = "\0"
_MAX_SPLITS = 6


class FindingWriter:
    """Writes findings.

    Args:
        engine: the checks that find the problems.
        options: what to check.
        names: names the rows that messages may name.
    """

    def __init__(
        self, engine: Engine, options: StageOptions, names: ItemNames | None = None
    ) -> None:
        self._strict = options.settings.strict
        self._messages = options.messages
        self._fields = options.endpoint.fields
        self._quote = Quoter(show_values=False, positions=names, file=None)
        fixes = FindingFixes(FileReport(None), engine, options.settings)
        self._wording = Wording(self._fields, self._quote, fixes)

    def write(self, problem: Problem, fields: Mapping[str, object]) -> str:
        """Return the finding of a problem with an item that has these fields."""
        value = message = None
        if self._messages:
            value, message, _ = self._wording.of(problem, fields, {})
        field, shown_id = problem.field, fields.get("correlation_id")
        if field is not None and field not in self._fields:
            field = self._quote.text(field)
        if isinstance(shown_id, str):
            shown_id = self._quote.text(shown_id, "correlation_id")
        else:
            shown_id = None
        severity = severity_of(problem, strict=self._strict)
        rule = RULES_BY_NAME[problem.rule]
        return write_finding((rule.name, rule.reason, severity, field, shown_id, value, message))

    def write_error(self, error: ParseError) -> str:
        """Return the finding of a text that can't be parsed."""
        message = with_file_name(error.message, None)
        return write_finding((error.error, None, Severity.ERROR, None, None, None, message))


def write_finding(columns: Iterable[str | None]) -> str:
    """Return a finding as text.

    Args:
        columns: its `FINDING` columns.
    """
    return _SEPARATOR.join([_NONE if each is None else each for each in columns])


def read_finding(text: str) -> list[str | None]:
    """Return the columns of a finding that `write_finding` wrote."""
    return [None if each == _NONE else each for each in text.split(_SEPARATOR, _MAX_SPLITS)]
