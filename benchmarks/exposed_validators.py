"""Tell which wrong validators a test of 100 examples exposes, and how surely.

    python benchmarks/exposed_validators.py             # 20 seeds, a table in Markdown
    python benchmarks/exposed_validators.py --seeds 3   # a first impression

The wrong validators are those of tests/strategies/wrong_validators.py. A test draws 100
examples with Hypothesis, and exposes a validator if that answers one of them otherwise than
it must. Four tests are compared: requests of `judged_requests`, single items of
`valid_items`, `invalid_items` and `near_misses` in equal parts, and as many requests and
single items that are drawn from nothing but the JSON Schema (tests/strategies/from_schema.py).
The schema does not say what must be answered; there the linter says it. For contacts the
strategies are those for contacts.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "strategies"))

import from_schema
from detection import Example, examples, exposed, requests, single_items
from hypothesis import strategies as st
from wrong_validators import WRONG_VALIDATORS, right_answer

from consentlint import CONSENTS, CONTACTS, Endpoint

TESTS = ("requests", "items", "requests, schema", "items, schema")
ENDPOINTS = (CONSENTS, CONTACTS)
ENOUGH = 0.95


class Seen(NamedTuple):
    """What one test has drawn and found."""

    test: str
    names: tuple[str, ...]
    """The wrong validators that it exposes."""
    items: int


def run(endpoint_name: str, seed: int) -> list[Seen]:
    """Return what all tests of an endpoint do with a seed."""
    endpoint = next(each for each in ENDPOINTS if each.name == endpoint_name)
    results = []
    for test in TESTS:
        drawn = examples(_strategy(test, endpoint), seed)
        names = tuple(wrong.name for wrong in exposed(endpoint, drawn))
        results.append(Seen(test, names, sum(len(items) for items, _ in drawn)))
    return results


def _strategy(test: str, endpoint: Endpoint) -> st.SearchStrategy[Example]:
    if test == "requests":
        return requests(endpoint)
    if test == "items":
        return single_items(endpoint)
    drawn = from_schema.requests(endpoint)
    if test.startswith("items"):
        drawn = from_schema.items(endpoint).map(lambda item: [item])
    return drawn.map(lambda items: (items, right_answer(items, endpoint)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    found = {test: Counter[str]() for test in TESTS}
    items = Counter[str]()
    with ProcessPoolExecutor(options.processes) as pool:
        tasks = [
            pool.submit(run, endpoint.name, seed)
            for seed in range(options.seeds)
            for endpoint in ENDPOINTS
        ]
        for task in tasks:
            for seen in task.result():
                found[seen.test].update(seen.names)
                items[seen.test] += seen.items
    print(f"| exposed in so many of {options.seeds} seeds | {' | '.join(TESTS)} |")
    print("|---|" + "--:|" * len(TESTS))
    enough = options.seeds * ENOUGH
    sure = (sum(found[test][w.name] >= enough for w in WRONG_VALIDATORS) for test in TESTS)
    ever = (sum(found[test][w.name] > 0 for w in WRONG_VALIDATORS) for test in TESTS)
    each = (round(items[test] / len(tasks)) for test in TESTS)
    _row(f"**of {len(WRONG_VALIDATORS)} wrong validators, exposed in at least {enough:.0f}**", sure)
    _row("exposed at least once", ever)
    _row("items in 100 examples, on average", each)
    for wrong in WRONG_VALIDATORS:
        _row(wrong.name, (found[test][wrong.name] for test in TESTS))


def _row(name: str, values: Iterable[int]) -> None:
    print(f"| {name} | {' | '.join(map(str, values))} |")


if __name__ == "__main__":
    main()
