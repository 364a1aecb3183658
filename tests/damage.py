"""Damage valid items in ways that a safe fix reverses, and write them in each format."""

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote_plus

from hypothesis import strategies as st

Fields = Mapping[str, str]
Damage = Callable[[str], str]

DAMAGES: dict[str, Sequence[Damage]] = {
    "contact_id": (
        lambda text: f" {text}",
        lambda text: f"{text}\N{NO-BREAK SPACE}",
        lambda text: f"tel:{text}",
        lambda text: f"whatsapp:{text}",
        lambda text: f"{text[:4]} {text[4:7]}-{text[7:]}",
        lambda text: f"{text[:5]}\N{ZERO WIDTH SPACE}{text[5:]}",
        lambda text: f"'{text}",
        lambda text: f'="{text}"',
    ),
    "correlation_id": (
        lambda text: re.sub("(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", text),
        lambda text: re.sub("(.{8})(.{4})(.{4})(.{4})(.{12})", r"{\1-\2-\3-\4-\5}", text),
        lambda text: f"{text} ",
    ),
    "sender_id": (lambda text: f" {text}", lambda text: f"{text}\t"),
    "status": (
        str.upper,
        str.title,
        lambda text: text.replace("-", " "),
        lambda text: f"{text}ed".replace("outed", "ed-out").replace("ined", "ed_in"),
        lambda text: f"{text} ",
    ),
    "source": (str.title, lambda text: f" {text}"),
    "date_of_consent": (
        lambda text: text.replace("T", " "),
        lambda text: text.lower(),
        lambda text: f" {text}",
    ),
    "country_iso_code": (lambda text: f"{text} ",),
    "zip_code": (),
}
"""What damages the values of each field."""


class Layout(NamedTuple):
    """How items are written to a file."""

    suffix: str
    write: Callable[[Sequence[Fields]], bytes]
    read: Callable[[bytes], list[dict[str, str]]]


def damaged(item: Fields) -> st.SearchStrategy[dict[str, str]]:
    """Return items of which any number of values is damaged."""
    choices = (
        st.sampled_from([value, *(damage(value) for damage in DAMAGES[field])])
        for field, value in item.items()
    )
    return st.tuples(*choices).map(lambda values: dict(zip(item, values, strict=True)))


def _table(delimiter: str, quoting: int, line_end: str, start: str = "") -> Layout:
    def write(items: Sequence[Fields]) -> bytes:
        text = io.StringIO()
        columns = [*dict.fromkeys(field for item in items for field in item), "name"]
        writer = csv.DictWriter(
            text, columns, "", delimiter=delimiter, lineterminator=line_end, quoting=quoting
        )
        writer.writeheader()
        for number, item in enumerate(items):
            writer.writerow({**item, "name": f'Doe, "J{number}\N{LATIN SMALL LETTER E WITH ACUTE}'})
        return (start + text.getvalue()).encode()

    def read(content: bytes) -> list[dict[str, str]]:
        text = content.decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [{key: cell for key, cell in row.items() if cell and key != "name"} for row in rows]

    return Layout(".csv", write, read)


def _json(indent: int | None, key: str | None, *, ascii_only: bool = True) -> Layout:
    def write(items: Sequence[Fields]) -> bytes:
        named = [{"\N{BULLET}": "\N{BULLET} Doe", **item} for item in items]
        document = named if key is None else {"\N{BULLET}": 1, key: named}
        text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
        return ("" if ascii_only else "\ufeff").encode() + text.encode()

    def read(content: bytes) -> list[dict[str, str]]:
        document = json.loads(content)
        items = document if key is None else document[key]
        return [{key: item[key] for key in item if key != "\N{BULLET}"} for item in items]

    return Layout(".json", write, read)


def _json_lines(content: bytes) -> list[dict[str, str]]:
    return [json.loads(line) for line in content.splitlines()]


def _texts(items: Sequence[Fields]) -> bytes:
    return json.dumps({"Items": [json.dumps(item) for item in items]}, indent=1).encode()


def _form(items: Sequence[Fields]) -> bytes:
    return "&".join(f"Items={quote_plus(json.dumps(item))}" for item in items).encode()


def _read_form(content: bytes) -> list[dict[str, str]]:
    from urllib.parse import parse_qs

    return [json.loads(text) for text in parse_qs(content.decode())["Items"]]


_COMMAS = _table(",", csv.QUOTE_MINIMAL, "\n")

LAYOUTS = {
    "commas": _COMMAS,
    "semicolons, quoted, CRLF, BOM": _table(";", csv.QUOTE_ALL, "\r\n", "\ufeff"),
    "tabs": _table("\t", csv.QUOTE_MINIMAL, "\n"),
    "array": _json(None, None),
    "indented": _json(2, "Items"),
    "not ASCII": _json(None, "items", ascii_only=False),
    "lines": Layout(
        ".jsonl",
        lambda items: b"".join(f"{json.dumps(item)}\r\n".encode() for item in items),
        _json_lines,
    ),
    "texts": Layout(
        ".json",
        _texts,
        lambda content: [json.loads(text) for text in json.loads(content)["Items"]],
    ),
    "form": Layout(".form", _form, _read_form),
    "gzipped": Layout(
        ".csv.gz",
        lambda items: gzip.compress(_COMMAS.write(items)),
        lambda content: _COMMAS.read(gzip.decompress(content)),
    ),
}
