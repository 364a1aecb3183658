"""The parts of README.md and docs/ that cog generates from the code.

cog -r -I scripts README.md docs/*.md            # write them
cog --check -I scripts README.md docs/*.md       # fail if one is stale
"""

import textwrap
from dataclasses import fields
from pathlib import Path

from click.testing import CliRunner

from consentlint.cli import main
from consentlint.rules import RULES, Rule
from consentlint.rules.docs import EXAMPLES, docs_of, example_items, subjects_of
from consentlint.stub.faults import FAULTS

ROOT = Path(__file__).resolve().parent.parent


def output_of(*arguments: str) -> str:
    """Return what a command prints, as a block of text."""
    result = CliRunner().invoke(main, arguments, prog_name="consentlint", terminal_width=88)
    return f"```text\n$ consentlint {' '.join(arguments)}\n{result.output.rstrip()}\n```"


def content_of(name: str) -> str:
    """Return a Python file of this repository, as a block of code with its name above."""
    return f"`{name}`:\n\n```python\n{(ROOT / name).read_text(encoding='utf-8').rstrip()}\n```"


def faults_table() -> str:
    """Return the faults of the stub as a table: their names, what they do, their settings."""
    lines = ["| Python | `--fault` | what happens | settings |", "|---|---|---|---|"]
    for name, kind in FAULTS.items():
        settings = ", ".join(f"`{field.name}={field.default}`" for field in fields(kind))
        what = str(kind.__doc__).partition("\n")[0]
        lines.append(f"| `{kind.__name__}` | `{name}` | {what} | {settings} |")
    return "\n".join(lines)


def rules_table() -> str:
    """Return the rules as a table."""
    lines = ["| rule | severity | what it reports |", "|---|---|---|"]
    for rule in RULES:
        link = f"[`{rule.name}`](docs/rules.md#{rule.name})"
        lines.append(f"| {link} | {rule.severity_label} | {docs_of(rule).summary} |")
    return "\n".join(lines)


def rules_page() -> str:
    """Return the documentation of every rule."""
    return "\n\n".join(map(_rule, RULES))


def _rule(rule: Rule) -> str:
    page = docs_of(rule)
    facts = [rule.severity_label.capitalize(), f"applies to {subjects_of(rule)}"]
    if rule.reason:
        facts.append(f"reason code `{rule.reason}`")
    if not rule.kinds:
        facts.append("exit code 2")
    parts = [f"## {rule.name}", page.summary, f"*{', '.join(facts)}.*"]
    for heading, text in page.sections():
        if heading in EXAMPLES:
            items = "\n".join(example_items(text))
            parts.append(f"**{heading}.**\n\n```json\n{items}\n```")
        else:
            parts.append(textwrap.fill(f"**{heading}.** {text}", 100))
    return "\n\n".join(parts)
