"""Makes a matcher from the first clean items of a file."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from consentlint.fast_path.layout import Layout, read_record
from consentlint.fast_path.matcher import ElementMatcher, LineMatcher
from consentlint.model.endpoints import Endpoint
from consentlint.model.items import Item
from consentlint.model.settings import Settings

_LINE_FORMATS = ("jsonl", "csv")
_MAX_SENDERS = 20
"""So many senders are probed; each takes ten probes."""
_OTHER_ORDERS = 0.1
"""The share of records in other orders from which on any order is matched."""


def learn_matcher(
    items: Sequence[Item],
    endpoint: Endpoint,
    settings: Settings,
    format_name: str,
    is_clean: Callable[[Mapping[str, object]], bool],
) -> LineMatcher | ElementMatcher | None:
    """Return a matcher for records written like some clean items; None if they are not plain.

    Args:
        items: the first clean items of a file, with their sources; a few hundred will do.
        endpoint: the kind of items.
        settings: how items are checked.
        format_name: one of `formats.FORMATS`.
        is_clean: tells whether there is nothing to report of an item alone.
    """
    layout = _layout_of(items, endpoint, format_name)
    if layout is None:
        return None
    matcher = (
        LineMatcher(layout, format_name, endpoint, settings)
        if format_name in _LINE_FORMATS
        else ElementMatcher(layout, endpoint, settings)
    )
    senders: set[object] = set()
    for item in items:
        matcher.learn(item)
        sender = item.fields.get("sender_id")
        if sender not in senders and len(senders) < _MAX_SENDERS:
            senders.add(sender)
            matcher.probe(item, is_clean)
    return matcher


def _layout_of(items: Sequence[Item], endpoint: Endpoint, format_name: str) -> Layout | None:
    """Return the most frequent layout; that of any order if several orders are frequent."""
    layouts = _layouts(items, endpoint)
    if not layouts:
        return None
    [(layout, _)] = layouts.most_common(1)
    fields = layout.fields
    others = sum(
        number
        for other, number in layouts.items()
        if other.fields != fields and {*other.fields} == {*fields}
    )
    if format_name != "csv" and others > _OTHER_ORDERS * layouts.total():
        layouts = _layouts(items, endpoint, any_order=True) or layouts
        [(layout, _)] = layouts.most_common(1)
    return layout


def _layouts(
    items: Sequence[Item], endpoint: Endpoint, *, any_order: bool = False
) -> Counter[Layout]:
    records = (read_record(item, endpoint.fields, any_order=any_order) for item in items)
    return Counter(record.layout for record in records if record is not None)
