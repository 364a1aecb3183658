"""Proves many records clean at once.

Most files are clean, or nearly so, and each of their records looks like the one before. From the
first clean items a matcher is made (`learn_matcher`): a regular expression for their layout, and
the texts that their values of few kinds make. It looks at a megabyte at a time and returns which
lines it does not prove, and two keys for each of the others, by which duplicates are found.

The contract: **a matcher may only ever say that an item is clean by itself.** It reports nothing
and locates nothing. Whatever it does not prove is parsed and checked as if there were no fast
path, so there is one truth. That is exact because a record that matches is, byte for byte, a
record that the precise path found clean, except for the contact, the id and the date, which are
matched or tested one by one (`layout`, `dates`).

A line is proven for the case that an item begins there. Whether it does is for the reader to
say: a line of a table may lie inside a quoted cell that an unproven line opens.

The room knows no rule. The linter decides whether a matcher may be used: not if a rule is on that
looks closer at a contact, an id or a date than `layout` and `dates` do, or at one of them together
with another field.
"""

from consentlint.fast_path.keys import id_key, pair_key, sender_key
from consentlint.fast_path.learning import learn_matcher
from consentlint.fast_path.matcher import ElementMatcher, LineMatcher, Proven

__all__ = [
    "ElementMatcher",
    "LineMatcher",
    "Proven",
    "id_key",
    "learn_matcher",
    "pair_key",
    "sender_key",
]
