"""Find disagreements between API and linter: evidence against our reading of the documents."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from consentlint._version import __version__
from consentlint.fields import phone_numbers
from consentlint.fields.mask import mask_field
from consentlint.fields.outline import HIDDEN
from consentlint.linter.check import check_list
from consentlint.model.endpoints import FIELDS, Endpoint
from consentlint.model.findings import Profile, Reason
from consentlint.model.moment import Moment
from consentlint.model.settings import Settings
from consentlint.text.masking import mask, mask_number

_VERSION = 2
"""The version of the report format."""
_MAX_CASES = 1_000


class Comparison:
    """Compares what the API has answered about items with what the linter reports."""

    def __init__(self) -> None:
        self.total = 0
        """The number of disagreements."""
        self.compared = 0
        """The number of answers that say something about their item."""
        self._cases: list[dict[str, Any]] = []

    def add(
        self,
        fields: Mapping[str, object],
        endpoint: Endpoint,
        linter: Sequence[str],
        reasons: Sequence[str],
        error_code: int,
    ) -> None:
        """Compare the reason codes of the linter with those of the API, and its error code."""
        # An internal error says nothing about the item.
        api = [reason for reason in reasons if reason != Reason.INTERNAL_SERVER_ERROR]
        if reasons and not api:
            return
        self.compared += 1
        is_rejected = error_code != 0
        if is_rejected == bool(linter) and set(api) == set(linter):
            return
        self.total += 1
        if len(self._cases) == _MAX_CASES:
            return
        kind = "stored by the API, rejected by the linter"
        if is_rejected and linter:
            kind = "rejected by both, for different reasons"
        elif is_rejected:
            kind = "rejected by the API, accepted by the linter"
        case = {
            "kind": kind,
            "endpoint": endpoint.name,
            # Length and first digits remain, because rules depend on them.
            "item": mask_fields(fields),
            "linter": linter,
            # What the API sends instead of a reason code may contain anything.
            "api": list(map(mask, api)),
            "error_code": error_code,
        }
        self._cases.append(case)

    def render(self, profile: Profile) -> str:
        """Return the text of a file to attach to a bug report: the first disagreements, masked."""
        document = {
            "version": _VERSION,
            "consentlint": __version__,
            "phone_metadata": phone_numbers.metadata_version(),
            "profile": str(profile),
            "cases": self._cases,
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def linter_reasons(
    items: Sequence[Mapping[str, object]], endpoint: Endpoint, profile: Profile, now: Moment
) -> list[list[str]]:
    """Return the linter's reason codes for each item of one request."""
    reasons: list[dict[str, None]] = [{} for _ in items]
    for finding in check_list(items, endpoint, Settings(now, profile)):
        if finding.reason is not None and finding.item is not None:
            reasons[finding.item][str(finding.reason)] = None
    return list(map(list, reasons))


def mask_fields(fields: Mapping[str, object]) -> dict[str, str]:
    """Return the fields of an item as text, masked."""
    # Any other key may hold a name or an address.
    return {
        mask(key): _masked_value(value, key) if key in FIELDS else HIDDEN
        for key, value in fields.items()
    }


def _masked_value(value: object, key: str) -> str:
    if isinstance(value, str):
        return mask_field(value, key)
    text = json.dumps(value)
    return mask_number(text) if isinstance(value, int | float) else mask(text)
