"""What a value of a field may be: schemas, phone numbers, dates, postal codes, masks.

Each module answers one question about a value, such as whether a number is possible, and can be
used without the others. The room decides what is valid, but it must not know the rules that report
it, the messages that describe it, or the item that contains it.
"""
