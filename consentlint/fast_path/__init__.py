"""The fast path: proves many records clean at once.

Most files are clean, or nearly so, and all their records look alike. `learn_matcher` makes a
matcher from the first clean items: a regular expression for their layout, and the text between
the fields whose values vary. The matcher scans a megabyte at a time. It returns the lines that it
does not prove, and two keys for each of the other lines, which find duplicates.

The contract: **a matcher may only prove that an item is clean by itself.** It reports nothing and
locates nothing. Everything that it does not prove is parsed and checked as if there were no fast
path. This is exact: a record that matches equals, byte for byte, a record that the precise path
found clean, except for the contact, the id and the date. The matcher tests these three for each
record (`layout`, `dates`).

A proof assumes that an item begins at the line. The reader decides whether one does: a line of a
table may be part of a quoted cell that an unproven line opens.

This package knows no rule. The linter decides whether to use a matcher. It does not if a selected
rule looks closer at a contact, an id or a date than `layout` and `dates` do, or at one of them
together with another field.

Import from the modules: `keys` is used for every file, and loads in a fraction of the time of
`learning` and `matcher`, which only large files need.
"""
