"""`consentlint rules`: list the rules."""

import sys

import click

from consentlint.cli.options import color_option
from consentlint.cli.terminal import Style, is_terminal
from consentlint.rules import RULES, Rule
from consentlint.rules.docs import docs_of

_NAME_WIDTH = max(len(rule.name) for rule in RULES)
_NARROW = 80
"""On a narrower terminal, the summary has lines of its own."""


@click.command("rules")
@color_option
def command(color: str) -> None:
    """List the rules with their severity, reason code and summary."""
    style = Style.of(color)
    for rule in RULES:
        click.echo(_entry(rule, style), color=style.color)
    click.echo("\nFor details of a rule: consentlint explain NAME")


def _entry(rule: Rule, style: Style) -> str:
    notes = [str(rule.reason)] if rule.reason else []
    if not rule.default:
        notes.append("off by default")
    summary = docs_of(rule).summary + (f" [{', '.join(notes)}]" if notes else "")
    severity = style.paint(rule.severity, rule.severity)
    name = style.paint(rule.name, "strong")
    if is_terminal(sys.stdout) and style.width < _NARROW:
        return f"{name}  {severity}\n{style.fill(summary)}"
    head = f"{name}{' ' * (_NAME_WIDTH - len(rule.name))}  {severity}"
    head += " " * (9 - len(rule.severity))
    # One line each, where a program reads them.
    if not is_terminal(sys.stdout):
        return head + summary
    return style.fill(summary, head, " " * (_NAME_WIDTH + 11))
