"""Conditions under which a difference between two versions is meant.

Each looks at the finding and at the file that it is about. Files are read leniently and
without consentlint: what cannot be read proves nothing, and leaves a difference unexplained.
"""

import contextlib
import csv
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import parse_qsl, unquote_plus

from random_items import MARK
from verdict_differences import Difference, Finding


def format_of(name: str) -> str:
    """Return the format that a file's name tells, as its suffix."""
    return name.lower().removesuffix(".gz").rpartition(".")[2]


class Evidence:
    """A file and what both versions report about it.

    Args:
        form: the format of the file, see `format_of`.
        content: the file, not compressed.
        old: the findings of the old version.
        new: the findings of the new version.
        options: the options of the run.
    """

    def __init__(
        self,
        form: str,
        content: bytes,
        old: Sequence[Finding],
        new: Sequence[Finding],
        options: Sequence[str] = (),
    ) -> None:
        self.format = form
        self.options = options
        self.old = old
        self.new = new
        self._text = content.decode("utf-8-sig", "replace")
        self.uneven: set[int] = set()
        """The first lines of the rows of a table that are longer or shorter than the header."""

    @property
    def is_table(self) -> bool:
        """Whether the file is CSV."""
        return self.format in ("csv", "tsv")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file, without their ends."""
        return self._text.split("\n")

    @cached_property
    def _cells(self) -> dict[int, dict[str, str]]:
        """The rows of a table by their first lines."""
        delimiter = max(",;\t", key=self.lines[0].count)
        # Only a line feed ends a line, as in the locations of findings.
        lines = (line.rstrip("\r").replace("\r", " ") + "\n" for line in self.lines)
        reader = csv.reader(lines, delimiter=delimiter)
        rows: dict[int, dict[str, str]] = {}
        columns: list[str] = []
        line = 1
        with contextlib.suppress(csv.Error):
            for row in reader:
                if columns:
                    cells = zip(columns, row, strict=False)
                    if len(row) != len(columns):
                        self.uneven.add(line)
                    rows[line] = {column: cell for column, cell in cells if cell}
                elif row and not row[0].startswith("sep="):
                    columns = [cell.strip() for cell in row]
                line = reader.line_num + 1
        return rows

    @cached_property
    def items(self) -> list[object]:
        """The items in order; of a table, its rows."""
        if self.is_table:
            return list(self._cells.values())
        if self.format in ("jsonl", "ndjson"):
            return [_parsed(line) for line in self.lines if line.strip()]
        if self.format == "form":
            pairs = parse_qsl(self._text.strip(), keep_blank_values=True)
            return [_parsed(value) for key, value in pairs if key == "Items"]
        document = _parsed(self._text)
        if isinstance(document, dict):
            lower = {key.lower(): value for key, value in document.items()}
            document = lower.get("items", document)
        return document if isinstance(document, list) else [document]

    def row_start(self, line: int) -> int:
        """Return the first line of the row of a table that a line is in; 1 for the header."""
        return max((start for start in self._cells if start <= line), default=1)

    def item(self, finding: Finding) -> dict[str, object]:
        """Return the item of a finding, empty if it cannot be read."""
        found: object = None
        if finding.item is None or finding.line is None:
            return {}
        if self.is_table:
            found = self._cells.get(self.row_start(finding.line))
        elif self.format in ("jsonl", "ndjson"):
            found = _parsed(self.lines[finding.line - 1])
        elif self.format == "form":
            line = self.lines[finding.line - 1]
            start = line.rfind("Items=", 0, finding.column)
            found = _parsed(unquote_plus(line[start + 6 :].partition("&")[0]))
        elif finding.item < len(self.items):
            found = self.items[finding.item]
        if isinstance(found, str):
            found = _parsed(found)
        return found if isinstance(found, dict) else {}

    def excerpt(self, finding: Finding) -> str:
        """Return what to show of the item of a finding, with digits masked."""
        item = self.item(finding)
        if item:
            text = json.dumps(item, ensure_ascii=False)
        elif finding.line is not None and finding.line <= len(self.lines):
            text = self.lines[finding.line - 1]
        else:
            text = ""
        return re.sub(r"(\+[0-9]{4})[0-9]{4,}", r"\1•••", text)[:300]


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _moment(value: object) -> object:
    """Return a date as a point in time, or as it is if it cannot be read."""
    try:
        date = datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return value
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _is_same_contact(one: object, other: object) -> bool:
    """Tell whether two contacts are the same, apart from a 0 that may be a trunk prefix."""
    first, second = str(one), str(other)
    return first == second or first in _without_zero(second) or second in _without_zero(first)


def _without_zero(number: str) -> list[str]:
    return [number[:at] + number[at + 1 :] for at in range(2, 5) if number[at : at + 1] == "0"]


def with_service(difference: Difference, evidence: Evidence) -> bool:
    """The same contact, status and date has a Messaging Service as its sender, too."""
    mine = evidence.item(difference.finding)
    for other in evidence.items:
        item = _parsed(other) if isinstance(other, str) else other
        if (
            isinstance(item, dict)
            and str(item.get("sender_id")).startswith("MG")
            and item.get("status") == mine.get("status")
            and _is_same_contact(item.get("contact_id"), mine.get("contact_id"))
            and _moment(item.get("date_of_consent")) == _moment(mine.get("date_of_consent"))
        ):
            return True
    return False


def reported_once(difference: Difference, evidence: Evidence) -> bool:
    """The new version reports the rule once, at the header of the table."""
    if difference.new is not None:
        return difference.new.item is None and difference.new.line in _HEADER_LINES
    rule = difference.finding.rule
    return any(found.rule == rule and found.item is None for found in evidence.new)


def repeated_column(difference: Difference, evidence: Evidence) -> bool:
    """A name occurs more than once in the header of the table."""
    header = evidence.lines[(difference.finding.line or 1) - 1]
    names = re.split(r"[,;\t|]", header.replace('"', "").strip())
    return evidence.is_table and len(set(names)) < len(names)


def in_header(difference: Difference, evidence: Evidence) -> bool:
    """The header of a table is invalid, and the new version names the column."""
    old, new = difference.old, difference.new
    assert old is not None
    assert new is not None
    return evidence.is_table and old.item is None and new.line in _HEADER_LINES


def old_stopped(difference: Difference, evidence: Evidence) -> bool:
    """The old version stopped reading after an error in the text of a table or document."""
    stops = [
        found.line or 1
        for found in evidence.old
        if found.rule in ("file-encoding", "file-malformed") and found.item is None
    ]
    if not stops or evidence.format in ("jsonl", "ndjson"):
        return False
    # It decoded a document as a whole before it read the first item.
    start = evidence.row_start(min(stops)) if evidence.is_table else 1
    return (difference.finding.line or 1) >= start


def item_of_bad_byte(difference: Difference, evidence: Evidence) -> bool:
    """The new version knows which item a byte belongs to that is not UTF-8."""
    old, new = difference.old, difference.new
    return old is not None and new is not None and old.item is None and new.item is not None


def more_items(difference: Difference, evidence: Evidence) -> bool:
    """The new version read more items."""
    old, new = difference.old, difference.new
    return old is not None and new is not None and (old.item or 0) < (new.item or 0)


def is_usual(difference: Difference, evidence: Evidence) -> bool:
    """The date has the form that all parsers accept, or lacks nothing but an offset."""
    return _is_usual(evidence.item(difference.finding).get("date_of_consent"))


def is_unusual(difference: Difference, evidence: Evidence) -> bool:
    """The date has not the form that all parsers accept, even with an offset."""
    return not _is_usual(evidence.item(difference.finding).get("date_of_consent"))


def _is_usual(value: object) -> bool:
    return isinstance(value, str) and bool(
        _USUAL.fullmatch(value) and not value[11:].startswith("24:")
    )


def has_separator(difference: Difference, evidence: Evidence) -> bool:
    """The postal code has a space or a hyphen, which may be left out but not moved."""
    return bool(re.search("[ -]", str(evidence.item(difference.finding).get("zip_code"))))


def of_other_endpoint(difference: Difference, evidence: Evidence) -> bool:
    """The item has a sender although it is checked as a contact."""
    # An unknown column is reported at the header.
    places = (difference.finding.item, None)
    unknown = (found for found in evidence.new if found.rule == "unknown-field")
    has_sender = "sender_id" in evidence.item(difference.finding)
    return has_sender and any(found.item in places for found in unknown)


def within_item(difference: Difference, evidence: Evidence) -> bool:
    """Two findings of one rule and item come in another order."""
    old, new = difference.old, difference.new
    return old is not None and new is not None and old[3:] == new[3:]


def not_read(difference: Difference, evidence: Evidence) -> bool:
    """The new version reports the file as a whole, and none of its items."""
    return bool(evidence.new) and all(
        found.item is None and found.rule in ("file-kind", "file-malformed")
        for found in evidence.new
    )


def was_not_read(difference: Difference, evidence: Evidence) -> bool:
    """The old version rejected the header of the table, and read none of its rows."""
    return evidence.is_table and [found.rule for found in evidence.old] == ["file-kind"]


def only_errors(difference: Difference, evidence: Evidence) -> bool:
    """The run selects errors, and the finding is a warning."""
    return "errors" in evidence.options and difference.finding.severity == "warning"


def fewer_items(difference: Difference, evidence: Evidence) -> bool:
    """The new version read fewer items."""
    old, new = difference.old, difference.new
    return old is not None and new is not None and (old.item or 0) > (new.item or 0)


def has_other_length(difference: Difference, evidence: Evidence) -> bool:
    """The row has more cells than the header, or fewer."""
    line = difference.finding.line
    return evidence.is_table and line is not None and evidence.row_start(line) in evidence.uneven


def was_malformed(difference: Difference, evidence: Evidence) -> bool:
    """The row was malformed for the old version, and the new one reports something else about it."""
    line = difference.finding.line
    malformed = {found.line for found in evidence.old if found.rule == "item-malformed"}
    return evidence.is_table and line in malformed and line in {each.line for each in evidence.new}


def follows_uneven_row(difference: Difference, evidence: Evidence) -> bool:
    """An earlier row of the table has more cells than the header, or fewer."""
    line = difference.finding.line
    return evidence.is_table and line is not None and min(evidence.uneven, default=line) < line


def follows_mark(difference: Difference, evidence: Evidence) -> bool:
    """Only the mark of superseded items precedes it, whose new name has one character more."""
    old, new = difference.old, difference.new
    if old is None or new is None or old.line is None or old.column is None:
        return False
    before = evidence.lines[old.line - 1][: old.column + len(MARK)]
    return new == old._replace(column=old.column + before.count(MARK))


def follows_broken_quote(difference: Difference, evidence: Evidence) -> bool:
    """Both versions report a broken quote right before, after which rows begin elsewhere."""
    line = difference.finding.line
    broken = [
        {found.line for found in findings if found.rule == "file-malformed"}
        for findings in (evidence.old, evidence.new)
    ]
    near = set() if line is None else set(range(line - _MAX_BROKEN_LINES, line + 1))
    return evidence.is_table and bool(near & broken[0] & broken[1])


def has_other_keys(difference: Difference, evidence: Evidence) -> bool:
    """The form body has keys other than `Items`."""
    text = "\n".join(evidence.lines)
    return evidence.format == "form" and any(
        unquote_plus(part.partition("=")[0].strip()) != "Items" or "=" not in part
        for part in text.split("&")
        if part.strip()
    )


_HEADER_LINES = (1, 2)
_MAX_BROKEN_LINES = 3
_OFFSET = "(?:Z|[+-](?:(?:0[0-9]|1[0-7]):[0-5][0-9]|18:00))?"
_USUAL = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-5][0-9](?:\.[0-9]{{1,9}})?{_OFFSET}"
)

CONDITIONS: dict[str, Callable[[Difference, Evidence], bool]] = {
    "with a messaging service": with_service,
    "reported once": reported_once,
    "repeated column": repeated_column,
    "in the header": in_header,
    "old version stopped": old_stopped,
    "item of a bad byte": item_of_bad_byte,
    "more items": more_items,
    "usual date": is_usual,
    "unusual date": is_unusual,
    "separator": has_separator,
    "field of the other endpoint": of_other_endpoint,
    "within an item": within_item,
    "table": lambda _, evidence: evidence.is_table,
    "not read": not_read,
    "was not read": was_not_read,
    "only errors": only_errors,
    "fewer items": fewer_items,
    "row of another length": has_other_length,
    "was malformed": was_malformed,
    "after a row of another length": follows_uneven_row,
    "after the mark": follows_mark,
    "after a broken quote": follows_broken_quote,
    "other keys": has_other_keys,
}
"""The conditions that `accepted_differences.toml` may name."""
