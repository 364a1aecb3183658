"""What of the input is to be sent, and how many requests that takes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consentlint.fields.iso8601 import Moment
from consentlint.model.findings import Profile
from consentlint.submit.outputs import check_one_format
from consentlint.submit.plan import Plan
from consentlint.submit.progress import duration
from consentlint.submit.rate import GUARD, MINUTE
from consentlint.submit.reading import Input, LeftOut, Rejected
from consentlint.submit.sendable import Sendable
from consentlint.text.masking import printable


class Choices(NamedTuple):
    """What the user wants."""

    base_url: str
    rate: int
    max_attempts: int
    profile: Profile
    now: Moment
    journal: str
    results: str | None
    rejects: str | None
    left_out: str | None
    """Where to write what is left out; None: nothing is, everything is to be sent."""
    drift: str
    skip_lint: bool
    again: bool
    show_values: bool
    quiet: bool
    resume: str
    """The command that goes on."""


def left_out_of(given: Input, choices: Choices) -> LeftOut:
    """Return what is not sent.

    Raises:
        Rejected: an invalid item may be about anybody, so nothing can be sent.
    """
    if choices.left_out is None:
        return LeftOut(frozenset(), frozenset(), ())
    left_out = given.left_out()
    if left_out.nameless:
        place = given.places[left_out.nameless[0]]
        raise Rejected(
            f"neither contact nor sender can be read of the invalid item {printable(place.file)}:"
            f"{place.line}: it may be an opt-out of anybody, so nothing can be sent before it is"
            " mended or removed"
        )
    if left_out.invalid:
        check_one_format(given)
    return left_out


def sendable_of(given: Input, left_out: LeftOut) -> list[Sendable]:
    """Return what is to be sent, whether it was sent before or not."""
    without = left_out.invalid | left_out.held_back
    return [item for item in given.items if item.number not in without]


def requests_for(items: Sequence[Sendable]) -> int:
    """Return how many requests it takes if all goes well."""
    plan, count = Plan(items), 0
    while batch := plan.next_batch():
        count += 1
        for item in batch:
            plan.settle(item)
    return count


def least_duration(requests: int, rate: int) -> str:
    """Return how long so many requests take at a rate, in words."""
    return duration(max(0, requests - 1) // rate * (MINUTE + GUARD))


def lines_of_left_out(left_out: LeftOut) -> Iterator[str]:
    """Yield the line that says what is left out, if anything is."""
    if left_out.invalid:
        yield (
            f"{counted(len(left_out.invalid), 'invalid item')} {is_or_are(len(left_out.invalid))} left"
            f" out, and {counted(len(left_out.held_back), 'good one')} held back with"
            f" {'it' if len(left_out.invalid) == 1 else 'them'}."
        )


def counted(count: int, what: str) -> str:
    """Return a number of things in words."""
    return f"{count:,} {what}{'s' * (count != 1)}"


def is_or_are(count: int) -> str:
    """Return the verb for so many."""
    return "is" if count == 1 else "are"
