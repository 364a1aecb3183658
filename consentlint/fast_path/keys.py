"""Keys of 64 bits for what must not occur twice: ids, and pairs of contact and sender.

Equal ids and pairs have equal keys. Different ones may share a key, too: that costs time, for
their items are compared, and changes no finding. The keys of many items are computed as columns.
"""

import sys
from array import array
from binascii import unhexlify
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import adler32, crc32


def id_key(correlation_id: str) -> int:
    """Return the key of an id; letter case does not count in an id of 32 hexadecimal digits."""
    if len(correlation_id) == 32:
        try:
            return id_keys(unhexlify(correlation_id))[0]
        except ValueError:
            pass
    return _hash(correlation_id) or 1


def id_keys(packed: bytes) -> "array[int]":
    """Return the keys of ids, given as 16 bytes each: the XOR of their halves.

    The second half is reversed, so that a program that writes one half twice gets keys, too.
    """
    halves = array("Q", packed)
    first, second = halves[::2], halves[1::2]
    second.byteswap()
    number = _number(first) ^ _number(second)
    keys = array("Q", number.to_bytes(len(packed) // 2, sys.byteorder))
    if 0 in keys:
        # 0 means no id.
        keys = array("Q", [key or 1 for key in keys])
    return keys


@lru_cache(maxsize=4_096)
def sender_key(sender: str) -> int:
    """Return the key of a sender: 1 or more, and less than 2**63. Letter case does not count.

    Args:
        sender: E.164, a Messaging Service SID, a short code or an RCS sender.
    """
    return _hash(sender.lower()) >> 1 or 1


def pair_key(contact: str, sender: str) -> int:
    """Return the key of a contact and a sender.

    It is the sum of the sender's key and the contact's digits, read as hexadecimal ones: to pack
    a column of digits takes half as long as to convert it.

    Args:
        contact: a phone number in E.164.
        sender: see `sender_key`.
    """
    return int(contact, 16) + sender_key(sender)


def pair_keys(contacts: Sequence[bytes], sender_keys: Iterable[int]) -> "array[int]":
    """Return the keys of contacts and senders.

    Args:
        contacts: the digits of phone numbers, 15 at most.
        sender_keys: as many.
    """
    count = len(contacts)
    digits = (b"%16b" * count % tuple(contacts)).replace(b" ", b"0")
    numbers = array("Q", unhexlify(digits))
    if sys.byteorder == "little":
        numbers.byteswap()
    keys = _number(numbers) + _number(array("Q", sender_keys))
    return array("Q", keys.to_bytes(8 * count, sys.byteorder))


def _number(column: "array[int]") -> int:
    return int.from_bytes(column.tobytes(), sys.byteorder)


def _hash(text: str) -> int:
    # A cryptographic hash would cost an import of 2 ms, and collisions change no finding.
    data = text.encode("utf-8", "surrogatepass")
    return crc32(data, 1) << 32 | adler32(data)
