"""Bundle the schemas: replace each reference to another file by what it refers to.

    python scripts/bundle_schemas.py          # write them
    python scripts/bundle_schemas.py --check  # exit 1 if one is stale

The form of a field is written once, in schemas/fields.json. An editor or validator opens one
file, and a reference costs a validator ten times as much as a pattern, so the other files contain
copies of the fields, which nobody edits by hand.
"""

import json
import sys
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
_PREFIX = "urn:consentlint:"
# What belongs to a file as a whole, not to a copy of its contents.
_FILE_KEYWORDS = ("$schema", "$id", "$defs")
# Keys of `properties` whose schema is a copy of a field.
_FIELDS = frozenset(json.loads((SCHEMAS / "fields.json").read_text(encoding="utf-8"))["$defs"])


def load(name: str) -> dict[str, Any]:
    """Return a schema."""
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return schema


def bundle(node: Any) -> Any:
    """Return a schema with fresh copies of fields and items."""
    if isinstance(node, list):
        return [bundle(each) for each in node]
    if not isinstance(node, dict):
        return node
    source = node.get("$ref", "")
    if source.startswith(f"{_PREFIX}fields#/$defs/"):
        return load("fields")["$defs"][source.rpartition("/")[2]]
    if source.startswith(_PREFIX):
        return bundle(_without_file_keywords(load(source.removeprefix(_PREFIX))))
    copies = {field: load("fields")["$defs"][field] for field in _FIELDS}
    return {
        key: {name: copies.get(name) or bundle(value) for name, value in value.items()}
        if key == "properties" and _FIELDS & value.keys() >= {"contact_id"}
        else bundle(value)
        for key, value in node.items()
    }


def _without_file_keywords(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in _FILE_KEYWORDS}


def render() -> dict[str, str]:
    """Return the text of every bundled file."""
    texts = {}
    items = {name: _without_file_keywords(bundle(load(name))) for name in ITEMS}
    for file in sorted(SCHEMAS.glob("*.json")):
        if file.stem not in SOURCES:
            schema = _with_items(bundle(load(file.stem)), items)
            texts[file.name] = json.dumps(schema, indent=2) + "\n"
    return texts


ITEMS = ("consent-item", "contact-item")
SOURCES = ("fields", "editor", "report")
"""Files that contain no copies."""


def _with_items(node: Any, items: dict[str, dict[str, Any]]) -> Any:
    """Return a schema whose copies of items are fresh."""
    if isinstance(node, list):
        return [_with_items(each, items) for each in node]
    if not isinstance(node, dict):
        return node
    for item in items.values():
        if "$id" not in node and node.get("title") == item["title"]:
            return item
    return {key: _with_items(value, items) for key, value in node.items()}


def main() -> int:
    """Write the files, or with --check report which are stale."""
    check = "--check" in sys.argv[1:]
    stale = 0
    for name, text in render().items():
        target = SCHEMAS / name
        if target.read_text(encoding="utf-8") == text:
            continue
        if check:
            print(f"schemas/{name} is stale. Run: python scripts/bundle_schemas.py")
            stale = 1
        else:
            target.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
