"""Convert the exports of other programs to items of the API.

A mapping says what the columns and words of an export mean. Each row becomes an item, or is left out
with a reason; the room never guesses a consent. It must not know the command line, and must not
check items in another way than the rules do.
"""
