"""What a user would write with another library: one program for each, run by peers.py.

    python benchmarks/peer_programs.py NAME FILE

Each program validates the six fields of a consent and the uniqueness of ids. It prints a line for
each problem, and the number of items and of invalid items to standard error. None is tuned.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "consent-item.json"

# The patterns of the schema, for libraries that do not read JSON Schema.
PATTERNS = {
    "contact_id": r"^\+[1-9][0-9]{1,14}$",
    "correlation_id": r"^[0-9A-Fa-f]{32}$",
    "sender_id": r"^(?:MG[0-9A-Fa-f]{32}|\+[1-9][0-9]{1,14}|[0-9]{3,7})$",
    "date_of_consent": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$",
}
STATUSES = ("opt-in", "opt-out")
SOURCES = ("website", "offline", "opt-in-message", "opt-out-message", "others")

Problem = tuple[int, str]
"""The number of an item, and what is wrong."""


def _loop(
    file: str, loads: Callable[[bytes], Any], errors: Callable[[Any], Iterator[str]]
) -> Iterator[Problem | int]:
    """Yield the problems of a file of JSON Lines, and the number of its items at the end."""
    ids: set[str] = set()
    number = 0
    with open(file, "rb") as lines:
        for number, line in enumerate(lines, 1):
            item = loads(line)
            for error in errors(item):
                yield number, error
            if isinstance(item, dict) and isinstance(item.get("correlation_id"), str):
                identifier = item["correlation_id"].lower()
                if identifier in ids:
                    yield number, "correlation_id is a duplicate"
                ids.add(identifier)
    yield number


def jsonschema_loop(file: str) -> Iterator[Problem | int]:
    """Validate each line with jsonschema."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    return _loop(
        file,
        json.loads,
        lambda item: (
            f"{error.json_path}: {error.message}" for error in validator.iter_errors(item)
        ),
    )


def jsonschema_rs_loop(file: str) -> Iterator[Problem | int]:
    """Validate each line with jsonschema-rs, and parse it with orjson."""
    import jsonschema_rs
    import orjson

    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))

    def errors(item: Any) -> Iterator[str]:
        if not validator.is_valid(item):
            for error in validator.iter_errors(item):
                yield f"{error.instance_path}: {error.message}"

    return _loop(file, orjson.loads, errors)


def pydantic_loop(file: str) -> Iterator[Problem | int]:
    """Validate each line with a pydantic model."""
    import pydantic

    def text(field: str) -> Any:
        return pydantic.Field(pattern=PATTERNS[field], strict=True)

    from typing import Annotated, Literal

    class Consent(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(extra="forbid", strict=True)
        contact_id: Annotated[str, text("contact_id")]
        correlation_id: Annotated[str, text("correlation_id")]
        sender_id: Annotated[str, text("sender_id")]
        status: Literal["opt-in", "opt-out"]
        source: Literal["website", "offline", "opt-in-message", "opt-out-message", "others"]
        date_of_consent: Annotated[str, text("date_of_consent")] = ""

    ids: set[str] = set()
    number = 0
    with open(file, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                item = Consent.model_validate_json(line)
            except pydantic.ValidationError as error:
                for problem in error.errors():
                    yield number, f"{problem['loc']}: {problem['msg']}"
                continue
            if item.correlation_id.lower() in ids:
                yield number, "correlation_id is a duplicate"
            ids.add(item.correlation_id.lower())
    yield number


def pandas_columns(file: str) -> Iterator[Problem | int]:
    """Validate the columns of a data frame with pandas."""
    import pandas as pd

    frame = pd.read_json(file, lines=True, dtype=False, convert_dates=False)
    invalid = {
        field: ~frame[field].astype(str).str.fullmatch(pattern.strip("^$"))
        for field, pattern in PATTERNS.items()
    }
    invalid["date_of_consent"] &= frame["date_of_consent"].notna()
    invalid["status"] = ~frame["status"].isin(STATUSES)
    invalid["source"] = ~frame["source"].isin(SOURCES)
    invalid["duplicate"] = frame["correlation_id"].astype(str).str.lower().duplicated()
    for name, mask in invalid.items():
        for index in frame.index[mask]:
            yield int(index) + 1, f"{name} is invalid"
    yield len(frame)


def frictionless_table(file: str) -> Iterator[Problem | int]:
    """Validate a CSV file with frictionless."""
    import os

    import frictionless

    fields = [
        {"name": name, "type": "string", "constraints": {"required": True, **constraints}}
        for name, constraints in (
            ("contact_id", {"pattern": PATTERNS["contact_id"]}),
            ("correlation_id", {"pattern": PATTERNS["correlation_id"], "unique": True}),
            ("sender_id", {"pattern": PATTERNS["sender_id"]}),
            ("status", {"enum": list(STATUSES)}),
            ("source", {"enum": list(SOURCES)}),
            ("date_of_consent", {"pattern": PATTERNS["date_of_consent"], "required": False}),
        )
    ]
    os.chdir(Path(file).parent)
    schema = frictionless.Schema.from_descriptor({"fields": fields})
    report = frictionless.Resource(path=Path(file).name, schema=schema).validate()
    for task in report.tasks:
        for error in task.errors:
            yield getattr(error, "row_number", 0), error.message
        yield int(task.stats["rows"])


PROGRAMS: dict[str, Callable[[str], Iterator[Problem | int]]] = {
    "jsonschema": jsonschema_loop,
    "jsonschema-rs": jsonschema_rs_loop,
    "pydantic": pydantic_loop,
    "pandas": pandas_columns,
    "frictionless": frictionless_table,
}


def main() -> None:
    """Run a program on a file."""
    invalid: set[int] = set()
    items = 0
    for found in PROGRAMS[sys.argv[1]](sys.argv[2]):
        if isinstance(found, int):
            items = found
        else:
            invalid.add(found[0])
            print(f"item {found[0]}: {found[1]}")
    print(f"{len(invalid)} invalid of {items} items", file=sys.stderr)


if __name__ == "__main__":
    main()
