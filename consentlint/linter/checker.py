"""Judge the items of one file, or one list, in their order."""

from collections.abc import Sequence
from typing import NamedTuple

from consentlint.fields import iso8601, schemas
from consentlint.linter import excerpts
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Finding, Profile, Severity
from consentlint.model.items import Event, Fault, Header, Item, Passed, Source
from consentlint.rules import (
    OVERTAKEN,
    RULES,
    Context,
    Earlier,
    FileStart,
    Problem,
    Record,
    Rule,
    unknown_fields,
)
from consentlint.rules.keys import UNKNOWN_FIELD
from consentlint.text.masking import mask

DEFAULT_RULES = frozenset(rule.name for rule in RULES if rule.default)


class Terms(NamedTuple):
    """On what terms items are judged; the same for all files of a run."""

    now: iso8601.Moment
    profile: Profile = Profile.DOCUMENTED
    rules: frozenset[str] = DEFAULT_RULES
    """The names of the rules that may speak. File errors always do."""
    strict: bool = False
    """True: what would be a warning is an error."""
    show_values: bool = False
    """True: phone numbers appear in findings as they are."""
    excerpts: bool = False
    """True: findings carry the line at fault."""


# Larger than any number of an item or a line.
_FILE = 1 << 40


class Together:
    """What several files have said so far that are judged as one list of items."""

    def __init__(self) -> None:
        self.earlier = Earlier()
        self.starts: list[FileStart] = []

    def start(self, file: str, landmark: str) -> None:
        """Begin with the next file."""
        self.starts.append(FileStart(len(self.starts) * _FILE, file, landmark))


class Checker:
    """Judges items one after the other, and remembers what holds between them.

    Args:
        endpoint: whose items they are.
        terms: on what terms they are judged.
        file: the file's name for the findings, None for items that came from no file.
        request_limit: how many items there may be, None for any number.
        landmark: what earlier items are named by in messages: "item" or "line".
        together: what the files before have said, None to judge this one by itself.
    """

    def __init__(  # noqa: PLR0913 - all but two are named
        self,
        endpoint: Endpoint,
        terms: Terms,
        *,
        file: str | None = None,
        request_limit: int | None = None,
        landmark: str = "item",
        together: Together | None = None,
    ) -> None:
        self._terms = terms
        self._file = file
        self._judges = tuple(
            (rule, rule.judge) for rule in endpoint.rules if rule.name in terms.rules
        )
        self._is_lenient_id = schemas.field_predicate("correlation_id", Profile.LENIENT)
        self.earlier = together.earlier if together else Earlier()
        """What the items so far have said."""
        self._start = 0
        if together:
            together.start(file or "", landmark)
            self._start = together.starts[-1].number
        self._keeps_histories = "status" in endpoint.fields
        self._context = Context(
            fields=endpoint.fields,
            forms={
                field: schemas.field_predicate(field, terms.profile) for field in endpoint.fields
            },
            unknown_field=endpoint.unknown_field,
            request_limit=request_limit,
            profile=terms.profile,
            now=terms.now,
            show_values=terms.show_values,
            earlier=self.earlier,
            landmark=landmark,
            starts=together.starts if together else (),
        )

    def check(self, event: Event) -> Sequence[Finding]:
        """Return what is to be said of an event, in the order of the rules."""
        if isinstance(event, Item):
            return self._check_item(event)
        if isinstance(event, Passed):
            self.earlier.last_index += event.items
            return ()
        if isinstance(event, Header):
            return self._check_header(event)
        return (finding_of(event, self._file, self._terms),)

    def _check_item(self, item: Item) -> Sequence[Finding]:
        context = self._context
        landmark = item.index
        if context.landmark == "line" and item.source is not None:
            landmark = item.source.place.line
        record = Record(item.index, self._start + landmark, item.fields, item.repeated, context)
        said = [
            (rule, problems) for rule, judge in self._judges if (problems := judge(record, context))
        ]
        self._remember(record)
        return [self._finding(rule, problem, item) for rule, found in said for problem in found]

    def _check_header(self, header: Header) -> Sequence[Finding]:
        judges = dict(self._judges)
        if UNKNOWN_FIELD not in judges:
            return ()
        # It is said of the column, and need not be of every item.
        del judges[UNKNOWN_FIELD]
        self._judges = tuple(judges.items())
        source = header.source
        known = (*self._context.fields, OVERTAKEN)
        unknown = [member for member in source.members if member.key not in known]
        problems = unknown_fields([member.key for member in unknown], self._context)
        return [
            self._placed(UNKNOWN_FIELD, problem, None, source, (member.start, member.end))
            for member, problem in zip(unknown, problems, strict=False)
        ]

    def _remember(self, record: Record) -> None:
        earlier = self.earlier
        earlier.last_index = record.index
        correlation_id = record.fields.get("correlation_id")
        # What only the lenient profile takes is kept as well: a message may have to say
        # whether it would.
        if "correlation_id" not in record.refused or self._is_lenient_id(correlation_id):
            earlier.remember_id(str(correlation_id), record.landmark)
        if self._keeps_histories and record.entry is not None:
            earlier.remember_record(*record.entry)

    def _finding(self, rule: Rule, problem: Problem, item: Item) -> Finding:
        """Return what a rule has said of an item, with its place where that came from a file."""
        if item.source is None:
            return self._placed(rule, problem, item, None, (0, 0))
        span = item.source.span(problem.field, self._context.fields)
        return self._placed(rule, problem, item, item.source, span)

    def _placed(
        self,
        rule: Rule,
        problem: Problem,
        item: Item | None,
        source: Source | None,
        span: tuple[int, int],
    ) -> Finding:
        """Return what a rule has said, with its place in what was read, if that is known."""
        field = problem.field
        is_named = field is None or field in self._context.fields
        line = column = pointer = excerpt = shown = None
        if source is not None:
            line, column = source.place_of(span[0])
            pointer = source.pointer
            # No member begins where its object does: that is the place of one that is missing.
            if pointer is not None and field is not None and span[0] and source.reaches_fields:
                pointer += f"/{field}" if is_named else self._pointer(field)
            if self._terms.excerpts:
                excerpt = excerpts.of_item(source, *span, show_values=self._terms.show_values)
        if item is not None:
            correlation_id = item.fields.get("correlation_id")
            if isinstance(correlation_id, str):
                shown = self._context.shown(correlation_id, field="correlation_id")
        return Finding(
            file=self._file,
            line=line,
            column=column,
            item=None if item is None else item.index,
            pointer=pointer,
            field=field if field is None or is_named else self._context.shown(field),
            rule=rule.name,
            reason=rule.reason,
            severity=Severity.ERROR if self._terms.strict else problem.severity or rule.severity,
            correlation_id=shown,
            message=problem.message,
            excerpt=excerpt,
        )

    def _pointer(self, key: str) -> str:
        """Return what leads from an item to a member that the API does not name."""
        # A key that cannot be shown as it is has no pointer of its own.
        if key.isprintable() and (self._context.show_values or mask(key) == key):
            return f"/{key.replace('~', '~0').replace('/', '~1')}"
        return ""


def finding_of(fault: Fault, file: str | None, terms: Terms) -> Finding:
    """Return what is to be said of a part of a file that cannot be read."""
    return Finding(
        file=file,
        line=fault.line,
        column=fault.column,
        item=fault.item,
        pointer=fault.pointer,
        field=None,
        rule=fault.rule.name,
        reason=None,
        severity=Severity.ERROR,
        correlation_id=None,
        message=fault.message,
        excerpt=excerpts.of_fault(fault, show_values=terms.show_values) if terms.excerpts else None,
    )
