"""Options of `convert`, and the mapping that they describe."""

import os
from collections.abc import Sequence
from typing import Any

import click

from consentlint.cli.output import is_same_file
from consentlint.convert.mapping import (
    LEAVE_OUT,
    TARGETS,
    ConvertError,
    is_base_name,
    load_mapping,
    load_preset,
    merged,
)
from consentlint.convert.recognize import first_rows, recognize
from consentlint.convert.tables import TableOptions, open_table
from consentlint.formats import SUFFIXES
from consentlint.text.masking import printable, shown

_LEFT_OUT_SUFFIXES = (".csv", ".jsonl", ".ndjson")


def pairs(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return the pairs in the values of an option (a click callback)."""
    for value in values:
        if not value.partition("=")[2]:
            raise click.BadParameter(f'"{shown(value)}" has no "=", expected {parameter.metavar}.')
    # The last = divides, because a word may contain one.
    is_word = parameter.name in ("status_words", "source_words")
    parts = [each.rpartition("=") if is_word else each.partition("=") for each in values]
    return [(name, value) for name, _, value in parts]


def status_words(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return what words of the status mean (a click callback)."""
    words = pairs(ctx, parameter, values)
    for word, meaning in words:
        if meaning not in ("opt-in", "opt-out", LEAVE_OUT):
            raise click.BadParameter(
                f'"{shown(word)}" is mapped to "{shown(meaning)}", expected opt-in, opt-out or'
                f" {LEAVE_OUT}."
            )
    return words


def document_of(
    exports: Sequence[str], options: dict[str, Any], *, is_complete: bool = True
) -> dict[str, Any]:
    """Return the mapping of all files: of a preset, a mapping file, and options, in this order.

    Without a preset and a mapping file, columns whose names say it are mapped.

    Args:
        exports: the files.
        options: the options of the command.
        is_complete: False if several columns may still mean the same.

    Raises:
        ConvertError: several do otherwise, or a file or a target is not valid.
    """
    layers = []
    if options["preset"] is not None:
        layers.append(load_preset(options["preset"]))
    if options["mapping_file"] is not None:
        layers.append(load_mapping(options["mapping_file"]))
    given = _given(exports, options)
    if not layers:
        layers.append(_by_name(exports, options, given, is_complete))
    document = merged(*layers, given)
    kind = document.get("kind", "consents")
    for target in (*document.get("columns", ()), *document.get("values", ())):
        if target not in TARGETS[kind]:
            raise ConvertError(
                f'"{shown(target)}" is not a target of {kind}. Targets: {", ".join(TARGETS[kind])}.'
            )
    return document


def _given(exports: Sequence[str], options: dict[str, Any]) -> dict[str, Any]:
    columns = dict(options["columns"])
    columns |= {name: options[name] for name in ("opt_in_date", "opt_out_date") if options[name]}
    values = {target: value for target, value in options["values"] if not _file_of(value, exports)}
    scalars = ("kind", "region", "lost_plus", "timezone", "time_of_day", "date_format")
    return {
        **{name: options[name] for name in scalars if options[name] is not None},
        "columns": columns,
        "values": values,
        "status": dict(options["status_words"]),
        "source": dict(options["source_words"]),
    }


def values_by_file(exports: Sequence[str], options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the values that are set for one input alone."""
    found: dict[str, dict[str, Any]] = {name: {"values": {}} for name in exports}
    for target, value in options["values"]:
        file = _file_of(value, exports)
        if file:
            found[file]["values"][target] = value[: value.rindex(":")]
    return found


def _file_of(value: str, exports: Sequence[str]) -> str:
    return next(
        (name for name in exports if ":" in value and is_base_name(value.rpartition(":")[2], name)),
        "",
    )


def _by_name(
    exports: Sequence[str], options: dict[str, Any], given: dict[str, Any], is_complete: bool
) -> dict[str, Any]:
    if "-" in exports:
        return {}
    mapped = {*given["columns"], *given["values"]}
    columns: dict[str, list[str]] = {}
    for name in exports:
        with open_table(name, table_options(options)) as table:
            found = recognize(
                table.columns, options["kind"] or "consents", first_rows(table.rows())
            )
        for target, names in found.rivals.items() if is_complete else ():
            if target not in mapped:
                quoted = ", ".join(f'"{printable(each)}"' for each in names)
                raise ConvertError(
                    f"{printable(name)}: columns {quoted} may hold {target}. Choose one with"
                    f" --map {target}=COLUMN."
                )
        for target, column in found.columns.items():
            columns.setdefault(target, []).append(column)
    return {"columns": columns}


def check_outputs(exports: Sequence[str], output: str | None, left_out: str | None) -> None:
    """Verify that each output is a file of its own, whose suffix names a format.

    Raises:
        UsageError: it is not.
    """
    if output is None:
        raise click.UsageError("Pass -o FILE for the items, or --inspect.")
    for path in filter(None, (output, left_out)):
        if any(is_same_file(path, each) for each in exports):
            raise click.UsageError(f"{printable(path)} would overwrite an export.")
    if output == left_out:
        raise click.UsageError("Items and rows that are left out need a file each.")
    for name, suffixes in ((output, tuple(SUFFIXES)), (left_out or "", _LEFT_OUT_SUFFIXES)):
        _, suffix = os.path.splitext(name.lower().removesuffix(".gz"))
        if suffix and suffix not in suffixes:
            raise click.UsageError(
                f"{printable(name)} ends in {printable(suffix)}, which is not written. Pass a"
                f" name that ends in {', '.join(suffixes[:-1])} or {suffixes[-1]}, also with .gz."
            )


def table_options(options: dict[str, Any]) -> TableOptions:
    """Return how exports are read."""
    return TableOptions(options["encoding"], options["sheet"], options["header_row"])
