"""Read the body of a request as it is sent: Items=…&Items=…, each value a JSON text."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from consentlint.formats._decode import GIVE_UP_AFTER, decode, given_up, item_of
from consentlint.formats._json_text import JsonFault, members, parse
from consentlint.formats._skipping import Passing
from consentlint.formats._stream import Stream
from consentlint.model.items import Event, Fault, Item, Member, Place, Source
from consentlint.rules import files

KEY = "Items"


def read(stream: Stream, passing: Passing) -> Iterator[Event]:
    """Yield the items of a form body in their order; there are too few to pass any over."""
    text = decode(stream.read(), 1)
    if isinstance(text, Fault):
        yield text
        return
    index = faults = 0
    place = Place(1, 1)
    for part in text.split("&"):
        bare = part.strip()
        if bare:
            event = _event(bare, index, _after(place, part[: part.index(bare)]))
            yield event
            index += 1
            faults += isinstance(event, Fault)
        if faults == GIVE_UP_AFTER:
            yield given_up(place.line)
            return
        place = _after(place, part + "&")


def _after(place: Place, text: str) -> Place:
    """Return the place behind a text that begins at a place."""
    newlines = text.count("\n")
    if newlines:
        return Place(place.line + newlines, len(text) - text.rfind("\n"))
    return Place(place.line, place.column + len(text))


def _event(part: str, index: int, place: Place) -> Event:
    key, equals, value = part.partition("=")
    name = unquote_to_bytes(key.replace("+", " ")).decode("utf-8", "replace")
    if name != KEY or not equals:
        words = f"only {KEY}=… belongs in the body of a request"
        if name.rstrip("[]0123456789").lower() == KEY.lower():
            words = f"the key of every item is {KEY}, without brackets or numbers"
        return Fault(files.ITEM_MALFORMED, words, *place, index, text=part)
    place = Place(place.line, place.column + len(key) + 1)
    try:
        parsed = parse(_decoded(value))
    except UnicodeDecodeError:
        words = "the percent escapes of this item are not UTF-8"
        return Fault(files.ITEM_MALFORMED, words, *place, index, text=value)
    except JsonFault as fault:
        words = f"an item must be the text of a JSON object: {fault}"
        return Fault(files.ITEM_MALFORMED, words, *place, index, text=value)
    if isinstance(parsed, str):
        words = "an item must be the text of a JSON object, and this is the text of a string"
        return Fault(files.ITEM_MALFORMED, words, *place, index, text=value)
    event = item_of(parsed, index, value, place, None)
    if isinstance(event, Item):
        event.source = Source(value, place, _members)
    return event


def _decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")


_CHARACTER = re.compile(r"(?:%[0-9A-Fa-f]{2})+|.", re.DOTALL)


def _members(value: str) -> list[Member]:
    """Return the members of the item whose escaped text this is."""
    # Where each character of the decoded text stands in the escaped one.
    offsets = []
    for match in _CHARACTER.finditer(value):
        at = match.start()
        if match.end() - at == 1:
            offsets.append(at)
            continue
        for character in unquote_to_bytes(match[0]).decode("utf-8"):
            offsets.append(at)
            at += 3 * len(character.encode("utf-8"))
    offsets.append(len(value))
    return [
        Member(member.key, *(offsets[offset] for offset in member[1:]))
        for member in members(_decoded(value))
    ]
