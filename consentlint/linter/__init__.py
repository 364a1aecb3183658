"""The linter: from files to findings.

For each file it scans the parts (parse, run checks over columns, hash), links the items whose
hashes repeat, and shows what was found (locate, write messages). It decides which checks run, on
which values and in which process; it must not know what a rule checks, how a format is written, or
how a report looks.
"""
