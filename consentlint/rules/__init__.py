"""The rules: one module for each field or concern.

`RULES` lists them in order: reason codes in the order of `error_messages` in a response (E30646,
E30647), then our own errors, advice and file errors. A rule sees the values of fields, or the keys
of items in order, and returns problems, which are data. It must not know the item, the file, the
format, the report, or how and where its checks run.
"""

from functools import cache

from consentlint.model.endpoints import Endpoint
from consentlint.rules import (
    consent_history,
    contact_id,
    correlation_id,
    country_iso_code,
    csv_form,
    date_of_consent,
    keys,
    parse_errors,
    placeholder,
    request,
    sender_id,
    source,
    status,
    zip_code,
)
from consentlint.rules._keys import canonical_contact, canonical_sender, keys_of
from consentlint.rules._rule import (
    DOCUMENTATION,
    Check,
    Keys,
    Problem,
    Quote,
    Rule,
    RuleSettings,
)
from consentlint.rules._state import ConsentRecord, CrossItemState, History
from consentlint.rules.date_of_consent import is_in_future
from consentlint.rules.sender_id import is_toll_free

RULES = (
    correlation_id.INVALID_CORRELATION_ID,
    sender_id.INVALID_SENDER_ID,
    country_iso_code.INVALID_COUNTRY_ISO_CODE,
    contact_id.INVALID_CONTACT_ID,
    zip_code.INVALID_ZIP_CODE,
    status.INVALID_STATUS,
    source.INVALID_SOURCE,
    date_of_consent.INVALID_DATE_OF_CONSENT,
    request.INTERNAL_SERVER_ERROR,
    contact_id.CONTACT_ID_NOT_CANONICAL,
    consent_history.CONSENT_OUT_OF_ORDER,
    keys.DUPLICATE_KEY,
    keys.UNKNOWN_FIELD,
    request.REQUEST_TOO_LARGE,
    consent_history.CONSENT_CONFLICT,
    consent_history.CONSENT_DUPLICATE,
    status.STATUS_SOURCE_MISMATCH,
    date_of_consent.DATE_OF_CONSENT_MISSING,
    date_of_consent.DATE_OF_CONSENT_NO_OFFSET,
    date_of_consent.DATE_OF_CONSENT_UNUSUAL,
    date_of_consent.DATE_OF_CONSENT_IMPLAUSIBLE,
    sender_id.SENDER_NOT_MESSAGING_SERVICE,
    sender_id.TOLL_FREE_SENDER,
    contact_id.CONTACT_ID_OUTDATED,
    contact_id.CONTACT_ID_UNASSIGNED,
    placeholder.PLACEHOLDER,
    csv_form.AMBIGUOUS_CSV,
    *parse_errors.FILE_RULES,
)

RULES_BY_NAME = {rule.name: rule for rule in RULES}

DEFAULT_RULES = frozenset(rule.name for rule in RULES if rule.default)
"""The names of the rules that run unless others are selected."""


@cache
def rules_for(endpoint: Endpoint) -> tuple[Rule, ...]:
    """Return the rules that apply to the items of an endpoint, in order."""
    return tuple(rule for rule in RULES if endpoint.name in rule.kinds)


__all__ = [
    "DEFAULT_RULES",
    "DOCUMENTATION",
    "RULES",
    "RULES_BY_NAME",
    "Check",
    "ConsentRecord",
    "CrossItemState",
    "History",
    "Keys",
    "Problem",
    "Quote",
    "Rule",
    "RuleSettings",
    "canonical_contact",
    "canonical_sender",
    "is_in_future",
    "is_toll_free",
    "keys_of",
    "rules_for",
]
