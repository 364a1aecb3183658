"""Files: requests as bytes, in each format that the linter reads."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from hypothesis import assume
from hypothesis import strategies as st

from consentlint.cases import Choices, Context
from consentlint.formats.form_body import KEY
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
            name = choices.choice((*_WRITERS, "csv"))
            if name == "csv":
                content = _csv(choices, items, endpoint.fields)
            else:
                content = _WRITERS[name](choices, [json.dumps(item) for item in items])
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
    name = choices.choice(tuple(_WRITERS))
    content = _WRITERS[name](choices, texts).encode()
    reasons = [item.expected_reasons for item in expected]
    return ExpectedFile(name, content, [item.item for item in expected], reasons, rules)


_FLAGS = ("contact-id-not-canonical", "unknown-field")


def _json(choices: Choices, texts: Sequence[str]) -> str:
    key = choices.choice((None, KEY, "items"))
    between = choices.choice((", ", ",", ",\n  ", " ,\r\n\t"))
    array = f"[{between.join(texts)}]"
    text = array if key is None else f'{{"{key}": {array}}}'
    return text + choices.choice(("\n", ""))


def _json_lines(choices: Choices, texts: Sequence[str]) -> str:
    return choices.choice(("\n", "\r\n")).join(texts) + choices.choice(("\n", ""))


def _form(choices: Choices, texts: Sequence[str]) -> str:
    escape = choices.choice((quote_plus, quote))
    return "&".join(f"{KEY}={escape(text)}" for text in texts)


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


_WRITERS: dict[str, Callable[[Choices, Sequence[str]], str]] = {
    "json": _json,
    "jsonl": _json_lines,
    "form": _form,
}
