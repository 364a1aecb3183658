"""`consentlint convert`: make items of the exports of other programs."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from consentlint.cli import Command, CommandError
from consentlint.cli.convert_options import (
    check_outputs,
    document_of,
    pairs,
    status_words,
    table_options,
    values_by_file,
)
from consentlint.cli.fixing import check_region, check_time_of_day, check_timezone
from consentlint.cli.options import color_option, jobs_option, verdict_options
from consentlint.cli.terminal import Style, is_terminal
from consentlint.convert.mapping import (
    LEAVE_OUT,
    PRESETS,
    TARGETS,
    ColumnMapping,
    ConvertError,
    merged,
    missing_options,
)
from consentlint.model.endpoints import CONSENTS, ENDPOINTS
from consentlint.model.findings import Profile
from consentlint.model.settings import Settings
from consentlint.text.masking import printable


@click.command("convert", cls=Command, no_args_is_help=True)
@click.argument("exports", nargs=-1, required=True, metavar="EXPORTS...")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to write the items. The suffix sets the format: .jsonl, .json, .csv, .tsv or .form,"
    " also with .gz; - is JSON Lines to standard output.",
)
@click.option(
    "--kind",
    type=click.Choice(list(ENDPOINTS)),
    help="Kind of items to make.  [default: consents]",
)
@click.option("--preset", metavar="PRESET", help=f"Known export: {', '.join(PRESETS)}.")
@click.option(
    "--mapping", "mapping_file", metavar="FILE", help="Read the mapping from this file (TOML)."
)
@click.option(
    "--map",
    "columns",
    metavar="TARGET=COLUMN",
    callback=pairs,
    multiple=True,
    help=f"Read a field from a column. TARGET: {', '.join(TARGETS['consents'])};"
    f" for contacts {', '.join(TARGETS['contacts'])}.",
)
@click.option(
    "--set",
    "values",
    metavar="TARGET=VALUE",
    callback=pairs,
    multiple=True,
    help="Give all rows the same value, or only those of one input with TARGET=VALUE:FILE.",
)
@click.option(
    "--status",
    "status_words",
    metavar="WORD=STATUS",
    callback=status_words,
    multiple=True,
    help=f"What a word in the status column means: opt-in, opt-out or {LEAVE_OUT}.",
)
@click.option(
    "--source",
    "source_words",
    metavar="WORD=SOURCE",
    callback=pairs,
    multiple=True,
    help="What a word in the source column means.",
)
@click.option(
    "--opt-in-date", metavar="COLUMN", help="Column of opt-in dates; the later date decides."
)
@click.option("--opt-out-date", metavar="COLUMN", help="Column of opt-out dates.")
@click.option(
    "--region",
    metavar="CODE",
    callback=check_region,
    help="Country of numbers without a country code, such as US.",
)
@click.option(
    "--lost-plus/--no-lost-plus",
    default=None,
    help="Numbers start with their country code, without the plus sign.",
)
@click.option(
    "--timezone",
    metavar="ZONE",
    callback=check_timezone,
    help="Time zone of dates without an offset, such as America/New_York.",
)
@click.option(
    "--time-of-day",
    metavar="TIME",
    callback=check_time_of_day,
    help="Time of dates without one, such as 12:00.",
)
@click.option(
    "--date-format",
    type=click.Choice(["DMY", "MDY"]),
    help="Order of day, month and year in dates such as 01/02/2025.",
)
@click.option("--encoding", metavar="NAME", help="Encoding of CSV files.  [default: UTF-8]")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")
@click.option(
    "--header-row",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Row with the names of the columns.",
)
@click.option(
    "--stable-ids",
    is_flag=True,
    help="Make the same ids for the same rows, by a keyed hash with the key in CONSENTLINT_ID_KEY.",
)
@click.option(
    "--left-out",
    metavar="FILE",
    help="Write rows that become no item to this file (.csv or .jsonl), with the reason, unmasked.",
)
@click.option(
    "--sort/--no-sort",
    default=None,
    help="Write consents by date, because the last one of a contact counts.  [default: with several"
    " inputs]",
)
@click.option("--inspect", is_flag=True, help="Show what is recognized, and convert nothing.")
@click.option(
    "--write-mapping", metavar="FILE", help="With --inspect, write a mapping file to start from."
)
@verdict_options
@jobs_option
@click.option(
    "--show-values/--no-show-values", help="Show phone numbers and e-mail addresses in full."
)
@color_option
@click.pass_context
def command(ctx: click.Context, /, *, exports: tuple[str, ...], **options: Any) -> None:
    """Convert exports of other programs to items for the API.

    EXPORTS are CSV, TSV, JSON, JSON Lines, Excel, Parquet or Arrow files, or - for CSV on standard input.
    A row becomes an item only if the mapping decides its status. Start with --inspect.

    \b
    Exit codes:
      0  Each row is an item, or the mapping leaves it out.
      1  Rows are left out that need a decision, or that cannot be read.
      2  Something could not be read or written, or an option is invalid.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    directory = next(filter(os.path.isdir, exports), None)
    if directory is not None:
        name = printable(directory)
        raise CommandError(
            f"{name} is a directory. Pass the files in it, such as {name.rstrip('/')}/*.csv."
        )
    try:
        if options["inspect"] or options["write_mapping"]:
            code = _inspect(exports, options)
        else:
            code = _convert(ctx, exports, options)
    except ConvertError as error:
        raise CommandError(str(error)) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        where = printable(str(error.filename or "standard output"))
        raise CommandError(f"{where} cannot be written: {error.strerror}.") from None
    ctx.exit(code)


