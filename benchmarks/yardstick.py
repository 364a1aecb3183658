"""The script that a careful user would write instead: the yardstick of the benchmarks.

    python benchmarks/yardstick.py FILE

It combines json, jsonschema and phonenumbers in a loop, and is neither tuned nor slowed down. It
prints a line for each problem, and a count to standard error at the end. It does less than the
linter: it reports no lines and columns, masks nothing, gives no advice, and does not detect
duplicate keys, trunk prefixes in numbers, or conflicts in the history of a contact.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import phonenumbers
from jsonschema import Draft202012Validator

SCHEMA = {
    "type": "object",
    "properties": {
        "contact_id": {"type": "string", "pattern": r"^\+[1-9][0-9]{1,14}$"},
        "correlation_id": {"type": "string", "pattern": r"^[0-9a-fA-F]{32}$"},
        "sender_id": {
            "type": "string",
            "pattern": r"^(MG[0-9a-fA-F]{32}|\+[1-9][0-9]{1,14}|[0-9]{3,7})$",
        },
        "status": {"enum": ["opt-in", "opt-out"]},
        "source": {"enum": ["website", "offline", "opt-in-message", "opt-out-message", "others"]},
        "date_of_consent": {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$",
        },
    },
    "required": ["contact_id", "correlation_id", "sender_id", "status", "source"],
    "additionalProperties": False,
}
VALIDATOR = Draft202012Validator(SCHEMA)
PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{1,14}")


def items_of(path: str) -> Iterator[Any]:
    """Yield the items of a file of JSON Lines, CSV or JSON."""
    with open(path, encoding="utf-8", newline="") as file:
        if path.endswith(".csv"):
            for row in csv.DictReader(file):
                yield {field: value for field, value in row.items() if value != ""}
        elif path.endswith(".jsonl"):
            for line in file:
                yield json.loads(line)
        else:
            document = json.load(file)
            for item in document["Items"] if isinstance(document, dict) else document:
                yield json.loads(item) if isinstance(item, str) else item


def date_problem(text: str) -> str:
    """Return the problem of a date, or an empty text."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError as error:
        return f"{text!r} is not a date: {error}"
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return f"{text!r} is in the future" if date > datetime.now(UTC) else ""


def number_problem(text: str) -> str:
    """Return the problem of a phone number, or an empty text."""
    try:
        if phonenumbers.is_possible_number(phonenumbers.parse(text)):
            return ""
    except phonenumbers.NumberParseException as error:
        return f"{text!r}: {error}"
    return f"{text!r} is not a possible number"


def problems_of(item: Any, ids: set[str]) -> Iterator[str]:
    """Yield the problems of an item, given the ids of the previous items."""
    invalid = set()
    for error in VALIDATOR.iter_errors(item):
        invalid.update(error.path)
        yield f"{'/'.join(map(str, error.path))}: {error.message}"
    if not isinstance(item, dict):
        return
    valid = {field: value for field, value in item.items() if field not in invalid}
    if "date_of_consent" in valid:
        problem = date_problem(valid["date_of_consent"])
        if problem:
            yield f"date_of_consent: {problem}"
    for field in ("contact_id", "sender_id"):
        if field in valid and PHONE_NUMBER.fullmatch(valid[field]):
            problem = number_problem(valid[field])
            if problem:
                yield f"{field}: {problem}"
    if "correlation_id" in valid:
        correlation_id = valid["correlation_id"].lower()
        if correlation_id in ids:
            yield f"correlation_id: {correlation_id} is a duplicate"
        ids.add(correlation_id)


def main() -> None:
    """Print the problems of a file; exit with 1 if there are any."""
    ids: set[str] = set()
    items = problems = 0
    for item in items_of(sys.argv[1]):
        items += 1
        for problem in problems_of(item, ids):
            problems += 1
            print(f"{sys.argv[1]}: item {items}: {problem}")
    print(f"{problems} problems in {items} items", file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
