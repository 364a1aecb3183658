"""Count the records of a file that the API would reject, from codes alone."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from consentlint.linter.engine import WORD_FIELDS, Engine
from consentlint.linter.file_report import ColumnProblem, FileReport, PartReport
from consentlint.model.findings import FileError, Reason, Severity
from consentlint.model.items import ParseError
from consentlint.rules import RULES_BY_NAME, Problem


class RecordCounts(NamedTuple):
    """How many records of a file have which problems."""

    rejected: int
    """Records with a reason code, and those that cannot be parsed."""
    unparsed: int
    """Records that cannot be parsed."""
    other_errors: int
    """Records with errors, none of which has a reason code."""
    by_reason: Counter[Reason]
    by_value: Counter[tuple[str, str | None]]
    """By field and invalid value as a report shows it, for fields with an enumeration. The value
    is None if it is missing, or neither text nor a number."""
    is_complete: bool
    """Whether the whole file was read and checked."""


def count_records(file: FileReport, engine: Engine | None, *, strict: bool) -> RecordCounts:
    """Count the records of a file.

    Args:
        file: the file.
        engine: the checks that found its problems; None if none ran.
        strict: True if warnings count as errors.
    """
    unparsed = sum(error.item is not None for error in _errors(file))
    by_code: Counter[int] = Counter()
    for part in file.parts:
        by_code.update(part.codes)
    found: list[tuple[Problem, str | None, int]] = [
        (column.problem, None, column.records) for column in file.column_problems
    ]
    rejecting, others = set[int](), set[int]()
    for code, count in by_code.items():
        assert engine is not None
        problem = engine.problems[code]
        found.append((problem, engine.values[code], count))
        if is_rejecting(problem):
            rejecting.add(code)
        elif severity_of(problem, strict=strict) is Severity.ERROR:
            others.add(code)
    by_reason: Counter[Reason] = Counter()
    by_value: Counter[tuple[str, str | None]] = Counter()
    for problem, value, count in found:
        reason = RULES_BY_NAME[problem.rule].reason
        if reason is not None and count:
            by_reason[reason] += count
            if problem.field in WORD_FIELDS:
                by_value[problem.field, value] += count
    rejected, other_errors = _count_rows(file.parts, rejecting, others)
    for column in file.column_problems:
        # Every record of the file lacks the field.
        if rejects_all_records(column):
            rejected, other_errors = column.records, 0
    return RecordCounts(
        rejected + unparsed, unparsed, other_errors, by_reason, by_value, is_complete(file)
    )


def _count_rows(
    parts: Sequence[PartReport], rejecting: Collection[int], others: Collection[int]
) -> tuple[int, int]:
    """Return how many rows have a code of one set, and how many have only one of another."""
    count = count_of_others = 0
    for part in parts:
        rejected = part.rows_with(rejecting)
        count += len(rejected)
        if others:
            count_of_others += len(part.rows_with(others) - rejected)
    return count, count_of_others


def is_complete(file: FileReport) -> bool:
    """Tell whether the whole file was read and checked."""
    return not file.is_cut and all(
        error.item is not None or error.error is FileError.EMPTY for error in _errors(file)
    )


def _errors(file: FileReport) -> Iterator[ParseError]:
    return chain((error for part in file.parts for _, error in part.errors), file.errors)


def is_rejecting(problem: Problem) -> bool:
    """Tell whether the API rejects a record with a problem."""
    return RULES_BY_NAME[problem.rule].reason is not None


def rejects_all_records(column: ColumnProblem) -> bool:
    """Tell whether the API rejects every record of a table because of a column."""
    return bool(column.records) and is_rejecting(column.problem)


def error_codes(engine: Engine, *, strict: bool) -> set[int]:
    """Return the codes of the problems that are errors.

    Args:
        engine: the checks that found them.
        strict: True if warnings count as errors.
    """
    return {
        code
        for code, problem in enumerate(engine.problems)
        if severity_of(problem, strict=strict) is Severity.ERROR
    }


def severity_of(problem: Problem, *, strict: bool) -> Severity:
    """Return the severity of a finding.

    Args:
        problem: its problem.
        strict: True if warnings count as errors.
    """
    if strict:
        return Severity.ERROR
    return problem.severity or RULES_BY_NAME[problem.rule].severity
