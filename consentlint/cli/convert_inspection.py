"""What `convert --inspect` shows."""

import shlex
from collections.abc import Iterator

from consentlint.convert.inspect import Dates, Inspection, shown_word
from consentlint.convert.mapping import fold
from consentlint.text.layout import columns as width_of
from consentlint.text.masking import printable, shown
from consentlint.text.plurals import counted

_MAX_WORDS = 20
_MAX_FORMS = 5
_WIDEST = 32


def inspection_lines(found: Inspection) -> Iterator[str]:
    """Yield the lines of the report on one file."""
    yield f"{printable(found.name)}: {counted(found.rows, 'row')}, {counted(len(found.columns), 'column')}"
    yield ""
    names = [shown(column.name, _WIDEST) for column in found.columns]
    widest = max(map(width_of, names), default=0)
    for name, column in zip(names, found.columns, strict=True):
        yield f"  {name}{' ' * (widest - width_of(name))}  {', '.join(column.samples) or '(blank)'}"
        if column.use:
            yield f"  {' ' * widest}  -> {shown(column.use, 100)}"
    for words in found.words:
        yield ""
        yield f'Words in "{shown(words.column)}":'
        for word, count in words.counts.most_common(_MAX_WORDS):
            meaning = words.mapped.get(fold(word), "not mapped: the row is left out")
            yield f"  {count:>9,}  {shown_word(word)}: {meaning}"
        if len(words.counts) > _MAX_WORDS:
            yield f"             and {len(words.counts) - _MAX_WORDS:,} more"
    for dates in found.dates:
        if dates.forms:
            yield ""
            yield from _dates(dates)
    yield ""
    if found.presets:
        yield f"It looks like a known export: pass --preset {' or --preset '.join(found.presets)}."
    yield from _to_decide(found)


def _dates(dates: Dates) -> Iterator[str]:
    yield f'Dates in "{shown(dates.column)}":'
    for form, count in dates.forms.most_common(_MAX_FORMS):
        yield f"  {count:>9,}  {form}"
    if dates.day_first and dates.month_first:
        yield "  The order of day and month is not the same in all of them."
    elif dates.day_first or dates.month_first:
        first = "day" if dates.day_first else "month"
        proofs = dates.day_first or dates.month_first
        yield f"  The {first} comes first: {counted(proofs, 'date')} can be read in no other way."
    elif _order(dates):
        yield "  Whether day or month comes first is not certain."


def _order(dates: Dates) -> str:
    """Return the order of day and month that the dates prove, or the choice; empty if none is needed."""
    if dates.day_first and not dates.month_first:
        return "DMY"
    if dates.month_first and not dates.day_first:
        return "MDY"
    has_short = any("/" in form[:3] or "." in form[:3] for form in dates.forms)
    return "DMY or MDY" if has_short or dates.day_first else ""


def _to_decide(found: Inspection) -> Iterator[str]:
    columns = {target: shlex.quote(shown(column)) for column, target in found.hints.items()}
    wanted = [
        option.replace("status=COLUMN", f"status={columns.get('status', 'COLUMN')}")
        for option in found.to_decide
    ]
    if found.without_code:
        numbers = counted(found.without_code, "number")
        wanted.append(f"--region CODE ({numbers} without a country code)")
    for dates in found.dates:
        name = shown(dates.column)
        if dates.without_offset:
            wanted.append(f'--timezone ZONE (no UTC offset in "{name}")')
        if dates.without_time:
            wanted.append(f'--time-of-day TIME (no time in "{name}")')
        order = _order(dates)
        if order:
            wanted.append(f'--date-format {order} (for "{name}")')
    for words in found.words:
        unmapped = [word for word in words.counts if fold(word) not in words.mapped]
        if unmapped:
            example = f"{shown(unmapped[0])}=opt-in"
            wanted.append(f"--status {shlex.quote(example)} or another meaning, for each word")
    if not wanted:
        yield "Nothing is left to decide."
        return
    yield "To decide:"
    for option in dict.fromkeys(wanted):
        yield f"  {option}"
