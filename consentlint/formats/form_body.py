"""The body of a request as it is sent: Items=…&Items=…, each value one item as JSON text."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, quote_plus, unquote_to_bytes

from consentlint.formats._decode import MAX_ERRORS, decode, encoding_error, item_of
from consentlint.formats._json_text import JsonError, members, parse
from consentlint.formats.edits import Changes, TextEdit
from consentlint.model.endpoints import FIELDS
from consentlint.model.findings import FileError
from consentlint.model.items import Item, Location, Member, ParseError, Source, locate
from consentlint.text.masking import shown
from consentlint.text.suggestions import fold_name

KEY = "Items"

_FOLDED = frozenset(map(fold_name, FIELDS))


def read(body: bytes, start: int = 0) -> Iterator[Item | ParseError]:
    """Yield the items of a form body, and a parse error for each part that is not one.

    Parts with other keys are reported once for each reason.

    Args:
        body: the body, without a byte order mark.
        start: its offset in the file.
    """
    text = decode(body)
    location = Location(1, 1, start)
    index = errors = 0
    reported: set[str] = set()
    for part in text.split("&"):
        bare = part.strip()
        if bare:
            here = locate(part[: part.index(bare)], location)
            found = _item(bare, index, here)
            if isinstance(found, ParseError) and found.item is None:
                if found.message not in reported:
                    reported.add(found.message)
                    yield found
            else:
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
        return ParseError(FileError.MALFORMED, _key_error(name), location, text=part)
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
    if isinstance(parsed, list):
        message = "an item is an array, expected a JSON object: write"
        return malformed(f"{message} {KEY}= for each item")
    found = item_of(parsed, index, value, location, None)
    if isinstance(found, Item):
        found.source = Source(value, location, find_members)
    return found


def _key_error(name: str) -> str:
    """Return what is wrong with a key that is not that of an item."""
    if _BRACKETS.fullmatch(name):
        return f"the key of each item is {KEY}, without brackets or numbers."
    if _FIELD_IN_BRACKETS.match(name) or fold_name(name) in _FOLDED:
        return (
            f"the fields of an item are keys of their own, expected {KEY}= and the item as JSON,"
            " percent-encoded: Items=%7B%22contact_id%22%3A… (no brackets)."
        )
    if name != KEY and name.lower().rstrip("s") == "item":
        return f'the key of an item is "{shown(name)}", expected "{KEY}".'
    if name[:1] in ("{", "["):
        return f"the body of a request has only {KEY}=… parts, and this is JSON (--format json)."
    return f"the body of a request has only {KEY}=… parts."


def _decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")


_BRACKETS = re.compile(r"(?i:items?)\[[0-9]*\]")
_FIELD_IN_BRACKETS = re.compile(r"(?i:items?)(?:\[[0-9]*\]|\.[0-9]+)[.\[]")
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
