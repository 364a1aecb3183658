"""Files: requests as bytes, in each format that the linter reads."""

import csv
import io
import json
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from hypothesis import assume
from hypothesis import strategies as st

from consentlint.cases import Choices, Context
from consentlint.formats.form_body import KEY
from consentlint.formats.write_items import FRAMES, Frame, ItemWriter
from consentlint.model.endpoints import REQUEST_LIMIT, Endpoint
from consentlint.strategies._choices import made
from consentlint.strategies._items import ExpectedItem, Item, flagged_items
from consentlint.strategies._requests import ExpectedRequest, mixed_requests, valid_requests


class ExpectedFile(NamedTuple):
    """A file, the items in it, and the results that must be reported for them."""

    format: str
    """The value for `consentlint check --format`: json, jsonl, csv or form."""
    content: bytes
    items: list[Item]
    expected_reasons: list[list[str]]
    """For each item, the reason codes in the order of the API's response."""
    expected_rules: list[list[str]]
    """For each item, the rules without a reason code that the linter must report: those of
    `ExpectedRequest` and `ExpectedItem`, and `duplicate-key`."""


def valid_files(endpoint: Endpoint, context: Context) -> st.SearchStrategy[ExpectedFile]:
    """Return files of each format, each with the items of a valid request."""

    def write(items: list[Item]) -> st.SearchStrategy[ExpectedFile]:
        def make(choices: Choices) -> ExpectedFile:
            name = choices.choice((*FRAMES, "csv"))
            if name == "csv":
                content = _csv(choices, items, endpoint.fields)
            else:
                content = _content(choices, name, [json.dumps(item) for item in items])
            nothing: list[list[str]] = [[] for _ in items]
            return ExpectedFile(name, content.encode(), items, nothing, nothing)

        return made(make)

    return valid_requests(endpoint, context).flatmap(write)


def mixed_files(endpoint: Endpoint, context: Context) -> st.SearchStrategy[ExpectedFile]:
    """Return files of valid, invalid and flagged items."""
    flagged = st.lists(flagged_items(endpoint, context), max_size=3)

    def write(
        drawn: tuple[ExpectedRequest, list[ExpectedItem]],
    ) -> st.SearchStrategy[ExpectedFile]:
        request, more = drawn
        items = [
            *map(ExpectedItem, *request),
            *more[: REQUEST_LIMIT - len(request.items)],
        ]
        return made(lambda choices: _mixed_file(choices, items))

    return st.tuples(mixed_requests(endpoint, context), flagged).flatmap(write)


def _mixed_file(choices: Choices, expected: Sequence[ExpectedItem]) -> ExpectedFile:
    ids = [str(item.item.get("correlation_id")).lower() for item in expected]
    contacts = [str(item.item.get("contact_id")) for item in expected]
    for item, correlation_id, contact in zip(expected, ids, contacts, strict=True):
        if item.expected_rules and item.expected_rules[0] in _FLAGS:
            assume(ids.count(correlation_id) == contacts.count(contact) == 1)
    texts = [json.dumps(item.item) for item in expected]
    rules = [list(item.expected_rules) for item in expected]
    if choices.boolean():
        index = choices.integer(0, len(expected) - 1)
        fields = expected[index].item
        if fields:
            # The last value counts, so the reason codes stay the same.
            key = choices.choice(list(fields))
            texts[index] = f"{{{json.dumps(key)}: {json.dumps([fields[key]])}, {texts[index][1:]}"
            rules[index].append("duplicate-key")
    name = choices.choice(tuple(FRAMES))
    content = _content(choices, name, texts).encode()
    reasons = [item.expected_reasons for item in expected]
    return ExpectedFile(name, content, [item.item for item in expected], reasons, rules)


_FLAGS = ("contact-id-not-canonical", "unknown-field")


def _content(choices: Choices, format_name: str, texts: Sequence[str]) -> str:
    """Return a file of items, given their JSON texts, in any layout that the format allows."""
    match format_name:
        case "json":
            key = choices.choice((None, KEY, "items"))
            between = choices.choice((", ", ",", ",\n  ", " ,\r\n\t"))
            end = choices.choice(("\n", ""))
            opening, closing = ("[", "]") if key is None else (f'{{"{key}": [', "]}")
            frame = Frame(opening, between=between, closing=closing + end)
        case "jsonl":
            frame = Frame(
                between=choices.choice(("\n", "\r\n")), closing=choices.choice(("\n", ""))
            )
        case _:
            texts = list(map(choices.choice((quote_plus, quote)), texts))
            frame = FRAMES["form"]._replace(closing="")
    file = io.StringIO()
    writer = ItemWriter(file, frame)
    writer.write(texts)
    writer.close()
    return file.getvalue()


def _csv(choices: Choices, items: Sequence[Item], fields: Sequence[str]) -> str:
    text = io.StringIO()
    columns = sorted(fields, key=lambda _: choices.integer(0, 99))
    writer = csv.DictWriter(
        text,
        columns,
        restval="",
        delimiter=choices.choice(",;\t"),
        lineterminator=choices.choice(("\n", "\r\n")),
        quoting=choices.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    )
    writer.writeheader()
    writer.writerows(items)
    # Spreadsheets start a UTF-8 file with a byte order mark.
    return choices.choice(("", "\N{ZERO WIDTH NO-BREAK SPACE}")) + text.getvalue()
