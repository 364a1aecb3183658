"""What all tests share."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# Helpers that tests of several rooms import.
sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["consentlint.pytest_plugin", "pytester"]

# Reports have a hint in CI, and paths relative to the checkout.
for name in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITLAB_CI", "CI_PROJECT_DIR"):
    os.environ.pop(name, None)

# A shell without job control starts what it runs in the background with Ctrl-C ignored.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No database: a read-only checkout, or another user's, must do. No deadline: machines differ.
settings.register_profile("everywhere", database=None, deadline=None)
settings.load_profile("everywhere")
# For more versions of Python: `--hypothesis-profile=quick`.
settings.register_profile("quick", settings.get_profile("everywhere"), max_examples=25)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With the profile "quick", also reduce the examples of tests that set their number."""
    if settings.get_current_profile_name() != "quick":
        return
    for item in items:
        test = getattr(item, "obj", None)
        own = getattr(test, "_hypothesis_internal_use_settings", None)
        # Not a state machine, which has its settings elsewhere.
        if own is not None:
            few = settings(own, max_examples=min(own.max_examples, settings().max_examples))
            test._hypothesis_internal_use_settings = few


@pytest.fixture(scope="session")
def cost_ratio() -> Callable[[Callable[[int], object], int, int], float]:
    """Tells how many times longer a run takes on so many times the size.

    A ratio holds on any machine, where seconds do not. It is given the run, the smaller
    size, of which a run should take some milliseconds, and how many times larger the other
    one is. Of three runs with each the least counts.
    """

    def ratio(run: Callable[[int], object], size: int, times: int) -> float:
        least = []
        for given in (size, size * times):
            seconds = []
            for _ in range(3):
                began = time.process_time()
                run(given)
                seconds.append(time.process_time() - began)
            least.append(min(seconds))
        return least[1] / least[0]

    return ratio
