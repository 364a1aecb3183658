"""Measure which wrong validators a test of 100 examples detects, and how reliably.

    python benchmarks/exposed_validators.py             # 20 seeds; prints a Markdown table
    python benchmarks/exposed_validators.py --seeds 3   # a quick estimate

The wrong validators are in tests/strategies/wrong_validators.py. A test generates 100
examples with Hypothesis. It detects a validator if the response to one of them is wrong. Four
tests are compared: requests of `mixed_requests`; single items of `valid_items`,
`invalid_items` and `near_misses` in equal parts; and as many requests and single items
generated from the JSON Schema alone (tests/strategies/from_schema.py). The schema does not
define the expected response, so there the linter does. Contacts use the strategies for
contacts.
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
from detection import Example, detected, examples, requests, single_items
from hypothesis import strategies as st
from wrong_validators import WRONG_VALIDATORS, expected_response

from consentlint import CONSENTS, CONTACTS, Endpoint

TESTS = ("requests", "items", "requests, schema", "items, schema")
ENDPOINTS = (CONSENTS, CONTACTS)
RELIABLE = 0.95


class Outcome(NamedTuple):
    """The result of one test with one seed."""

    test: str
    names: tuple[str, ...]
    """The wrong validators that it detects."""
    items: int
    """The number of items in all examples."""


def run(endpoint_name: str, seed: int) -> list[Outcome]:
    """Return the results of all tests of an endpoint with a seed."""
    endpoint = next(endpoint for endpoint in ENDPOINTS if endpoint.name == endpoint_name)
    results = []
    for test in TESTS:
        drawn = examples(_strategy(test, endpoint), seed)
        names = tuple(wrong.name for wrong in detected(endpoint, drawn))
        results.append(Outcome(test, names, sum(len(items) for items, _ in drawn)))
    return results


def _strategy(test: str, endpoint: Endpoint) -> st.SearchStrategy[Example]:
    if test == "requests":
        return requests(endpoint)
    if test == "items":
        return single_items(endpoint)
    drawn = from_schema.requests(endpoint)
    if test.startswith("items"):
        drawn = from_schema.items(endpoint).map(lambda item: [item])
    return drawn.map(lambda items: (items, expected_response(items, endpoint)))


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
            for outcome in task.result():
                found[outcome.test].update(outcome.names)
                items[outcome.test] += outcome.items
    print(f"| detected, of {options.seeds} seeds | {' | '.join(TESTS)} |")
    print("|---|" + "--:|" * len(TESTS))
    required = options.seeds * RELIABLE
    reliably = (sum(found[test][w.name] >= required for w in WRONG_VALIDATORS) for test in TESTS)
    ever = (sum(found[test][w.name] > 0 for w in WRONG_VALIDATORS) for test in TESTS)
    averages = (round(items[test] / len(tasks)) for test in TESTS)
    total = len(WRONG_VALIDATORS)
    _row(f"**of {total} wrong validators, detected with at least {required:.0f} seeds**", reliably)
    _row("detected at least once", ever)
    _row("average number of items in 100 examples", averages)
    for wrong in WRONG_VALIDATORS:
        _row(wrong.name, (found[test][wrong.name] for test in TESTS))


def _row(name: str, values: Iterable[int]) -> None:
    print(f"| {name} | {' | '.join(map(str, values))} |")


if __name__ == "__main__":
    main()
