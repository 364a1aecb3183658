"""Read from the installed phonenumbers what it knows of each calling code.

phonenumbers judges a number that begins with "+" and a known calling code by facts
about that code alone: the lengths that its numbers may have, and the prefix that it
strips. It takes a prefix off only where what remains has a possible length again; so
a number of the shortest length stands as it is, unless a rule puts other digits in
the place of the prefix.
"""

import re
from collections.abc import Iterable

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

CallingCode = tuple[tuple[int, ...], tuple[int, ...], str | None]
"""What holds for the digits after a calling code: the lengths at which they stand as
they are, the lengths at which they do unless they begin with the prefix, and the
pattern of that prefix (None: it is of no account)."""


def calling_codes() -> dict[str, CallingCode]:
    """Return what is known of each calling code, in their numerical order.

    A calling code whose metadata is not of the form that the rules above are made for
    is left out: what it holds is known to phonenumbers alone.
    """
    known = {str(code) for code in COUNTRY_CODE_TO_REGION_CODE}
    table = {}
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        row = _calling_code(PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0]))
        # Were it longer than another that it begins with, phonenumbers would not see it.
        if row is not None and known.isdisjoint(_beginnings(str(code))):
            table[str(code)] = row
    return table


def version() -> str:
    """Return the version of the installed phonenumbers."""
    return phonenumbers.__version__


def _beginnings(digits: str) -> Iterable[str]:
    """Return all beginnings of a text but the text itself."""
    return (digits[:end] for end in range(1, len(digits)))


def _calling_code(metadata: PhoneMetadata | None) -> CallingCode | None:
    """Return what metadata say of a calling code, None where that is not sure."""
    if metadata is None or metadata.general_desc is None:
        return None
    general = metadata.general_desc
    lengths = tuple(general.possible_length)
    if (
        not lengths
        # phonenumbers takes the first for the shortest and the last for the longest,
        or lengths != tuple(sorted(set(lengths)))
        # asks for local lengths first,
        or not set(lengths).isdisjoint(general.possible_length_local_only)
        # and parses no number with less than two digits after the calling code.
        or lengths[0] < 2
    ):
        return None
    prefix = metadata.national_prefix_for_parsing
    if not prefix:
        return lengths, (), None
    try:
        re.compile(prefix)
    except re.error:
        return None
    free = 0 if metadata.national_prefix_transform_rule else 1
    return lengths[:free], lengths[free:], prefix if free < len(lengths) else None
