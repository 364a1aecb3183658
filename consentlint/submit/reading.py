"""Read and lint files as one list of items, and read single items again.

No item is kept in memory: the linter knows where each of them begins, so that it can be read when
it is needed.
"""

import hashlib
import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.file_report import PartReport
from consentlint.linter.record_counts import error_codes, rejects_all_records
from consentlint.model.endpoints import CONSENTS, CONTACTS, SUPERSEDED_BY, Endpoint
from consentlint.model.items import Header, Item
from consentlint.model.settings import ReadOptions, Settings
from consentlint.submit.options import SubmitError
from consentlint.text.masking import shown_path

_OUT_OF_ORDER = "consent-out-of-order"


class InputItem(NamedTuple):
    """An item of the input."""

    number: int
    """Its position, counted from 0 over all files, those of consents first. It stays the same as
    long as the files do, which the digest ensures."""
    endpoint: Endpoint
    item: Item
    file: str = ""
    is_invalid: bool = False
    is_out_of_order: bool = False
    """Whether its only error is that an item before it is newer."""

    @property
    def correlation_id(self) -> str:
        """The correlation id; empty if the item has none, or if it is not a string."""
        value = self.item.fields.get("correlation_id")
        return value if isinstance(value, str) else ""

    @property
    def text(self) -> str:
        """The item as it is sent, as JSON.

        Raises:
            SubmitError: JSON cannot express it.
        """
        sent = {key: value for key, value in self.item.fields.items() if key != SUPERSEDED_BY}
        try:
            return json.dumps(sent, separators=(",", ":"), allow_nan=False)
        except (ValueError, RecursionError):
            raise SubmitError(
                f"{self.shown_location}: this item cannot be sent, because it contains a number"
                " that JSON cannot express, or is nested too deeply."
            ) from None

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
    errors: set[int]
    """The codes of problems that are errors."""
    other_errors: set[int]
    """The codes of those that are not about the order."""

    def read(self, numbers: Iterable[int]) -> Iterator[InputItem]:
        """Read items again."""
        rows = [number - self.start for number in numbers]
        name = str(self.file.report.name)
        # If a column is missing, every item is invalid.
        lacks_column = any(map(rejects_all_records, self.file.report.column_problems))
        invalid, otherwise = map(self.report.rows_with, (self.errors, self.other_errors))
        for row, item in zip(rows, self.report.read(rows), strict=True):
            is_invalid = lacks_column or row in invalid
            is_late = is_invalid and not (lacks_column or row in otherwise)
            yield InputItem(self.start + row, self.endpoint, item, name, is_invalid, is_late)


class Submission:
    """The items of the input files; close it when they have been sent.

    Raises:
        SubmitError: a file is not a regular file.
    """

    def __init__(self, files: Sequence[str], read_options: ReadOptions, settings: Settings) -> None:
        for name in files:
            if os.path.exists(name) and not os.path.isfile(name):
                raise SubmitError(
                    f"{shown_path(name)} is not a regular file. A resumed run must be able to read"
                    " it again."
                )
        self._read_options = read_options
        self.settings = settings
        self.files = Linter(read_options, settings).check_as_one(files)
        self._parts: list[_Part] = []
        self.count = 0
        """The number of items."""
        for endpoint in (CONSENTS, CONTACTS):
            for file in self.files:
                if file.report.endpoint is endpoint and file.engine is not None:
                    errors = error_codes(file.engine, strict=settings.strict)
                    rules = [problem.rule for problem in file.engine.problems]
                    others = {code for code in errors if rules[code] != _OUT_OF_ORDER}
                    for part in file.report.parts:
                        self._parts.append(_Part(self.count, file, part, endpoint, errors, others))
                        self.count += part.items

    def close(self) -> None:
        """Close the files."""
        for file in self.files:
            file.close()

    @property
    def endpoints(self) -> list[Endpoint]:
        """The endpoints that items are sent to, in order."""
        return list(dict.fromkeys(part.endpoint for part in self._parts))

    @property
    def layout(self) -> tuple[str, Header | None] | None:
        """The format of all files, and the header of their tables; None if the files differ."""
        reports = [file.report for file in self.files]
        layouts = {
            (report.format, report.header and report.header.source.text.rstrip("\r\n"))
            for report in reports
        }
        return (reports[0].format, reports[0].header) if len(layouts) == 1 else None

    @cached_property
    def digest(self) -> str:
        """The digest of the content of all files, and of how it is read."""
        options = self._read_options
        kind = options.endpoint.name if options.endpoint else ""
        digest = hashlib.sha256(f"{options.format or ''}\n{kind}\n{len(self.files)}\n".encode())
        for file in self.files:
            with open(str(file.report.name), "rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
        self.check_unchanged()
        return digest.hexdigest()

    def check_unchanged(self) -> None:
        """Verify that the files are the same as when they were first read.

        Raises:
            SubmitError: they have changed.
        """
        for file in self.files:
            if file.discard_if_changed():
                raise SubmitError(
                    f"{shown_path(str(file.report.name))} changed during the run, so its items"
                    " cannot be read any more. The journal belongs to the former content: restore"
                    " it to resume, or to write the output files."
                )

    def read(self, numbers: Iterable[int] | None = None) -> Iterator[InputItem]:
        """Yield items.

        Args:
            numbers: their numbers, ascending; None for all.

        Raises:
            SubmitError: a file has changed.
        """
        starts = [part.start for part in self._parts]
        numbers = range(self.count) if numbers is None else numbers
        for at, group in groupby(numbers, lambda number: bisect_right(starts, number) - 1):
            part = self._parts[at]
            self.check_unchanged()
            try:
                yield from part.read(group)
            except Exception:
                # What is read again from a file that changed may be anything.
                self.check_unchanged()
                raise
            self.check_unchanged()
