"""Copy the definitions of schemas/fields.json into the schemas that refer to them.

    python scripts/bundle_schemas.py          # write them
    python scripts/bundle_schemas.py --check  # exit 1 where one is stale

An editor opens one schema file and follows no urn:, so each file must be whole.
The definitions are written once, in fields.json and in the item schemas; this
script fills in the "$defs" of every other file, which nobody edits by hand.
"""

import json
import sys
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


def load(name: str) -> dict[str, Any]:
    """Return one schema as it stands in the folder."""
    schema: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return schema


def references(node: object) -> set[str]:
    """Return the names under "$defs" that the node refers to."""
    if isinstance(node, dict):
        target = node.get("$ref")
        own = {target.rpartition("/")[2]} if isinstance(target, str) else set()
        return own.union(*map(references, node.values()))
    if isinstance(node, list):
        return set().union(*map(references, node))
    return set()


def bundled(schema: dict[str, Any], library: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with the definitions that it needs, and no others."""
    body = {key: value for key, value in schema.items() if key != "$defs"}
    needed: set[str] = set()
    wanted = references(body)
    while wanted - needed:
        name = (wanted - needed).pop()
        needed.add(name)
        wanted |= references(library[name])
    if not needed:
        return body
    return {**body, "$defs": {name: library[name] for name in library if name in needed}}


def render() -> dict[str, str]:
    """Return the text of every file but fields.json."""
    library = dict(load("fields.json")["$defs"])
    for name in ("consent-item", "contact-item"):
        item = load(f"{name}.json")
        library[name.replace("-", "_")] = {
            key: item[key] for key in item if key not in ("$schema", "$id", "$defs")
        }
    texts = {}
    for file in sorted(SCHEMAS.glob("*.json")):
        if file.name != "fields.json":
            schema = bundled(load(file.name), library)
            texts[file.name] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return texts


def main() -> int:
    """Write the files, or with --check say which are stale."""
    check = "--check" in sys.argv[1:]
    stale = 0
    for name, text in render().items():
        target = SCHEMAS / name
        if target.read_text(encoding="utf-8") == text:
            continue
        if check:
            print(f"schemas/{name} is stale: run python scripts/bundle_schemas.py")
            stale = 1
        else:
            target.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
