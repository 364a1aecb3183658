"""Kill `consentlint submit` with SIGKILL at random moments, and see what is left.

After each kill the journal is read: no item that it calls answered may arrive once more.
In the end the store must be what it would have been without a kill.

    python benchmarks/kill_submit.py [--kills N] [--seed N]
"""

import argparse
import random
import sqlite3
import tempfile
import time
from pathlib import Path

from submit_trial import complaints, histories, started, write

from consentlint import stub as stubs
from consentlint.stub.server import StubServer

_ITEMS = 2_000


def answered(journal: Path) -> set[str]:
    """Return the ids of the items whose answer is recorded."""
    if not journal.exists():
        return set()
    database = sqlite3.connect(journal)
    try:
        rows = database.execute("SELECT correlation_id FROM items WHERE outcome IS NOT NULL")
        return {row[0] for row in rows}
    except sqlite3.OperationalError:
        # Killed before its tables were made.
        return set()
    finally:
        database.close()


def one_file(folder: Path, chance: random.Random, kills: int) -> tuple[int, int, list[str]]:
    """Submit one file, killed up to so many times; return kills, repeated items, complaints."""
    items = histories(_ITEMS, 600, chance)
    path = folder / "items.jsonl"
    write(items, path)
    journal = Path(f"{path}.submit-journal")
    stub = stubs.Stub(limit=None)
    stub.fail(stubs.Unavailable(), every=11)
    stub.fail(stubs.CutAfterUpsert(), every=13)
    # Else it is done before it can be killed.
    stub.fail(stubs.Delay(0.05), every=1)
    done = 0
    said = []
    with StubServer(stub) as server:
        while True:
            kept = answered(journal)
            # What was in flight when the process was killed still arrives, and was not answered.
            before = len(stub.received)
            process = started(path, server.url)
            if done < kills:
                time.sleep(chance.uniform(0.1, 0.5))
                # From here on at a random moment of the sending itself.
                while process.poll() is None and len(stub.received) == before:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, 0.4))
                process.kill()
            _, reported = process.communicate()
            again = {
                str(i["correlation_id"]) for seen in stub.received[before:] for i in seen.items
            }
            if again & kept:
                said.append(f"{len(again & kept)} answered items were sent again")
            if process.returncode == 0:
                break
            if process.returncode != -9:
                said.append(f"exit code {process.returncode}: {reported}")
                break
            done += 1
    repeated = len(stub.upserts) - len(items)
    return done, repeated, said + complaints(stub, items)


def main() -> int:
    """Run the trial, print what came of it, and return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    kills = files = repeated = 0
    said: list[str] = []
    while kills < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            found = one_file(Path(folder), chance, min(10, options.kills - kills))
        kills += found[0]
        repeated += found[1]
        said += found[2]
        files += 1
    print(
        f"{kills} kills, {files} files of {_ITEMS} items: {len(said)} complaints;"
        f" {repeated} items were stored twice, for their answer was not recorded"
    )
    for text in said:
        print(text)
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main())
