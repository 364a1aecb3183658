"""Submit to a stub over real sockets while a fifth of the requests fails in some way.

In the end every item must be in the store exactly as the file says, in order.

    python benchmarks/faulty_submit.py [--items N] [--seed N]
"""

import argparse
import random
import tempfile
from pathlib import Path

from submit_trial import complaints, histories, started, write

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
    """Run the trial, print what came of it, and return 1 where something is wrong."""
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
        process = started(path, server.url)
        _, reported = process.communicate()
    struck = sum(1 for seen in stub.received if seen.fault)
    said = complaints(stub, items)
    print(
        f"{len(items)} items in {len(stub.received)} requests, {struck} of them struck by"
        f" {len(_FAULTS)} kinds of faults: exit code {process.returncode}, {len(said)} complaints"
    )
    print(reported, *said, sep="\n")
    return 1 if said or process.returncode else 0


if __name__ == "__main__":
    raise SystemExit(main())
