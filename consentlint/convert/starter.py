"""Write a mapping file to start from."""

import json
from collections.abc import Iterator

from consentlint.convert.inspect import Inspection, Words
from consentlint.convert.mapping import LEAVE_OUT, fold
from consentlint.fields import schemas
from consentlint.text.masking import mask
from consentlint.text.plurals import counted

_MAX_WORDS = 50
_TABLES = ("columns", "values", "status", "source")


def starter_mapping(found: Inspection) -> str:
    """Return a mapping file: what is certain, and as comments what the user must decide."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Inspection) -> Iterator[str]:
    document = found.document
    yield "# A mapping for consentlint convert. Decide the lines that begin with #, and remove the #."
    if "preset" in document or found.presets:
        yield f"{'' if 'preset' in document else '# '}extends = {_quoted(_preset_of(found))}"
    for key, value in document.items():
        if key not in (*_TABLES, "preset"):
            yield f"{key} = {_quoted(value)}"
    repair = found.mapping.repair
    if found.without_code:
        may_need = document.get("preset", {}).get("may_need", ())
        line = "lost_plus = true" if "lost_plus" in may_need else 'region = "US"'
        yield f"# {line}  # {counted(found.without_code, 'number')} without a country code"
    if not repair.timezone and any(dates.without_offset for dates in found.dates):
        yield '# timezone = "America/New_York"  # dates have no UTC offset'
    if not repair.time_of_day and any(dates.without_time for dates in found.dates):
        yield '# time_of_day = "12:00:00"  # dates have no time'
    is_certain = any(dates.day_first + dates.month_first for dates in found.dates)
    if not repair.date_format and is_certain:
        order = "DMY" if any(dates.day_first for dates in found.dates) else "MDY"
        yield f'date_format = "{order}"'
    yield "\n[columns]"
    for target, names in document.get("columns", {}).items():
        yield f"{target} = {_quoted(names[0] if len(names) == 1 else names)}"
    rivals = {name: target for target, names in found.rivals.items() for name in names}
    for column, target in {**rivals, **found.hints}.items():
        yield f"# {target} = {_quoted(column)}"
    yield "\n[values]"
    values = document.get("values", {})
    for target, value in values.items():
        yield f"{target} = {_quoted(value)}"
    if "sender_id" not in values:
        yield "# The Messaging Service SID: in the Twilio Console under Messaging > Services."
        yield '# sender_id = "MG…"'
    if "source" not in values:
        yield f"# How people agreed: {', '.join(schemas.enumeration('source'))}."
        yield '# source = "website"'
    yield f"\n[status]\n# Words mean opt-in, opt-out, or {LEAVE_OUT}: no item."
    for words in found.words:
        if len(found.words) > 1:
            # A word may mean something else in another column, and a key occurs once in a table.
            yield f"[status.{_quoted(words.column)}]"
        yield from _words(words)


def _words(words: Words) -> Iterator[str]:
    yield f"# In the column {_quoted(words.column)}:"
    for word, count in words.counts.most_common(_MAX_WORDS):
        # A column of phone numbers or addresses is not the status.
        if mask(word) != word:
            continue
        meaning = words.mapped.get(fold(word))
        mark, meaning = ("", meaning) if meaning else ("# ", LEAVE_OUT)
        yield f"{mark}{_quoted(word)} = {_quoted(meaning)}  # {counted(count, 'row')}"


def _preset_of(found: Inspection) -> str:
    given = found.document.get("preset", {}).get("name")
    return str(given or found.presets[0])


def _quoted(value: object) -> str:
    """Return a value as TOML: JSON's strings, booleans and arrays are the same."""
    if isinstance(value, tuple):
        value = list(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
