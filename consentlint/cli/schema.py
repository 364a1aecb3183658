"""`consentlint schema`: print a JSON Schema."""

import json
from typing import Any

import click

from consentlint.fields import schemas


@click.command("schema")
@click.argument("name", type=click.Choice(schemas.NAMES))
@click.option(
    "--for",
    "target",
    type=click.Choice(["validators", "vscode"]),
    default="validators",
    show_default=True,
    help="vscode adds the keywords for hover and error texts that only editors accept.",
)
def command(name: str, target: str) -> None:
    """Print a JSON Schema for an editor or a validator."""
    if target == "validators":
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
    return {
        key: {
            name: {**_with_editor_keywords(field), **keywords.get(name, {})}
            for name, field in value.items()
        }
        if key == "properties"
        else _with_editor_keywords(value)
        for key, value in node.items()
    }
