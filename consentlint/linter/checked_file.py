"""A file that was checked: its findings are made when they are read."""

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

from consentlint.formats import Content, Unreadable
from consentlint.linter.detect import unreadable
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport, Positions
from consentlint.linter.file_scan import FileScan
from consentlint.linter.groups import SHOWN
from consentlint.linter.locate import Locator
from consentlint.linter.record_counts import RecordCounts, count_records
from consentlint.model.findings import FileError, Finding, Severity
from consentlint.model.items import Item, Location, ParseError
from consentlint.model.settings import ReadOptions, Settings

if TYPE_CHECKING:
    from consentlint.linter.rows import Rows

_T = TypeVar("_T")


class CheckedFile:
    """A file that was checked; its findings are made when they are asked for.

    Close it, or use it as a context manager, when its findings have been read.

    Args:
        name: the file's name, "-" for standard input.
        options: how to read it.
        settings: how to check its items.
        engines: the checks for each kind of items, shared by all files; missing ones are added.
        source: what to read instead, under the same name: another file, or bytes.
    """

    def __init__(
        self,
        name: str,
        options: ReadOptions,
        settings: Settings,
        engines: dict[str, Engine],
        source: str | bytes | None = None,
    ) -> None:
        self.report = FileReport(options.stdin_name if name == "-" else name)
        self._settings = settings
        self._content: Content | None = None
        self._positions: Positions | None = None
        self._scan = FileScan(self.report, options, settings, engines)
        try:
            self._content = Content(name if source is None else source, options.sheet)
            self._scan.run(self._content)
        except (Unreadable, OSError) as error:
            self.report.errors.append(unreadable(error))
        except Exception:
            # What is read again from a file that changed may be anything.
            if not self.discard_if_changed():
                raise
        if self._content is not None and self._content.failure is not None:
            failure = unreadable(self._content.failure)
            if failure not in self.report.errors:
                self.report.errors.append(failure)
        if self.report.is_empty:
            message = (
                "the file has no items, so nothing was checked. Check whether the export failed."
            )
            self.report.errors.append(ParseError(FileError.EMPTY, message, Location(1, 1, 0)))

    @property
    def content(self) -> Content | None:
        """The bytes of the file; None if it cannot be opened."""
        return self._content

    @property
    def engine(self) -> Engine | None:
        """The checks of its items; None if their kind is unknown."""
        return self._scan.engine

    @property
    def matcher(self) -> Any:
        """What has proven many of its items clean; None if nothing has."""
        return self._scan.matcher

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; no more findings can be made."""
        if self._content is not None:
            self._content.__exit__()

    def name_items_by(self, positions: Positions) -> None:
        """Set how messages name the items of this and other files."""
        self._positions = positions

    def drop_rules(self, rules: Collection[str]) -> None:
        """Drop the problems of some rules; parse errors stay."""
        if rules and self.engine is not None:
            self.report.drop_rules(rules, self.engine.problems)

    def counts(self) -> Iterator[tuple[str, Severity, int]]:
        """Yield the names of rules with a severity and how many findings there are."""
        return self._locator().counts()

    def record_counts(self) -> RecordCounts:
        """Count the records that the API would reject."""
        return count_records(self.report, self.engine, strict=self._settings.strict)

    def findings(self, *, grouped: bool = False, group_size: int = SHOWN) -> Iterator[Finding]:
        """Yield the findings, in the order of the file.

        Args:
            grouped: True for the first findings of each group only.
            group_size: how many of them.
        """
        findings = self._locator().findings(grouped=grouped, group_size=group_size)
        yield from self._guarded(findings, lambda _, finding: finding)

    def items(self) -> Iterator[tuple[Item | ParseError, list[Finding]]]:
        """Yield every item and parse error with its findings, in the order of the file."""
        yield from self._guarded(self._locator().items(), lambda error, found: (error, [found]))

    def rows(self) -> "Rows":
        """Return the rows of the file, to be split into those with an error and the others.

        Raises:
            RowsError: the file has none, or was not read to its end, so not all are known.
        """
        # Few runs need it.
        from consentlint.linter.rows import Rows, RowsError

        is_complete = self.record_counts().is_complete and self._change() is None
        if is_complete and not self.report.parts:
            raise RowsError("has no records")
        if not is_complete or self.engine is None or self._content is None:
            raise RowsError("could not be read completely")
        if self.report.table is not None:
            raise RowsError(self.report.table.not_written)
        return Rows(self.report, self.engine, self._content, strict=self._settings.strict)

    def header_findings(self) -> list[Finding]:
        """Return the findings about the columns of a table."""
        return list(self._locator().header_findings())

    def _locator(self) -> Locator:
        return Locator(self.report, self.engine, self._settings, self._positions)

    def discard_if_changed(self) -> bool:
        """Report a file that changed since it was scanned as unreadable, and drop its items.

        Returns:
            Whether it changed.
        """
        error = self._change()
        if error is not None:
            self.report.parts, self.report.column_problems = [], []
            self.report.errors = [error]
        return error is not None

    def _change(self) -> ParseError | None:
        """Return the parse error for a file that changed since it was opened, or None."""
        try:
            if self._content is not None:
                self._content.check_unchanged()
        except (Unreadable, OSError) as error:
            return unreadable(error)
        return None

    def _guarded(
        self, found: Iterator[_T], wrap: Callable[[ParseError, Finding], _T]
    ) -> Iterator[_T]:
        """Yield what is read from the file again; a change in between is a finding."""
        error = self._change()
        try:
            if error is None:
                yield from found
        except Exception as failure:
            error = self._change()
            if isinstance(failure, Unreadable | OSError):
                error = error or unreadable(failure)
            if error is None:
                raise
        if error is not None:
            yield wrap(error, self._locator().error_finding(error))
