"""Compare validators on the published schemas: jsonschema, jsonschema-rs, ajv, consentlint.

    python scripts/compare_validators.py [--items 3000] [--seed N] [--ajv DIRECTORY]

Each item is validated alone, as a request and as a file. All validators must give the same
verdict. consentlint's verdict is that of `form_error` for each field. ajv runs in strict mode, so
it also proves that the schemas have standard keywords only. It is used if DIRECTORY has it in its
node_modules, or if npm can install it. The exit code is 1 if there is a difference.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator

from consentlint.cli.config_schema import config_schema
from consentlint.fields import schemas
from consentlint.model.endpoints import CONTACTS, ENDPOINTS
from consentlint.model.findings import Profile
from consentlint.model.items import MISSING

AJV = "ajv@8.20.0"
NAMES = tuple(f"{kind}-{part}" for kind in ENDPOINTS for part in ("item", "request", "file"))

# Values that are valid for some field.
VALID = (
    *("+14155552671", "+19", "+123456789012345", "12345", "123", "1234567", "94105", "K1A 0B1"),
    *("5f0c2e7f4a9d4c27b1d0c9f3e2a7b684", "5F0C2E7F4A9D4C27B1D0C9F3E2A7B684"),
    *("8u344b9a46b33b874b0d41f7776hb72f", "MG9752274e9e519418a7406176694466fa", "rcs:agent_1"),
    *("opt-in", "opt-out", "website", "offline", "opt-in-message", "others", "US", "GB"),
    *("2025-06-02T15:30:00Z", "2025-06-02T15:30:00.123456789+05:30", "20250602T1530"),
    *("2025-W23-1T15:30Z", "2025-153T24:00", "2025-06-02T23:59:60,5-0330", "20250602T15+01"),
)
OTHERS = (None, True, False, 0, 1, 1.0, 14155552671, 1e300, [], ["opt-in"], {}, "", " ", "\n")
# What `$` may match before, in one language or another.
LINE_ENDS = "\n\r\x85\u2028\u2029"
# White space and ends of lines of all kinds, digits and letters of other scripts, signs.
CHARACTERS = (
    "0123456789abcdefABCDEFgGMzZTW+-:.,_ \t\n\r\x00\x0b\x0c\x1c\x1f\x7f\x85\xa0\u1680\u2007\u200b"
    "\u2028\u2029\u202f\u205f\u3000\ufeff\u0661\u096c\uff11\uff0b\u017f\u212a\u0130\U0001d7cf"
)


def draw_item(random: Random, kind: str) -> dict[str, Any]:
    """Return an item that is valid, or invalid in few fields."""
    item = dict(schemas.load(_published(f"{kind}-item"))["examples"][0])
    for _ in range(random.choice((0, 1, 1, 1, 2))):
        field = random.choice([*ENDPOINTS[kind].fields, *ENDPOINTS[kind].required, "extra"])
        match random.randrange(8):
            case 0:
                item.pop(field, None)
            case 1:
                item[field] = random.choice(OTHERS)
            case 2:
                item[field] = random.choice(VALID)
            case 3 | 4:
                item[field] = f"{item.get(field, '')}{random.choice(LINE_ENDS)}"
            case _:
                item[field] = edit(random, str(item.get(field, "")))
    return item


def edit(random: Random, text: str) -> str:
    """Return a text with a character inserted, removed or replaced, most often at an end."""
    at = random.choice((0, len(text), len(text) - 1, random.randint(0, len(text))))
    at = max(at, 0)
    new = random.choice(("", random.choice(CHARACTERS), random.choice(CHARACTERS)))
    return text[:at] + new + text[at + random.randint(0, 1) :]


def documents(items: int, random: Random) -> Iterator[tuple[str, Any]]:
    """Yield schema names with documents, three for each item."""
    for _ in range(items):
        kind = random.choice(list(ENDPOINTS))
        item = draw_item(random, kind)
        yield f"{kind}-item", item
        yield f"{kind}-request", {"Items": [random.choice((item, item, item, json.dumps(item)))]}
        wrapped: Any = random.choice((item, [item], {"Items": [item]}, {"items": [item], "a": 1}))
        yield f"{kind}-file", wrapped


def form_is_valid(name: str, document: Any) -> bool:
    """Return the verdict of `form_error`."""
    kind, part = name.split("-")
    endpoint = ENDPOINTS[kind]
    if part == "item":
        items = [document]
    elif isinstance(document, list):
        items = document
    else:
        items = document.get("Items") or document.get("items") or [document]
    return all(
        isinstance(item, str)
        or (
            all(
                schemas.form_error(field, item.get(field, MISSING), Profile.DOCUMENTED) is None
                for field in endpoint.fields
                if field in item or field in endpoint.required
            )
            and (endpoint is not CONTACTS or set(item) <= set(endpoint.fields))
        )
        for item in items
    )


def _published(name: str) -> str:
    # The schema of an item has the singular.
    return name.replace("s-item", "-item")


def python_validators() -> dict[str, Callable[[str, Any], bool]]:
    """Return the validators that run in this process."""
    published = {name: schemas.load(_published(name)) for name in NAMES}
    standard = {name: Draft202012Validator(schema) for name, schema in published.items()}
    rust = {name: jsonschema_rs.validator_for(schema) for name, schema in published.items()}
    return {
        "jsonschema": lambda name, document: standard[name].is_valid(document),
        "jsonschema-rs": lambda name, document: rust[name].is_valid(document),
        "consentlint": form_is_valid,
    }


def ajv_verdicts(directory: Path, drawn: list[tuple[str, Any]]) -> list[bool]:
    """Return the verdicts of the ajv that a directory has.

    All published schemas are compiled, also those that no document is validated with, and the one
    of consentlint.toml.
    """
    published = {name: schemas.load(_published(name)) for name in NAMES}
    rest = {name: schemas.load(name) for name in schemas.NAMES if name not in NAMES}
    rest = {name: schema for name, schema in rest.items() if not name.endswith("-item")}
    lines = [{**published, **rest, "config": config_schema()}, *drawn]
    result = subprocess.run(
        ["node", str(Path(__file__).with_name("validate_with_ajv.js"))],
        input="".join(json.dumps(line) + "\n" for line in lines),
        env={**os.environ, "NODE_PATH": str(directory / "node_modules")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [line == "1" for line in result.stdout.split()]


def install_ajv(directory: Path) -> bool:
    """Install ajv into a directory; return whether it is there."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", AJV]
    return subprocess.run(command, cwd=directory, check=False).returncode == 0


