"""Submit to a stub over real sockets while a fifth of the requests fails.

At the end, the stub must have stored every item as it is in the file, in order.

    python benchmarks/faulty_submit.py [--items N] [--seed N]
"""

import argparse
import random
import tempfile
from pathlib import Path

from submit_trial import find_problems, histories, start, write

from consentlint import stub as stubs
from consentlint.stub.server import StubServer

_FAULTS = (
    stubs.InternalServerError((0, 3)),
    stubs.TooManyRequests(None),
    stubs.TooManyRequests(1),
    stubs.ServerError(),
    stubs.Unavailable(),
    stubs.CutBeforeUpsert(),
    stubs.CutAfterUpsert(),
    stubs.TruncatedBody(),
    stubs.NotJson(),
    stubs.MissingEntry(),
)


def main() -> int:
    """Run the trial, print the result, and return 1 if there are problems."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    items = histories(options.items, 4_000, random.Random(options.seed))
    stub = stubs.Stub(limit=None)
    for number, fault in enumerate(_FAULTS):
        stub.fail(fault, every=40 + number)
    with tempfile.TemporaryDirectory() as folder, StubServer(stub) as server:
        path = Path(folder) / "items.jsonl"
        write(items, path)
        process = start(path, server.url)
        _, stderr = process.communicate()
    faulty = sum(1 for seen in stub.received if seen.fault)
    problems = find_problems(stub, items)
    print(
        f"{len(items)} items in {len(stub.received)} requests, {faulty} of them with one of"
        f" {len(_FAULTS)} kinds of faults: exit code {process.returncode},"
        f" {len(problems)} problems"
    )
    print(stderr, *problems, sep="\n")
    return 1 if problems or process.returncode else 0


if __name__ == "__main__":
    raise SystemExit(main())
