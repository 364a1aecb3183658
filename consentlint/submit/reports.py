"""What became of every item: as a file of results, and in a few lines."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from consentlint.rules import mask_in_field
from consentlint.submit.answers import Outcome
from consentlint.submit.journal import Recorded
from consentlint.submit.reading import Input, LeftOut
from consentlint.text.masking import mask, printable

COLUMNS = (
    "file",
    "line",
    "item",
    "correlation_id",
    "contact_id",
    "sender_id",
    "status",
    "outcome",
    "error_code",
    "reasons",
    "sendings",
)
SUFFIXES = (".jsonl", ".csv")


class Fate(StrEnum):
    """What has become of an item, whether it was sent or not."""

    STORED = "stored"
    REFUSED = "refused"
    FAILED = "failed"
    """Given up after the last try."""
    UNANSWERED = "unanswered"
    """It left, and its answer was not read."""
    UNSENT = "unsent"
    LEFT_OUT = "left-out"
    """It is invalid."""
    HELD_BACK = "held-back"
    """It is good, and an invalid one may be about the same contact and sender."""
    OVERTAKEN = "overtaken"
    """It is marked as one that must not be sent again."""


class Account(NamedTuple):
    """What is known of all items of a run and those before it."""

    given: Input
    left_out: LeftOut
    recorded: Mapping[int, Recorded]

    def fates(self) -> Iterator[tuple[int, Fate]]:
        """Yield what has become of each item, in order."""
        for number in range(len(self.given.places)):
            yield number, self.fate(number)

    def fate(self, number: int) -> Fate:
        """Return what has become of an item."""
        found = self.recorded.get(number)
        if found is not None:
            return Fate(found.outcome) if found.outcome else Fate.UNANSWERED
        if number in self.given.marked:
            return Fate.OVERTAKEN
        if number in self.left_out.invalid:
            return Fate.LEFT_OUT
        return Fate.HELD_BACK if number in self.left_out.held_back else Fate.UNSENT

    def refused(self) -> dict[int, str]:
        """Return the refused items, each with the id of the one that has overtaken it, or ''."""
        fates = dict(self.fates())
        refused = frozenset(number for number, fate in fates.items() if fate is Fate.REFUSED)
        not_to_be_sent = (Fate.REFUSED, Fate.LEFT_OUT, Fate.HELD_BACK, Fate.OVERTAKEN)
        later = frozenset(n for n, fate in fates.items() if fate not in not_to_be_sent)
        return {**dict.fromkeys(sorted(refused), ""), **self.given.overtaken(refused, later)}


def results(account: Account, suffix: str, *, show_values: bool) -> Iterator[str]:
    """Yield the text of a file that has a line for every item.

    Args:
        account: what is known of them.
        suffix: one of `SUFFIXES`.
        show_values: True: phone numbers are shown as they are.
    """
    if suffix == ".csv":
        yield _csv_line(COLUMNS)
    items = {item.number: item for item in account.given.items}
    for number, fate in account.fates():
        item = items.get(number)
        fields = json.loads(item.text) if item else {}
        correlation_id = item.correlation_id if item else account.given.marked[number]
        found = account.recorded.get(number, Recorded(None, 0, (), 0))
        place = account.given.places[number]
        row = {
            "file": place.file,
            "line": place.line,
            "item": place.item,
            "correlation_id": correlation_id if show_values else mask(correlation_id),
            **{
                field: _shown(fields.get(field), field, show_values=show_values)
                for field in ("contact_id", "sender_id", "status")
            },
            "outcome": str(fate),
            "error_code": found.error_code,
            "reasons": list(found.reasons),
            "sendings": found.sendings,
        }
        if suffix == ".csv":
            yield _csv_line([*({**row, "reasons": " ".join(found.reasons)}).values()])
        else:
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _shown(value: object, field: str, *, show_values: bool) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    return text if show_values else mask_in_field(text, field)


def _csv_line(cells: Sequence[object]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def summary(account: Account) -> Iterator[str]:
    """Yield the lines that say what has become of all items."""
    counts = Counter(fate for _, fate in account.fates())
    total = sum(counts.values())
    parts = [f"{counts[fate]:,} {_WORDS[fate]}" for fate in Fate if counts[fate]]
    yield f"{total:,} item{'s' * (total != 1)}: {', '.join(parts) or 'none'}."
    reasons = Counter(
        reason
        for found in account.recorded.values()
        if found.outcome is Outcome.REFUSED
        for reason in found.reasons or (f"error {found.error_code}",)
    )
    for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {count:,} x {printable(reason)}"
    opt_outs = _opt_outs_not_stored(account)
    if opt_outs:
        yield (
            f"{opt_outs:,} of those that are not stored {'is an opt-out' if opt_outs == 1 else 'are opt-outs'}:"
            " until they are, messages may go to people who have said STOP."
        )


def _opt_outs_not_stored(account: Account) -> int:
    """Return how many opt-outs are not stored, without those that something newer overtook."""
    refused = account.refused()
    return sum(
        1
        for item in account.given.items
        if account.fate(item.number) is not Fate.STORED
        and not refused.get(item.number)
        and json.loads(item.text).get("status") == "opt-out"
    )


_WORDS = {
    Fate.STORED: "stored",
    Fate.REFUSED: "refused",
    Fate.FAILED: "given up after the last try",
    Fate.UNANSWERED: "sent without an answer that could be read",
    Fate.UNSENT: "not sent",
    Fate.LEFT_OUT: "left out, for they are invalid",
    Fate.HELD_BACK: "held back, for an invalid one may be about the same contact and sender",
    Fate.OVERTAKEN: "marked as overtaken, and not sent",
}
