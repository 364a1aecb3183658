"""Scan one file: detect its format and kind of items, and report its parts."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from consentlint.formats import (
    MAX_ERRORS,
    Content,
    Parsed,
    Part,
    Remark,
    decode,
    too_many_errors,
)
from consentlint.formats.in_memory import ItemsPart
from consentlint.linter.columns import column_problems, report_remark
from consentlint.linter.detect import KindDetector, detect_format
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport, PartReport
from consentlint.linter.line_scan import Base, LineScan, located_in, moved
from consentlint.linter.part_scan import Scanned, Scanner
from consentlint.model.endpoints import REQUEST_LIMIT, Endpoint
from consentlint.model.items import ParseError
from consentlint.model.settings import ReadOptions, Settings


class FileScan:
    """Scans one file into a report.

    Args:
        report: what is found is added to it.
        options: how to read the file.
        settings: how to check its items.
        engines: the checks for each kind of items, shared by all files; missing ones are added.
    """

    def __init__(
        self,
        report: FileReport,
        options: ReadOptions,
        settings: Settings,
        engines: dict[str, Engine],
    ) -> None:
        self.engine: Engine | None = None
        """The checks of its items; None if their kind is unknown."""
        self._scanner: Scanner | None = None
        self._report = report
        self._options = options
        self._settings = settings
        self._engines = engines
        self._kind_error: ParseError | None = None
        self._remarks: dict[str, Remark] = {}
        self._errors = 0

    @property
    def matcher(self) -> Any:
        """What proves records clean, None if nothing does."""
        return None if self._scanner is None else self._scanner.matcher

    def run(self, content: Content) -> None:
        """Scan the file; what was found until an exception is in the report.

        Raises:
            Unreadable: the content is damaged.
            OSError: it cannot be read.
        """
        report, options = self._report, self._options
        assert report.name is not None
        found = detect_format(content, report.name, options.format)
        if isinstance(found, ParseError):
            report.errors.append(found)
            return
        report.format, report.table = found, content.table
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
        for remark in self._remarks.values():
            report_remark(remark, report, self.engine)

    def _start(self, endpoint: Endpoint, *, use_matcher: bool) -> Scanner:
        self._report.endpoint = endpoint
        self.engine = self._engines.get(endpoint.name)
        if self.engine is None:
            self.engine = self._engines[endpoint.name] = Engine(endpoint, self._settings)
        if self._report.header is not None:
            self._report.column_problems += column_problems(
                self._report.header, self.engine, self._report.table
            )
        is_allowed = self._options.fast_path and not self._options.request
        self._scanner = Scanner(
            self.engine,
            self._report.format,
            use_matcher=use_matcher and is_allowed,
            has_columns=self._report.header is not None,
        )
        return self._scanner

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

        for part, parsed in open_whole(content, self._report.format, matcher):
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
        scan = LineScan(content, self._report.format, self._options.endpoint)
        self._report.header = scan.header
        if scan.errors or scan.is_empty:
            self._report.errors += scan.errors
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
        self._report.malformed = sum(error.item is not None for error in errors[:MAX_ERRORS])
        self._report.errors += errors[:MAX_ERRORS]
        if len(errors) >= MAX_ERRORS:
            self._report.errors.append(too_many_errors(errors[MAX_ERRORS - 1]))

    def _add(self, part: Part, scanned: Scanned, base: Base) -> bool:
        """Add the report of a part; return False if nothing more is read.

        Args:
            part: the part.
            scanned: what was found in it.
            base: what to add to the locations of its parse errors.
        """
        engine = self.engine
        assert engine is not None
        first = self._report.items
        errors = [
            (row, moved(error, first, base))
            for row, error in scanned.errors[: MAX_ERRORS - self._errors]
        ]
        self._errors += len(errors)
        self._add_remarks(scanned.remarks, base)
        codes = scanned.codes
        own = {code: engine.code(*problem) for code, problem in scanned.problems.items()}
        if any(code != theirs for theirs, code in own.items()):
            codes = array("I", [own[code] for code in codes])
        report = PartReport.of(part, scanned._replace(errors=errors, codes=codes), first)
        self._report.parts.append(report)
        self._report.services |= scanned.services
        self._report.is_cut |= scanned.is_fatal
        if self._errors == MAX_ERRORS:
            report.cut(errors[-1][0] + 1)
            self._report.errors.append(too_many_errors(errors[-1][1]))
            return False
        return not scanned.is_fatal

    def _add_remarks(self, remarks: Sequence[Remark], base: Base) -> None:
        """Add up the remarks about the rows of a part."""
        for remark in remarks:
            known = self._remarks.get(remark.kind)
            if known is None:
                known = remark._replace(records=0, location=located_in(remark.location, base))
            self._remarks[remark.kind] = known._replace(records=known.records + remark.records)


class _Waiting(NamedTuple):
    """A part that was parsed before the kind of items was known."""

    part: Part
    parsed: Parsed
    base: Base


def open_whole(content: Content, format_name: str, matcher: Any) -> Iterator[tuple[Part, Parsed]]:
    """Yield the parts of a file that is read as a whole, with their contents."""
    read = content.load(content.start, content.size)
    if format_name == "form":
        from consentlint.formats import form_body

        part = ItemsPart(list(form_body.read(read, content.start)))
        yield part, part.parse()
        return
    from consentlint.formats.json_document import JsonDocument

    yield from JsonDocument(decode(read), content.start).read(matcher)
