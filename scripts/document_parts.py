"""The parts of README.md and docs/rules.md that are made from the code, for cog.

cog -r -I scripts README.md docs/rules.md            # write them
cog --check -I scripts README.md docs/rules.md       # fail where one is stale
"""

import textwrap
from pathlib import Path

from click.testing import CliRunner

from consentlint.commands import main
from consentlint.endpoints import subjects_of
from consentlint.rules import FILE_RULES, RULES, Rule
from consentlint.rules.manual import EXAMPLES, items_of, manual

ROOT = Path(__file__).resolve().parent.parent


def output_of(*arguments: str) -> str:
    """Return what a command prints, as a block of text."""
    result = CliRunner().invoke(main, arguments, prog_name="consentlint", terminal_width=88)
    return f"```text\n$ consentlint {' '.join(arguments)}\n{result.output.rstrip()}\n```"


def rules_table() -> str:
    """Return the rules as a table: name, severity, what is wrong."""
    lines = ["| rule | severity | what is wrong |", "|---|---|---|"]
    for rule in RULES:
        link = f"[`{rule.name}`](docs/rules.md#{rule.name})"
        lines.append(f"| {link} | {rule.weight} | {manual(rule).summary} |")
    return "\n".join(lines)


def rules_page() -> str:
    """Return the manual of every rule."""
    return "\n\n".join(map(_rule, RULES))


def _rule(rule: Rule) -> str:
    page = manual(rule)
    facts = [f"{rule.weight.capitalize()}", f"for {subjects_of(rule)}"]
    if rule.reason:
        facts.append(f"reason code `{rule.reason}`")
    if rule in FILE_RULES:
        facts.append("exit code 2")
    parts = [f"## {rule.name}", page.summary, f"*{', '.join(facts)}.*"]
    for heading, text in page.sections():
        if heading in EXAMPLES:
            items = "\n".join(items_of(text))
            parts.append(f"**{heading}.**\n\n```json\n{items}\n```")
        else:
            parts.append(textwrap.fill(f"**{heading}.** {text}", 100))
    return "\n\n".join(parts)
