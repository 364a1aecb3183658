"""The names of columns."""

from collections.abc import Sequence

from consentlint.convert.mapping import ConvertError, fold
from consentlint.text.masking import printable, shown


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns, each another one."""
    # The order of a dict is that of the columns.
    names: dict[str, None] = {}
    counts: dict[str, int] = {}
    for number, cell in enumerate(cells, 1):
        name = unique = cell.strip().lstrip("\ufeff") or f"column {number}"
        while unique in names:
            counts[name] = counts.get(name, 1) + 1
            unique = f"{name} ({counts[name]})"
        names[unique] = None
    return tuple(names)


def matching(name: str, columns: Sequence[str]) -> list[int]:
    """Return the columns that a name may mean: the one with this name, or else all alike."""
    if name in columns:
        return [columns.index(name)]
    return [at for at, column in enumerate(columns) if fold(column) == fold(name)]


def column_of(names: Sequence[str], columns: Sequence[str], file: str) -> int | None:
    """Return the index of the first of some columns that a table has, None if it has none.

    Args:
        names: the names of the columns, as the user wrote them.
        columns: the columns of the table, as `named` returns them.
        file: the name of the table.

    Raises:
        ConvertError: it is not certain which column a name means.
    """
    for name in names:
        found = [columns[at] for at in matching(name, columns)]
        if len(found) > 1:
            which = " or ".join(f'"{shown(column)}"' for column in found)
            raise ConvertError(
                f'{printable(file)}: "{shown(name)}" may be the column {which}. Write the exact name'
                " of one."
            )
        if found and f"{found[0]} (2)" in columns:
            raise ConvertError(
                f'{printable(file)}: two columns are named "{shown(found[0])}". Rename one of them.'
            )
        if found:
            return columns.index(found[0])
    return None
