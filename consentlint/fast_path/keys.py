"""Hashes of what an item may share with another one: its id, its contact and sender.

Two items that share an id, or a contact and sender, have the same hash. Two that do not may have
the same hash as well: that costs time, never correctness, because items with equal hashes are
compared in full.
"""

from functools import lru_cache
from hashlib import blake2b


def id_key(correlation_id: str) -> int:
    """Return the 64-bit hash of a correlation id in the form of either profile."""
    try:
        content = bytes.fromhex(correlation_id)
    except ValueError:
        return int.from_bytes(blake2b(correlation_id.encode(), digest_size=8).digest(), "little")
    key = int.from_bytes(content[:8], "little") ^ int.from_bytes(content[8:], "little")
    # 0 stands for no id.
    return key or 1


@lru_cache(maxsize=4_096)
def sender_key(sender: str) -> int:
    """Return the hash of a sender in canonical form, less than 2**63."""
    return int.from_bytes(blake2b(sender.encode(), digest_size=8).digest(), "little") >> 1


def pair_key(contact: str, sender: str) -> int:
    """Return the 64-bit hash of a contact and sender in canonical form."""
    return int(contact[1:]) + sender_key(sender)
