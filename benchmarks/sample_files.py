"""Write the sample files of the benchmarks: fictitious consents in several formats.

    python benchmarks/sample_files.py KIND [--items N] [--folder DIR]
    python benchmarks/sample_files.py --check

The first command prints the name of the file. It does not write an existing file again. The
second checks that the numbers are valid or invalid as the benchmarks assume.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice, permutations
from pathlib import Path
from random import Random
from typing import NamedTuple

import sample_items
from sample_items import (
    DAMAGES,
    FIELDS,
    Item,
    invalid_field,
    invalid_number,
    invalid_status,
    items,
)

FOLDER = Path(tempfile.gettempdir()) / "consentlint-benchmarks"

_AS_JSON = "{" + ", ".join(f'"{field}": "%s"' for field in FIELDS) + "}"
_MEMBERS = tuple(f'"{field}": "%s"' for field in FIELDS)


def _as_json(count: int) -> Iterator[str]:
    # No value needs an escape, and this is many times faster than json.dumps.
    return (_AS_JSON % item for item in items(count))


def _as_row(count: int) -> Iterator[str]:
    return map(",".join, items(count))


def _as_text(count: int) -> Iterator[str]:
    return ('"' + text.replace('"', '\\"') + '"' for text in _as_json(count))


def _in_other_order(count: int) -> Iterator[str]:
    orders = list(permutations(range(len(FIELDS))))
    chance = Random("orders")
    for item in items(count):
        members = [member % value for member, value in zip(_MEMBERS, item, strict=True)]
        order = orders[int(chance.random() * len(orders))]
        yield "{" + ", ".join([members[place] for place in order]) + "}"


def _one_in_a_hundred_damaged(count: int) -> Iterator[str]:
    chance = Random("damages")
    damages = list(DAMAGES.values())
    previous_id = ""
    damaged = 0
    for index, item in enumerate(items(count)):
        place = index % 100
        if place == 0:
            # Never the damaged item itself, so that its id is in the file.
            previous_id = item.correlation_id
            damaged = chance.randrange(1, 100) if index + 100 <= count else 0
        if damaged and place == damaged:
            turn, kind = divmod(index // 100, len(damages))
            yield damages[kind](item, turn, previous_id)
        else:
            yield _AS_JSON % item


def _each_with(damage: Callable[[Item, int], Item]) -> Callable[[int], Iterator[str]]:
    return lambda count: (_AS_JSON % damage(item, turn) for turn, item in enumerate(items(count)))


class Kind(NamedTuple):
    """A kind of file."""

    suffix: str
    texts: Callable[[int], Iterator[str]]
    """Yields the texts of a number of items."""
    opening: str = ""
    between: str = "\n"
    closing: str = "\n"
    invalid_of_100: int = 0
    """How many of 100 items are damaged; the linter has one finding for each of them."""


KINDS = {
    "lines": Kind(".jsonl", _as_json),
    "csv": Kind(".csv", _as_row, opening=",".join(FIELDS) + "\n"),
    "array": Kind(".json", _as_json, "[\n", ",\n", "\n]\n"),
    "request": Kind(".json", _as_json, '{"Items": [\n', ",\n", "\n]}\n"),
    "texts": Kind(".json", _as_text, "[\n", ",\n", "\n]\n"),
    "other-order": Kind(".jsonl", _in_other_order),
    "one-in-a-hundred-damaged": Kind(".jsonl", _one_in_a_hundred_damaged, invalid_of_100=1),
    "damaged-array": Kind(
        ".json", _one_in_a_hundred_damaged, "[\n", ",\n", "\n]\n", invalid_of_100=1
    ),
    "invalid-field": Kind(".jsonl", _each_with(invalid_field), invalid_of_100=100),
    "invalid-status": Kind(".jsonl", _each_with(invalid_status), invalid_of_100=100),
    "invalid-number": Kind(".jsonl", _each_with(invalid_number), invalid_of_100=100),
}
"""Every kind of file by its name."""


def invalid_items(kind: str, count: int) -> int:
    """Return the number of damaged items in a file."""
    return count // 100 * KINDS[kind].invalid_of_100 + (
        count % 100 if KINDS[kind].invalid_of_100 == 100 else 0
    )


def sample_path(kind: str, count: int, folder: Path = FOLDER) -> Path:
    """Return the path of a sample file."""
    return folder / f"{kind}-{count}-{_version()}{KINDS[kind].suffix}"


def sample_file(kind: str, count: int, folder: Path = FOLDER) -> Path:
    """Return the path of a sample file; write it first if it does not exist."""
    path = sample_path(kind, count, folder)
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    _, texts, opening, between, closing, _ = KINDS[kind]
    # The file gets its name when it is complete.
    partial = path.with_suffix(".partial")
    rest = texts(count)
    with partial.open("w", encoding="ascii", newline="") as file:
        file.write(opening)
        separator = ""
        while some := list(islice(rest, 10_000)):
            file.write(separator + between.join(some))
            separator = between
        file.write(closing)
    return partial.replace(path)


def _version() -> str:
    """Return a hash of the scripts that make the files."""
    sources = (Path(__file__), Path(sample_items.__file__))
    return hashlib.sha256(b"".join(map(Path.read_bytes, sources))).hexdigest()[:8]


def main() -> None:
    """Write a file and print its name, or check the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="?", choices=KINDS)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        sample_items.check()
    elif arguments.kind:
        print(sample_file(arguments.kind, arguments.items, arguments.folder))
    else:
        parser.error("name a kind, or pass --check")


if __name__ == "__main__":
    main()