def _convert(ctx: click.Context, exports: Sequence[str], options: dict[str, Any]) -> int:
    from consentlint.cli.convert_summary import summary_lines
    from consentlint.convert.ids import random_ids, stable_ids
    from consentlint.convert.run import Conversion

    output, left_out = options["output"], options["left_out"]
    check_outputs(exports, output, left_out)
    document = document_of(exports, options)
    per_file = values_by_file(exports, options)
    documents = {name: merged(document, per_file[name]) for name in exports}
    missing = [
        each for name, of_file in documents.items() for each in missing_options(of_file, name)
    ]
    if missing:
        lines = "\n  ".join(dict.fromkeys(missing))
        raise click.UsageError(f"No export says everything. Pass also:\n  {lines}", ctx)
    mappings = {name: ColumnMapping.of(each) for name, each in documents.items()}
    endpoint = mappings[exports[0]].endpoint
    ids = stable_ids(endpoint.name) if options["stable_ids"] else random_ids
    settings = _settings(options)
    sort = len(exports) > 1 if options["sort"] is None else options["sort"]
    with _progress() as progress:
        conversion = Conversion(
            mappings.__getitem__,
            table_options(options),
            settings,
            ids,
            progress,
        )
        totals = conversion.run(exports, output, left_out, sort=sort, jobs=options["jobs"])
    notes = document.get("preset", {}).get("notes", ())
    style = Style.of(options["color"])
    for line in summary_lines(totals, output, left_out, endpoint is CONSENTS, notes):
        click.echo(style.fill(line, "", " " * (11 if line.startswith(" ") else 2)), err=True)
    return 1 if totals.needs_decision else 0


def _inspect(exports: Sequence[str], options: dict[str, Any]) -> int:
    from consentlint.cli.convert_inspection import inspection_lines
    from consentlint.convert.inspect import inspect
    from consentlint.convert.starter import starter_mapping
    from consentlint.text.atomic_write import atomic_write

    for name in exports:
        document = document_of([name], options, is_complete=False)
        found = inspect(name, table_options(options), document)
        for line in inspection_lines(found):
            click.echo(line)
        if options["write_mapping"]:
            with atomic_write(options["write_mapping"]) as file:
                file.write(starter_mapping(found))
            click.echo(f"Wrote {printable(options['write_mapping'])}.", err=True)
            break
    return 0


def _settings(options: dict[str, Any]) -> Settings:
    return Settings(options["now"], Profile(options["profile"]), show_values=options["show_values"])


@contextmanager
def _progress() -> Iterator[Any]:
    """Show on a terminal how far a file has been read."""
    if not is_terminal(sys.stderr):
        yield lambda _: None
        return
    name = ""
    bar: Any = None

    def advance(table: Any) -> None:
        nonlocal name, bar
        if not table.size:
            return
        if table.name != name:
            if bar is not None:
                bar.render_finish()
            name, label = table.name, printable(table.name)
            bar = click.progressbar(length=table.size, label=label, file=sys.stderr)
        bar.update(table.position - bar.pos)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.render_finish()
