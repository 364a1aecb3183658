"""The functions for programs that check items before they send them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from consentlint.fields.iso8601 import parse_now
from consentlint.formats import ColumnBatch
from consentlint.linter.check import BatchResult, check_columns, check_list
from consentlint.model.endpoints import Endpoint, endpoint_of
from consentlint.model.findings import Finding, Profile
from consentlint.model.items import MISSING
from consentlint.model.settings import Settings
from consentlint.rules.selection import select_rules

Now = datetime | str | None
Names = str | Iterable[str]


def check_item(
    item: Mapping[str, object],
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
    select: Names = "default",
    ignore: Names = (),
) -> list[Finding]:
    """Check one item.

    Args:
        item: The item, as it would be sent.
        kind: "consents" or "contacts".
        profile: Which to follow if Twilio's documents and examples disagree: "documented"
            or "lenient".
        now: Dates later than this are in the future: a datetime (UTC if it has no zone), or an
            ISO 8601 date with a time. None for the current time.
        select: The rules to run: names, reason codes, or the groups "all", "default",
            "errors", "advice".
        ignore: Rules to skip.

    Returns:
        The findings in rule order, phone numbers masked.

    Raises:
        TypeError: `item` is not a mapping with string keys, or `now` is of another type.
        ValueError: the kind, the profile, a rule or the date is unknown or invalid.
    """
    if not isinstance(item, Mapping):
        raise TypeError(_type_error("item", item))
    return check_items([item], kind=kind, profile=profile, now=now, select=select, ignore=ignore)


def check_items(
    items: Iterable[Mapping[str, object]],
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
    select: Names = "default",
    ignore: Names = (),
) -> list[Finding]:
    """Check several items as one list.

    A duplicate id, or records that contradict each other, are reported at the later item.
    The list may have any number of items; splitting it into requests is up to the sender.

    Args:
        items: The items, in the order in which they would be sent.

    The other arguments are those of `check_item`.

    Returns:
        The findings, item by item; `Finding.item` counts from 0.

    Raises:
        TypeError: `items` is not an iterable of mappings with string keys.
        ValueError: as for `check_item`.
    """
    settings, endpoint = resolve_settings(kind, profile, now, select, ignore)
    if isinstance(items, Mapping | str | bytes) or not isinstance(items, Iterable):
        raise TypeError(f"items is {type(items).__name__}, expected an iterable of mappings")
    found = list(items)
    for index, item in enumerate(found):
        if not isinstance(item, Mapping):
            raise TypeError(_type_error(f"item {index}", item))
        if not all(isinstance(key, str) for key in item):
            raise TypeError(f"item {index} has a key that is not a string")
    return check_list(found, endpoint, settings)


def reason_codes(
    item: Mapping[str, object],
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
) -> list[str]:
    """Return the reason codes that the API would return for one item.

    They are the `error_messages` of the item's entry in the response, in the order of E30646
    and E30647; an empty list means that the item would be stored. Arguments and errors are
    those of `check_item`.
    """
    findings = check_item(item, kind=kind, profile=profile, now=now)
    return list(dict.fromkeys(str(found.reason) for found in findings if found.reason))


def check_batch(
    columns: Mapping[str, Sequence[object]],
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
    select: Names = "default",
    ignore: Names = (),
) -> BatchResult:
    """Check items that are in columns, as in a data frame.

    Args:
        columns: A sequence of values for each field, all of the same length, None for a
            missing value. Other columns are reported as unknown fields.

    The other arguments are those of `check_item`.

    Returns:
        The findings, whose `item` is the row, and the reason codes of each row.

    Raises:
        TypeError: `columns` is not a mapping of sequences.
        ValueError: the columns differ in length, or as for `check_item`.

    Example:
        >>> check_batch({"contact_id": ["+19"], "correlation_id": ["0"]}, kind="contacts").reasons[0]
        ('INVALID_CORRELATION_ID', 'INVALID_COUNTRY_ISO_CODE', 'INVALID_CONTACT_ID', 'INVALID_ZIP_CODE')
    """
    settings, endpoint = resolve_settings(kind, profile, now, select, ignore)
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns is {type(columns).__name__}, expected a mapping of sequences")
    values = {}
    for name, column in columns.items():
        if not isinstance(name, str):
            raise TypeError("columns has a name that is not a string")
        if isinstance(column, str | bytes | Mapping) or not isinstance(column, Iterable):
            raise TypeError(
                f"column {name} is {type(column).__name__}, expected a sequence of values"
            )
        values[name] = [MISSING if value is None else value for value in column]
    lengths = {len(column) for column in values.values()}
    if len(lengths) > 1:
        raise ValueError("the columns differ in length")
    batch = ColumnBatch(values, lengths.pop() if lengths else 0)
    return check_columns(batch, tuple(columns), endpoint, settings)


def resolve_settings(
    kind: Endpoint | str, profile: Profile | str, now: Now, select: Names, ignore: Names
) -> tuple[Settings, Endpoint]:
    """Return the settings and the endpoint that the arguments of `check_item` mean.

    Raises:
        TypeError: `now` is of another type.
        ValueError: the kind, the profile, a rule or the date is unknown or invalid.
    """
    selection = select_rules(_names(select), _names(ignore))
    if profile not in list(Profile):
        raise ValueError(f'profile is {profile!r}, expected "documented" or "lenient"')
    try:
        moment = parse_now(now)
    except (TypeError, ValueError) as error:
        raise type(error)(f"now: {error}") from None
    settings = Settings(moment, Profile(profile), selection.rules, muted=selection.muted)
    return settings, endpoint_of(kind)


def _names(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _type_error(what: str, found: object) -> str:
    hint = ". Call check_items for several items" if isinstance(found, list | tuple) else ""
    return f"{what} is {type(found).__name__}, expected a mapping{hint}"


__all__ = ["BatchResult", "check_batch", "check_item", "check_items", "reason_codes"]
