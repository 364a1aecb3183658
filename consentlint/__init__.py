"""Check consent and contact records before Twilio's bulk APIs refuse them.

    >>> from consentlint import reason_codes
    >>> reason_codes({"contact_id": "+14155552671", "status": "opt in", "source": "website"})
    ['INVALID_CORRELATION_ID', 'INVALID_SENDER_ID', 'INVALID_STATUS']

The command line is in `consentlint.cli`; what is named here is the public interface,
to which semantic versioning applies.
"""

from consentlint._version import __version__

# Type checkers take it for true by its name; typing is dear to load.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from consentlint.api import check_item, check_items, reason_codes
    from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
    from consentlint.model.findings import Finding, Profile, Reason, Severity

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


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Return what is named above, loaded when first asked for: the command line never asks."""
        if name in __all__:
            from consentlint import api as _api
            from consentlint.model import endpoints, findings

            for module in (_api, endpoints, findings):
                if hasattr(module, name):
                    return globals().setdefault(name, getattr(module, name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
