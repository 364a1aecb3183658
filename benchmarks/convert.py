"""Measure the speed and memory of `consentlint convert`, and print a table in Markdown.

    python benchmarks/convert.py [--rows N] [--keep]

Each row converts one made-up export in one process, and is compared with `consentlint check` of a
clean CSV file with as many items. The goals: at least a quarter of the speed for clean values, and a
peak below 150 MB. The last column is how many times as long one process takes as the usual number.
"""

import argparse
import random
import sys
from collections.abc import Callable
from pathlib import Path

from measure import python, run
from sample_files import FOLDER, sample_file

_MAX_MB = 150
_MIN_SHARE = 0.25
_HEADER = "Email,Phone,First Name,SMS Consent,Consent date,Country\n"
_WORDS = ("Subscribed", "Subscribed", "Unsubscribed", "Never subscribed")
_OPTIONS = (
    *("--set", "sender_id=MG9752274e9e519418a7406176694466fa", "--set", "source=website"),
    *("--map", "status=SMS Consent", "--status", "Subscribed=opt-in"),
    *("--status", "Unsubscribed=opt-out", "--status", "Never subscribed=leave-out"),
    *("--region", "US", "--timezone", "America/New_York", "--date-format", "MDY"),
)

Draw = random.Random


def _clean(draw: Draw) -> tuple[str, str]:
    return (
        f"+1415555{draw.randrange(10_000):04}",
        f"2024-{_day(draw)}T10:{draw.randrange(10, 60)}:00Z",
    )


def _national(draw: Draw) -> tuple[str, str]:
    month, day = _day(draw).split("-")
    area = draw.choice((212, 303, 415, 512, 617, 702, 818, 917))
    number = f"({area}) {draw.randrange(200, 999)}-{draw.randrange(10_000):04}"
    return number, f"{month}/{day}/2024 {draw.randrange(1, 12)}:{draw.randrange(10, 60)} PM"


def _day(draw: Draw) -> str:
    return f"{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"


_KINDS: dict[str, Callable[[Draw], tuple[str, str]]] = {
    "clean numbers and dates": _clean,
    "national numbers, US dates": _national,
}


def _export(path: Path, rows: int, values: Callable[[Draw], tuple[str, str]]) -> None:
    draw = Draw(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        for number in range(rows):
            phone, date = values(draw)
            word = _WORDS[number % len(_WORDS)]
            file.write(f"person{number}@example.com,{phone},Ann,{word},{date},US\n")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="keep the exports")
    arguments = parser.parse_args()
    rows = arguments.rows
    FOLDER.mkdir(parents=True, exist_ok=True)
    clean = sample_file("csv", rows)
    checked = run(python("-m", "consentlint", "check", "-j1", "-q", clean))
    print(f"check of a clean CSV file: {rows / checked.cpu:,.0f} items/s\n")
    print("| export | CPU s | rows/s | share of check | peak MB | met | faster in processes |")
    print("| --- | ---: | ---: | ---: | ---: | --- | ---: |")
    for name, values in _KINDS.items():
        export, output = FOLDER / "export.csv", FOLDER / "converted.jsonl"
        _export(export, rows, values)
        command = python("-m", "consentlint", "convert", export, "-o", output, *_OPTIONS)
        found, several = run([*command, "--jobs", "1"]), run(command)
        share, memory = checked.cpu / found.cpu, found.rss / 1e6
        met = "yes" if memory < _MAX_MB and share >= _MIN_SHARE else "no"
        print(
            f"| {name} | {found.cpu:.2f} | {rows / found.cpu:,.0f} | {share:.2f} | {memory:.0f} |"
            f" {met if values is _clean else 'no goal'} | {found.wall / several.wall:.1f} × |"
        )
        if not arguments.keep:
            export.unlink()
            output.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
