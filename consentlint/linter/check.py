"""Check files and lists of items: scan, link, show."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from consentlint.formats import ColumnBatch
from consentlint.formats.in_memory import ColumnsPart, ItemsPart
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import ColumnProblem, FileReport, PartReport, Positions
from consentlint.linter.link import link
from consentlint.linter.locate import Locator
from consentlint.linter.part_scan import Scanner
from consentlint.model.endpoints import SUPERSEDED_BY, Endpoint
from consentlint.model.findings import Finding
from consentlint.model.items import Item
from consentlint.model.settings import ReadOptions, Settings
from consentlint.rules import RULES_BY_NAME


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

    def check_file(self, name: str, source: str | bytes | None = None) -> CheckedFile:
        """Check one file.

        Nothing in the file, and no failure to read it, raises: it becomes a finding.

        Args:
            name: the file's name, "-" for standard input.
            source: what to read instead, under the same name: another file, or bytes.
        """
        file = CheckedFile(name, self._options, self._settings, self._engines, source)
        return self._check([file])[0]

    def check_as_one(self, names: Sequence[str]) -> list[CheckedFile]:
        """Check several files as one list of items.

        Args:
            names: the files' names, "-" for standard input.
        """
        return self._check(
            [CheckedFile(name, self._options, self._settings, self._engines) for name in names]
        )

    def _check(self, files: list[CheckedFile]) -> list[CheckedFile]:
        """Check the items of files that were scanned as one list."""
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
    scanner = Scanner(engine, "", use_matcher=False, has_columns=True)
    scanned = scanner.check(part, part.parse())
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
