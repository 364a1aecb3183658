"""Read files into sendable items, judged by the linter as one list.

Every item gets a number, counted over all files; it stays the same as long as the files do,
of which the digest makes sure.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consentlint.linter.checker import Terms, Together
from consentlint.linter.files import Checked, Reading, check_file, is_overtaken
from consentlint.linter.summary import Summary
from consentlint.model.endpoints import CONSENTS, Endpoint
from consentlint.model.findings import Finding, Severity
from consentlint.model.items import Header, Item
from consentlint.submit.sendable import Sendable, sendable
from consentlint.text.masking import printable

_PIECE = 1 << 20


class Rejected(Exception):
    """The files cannot be submitted like this; the message says why and what to do."""


class Place(NamedTuple):
    """Where an item stands."""

    file: str
    line: int
    item: int
    """Its number in its file, from 0."""


class LeftOut(NamedTuple):
    """What is not sent where the rest is to be sent without what is invalid."""

    invalid: frozenset[int]
    held_back: frozenset[int]
    """Good items, about a contact and sender that an invalid one is about, or may be."""
    nameless: tuple[int, ...]
    """Invalid items that may be about anybody."""


class Input:
    """What the files hold.

    Args:
        files: their names.
        reading: how to read them.
    """

    def __init__(self, files: Sequence[str], reading: Reading) -> None:
        self.files = files
        self.reading = reading._replace(fast_path=False)
        self.digest = _digest(files, reading)
        """Of the content of all files, and of how it is read."""
        self.endpoint: Endpoint = CONSENTS
        self.items: list[Sendable] = []
        """All items but those that are marked as overtaken."""
        self.places: list[Place] = []
        """Where each number stands."""
        self.invalid: set[int] = set()
        """The numbers of items with an error."""
        self.marked: dict[int, str] = {}
        """The ids of items that are marked as overtaken, by number."""
        self.is_whole = False
        """Whether all of it was read."""
        self.formats: set[str] = set()
        self.headers: set[str] = set()
        """The headers of tables, as they are written."""

    def read(self, terms: Terms, summary: Summary) -> Iterator[Finding]:
        """Read all files, and yield what the linter says of them.

        Raises:
            Rejected: they hold items of both endpoints, or what cannot be sent.
        """
        reading = self.reading._replace(together=Together())
        first_told = None
        for file in self.files:
            summary.files += 1
            for checked in check_file(file, reading, terms):
                if checked.endpoint is not None:
                    first_told = first_told or checked.endpoint
                    if checked.endpoint is not first_told:
                        raise Rejected(
                            f"{printable(file)} holds {checked.endpoint.name}, and the files before"
                            f" it hold {first_told.name}: submit them one after the other"
                        )
                    self.endpoint = checked.endpoint
                summary.items += checked.items
                for finding in checked.findings:
                    summary.count(finding)
                    yield finding
                self._take(file, checked)
        self.is_whole = True

    def _take(self, file: str, checked: Checked) -> None:
        event = checked.event
        self.formats.add(checked.format)
        if isinstance(event, Header):
            self.headers.add(event.source.text.rstrip("\r\n"))
        if not isinstance(event, Item):
            # A fault: with one, nothing at all is sent.
            return
        number = len(self.places)
        assert event.source is not None
        place = Place(file, event.source.place.line, event.index)
        self.places.append(place)
        if is_overtaken(event):
            correlation_id = event.fields.get("correlation_id")
            self.marked[number] = correlation_id if isinstance(correlation_id, str) else ""
            return
        if any(finding.severity is Severity.ERROR for finding in checked.findings):
            self.invalid.add(number)
        has_sender = "sender_id" in self.endpoint.fields
        try:
            self.items.append(sendable(number, event.fields, has_sender=has_sender))
        except (ValueError, RecursionError):
            raise Rejected(
                f"{printable(file)}:{place.line}: this item cannot be sent: JSON cannot express"
                " a number in it, or it is nested too deep"
            ) from None

    def check_unchanged(self) -> None:
        """Make sure that the files are still what they were.

        Raises:
            Rejected: they are not.
        """
        if _digest(self.files, self.reading) != self.digest:
            raise Rejected("the files have changed while they were being read: try again")

    def again(self) -> Iterator[tuple[int, Checked]]:
        """Yield what is in the files once more, headers and items, with their numbers.

        A header has the number of the first item after it.
        """
        from consentlint.fields import iso8601

        number = 0
        terms = Terms(iso8601.from_unix(0), rules=frozenset())
        for file in self.files:
            for checked in check_file(file, self.reading, terms):
                yield number, checked
                number += isinstance(checked.event, Item)

    def left_out(self) -> LeftOut:
        """Return what must not be sent for the sake of what is invalid.

        An invalid item may be the opt-out that makes an earlier opt-in void. So it holds
        back every item of its contact and sender, and where one of them cannot be read,
        every item of the other.
        """
        subjects = {item.number: item.subject for item in self.items}
        nameless = []
        whole, contacts, senders = set(), set(), set()
        for number in self.invalid:
            subject = subjects[number]
            if subject.contact is not None and subject.sender is not None:
                whole.add(subject)
            elif subject.contact is not None:
                contacts.add(subject.contact)
            elif subject.sender:
                senders.add(subject.sender)
            else:
                nameless.append(number)
        held_back = {
            number
            for number, subject in subjects.items()
            if subject in whole or subject.contact in contacts or subject.sender in senders
        }
        return LeftOut(
            frozenset(self.invalid),
            frozenset(held_back - self.invalid),
            tuple(sorted(nameless)),
        )

    def overtaken(self, numbers: frozenset[int], later: frozenset[int]) -> dict[int, str]:
        """Return which items a later one has overtaken, and the id of the last that has.

        Args:
            numbers: the items that are asked about.
            later: the items that may have overtaken them: stored, or still to be sent.
        """
        last: dict[str, Sendable] = {}
        found = {}
        for item in reversed(self.items):
            if item.number in numbers and item.pair in last:
                found[item.number] = last[item.pair].correlation_id
            if item.number in later:
                last.setdefault(item.pair, item)
        return found


def _digest(files: Sequence[str], reading: Reading) -> str:
    """Return the digest of what files hold and how it is read; of none that cannot be read."""
    digest = hashlib.sha256(f"{reading.format or ''}\n{len(files)}\n".encode())
    for file in files:
        inner = hashlib.sha256()
        try:
            if not os.path.exists(file):
                # The linter will say so.
                continue
            if not os.path.isfile(file):
                raise Rejected(
                    f"{printable(file)} is no regular file: a run that was killed must be able to"
                    " read it again"
                )
            with open(file, "rb") as content:
                while piece := content.read(_PIECE):
                    inner.update(piece)
        except OSError:
            continue
        digest.update(inner.digest())
    return digest.hexdigest()
