"""The source: how the consent was given or withdrawn."""

from collections.abc import Mapping

from consentlint.fields import schemas
from consentlint.model.findings import Reason, Severity
from consentlint.rules._form import check_form, describe_form
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "source"
_NAME = "invalid-source"


def _check_source(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return check_form(_NAME, _FIELD, value, settings)


def _describe_source(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    *most, last = (f'"{word}"' for word in schemas.enumeration(_FIELD))
    return describe_form(problem, fields, quote, f"{', '.join(most)} or {last}")


INVALID_SOURCE = Rule(
    name=_NAME,
    reason=Reason.INVALID_SOURCE,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check_source),),
    describe=_describe_source,
    kinds=("consents",),
    docs="""
    The `source` is not one of the five words that the API accepts.

    Why:
        The source is part of the proof of consent.
    Evidence:
        E30646 lists `website`, `offline`, `opt-in-message`, `opt-out-message` and `others`.
    Bad:
        {"source": "Web site"}
    Good:
        {"source": "website"}
    What to do:
        Map your own words to these five. Use `others` for anything else.
    """,
)
