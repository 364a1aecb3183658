"""Compare `consentlint check` with other ways to validate consents, as a table in Markdown.

    python benchmarks/peers.py [--items 200000] [--python PYTHON] [--node-modules DIRECTORY]

All programs validate the same clean consents, in turn. --python names the interpreter that has
check-jsonschema, jsonschema-rs, frictionless, pydantic and pandas; --node-modules the directory
with `node_modules`, which has ajv. A program that is not installed is skipped. A second file, in
which 84 of 8,400 items are damaged in 14 ways, shows how many of them each program finds.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from measure import Run, environment, python, python_build
from peer_programs import SCHEMA
from sample_files import FOLDER, invalid_items
from sides import FailedError, Side, Sides, measure

_ITEMS = 200_000
_DAMAGED_ITEMS = 8_400
_FORMATS = {"lines": "JSON Lines", "csv": "CSV", "array": "JSON array"}
_HERE = Path(__file__).resolve().parent
_COUNT = re.compile(r"(\d+) invalid of (\d+) items\n\Z")

Counted = Callable[[Run], tuple[int, int | None]]
"""Returns how many items a run found invalid, and of how many, if it says so."""


class Reports(NamedTuple):
    """What the reports of a program contain."""

    location: str
    reasons: str = "your own code"
    """Whether they contain Twilio's reason codes."""
    across: str = "your own code"
    """What they contain about several items."""


class Peer(NamedTuple):
    """A program to compare."""

    name: str
    package: str
    """The module that it needs; ajv for node."""
    command: Callable[[Path], list[str]]
    counted: Counted
    reports: Reports
    kind: str = "lines"
    damaged_kind: str = "one-in-a-hundred-damaged"


def own_count(done: Run) -> tuple[int, int | None]:
    """Read the count that the programs in peer_programs.py print."""
    counted = _COUNT.search(done.stderr)
    if counted is None:
        raise FailedError(f"no count: {done.stderr[-300:]}")
    return int(counted[1]), int(counted[2])


def linter_count(done: Run) -> tuple[int, int | None]:
    """Count the items with findings in a report of JSON Lines."""
    items = {json.loads(line)["item"] for line in done.stdout.splitlines()}
    return len(items), None


def array_count(done: Run) -> tuple[int, int | None]:
    """Count the invalid elements in a JSON report of check-jsonschema."""
    errors = json.loads(done.stdout)["errors"]
    return len({error["path"].partition("]")[0] for error in errors}), None


def peers(interpreter: str, array_schema: Path) -> list[Peer]:
    """Return all programs, whether installed or not."""

    def program(name: str) -> Callable[[Path], list[str]]:
        return lambda file: [interpreter, str(_HERE / "peer_programs.py"), name, str(file)]

    def check(jobs: int) -> Callable[[Path], list[str]]:
        options = ("--quiet", "--output-format", "jsonl", "--jobs", jobs)
        return lambda file: python("-m", "consentlint", "check", file, *options)

    def ajv(file: Path) -> list[str]:
        return ["node", str(_HERE / "peer_ajv.cjs"), str(file)]

    def check_jsonschema(file: Path) -> list[str]:
        options = ["--output-format", "json", "--schemafile", str(array_schema)]
        return [interpreter, "-m", "check_jsonschema", *options, str(file)]

    lines, columns = (
        Reports("line, column", "yes", "ids, history"),
        Reports("row, column", "no", "ids"),
    )
    paths, fields = Reports("item, JSON path", "no"), Reports("item, field")
    return [
        Peer("consentlint -j1", "", check(1), linter_count, lines),
        Peer("consentlint -j2", "", check(2), linter_count, lines),
        Peer("jsonschema-rs", "jsonschema_rs", program("jsonschema-rs"), own_count, paths),
        Peer("ajv, node", "ajv", ajv, own_count, paths),
        Peer("pydantic", "pydantic", program("pydantic"), own_count, fields),
        Peer("pandas", "pandas", program("pandas"), own_count, fields),
        Peer(
            "frictionless", "frictionless", program("frictionless"), own_count, columns, "csv", ""
        ),
        Peer("jsonschema", "jsonschema", program("jsonschema"), own_count, paths),
        Peer(
            "check-jsonschema",
            "check_jsonschema",
            check_jsonschema,
            array_count,
            Reports("JSON path", "no", "no"),
            "array",
            "damaged-array",
        ),
    ]


