"""Numbers of numbering plans that others have replaced."""

import re
from collections.abc import Iterator

from consentlint.fields.phone_numbers import is_outdated

_MOBILE_WITH_15 = re.compile(r"(\+549[0-9]{2,4})15([0-9]{6,8})")
# In Ivory Coast, since 2021, the second digit of an old mobile number decides what precedes it.
_IVORY_COAST = {
    digit: operator
    for operator, digits in {"01": "0123", "05": "456", "07": "789"}.items()
    for digit in digits
}


def renumbered(number: str) -> Iterator[tuple[str, str, str]]:
    """Yield a number in the numbering plan that replaced its own, a hint, and the country."""
    mobile = _MOBILE_WITH_15.fullmatch(number)
    if mobile is not None:
        yield f"{mobile[1]}{mobile[2]}", "Remove the 15 after the area code.", "Argentina"
    elif number.startswith("+521"):
        hint = "Remove the 1 after +52: Mexican numbers no longer have it."
        yield f"+52{number[4:]}", hint, "Mexico"
    elif number.startswith("+2291") and len(number) == 13:
        hint = "Insert the lost 0 after +229: Benin numbers start with 01."
        yield f"+2290{number[4:]}", hint, "Benin"
    elif number.startswith("+229"):
        hint = "Insert 01 after +229: Benin numbers now have 10 digits."
        yield f"+22901{number[4:]}", hint, "Benin"
    elif number.startswith("+225") and len(number) == 12 and number[4] not in "23":
        operator = _IVORY_COAST[number[5]]
        hint = f"Insert {operator} after +225: Ivory Coast numbers now have 10 digits."
        yield f"+225{operator}{number[4:]}", hint, "Ivory Coast"
    elif is_outdated(number):
        hint = "Insert 9 after the area code: mobile numbers of Brazil now have 9 digits."
        yield f"{number[:5]}9{number[5:]}", hint, "Brazil"


def outdated_plan(number: str) -> str:
    """Return the hint for an outdated number whose new form the old one does not decide."""
    if re.fullmatch(r"\+225[0-9]{8}", number):
        return "Insert two digits after +225: Ivory Coast numbers now have 10 digits."
    return ""
