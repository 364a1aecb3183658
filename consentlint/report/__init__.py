"""Reports for compliance officers: what files of records show, as one HTML page or as JSON.

The records that the API would store are read a second time and counted, so `check` pays nothing
for a report. The room must not know how a file is parsed, or why a record is rejected.
"""
