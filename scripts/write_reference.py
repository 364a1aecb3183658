"""Write the pages of the documentation that come from the code: one for each rule and command.

python scripts/write_reference.py            # write docs/rules/ and docs/commands/
python scripts/write_reference.py --check    # fail if a page is missing, stale or left over
"""

import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.testing import CliRunner
from generated import write_or_check

from consentlint.cli import main as consentlint
from consentlint.rules import RULES, Rule
from consentlint.rules.docs import EXAMPLES, docs_of, example_items, subjects_of
from consentlint.rules.sources import SOURCES

DOCS = Path(__file__).resolve().parent.parent / "docs"

CONSENT = {
    "contact_id": "+14155550123",
    "sender_id": "MG9752274e9e519418a7406176694466fa",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}
CONTACT = {"contact_id": "+14155550123", "country_iso_code": "US", "zip_code": "94107"}

NOW = "2026-01-01T00:00:00Z"

# Where a command is described in context.
GUIDES = {
    "server": [("editors", "editors.md")],
    "check": [
        ("files that `check` reads", "files.md"),
        ("options, configuration and baselines", "configuration.md"),
        ("fixes", "fixes.md"),
        ("report formats", "reports.md"),
    ],
    "completion": [("configuration", "configuration.md")],
    "convert": [("convert an export", "exports.md")],
    "drift": [("send items", "submit.md")],
    "explain": [("rules", "rules.md"), ("evidence and decisions", "evidence.md")],
    "generate": [("generate test files", "generate.md")],
    "report": [("report for a compliance officer", "report.md")],
    "rules": [("rules", "rules.md")],
    "schema": [("JSON Schemas", "schemas.md")],
    "stub": [("the stub", "stub.md")],
    "submit": [("send items", "submit.md")],
}


def rule_page(rule: Rule) -> str:
    """Return the page of a rule."""
    page = docs_of(rule)
    facts = [("severity", rule.severity_label), ("applies to", subjects_of(rule))]
    if rule.reason:
        facts.append(("reason code", f"`{rule.reason}`"))
    if not rule.kinds:
        facts.append(("exit code", "2"))
    names, values = (" | ".join(row) for row in zip(*facts, strict=True))
    table = f"| {names} |\n|{'---|' * len(facts)}\n| {values} |"
    parts = [f"# {rule.name}", page.summary, table]
    for heading, text in page.sections():
        if heading not in EXAMPLES:
            parts.append(f"## {heading}\n\n{_wrapped(_linked(text))}")
            continue
        items = example_items(text)
        block = "\n".join(items)
        parts.append(f"## {heading} example\n\n```json\n{block}\n```")
        if heading == "Bad":
            findings = _findings(rule, items)
            messages = "\n".join(finding["message"] for finding in findings)
            parts.append(f"consentlint reports:\n\n```console\n{messages}\n```")
            fixes = [finding["fix"] for finding in findings if finding["fix"]]
            if fixes:
                option = "--fix" if all(fix["safe"] for fix in fixes) else "--fix --unsafe-fixes"
                parts.append(f"`{option}` repairs this example: [Fixes](../fixes.md).")
    return "\n\n".join([*parts, f"## Settings\n\n{_wrapped(_settings(rule))}"]) + "\n"


def _linked(text: str) -> str:
    """Return a text with links to the documents that it abbreviates."""
    return re.sub(
        rf"\b({'|'.join(SOURCES)})\b", lambda match: f"[{match[1]}]({SOURCES[match[1]].url})", text
    )


def _findings(rule: Rule, examples: list[str]) -> list[dict[str, Any]]:
    """Return the findings of the rule in a file with the items of its bad example.

    The fields that an example does not show are valid. The text of an example is kept, because it
    may have a duplicate key.
    """
    kind = rule.kinds[0]
    lines = []
    for index, example in enumerate(examples, 1):
        shown = json.loads(example)
        base = {"correlation_id": f"{index:032x}", **(CONSENT if kind == "consents" else CONTACT)}
        rest = {name: value for name, value in base.items() if name not in shown}
        whole = {"correlation_id", "status"} <= shown.keys() or not rest
        lines.append(example if whole else f"{example[:-1]}, {json.dumps(rest)[1:]}")
    options = ["--kind", kind, "--select", rule.name, "--now", NOW, "--output-format", "jsonl"]
    with TemporaryDirectory() as folder:
        file = Path(folder, "items.jsonl")
        file.write_text("\n".join(lines), encoding="utf-8")
        result = CliRunner().invoke(consentlint, ["check", str(file), *options])
    return [json.loads(line) for line in result.stdout.splitlines()]


