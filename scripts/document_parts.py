"""The parts of README.md and docs/ that cog generates from the code.

cog -r -I scripts README.md docs/*.md            # write them
cog --check -I scripts README.md docs/*.md       # fail if one is stale
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import yaml
from click.testing import CliRunner

from consentlint.cli import main
from consentlint.convert.mapping import PRESETS, load_preset
from consentlint.fields import schemas
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.sending_time import REQUESTS_A_MINUTE, rate_for_one_day, requests_for
from consentlint.rules import RULES, rules_for
from consentlint.rules.docs import docs_of
from consentlint.stub.faults import FAULTS

ROOT = Path(__file__).resolve().parent.parent


def output_of(*arguments: str) -> str:
    """Return what a command prints, as a block of text."""
    result = CliRunner().invoke(main, arguments, prog_name="consentlint", terminal_width=88)
    return f"```text\n$ consentlint {' '.join(arguments)}\n{result.output.rstrip()}\n```"


def json_report_of(*arguments: str) -> str:
    """Return the JSON report of a command, indented, as a block of text."""
    command = (*arguments, "--output-format", "json")
    report = json.loads(CliRunner().invoke(main, command).output)
    text = json.dumps(report, indent=2, ensure_ascii=False)
    return f"```json\n{text}\n```"


def finding_keys_table() -> str:
    """Return the keys of a finding in the JSON report as a table."""
    return _keys_table(schemas.load("report")["properties"]["findings"]["items"])


def summary_keys_table() -> str:
    """Return the keys of the summary in the JSON report as a table."""
    return _keys_table(schemas.load("report")["properties"]["summary"])


def _keys_table(schema: dict[str, Any]) -> str:
    lines = ["| key | type | meaning |", "|---|---|---|"]
    for name, key in schema["properties"].items():
        kinds = key.get("type", "string")
        kind = kinds if isinstance(kinds, str) else " or ".join(kinds)
        lines.append(f"| `{name}` | {kind} | {key['description']} |")
    return "\n".join(lines)


def sending_times() -> str:
    """Return how long sending takes at the API's limit, as a table."""
    lines = [
        "| items | requests | at 100 requests a minute | requests a minute to send them in a day |",
        "|---:|---:|---:|---:|",
    ]
    for power in (6, 7, 8, 9):
        requests = requests_for(10**power)
        hours = requests / REQUESTS_A_MINUTE / 60
        time = f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
        rate = rate_for_one_day(requests)
        lines.append(f"| {10**power:,} | {requests:,} | {time} | {rate:,} |")
    return "\n".join(lines)


def content_of(name: str) -> str:
    """Return a file of this repository, as a block of code with its name above."""
    language = {"py": "python"}.get(kind := name.rpartition(".")[2], kind)
    return f"`{name}`:\n\n```{language}\n{(ROOT / name).read_text(encoding='utf-8').rstrip()}\n```"


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
        link = f"[`{rule.name}`](rules/{rule.name}.md)"
        lines.append(f"| {link} | {rule.severity_label} | {docs_of(rule).summary} |")
    return "\n".join(lines)


def reasons_table(kind: str) -> str:
    """Return the reason codes of an endpoint as a table."""
    lines = ["| reason code | what is wrong | what to do |", "|---|---|---|"]
    for rule in rules_for(ENDPOINTS[kind]):
        if rule.reason:
            link = f"[`{rule.reason}`](rules/{rule.name}.md)"
            page = docs_of(rule)
            lines.append(f"| {link} | {page.summary} | {page.what_to_do} |")
    return "\n".join(lines)


def commands_table() -> str:
    """Return the commands as a table."""
    lines = ["| command | what it does |", "|---|---|"]
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        lines.append(f"| [`{name}`](commands/{name}.md) | {command.get_short_help_str(200)} |")
    return "\n".join(lines)


def action_inputs() -> str:
    """Return the inputs of the GitHub action as a table."""
    lines = ["| input | meaning | default |", "|---|---|---|"]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for name, each in action["inputs"].items():
        default = f"`{each['default']}`" if each.get("default") else ""
        needed = "required" if each.get("required") else default
        lines.append(f"| `{name}` | {each['description']} | {needed} |")
    return "\n".join(lines)


def presets_page() -> str:
    """Return the documentation of every preset of `convert`."""
    return "\n\n".join(_preset(load_preset(name)) for name in PRESETS)


def _preset(document: Any) -> str:
    preset, columns = document["preset"], document["columns"]
    parts = [f"### {preset['title']}", f"`--preset {preset['name']}`. {preset['about']}"]
    rows = ["| read as | columns |", "|---|---|"]
    for target, names in columns.items():
        listed = names if isinstance(names, list) else [names]
        rows.append(f"| `{target}` | {', '.join(f'`{name}`' for name in listed)} |")
    parts.append("\n".join(rows))
    words = [(word, meaning, "") for word, meaning in document.get("status", {}).items()]
    words = [
        (word, meaning, column)
        for key, value, _ in words
        for word, meaning, column in (
            [(key, value, "")]
            if isinstance(value, str)
            else [(word, meaning, key) for word, meaning in value.items()]
        )
    ]
    if words:
        lines = ["| word | meaning |", "|---|---|"]
        for word, meaning, column in words:
            shown = f"`{word}`" if word else "(blank)"
            lines.append(f"| {shown}{f' in `{column}`' if column else ''} | {meaning} |")
        parts.append("\n".join(lines))
    needed = [each.replace("_", "-") for each in preset.get("requires", ())]
    options = ["`--set sender_id=…`", "`--set source=…`", *(f"`--{each}`" for each in needed)]
    parts.append(f"Required: {', '.join(options)}.")
    maybe = [f"`--{each.replace('_', '-')}`" for each in preset.get("may_need", ())]
    if maybe:
        parts.append(f"May be needed: {', '.join(maybe)}.")
    assumed = [
        f"`--{key.replace('_', '-')}{'' if value is True else f' {value}'}`"
        for key, value in document.items()
        if not isinstance(value, dict)
    ]
    if assumed:
        parts.append(f"Assumed: {', '.join(assumed)}.")
    parts += preset.get("notes", ())
    return "\n\n".join(parts)
