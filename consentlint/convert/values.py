"""Read the value of a field as an export writes it: by the rules and repairs of the linter."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from consentlint.convert.mapping import ColumnMapping
from consentlint.fields.iso8601 import seconds_of_day
from consentlint.formats.cells import UNCALCULATED
from consentlint.linter.proofs import Proof, proof_for
from consentlint.linter.quote import Quoter
from consentlint.model.endpoints import CONTACTS
from consentlint.model.findings import Severity
from consentlint.model.items import MISSING
from consentlint.model.settings import RepairOptions, Settings
from consentlint.rules import DEFAULT_RULES, RULES, RULES_BY_NAME, RuleSettings
from consentlint.rules.repairs import Repair, advise, date_in, number_in, problems_of, repair_item

_SERIAL = re.compile(r"[1-9][0-9]{0,4}(?:\.[0-9]+)?")
_MIDNIGHT = "T00:00:00"
_NATIONAL = re.compile(r"\s*[(0-9][0-9 ().\-/]{5,24}")
_SLASHED = re.compile(r"\s*[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")
_DATE = re.compile(r"\s*[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\s*")
# What a repair of a number may assume. The region of a number is never guessed: its repair exists
# only if the user named the region.
_ALLOWED = re.compile("the number is one of [A-Z]{2}|00 is the international prefix").fullmatch
_CALCULATE = "A formula has no value: open the workbook in a spreadsheet program, and save it."
_CORRECT = "It is an error of a formula: correct the formula, or write the value."
# An error of a formula is not "no value": it may hide the date of an opt-out.
_FORMULA_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)").fullmatch
_LOST_PLUS = "the number starts with the country code"


class Rejected(NamedTuple):
    """A value that no repair makes valid."""

    reason: str
    """What is wrong, without the value."""
    shown: str
    """The value, masked and in quotes."""


class ValueReader:
    """Reads the values of fields.

    Args:
        mapping: what may be assumed about them.
        settings: how items are checked.
    """

    def __init__(self, mapping: ColumnMapping, settings: Settings) -> None:
        self._mapping = mapping
        self._lost_plus = mapping.lost_plus
        self._rules = [rule for rule in RULES if rule.name in DEFAULT_RULES]
        self._settings = RuleSettings(
            mapping.endpoint, settings.profile, settings.now, mapping.repair
        )
        self._run_settings = settings
        self._quote = Quoter(show_values=settings.show_values, positions=None, file=None)
        self._proofs = {each: self.proof(each) for each in ("contact_id", "date_of_consent")}
        self.read = lru_cache(maxsize=65_536)(self._read)

    def proof(self, field: str) -> Proof:
        """Return what proves values of a field valid as they are."""
        rules = [
            rule for rule in self._rules if any(field in check.fields for check in rule.checks)
        ]
        found = proof_for((field,), rules, self._run_settings)
        return found or (lambda values: list(range(len(values))))

    def has_time(self, text: str) -> bool:
        """Return whether a valid date has a time of its own.

        Midnight is none: programs write it for dates without a time.
        """
        date = self._without_time_of_day.read("date_of_consent", text)
        return not isinstance(date, Rejected) and date != "" and seconds_of_day(date) > 0

    @cached_property
    def _without_time_of_day(self) -> "ValueReader":
        repair = self._mapping.repair._replace(time_of_day=None)
        return ValueReader(replace(self._mapping, repair=repair), self._run_settings)

    def _read(
        self, field: str, text: str, region: str | None = None, other: tuple[str, str] | None = None
    ) -> str | Rejected:
        """Return a valid value.

        Args:
            field: the field.
            text: the value as the export has it.
            region: the country of a number without a country code; None for that of the mapping,
                empty if it is not known.
            other: the field that this one depends on, and its value.
        """
        if text == UNCALCULATED:
            return self._rejected(field, text, _CALCULATE)
        if _FORMULA_ERROR(text):
            return self._rejected(field, text, _CORRECT)
        settings = self._settings
        quick = self._quick(field, text, region)
        if quick:
            return quick
        if field == "country_iso_code":
            # It may also be the region of the number of a consent.
            settings = settings._replace(endpoint=CONTACTS)
        if field == "contact_id" and region is not None:
            settings = settings._replace(repair=settings.repair._replace(region=region or None))
        fields: dict[str, object] = {field: text} if other is None else dict((other, (field, text)))
        rules = [
            rule
            for rule in self._rules
            if any(check.fields[-1] == field or check.fields == (field,) for check in rule.checks)
        ]
        _, repaired = repair_item(fields, settings, rules, accept=self._accepts)
        value = repaired.get(field, MISSING)
        for problem in problems_of(repaired, settings, rules):
            rule = RULES_BY_NAME[problem.rule]
            if problem.field == field and (problem.severity or rule.severity) is Severity.ERROR:
                return self._rejected(field, text, advise(problem, fields, settings))
        # A word for "no date" is removed, as the cell might have been blank.
        return value if isinstance(value, str) else ""

    def _quick(self, field: str, text: str, region: str | None) -> str:
        """Return what the repairs would find, if it can be proven without them; otherwise nothing."""
        if field == "contact_id":
            region = self._settings.repair.region if region is None else region
            candidate = number_in(region, text) if region and _NATIONAL.fullmatch(text) else ""
        elif field == "date_of_consent":
            candidate = date_in(text, self._settings.repair)
        else:
            return ""
        return candidate if candidate and not self._proofs[field]([candidate]) else ""

    def _rejected(self, field: str, text: str, advice: str) -> Rejected:
        option = _option(field, text, self._settings.repair, self._lost_plus)
        return Rejected(option or advice or f"It is not a valid {field}.", self._quote(text, field))

    def _accepts(self, repair: Repair) -> bool:
        if repair.is_safe:
            return True
        if repair.field == "date_of_consent":
            return repair.value is not MISSING
        if repair.field == "contact_id":
            is_lost_plus = self._lost_plus and repair.assumes.startswith(_LOST_PLUS)
            return is_lost_plus or _ALLOWED(repair.assumes) is not None
        return False


def _option(field: str, text: str, repair: RepairOptions, lost_plus: bool) -> str:
    """Return the option to pass for a value that can be read only with it, empty if there is none."""
    if field == "contact_id" and _NATIONAL.fullmatch(text) and not (repair.region or lost_plus):
        return (
            "Pass --region CODE if it is a national number, or --lost-plus if it starts with its"
            " country code."
        )
    if field != "date_of_consent":
        return ""
    if repair.date_format is None and _SLASHED.match(text):
        return "Pass --date-format DMY or MDY."
    if repair.time_of_day is None and ":" not in text and _DATE.fullmatch(text):
        return "It has no time: pass --time-of-day TIME."
    return ""


def date_of_cell(text: str, epoch: datetime | None) -> str:
    """Return the text of a date in a table.

    Args:
        text: the cell.
        epoch: day 0 of dates that are numbers; None if the table is not a workbook.
    """
    if epoch is None:
        return text
    if _SERIAL.fullmatch(text):
        text = (epoch + timedelta(seconds=round(float(text) * 86_400))).isoformat()
    # A workbook stores a date without a time as midnight.
    return text.removesuffix(_MIDNIGHT)
