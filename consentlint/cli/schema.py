"""`consentlint schema`: print a JSON Schema."""

import json
from typing import Any

import click

from consentlint.fields import schemas

_CONFIG = "config"


@click.command("schema")
@click.argument("name", type=click.Choice([*schemas.NAMES, _CONFIG]))
@click.option(
    "--for",
    "target",
    type=click.Choice(["standard", "vscode"]),
    default="standard",
    show_default=True,
    help="Keywords to print: vscode adds error texts, which validators may reject.",
)
def command(name: str, target: str) -> None:
    """Print a JSON Schema for an editor or a validator.

    config is the schema of consentlint.toml.
    """
    if name == _CONFIG:
        from consentlint.cli.config_schema import config_schema

        click.echo(json.dumps(config_schema(), indent=2))
    elif target == "standard":
        click.echo(schemas.text(name), nl=False)
    else:
        click.echo(json.dumps(_with_editor_keywords(schemas.load(name)), indent=2))


def _with_editor_keywords(node: Any) -> Any:
    """Return a schema whose fields have the keywords for editors."""
    if isinstance(node, list):
        return [_with_editor_keywords(each) for each in node]
    if not isinstance(node, dict):
        return node
    keywords = schemas.load("editor")["keywords"]
    merged = {key: _with_editor_keywords(value) for key, value in node.items()}
    for name, field in merged.get("properties", {}).items():
        if name in keywords:
            field.update(keywords[name])
    return merged