def _settings(rule: Rule) -> str:
    if not rule.kinds:
        return "The rule can't be switched off, because the file can't be checked completely."
    if not rule.default:
        return f"The rule is off by default. To add it, pass `--select default,{rule.name}`."
    return (
        f"To skip the rule, pass `--ignore {rule.name}`, or set `ignore` or `per-file-ignores` in"
        " [the configuration](../configuration.md)."
    )


def command_page(name: str, command: click.Command) -> str:
    """Return the page of a command."""
    context = click.Context(command, info_name=f"consentlint {name}", max_content_width=88)
    usage = f"consentlint {name} " + " ".join(command.collect_usage_pieces(context))
    summary, *rest = _paragraphs(command)
    parts = [f"# consentlint {name}", summary, f"```text\n{usage}\n```", *rest]
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    rows = "\n".join(_row(option, context) for option in options)
    parts.append(f"## Options\n\n| option | what it does | default |\n|---|---|---|\n{rows}")
    if guides := GUIDES.get(name):
        links = ", ".join(f"[{text}](../{page})" for text, page in guides)
        parts.append(f"See also: {links}.")
    return "\n\n".join(parts) + "\n"


def _row(option: click.Option, context: click.Context) -> str:
    """Return the row of an option in the table."""
    record = option.get_help_record(context)
    assert record is not None
    extra = option.get_help_extra(context)
    notes = [extra["range"]] if "range" in extra else []
    notes += [f"environment variable {name}" for name in extra.get("envvars", ())]
    notes += ["required"] if "required" in extra else []
    # Some texts have a default in words.
    text, _, default = str(option.help).removesuffix("]").partition("  [default: ")
    if notes:
        text += f" ({', '.join(notes)})"
    # A table has no other way to write a vertical bar in code.
    names = "<br>".join(f"<code>{each}</code>" for each in record[0].split(" / "))
    shown = names.replace(" [", "</code> <code>[").replace("|", "&#124;")
    return f"| {shown} | {_escaped(text)} | {_escaped(extra.get('default', default))} |"


def _paragraphs(command: click.Command) -> Iterator[str]:
    """Yield the paragraphs of a command's help; what click must not wrap becomes a block."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if not paragraph.startswith("\b\n"):
            yield _wrapped(" ".join(paragraph.split()))
            continue
        first, *lines = paragraph.splitlines()[1:]
        if first.endswith(":") and not first.startswith(" "):
            yield f"## {first[:-1]}"
        else:
            lines = [first, *lines]
        block = textwrap.dedent("\n".join(lines))
        yield f"```text\n{block}\n```"


def _escaped(text: str) -> str:
    """Return the help of an option as Markdown: the options in it are code."""
    text = re.sub(r"([|*<\[\]])", r"\\\1", text)
    return re.sub(r"(?<![\w`/-])(--?[a-z][a-z-]*)", r"`\1`", text)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, break_on_hyphens=False, break_long_words=False)


def pages() -> dict[Path, str]:
    """Return the text of every generated page by its path."""
    context = click.Context(consentlint)
    commands = {
        name: consentlint.get_command(context, name) for name in consentlint.list_commands(context)
    }
    return {
        **{DOCS / "rules" / f"{rule.name}.md": rule_page(rule) for rule in RULES},
        **{
            DOCS / "commands" / f"{name}.md": command_page(name, command)
            for name, command in commands.items()
            if command is not None
        },
    }


def main() -> int:
    """Write the pages, or with --check report which are stale."""
    written = pages()
    found = sorted({*written, *DOCS.glob("rules/*.md"), *DOCS.glob("commands/*.md")})
    return write_or_check({path: written.get(path) for path in found})


if __name__ == "__main__":
    raise SystemExit(main())
