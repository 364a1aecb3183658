"""The keys of an item: what sequence checks see of it."""

from collections.abc import Mapping

from consentlint.fields import iso8601, phone_numbers, schemas
from consentlint.fields.phone_numbers import PhoneStatus
from consentlint.model.findings import Profile
from consentlint.model.items import MISSING
from consentlint.model.moment import Moment
from consentlint.rules._rule import Keys, RuleSettings


def keys_of(position: int, fields: Mapping[str, object], settings: RuleSettings) -> Keys:
    """Return the keys of an item.

    Args:
        position: the item's number in the list that is checked, from 0.
        fields: the value of each field that the item has.
        settings: the settings of the value and item checks.
    """
    correlation_id = fields.get("correlation_id")
    contact = canonical_contact(fields.get("contact_id"))
    sender = canonical_sender(fields.get("sender_id"), settings.profile)
    status = fields.get("status")
    if not schemas.is_valid("status", status, settings.profile):
        status = None
    try:
        moment = moment_of(fields.get("date_of_consent", MISSING), settings)
        date_is_valid = True
    except ValueError:
        moment, date_is_valid = None, False
    return Keys(
        position,
        canonical_id(correlation_id),
        contact,
        sender,
        None if status is None else str(status),
        moment,
        is_record=bool(contact and sender and status and date_is_valid),
        id_is_valid=schemas.is_valid("correlation_id", correlation_id, settings.profile),
    )


def canonical_id(value: object) -> str | None:
    """Return what two equal correlation ids share; None if it is valid in neither profile."""
    if not schemas.is_valid("correlation_id", value, Profile.LENIENT):
        return None
    is_hexadecimal = schemas.is_valid("correlation_id", value, Profile.DOCUMENTED)
    return str(value).lower() if is_hexadecimal else str(value)


def canonical_contact(value: object) -> str | None:
    """Return a contact's number in canonical E.164 form, None if it is invalid."""
    if not isinstance(value, str) or not schemas.predicate("phone_number")(value):
        return None
    verdict = phone_numbers.check_number(value)
    return verdict.canonical if verdict.status is PhoneStatus.POSSIBLE else None


def canonical_sender(value: object, profile: Profile) -> str | None:
    """Return a sender in canonical form, None if it is invalid."""
    if not isinstance(value, str) or not schemas.is_valid("sender_id", value, profile):
        return None
    if value.startswith("+"):
        return canonical_contact(value)
    return value.lower() if value.startswith("MG") else value


def moment_of(value: object, settings: RuleSettings) -> Moment | None:
    """Return the moment of a date of consent, None if it is missing.

    Raises:
        ValueError: the date is invalid.
    """
    if value is MISSING:
        return None
    if not schemas.is_valid("date_of_consent", value, settings.profile):
        raise ValueError("is not a date with a time")
    moment = iso8601.parse(str(value)).moment
    if moment > settings.now:
        raise ValueError("is in the future")
    return moment
