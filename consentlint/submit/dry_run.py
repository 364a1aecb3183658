"""Show what would be sent, without a journal, credentials or a connection."""

import json
from collections.abc import Iterator

from consentlint import wire
from consentlint.fields.mask import mask_field
from consentlint.fields.outline import HIDDEN
from consentlint.model.endpoints import FIELDS
from consentlint.submit.batches import BatchQueue
from consentlint.submit.client import parse_base_url
from consentlint.submit.options import SubmitOptions
from consentlint.submit.outgoing import OutgoingItem
from consentlint.submit.selection import (
    count_requests,
    describe_exclusions,
    describe_workload,
    find_exclusions,
    items_to_send,
)
from consentlint.submit.submission import Submission
from consentlint.text.masking import mask, printable
from consentlint.text.plurals import counted


def dry_run(submission: Submission, options: SubmitOptions) -> Iterator[str]:
    """Yield lines that show what would be sent. Nothing is written or requested.

    Raises:
        InputError, ConfigurationError: the submission could not be sent.
    """
    address = parse_base_url(options.base_url)
    exclusions = find_exclusions(submission, options)
    items = items_to_send(submission, exclusions)
    first = BatchQueue(items).next_batch()
    yield from describe_exclusions(exclusions)
    yield f"Would send {describe_workload(items, options.rate)}."
    if first:
        yield f"Request 1 of {count_requests(items):,}, with {counted(len(first), 'item')}:"
        yield f"{wire.METHOD} {address.base_url}{submission.endpoint.path}"
        for item in first:
            yield f"{wire.KEY}={_for_display(item, show_values=options.show_values)}"
    yield "Dry run: nothing was sent, and the journal of earlier runs was not read."


def _for_display(item: OutgoingItem, *, show_values: bool) -> str:
    if show_values:
        return printable(item.text)
    fields = json.loads(item.text)
    masked = {mask(key): _masked(value, key) for key, value in fields.items()}
    return mask(printable(json.dumps(masked, separators=(",", ":"), ensure_ascii=False)))


def _masked(value: object, key: str) -> object:
    if key not in FIELDS:
        # It may be a name or an address.
        return HIDDEN
    return mask_field(value, key) if isinstance(value, str) else value
