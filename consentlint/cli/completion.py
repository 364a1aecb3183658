"""`consentlint completion`: what makes a shell complete commands, options, files and names."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from consentlint.cli import Command
from consentlint.model.endpoints import ENDPOINTS
from consentlint.reporters import REPORTERS
from consentlint.rules import RULES
from consentlint.rules.docs import docs_of
from consentlint.rules.selection import GROUPS

VARIABLE = "_CONSENTLINT_COMPLETE"
"""If this environment variable is set, the command line completes a line instead of running it."""
_SHELLS = ("bash", "zsh", "fish", "powershell")
_LINE = "_CONSENTLINT_LINE"
_WORD = "_CONSENTLINT_WORD"


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print a script that makes a shell complete commands, options, files and names.

    Add a line to the file that your shell reads at its start:

    \b
      bash (~/.bashrc), zsh (~/.zshrc):
        eval "$(consentlint completion bash)"
        eval "$(consentlint completion zsh)"
      fish (~/.config/fish/completions/consentlint.fish):
        consentlint completion fish | source
      PowerShell ($PROFILE):
        consentlint completion powershell | Out-String | Invoke-Expression
    """  # noqa: D301 - click wants the control character before what it must not wrap
    from consentlint.cli import main

    completion = get_completion_class(shell)
    assert completion is not None
    script = completion(main, {}, "consentlint", VARIABLE).source()
    click.echo(script.replace(*_CORRECTIONS.get(shell, ("", ""))))


_CORRECTIONS = {
    # No space after FORMAT=, since a file name follows.
    "bash": (
        "COMPREPLY+=($value)",
        "COMPREPLY+=($value); [[ $value == *= ]] && compopt -o nospace",
    ),
    "zsh": (
        "_describe -V unsorted completions_with_descriptions -U",
        (
            "local -a end; [[ $completions_with_descriptions[1] == *=:* ]] && end=(-S '');"
            ' _describe -V unsorted completions_with_descriptions -U "${end[@]}"'
        ),
    ),
    # A value or a description may have commas.
    "fish": ('string split ","', 'string split -m 1 ","'),
}
"""What is different from the scripts of click."""


class _PowerShellComplete(ShellComplete):
    """PowerShell, which click knows from 8.5 on. If nothing is returned, it completes file names."""

    name = "powershell"
    source_template = f"""\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {{
    param($word, $ast, $position)
    $env:%(complete_var)s = "powershell_complete"
    $env:{_LINE} = $ast.ToString().PadRight($position).Substring(0, $position)
    $env:{_WORD} = $word
    try {{
        %(prog_name)s | Where-Object {{ $_ }} | ForEach-Object {{
            $value, $help = $_ -split "`t", 2
            [System.Management.Automation.CompletionResult]::new(
                $value, $value, "ParameterValue", $help)
        }}
    }} finally {{
        Remove-Item Env:%(complete_var)s, Env:{_LINE}, Env:{_WORD}
    }}
}}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one to complete, and that word."""
        word = os.environ.get(_WORD, "")
        words = split_arg_string(os.environ.get(_LINE, ""))
        return words[1 : len(words) - bool(word)], word

    def format_completion(self, item: "CompletionItem[Any]") -> str:
        """Return the line for a completion; a file is left to PowerShell."""
        if item.type != "plain":
            return ""
        # A description must not be empty.
        return f"{item.value}\t{item.help or item.value}"


add_completion_class(_PowerShellComplete)


Names = Callable[[], Iterator[tuple[str, str]]]
"""Yields names, each with its description."""


class _Name(click.ParamType):  # type: ignore[type-arg]  # for click 8.2
    """A value that begins with one of some names.

    Args:
        names: yields the names.
        separator: what separates them, if a value has several.
        end: what follows a name.
    """

    name = "text"

    def __init__(self, names: Names, separator: str = "", end: str = "") -> None:
        self._names = names
        self._separator = separator
        self._end = end

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[Any]]":
        """Return what completes the last name of a value, or the file name after it."""
        if self._end and self._end in incomplete:
            name, end, path = incomplete.partition(self._end)
            return [CompletionItem(f"{name}{end}{found}") for found in _files(path)]
        done, separator, word = incomplete.rpartition(self._separator or "\0")
        return [
            CompletionItem(f"{done}{separator}{name}{self._end}", help=text)
            for name, text in self._names()
            if name.startswith(word)
        ]


def _files(start: str) -> Iterator[str]:
    from glob import escape, iglob

    for found in sorted(iglob(f"{escape(start)}*")):
        yield os.path.join(found, "") if os.path.isdir(found) else found


def _rules() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule.name, docs_of(rule).summary
    for rule in RULES:
        if rule.reason is not None:
            yield str(rule.reason), docs_of(rule).summary


def _groups_and_rules() -> Iterator[tuple[str, str]]:
    yield from ((name, "Group of rules") for name in GROUPS)
    yield from _rules()


def _subjects() -> Iterator[tuple[str, str]]:
    yield from _rules()
    for endpoint in ENDPOINTS.values():
        yield str(endpoint.error_code), f"An item of {endpoint.name} was rejected"


def _faults() -> Iterator[tuple[str, str]]:
    from consentlint.stub.faults import FAULTS

    for name, fault in FAULTS.items():
        yield name, str(fault.__doc__).partition("\n")[0]


def _presets() -> Iterator[tuple[str, str]]:
    from consentlint.convert.mapping import PRESETS

    yield from ((name, "Known export") for name in PRESETS)


def _formats() -> Iterator[tuple[str, str]]:
    yield from ((name, "Report format") for name in REPORTERS)


_TYPES: "dict[str, click.ParamType[Any]]" = {
    **dict.fromkeys(("FILE", "PATHS...", "REQUEST", "RESPONSE"), click.Path()),
    "NAMES": _Name(_groups_and_rules, ","),
    "NAMES...": _Name(_subjects),
    "NAME[:KEY=VALUE,...]": _Name(_faults),
    "PRESET": _Name(_presets),
    "FORMAT=FILE": _Name(_formats, end="="),
}
"""How to complete an option or argument, by what the help calls its value."""


def complete_values(command: click.Command) -> click.Command:
    """Make the values of a command complete."""
    for parameter in command.params:
        completed = _TYPES.get(str(parameter.metavar))
        if completed is not None:
            parameter.type = completed
    return command
