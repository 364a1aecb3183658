"""`consentlint generate`: write files of items for tests, in any language."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from consentlint.cases import reasons_of
from consentlint.cli import Command
from consentlint.cli.options import parsed_now, profile_option
from consentlint.cli.output import STDOUT, is_same_file, open_output
from consentlint.formats import FORMATS, format_of_name
from consentlint.generate.choices import RandomChoices
from consentlint.generate.items import RULES, GeneratedItem, ItemGenerator, context_of
from consentlint.generate.labels import EDGE_CASE, INVALID, labels, parse_amount
from consentlint.generate.writers import expected_of, is_writable, write
from consentlint.model.endpoints import CONSENTS, ENDPOINTS, REQUEST_LIMIT, Endpoint
from consentlint.model.findings import Profile
from consentlint.text.masking import printable, shown
from consentlint.text.suggestions import suggest

_JSON_RULES = ("duplicate-key", "unknown-field")


@click.command("generate", cls=Command)
@click.option(
    "--kind",
    type=click.Choice(list(ENDPOINTS)),
    default=CONSENTS.name,
    show_default=True,
    help="Kind of records.",
)
@click.option(
    "-n",
    "--count",
    metavar="N",
    type=click.IntRange(min=1),
    default=REQUEST_LIMIT,
    show_default=True,
    help="Number of items.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    help="Format of the file.  [default: by the name of --output, otherwise jsonl]",
)
@click.option(
    "--invalid",
    metavar="AMOUNT",
    default="0",
    help="How many items are invalid, with any reason codes: a number, or a percentage such as 10%.",
)
@click.option(
    "--reason",
    "reasons",
    metavar="NAME=AMOUNT",
    multiple=True,
    help="How many items have exactly this reason code, such as INVALID_STATUS=5; or this rule:"
    f" {', '.join(RULES)}. Repeatable.",
)
@click.option(
    "--edge-cases",
    metavar="AMOUNT",
    default="0",
    help="How many items are valid, but unusual, such as a leap second.",
)
@click.option(
    "--seed",
    metavar="N",
    type=int,
    default=0,
    show_default=True,
    help="The same seed and options give the same bytes.",
)
@profile_option
@click.option(
    "--now",
    metavar="DATE",
    callback=parsed_now,
    help="Also generate dates moments before and after this one.  [default: no date is near the"
    " current time]",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write the items to this file.  [default: -, standard output]",
)
@click.option(
    "--expected",
    metavar="FILE",
    help="Write what is expected of each item to this file, as JSON Lines.",
)
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Generate a file of items for tests, valid and invalid, with the expected responses.

    No phone number is anybody's: they are reserved for fiction, unassigned, or impossible.
    Existing files are replaced.

    \b
    Examples:
      consentlint generate --count 1000 --invalid 10% -o items.jsonl --expected expected.jsonl
      consentlint generate --kind contacts --reason INVALID_ZIP_CODE=5 --format form

    \b
    Exit codes:
      0  the files are written
      2  they cannot be written, or an option is invalid
    """  # noqa: D301 - \b is click's mark for text that it must not wrap
    endpoint, count = ENDPOINTS[options["kind"]], options["count"]
    output, expected = options["output"] or STDOUT, options["expected"]
    format_name = options["format_name"] or _format_of(output)
    if format_name == "form" and count > REQUEST_LIMIT:
        raise click.UsageError(
            f"a form body is one request, with at most {REQUEST_LIMIT} items. Pass --count"
            f" {REQUEST_LIMIT} or less, or another --format"
        )
    if expected and (
        os.path.realpath(output) == os.path.realpath(expected) or is_same_file(output, expected)
    ):
        raise click.UsageError("--output and --expected are the same file")
    wanted = _wanted(options, endpoint, format_name)
    try:
        context = context_of(options["now"], Profile(options["profile"]))
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param_hint="--now") from None
    choices = RandomChoices(f"consentlint {endpoint.name} {options['seed']}")
    generator = ItemGenerator(
        choices, endpoint, context, lambda value: is_writable(format_name, value)
    )
    items = map(generator.draw, labels(choices, count, wanted))
    tally: Counter[bool] = Counter()
    with _open(output) as file, _open(expected) as expected_file:
        write(format_name, _recorded(items, endpoint, expected_file, tally), endpoint, file)
    click.echo(
        f"Generated {count:,} {endpoint.name} with seed {options['seed']}:"
        f" {tally[False]:,} valid, {tally[True]:,} invalid.",
        err=True,
    )


def _format_of(output: str) -> str:
    if output == STDOUT:
        return "jsonl"
    if output.lower().endswith(".gz"):
        raise click.UsageError("the output is not compressed. Pass a name without .gz")
    name = format_of_name(output)
    if name is None:
        raise click.UsageError(
            f"the name {printable(output)} does not show a format. Pass --format"
        )
    return name


def _wanted(options: dict[str, Any], endpoint: Endpoint, format_name: str) -> dict[str, int]:
    """Return how many items get each label, in a fixed order."""
    count: int = options["count"]
    known = [*map(str, reasons_of(endpoint)), *RULES]
    wanted = dict.fromkeys((INVALID, EDGE_CASE, *known), 0)
    wanted[INVALID] = _amount(options["invalid"], count, "--invalid")
    wanted[EDGE_CASE] = _amount(options["edge_cases"], count, "--edge-cases")
    for text in options["reasons"]:
        name, equals, amount = text.partition("=")
        if name not in known:
            meant = suggest(name, known)
            hint = f'Did you mean "{meant}"?' if meant else f"Expected one of: {', '.join(known)}"
            raise click.BadParameter(
                f'{endpoint.name} cannot get "{shown(name)}". {hint}', param_hint="--reason"
            )
        if not equals:
            raise click.BadParameter(
                f"{name} needs an amount: {name}=5 or {name}=10%", param_hint="--reason"
            )
        if name in _JSON_RULES and format_name == "csv":
            raise click.BadParameter(
                f"a table cannot express {name}. Pass another --format", param_hint="--reason"
            )
        wanted[name] += _amount(amount, count, "--reason")
    total = sum(wanted.values())
    if total > count:
        raise click.UsageError(
            f"--invalid, --edge-cases and --reason ask for {total:,} items, and --count is {count:,}"
        )
    return wanted


def _amount(text: str, count: int, option: str) -> int:
    try:
        return parse_amount(text, count)
    except ValueError as error:
        raise click.BadParameter(f'"{shown(text)}": {error}', param_hint=option) from None


def _recorded(
    items: Iterator[GeneratedItem], endpoint: Endpoint, file: IO[str] | None, tally: Counter[bool]
) -> Iterator[GeneratedItem]:
    """Yield items, write what is expected of them, and count valid and invalid ones."""
    for index, generated in enumerate(items):
        tally[bool(generated.reasons)] += 1
        if file is not None:
            file.write(expected_of(index, generated, endpoint))
        yield generated


@contextmanager
def _open(name: str | None) -> Iterator[Any]:
    """Open a file to replace it, or standard output; None without a name."""
    if name is None:
        yield None
        return
    with open_output(name, newline="") as file:
        if name == STDOUT:
            # The same bytes on every system.
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        yield file
