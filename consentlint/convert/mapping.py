"""What the columns and words of an export mean: a document in layers, and what it resolves to."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from consentlint.fields import schemas
from consentlint.model.endpoints import CONSENTS, ENDPOINTS, Endpoint
from consentlint.model.settings import RepairOptions
from consentlint.rules.repairs import is_zone
from consentlint.text.masking import printable, shown
from consentlint.text.package_data import read_data
from consentlint.text.suggestions import suggest
from consentlint.text.toml_file import TomlError, read_toml

LEAVE_OUT = "leave-out"
"""What a word means if its rows become no items."""

DATES = ("date_of_consent", "opt_in_date", "opt_out_date")
TARGETS = {
    "consents": ("contact_id", "sender_id", "status", "source", *DATES, "region"),
    "contacts": ("contact_id", "country_iso_code", "zip_code", "region"),
}
"""What a column can be mapped to, for each kind of items."""

PRESETS = (
    "attentive",
    "brevo",
    "constant-contact",
    "klaviyo-marketing",
    "klaviyo-transactional",
    "matrixify",
    "omnisend",
    "postscript",
    "salesforce-mobileconnect",
    "shopify",
)
"""The names of the presets, each a file in `convert/presets`."""

_TABLES = ("columns", "values", "status", "source")
_REPAIRS = ("region", "timezone", "time_of_day", "date_format")

Document = Mapping[str, Any]
"""A mapping as it is written in TOML; `schemas/convert-mapping.json` describes it."""


class ConvertError(Exception):
    """A conversion cannot run; the message says why and what to do."""


class ColumnError(ConvertError):
    """An export does not have the columns of its mapping."""


@dataclass(frozen=True)
class ColumnMapping:
    """What the columns and words of an export mean."""

    endpoint: Endpoint = CONSENTS
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The columns for each target: the first that the export has, or for the status all of them,
    of which the first with a mapped word decides."""
    values: Mapping[str, str] = field(default_factory=dict)
    """The same value for each row, by target."""
    status: Mapping[str, str] = field(default_factory=dict)
    """What a word means in any status column; words are folded."""
    column_status: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What a word means in one status column."""
    source: Mapping[str, str] = field(default_factory=dict)
    repair: RepairOptions = field(default_factory=RepairOptions)
    lost_plus: bool = False
    """True: numbers start with their country code, without the plus sign."""
    optional: frozenset[str] = frozenset()
    """Targets whose column may be missing."""

    @classmethod
    def of(cls, document: Document) -> "ColumnMapping":
        """Return the mapping that a document describes."""
        words = document.get("status", {})
        preset = document.get("preset", {})
        return cls(
            endpoint=ENDPOINTS[document.get("kind", "consents")],
            columns={
                target: _names(given) for target, given in document.get("columns", {}).items()
            },
            values=document.get("values", {}),
            status=_folded({word: to for word, to in words.items() if isinstance(to, str)}),
            column_status={
                column: _folded(of) for column, of in words.items() if not isinstance(of, str)
            },
            source=_folded(document.get("source", {})),
            repair=RepairOptions(*map({**document, **_region_of(document)}.get, _REPAIRS)),
            lost_plus=bool(document.get("lost_plus")),
            optional=frozenset(preset.get("optional", ())),
        )


def _region_of(document: Document) -> Document:
    """Return the region that is set like the value of a field."""
    region = document.get("values", {}).get("region")
    return {"region": region.upper()} if region else {}


def fold(text: str) -> str:
    """Return a word or the name of a column without what does not distinguish it."""
    return text.strip().strip("\ufeff'").casefold()


def merged(*layers: Document) -> dict[str, Any]:
    """Return one document; a later layer takes precedence.

    A column for a target replaces its value in an earlier layer, and the other way round.
    """
    result: dict[str, Any] = {}
    for layer in layers:
        for table, other in (("columns", "values"), ("values", "columns")):
            for target in layer.get(table, {}):
                result.get(other, {}).pop(target, None)
        for key, value in layer.items():
            if key in _TABLES:
                result[key] = {**result.get(key, {}), **value}
            elif value is not None:
                result[key] = value
    return result


def load_preset(name: str) -> Document:
    """Return the document of a preset.

    Raises:
        ConvertError: there is no such preset.
    """
    import tomllib

    if name not in PRESETS:
        alike = [each for each in PRESETS if each.startswith(f"{name}-")]
        if alike:
            raise ConvertError(f"Pass --preset {' or --preset '.join(alike)}.")
        meant = suggest(name, PRESETS)
        hint = f'Did you mean "{meant}"?' if meant else f"There are: {', '.join(PRESETS)}."
        raise ConvertError(f'There is no preset "{shown(name)}". {hint}')
    return tomllib.loads(read_data("convert", "presets", f"{name}.toml"))


def load_mapping(path: str) -> Document:
    """Return the document in a mapping file.

    Raises:
        ConvertError: it cannot be read, or is not valid.
    """
    try:
        document = read_toml(path)
    except TomlError as error:
        raise ConvertError(f"{error}.") from None
    invalid = next(iter(_validator().iter_errors(document)), None)
    if invalid is not None:
        where = ".".join(map(str, invalid.absolute_path))
        message = shown(invalid.message, 200)
        raise ConvertError(f"{printable(path)}: {where and f'{printable(where)}: '}{message}.")
    zone = document.get("timezone")
    if zone is not None and not is_zone(zone):
        raise ConvertError(
            f'{printable(path)}: timezone is "{shown(zone)}", expected a time zone, such as'
            " America/New_York."
        )
    preset = document.pop("extends", None)
    return document if preset is None else merged(load_preset(preset), document)


@cache
def _validator() -> Any:
    return schemas.validator_class()(schemas.load("convert-mapping"))


def missing_options(document: Document, name: str = "FILE") -> list[str]:
    """Return what to pass for each thing that no export says, and that the user has not said.

    Args:
        document: the mapping of an export.
        name: the export.
    """
    endpoint = ENDPOINTS[document.get("kind", "consents")]
    preset = document.get("preset", {})
    columns, values = document.get("columns", {}), document.get("values", {})
    decided = {*columns, *values, *(name for name in document if name not in _TABLES)}
    requires = preset.get("requires", ())
    if "status" in requires:
        # Words of the user, or a value.
        decided.discard("status")
        decided.update(["status"] if document.get("status") or "status" in values else [])
    elif {"opt_in_date", "opt_out_date"} & decided:
        decided.add("status")
    wanted = [field for field in endpoint.required if field != "correlation_id"]
    missing = [each for each in dict.fromkeys((*wanted, *requires)) if each not in decided]
    of_file = shlex.quote(f"status=opt-in:{printable(name)}")
    status = (
        "--status WORD=opt-in (or opt-out or leave-out, for each word of its status columns)"
        if "status" in columns
        else f"--map status=COLUMN and --status WORD=opt-in, or --set {of_file}"
    )
    return [status if each == "status" else _help(each) for each in missing]


def _help(name: str) -> str:
    if name == "sender_id":
        return (
            "--set sender_id=MG… (the SID of your Messaging Service: in the Twilio Console under"
            " Messaging > Services, next to the service's name)"
        )
    if name == "source":
        words = ", ".join(schemas.enumeration("source"))
        return f"--set source=WORD (how people agreed: {words})"
    if name in TARGETS["consents"] + TARGETS["contacts"] and name != "region":
        return f"--map {name}=COLUMN"
    return f"--{name.replace('_', '-')} {_ARGUMENTS[name]}"


_ARGUMENTS = {
    "region": "CODE (the country of numbers without a country code, such as US)",
    "timezone": "ZONE (the time zone of its dates, such as America/New_York)",
    "time_of_day": "TIME (its dates have no time; for example 12:00)",
    "date_format": "DMY or MDY (the order of day and month)",
}


def is_base_name(given: str, file: str) -> bool:
    """Return whether an option names an input, by its path or by its file name."""
    return given in (file, os.path.basename(file))


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _folded(words: Mapping[str, str]) -> dict[str, str]:
    return {fold(word): meaning for word, meaning in words.items()}
