"""Files: valid requests as bytes, in each format that the linter reads."""

import csv
import io
import json
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from consentlint.model.endpoints import Endpoint
from consentlint.strategies._context import DrawContext
from consentlint.strategies._items import Item
from consentlint.strategies._requests import valid_requests

_FORM_KEY = "Items"


class ItemFile(NamedTuple):
    """A file and the items in it."""

    format: str
    """The value for `consentlint check --format`: json, jsonl, csv or form."""
    content: bytes
    items: list[Item]


def item_files(endpoint: Endpoint, context: DrawContext) -> st.SearchStrategy[ItemFile]:
    """Return files of each format, each with the items of a valid request."""
    requests = valid_requests(endpoint, context)
    return st.sampled_from(tuple(_WRITERS)).flatmap(lambda name: _file(name, requests, endpoint))


@st.composite
def _file(
    draw: st.DrawFn, name: str, requests: st.SearchStrategy[list[Item]], endpoint: Endpoint
) -> ItemFile:
    items = draw(requests)
    return ItemFile(name, draw(_WRITERS[name](items, endpoint)).encode(), items)


@st.composite
def _json(draw: st.DrawFn, items: Sequence[Item], endpoint: Endpoint) -> str:
    key = draw(st.sampled_from((None, _FORM_KEY, "items")))
    indent = draw(st.sampled_from((None, 2, "\t")))
    text = json.dumps(items if key is None else {key: items}, indent=indent)
    return text + draw(_FILE_ENDS)


@st.composite
def _json_lines(draw: st.DrawFn, items: Sequence[Item], endpoint: Endpoint) -> str:
    separators = draw(st.sampled_from(((", ", ": "), (",", ":"))))
    lines = (json.dumps(item, separators=separators) for item in items)
    return draw(_LINE_BREAKS).join(lines) + draw(_FILE_ENDS)


@st.composite
def _csv(draw: st.DrawFn, items: Sequence[Item], endpoint: Endpoint) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(
        text,
        draw(st.permutations(endpoint.fields)),
        restval="",
        delimiter=draw(st.sampled_from(",;\t")),
        lineterminator=draw(_LINE_BREAKS),
        quoting=draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
    )
    writer.writeheader()
    writer.writerows(items)
    # Spreadsheets start a UTF-8 file with a byte order mark.
    return draw(st.sampled_from(("", "\N{ZERO WIDTH NO-BREAK SPACE}"))) + text.getvalue()


@st.composite
def _form(draw: st.DrawFn, items: Sequence[Item], endpoint: Endpoint) -> str:
    escape = draw(st.sampled_from((quote_plus, quote)))
    return "&".join(f"{_FORM_KEY}={escape(json.dumps(item))}" for item in items)


_FILE_ENDS = st.sampled_from(("\n", ""))
_LINE_BREAKS = st.sampled_from(("\n", "\r\n"))

_WRITERS = {"json": _json, "jsonl": _json_lines, "csv": _csv, "form": _form}
