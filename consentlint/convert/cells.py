"""The names of columns."""

from collections.abc import Sequence


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
