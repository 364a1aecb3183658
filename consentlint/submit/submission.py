"""Read and lint files as one list of items, and read single items again.

Each item has a number, counted over all files, those of consents first. It stays the same as
long as the files do, which the digest ensures. No item is kept in memory: the linter knows where
each of them begins, so that it can be read when it is needed.
"""

import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, Self

from consentlint.formats import Unreadable
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.file_report import PartReport
from consentlint.linter.record_counts import severity_of
from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Severity
from consentlint.model.items import Header, Item
from consentlint.model.settings import ReadOptions, Settings
from consentlint.submit.options import SubmitError
from consentlint.submit.outgoing import (
    OutgoingItem,
    outgoing_item,
)
from consentlint.submit.outputs import shown_path

_CHUNK_BYTES = 1 << 20
_OUT_OF_ORDER = "consent-out-of-order"


class NumberedItem(NamedTuple):
    """An item with its number in the run, and the file that it is in."""

    number: int
    item: Item
    endpoint: Endpoint
    file: str
    is_invalid: bool
    is_out_of_order: bool
    """Whether its only error is that an item before it is newer."""

    @property
    def line(self) -> int:
        """The line of the file on which it begins."""
        assert self.item.source is not None
        return self.item.source.location.line

    @property
    def shown_location(self) -> str:
        """The file and the line, as a message may show them."""
        return f"{shown_path(self.file)}:{self.line}"


class _Part(NamedTuple):
    """Consecutive items of a file."""

    start: int
    """The number of the first item."""
    file: CheckedFile
    report: PartReport
    endpoint: Endpoint


class Submission:
    """The items of the input files; close it when they have been sent.

    Args:
        files: the file names.
        read_options: how to read them.
        settings: how to check them.

    Raises:
        SubmitError: a file is not a regular file.
    """

    def __init__(self, files: Sequence[str], read_options: ReadOptions, settings: Settings) -> None:
        self._read_options = read_options
        self._settings = settings
        for file in files:
            if os.path.exists(file) and not os.path.isfile(file):
                raise SubmitError(
                    f"{shown_path(file)} is not a regular file. A resumed run must be able to read"
                    " it again."
                )
        self.files = Linter(read_options, settings).check_as_one(files)
        self._parts: list[_Part] = []
        self.count = 0
        """The number of items."""
        for endpoint in (CONSENTS, CONTACTS):
            for checked in self.files:
                if checked.report.endpoint is endpoint:
                    for part in checked.report.parts:
                        self._parts.append(_Part(self.count, checked, part, endpoint))
                        self.count += part.items

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files:
            file.close()

    @property
    def endpoints(self) -> list[Endpoint]:
        """The endpoints that items are sent to, in order."""
        return list(dict.fromkeys(part.endpoint for part in self._parts))

    @property
    def formats(self) -> set[str]:
        """The formats of the files."""
        return {file.report.format for file in self.files}

    @property
    def headers(self) -> list[Header]:
        """The headers of the tables."""
        return [file.report.header for file in self.files if file.report.header is not None]

    @cached_property
    def digest(self) -> str:
        """The digest of the content of all files, and of how it is read."""
        options = self._read_options
        kind = options.endpoint.name if options.endpoint else ""
        digest = hashlib.sha256(f"{options.format or ''}\n{kind}\n{len(self.files)}\n".encode())
        for file in self.files:
            file_digest = hashlib.sha256()
            with open(str(file.report.name), "rb") as content:
                while chunk := content.read(_CHUNK_BYTES):
                    file_digest.update(chunk)
            digest.update(file_digest.digest())
        self.check_unchanged()
        return digest.hexdigest()

    def check_unchanged(self) -> None:
        """Verify that the files are the same as when they were first read.

        Raises:
            SubmitError: they have changed.
        """
        for file in self.files:
            try:
                if file.content is not None:
                    file.content.check_unchanged()
            except (Unreadable, OSError):
                name = shown_path(str(file.report.name))
                raise SubmitError(
                    f"{name} changed during the run, so its items cannot be read any more. The"
                    " journal belongs to the former content: restore it to resume, or to write the output"
                    " files."
                ) from None

    def items(self) -> Iterator[NumberedItem]:
        """Yield all items, in order.

        Raises:
            SubmitError: a file has changed.
        """
        for part in self._parts:
            yield from self._read(part, part.report.good_rows())

    def invalid_items(self) -> Iterator[NumberedItem]:
        """Yield the items with an error, in order."""
        for part in self._parts:
            yield from self._read(part, sorted(self._errors(part)))

    def read(self, numbers: Sequence[int]) -> list[OutgoingItem]:
        """Return some items as they are sent.

        Args:
            numbers: their numbers, ascending.

        Raises:
            SubmitError: a file has changed.
        """
        return [
            outgoing_item(number, item.fields, endpoint)
            for number, item, endpoint, *_ in self.numbered(numbers)
        ]

    def numbered(self, numbers: Sequence[int]) -> Iterator[NumberedItem]:
        """Yield some items, given their numbers in ascending order."""
        starts = [part.start for part in self._parts]
        for at, group in groupby(numbers, lambda number: bisect_right(starts, number) - 1):
            part = self._parts[at]
            yield from self._read(part, [number - part.start for number in group])

    def _read(self, part: _Part, rows: Sequence[int]) -> Iterator[NumberedItem]:
        errors = self._errors(part)
        name = str(part.file.report.name)
        self.check_unchanged()
        try:
            for row, item in zip(rows, part.report.read(rows), strict=True):
                yield NumberedItem(
                    part.start + row,
                    item,
                    part.endpoint,
                    name,
                    row in errors,
                    errors.get(row, False),
                )
        except Exception:
            # What is read again from a file that changed may be anything.
            self.check_unchanged()
            raise
        self.check_unchanged()

    def _errors(self, part: _Part) -> dict[int, bool]:
        """Return the rows with an error, and whether there is none but that of the order."""
        errors: dict[int, bool] = {}
        engine = part.file.engine
        assert engine is not None
        if any(
            finding.severity is Severity.ERROR and finding.reason
            for finding in part.file.header_findings()
        ):
            # A field that every row lacks is reported once, for the column.
            return dict.fromkeys(range(part.report.items), False)
        for row, code in zip(part.report.rows, part.report.codes, strict=True):
            problem = engine.problems[code]
            if severity_of(problem, strict=self._settings.strict) is Severity.ERROR:
                is_order = problem.rule == _OUT_OF_ORDER
                errors[row] = errors.get(row, True) and is_order
        return errors
