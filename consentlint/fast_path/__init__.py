"""The fast path: pass over items of which there is nothing to say, many at a time.

Most files are clean, or nearly so, and each of their records looks like the one before.
So the first thousand items are judged one by one, as all items of a smaller file are. From
a clean one a regular expression is made (`record_pattern`) that matches records written
the same way, with values that are fine. It is run over blocks of the file (`proof`), and
what it matches is kept in an index (`index`), where ids and pairs of contact and sender
show up that an earlier item had.

The contract: **this path may only ever say that an item is clean by itself and repeats
nothing**. It words no finding and places none. Whatever it does not prove, for whatever
reason, is read by the reader and judged by the rules, as if there were no fast path, so
that there is one truth. Why that is exact:

- A pattern takes a record apart as the reader would, for it is a record's own text but
  for the values; and it takes values of which the rules have nothing to say: what it asks
  of numbers comes from the metadata that `phone_numbers` asks, what it asks of ids and
  words from the schemas, and of senders, postal codes and pairs of words it was the rules
  themselves that were asked (`trial`).
- Items are passed over where the reader stands, in their order, between the items that it
  reads. A line inside a quoted cell is never taken for a record, nor an object inside an
  object: the reader asks only where an item begins, and what matches is whole items.
- What holds between items is said at the later one. The index knows the keys of all
  earlier items, also of those that were not passed over; an item with a key that is there
  is not passed over. `rules.Earlier` asks the index for what passed items have said.

A large file that can be read at any place may be proven by several processes (`workers`).
What they prove of an item alone is the same wherever it is proven; the index stays with the
process that reports.
"""

from consentlint.fast_path.passing import FastPath

__all__ = ["FastPath"]
