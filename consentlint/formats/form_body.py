"""The body of a request as it is sent: Items=…&Items=…, each value one item as JSON text."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, quote_plus, unquote_to_bytes

from consentlint.formats._decode import MAX_ERRORS, decode, encoding_error, item_of
from consentlint.formats._json_text import JsonError, members, parse
from consentlint.formats.edits import Changes, TextEdit
from consentlint.model.findings import FileError
from consentlint.model.items import Item, Location, Member, ParseError, Source, locate

KEY = "Items"


def read(body: bytes, start: int = 0) -> Iterator[Item | ParseError]:
    """Yield the items of a form body, and a parse error for each part that is none.

    Args:
        body: the body, without a byte order mark.
        start: its offset in the file.
    """
    text = decode(body)
    location = Location(1, 1, start)
    index = errors = 0
    for part in text.split("&"):
        bare = part.strip()
        if bare:
            found = _item(bare, index, locate(part[: part.index(bare)], location))
            yield found
            index += 1
            errors += isinstance(found, ParseError)
            if errors == MAX_ERRORS:
                return
        location = locate(part + "&", location)


def _item(part: str, index: int, location: Location) -> Item | ParseError:
    error = encoding_error(part, location, index)
    if error is not None:
        return error
    key, equals, value = part.partition("=")
    name = unquote_to_bytes(key.replace("+", " ")).decode("utf-8", "replace")
    if name != KEY or not equals:
        message = f"the body of a request has only {KEY}=… parts."
        if name.rstrip("[]0123456789").lower() == KEY.lower():
            message = f"the key of every item is {KEY}, without brackets or numbers."
        return ParseError(FileError.ITEM_MALFORMED, message, location, index, text=part)
    location = locate(f"{key}=", location)

    def malformed(message: str) -> ParseError:
        return ParseError(FileError.ITEM_MALFORMED, message, location, index, text=value)

    try:
        parsed = parse(_decoded(value))
    except UnicodeDecodeError:
        return malformed("the percent escapes of this item are not UTF-8.")
    except JsonError as json_error:
        return malformed(f"an item is not the text of a JSON object: {json_error}.")
    if isinstance(parsed, str):
        return malformed("an item is the text of a string, expected the text of a JSON object.")
    found = item_of(parsed, index, value, location, None)
    if isinstance(found, Item):
        found.source = Source(value, location, find_members)
    return found


def _decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")


_CHARACTER = re.compile(r"(?:%[0-9A-Fa-f]{2})+|.", re.DOTALL)


def find_members(value: str) -> Sequence[Member]:
    """Return the members of the item whose escaped text this is."""
    offsets = _offsets(value)
    return [
        Member(member.key, *(offsets[offset] for offset in member[1:]))
        for member in members(_decoded(value))
    ]


def edit(value: str, changes: Changes) -> list[TextEdit]:
    """Return the edits of an item.

    Args:
        value: its escaped text.
        changes: what to change.
    """
    from consentlint.formats.json_edits import edit_object

    offsets = _offsets(value)
    escape = quote_plus if "+" in value else quote
    return [
        TextEdit(offsets[each.start], offsets[each.end], escape(each.text, safe=""))
        for each in edit_object(_decoded(value), changes)
    ]


def _offsets(value: str) -> list[int]:
    """Return where each character of the decoded text, and its end, is in the escaped one."""
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
    return offsets
