"""Judge the items of one file, or one list, in their order."""

from collections.abc import Iterator
from typing import NamedTuple

from consentlint import excerpts, iso8601, schemas
from consentlint.endpoints import Endpoint
from consentlint.findings import Finding, Profile, Severity
from consentlint.items import Event, Fault, Header, Item, Passed, Source
from consentlint.masking import mask
from consentlint.rules import RULES, Context, Earlier, Problem, Record, Rule, unknown_fields
from consentlint.rules.keys import UNKNOWN_FIELD

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


class Checker:
    """Judges items one after the other, and remembers what holds between them.

    Args:
        endpoint: whose items they are.
        terms: on what terms they are judged.
        file: the file's name for the findings, None for items that came from no file.
        request_limit: how many items there may be, None for any number.
        landmark: what earlier items are named by in messages: "item" or "line".
    """

    def __init__(
        self,
        endpoint: Endpoint,
        terms: Terms,
        *,
        file: str | None = None,
        request_limit: int | None = None,
        landmark: str = "item",
    ) -> None:
        self._terms = terms
        self._file = file
        self._rules = tuple(rule for rule in endpoint.rules if rule.name in terms.rules)
        self.earlier = Earlier()
        """What the items so far have said."""
        self._keeps_histories = "status" in endpoint.fields
        self._context = Context(
            fields=endpoint.fields,
            unknown_field=endpoint.unknown_field,
            request_limit=request_limit,
            profile=terms.profile,
            now=terms.now,
            show_values=terms.show_values,
            earlier=self.earlier,
            landmark=landmark,
        )

    def check(self, event: Event) -> Iterator[Finding]:
        """Yield what is to be said of an event, in the order of the rules."""
        if isinstance(event, Item):
            yield from self._check_item(event)
        elif isinstance(event, Header):
            yield from self._check_header(event)
        elif isinstance(event, Passed):
            self.earlier.last_index += event.items
        else:
            yield finding_of(event, self._file, self._terms)

    def _check_item(self, item: Item) -> Iterator[Finding]:
        context = self._context
        landmark = item.source.place.line if context.landmark == "line" and item.source else None
        record = Record(
            item.index,
            item.index if landmark is None else landmark,
            item.fields,
            item.repeated,
            context,
        )
        for rule in self._rules:
            for problem in rule.judge(record, context):
                finding = self._finding(rule, problem, item)
                if item.source is not None:
                    finding = self._placed_in_item(finding, item.source, problem.field)
                yield finding
        self._remember(record)

    def _check_header(self, header: Header) -> Iterator[Finding]:
        if UNKNOWN_FIELD not in self._rules:
            return
        unknown = [m for m in header.source.members if m.key not in self._context.fields]
        problems = unknown_fields([member.key for member in unknown], self._context)
        for member, problem in zip(unknown, problems, strict=False):
            finding = self._finding(UNKNOWN_FIELD, problem, None)
            yield self._placed(finding, header.source, member.start, member.end)
        # It has been said of the column, and need not be of every item.
        self._rules = tuple(rule for rule in self._rules if rule is not UNKNOWN_FIELD)

    def _remember(self, record: Record) -> None:
        earlier = self.earlier
        earlier.last_index = record.index
        correlation_id = record.get("correlation_id")
        # What only the lenient profile takes is kept as well: a message may have to say
        # whether it would.
        if schemas.field_predicate("correlation_id", Profile.LENIENT)(correlation_id):
            earlier.remember_id(str(correlation_id), record.landmark)
        if self._keeps_histories and record.entry is not None:
            earlier.remember_record(*record.entry)

    def _finding(self, rule: Rule, problem: Problem, item: Item | None) -> Finding:
        """Return what a rule has said, without its place."""
        correlation_id = item and item.fields.get("correlation_id")
        shown = None
        if isinstance(correlation_id, str):
            shown = self._context.shown(correlation_id, field="correlation_id")
        severity = Severity.ERROR if self._terms.strict else problem.severity or rule.severity
        return Finding(
            file=self._file,
            line=None,
            column=None,
            item=item.index if item else None,
            pointer=None,
            field=self._shown_key(problem.field),
            rule=rule.name,
            reason=rule.reason,
            severity=severity,
            correlation_id=shown,
            message=problem.message,
        )

    def _placed_in_item(self, finding: Finding, source: Source, field: str | None) -> Finding:
        """Return a finding with the place of a field in an item."""
        start, end = source.span(field, self._context.fields)
        placed = self._placed(finding, source, start, end)
        pointer = source.pointer
        if pointer is not None and source.reaches_fields and source.member(field):
            key = str(field)
            # A key that cannot be shown as it is has no pointer of its own.
            if key.isprintable() and (self._context.show_values or mask(key) == key):
                pointer = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        return placed._replace(pointer=pointer)

    def _placed(self, finding: Finding, source: Source, start: int, end: int) -> Finding:
        """Return a finding with the place of a span, and the line where it is wanted."""
        line, column = source.place_of(start)
        excerpt = None
        if self._terms.excerpts:
            show_values = self._terms.show_values
            excerpt = excerpts.of_item(source, start, end, show_values=show_values)
        return finding._replace(line=line, column=column, excerpt=excerpt)

    def _shown_key(self, key: str | None) -> str | None:
        """Return a field's name, made fit to be shown where it is one of the file's own."""
        if key is None or key in self._context.fields:
            return key
        return self._context.shown(key)


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
