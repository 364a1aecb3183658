"""Read a rule's manual, which is the docstring of its judge.

Its first line says what is wrong. Headed sections follow: Why, Evidence, Ours (what is
our decision, and no document's), Bad and Good (examples, as JSON), What to do.
"""

import inspect
import json
import re
from typing import NamedTuple

from consentlint.rules._rule import Rule

_HEADING = re.compile(r"^(Why|Evidence|Ours|Bad|Good|What to do):$", re.MULTILINE)


class Manual(NamedTuple):
    """What there is to know of a rule; a section that it does not have is empty."""

    summary: str
    why: str
    evidence: str
    ours: str
    bad: str
    good: str
    what_to_do: str

    def sections(self) -> list[tuple[str, str]]:
        """Return the headings and texts of the sections that the manual has."""
        headed = (
            ("Why", self.why),
            ("Evidence", self.evidence),
            ("Our decision", self.ours),
            ("Bad", self.bad),
            ("Good", self.good),
            ("What to do", self.what_to_do),
        )
        return [(heading, text) for heading, text in headed if text]


EXAMPLES = ("Bad", "Good")
"""The sections that hold items, as JSON."""


def items_of(example: str) -> list[str]:
    """Return the items of an example, each as one line of JSON."""
    # A JSON object may hold a key twice, and shows that here, so it is not parsed.
    return [json.dumps(item) for item in json.loads(example)] if example[0] == "[" else [example]


def manual(rule: Rule) -> Manual:
    """Return the manual of a rule."""
    summary, *sections = _HEADING.split(inspect.getdoc(rule.judge) or rule.name)
    found = dict(zip(sections[::2], map(_joined, sections[1::2]), strict=True))
    return Manual(
        _joined(summary),
        *(found.get(name, "") for name in ("Why", "Evidence", "Ours", "Bad", "Good", "What to do")),
    )


def _joined(section: str) -> str:
    """Return a section as one line: examples and sentences are wrapped in the source."""
    return " ".join(section.split())
