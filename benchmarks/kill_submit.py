"""Stop `consentlint submit` at random moments, and check what the stub stored.

It is killed, asked to stop (SIGTERM), or its disk fills up. After each stop, the journal is read: no
item with a final outcome may be sent again. At the end, the stub must have stored what it would have
stored without a stop.

    python benchmarks/kill_submit.py [--how kill|term|disk] [--kills N] [--seed N]
"""

import argparse
import random
import signal
import sqlite3
import tempfile
import time
from pathlib import Path

from submit_trial import find_problems, histories, start, write

from consentlint import stub as stubs
from consentlint.stub.server import StubServer

_ITEMS = 2_000
EXIT_CODES = {"kill": -9, "term": 130, "disk": 2}


def recorded_ids(journal: Path) -> set[str]:
    """Return the correlation ids of the items with a final outcome."""
    if not journal.exists():
        return set()
    database = sqlite3.connect(journal)
    try:
        rows = database.execute(
            "SELECT correlation_id FROM items WHERE outcome IN ('stored', 'rejected')"
        )
        return {row[0] for row in rows}
    finally:
        database.close()


def submit_file(
    folder: Path, chance: random.Random, how: str, kills: int
) -> tuple[int, int, list[str]]:
    """Submit a file, and stop the process up to `kills` times.

    Returns:
        The numbers of stops and of items stored twice, and the problems found.
    """
    items = histories(_ITEMS, 600, chance)
    path = folder / "items.jsonl"
    write(items, path)
    journal = Path(f"{path}.submit-journal")
    stub = stubs.Stub(limit=None)
    stub.fail(stubs.Unavailable(), every=11)
    stub.fail(stubs.CutAfterUpsert(), every=13)
    # Without a delay, it ends before it can be killed.
    stub.fail(stubs.Delay(0.05), every=1)
    killed = 0
    problems = []
    with StubServer(stub) as server:
        while True:
            recorded = recorded_ids(journal)
            # A request that was in flight at the kill still arrives, without a recorded response.
            before = len(stub.received)
            # The journal has 180 kB before the first request, and 190 kB at the end.
            size = chance.randrange(165_000, 192_000) if how == "disk" and killed < kills else None
            process = start(path, server.url, largest_file=size)
            if killed < kills and how != "disk":
                time.sleep(chance.uniform(0.1, 0.5))
                # Kill it at a random moment while it sends.
                while process.poll() is None and len(stub.received) == before:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, 0.4))
                process.send_signal(signal.SIGKILL if how == "kill" else signal.SIGTERM)
            _, stderr = process.communicate()
            sent = {
                str(item["correlation_id"])
                for request in stub.received[before:]
                for item in request.items
            }
            if sent & recorded:
                problems.append(f"{len(sent & recorded)} items with an outcome were sent again")
            if process.returncode == 0:
                break
            if process.returncode != EXIT_CODES[how]:
                problems.append(f"exit code {process.returncode}: {stderr}")
                break
            killed += 1
    repeated = len(stub.upserts) - len(items)
    return killed, repeated, problems + find_problems(stub, items)


def main() -> int:
    """Run the trial, print the result, and return 1 if there are problems."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--how", choices=EXIT_CODES, default="kill")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    kills = files = repeated = 0
    problems: list[str] = []
    while kills < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            result = submit_file(Path(folder), chance, options.how, min(10, options.kills - kills))
        kills += result[0]
        repeated += result[1]
        problems += result[2]
        files += 1
    print(
        f"{kills} stops ({options.how}), {files} files of {_ITEMS} items: {len(problems)} problems;"
        f" {repeated} items were stored twice, because their response was not recorded"
    )
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
