"""Check a text, and fix it: findings as diagnostics, and fixes as edits."""

import re
from itertools import islice
from typing import NamedTuple

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticSeverity,
    Position,
    Range,
    TextEdit,
)

from consentlint.linter.check import Linter
from consentlint.linter.discovery import MAX_HEAD, has_no_field
from consentlint.linter.fix import FixedFile
from consentlint.lsp.positions import Positions, encode
from consentlint.lsp.setup import Setup
from consentlint.model.findings import Finding, Severity
from consentlint.text.masking import printable
from consentlint.text.plurals import counted

MAX_DIAGNOSTICS = 1_000
"""How many findings are shown; an editor becomes slow with more."""

_SOURCE = "consentlint"
_SEVERITIES = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
}
# Programs disagree about whether these end a line, so no position after them is certain.
_UNUSUAL_LINE_END = re.compile("\r(?!\n)|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class QuickFix(NamedTuple):
    """A fix of one finding."""

    title: str
    safe: bool
    edits: list[TextEdit]
    """Empty if only a fix of the whole file can do it."""


class Found(NamedTuple):
    """A diagnostic, and what fixes it."""

    diagnostic: Diagnostic
    fix: QuickFix | None = None


def check(path: str, text: str, setup: Setup, encoding: str | None) -> list[Found]:
    """Return the findings of a text, as `check` would report them.

    Args:
        path: the path of the file.
        text: its text in the editor.
        setup: how to check it.
        encoding: the encoding that positions count in.

    Returns:
        At most `MAX_DIAGNOSTICS` findings, then a note about the others. Nothing for a text without
        fields of the API.
    """
    if is_unrelated(text):
        return []
    content = encode(text)
    positions = Positions(content, encoding)
    has_fixes = not _UNUSUAL_LINE_END.search(text)
    settings = setup.settings._replace(edits=has_fixes)
    with Linter(setup.options, settings).check_file(path, content) as file:
        if setup.baseline is not None:
            setup.baseline.apply(file)
        found = [
            _found(finding, positions, has_fixes=has_fixes)
            for finding in islice(file.findings(), MAX_DIAGNOSTICS)
        ]
        hidden = sum(number for _, _, number in file.counts()) - len(found)
    return [*found, _note(hidden)] if hidden > 0 else found


def is_unrelated(text: str) -> bool:
    """Tell whether a text plainly holds no records, or is empty, as a new file is."""
    return not text.strip() or has_no_field(encode(text[:MAX_HEAD]))


def _found(finding: Finding, positions: Positions, *, has_fixes: bool) -> Found:
    start = finding.offset or 0
    end = start if finding.end_offset is None else finding.end_offset
    diagnostic = Diagnostic(
        positions.range(start, end),
        printable(finding.message),
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        # It must be an absolute address.
        code_description=CodeDescription(finding.url),
        source=_SOURCE,
    )
    fix = finding.fix
    if fix is None or not has_fixes:
        return Found(diagnostic)
    edits = [
        TextEdit(positions.range(edit.offset, edit.end_offset), edit.content) for edit in fix.edits
    ]
    return Found(diagnostic, QuickFix(printable(fix.title), fix.safe, edits))


def _note(hidden: int) -> Found:
    message = f"Not shown: {counted(hidden, 'more finding')}. To see all, run consentlint check."
    start = Position(0, 0)
    severity = DiagnosticSeverity.Information
    return Found(Diagnostic(Range(start, start), message, severity=severity, source=_SOURCE))


def fix_all(path: str, text: str, setup: Setup, encoding: str | None) -> list[TextEdit]:
    """Return the edits that make of a text what `check --fix` would write.

    The arguments are those of `check`.
    """
    if _UNUSUAL_LINE_END.search(text):
        return []
    content = encode(text)
    linter = Linter(setup.options, setup.settings)
    with FixedFile(linter, path, unsafe=False, content=content) as fixed:
        after = fixed.checked.content
        if not fixed.is_changed or after is None:
            return []
        replacement = after.load(0, after.size).decode("utf-8", "surrogatepass")
    return _difference(text, replacement, Positions(content, encoding))


def _difference(before: str, after: str, positions: Positions) -> list[TextEdit]:
    """Return edits that turn one text into another; most change the value of one field.

    If there are as many lines as before, no edit is larger than a line.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) != len(new):
        old, new = [before], [after]
    edits = []
    offset = 0
    for line, replacement in zip(old, new, strict=True):
        if line != replacement:
            start = _common(line, replacement)
            rest, other = line[start:], replacement[start:]
            end = _common(rest[::-1], other[::-1])
            at = offset + len(encode(line[:start]))
            changed, inserted = rest[: len(rest) - end], other[: len(other) - end]
            edits.append(TextEdit(positions.range(at, at + len(encode(changed))), inserted))
        offset += len(encode(line))
    return edits


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
