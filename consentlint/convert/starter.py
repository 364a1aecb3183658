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
    if found.without_code:
        yield f'# region = "US"  # {counted(found.without_code, "number")} without a country code'
    if any(dates.without_offset for dates in found.dates):
        yield '# timezone = "America/New_York"  # dates have no UTC offset'
    if any(dates.without_time for dates in found.dates):
        yield '# time_of_day = "12:00:00"  # dates have no time'
    if any(dates.day_first + dates.month_first for dates in found.dates):
        order = "DMY" if any(dates.day_first for dates in found.dates) else "MDY"
        yield f'date_format = "{order}"'
    yield "\n[columns]"
    for target, names in document.get("columns", {}).items():
        yield f"{target} = {_quoted(names[0] if len(names) == 1 else names)}"
    for column, target in found.hints.items():
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
