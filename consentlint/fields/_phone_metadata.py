"""Read the facts about each calling code from the installed phonenumbers.

`_calling_code` describes the steps that these facts are for. A calling code whose
metadata does not fit these steps has no facts: phonenumbers must be asked.
"""

import re
from collections.abc import Iterable

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from consentlint.fields._calling_code import CallingCode
from consentlint.fields._phone_pattern import first_digits

# phonenumbers parses national numbers of 2 to 17 digits.
_SHORTEST = 2
_LONGEST = 17

# Digits and references to groups.
_TRANSFORM_RULE = re.compile(r"(?:[0-9]|\\[1-9])+")


def calling_codes() -> dict[str, CallingCode | None]:
    """Return the facts about each calling code, in ascending order of the codes.

    Returns:
        The facts by calling code; None for a code that phonenumbers must be asked about.
    """
    known = {str(code) for code in COUNTRY_CODE_TO_REGION_CODE}
    table = {}
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        facts = _calling_code(PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0]))
        # phonenumbers never finds a calling code that starts with another one.
        table[str(code)] = facts if known.isdisjoint(_beginnings(str(code))) else None
    return table


def version() -> str:
    """Return the version of the installed phonenumbers."""
    return phonenumbers.__version__


def _beginnings(digits: str) -> Iterable[str]:
    """Return each shorter text that a text starts with."""
    return (digits[:end] for end in range(1, len(digits)))


def _calling_code(metadata: PhoneMetadata | None) -> CallingCode | None:
    """Return the facts that metadata contains, None if they do not fit the steps."""
    if metadata is None or metadata.general_desc is None:
        return None
    general = metadata.general_desc
    lengths = tuple(general.possible_length)
    local_lengths = tuple(general.possible_length_local_only)
    if (
        not lengths
        # phonenumbers uses the first as the shortest and the last as the longest.
        or lengths != tuple(sorted(set(lengths)))
        # phonenumbers tests the local lengths first.
        or not set(lengths).isdisjoint(local_lengths)
        or min(lengths + local_lengths) < _SHORTEST
        or lengths[-1] > _LONGEST
    ):
        return None
    prefix = metadata.national_prefix_for_parsing
    if not prefix:
        return CallingCode(lengths, local_lengths)
    rule = metadata.national_prefix_transform_rule or None
    national = general.national_number_pattern or None
    try:
        groups = re.compile(prefix).groups
        re.compile(national or "")
    except re.error:
        return None
    if rule and (not _TRANSFORM_RULE.fullmatch(rule) or max(_references(rule)) > groups):
        return None
    if national and first_digits(national).isdisjoint(first_digits(prefix)):
        national = None
    return CallingCode(lengths, local_lengths, prefix, rule, national)


def _references(rule: str) -> list[int]:
    """Return the groups that a transform rule uses; at least the first must exist."""
    return [1, *map(int, re.findall(r"\\([1-9])", rule))]
