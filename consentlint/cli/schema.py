"""`consentlint schema`: print a JSON Schema."""

import click

from consentlint.fields import schemas


@click.command("schema")
@click.argument("name", type=click.Choice(schemas.NAMES))
def command(name: str) -> None:
    """Print a JSON Schema, to attach it in an editor or give it to a validator."""
    click.echo(schemas.text(name), nl=False)
