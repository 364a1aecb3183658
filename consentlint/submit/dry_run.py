"""Show what would be sent, without a journal, credentials or a connection."""

import json
from collections.abc import Iterator

from consentlint import wire
from consentlint.rules import mask_in_field
from consentlint.submit.client import checked_address
from consentlint.submit.plan import Plan
from consentlint.submit.reading import Input
from consentlint.submit.selection import (
    Choices,
    counted,
    least_duration,
    left_out_of,
    lines_of_left_out,
    requests_for,
    sendable_of,
)
from consentlint.submit.sendable import Sendable
from consentlint.text.masking import mask, printable


def dry_run(given: Input, choices: Choices) -> Iterator[str]:
    """Yield the lines that tell what would be sent; nothing is written or asked for.

    Raises:
        Rejected, Misconfigured: it could not be sent.
    """
    address = checked_address(choices.base_url)
    left_out = left_out_of(given, choices)
    items = sendable_of(given, left_out)
    first = Plan(items).next_batch()
    yield from lines_of_left_out(left_out)
    count = requests_for(items)
    least = least_duration(count, choices.rate)
    yield (
        f"{counted(len(items), 'item')} in {counted(count, 'request')}, at most"
        f" {choices.rate} a minute: {least} at least."
    )
    if first:
        yield f"{wire.METHOD} {address.base_url}{given.endpoint.path}"
        for item in first:
            yield f"{wire.KEY}={_shown(item, show_values=choices.show_values)}"
    yield "Nothing was sent. What an earlier run has sent is not taken into account."


def _shown(item: Sendable, *, show_values: bool) -> str:
    if show_values:
        return printable(item.text)
    fields = json.loads(item.text)
    masked = {
        mask(key): mask_in_field(value, key) if isinstance(value, str) else value
        for key, value in fields.items()
    }
    return mask(printable(json.dumps(masked, separators=(",", ":"), ensure_ascii=False)))
