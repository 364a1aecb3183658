"""Check consent and contact records before Twilio's bulk APIs reject them.

    >>> from consentlint import reason_codes
    >>> reason_codes({"contact_id": "+14155552671", "status": "opt in", "source": "website"})
    ['INVALID_CORRELATION_ID', 'INVALID_SENDER_ID', 'INVALID_STATUS']

The names below are the public interface, which follows semantic versioning. The command line is
in `consentlint.cli`.
"""

from consentlint._version import __version__

# Type checkers treat this name as true. Importing `typing` is slow.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from consentlint.api import BatchResult, check_batch, check_item, check_items, reason_codes
    from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
    from consentlint.model.findings import Finding, Profile, Reason, Severity

__all__ = [
    "CONSENTS",
    "CONTACTS",
    "BatchResult",
    "Endpoint",
    "Finding",
    "Profile",
    "Reason",
    "Severity",
    "__version__",
    "check_batch",
    "check_item",
    "check_items",
    "reason_codes",
]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Return a public name, loaded on first use: the command line needs none of them."""
        if name in __all__:
            from consentlint import api
            from consentlint.model import endpoints, findings

            for module in (api, endpoints, findings):
                if hasattr(module, name):
                    return globals().setdefault(name, getattr(module, name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
