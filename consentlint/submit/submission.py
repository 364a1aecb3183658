"""Read and lint files as one list of items.

Each item has a number, counted over all files. It stays the same as long as the files do,
which the digest ensures.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consentlint.linter.checker import Terms, Together
from consentlint.linter.files import Checked, Reading, check_file
from consentlint.linter.files import is_overtaken as is_superseded
from consentlint.linter.summary import Summary
from consentlint.model.endpoints import CONSENTS, Endpoint
from consentlint.model.findings import Finding, Severity
from consentlint.model.items import Header, Item
from consentlint.submit.options import InputError
from consentlint.submit.outgoing import OutgoingItem, outgoing_item
from consentlint.text.masking import printable

_CHUNK_BYTES = 1 << 20


class ItemLocation(NamedTuple):
    """The location of an item."""

    file: str
    line: int
    item: int
    """Its index in the file, from 0."""


class Exclusions(NamedTuple):
    """The items that are not sent if invalid items are skipped."""

    invalid: frozenset[int]
    held_back: frozenset[int]
    """Valid items whose contact and sender an invalid item concerns, or may concern."""
    unidentified: tuple[int, ...]
    """Invalid items that may concern anyone."""


class Submission:
    """The items of the input files.

    Args:
        files: the file names.
        reading: how to read them.
    """

    def __init__(self, files: Sequence[str], reading: Reading) -> None:
        self.files = files
        self.reading = reading._replace(fast_path=False)
        self.digest = _digest(files, reading)
        """The digest of the content of all files, and of how they are read."""
        self.endpoint: Endpoint = CONSENTS
        self.items: list[OutgoingItem] = []
        """All items that are not marked as superseded."""
        self.locations: list[ItemLocation] = []
        """The location of each item, by number."""
        self.invalid: set[int] = set()
        """The numbers of items with an error."""
        self.superseded: dict[int, str] = {}
        """The correlation ids of items that are marked as superseded, by number."""
        self.is_complete = False
        """Whether all files were read."""
        self.formats: set[str] = set()
        self.headers: set[str] = set()
        """The header lines of tables, as written."""

    def read(self, terms: Terms, summary: Summary) -> Iterator[Finding]:
        """Read and lint all files, and yield the findings.

        Raises:
            InputError: the files mix both endpoints, or contain an item that cannot be sent.
        """
        reading = self.reading._replace(together=Together())
        detected = None
        for file in self.files:
            summary.files += 1
            for checked in check_file(file, reading, terms):
                if checked.endpoint is not None:
                    detected = detected or checked.endpoint
                    if checked.endpoint is not detected:
                        raise InputError(
                            f"{printable(file)} contains {checked.endpoint.name}, but the files"
                            f" before it contain {detected.name}. Submit consents and contacts"
                            " separately."
                        )
                    self.endpoint = checked.endpoint
                summary.items += checked.items
                for finding in checked.findings:
                    summary.count(finding)
                    yield finding
                self._add(file, checked)
        self.is_complete = True

    def _add(self, file: str, checked: Checked) -> None:
        event = checked.event
        self.formats.add(checked.format)
        if isinstance(event, Header):
            self.headers.add(event.source.text.rstrip("\r\n"))
        if not isinstance(event, Item):
            # After a parse error, nothing at all is sent.
            return
        number = len(self.locations)
        assert event.source is not None
        location = ItemLocation(file, event.source.place.line, event.index)
        self.locations.append(location)
        if is_superseded(event):
            correlation_id = event.fields.get("correlation_id")
            self.superseded[number] = correlation_id if isinstance(correlation_id, str) else ""
            return
        if any(finding.severity is Severity.ERROR for finding in checked.findings):
            self.invalid.add(number)
        has_sender = "sender_id" in self.endpoint.fields
        try:
            self.items.append(outgoing_item(number, event.fields, has_sender=has_sender))
        except (ValueError, RecursionError):
            raise InputError(
                f"{printable(file)}:{location.line}: this item cannot be sent, because it contains"
                " a number that JSON cannot express, or is nested too deeply."
            ) from None

    def check_unchanged(self) -> None:
        """Verify that the files are the same as when they were first read.

        Raises:
            InputError: they have changed.
        """
        if _digest(self.files, self.reading) != self.digest:
            raise InputError("The files changed while they were being read. Run the command again.")

    def read_again(self) -> Iterator[tuple[int, Checked]]:
        """Yield the headers and items of the files once more, with their numbers.

        A header has the number of the first item after it.
        """
        from consentlint.fields import iso8601

        number = 0
        terms = Terms(iso8601.from_unix(0), rules=frozenset())
        for file in self.files:
            for checked in check_file(file, self.reading, terms):
                yield number, checked
                number += isinstance(checked.event, Item)

    def exclusions(self) -> Exclusions:
        """Return the items that must not be sent because of invalid items.

        An invalid item may be the opt-out that revokes an earlier opt-in. So it holds back
        every item of its contact and sender. If one of the two is unreadable, it holds back
        every item of the other.
        """
        identities = {item.number: item.identity for item in self.items}
        unidentified = []
        pairs, contacts, senders = set(), set(), set()
        for number in self.invalid:
            identity = identities[number]
            if identity.contact is not None and identity.sender is not None:
                pairs.add(identity)
            elif identity.contact is not None:
                contacts.add(identity.contact)
            elif identity.sender:
                senders.add(identity.sender)
            else:
                unidentified.append(number)
        held_back = {
            number
            for number, identity in identities.items()
            if identity in pairs or identity.contact in contacts or identity.sender in senders
        }
        return Exclusions(
            frozenset(self.invalid),
            frozenset(held_back - self.invalid),
            tuple(sorted(unidentified)),
        )

    def superseded_by(self, numbers: frozenset[int], later: frozenset[int]) -> dict[int, str]:
        """Return which items a later one supersedes, with the correlation id of the last.

        Args:
            numbers: the items to look at.
            later: the items that can supersede them: those stored, or still to be sent.
        """
        last: dict[str, OutgoingItem] = {}
        superseded = {}
        for item in reversed(self.items):
            if item.number in numbers and item.ordering_key in last:
                superseded[item.number] = last[item.ordering_key].correlation_id
            if item.number in later:
                last.setdefault(item.ordering_key, item)
        return superseded


def _digest(files: Sequence[str], reading: Reading) -> str:
    """Return a digest of the content of files, and of how it is read. Skip unreadable files."""
    digest = hashlib.sha256(f"{reading.format or ''}\n{len(files)}\n".encode())
    for file in files:
        file_digest = hashlib.sha256()
        try:
            if not os.path.exists(file):
                # The linter reports it.
                continue
            if not os.path.isfile(file):
                raise InputError(
                    f"{printable(file)} is not a regular file. A resumed run must be able to read"
                    " it again."
                )
            with open(file, "rb") as content:
                while chunk := content.read(_CHUNK_BYTES):
                    file_digest.update(chunk)
        except OSError:
            continue
        digest.update(file_digest.digest())
    return digest.hexdigest()
