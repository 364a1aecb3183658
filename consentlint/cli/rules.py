"""`consentlint rules`: list the rules."""

import click

from consentlint.rules import RULES
from consentlint.rules.docs import docs_of


@click.command("rules")
def command() -> None:
    """List the rules with their severity, reason code and summary."""
    width = max(len(rule.name) for rule in RULES)
    for rule in RULES:
        notes = [str(rule.reason)] if rule.reason else []
        if not rule.default:
            notes.append("off by default")
        note = f" [{', '.join(notes)}]" if notes else ""
        click.echo(f"{rule.name:<{width}}  {rule.severity:<7}  {docs_of(rule).summary}{note}")
    click.echo("\nFor details of a rule: consentlint explain NAME")
