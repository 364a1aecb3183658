"""Which column has which field, and what is wrong with the columns of a table."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from consentlint.fields.names import field_meant, misnamed
from consentlint.model.endpoints import SUPERSEDED_BY, Endpoint
from consentlint.text.masking import shown

# A table may have ten thousand columns.
_MAX_HINTED = 200
_MAX_SHOWN = 5


def resolve_columns(
    names: Sequence[str], endpoint: Endpoint, columns: Mapping[str, str | None] | None = None
) -> tuple[tuple[str, str], ...]:
    """Return the fields that a table has, each with its column.

    Other columns belong to the user, and are not read.

    Args:
        names: the names of the table's columns.
        endpoint: the endpoint of the items.
        columns: the column of a field, if its name is another one; None for a field that no
            column has.

    Raises:
        TypeError: `columns` is not a mapping.
        ValueError: a column is missing, is there twice, or may be a field by another name.
    """
    given = {} if columns is None else columns
    if not isinstance(given, Mapping):
        raise TypeError(
            f"columns is {type(given).__name__}, expected a mapping from field to column"
        )
    for field in given:
        if field not in endpoint.fields:
            raise ValueError(
                f'columns has the key "{shown(str(field))}", expected a field of {endpoint.name}:'
                f" {', '.join(endpoint.fields)}"
            )
    counts = dict.fromkeys(names, 0)
    found: dict[str, str] = {}
    for name in names:
        counts[name] += 1
    for field in endpoint.fields:
        column = given.get(field, field)
        if column is None:
            continue
        if not isinstance(column, str):
            raise TypeError(
                f"columns: {field} is {type(column).__name__}, expected the name of a column"
            )
        if column in counts:
            found[field] = column
        elif field in given:
            raise ValueError(f'there is no column "{shown(column)}" for {field}')
    _reject_missing(names, endpoint, found, given)
    if SUPERSEDED_BY in counts:
        found[SUPERSEDED_BY] = SUPERSEDED_BY
    _reject_doubles(names, counts, found)
    return tuple(found.items())


def resolve_json(names: Sequence[str], json: str, columns: object) -> None:
    """Check that a table has one column with JSON texts.

    Raises:
        TypeError: the name is not a string.
        ValueError: there is no such column, or there are two, or `columns` is given too.
    """
    if not isinstance(json, str):
        raise TypeError(f"json is {type(json).__name__}, expected the name of a column")
    if columns is not None:
        raise ValueError("columns and json exclude each other. Pass one of them")
    if json not in names:
        raise ValueError(f'there is no column "{shown(json)}" with JSON texts')
    if list(names).count(json) > 1:
        raise ValueError(f'two columns are named "{shown(json)}". Remove or rename one of them')


def _reject_doubles(
    names: Sequence[str], counts: Mapping[str, int], found: Mapping[str, str]
) -> None:
    """Reject two columns for one field. Engines differ on whether letter case matters."""
    folded = {column.casefold(): column for column in found.values()}
    for name in names:
        column = folded.get(name.casefold())
        if column is not None and (name != column or counts[name] > 1):
            how = "" if name == column else f' and "{shown(name)}", apart from letter case'
            raise ValueError(
                f'two columns are named "{shown(column)}"{how}. Remove or rename one of them'
            )


def _reject_missing(
    names: Sequence[str],
    endpoint: Endpoint,
    found: Mapping[str, str],
    given: Mapping[str, str | None],
) -> None:
    """Reject a table without a required field, or with a field by another name."""
    lacking = [field for field in endpoint.fields if field not in found and field not in given]
    others = [name for name in dict.fromkeys(names) if name not in found.values()]
    found_names = misnamed(others, lacking)
    meant = {field: name for name, field in (found_names.renames | found_names.unsure).items()}
    required = [field for field in lacking if field in endpoint.required]
    for field, name in _hints(others, endpoint, required):
        meant.setdefault(field, name)
    if not required and not meant:
        return
    parts = []
    if required:
        parts.append(f"there is no column {_listed(required)}, which {endpoint.name} need.")
    if meant:
        may = [f'"{shown(name)}" may hold {field}' for field, name in meant.items()]
        pairs = ", ".join(f'"{field}": "{shown(name)}"' for field, name in meant.items())
        parts.append(
            f"Column {_listed(may)}: pass columns={{{pairs}}}, or None for a field that no column has."
        )
    else:
        parts.append(
            "Name the column of each field in columns, or None for a field that no column has."
        )
    raise ValueError(" ".join(parts))


def _hints(
    names: Sequence[str], endpoint: Endpoint, required: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield required fields, each with a column that may hold it."""
    lacking = set(required)
    for name in names[:_MAX_HINTED]:
        field = field_meant(name, endpoint.fields, lacking) if lacking else None
        if field is not None:
            lacking.remove(field)
            yield field, name


def _listed(texts: Sequence[str]) -> str:
    shown_texts = [*texts[:_MAX_SHOWN], *(["others"] if len(texts) > _MAX_SHOWN else [])]
    *most, last = shown_texts
    return f"{', '.join(most)} and {last}" if most else last
