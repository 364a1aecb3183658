"""Recognize columns by their names."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from consentlint.convert.mapping import TARGETS
from consentlint.convert.tables import Row
from consentlint.fields.names import field_meant, field_named
from consentlint.model.endpoints import ENDPOINTS, FIELDS
from consentlint.text.suggestions import fold_name

# Consent to another channel does not cover text messages.
_OTHER_CHANNELS = ("email", "e-mail", "mail", "whatsapp", "push", "voice", "viber", "telegram")
# These are in no export: a column that is called like them is something else.
_NEVER = ("sender_id", "source", "correlation_id")
_MAX_COLUMNS = 1_000
_FIRST_ROWS = 200
_MIN_DIGITS = 6
_NUMBER = re.compile(
    r"[\s'=\"]*[+(0-9](?:[0-9 ().\-/]{5,24}|[0-9]*[.,]?[0-9]*[Ee]\+?[0-9]+)[\s\"]*"
)


class Recognized(NamedTuple):
    """What columns surely mean, and what needs a decision."""

    columns: dict[str, str]
    """The column for each target."""
    reasons: dict[str, str]
    """Why, by column."""
    rivals: dict[str, tuple[str, ...]]
    """The columns for a target of which one must be chosen."""
    hints: dict[str, str]
    """The target that a column may mean, but that the user must decide."""


def first_rows(rows: Iterator[Row]) -> list[Row]:
    """Return those of the rows of a table that `recognize` looks at."""
    return [*islice(rows, _FIRST_ROWS)]


def recognize(columns: Sequence[str], kind: str, rows: Sequence[Row]) -> Recognized:
    """Return what the names of columns mean.

    Args:
        columns: the names.
        kind: "consents" or "contacts".
        rows: the first rows, which show what cannot be a phone number.
    """
    fields = ENDPOINTS[kind].fields
    found: dict[str, list[str]] = {}
    hints: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for at, column in enumerate(columns[:_MAX_COLUMNS]):
        channel = is_other_channel(column)
        if channel:
            reasons[column] = f"not used: {channel} is another channel"
            continue
        target = _target(column, kind)
        if target is not None and (target != "contact_id" or _may_be_numbers(rows, at)):
            found.setdefault(target, []).append(column)
            reasons[column] = f"{target}: by its name"
            continue
        meant = field_meant(column, fields, fields)
        if fold_name(column) == "sms":
            meant = "contact_id"
        if meant == "contact_id" and not _are_numbers(rows, at):
            continue
        if meant is not None and meant not in _NEVER:
            hints[column] = meant
            reasons[column] = f"may be {meant}: --map {meant}=…"
    rivals = {target: tuple(names) for target, names in found.items() if len(names) > 1}
    for target, names in rivals.items():
        reasons.update(dict.fromkeys(names, f"may be {target}: choose one with --map {target}=…"))
    certain = {target: names[0] for target, names in found.items() if len(names) == 1}
    return Recognized(certain, reasons, rivals, hints)


def _are_numbers(rows: Sequence[Row], column: int) -> bool:
    """Return whether a column has values that may be phone numbers, or none at all."""
    values = _values(rows, column)
    return not values or any(map(_NUMBER.fullmatch, values))


def _may_be_numbers(rows: Sequence[Row], column: int) -> bool:
    """Return whether a column called like a phone number is not one of others, such as 1, 2, 3."""
    digits = [len(re.findall("[0-9]", value)) for value in _values(rows, column)]
    return not any(digits) or max(digits) >= _MIN_DIGITS or _are_numbers(rows, column)


def _values(rows: Sequence[Row], column: int) -> list[str]:
    return [row.cells[column] for row in rows if row.cells[column:] and row.cells[column].strip()]


def is_other_channel(column: str) -> str:
    """Return the channel that a column is about if it is not text messages, otherwise nothing."""
    name = column.casefold()
    return next((each.replace("-", "") for each in _OTHER_CHANNELS if each in name), "")


def _target(column: str, kind: str) -> str | None:
    if column in FIELDS:
        return column if column in TARGETS[kind] else None
    field = field_named(column)
    name = fold_name(column)
    if field == "date_of_consent" and re.search("opt(?:ed)?out", name):
        return "opt_out_date"
    if field == "date_of_consent" and re.search("opt(?:ed)?in", name):
        return "opt_in_date"
    if name == "contactid":
        # In other programs, it is the number of a record, which could pass for a phone number.
        return None
    if field == "country_iso_code" and kind == "consents":
        return "region"
    return field if field in TARGETS[kind] and field not in _NEVER else None
