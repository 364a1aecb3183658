"""The JSON Schema of consentlint.toml, made from the options of `check`, in the form of SchemaStore.

SchemaStore publishes schemas for editors. It requires draft 7 and an address of its own.
"""

from typing import Any

import click

from consentlint.cli.config import configurable_options, type_of
from consentlint.reporters import REPORTERS
from consentlint.rules import RULES
from consentlint.rules.selection import GROUPS

_ADDRESS = "https://json.schemastore.org/consentlint.json"
_RULES = [
    *GROUPS,
    *(rule.name for rule in RULES),
    *(str(rule.reason) for rule in RULES if rule.reason is not None),
]


def config_schema() -> dict[str, Any]:
    """Return the schema."""
    options = configurable_options()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": _ADDRESS,
        "title": "consentlint.toml",
        "description": "Options of consentlint check. In pyproject.toml, they are in the table"
        " [tool.consentlint].",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(options[name]) for name in sorted(options)},
    }


def _property(option: click.Option) -> dict[str, Any]:
    kind = type_of(option)
    described = {"description": " ".join(str(option.help).split())}
    if kind is bool:
        return {**described, "type": "boolean"}
    if kind is int:
        least = getattr(option.type, "min", None)
        return {**described, "type": "integer", **({} if least is None else {"minimum": least})}
    if kind is dict:
        # The names of its keys are patterns.
        return {**described, "type": "object", "additionalProperties": _strings(_names())}
    if kind is list:
        return {**described, **_strings(_items(option))}
    choices = getattr(option.type, "choices", None)
    return {**described, "type": "string", **({"enum": list(choices)} if choices else {})}


def _strings(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list of strings, or of one string."""
    return {"oneOf": [{"type": "array", "items": item}, item]}


def _items(option: click.Option) -> dict[str, Any]:
    if option.name in ("select", "ignore"):
        return _names()
    if option.name == "report":
        return {"type": "string", "pattern": f"^({'|'.join(REPORTERS)})=."}
    return {"type": "string"}


def _names() -> dict[str, Any]:
    """Return the schema of names of rules; a string may have several, separated by commas."""
    name = f"({'|'.join(_RULES)})"
    # An editor offers the values of the enumeration.
    return {
        "anyOf": [
            {"type": "string", "enum": _RULES},
            {"type": "string", "pattern": f"^\\s*{name}(\\s*,\\s*{name})*\\s*$"},
        ]
    }
