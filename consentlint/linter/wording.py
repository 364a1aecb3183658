"""Say in words what is wrong with a value, and what to do; remember it if values repeat."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from consentlint.linter.finding_fixes import FindingFixes
from consentlint.linter.quote import Quoter
from consentlint.rules import RULES_BY_NAME, Problem

if TYPE_CHECKING:
    from consentlint.linter.repair_search import Key
    from consentlint.rules.repairs import Repair

# How many messages are remembered.
_MAX_KNOWN = 16_384


class Words(NamedTuple):
    """A problem in words."""

    value: str | None
    """The offending value, masked; None if the field is missing or is not one of the API."""
    message: str
    repair: "Repair | None"


class Wording:
    """Writes the messages of one file.

    Args:
        fields: the fields of the API.
        quote: formats values.
        fixes: finds repairs.
    """

    def __init__(self, fields: Sequence[str], quote: Quoter, fixes: FindingFixes) -> None:
        self._fields = fields
        self._quote = quote
        self._fixes = fixes
        self._known: dict[Key, Words] = {}

    def of(
        self, problem: Problem, fields: Mapping[str, object], names: Mapping[str, object]
    ) -> Words:
        """Return a problem in words.

        Args:
            problem: the problem.
            fields: the fields of the item; empty for a column.
            names: the names of the columns, for a column.
        """
        rule, field = RULES_BY_NAME[problem.rule], problem.field
        # The message of a sequence check is about other items, too.
        key = self._fixes.key(problem, fields) if rule.sequence is None else None
        words = None if key is None else self._known.get(key)
        if words is not None:
            return words
        assert rule.describe is not None
        hint, repair = self._fixes.advise(problem, fields or names)
        message = rule.describe(problem, fields, self._quote)
        # The value of another key is personal data, and is not wrong.
        value = self._quote.value(fields.get(field or ""), field) if field in self._fields else None
        words = Words(value, f"{message} {hint}" if hint else message, repair)
        if key is not None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[key] = words
        return words
