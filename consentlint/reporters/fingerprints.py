"""Identify a finding in later runs, without its value: a phone number can be guessed from a hash."""

import json
from collections import Counter
from hashlib import sha256

from consentlint.model.findings import Finding
from consentlint.text.masking import mask

MAX_RESULTS = 5_000
"""How many findings a report with fingerprints shows. A CI system shows fewer."""


class Fingerprints:
    """The fingerprints of the findings of a run."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, finding: Finding, path: str) -> str:
        """Return the fingerprint of the next finding: the same for the same record in every run.

        Args:
            finding: the finding.
            path: how the report names its file.
        """
        # With --show-values, the id and a key may be numbers.
        shown = [mask(text or "") for text in (path, finding.field, finding.correlation_id)]
        key = json.dumps([finding.rule, *shown])
        self._seen[key] += 1
        return sha256(f"{key}{self._seen[key]}".encode()).hexdigest()[:32]
