"""The parts of README.md and docs/rules.md that are made from the code, for cog.

cog -r -I scripts README.md docs/rules.md            # write them
cog --check -I scripts README.md docs/rules.md       # fail where one is stale
"""

import json
import textwrap
from pathlib import Path

from click.testing import CliRunner

from consentlint.commands import main
from consentlint.endpoints import ENDPOINTS
from consentlint.rules import FILE_RULES, RULES, Rule
from consentlint.rules.manual import manual

ROOT = Path(__file__).resolve().parent.parent


def output_of(*arguments: str) -> str:
    """Return what a command prints, as a block of text."""
    result = CliRunner().invoke(main, arguments, prog_name="consentlint", terminal_width=88)
    return f"```text\n$ consentlint {' '.join(arguments)}\n{result.output.rstrip()}\n```"


def rules_table() -> str:
    """Return the rules as a table: name, severity, what is wrong."""
    lines = ["| rule | severity | what is wrong |", "|---|---|---|"]
    for rule in RULES:
        note = "" if rule.default else " *Off unless selected.*"
        link = f"[`{rule.name}`](docs/rules.md#{rule.name})"
        severity = f"{rule.severity} or warning" if rule.or_warning else rule.severity
        lines.append(f"| {link} | {severity} | {manual(rule).summary}{note} |")
    return "\n".join(lines)


def rules_page() -> str:
    """Return the manual of every rule."""
    return "\n\n".join(map(_rule, RULES))


def _rule(rule: Rule) -> str:
    page = manual(rule)
    whose = [
        f"{endpoint.name} ({endpoint.error_code})"
        for endpoint in ENDPOINTS.values()
        if rule in endpoint.rules
    ]
    severity = rule.severity.capitalize() + (" or warning" if rule.or_warning else "")
    facts = [f"{severity} for {' and '.join(whose) or 'all files'}"]
    if rule.reason:
        facts.append(f"reason code `{rule.reason}`")
    if not rule.default:
        facts.append("off unless selected")
    if rule in FILE_RULES:
        facts.append("exit code 2")
    parts = [f"## {rule.name}", page.summary, f"*{', '.join(facts)}.*"]
    for heading, text in (
        ("Why", page.why),
        ("Evidence", page.evidence),
        ("Our decision", page.ours),
        ("Bad", _example(page.bad)),
        ("Good", _example(page.good)),
        ("What to do", page.what_to_do),
    ):
        if text:
            parts.append(f"**{heading}.** {text}")
    return "\n\n".join(textwrap.fill(part, 100) if "```" not in part else part for part in parts)


def _example(text: str) -> str:
    if not text:
        return ""
    try:
        lines = [json.dumps(item) for item in json.loads(text)] if text[0] == "[" else [text]
    except ValueError:
        lines = [text]
    return "\n\n```json\n" + "\n".join(lines) + "\n```"
