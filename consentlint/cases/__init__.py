"""Named cases of valid and invalid field values, made of the choices of any source.

`strategies` draws the choices with Hypothesis, `generate` with a random generator. The cases use the
data that the linter itself uses, and its checks filter them. The room must not know Hypothesis, items
that are compared with each other, or a file format.
"""

from consentlint.cases._case import ABSENT, Case, FieldCases, matching
from consentlint.cases._choices import Choices, Make
from consentlint.cases._context import Context, context_at
from consentlint.cases._dates import moment_of
from consentlint.cases._items import UNKNOWN_FIELDS, cases_of, field_of, reasons_of
from consentlint.cases._phone_numbers import is_unassigned, number_with_prefix, with_trunk_prefix
from consentlint.cases._postal_codes import valid_code

__all__ = [
    "ABSENT",
    "UNKNOWN_FIELDS",
    "Case",
    "Choices",
    "Context",
    "FieldCases",
    "Make",
    "cases_of",
    "context_at",
    "field_of",
    "is_unassigned",
    "matching",
    "moment_of",
    "number_with_prefix",
    "reasons_of",
    "valid_code",
    "with_trunk_prefix",
]
