"""Measure the time per item of the fast path's matchers, and compare it with orjson.

    python benchmarks/matcher.py [--items 200000] [--rounds 5]

A round parses each line with `orjson.loads`, then matches the same lines in parts of 1 MiB. The
script prints the shortest round, in microseconds of CPU time per item, and its ratio to orjson.
The time includes the keys of ids, contacts and senders, and excludes reading the file.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import process_time

import orjson
from sample_files import sample_file
from sample_items import FIELDS

sys.path.insert(0, str(Path(__file__).parent.parent))

from consentlint.fast_path.learning import learn_matcher
from consentlint.fast_path.matcher import ElementMatcher, LineMatcher
from consentlint.model.endpoints import CONSENTS
from consentlint.model.items import Item, Location, Member, Source
from consentlint.model.moment import Moment
from consentlint.model.settings import Settings

_PART = 1024 * 1024
_LEARNED = 200
_LINES = {
    "lines": "jsonl",
    "csv": "csv",
    "other-order": "jsonl",
    "one-in-a-hundred-damaged": "jsonl",
}
_MEMBER = re.compile(r'"([a-z_]+)": ("[^"]*")')
_NOW = Moment((date(2027, 1, 1).toordinal() - 1) * 86_400, "")


def _item(text: str, format_name: str) -> Item:
    """Return the item of a line that has no escapes and no quoted cells."""
    if format_name == "csv":
        fields = dict(zip(FIELDS, next(csv.reader([text])), strict=True))
        ends = [match.end() for match in re.finditer(r"[^,]+", text)]
        starts = [0, *(end + 1 for end in ends)]
        cells = zip(FIELDS, starts, starts, ends, strict=False)
        members = [Member(*cell) for cell in cells]
    else:
        fields = json.loads(text)
        found = _MEMBER.finditer(text)
        members = [Member(match[1], match.start(), *match.span(2)) for match in found]
    return Item(0, fields, {}, Source(text, Location(1, 1, 0), lambda _: members))


def _matcher(lines: list[bytes], format_name: str) -> LineMatcher | ElementMatcher:
    items = [_item(line.decode(), format_name) for line in lines[:_LEARNED]]
    # The senders of the sample files have every status with every source that fits it.
    matcher = learn_matcher(items, CONSENTS, Settings(_NOW), format_name, lambda _: False)
    assert matcher is not None
    return matcher


def _parts(content: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(content):
        end = content.find(b"\n", start + _PART) + 1 or len(content)
        yield content[start:end]
        start = end


def _least(function: Callable[[], int], rounds: int) -> tuple[float, int]:
    """Return the least CPU time of some rounds, and what the function returns."""
    seconds, proven = [], 0
    for _ in range(rounds):
        start = process_time()
        proven = function()
        seconds.append(process_time() - start)
    return min(seconds), proven


def _parse(lines: list[bytes]) -> int:
    for line in lines:
        orjson.loads(line)
    return len(lines)


def _match(matcher: LineMatcher, parts: list[bytes]) -> int:
    return sum(len(matcher.match(part).ids) for part in parts)


def main() -> None:
    """Measure each kind of file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    clean = sample_file("lines", arguments.items).read_bytes().splitlines()
    parse, _ = _least(lambda: _parse(clean), arguments.rounds)
    for kind, format_name in _LINES.items():
        content = sample_file(kind, arguments.items).read_bytes()
        if format_name == "csv":
            content = content.partition(b"\n")[2]
        # The first lines of a file with damaged items may be damaged.
        learned = clean if kind == "one-in-a-hundred-damaged" else content.splitlines()
        matcher, parts = _matcher(learned, format_name), list(_parts(content))
        assert isinstance(matcher, LineMatcher)
        measured = _least(lambda m=matcher, p=parts: _match(m, p), arguments.rounds)  # type: ignore[misc]
        _report(kind, arguments.items, parse, measured)
    text = sample_file("array", arguments.items).read_text(encoding="ascii")
    elements = _matcher(clean, "json")
    assert isinstance(elements, ElementMatcher)
    start = text.index("{")
    measured = _least(lambda: elements.match(text, start)[0], arguments.rounds)
    _report("array", arguments.items, parse, measured)


def _report(kind: str, items: int, parse: float, measured: tuple[float, int]) -> None:
    seconds, proven = measured
    micro = 1_000_000 / items
    print(
        f"{kind:25} {proven / items:7.2%} proven, {seconds * micro:.3f} µs an item,"
        f" orjson {parse * micro:.3f}, ratio {seconds / parse:.2f}"
    )


if __name__ == "__main__":
    main()
