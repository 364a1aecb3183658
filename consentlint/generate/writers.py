"""Write generated items in the formats that the linter reads, and what is expected of them."""

import csv
import json
from collections.abc import Iterable
from typing import IO, Any
from urllib.parse import quote_plus

from consentlint.cases import ABSENT
from consentlint.formats.write_items import FRAMES, Frame, ItemWriter
from consentlint.generate.items import GeneratedItem
from consentlint.model.endpoints import Endpoint
from consentlint.wire import ResponseItem

# A document is a list, and a form body can be sent as it is.
_FRAMES = {
    **FRAMES,
    "json": Frame("[", "\n", ",\n", closing="\n]\n"),
    "form": FRAMES["form"]._replace(closing=""),
}
_encode = json.JSONEncoder(separators=(",", ":")).encode


def is_writable(format_name: str, value: object) -> bool:
    """Return whether a format can express the value of a field: a table has strings only."""
    if format_name != "csv" or value is ABSENT:
        return True
    return isinstance(value, str) and value != ""


def text_of(generated: GeneratedItem) -> str:
    """Return the JSON text of an item."""
    text = _encode(generated.item)
    if generated.first_value is None:
        return text
    key, value = generated.first_value
    return f"{{{_encode(key)}:{_encode(value)},{text[1:]}"


def expected_of(index: int, generated: GeneratedItem, endpoint: Endpoint) -> str:
    """Return what is expected of an item, as a line of JSON."""
    correlation_id = generated.item.get("correlation_id")
    response = ResponseItem(
        correlation_id if isinstance(correlation_id, str) else None,
        endpoint.error_code if generated.reasons else 0,
        generated.reasons,
    )
    line: dict[str, Any] = {
        "item": index,
        "response": response._asdict(),
        "rules": generated.rules,
        "cases": generated.cases,
    }
    return f"{_encode(line)}\n"


def write(
    format_name: str, items: Iterable[GeneratedItem], endpoint: Endpoint, file: IO[str]
) -> None:
    """Write items to a file, one after the other.

    Args:
        format_name: The format.
        items: The items.
        endpoint: The endpoint of the items.
        file: The file, opened with `newline=""`.
    """
    if format_name == "csv":
        rows = csv.DictWriter(file, endpoint.fields, restval="", lineterminator="\n")
        rows.writeheader()
        rows.writerows(generated.item for generated in items)
        return
    texts = map(text_of, items)
    writer = ItemWriter(file, _FRAMES[format_name])
    writer.write(map(quote_plus, texts) if format_name == "form" else texts)
    writer.close()
