"""One JSON object for each finding, a line each, for programs that read as they go."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from types import NoneType
from typing import Any

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding, Fix, Reason, Severity
from consentlint.reporters import ReportOptions

FIELDS = tuple(field for field in Finding._fields if field not in ("excerpt", "more"))
_OBJECT = "{" + ", ".join(f'"{field}": %s' for field in FIELDS) + "}"


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a line for each finding; the run as a whole is not reported."""
    for finding in findings:
        yield as_json(finding) + "\n"


def as_json(finding: Finding) -> str:
    """Return a finding as a JSON object."""
    values = finding[: len(FIELDS)]
    # json.dumps would take three times as long, and most of the time of a long report.
    return _OBJECT % tuple([_ENCODERS[type(value)](value) for value in values])


@lru_cache(maxsize=1_024)
def _encoded_fix(fix: Fix) -> str:
    return json.dumps({**fix._asdict(), "edits": [edit._asdict() for edit in fix.edits]})


# ASCII only, so that no terminal and no decoder fails on the contents of a file.
_ENCODERS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring_ascii,
    Reason: encode_basestring_ascii,
    Severity: encode_basestring_ascii,
    int: int.__repr__,
    NoneType: lambda _: "null",
    Fix: _encoded_fix,
}
