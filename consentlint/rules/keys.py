"""Rules for the keys of an item, or the columns of a table: unknown and duplicate ones."""

from collections.abc import Mapping, Sequence

from consentlint.fields.names import field_meant
from consentlint.model.endpoints import FIELDS, SUPERSEDED_BY
from consentlint.model.findings import Severity
from consentlint.rules._rule import Problem, Quote, Rule, RuleSettings

_DUPLICATE = "duplicate-key"
_UNKNOWN = "unknown-field"

# An item may have thousands of keys.
_MAX_NAMED = 20


def _check_duplicates(
    names: Sequence[str], duplicates: Mapping[str, bool], settings: RuleSettings
) -> list[Problem]:
    problems = [
        Problem(
            _DUPLICATE,
            key,
            "different-values" if differ else "same-value",
            severity=Severity.ERROR if differ else Severity.WARNING,
        )
        for key, differ in duplicates.items()
    ]
    severity = Severity.ERROR if any(duplicates.values()) else Severity.WARNING
    return _limited(problems, _DUPLICATE, severity)


def _describe_duplicate(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    if problem.detail == "more":
        return f"{_count(problem):,} more keys appear more than once."
    values = "the same value" if problem.detail == "same-value" else "different values"
    return f"key {_quoted(problem, quote)} appears more than once, with {values}."


def _check_unknown(
    names: Sequence[str], duplicates: Mapping[str, bool], settings: RuleSettings
) -> list[Problem]:
    fields, severity = settings.endpoint.fields, settings.endpoint.unknown_field
    known = {*fields, SUPERSEDED_BY}
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    missing = [field for field in fields if field not in names]
    required = tuple(field for field in missing if field in settings.endpoint.required)
    problems = [
        _unknown_problem(name, fields, missing, required, severity)
        if index < _MAX_NAMED
        else Problem(_UNKNOWN, name)
        for index, name in enumerate(unknown)
    ]
    return _limited(problems, _UNKNOWN, severity)


def _unknown_problem(
    name: str,
    fields: Sequence[str],
    missing: Sequence[str],
    required: tuple[str, ...],
    severity: Severity,
) -> Problem:
    if not name.strip():
        return Problem(_UNKNOWN, name, "unnamed", required, severity)
    meant = field_meant(name, fields, missing)
    if meant is not None:
        return Problem(_UNKNOWN, name, "suggestion", (meant,), severity)
    detail = "missing" if required else "unused"
    return Problem(_UNKNOWN, name, detail, required, severity)


def _describe_unknown(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    if problem.detail == "more":
        return f"{_count(problem):,} more fields are unknown."
    if problem.detail == "unnamed":
        subject = "a field has no name."
    else:
        subject = f"unknown field {_quoted(problem, quote)}."
    if problem.detail == "suggestion":
        return subject
    if problem.args:
        *most, last = map(str, problem.args)
        missing = f"{', '.join(most)} or {last}" if most else last
        return f"{subject} If it holds {missing}, rename it."
    if problem.severity is Severity.ERROR:
        return f"{subject} The API may reject the request: remove it."
    return f"{subject} The API does not use it."


def _limited(problems: list[Problem], rule: str, severity: Severity) -> list[Problem]:
    """Return the problems of the first keys, and one that counts the others."""
    more = len(problems) - _MAX_NAMED
    if more <= 0:
        return problems
    return [*problems[:_MAX_NAMED], Problem(rule, None, "more", (more,), severity)]


def _count(problem: Problem) -> int:
    (count,) = problem.args
    assert isinstance(count, int)
    return count


def _quoted(problem: Problem, quote: Quote) -> str:
    """Return a key in quotes; only one that is not a field may hold personal data."""
    key = problem.field or ""
    return f'"{key}"' if key in FIELDS else quote(key)


DUPLICATE_KEY = Rule(
    name=_DUPLICATE,
    reason=None,
    severity=Severity.ERROR,
    keys=_check_duplicates,
    describe=_describe_duplicate,
    severities="error or warning",
    docs="""
    A key appears more than once in an item.

    Why:
        Parsers differ on which of the two values counts, so the API may store another one than
        you see.
    Evidence:
        RFC 8259 does not define which value counts. For contacts, E19004 calls a duplicate field
        an error.
    Ours:
        An error if the values differ, a warning if they are the same. The last value is checked.
    Bad:
        {"status": "opt-in", "status": "opt-out"}
    Good:
        {"status": "opt-out"}
    What to do:
        Find out which value is correct, and fix the program that writes the file.
    """,
)

UNKNOWN_FIELD = Rule(
    name=_UNKNOWN,
    reason=None,
    severity=Severity.ERROR,
    keys=_check_unknown,
    describe=_describe_unknown,
    severities="error or warning",
    docs="""
    The item has a key that the API does not name.

    Why:
        The API does not use it. If it is another name for a field, such as `consent_date`, its
        value is lost without an error.
    Evidence:
        For contacts, E19004 calls an invalid field name an error. For consents, no document says
        what happens.
    Ours:
        A warning for consents. In a CSV file it is reported once, for the column. The key
        `consentlint_superseded_by` is a mark that `consentlint submit` writes and never sends.
    Bad:
        {"consent_date": "2025-06-02T15:30:00Z"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        If it holds a field of the API, rename it. Otherwise, ignore the finding or leave the key
        out.
    """,
)
