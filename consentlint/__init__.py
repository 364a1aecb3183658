"""Check consent and contact records before Twilio's bulk APIs refuse them.

    >>> from consentlint import reason_codes
    >>> reason_codes({"contact_id": "+14155552671", "status": "opt in", "source": "website"})
    ['INVALID_CORRELATION_ID', 'INVALID_SENDER_ID', 'INVALID_STATUS']

The command line is in `consentlint.commands`; what is named here is the public interface,
to which semantic versioning applies.
"""

from consentlint._api import check_item, check_items, reason_codes
from consentlint._version import __version__
from consentlint.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.findings import Finding, Profile, Reason, Severity

__all__ = [
    "CONSENTS",
    "CONTACTS",
    "Endpoint",
    "Finding",
    "Profile",
    "Reason",
    "Severity",
    "__version__",
    "check_item",
    "check_items",
    "reason_codes",
]
