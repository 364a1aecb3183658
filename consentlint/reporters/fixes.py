"""What was fixed, and what can be: the last lines of the formats for people."""

from collections.abc import Iterator

from consentlint.linter.summary import Summary
from consentlint.text.masking import printable
from consentlint.text.plurals import counted


def fix_lines(summary: Summary) -> Iterator[str]:
    """Yield the fixes that were asked for one by one, then what was fixed and what can be."""
    verb = "fixed" if summary.is_written else "would fix"
    for name, log in summary.shown_fixes:
        for kind in log.kinds():
            for fixed in kind.examples:
                yield f"{printable(name)}:{fixed.line}:{fixed.column}: {verb} {fixed.text}\n"
            more = kind.count - len(kind.examples)
            if more:
                yield f"{printable(name)}: … and {more:,} more like this\n"
    sentence = _fixed(summary) if summary.is_fixing else _fixable(summary)
    if sentence:
        yield sentence + "\n"


def _fixed(summary: Summary) -> str:
    """Return the sentence that says what was fixed, and what can be in addition.

    It is empty if nothing was fixed because a file could not be written.
    """
    what = counted(summary.fixed, "problem")
    if summary.fixed_records:
        what += f" in {counted(summary.fixed_records, 'record')}"
    sentences = []
    if summary.fixed:
        sentences.append(f"Fixed {what}." if summary.is_written else f"{what} would be fixed.")
    elif not (summary.unsafe_fixable or summary.unwritten):
        sentences.append("Nothing to fix.")
    if summary.unsafe_fixable:
        more = " more" if summary.fixed else ""
        sentences.append(
            f"{summary.unsafe_fixable:,}{more} can be fixed with --unsafe-fixes, which assume"
            " something: review them with --diff."
        )
    return " ".join(sentences)


def _fixable(summary: Summary) -> str:
    """Return the sentence that says what can be fixed; empty if nothing can."""
    safe, unsafe = summary.fixable, summary.unsafe_fixable
    if not (safe or unsafe):
        return ""
    # Only the repairs of findings that are shown were looked for.
    is_partial = summary.shown < summary.findings
    of_shown = f" of the {summary.shown:,} shown" if is_partial else ""
    count = " To count all, pass --diff." if is_partial else ""
    if safe:
        more = f", {unsafe:,} more with --fix --unsafe-fixes" if unsafe else ""
        return f"{safe:,}{of_shown} can be fixed with --fix{more}.{count}"
    return f"{unsafe:,}{of_shown} can be fixed with --fix --unsafe-fixes.{count}"
