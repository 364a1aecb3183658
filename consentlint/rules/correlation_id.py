"""The correlation id: how a response refers to an item."""

from collections.abc import Mapping

from consentlint.fields import schemas
from consentlint.model.findings import Profile, Reason, Severity
from consentlint.rules._form import (
    LENIENT_NOTE,
    check_form,
    describe_form,
    item_location,
    sentences,
    wrong_length,
)
from consentlint.rules._rule import Check, Keys, Problem, Quote, Rule, RuleSettings
from consentlint.rules._state import CrossItemState

_NAME = "invalid-correlation-id"
_FIELD = "correlation_id"
_FORMS = {
    Profile.DOCUMENTED: "32 hexadecimal digits",
    Profile.LENIENT: "32 letters or digits",
}


def _check_form(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return tuple(
        problem._replace(args=(settings.profile, schemas.is_valid(_FIELD, value, Profile.LENIENT)))
        for problem in check_form(_NAME, _FIELD, value, settings)
    )


def _check_unique(keys: Keys, state: CrossItemState) -> tuple[Problem, ...]:
    if keys.correlation_id is None or not keys.id_is_valid:
        return ()
    first = state.item_with_id(keys.correlation_id)
    return () if first is None else (Problem(_NAME, _FIELD, "duplicate", (first,)),)


def _describe(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    value = fields.get(_FIELD)
    if problem.detail == "duplicate":
        (position,) = problem.args
        assert isinstance(position, int)
        return f"{_FIELD} {quote(value, _FIELD)} is already used {item_location(quote, position)}."
    profile, lenient_accepts = problem.args
    form = _FORMS[Profile(str(profile))]
    error = describe_form(problem, fields, quote, form, wrong_length(value) or f"is not {form}")
    return sentences(error, LENIENT_NOTE if lenient_accepts else "")


INVALID_CORRELATION_ID = Rule(
    name=_NAME,
    reason=Reason.INVALID_CORRELATION_ID,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check_form),),
    sequence=_check_unique,
    describe=_describe,
    docs="""
    The `correlation_id` is not 32 hexadecimal digits, or a previous item already uses it.

    Why:
        The response names each item by its correlation id. If two items share an id, nobody can
        tell which of them was stored.
    Evidence:
        E30646 and E30647 require a valid unique 32-character UUID; the ids that REF publishes
        have no hyphens. Two published ids contain letters beyond f, and the response to one of
        them was 0. By default the text of the error pages takes precedence; the `lenient`
        profile accepts 32 ASCII letters or digits. An older version of E30646 adds that ids must
        be unique across all objects.
    Ours:
        Letter case does not matter. The version and variant bits of a UUID are not checked,
        because the published ids would fail. An id must be unique in the whole file.
    Bad:
        {"correlation_id": "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684"}
    Good:
        {"correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"}
    What to do:
        Create a new UUID for every item and write it without hyphens. In Python, use
        `uuid.uuid4().hex`.
    """,
)
