"""Write the findings of a table as texts that an engine can move."""

import json
from functools import cache

from consentlint.columnar.options import StageOptions
from consentlint.columnar.schema import FINDING
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport
from consentlint.linter.locate import Locator
from consentlint.linter.quote import ItemNames, Quoter
from consentlint.linter.record_counts import severity_of
from consentlint.model.items import Item, ParseError
from consentlint.rules import RULES_BY_NAME, Problem


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
        report = FileReport(None)
        report.endpoint = options.endpoint
        self._locator = Locator(report, engine, options.settings, names)

    def write(self, problem: Problem, item: Item) -> str:
        """Return the finding of a problem with an item."""
        if self._messages:
            finding = self._locator.item_finding(problem, item)
            return _encoder().encode([getattr(finding, name) for name in FINDING])
        # Most of the time of a finding is spent on its words.
        field, shown_id = problem.field, item.fields.get("correlation_id")
        if field is not None and field not in self._fields:
            field = self._quote.text(field)
        if isinstance(shown_id, str):
            shown_id = self._quote.text(shown_id, "correlation_id")
        else:
            shown_id = None
        reason, severity = (
            RULES_BY_NAME[problem.rule].reason,
            severity_of(problem, strict=self._strict),
        )
        return _encoder().encode([problem.rule, reason, severity, field, shown_id, None, None])

    def write_error(self, error: ParseError) -> str:
        """Return the finding of a text that can't be parsed."""
        finding = self._locator.error_finding(error)
        return _encoder().encode([getattr(finding, name) for name in FINDING])


def read_finding(text: str) -> list[str | None]:
    """Return the columns of a finding that a `FindingWriter` wrote."""
    columns: list[str | None] = json.loads(text)
    return columns


@cache
def _encoder() -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
