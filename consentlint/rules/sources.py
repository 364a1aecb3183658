"""The documents that rules name as their evidence (docs/evidence.md)."""

import re
from typing import NamedTuple


class Source(NamedTuple):
    """A document."""

    title: str
    url: str


_ERRORS = "https://www.twilio.com/docs/api/errors"

SOURCES = {
    "E30646": Source("error 30646", f"{_ERRORS}/30646"),
    "E30647": Source("error 30647", f"{_ERRORS}/30647"),
    "E19004": Source("error 19004", f"{_ERRORS}/19004"),
    "REF": Source("the API reference", "https://github.com/twilio/twilio-oai"),
    "GUIDE": Source(
        "the Consent API guide", "https://www.twilio.com/docs/messaging/features/consent-api"
    ),
    "CGUIDE": Source(
        "the Contact API guide", "https://www.twilio.com/docs/messaging/features/contact-api"
    ),
    "GLOSS": Source("the glossary", "https://www.twilio.com/docs/glossary/what-is-a-short-code"),
}
"""By the abbreviation that the documentation of a rule uses."""

_ABBREVIATION = re.compile(rf"(\A|\. )?\b({'|'.join(SOURCES)})\b")


def spell_out(text: str) -> str:
    """Return a text with the titles of documents instead of their abbreviations."""
    return _ABBREVIATION.sub(_title, text)


def sources_of(text: str) -> list[Source]:
    """Return the documents that a text names by their abbreviations."""
    names = dict.fromkeys(match[2] for match in _ABBREVIATION.finditer(text))
    return [SOURCES[name] for name in names]


def _title(match: re.Match[str]) -> str:
    start, title = match[1], SOURCES[match[2]].title
    if start is None:
        return title
    return f"{start}{title[0].upper()}{title[1:]}"
