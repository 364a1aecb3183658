"""Decide which items of a submission are sent, and how many requests that takes."""

from collections.abc import Iterator, Mapping, Sequence

from consentlint.submit.batches import BatchQueue
from consentlint.submit.journal import JournalEntry
from consentlint.submit.options import InputError, SubmitOptions
from consentlint.submit.outgoing import OutgoingItem
from consentlint.submit.rate_limit import MARGIN, MINUTE
from consentlint.submit.responses import FINAL
from consentlint.submit.submission import Exclusions, Submission
from consentlint.submit.wording import duration
from consentlint.submit.write_back import check_same_format
from consentlint.text.masking import printable
from consentlint.text.plurals import counted


def find_exclusions(submission: Submission, options: SubmitOptions) -> Exclusions:
    """Return the items that are not sent.

    Raises:
        InputError: an invalid item may concern anyone, so nothing can be sent.
    """
    if options.skipped is None:
        return Exclusions(frozenset(), frozenset(), ())
    exclusions = submission.exclusions()
    if exclusions.unidentified:
        location = submission.locations[exclusions.unidentified[0]]
        raise InputError(
            f"{printable(location.file)}:{location.line}: contact and sender of this invalid item"
            " are unreadable, so it may be an opt-out of anyone, and nothing can be sent. Correct"
            " or remove it."
        )
    if exclusions.invalid:
        check_same_format(submission)
    return exclusions


def items_to_send(submission: Submission, exclusions: Exclusions) -> list[OutgoingItem]:
    """Return the items to send, including those that earlier runs sent."""
    excluded = exclusions.invalid | exclusions.held_back
    return [item for item in submission.items if item.number not in excluded]


def check_order(
    submission: Submission,
    selected: Sequence[OutgoingItem],
    entries: Mapping[int, JournalEntry],
) -> None:
    """Verify that no item would be sent after a later one of its contact and sender.

    No run leaves such a journal. But with other options, or newer phone metadata, contacts
    may be distinguished differently than in the earlier run.

    Raises:
        InputError: an item would.
    """
    later: set[str] = set()
    for item in reversed(selected):
        if is_final(entries, item):
            later.add(item.ordering_key)
        elif item.ordering_key in later:
            location = submission.locations[item.number]
            raise InputError(
                f"{printable(location.file)}:{location.line}: this item was not sent, but a later"
                " item of the same contact and sender was. Sending it now would replace newer"
                " data. Use the options of the earlier run."
            )


def is_final(entries: Mapping[int, JournalEntry], item: OutgoingItem) -> bool:
    """Return whether an item is stored or rejected."""
    entry = entries.get(item.number)
    return entry is not None and entry.outcome in FINAL


def count_requests(items: Sequence[OutgoingItem]) -> int:
    """Return the number of requests for these items, without retries."""
    queue, count = BatchQueue(items), 0
    while batch := queue.next_batch():
        count += 1
        for item in batch:
            queue.complete(item)
    return count


def describe_workload(items: Sequence[OutgoingItem], rate: int) -> str:
    """Return the numbers of items and requests, and the minimum duration, in words."""
    requests = count_requests(items)
    text = f"{counted(len(items), 'item')} in {counted(requests, 'request')}"
    seconds = max(0, requests - 1) // rate * (MINUTE + MARGIN)
    if seconds:
        text += (
            f" (at {counted(rate, 'request')} a minute, this takes at least {duration(seconds)})"
        )
    return text


def describe_exclusions(exclusions: Exclusions) -> Iterator[str]:
    """Yield a line about the items that are not sent, if there are any."""
    if exclusions.invalid:
        text = f"Skipping {counted(len(exclusions.invalid), 'invalid item')}"
        if exclusions.held_back:
            text += (
                f", and holding back {counted(len(exclusions.held_back), 'valid item')} (an invalid"
                " item may concern the same contact and sender)"
            )
        yield f"{text}."
