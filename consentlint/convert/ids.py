"""Give each item an id: a random one, or a keyed hash of its content."""

import hmac
import os
from collections.abc import Callable, Sequence
from hashlib import sha256

from consentlint.convert.mapping import ConvertError

KEY_VARIABLE = "CONSENTLINT_ID_KEY"
_MIN_KEY = 16
_SEEN_BYTES = 2**24

NewIds = Callable[[Sequence[Sequence[str]]], list[str]]
"""Returns an id for each of some items, given the values of their other fields."""


def random_ids(items: Sequence[Sequence[str]]) -> list[str]:
    """Return a random id for each item."""
    text = os.urandom(16 * len(items)).hex()
    return [text[at : at + 32] for at in range(0, len(text), 32)]


class StableIds:
    """Returns the same ids for the same items in the same order.

    An id is the first half of an HMAC-SHA-256 of the item, so it does not give a phone number away to
    those who do not have the key. Of equal items, each has another id: a Bloom filter of constant
    size knows which hashes have occurred. If it is wrong, an id depends on the items before it.

    Args:
        kind: the kind of items.
        key: the key.
    """

    def __init__(self, kind: str, key: bytes) -> None:
        self._mac = hmac.new(key, kind.encode(), sha256)
        self._seen = bytearray(_SEEN_BYTES)

    def __call__(self, items: Sequence[Sequence[str]]) -> list[str]:
        """Return an id for each item."""
        return [self._id("\0".join(("", *item)).encode()) for item in items]

    def _id(self, content: bytes) -> str:
        occurrence = 0
        while True:
            mac = self._mac.copy()
            mac.update(content + b"\0%d" % occurrence)
            digest = mac.digest()
            if self._is_new(digest):
                return digest[:16].hex()
            occurrence += 1

    def _is_new(self, digest: bytes) -> bool:
        is_new = False
        for at in range(16, 32, 4):
            place, bit = divmod(int.from_bytes(digest[at : at + 4], "big") % (8 * _SEEN_BYTES), 8)
            is_new |= not self._seen[place] >> bit & 1
            self._seen[place] |= 1 << bit
        return is_new


def stable_ids(kind: str) -> StableIds:
    """Return what makes stable ids, with the key in the environment.

    Raises:
        ConvertError: there is no key, or it is too short.
    """
    key = os.environ.get(KEY_VARIABLE, "")
    if len(key) < _MIN_KEY:
        raise ConvertError(
            f"--stable-ids needs a secret key of at least {_MIN_KEY} characters in the environment"
            f" variable {KEY_VARIABLE}. Keep it: another key gives other ids."
        )
    return StableIds(kind, key.encode())
