"""Find the problems between items: duplicate ids, contradicting records.

Only items whose hashes occur more than once are read again and compared in full.
"""

from array import array
from collections.abc import Iterator, Sequence

from consentlint.linter.engine import Engine
from consentlint.linter.file_report import ColumnProblem, FileReport, PartReport
from consentlint.linter.hashes import repeated, rows_with
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.rules import CrossItemState, Keys, Rule, keys_of
from consentlint.text.plurals import counted

# With more senders, reading every row is faster than looking for each.
_MAX_SERVICES = 32
_SENDER_ADVICE = "sender-not-messaging-service"


def link(files: Sequence[FileReport], engine: Engine) -> None:
    """Add the problems between the items of files that are checked as one list.

    Args:
        files: the files in order; their parts get more problems, or fewer.
        engine: the checks.
    """
    _run_sequence_checks(files, engine)
    _withdraw_sender_advice(files, engine)
    for file in files:
        if file.header is not None:
            _report_columns_once(file, engine)


def _run_sequence_checks(files: Sequence[FileReport], engine: Engine) -> None:
    rules = [rule for rule in engine.rules if rule.sequence]
    if not rules:
        return
    parts = [part for file in files for part in file.parts]
    ids = repeated([part.ids for part in parts])
    pairs = repeated([part.pairs for part in parts])
    state = CrossItemState()
    start = 0
    for file in files:
        state.request_limit = file.request_limit
        state.request_start = start
        state.last_position = start - 1
        limited = file.request_limit is not None
        for part in file.parts:
            rows = (
                part.good_rows()
                if limited
                else sorted({*rows_with(part.ids, ids), *rows_with(part.pairs, pairs)})
            )
            if rows:
                found = _check_rows(part, rows, start, state, rules, engine)
                _add(part, found, engine)
        start += file.items


def _check_rows(  # noqa: PLR0913 - the state of a fold
    part: PartReport,
    rows: Sequence[int],
    start: int,
    state: CrossItemState,
    rules: Sequence[Rule],
    engine: Engine,
) -> list[tuple[int, int]]:
    """Return the rows with problems, and the codes of these."""
    found = []
    for row, item in zip(rows, part.read(rows), strict=True):
        if item.fields.get(SUPERSEDED_BY):
            continue
        keys = keys_of(start + item.index, item.fields, engine.rule_settings)
        for rule in rules:
            assert rule.sequence is not None
            found += [(row, engine.code(problem)) for problem in rule.sequence(keys, state)]
        state.add(keys)
    return found


def _add(part: PartReport, found: Sequence[tuple[int, int]], engine: Engine) -> None:
    """Add problems to a part, in the order of rows and rules."""
    if not found:
        return
    order, problems = engine.order, engine.problems
    merged = [*zip(part.rows, part.codes, strict=True), *found]
    merged.sort(key=lambda pair: (pair[0], order[problems[pair[1]].rule]))
    part.rows = array("I", [row for row, _ in merged])
    part.codes = array("I", [code for _, code in merged])


def _withdraw_sender_advice(files: Sequence[FileReport], engine: Engine) -> None:
    """Withdraw the advice about a From number if a Messaging Service has the same record."""
    codes = {code for code, problem in enumerate(engine.problems) if problem.rule == _SENDER_ADVICE}
    services = frozenset[int]().union(*(file.services for file in files))
    if not codes or not services:
        return
    parts = [part for file in files for part in file.parts]
    contacts: set[int] = set()
    advised: dict[PartReport, dict[int, int]] = {}
    for part in parts:
        rows = _rows_of(part, codes)
        advised[part] = records = {}
        for row, keys in zip(rows, _keys(part, rows, engine), strict=True):
            if keys.is_record:
                records[row] = _record(keys)
                contacts.add(int(str(keys.contact), 16))
    stored = {
        _record(keys)
        for part in parts
        for keys in _keys(part, _rows_of_services(part, contacts, services), engine)
        if keys.is_record and str(keys.sender).startswith("mg")
    }
    for part, records in advised.items():
        withdrawn = {row for row, record in records.items() if record in stored}
        if withdrawn:
            _remove(part, withdrawn, codes)


def _rows_of_services(part: PartReport, contacts: set[int], services: frozenset[int]) -> list[int]:
    """Return the rows that may be records of some contacts and Messaging Services."""
    if len(services) > _MAX_SERVICES:
        return part.good_rows()
    rows: set[int] = set()
    for service in services:
        # The hash of a contact and sender is their sum.
        rows.update(rows_with(part.pairs, {contact + service for contact in contacts}))
    return sorted(rows)


def _rows_of(part: PartReport, codes: set[int]) -> list[int]:
    return [row for row, code in zip(part.rows, part.codes, strict=True) if code in codes]


def _keys(part: PartReport, rows: Sequence[int], engine: Engine) -> Iterator[Keys]:
    if rows:
        for item in part.read(rows):
            if not item.fields.get(SUPERSEDED_BY):
                yield keys_of(item.index, item.fields, engine.rule_settings)


def _record(keys: Keys) -> int:
    """Return what a record has in common with the same one for another sender."""
    return hash((keys.contact, keys.status, keys.moment))


def _remove(part: PartReport, rows: set[int] | None, codes: set[int]) -> None:
    """Remove the problems with some codes from some rows, or from all."""
    kept = [
        (row, code)
        for row, code in zip(part.rows, part.codes, strict=True)
        if code not in codes or (rows is not None and row not in rows)
    ]
    part.rows = array("I", [row for row, _ in kept])
    part.codes = array("I", [code for _, code in kept])


def _report_columns_once(file: FileReport, engine: Engine) -> None:
    """Report a field that every row of a table lacks once, for the column."""
    assert file.header is not None
    rows = _count_rows(file)
    for code, problem in enumerate(list(engine.problems)):
        if problem.detail != "missing" or problem.field is None or not rows:
            continue
        is_column = problem.field in file.header.columns
        count = sum(part.codes.count(code) for part in file.parts)
        if count != rows or (is_column and rows == 1):
            continue
        for part in file.parts:
            _remove(part, None, {code})
        start, end = file.header.source.span(problem.field, file.header.columns)
        what = "is empty in every row" if is_column else "is missing"
        message = f"column {problem.field} {what}."
        if problem.field in engine.endpoint.required:
            rejected = f"all {counted(rows, 'row')}" if rows > 1 else "the row"
            message += f" The API would reject {rejected}."
        file.column_problems.append(ColumnProblem(problem, start, end, message, records=rows))
    file.column_problems.sort(key=lambda found: (found.source is not None, found.start))


def _count_rows(file: FileReport) -> int:
    """Return how many rows of a table were checked."""
    assert file.header is not None
    rows = file.items - sum(
        error.item is not None for part in file.parts for _, error in part.errors
    )
    if SUPERSEDED_BY in file.header.columns:
        items = (item for part in file.parts for item in part.read(part.good_rows()))
        rows -= sum(1 for item in items if item.fields.get(SUPERSEDED_BY))
    return rows
