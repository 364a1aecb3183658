"""The rules, one module a field or concern. `RULES` names them all, in order.

The reason codes come in the order in which E30646 and E30647 list them, for that is
the order of an answer's `error_messages`; then our own errors, advice and file errors.
"""

from consentlint.rules import files
from consentlint.rules._earlier import Earlier, Entry
from consentlint.rules._rule import Context, FileStart, Problem, Record, Rule, mask_in_field
from consentlint.rules.consent_history import (
    CONSENT_CONFLICT,
    CONSENT_DUPLICATE,
    CONSENT_OUT_OF_ORDER,
)
from consentlint.rules.contact_id import (
    CONTACT_ID_NOT_CANONICAL,
    CONTACT_ID_UNASSIGNED,
    INVALID_CONTACT_ID,
)
from consentlint.rules.correlation_id import INVALID_CORRELATION_ID
from consentlint.rules.country_iso_code import INVALID_COUNTRY_ISO_CODE
from consentlint.rules.date_of_consent import (
    DATE_OF_CONSENT_IMPLAUSIBLE,
    DATE_OF_CONSENT_MISSING,
    DATE_OF_CONSENT_NO_OFFSET,
    DATE_OF_CONSENT_UNUSUAL,
    INVALID_DATE_OF_CONSENT,
)
from consentlint.rules.keys import DUPLICATE_KEY, OVERTAKEN, UNKNOWN_FIELD, unknown_fields
from consentlint.rules.placeholder import PLACEHOLDER
from consentlint.rules.request import INTERNAL_SERVER_ERROR, REQUEST_TOO_LARGE
from consentlint.rules.sender_id import (
    INVALID_SENDER_ID,
    SENDER_NOT_MESSAGING_SERVICE,
    TOLL_FREE_SENDER,
)
from consentlint.rules.source import INVALID_SOURCE
from consentlint.rules.status import INVALID_STATUS, STATUS_SOURCE_MISMATCH
from consentlint.rules.zip_code import INVALID_ZIP_CODE

CONSENT_RULES = (
    INVALID_CORRELATION_ID,
    INVALID_SENDER_ID,
    INVALID_CONTACT_ID,
    INVALID_STATUS,
    INVALID_SOURCE,
    INVALID_DATE_OF_CONSENT,
    INTERNAL_SERVER_ERROR,
    CONTACT_ID_NOT_CANONICAL,
    CONSENT_OUT_OF_ORDER,
    DUPLICATE_KEY,
    UNKNOWN_FIELD,
    REQUEST_TOO_LARGE,
    CONSENT_CONFLICT,
    CONSENT_DUPLICATE,
    STATUS_SOURCE_MISMATCH,
    DATE_OF_CONSENT_MISSING,
    DATE_OF_CONSENT_NO_OFFSET,
    DATE_OF_CONSENT_UNUSUAL,
    DATE_OF_CONSENT_IMPLAUSIBLE,
    SENDER_NOT_MESSAGING_SERVICE,
    TOLL_FREE_SENDER,
    CONTACT_ID_UNASSIGNED,
    PLACEHOLDER,
)

CONTACT_RULES = (
    INVALID_CORRELATION_ID,
    INVALID_COUNTRY_ISO_CODE,
    INVALID_CONTACT_ID,
    INVALID_ZIP_CODE,
    INTERNAL_SERVER_ERROR,
    CONTACT_ID_NOT_CANONICAL,
    DUPLICATE_KEY,
    UNKNOWN_FIELD,
    REQUEST_TOO_LARGE,
    CONTACT_ID_UNASSIGNED,
    PLACEHOLDER,
)

FILE_RULES = (
    files.FILE_UNREADABLE,
    files.FILE_ENCODING,
    files.FILE_MALFORMED,
    files.FILE_KIND,
    files.FILE_EMPTY,
    files.ITEM_MALFORMED,
)

RULES = tuple(
    dict.fromkeys(
        (
            *(rule for rule in (*CONSENT_RULES, *CONTACT_RULES) if rule.reason),
            *CONSENT_RULES,
            *FILE_RULES,
        )
    )
)

__all__ = [
    "CONSENT_RULES",
    "CONTACT_RULES",
    "FILE_RULES",
    "OVERTAKEN",
    "RULES",
    "Context",
    "Earlier",
    "Entry",
    "FileStart",
    "Problem",
    "Record",
    "Rule",
    "files",
    "mask_in_field",
    "unknown_fields",
]
