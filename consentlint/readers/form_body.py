"""Read the body of a request as it is sent: Items=…&Items=…, each value a JSON text."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from consentlint.items import Event, Fault, Item, Member, Place, Source
from consentlint.readers._events import BOM, GIVE_UP_AFTER, decode, given_up, item_of
from consentlint.readers._json_text import JsonFault, members, parse
from consentlint.readers._source import Stream
from consentlint.rules import files

KEY = "Items"


def read(stream: Stream) -> Iterator[Event]:
    """Yield the items of a form body in their order."""
    text = decode(stream.read(), 1)
    if isinstance(text, Fault):
        yield text
        return
    body = text.removeprefix(BOM).strip()
    if not body:
        return
    faults = at = 0
    for index, part in enumerate(body.split("&")):
        event = _event(part, index, Place(1, at + 1))
        yield event
        at += len(part) + 1
        faults += isinstance(event, Fault)
        if faults == GIVE_UP_AFTER:
            yield given_up(1)
            return


def _event(part: str, index: int, place: Place) -> Event:
    key, equals, value = part.partition("=")
    if _decoded(key) != KEY or not equals:
        words = f"only {KEY}=… belongs in the body of a request"
        if _decoded(key).rstrip("[]0123456789").lower() == KEY.lower():
            words = f"the key of every item is {KEY}, without brackets or numbers"
        return Fault(files.ITEM_MALFORMED, words, *place, index, text=part)
    place = Place(place.line, place.column + len(key) + 1)
    try:
        inner = _decoded(value)
        parsed = parse(inner)
    except UnicodeDecodeError:
        words = "the percent escapes of this item are not UTF-8"
        return Fault(files.ITEM_MALFORMED, words, *place, index, text=value)
    except JsonFault as fault:
        words = f"an item must be the text of a JSON object: {fault}"
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
