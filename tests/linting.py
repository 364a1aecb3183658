"""Check and read files, for tests of any room."""

from pathlib import Path

from consentlint.linter.check import Linter
from consentlint.linter.read import read_items
from consentlint.model.findings import Finding
from consentlint.model.items import Header, Item, ParseError
from consentlint.model.settings import ReadOptions, Settings

Event = Header | Item | ParseError


def findings_in(name: str, settings: Settings, options: ReadOptions | None = None) -> list[Finding]:
    """Return the findings of a file."""
    with Linter(options or ReadOptions(), settings).check_file(name) as file:
        findings = list(file.findings())
        counted = sum(count for _, _, count in file.counts())
    assert counted == len(findings)
    return findings


def items_in(name: str, format_name: str | None = None) -> list[Event]:
    """Return the header, the items and the parse errors of a file."""
    return list(read_items(name, ReadOptions(format=format_name)))


def renamed(finding: Finding, path: Path, name: str) -> Finding:
    """Return the finding of a file with another name, also in the command that it proposes."""
    message = finding.message.replace(str(path), name)
    return finding._replace(file=name, message=message)
