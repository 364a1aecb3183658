"""Recognize JSON that holds items in another shape, and tell how to make a list of items of it.

Only the first item is looked at. A message shows keys, never values, and of the keys only those
that hold no personal data.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from consentlint.fields.names import field_named
from consentlint.text.masking import printable

OUTPUT = "items.jsonl"
"""Where a command writes; the linter puts the names of the files into the command."""

_LIST_KEYS = {"Items", "items"}
# How deep, and among how many values, items are searched for.
_MAX_DEPTH = 8
_MAX_VALUES = 200
_MAX_KEYS = 100
_MAX_TEXT = 100_000
_WORD = r"[A-Za-z_]+"
_SHOWABLE = r"[A-Za-z_$@#.:/ -]{1,40}"
# The keys under which programs put the values of fields.
_TYPES = {
    **dict.fromkeys(("S", "N", "BOOL", "NULL"), "DynamoDB JSON"),
    **dict.fromkeys(
        ("$date", "$oid", "$numberLong", "$numberInt", "$numberDouble"), "MongoDB Extended JSON"
    ),
    **dict.fromkeys(("stringValue", "timestampValue", "integerValue"), "Firestore"),
}
_WRAPPERS = {*_TYPES, "string", "value", "#text", "_text", "@value"}

# DynamoDB writes {"NULL": true} for a value that does not exist.
_VALUES = 'map_values(until(type != "object"; if .NULL then empty else .[] end))'
_ROWS = "[$c, .] | transpose | map({(.[0]): .[1]}) | add"


class _Inside(NamedTuple):
    """Where the items are inside a value."""

    path: tuple[str, ...]
    """Keys; "[]" for each element of a list, "{}" for each value of an object, and "text" for the
    JSON in a string."""
    item: Mapping[str, object]
    """The first item."""


def describe(value: Mapping[str, object], start: str | None) -> str:
    """Return what is wrong with the shape of the first item of a file, and what to run.

    Args:
        value: the item as it was read.
        start: what selects it in jq, such as ".Items[]"; empty if it is the document or the line,
            None if jq cannot read the file.

    Returns:
        The message, empty if the item has the shape of an item.
    """
    if {"columns", "data"} <= value.keys() and _fields_in(_names(value["columns"])) > 1:
        steps = [start, f".columns as $c | .data[] | {_ROWS}"]
        return f"{_COLUMNS}.{_command(steps)}"
    inside = _find(value) if _fields_in(value) < _MIN_FIELDS else None
    steps, found = [start], ""
    if inside is not None:
        steps.append(_filter(inside.path))
        found = _where(inside.path, start)
        value = inside.item
    first = next((key for key in value if field_named(key)), "")
    wrapper = _wrapper(value)
    if wrapper:
        steps.append(_VALUES)
        shown = f" ({_TYPES[wrapper]})" if wrapper in _TYPES else ""
        values = f'the values of fields are inside an object, as in {{"{wrapper}": …}}{shown}'
        found = f"{found}, and {values}" if found else values
    elif _holds_columns(value):
        column = _index(first)
        steps.append(f". as $d | {column} | keys_unsorted[] as $k | $d | map_values(.[$k])")
        found = f"{found}, and {_COLUMNS}" if found else _COLUMNS
    return f"{found}.{_command(steps)}" if found else ""


def describe_rows(first: object) -> str:
    """Return what is wrong with a list whose first element is a list, and what to run.

    Args:
        first: the first element.
    """
    if not isinstance(first, list):
        return ""
    if _fields_in(_names(first)) > 1:
        steps = [f".[0] as $c | .[1:][] | {_ROWS}"]
        return f"each item is a list of values without keys.{_command(steps)}"
    return (
        "each item is a list of values, expected an object with keys. In pandas, use"
        ' to_json(orient="records").'
    )


def describe_renames(start: str | None, renames: Mapping[str, str]) -> str:
    """Return which keys must be renamed, and what to run.

    Args:
        start: what selects the items in jq, see `describe`.
        renames: the new name for each key.
    """
    pairs = ", ".join(f'"{printable(name)}" to "{field}"' for name, field in renames.items())
    is_printable = all(map(str.isprintable, renames))
    table = json.dumps(dict(renames), ensure_ascii=not is_printable).replace("\x7f", r"\u007f")
    command = _command([start, f"with_entries(.key |= ({table}[.] // .))"])
    return f"rename the keys of the items: {pairs}.{command}"


def jq_start(pointer: str | None) -> str | None:
    """Return what selects all items in jq, given the JSON pointer to one of them."""
    if not pointer:
        return pointer
    key = pointer.rpartition("/")[0].removeprefix("/")
    return f"{_index(key)}[]" if key else ".[]"


def showable(names: Iterable[str]) -> Iterator[str]:
    """Yield the names that hold no personal data: fields, and text without digits."""
    for name in names:
        if field_named(name) or re.fullmatch(_SHOWABLE, name):
            yield name


# An item has more of them than what is around it.
_MIN_FIELDS = 3
_COLUMNS = 'an object holds a list for each field, expected an object for each item (orient="records" in pandas)'


def _find(value: Mapping[str, object]) -> _Inside | None:
    """Return where items are inside a value, the outermost first."""
    own = _fields_in(value)
    level: list[tuple[tuple[str, ...], object]] = [((), value)]
    seen = 0
    for _ in range(_MAX_DEPTH):
        deeper: list[tuple[tuple[str, ...], object]] = []
        for path, each in level:
            for step, inner in _steps(each):
                seen += 1
                if isinstance(inner, Mapping) and _fields_in(inner) > max(1, own):
                    return _Inside((*path, step), inner)
                if seen < _MAX_VALUES:
                    deeper.append(((*path, step), inner))
        level = deeper
    return None


def _steps(value: object) -> Iterator[tuple[str, object]]:
    """Yield what is inside a value, and how to get there."""
    if isinstance(value, list) and value:
        yield "[]", value[0]
    elif isinstance(value, str) and value[:1] in ("{", "[") and len(value) < _MAX_TEXT:
        try:
            yield "text", json.loads(value)
        except (ValueError, RecursionError):
            return
    elif isinstance(value, Mapping):
        items = list(zip(value.items(), range(_MAX_KEYS), strict=False))
        kinds = {type(each) for (_, each), _ in items}
        for (key, each), _ in items:
            are_items = kinds == {dict} and isinstance(each, Mapping) and _fields_in(each) > 1
            if len(items) > 1 and are_items:
                yield "{}", each
            elif re.fullmatch(_SHOWABLE, key):
                yield key, each
            elif len(items) == 1 or kinds == {list}:
                # The key may hold personal data.
                yield "{}", each


def _filter(path: Sequence[str]) -> str:
    """Return what follows a path in jq."""
    text = ""
    for step in path:
        if step in ("[]", "{}"):
            text += (
                "[]" if text and not text.endswith("fromjson") else f"{' | ' if text else ''}.[]"
            )
        elif step == "text":
            text += " | fromjson" if text else "fromjson"
        elif text and not text.endswith("fromjson"):
            text += _index(step) if re.fullmatch(_WORD, step) else _index(step).removeprefix(".")
        else:
            text += f"{' | ' if text else ''}{_index(step)}"
    return text


def _index(key: str) -> str:
    return f".{key}" if re.fullmatch(_WORD, key) else f".[{json.dumps(key)}]"


def _where(path: Sequence[str], start: str | None) -> str:
    """Return where the items are, in words."""
    keys = [step for step in path if step not in ("[]", "{}", "text")]
    name = f'"{".".join(keys)}"'
    if path[-1] == "[]" and keys:
        if set(keys) <= _LIST_KEYS:
            return f"each line holds a request with a list {name}, expected one item on each line"
        what = "the list of items is" if not start else "a list of items is"
        return f'{what} under {name}, expected "Items"'
    if path[-1] == "{}" or not keys:
        under = f" under {name}" if keys else ""
        return f"the items are the values of an object{under}, expected a list of items"
    if "text" in path:
        return f"each item is the text of a JSON object inside {name}"
    return f"each item is inside {name}" if keys else "each item is inside another object"


def _wrapper(value: Mapping[str, object]) -> str:
    """Return the key that the values of most fields are inside, empty if they are not.

    If it is the value of one field only, such as the date in MongoDB, the items can be read.
    """
    fields = _fields(value)
    inner = [value[key] for key in fields]
    keys = [key for each in inner if isinstance(each, Mapping) and len(each) == 1 for key in each]
    known = [key for key in keys if key in _WRAPPERS]
    return known[0] if len(known) > len(fields) / 2 else ""


def _holds_columns(value: Mapping[str, object]) -> bool:
    """Tell whether each key of a value holds the values of many items."""
    columns = [inner for inner, _ in zip(value.values(), range(_MAX_KEYS), strict=False)]
    sizes = {len(each) if isinstance(each, list | dict) else 0 for each in columns}
    return len(sizes) == 1 and sizes != {0} and len(_fields(value)) >= _MIN_FIELDS


def _fields(value: Mapping[str, object]) -> list[str]:
    return [key for key, _ in zip(value, range(_MAX_KEYS), strict=False) if field_named(key)]


def _names(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _fields_in(names: Iterable[str]) -> int:
    """Return how many fields some names are, or surely mean."""
    first = (name for name, _ in zip(names, range(_MAX_KEYS), strict=False))
    return len({*map(field_named, first)} - {None})


def _command(steps: Sequence[str | None]) -> str:
    """Return the sentence with the command, empty if jq cannot read the file."""
    if steps[0] is None:
        return ""
    return f" Run: jq -c '{' | '.join(filter(None, steps)) or '.'}' FILE > {OUTPUT}"
