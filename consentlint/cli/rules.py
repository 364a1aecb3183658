"""`consentlint rules`: name all rules."""

import click

from consentlint.rules import RULES
from consentlint.rules.docs import manual


@click.command("rules")
def command() -> None:
    """List the rules: severity, reason code, and what is wrong."""
    width = max(len(rule.name) for rule in RULES)
    for rule in RULES:
        notes = [str(rule.reason)] if rule.reason else []
        if not rule.default:
            notes.append("off unless selected")
        note = f" [{', '.join(notes)}]" if notes else ""
        click.echo(f"{rule.name:<{width}}  {rule.severity:<7}  {manual(rule).summary}{note}")
    click.echo("\nconsentlint explain NAME tells more of each.")
