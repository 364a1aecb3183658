"""What `convert --inspect` shows."""

import shlex
from collections.abc import Iterator

from consentlint.convert.inspect import NATIONAL, Dates, Inspection, Words, shown_word
from consentlint.convert.mapping import fold
from consentlint.text.layout import columns as width_of
from consentlint.text.masking import printable, shown
from consentlint.text.plurals import counted

_MAX_WORDS = 20
_MAX_FORMS = 5
_WIDEST = 32
_EITHER = "DMY or MDY"


def inspection_lines(found: Inspection) -> Iterator[str]:
    """Yield the lines of the report on one file."""
    yield f"{printable(found.name)}: {counted(found.rows, 'row')}, {counted(len(found.columns), 'column')}"
    yield ""
    if found.presets:
        yield f"It looks like a known export: pass --preset {' or --preset '.join(found.presets)}."
        yield ""
    if found.header_hint:
        yield found.header_hint
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
    unreadable = [(fault, count) for fault, count in found.numbers.items() if fault != NATIONAL]
    if unreadable:
        yield ""
        yield "Phone numbers that cannot be read:"
        for fault, count in unreadable:
            yield f"  {count:>9,}  {fault}"
    yield ""
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
    return _EITHER if has_short or dates.day_first else ""


def _to_decide(found: Inspection) -> Iterator[str]:
    unmapped = [(words, _unmapped(words)) for words in found.words]
    # Words that the report shows are a better example than WORD.
    has_words = any(each for _, each in unmapped)
    wanted = [
        *(
            _named(option, found, has_words)
            for option in found.missing
            if not option.startswith("--status")
        ),
        *_for_values(found),
        *(
            f"--status {shlex.quote(f'{shown(each[0])}=opt-in')} or another meaning, for each word"
            f' in "{shown(words.column)}"'
            for words, each in unmapped
            if each
        ),
    ]
    if not has_words:
        wanted += [option for option in found.missing if option.startswith("--status")]
    for target, names in found.rivals.items():
        option = f"--map {target}=COLUMN"
        quoted = ", ".join(f'"{shown(each)}"' for each in names)
        wanted = [each for each in wanted if each != option]
        wanted.insert(0, f"{option} (one of {quoted})")
    if not wanted:
        yield "Nothing is left to decide."
        return
    yield "To decide:"
    for option in wanted:
        yield f"  {option}"


def _named(option: str, found: Inspection, has_words: bool) -> str:
    """Return an option with the column that may hold the status."""
    if has_words:
        option = option.replace(" and --status WORD=opt-in", "")
    columns = {target: shlex.quote(shown(column)) for column, target in found.hints.items()}
    return option.replace("status=COLUMN", f"status={columns.get('status', 'COLUMN')}")


def _unmapped(words: Words) -> list[str]:
    return [word for word in words.counts if fold(word) not in words.mapped]


def _for_values(found: Inspection) -> Iterator[str]:
    """Yield the options without which values cannot be read, or not completely."""
    if found.without_code:
        numbers = counted(found.without_code, "number")
        if "lost_plus" in found.document.get("preset", {}).get("may_need", ()):
            yield f"--lost-plus ({numbers} without a plus sign)"
        else:
            yield (
                f"--region CODE ({numbers} {NATIONAL}), or --lost-plus if they start with their"
                " country code"
            )
    repair = found.mapping.repair
    required = " ".join(found.missing)
    without_offset = [each for each in found.dates if each.without_offset]
    if without_offset and not repair.timezone and "--timezone" not in required:
        yield f"--timezone ZONE (no UTC offset in {_columns(without_offset)})"
    without_time = [each for each in found.dates if each.without_time]
    if without_time and not repair.time_of_day and "--time-of-day" not in required:
        yield f"--time-of-day TIME (no time in {_columns(without_time)})"
    orders = {_order(each) for each in found.dates} - {""}
    if orders and not repair.date_format and "--date-format" not in required:
        certain = orders - {_EITHER}
        order = certain.pop() if len(certain) == 1 else _EITHER
        yield f"--date-format {order} (for {_columns([each for each in found.dates if _order(each)])})"


def _columns(dates: list[Dates]) -> str:
    return " and ".join(f'"{shown(each.column)}"' for each in dates)
