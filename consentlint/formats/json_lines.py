"""Read JSON Lines, one item a line, never more than a line of it in memory."""

from collections.abc import Iterator

from consentlint.formats._decode import GIVE_UP_AFTER, decode, given_up, item_of
from consentlint.formats._json_text import JsonFault, parse
from consentlint.formats._skipping import Passing
from consentlint.formats._stream import Stream
from consentlint.model.items import Event, Fault, Passed, Place
from consentlint.rules import files

LONGEST_LINE = 16 * 1024 * 1024
"""In bytes; an item has some hundred."""


def read(stream: Stream, passing: Passing) -> Iterator[Event]:
    """Yield the items of a file of JSON Lines in their order."""
    lines = passing.lines(stream)
    index = faults = number = 0
    while True:
        while passed := lines.pass_items(number + 1):
            number += passed
            index += passed
            yield Passed(passed)
        content = lines.readline(LONGEST_LINE)
        if not content:
            return
        number += 1
        if len(content) == LONGEST_LINE and not content.endswith(b"\n"):
            words = f"this line is longer than {LONGEST_LINE:,} bytes: is it JSON Lines?"
            yield Fault(files.FILE_MALFORMED, words, number, 1)
            return
        event = _event(content, index, number)
        if event is None:
            continue
        yield event
        index += 1
        if isinstance(event, Fault):
            faults += 1
            if faults == GIVE_UP_AFTER:
                yield given_up(number + 1)
                return


def _event(content: bytes, index: int, number: int) -> Event | None:
    """Return what one line holds, None for a blank one."""
    line = decode(content, number)
    if isinstance(line, Fault):
        return line._replace(item=index)
    line = line.rstrip("\r\n")
    bare = line.strip(" \t\r")
    if not bare:
        return None
    column = line.index(bare[0]) + 1
    try:
        value = parse(bare)
    except JsonFault as fault:
        return Fault(
            files.FILE_MALFORMED,
            f"malformed JSON: {fault}",
            number,
            column + fault.offset,
            index,
            text=bare,
            offset=fault.offset,
        )
    return item_of(value, index, bare, Place(number, column), "")
