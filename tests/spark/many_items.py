"""Many random items, valid and damaged, as files of several formats and of different sizes."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from random_items import Maker

from consentlint.model.endpoints import ENDPOINTS, SUPERSEDED_BY

Items = Sequence[Mapping[str, object]]
# The largest file is not the first one, and is cut into many splits.
_SHARES = (0.0, 0.02, 0.03, 0.63, 0.63, 0.92, 1.0)


def many_items(kind: str, count: int, seed: int) -> list[dict[str, object]]:
    """Return random items that share ids, contacts and senders, a part of them invalid."""
    items: list[dict[str, object]] = []
    random = Random(seed)
    while len(items) < count:
        maker = Maker(random, kind, random.choice((0.02, 0.2, 0.6)), 0.0)
        for _ in range(min(1_000, count - len(items))):
            # Spark reads and writes UTF-8, which has no lone surrogates.
            text = json.dumps(dict(maker.members()), ensure_ascii=False)
            items.append(json.loads(text.encode("utf-8", "replace").decode()))
    return items


def text_items(items: Items, kind: str, *, is_csv: bool = False) -> list[dict[str, str]]:
    """Return items as columns can have them: fields only, and only those that are text."""
    names = {*ENDPOINTS[kind].fields, SUPERSEDED_BY}
    return [
        {
            name: value
            for name, value in item.items()
            if name in names
            and isinstance(value, str)
            # An empty cell is NULL, and a line is a record.
            and not (is_csv and (value == "" or set(value) & {"\r", "\n", "\0"}))
        }
        for item in items
    ]


def write(items: Items, kind: str, format_: str, folder: Path) -> None:
    """Write items to the files of a folder, in the order of the names of these."""
    folder.mkdir()
    names = [*ENDPOINTS[kind].fields, SUPERSEDED_BY]
    for number, part in enumerate(_parts(items)):
        file = folder / f"part-{number}.{format_}"
        if format_ == "parquet":
            columns = {n: pa.array([item.get(n) for item in part], pa.string()) for n in names}
            pq.write_table(pa.table(columns), file, row_group_size=300)
        elif format_ == "csv":
            with file.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
                writer.writerow(names)
                # Only an empty cell without quotes is NULL.
                writer.writerows([item.get(n, "\\N") for n in names] for item in part)
        else:
            lines = (json.dumps(item) for item in part)
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _parts(items: Items) -> Iterator[Items]:
    bounds = [round(share * len(items)) for share in _SHARES]
    for start, end in pairwise(bounds):
        yield items[start:end]
