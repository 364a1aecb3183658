"""Report formats: from findings to text, one module for each.

A reporter is a generator: it receives findings one by one, yields text, and prints nothing; what it
reports about the run comes last, when the summary is complete. It yields at least once for each
finding, an empty text if it has nothing to write yet, so that several reports can be written side
by side. `REPORTERS` lists them. The room must not know a file format, the checks of a rule, or where
the report goes.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding, Profile


class ReportOptions(NamedTuple):
    """Options of all reports."""

    color: bool = False
    """True: with the escape sequences for terminal colors."""
    statistics: bool = False
    """True: with a count of findings by rule."""
    quiet: bool = False
    """True: findings and nothing else."""
    width: int = 100
    """Columns of a line, in the formats that break lines."""
    profile: Profile = Profile.DOCUMENTED
    """The profile of the run."""
    root: str = ""
    """The directory that the paths in reports for a CI system are relative to, if there is one."""
    hint: str = ""
    """What the text reports say at the end if there are findings."""


Reporter = Callable[[Iterable[Finding], Summary, ReportOptions], Iterator[str]]


class Format(NamedTuple):
    """A report format; it is called as the `report` of its module, which is then imported."""

    module: str
    """The module of this room."""
    is_grouped: bool = False
    """Whether it shows only the first findings of a group."""
    has_counts: bool = False
    """Whether it says what was checked and counted."""

    def __call__(
        self, findings: Iterable[Finding], summary: Summary, options: ReportOptions
    ) -> Iterator[str]:
        """Yield the text of the report."""
        from importlib import import_module

        reporter: Reporter = import_module(f"{__name__}.{self.module}").report
        return reporter(findings, summary, options)


REPORTERS: dict[str, Format] = {
    "concise": Format("concise", is_grouped=True, has_counts=True),
    "full": Format("full", is_grouped=True, has_counts=True),
    "json": Format("json_document", has_counts=True),
    "jsonl": Format("json_lines"),
    "csv": Format("csv_table"),
    "markdown": Format("markdown", is_grouped=True, has_counts=True),
    "github": Format("github", is_grouped=True, has_counts=True),
    "gitlab": Format("gitlab"),
    "sarif": Format("sarif"),
    "junit": Format("junit", is_grouped=True, has_counts=True),
    "rdjson": Format("rdjson"),
}

__all__ = ["REPORTERS", "Format", "ReportOptions", "Reporter"]
