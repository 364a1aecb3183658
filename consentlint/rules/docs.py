"""The documentation of rules, parsed from `Rule.docs`.

The first paragraph says what the rule reports. Sections follow under fixed headings: Why,
Evidence, Ours (what is our decision, not that of a document), Bad and Good (examples, as JSON),
What to do.
"""

import inspect
import json
import re
from functools import cache
from typing import NamedTuple

from consentlint.model.endpoints import ENDPOINTS
from consentlint.rules._rule import Rule

EXAMPLES = ("Bad", "Good")
"""The headings of the sections that hold items, as JSON."""

_HEADINGS = ("Why", "Evidence", "Ours", "Bad", "Good", "What to do")
_HEADING = re.compile(rf"^({'|'.join(_HEADINGS)}):$", re.MULTILINE)


class RuleDocs(NamedTuple):
    """The documentation of a rule; a section that it does not have is empty."""

    summary: str
    why: str
    evidence: str
    ours: str
    bad: str
    good: str
    what_to_do: str

    def sections(self) -> list[tuple[str, str]]:
        """Return the headings and texts of the sections that are not empty."""
        headed = (
            ("Why", self.why),
            ("Evidence", self.evidence),
            ("Our decision", self.ours),
            ("Bad", self.bad),
            ("Good", self.good),
            ("What to do", self.what_to_do),
        )
        return [(heading, text) for heading, text in headed if text]


@cache
def docs_of(rule: Rule) -> RuleDocs:
    """Return the documentation of a rule."""
    summary, *parts = _HEADING.split(inspect.cleandoc(rule.docs))
    sections = dict(zip(parts[::2], map(_unwrapped, parts[1::2]), strict=True))
    return RuleDocs(_unwrapped(summary), *(sections.get(name, "") for name in _HEADINGS))


def example_items(example: str) -> list[str]:
    """Return the items of an example, each as one line of JSON."""
    # An object is not parsed: it may show a duplicate key.
    return [json.dumps(item) for item in json.loads(example)] if example[0] == "[" else [example]


def subjects_of(rule: Rule) -> str:
    """Return what a rule applies to, such as "consents (30646) and contacts (30647)"."""
    names = [
        f"{endpoint.name} ({endpoint.error_code})"
        for endpoint in ENDPOINTS.values()
        if endpoint.name in rule.kinds
    ]
    return " and ".join(names) or "all files"


def _unwrapped(section: str) -> str:
    """Return a section as one line."""
    return " ".join(section.split())