def compare(drawn: list[tuple[str, Any]], verdicts: dict[str, list[bool]]) -> int:
    """Print the counts and the differences; return how many documents differ."""
    valid = Counter(name for (name, _), ok in zip(drawn, verdicts["jsonschema"], strict=True) if ok)
    for name in NAMES:
        total = sum(each == name for each, _ in drawn)
        print(f"{name:17} {total:6} documents, {valid[name]:6} valid")
    differences = 0
    for (name, document), *row in zip(drawn, *verdicts.values(), strict=True):
        if len(set(row)) > 1:
            differences += 1
            print(name, dict(zip(verdicts, row, strict=True)), json.dumps(document))
    print(f"{', '.join(verdicts)}: {differences} differences in {len(drawn)} documents")
    return differences


def main() -> int:
    """Compare the validators."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ajv", type=Path, metavar="DIRECTORY")
    options = parser.parse_args()
    drawn = list(documents(options.items, Random(options.seed)))  # noqa: S311 - not a secret
    verdicts = {
        validator: [is_valid(name, document) for name, document in drawn]
        for validator, is_valid in python_validators().items()
    }
    with tempfile.TemporaryDirectory() as temporary:
        directory = options.ajv or Path(temporary)
        if options.ajv or install_ajv(directory):
            verdicts["ajv"] = ajv_verdicts(directory, drawn)
        else:
            print("ajv is not compared: it needs node and npm", file=sys.stderr)
    return 1 if compare(drawn, verdicts) else 0


if __name__ == "__main__":
    raise SystemExit(main())
