"""Check files and lists of items: scan, link, show."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self, TypeVar

from consentlint.formats import (
    MAX_ERRORS,
    ColumnBatch,
    Content,
    Parsed,
    Part,
    Unreadable,
    too_many_errors,
)
from consentlint.formats.in_memory import ColumnsPart, ItemsPart
from consentlint.linter.engine import Engine
from consentlint.linter.files import KindDetector, detect_format, unreadable
from consentlint.linter.lines import Base, LineScan, moved
from consentlint.linter.link import link
from consentlint.linter.locate import Locator
from consentlint.linter.reports import ColumnProblem, FileReport, PartReport, Positions
from consentlint.linter.scan import Scanned, Scanner
from consentlint.model.endpoints import REQUEST_LIMIT, SUPERSEDED_BY, Endpoint
from consentlint.model.findings import FileError, Finding, Severity
from consentlint.model.items import Header, Item, Location, ParseError
from consentlint.model.settings import ReadOptions, Settings
from consentlint.rules import RULES_BY_NAME

_T = TypeVar("_T")


class CheckedFile:
    """A file that was checked; its findings are made when they are asked for.

    Close it, or use it as a context manager, when its findings have been read.
    """

    def __init__(
        self, name: str, options: ReadOptions, settings: Settings, engines: dict[str, Engine]
    ) -> None:
        self.report = FileReport(options.stdin_name if name == "-" else name)
        self.engine: Engine | None = None
        """The checks of its items; None if their kind is unknown."""
        self._options = options
        self._settings = settings
        self._engines = engines
        self._content: Content | None = None
        self._positions: Positions | None = None
        self._kind_error: ParseError | None = None
        self._errors = 0
        try:
            self._content = Content(name)
            self._scan(self._content)
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
        report = self.report
        if not (report.items or report.errors):
            message = "the file has no items. A linter that saw nothing has proved nothing."
            report.errors.append(ParseError(FileError.EMPTY, message, Location(1, 1, 0)))

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

    def counts(self) -> Iterator[tuple[str, Severity, int]]:
        """Yield the names of rules with a severity and how many findings there are."""
        return self._locator().counts()

    def findings(self) -> Iterator[Finding]:
        """Yield the findings, in the order of the file."""
        yield from self._guarded(self._locator().findings(), lambda _, finding: finding)

    def items(self) -> Iterator[tuple[Item | ParseError, list[Finding]]]:
        """Yield every item and parse error with its findings, in the order of the file."""
        yield from self._guarded(self._locator().items(), lambda error, found: (error, [found]))

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

    def _scan(self, content: Content) -> None:
        report, options = self.report, self._options
        assert report.name is not None
        found = detect_format(content, report.name, options.format)
        if isinstance(found, ParseError):
            report.errors.append(found)
            return
        report.format = found
        if options.request or found == "form":
            report.request_limit = REQUEST_LIMIT
        detector = KindDetector(options.endpoint)
        if found in ("csv", "jsonl"):
            self._scan_lines(content, detector)
        else:
            self._scan_whole(content, detector)
        if self._kind_error is None and self.engine is None and detector.has_seen_items:
            self._kind_error = detector.undetected()
        if self._kind_error is not None:
            report.errors.append(self._kind_error)

    def _start(self, endpoint: Endpoint, *, use_matcher: bool) -> Scanner:
        self.report.endpoint = endpoint
        self.engine = self._engines.get(endpoint.name)
        if self.engine is None:
            self.engine = self._engines[endpoint.name] = Engine(endpoint, self._settings)
        if self.report.header is not None:
            self.report.column_problems += _column_problems(self.report.header, self.engine)
        is_allowed = self._options.fast_path and not self._options.request
        return Scanner(self.engine, self.report.format, use_matcher=use_matcher and is_allowed)

    def _detect(
        self, detector: KindDetector, part: Part, parsed: Parsed, *, use_matcher: bool
    ) -> Scanner | None:
        """Return the scanner once the kind of items is known."""
        found = detector.detect_from_items(part, parsed)
        if isinstance(found, Endpoint):
            return self._start(found, use_matcher=use_matcher)
        self._kind_error = found
        return None

    def _scan_whole(self, content: Content, detector: KindDetector) -> None:
        scanners: list[Scanner] = []
        waiting: list[_Waiting] = []
        use_matcher = not content.fits_in_head

        def matcher() -> Any:
            return scanners[0].matcher if scanners else None

        for part, parsed in open_whole(content, self.report.format, matcher):
            scanner = scanners[0] if scanners else None
            if scanner is None:
                waiting.append(_Waiting(part, parsed, Base(0, 0)))
                scanner = self._detect(detector, part, parsed, use_matcher=use_matcher)
                if scanner is None and self._is_undetected(waiting):
                    break
                scanners += [scanner] if scanner is not None else []
                if scanner is not None and not self._add_waiting(waiting, scanner):
                    return
            elif not self._add(part, scanner.check(part, parsed), Base(0, 0)):
                return
        if not scanners:
            self._add_errors(waiting)

    def _scan_lines(self, content: Content, detector: KindDetector) -> None:
        scan = LineScan(content, self.report.format)
        self.report.header = scan.header
        if scan.errors or scan.is_empty:
            self.report.errors += scan.errors
            return
        scanner: Scanner | None = None
        waiting: list[_Waiting] = []
        use_matcher = not content.fits_in_head
        if scan.header is not None:
            found = detector.detect_from_header(scan.header)
            if isinstance(found, ParseError):
                self._kind_error = found
                return
            scanner = self._start(found, use_matcher=use_matcher)
        while scanner is None or scanner.is_learning:
            part = next(scan.parts(), None)
            if part is None:
                break
            parsed = part.parse(None, is_last=scan.is_last(part))
            if scanner is not None:
                part, base = scan.take(part, parsed)
                if not self._add(part, scanner.check(part, parsed), base):
                    return
                continue
            scanner = self._detect(detector, part, parsed, use_matcher=use_matcher)
            part, base = scan.take(part, parsed)
            waiting.append(_Waiting(part, parsed, base))
            if scanner is None and self._is_undetected(waiting):
                break
            if scanner is not None and not self._add_waiting(waiting, scanner):
                return
        if scanner is None:
            self._add_errors(waiting)
            return
        for part, scanned, base in scan.rest(scanner, self._options.jobs):
            if not self._add(part, scanned, base):
                return

    def _is_undetected(self, waiting: Sequence["_Waiting"]) -> bool:
        """Tell whether there is no use in reading on to detect the kind of items."""
        errors = sum(len(each.parsed.errors) for each in waiting)
        is_fatal = waiting[-1].parsed.is_fatal
        return self._kind_error is not None or is_fatal or errors >= MAX_ERRORS

    def _add_waiting(self, waiting: Sequence["_Waiting"], scanner: Scanner) -> bool:
        """Add the reports of the parts that came before the kind was known."""
        return all(
            self._add(part, scanner.check(part, parsed), base) for part, parsed, base in waiting
        )

    def _add_errors(self, waiting: Sequence["_Waiting"]) -> None:
        """Add the parse errors of parts whose items are of no known kind."""
        first = 0
        errors: list[ParseError] = []
        for _, parsed, base in waiting:
            errors += [moved(error, first, base) for _, error in parsed.errors]
            first += parsed.items
        self.report.errors += errors[:MAX_ERRORS]
        if len(errors) >= MAX_ERRORS:
            self.report.errors.append(too_many_errors(errors[MAX_ERRORS - 1]))

    def _add(self, part: Part, scanned: Scanned, base: Base) -> bool:
        """Add the report of a part; return False if nothing more is read.

        Args:
            part: the part.
            scanned: what was found in it.
            base: what to add to the locations of its parse errors.
        """
        engine = self.engine
        assert engine is not None
        first = self.report.items
        errors = [
            (row, moved(error, first, base))
            for row, error in scanned.errors[: MAX_ERRORS - self._errors]
        ]
        self._errors += len(errors)
        codes = scanned.codes
        if scanned.problems is not engine.problems:
            own = [engine.code(problem) for problem in scanned.problems]
            codes = array("I", [own[code] for code in codes])
        report = PartReport.of(part, scanned._replace(errors=errors, codes=codes), first)
        self.report.parts.append(report)
        self.report.services |= scanned.services
        if self._errors == MAX_ERRORS:
            report.cut(errors[-1][0] + 1)
            self.report.errors.append(too_many_errors(errors[-1][1]))
            return False
        return not scanned.is_fatal


class _Waiting(NamedTuple):
    """A part that was parsed before the kind of items was known."""

    part: Part
    parsed: Parsed
    base: Base


def open_whole(content: Content, format_name: str, matcher: Any) -> Iterator[tuple[Part, Parsed]]:
    """Yield the parts of a file that is read as a whole, with their contents."""
    text = content.load(content.start, content.size)
    if format_name == "form":
        from consentlint.formats import form_body

        part = ItemsPart(list(form_body.read(text, content.start)))
        yield part, part.parse()
        return
    from consentlint.formats.json_document import JsonDocument

    yield from JsonDocument(text, content.start).read(matcher)


def _column_problems(header: Header, engine: Engine) -> list[ColumnProblem]:
    """Return the problems with the columns of a table."""
    known = {*engine.endpoint.fields, SUPERSEDED_BY}
    if known.issuperset(header.columns):
        return []
    return [
        ColumnProblem(problem, *header.source.span(problem.field, header.columns))
        for problem in engine.check_columns(header.columns, {})
    ]


class Linter:
    """Checks files under the same options and settings.

    Args:
        options: how to read files.
        settings: how to check their items.
    """

    def __init__(self, options: ReadOptions, settings: Settings) -> None:
        self._options = options
        self._settings = settings
        self._engines: dict[str, Engine] = {}

    def check_file(self, name: str) -> CheckedFile:
        """Check one file.

        Nothing in the file, and no failure to read it, raises: it becomes a finding.

        Args:
            name: the file's name, "-" for standard input.
        """
        return self.check_as_one([name])[0]

    def check_as_one(self, names: Sequence[str]) -> list[CheckedFile]:
        """Check several files as one list of items.

        Args:
            names: the files' names, "-" for standard input.
        """
        files = [CheckedFile(name, self._options, self._settings, self._engines) for name in names]
        for engine in self._engines.values():
            same = [file for file in files if file.engine is engine]
            reports = [file.report for file in same]
            positions = Positions(reports)
            for file in same:
                file.name_items_by(positions)
            self._link(same, engine)
        return files

    def _link(self, files: Sequence[CheckedFile], engine: Engine) -> None:
        failure = None
        try:
            link([file.report for file in files], engine)
        except Exception as error:  # noqa: BLE001 - a file that changed may hold anything
            failure = error
        changed = [file for file in files if file.discard_if_changed()]
        if failure is not None and not changed:
            for file in files:
                file.close()
            raise failure


def check_list(
    items: Sequence[Mapping[str, object]], endpoint: Endpoint, settings: Settings
) -> list[Finding]:
    """Check items that are in memory as one list."""
    engine = Engine(endpoint, settings)
    report = FileReport(None)
    report.endpoint = endpoint
    part = ItemsPart([Item(index, fields) for index, fields in enumerate(items)])
    scanned = Scanner(engine, "", use_matcher=False).check(part, part.parse())
    report.parts.append(PartReport.of(part, scanned, 0))
    report.services = scanned.services
    link([report], engine)
    return list(Locator(report, engine, settings, Positions([report])).findings())


class BatchResult(NamedTuple):
    """What was found in columns of items."""

    findings: list[Finding]
    """`Finding.item` is the row."""
    reasons: list[tuple[str, ...]]
    """The reason codes of each row, in the order of a response; empty if it would be stored."""


def check_columns(
    batch: ColumnBatch, names: Sequence[str], endpoint: Endpoint, settings: Settings
) -> BatchResult:
    """Check items that are in columns as one list.

    Args:
        batch: the columns.
        names: their names.
        endpoint: the endpoint of the items.
        settings: how they are checked.
    """
    engine = Engine(endpoint, settings)
    report = FileReport(None)
    report.endpoint = endpoint
    if not {*endpoint.fields, SUPERSEDED_BY}.issuperset(names):
        found = engine.check_columns(names, {})
        report.column_problems += [ColumnProblem(problem, 0, 0) for problem in found]
    part = ColumnsPart(batch)
    scanned = Scanner(engine, "", use_matcher=False).check(part, part.parse())
    report.parts.append(PartReport.of(part, scanned, 0))
    report.services = scanned.services
    link([report], engine)
    reasons: list[dict[str, None]] = [{} for _ in range(batch.count)]
    (checked,) = report.parts
    for row, code in zip(checked.rows, checked.codes, strict=True):
        reason = RULES_BY_NAME[engine.problems[code].rule].reason
        if reason is not None:
            reasons[row][str(reason)] = None
    findings = list(Locator(report, engine, settings, Positions([report])).findings())
    return BatchResult(findings, [tuple(row) for row in reasons])
