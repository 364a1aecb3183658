"""The fast path: proves many records clean at once.

From the first clean items of a file, `learn_matcher` makes a matcher: a regular expression for their
layout and for the values of fields that have few of them. A matcher looks at a megabyte at a time,
and returns which lines it does not prove clean, and two hashes for each of the others, by which
duplicates are found. The room must not know a rule, a finding or a location; it is handed what it
needs to know.

The contract: **a matcher may only ever say that an item is clean by itself.** Everything that it does
not prove is parsed and checked as if there were no fast path, so the checks are written only once.
A proof is exact, because a record that matches is equal, byte for byte, to a record that the checks
found clean, except for the contact, the id and the date, which are matched or tested one by one
(`layout`, `dates`).

A line is proven under the assumption that an item begins there. The format decides whether one does:
a line of a table may be inside a quoted cell that an unproven line opens.

The linter decides whether a matcher is used. It is not used if a selected rule looks more closely at
a contact, an id or a date than `layout` and `dates` do, or at one of them together with another
field.
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
