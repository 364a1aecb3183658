"""What all rules for a field's form share: the schema's words, and the commonest hints."""

from consentlint.fields import schemas
from consentlint.model.findings import Profile
from consentlint.rules._rule import MISSING, Context, Record


def complaint(record: Record, context: Context, field: str) -> str | None:
    """Return what is wrong with a field's form, None where the schema takes its value."""
    if field not in record.refused:
        return None
    value = record.get(field)
    if value is MISSING:
        return f"{field} is missing"
    definition = schemas.definition_name(field, context.profile)
    quoted = context.quote(value, field=field)
    words = schemas.complaint(definition, value)
    return " ".join(filter(None, (field, quoted, words)))


def spaced(record: Record, field: str) -> bool:
    """Tell whether white space around it is all that is wrong with a value's form."""
    value = record.get(field)
    if not isinstance(value, str) or value == value.strip():
        return False
    return schemas.field_predicate(field, record.profile)(value.strip())


def lenient_note(record: Record, context: Context, field: str) -> str:
    """Return the words that say so where the lenient profile takes the value."""
    if context.profile is Profile.LENIENT:
        return ""
    lenient = schemas.definition_name(field, Profile.LENIENT)
    if lenient != field and schemas.predicate(lenient)(record.get(field)):
        return " (the lenient profile takes it)"
    return ""


def with_hint(text: str, hint: str) -> str:
    """Return a message and what to do about it."""
    return f"{text}; {hint}" if hint else text


SPACE_HINT = "remove the white space around it"
