"""Bundle the schemas: write the fields into the items, and the items into requests and files.

    python scripts/bundle_schemas.py          # write them
    python scripts/bundle_schemas.py --check  # exit 1 if one is stale

Edit schemas/fields.json for a field, and schemas/consent-item.json or schemas/contact-item.json
for everything else about an item; the schemas of requests and files are made here. An editor or
validator opens one file, and a `$ref` costs a validator ten times as much as a pattern. So each
file contains copies, and no references.
"""

import json
from pathlib import Path
from typing import Any

from generated import write_or_check

Schema = dict[str, Any]

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SUPERSEDED_BY = "consentlint_superseded_by"


def load(name: str) -> Schema:
    """Return a schema as it is in its file."""
    schema: Schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return schema


def item_schema(kind: str) -> Schema:
    """Return the schema of an item with fresh copies of its fields."""
    definitions = load("fields")["$defs"]
    schema = load(f"{kind}-item")
    return {**schema, "properties": {name: definitions[name] for name in schema["properties"]}}


def request_schema(kind: str) -> Schema:
    """Return the schema of a request."""
    name = f"{kind}s"
    return {
        "$schema": DIALECT,
        "$id": f"urn:consentlint:{name}-request",
        "title": f"Bulk {name} request",
        "description": f"A request to /v1/{name.capitalize()}/Bulk, written as JSON. "
        "On the wire it is a form body: the key Items once for each item, each value one item as "
        "JSON text.",
        "type": "object",
        "properties": {
            "Items": {
                "title": "Items",
                "description": "At most 25 items.",
                "type": "array",
                "minItems": 1,
                "maxItems": 25,
                "items": element_schema(_without_file_keywords(item_schema(kind))),
            }
        },
        "required": ["Items"],
        "additionalProperties": False,
    }


def file_schema(kind: str) -> Schema:
    """Return the schema of a JSON file that `consentlint check` accepts."""
    item = _without_file_keywords(item_schema(kind))
    if "additionalProperties" in item:
        item["properties"][SUPERSEDED_BY] = {
            "title": "Superseded by",
            "description": "The correlation id of the later item that replaced this one. "
            "consentlint submit adds it, and does not send the item.",
        }
    items = {"title": "Items", "type": "array", "minItems": 1, "items": element_schema(item)}
    keys = ("Items", "items")
    # With `if` instead of `anyOf`, a validator reports the field that is invalid.
    return {
        "$schema": DIALECT,
        "$id": f"urn:consentlint:{kind}s-file",
        "title": f"File of {kind}s",
        "description": "A JSON file that consentlint check accepts: an array of items, an object "
        "with the items under Items or items, or a single item.",
        "if": {"type": "array"},
        "then": items,
        "else": {
            "if": {
                "anyOf": [
                    {"type": "object", "properties": {key: True}, "required": [key]} for key in keys
                ]
            },
            "then": {"type": "object", "properties": dict.fromkeys(keys, items)},
            "else": item,
        },
    }


def element_schema(item: Schema) -> Schema:
    """Return the schema of an element of a list: an item, or the JSON text of one."""
    text = {"title": "Item as JSON text", "contentMediaType": "application/json"}
    return {"if": {"type": "string"}, "then": text, "else": item}


def _without_file_keywords(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id")}


def render() -> dict[str, str]:
    """Return the text of every bundled file by its name."""
    makers = {"{}-item": item_schema, "{}s-request": request_schema, "{}s-file": file_schema}
    return {
        f"{name.format(kind)}.json": json.dumps(make(kind), indent=2) + "\n"
        for name, make in makers.items()
        for kind in ("consent", "contact")
    }


def main() -> int:
    """Write the files, or with --check report which are stale."""
    return write_or_check({SCHEMAS / name: text for name, text in render().items()})


if __name__ == "__main__":
    raise SystemExit(main())
