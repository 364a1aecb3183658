"""What `convert` says at its end: what was read, written and left out adds up."""

from collections.abc import Iterator, Sequence

from consentlint.convert.run import Totals
from consentlint.text.masking import printable
from consentlint.text.plurals import counted

_MAX_REASONS = 20


def summary_lines(
    totals: Totals, output: str, left_out: str | None, are_consents: bool, notes: Sequence[str]
) -> Iterator[str]:
    """Yield the lines of the summary."""
    for name, count in totals.rows.items():
        yield f"Read {counted(count, 'row')} of {printable(name)}."
    statuses = ", ".join(
        f"{count:,} {status}" for status, count in sorted(totals.by_status.items())
    )
    where = "standard output" if output == "-" else printable(output)
    yield f"Wrote {counted(totals.kept, 'item')} to {where}{f' ({statuses})' if statuses else ''}."
    if totals.left_out:
        there = f" to {printable(left_out)}" if left_out else ""
        yield f"Left out {counted(totals.left_out, 'row')}{there}:"
        reasons = sorted(totals.reasons.items(), key=lambda pair: -pair[1].rows)
        for text, reason in reasons[:_MAX_REASONS]:
            yield f"  {reason.rows:>7,}  {text}"
            for example in reason.examples:
                yield f"           {example}"
        rest = sum(reason.rows for _, reason in reasons[_MAX_REASONS:])
        if rest:
            yield f"  {rest:>7,}  {counted(len(reasons) - _MAX_REASONS, 'other reason')}"
        yield (
            f"{totals.kept:,} written + {totals.left_out:,} left out ="
            f" {counted(sum(totals.rows.values()), 'row')}."
        )
    if are_consents and totals.undated:
        yield f"{counted(totals.undated, 'item')} without a date of consent."
    if totals.without_offset:
        yield (
            f"{counted(totals.without_offset, 'date')} without a UTC offset. Pass --timezone if you"
            " know their time zone."
        )
    for note in (*totals.notes, *notes):
        yield f"Note: {note}"
    if not left_out and totals.needs_decision:
        yield "To see these rows, pass --left-out FILE."