def is_installed(package: str, interpreter: str) -> bool:
    """Return whether the package of a program can be loaded."""
    if not package:
        return True
    if package == "ajv":
        folder = Path(os.environ.get("NODE_MODULES", "."), "node_modules", "ajv")
        return shutil.which("node") is not None and folder.is_dir()
    command = [interpreter, "-c", f"import {package}"]
    done = subprocess.run(command, check=False, capture_output=True, env=environment())
    return done.returncode == 0


def side(peer: Peer, sides: Sides, kind: str, count: int) -> Side:
    """Return a program on a file; on a clean file it must find nothing."""

    def verify(done: Run) -> str:
        try:
            invalid, items = peer.counted(done)
        except (FailedError, ValueError, LookupError) as error:
            return f"unreadable report: {error}"
        if items not in {None, count} or (invalid and not invalid_items(kind, count)):
            return f"{invalid} invalid of {items} items"
        return ""

    command = peer.command(sides.file(kind, count))
    return Side(f"{peer.name}, {count:,} {kind}", command, verify, count, keep_stdout=True)


def progress(text: str) -> None:
    """Print progress to standard error."""
    print(text, file=sys.stderr, flush=True)


def damages_found(peer: Peer, sides: Sides) -> str:
    """Return how many of the damaged items a program finds, as a cell."""
    if not peer.damaged_kind:
        return ""
    found, _ = peer.counted(side(peer, sides, peer.damaged_kind, _DAMAGED_ITEMS).run())
    return f"{found} of {invalid_items(peer.damaged_kind, _DAMAGED_ITEMS)}"


def main() -> None:
    """Run the programs and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, default=_ITEMS)
    parser.add_argument("--python", default=sys.executable, help="interpreter with the packages")
    parser.add_argument("--node-modules", help="directory with node_modules")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="directory of the files")
    arguments = parser.parse_args()
    if arguments.node_modules:
        os.environ["NODE_MODULES"] = str(Path(arguments.node_modules).resolve())
    sides = Sides(arguments.folder, progress)
    with tempfile.TemporaryDirectory() as name:
        array_schema = Path(name, "consents.json")
        item = json.loads(SCHEMA.read_text(encoding="utf-8"))
        array_schema.write_text(json.dumps({"type": "array", "items": item}), encoding="utf-8")
        rows, skipped = [], []
        for peer in peers(arguments.python, array_schema):
            if is_installed(peer.package, arguments.python):
                rows.append((peer, side(peer, sides, peer.kind, arguments.items)))
            else:
                skipped.append(peer.name)
        measure([each for _, each in rows], progress)
        print("| program | CPU s | items/s | peak MB | damaged found", end="")
        print(" | location | reason codes | across items |")
        print("|---|---:|---:|---:|---:|---|---|---|")
        for peer, each in rows:
            try:
                cells = f"{each.cpu:.2f} | {each.count / each.cpu:,.0f} | {each.rss / 1e6:.0f}"
                cells += f" | {damages_found(peer, sides)}"
            except FailedError as error:
                progress(str(error))
                cells = "failed | | |"
            print(f"| {peer.name}, {_FORMATS[peer.kind]} | {cells} | {' | '.join(peer.reports)} |")
    sides.remove_files()
    print(f"\n{arguments.items:,} clean items; {python_build()}.")
    if skipped:
        print(f"\nNot installed: {', '.join(skipped)}.")


if __name__ == "__main__":
    main()
