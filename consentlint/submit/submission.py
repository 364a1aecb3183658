"""Read and lint files as one list of items.

Each item has a number, counted over all files. It stays the same as long as the files do,
which the digest ensures.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consentlint.linter.check import Linter
from consentlint.linter.read import read_items
from consentlint.linter.summary import Summary
from consentlint.model.endpoints import CONSENTS, SUPERSEDED_BY, Endpoint
from consentlint.model.findings import Finding, Severity
from consentlint.model.items import Header, Item
from consentlint.model.settings import ReadOptions, Settings
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
        read_options: how to read them.
    """

    def __init__(self, files: Sequence[str], read_options: ReadOptions) -> None:
        self.files = files
        self.read_options = read_options
        self.digest = _digest(files, read_options)
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

    def read(
        self, settings: Settings, summary: Summary, *, grouped: bool = False
    ) -> Iterator[Finding]:
        """Read and lint all files, and yield the findings.

        Args:
            settings: how to check them.
            summary: counts what was checked and found.
            grouped: True to yield the first findings of each group only.

        Raises:
            InputError: the files mix both endpoints, or contain an item that cannot be sent.
        """
        detected = None
        for name, file in zip(
            self.files, Linter(self.read_options, settings).check_as_one(self.files), strict=True
        ):
            with file:
                summary.add(file)
                endpoint = file.report.endpoint
                if endpoint is not None:
                    detected = detected or endpoint
                    if endpoint is not detected:
                        raise InputError(
                            f"{printable(name)} contains {endpoint.name}, but the files before it"
                            f" contain {detected.name}. Submit consents and contacts separately."
                        )
                    self.endpoint = endpoint
                self.formats.add(file.report.format)
                if file.report.header is not None:
                    self.headers.add(file.report.header.source.text.rstrip("\r\n"))
                header_findings = file.header_findings()
                yield from file.findings(grouped=True) if grouped else header_findings
                # A field that every row lacks is reported once, for the column.
                all_invalid = any(finding.reason for finding in header_findings)
                for found, findings in file.items():
                    if not grouped:
                        yield from findings
                    if isinstance(found, Item):
                        is_invalid = any(each.severity is Severity.ERROR for each in findings)
                        self._add(name, found, is_invalid=is_invalid or all_invalid)
        self.is_complete = True

    def _add(self, file: str, item: Item, *, is_invalid: bool) -> None:
        number = len(self.locations)
        assert item.source is not None
        location = ItemLocation(file, item.source.location.line, item.index)
        self.locations.append(location)
        if item.fields.get(SUPERSEDED_BY):
            correlation_id = item.fields.get("correlation_id")
            self.superseded[number] = correlation_id if isinstance(correlation_id, str) else ""
            return
        if is_invalid:
            self.invalid.add(number)
        has_sender = "sender_id" in self.endpoint.fields
        try:
            self.items.append(outgoing_item(number, item.fields, has_sender=has_sender))
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
        if _digest(self.files, self.read_options) != self.digest:
            raise InputError("The files changed while they were being read. Run the command again.")

    def read_again(self) -> Iterator[tuple[int, Header | Item]]:
        """Yield the headers and items of the files once more, with their numbers.

        A header has the number of the first item after it.
        """
        number = 0
        for file in self.files:
            for found in read_items(file, self.read_options):
                if isinstance(found, Header):
                    yield number, found
                elif isinstance(found, Item):
                    yield number, found
                    number += 1

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


def _digest(files: Sequence[str], read_options: ReadOptions) -> str:
    """Return a digest of the content of files, and of how it is read. Skip unreadable files."""
    digest = hashlib.sha256(f"{read_options.format or ''}\n{len(files)}\n".encode())
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
