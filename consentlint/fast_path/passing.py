"""Learn from the first items of a file what later ones may be passed over."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from consentlint.fast_path.elements import ProvenElements
from consentlint.fast_path.index import CONTACT_BITS, MOST_OFFSETS, Index
from consentlint.fast_path.lines import ProvenLines
from consentlint.fast_path.proof import Known, Prover
from consentlint.fast_path.record_pattern import RecordPattern, pattern_of
from consentlint.fast_path.trial import Trial
from consentlint.fields.schemas import enumeration
from consentlint.formats import Lines, Passing, Run, Stream
from consentlint.linter.checker import Terms
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Finding
from consentlint.model.items import Event, Item
from consentlint.rules import Earlier

LEARN_AFTER = 1_000
"""So many clean items are judged before a pattern is made from one: it costs as much."""

# A file whose records are written in several ways may be learned anew so often.
_MOST_LESSONS = 4
# Rules of which a pattern cannot say that they have nothing to say.
_UNPROVEN_RULES = {"placeholder", "contact-id-unassigned"}
_MOST_POSTAL_CODES = 200_000
# What may stand round a record, by format; what does not match captures nothing.
_LINE = {"jsonl": (r"[ \t\r]{0,99}+", r"[ \t\r]{0,99}+\n"), "csv": ("", "")}
# Each new sender is asked of the rules with every pair of words; a file that has as many
# senders as this must have them judged one by one.
_MOST_SENDERS = 256


class FastPath(Passing):
    """What may be passed over of one file.

    Args:
        stream: the file.
        format_name: how it is written, one of `readers.FORMATS`.
        jobs: how many processes may prove lines, None for what the file is worth.
    """

    def __init__(self, stream: Stream, format_name: str, jobs: int | None) -> None:
        self._size = stream.size
        self._format = format_name
        self._jobs = jobs
        self._endpoint: Endpoint | None = None
        self._clean = 0
        self._first: list[Mapping[str, object]] = []
        self._lessons = 0
        self._keys: list[str] = []
        self._clean_words: frozenset[tuple[str, str]] = frozenset()
        self._prover: Prover
        self._known = Known({}, {}, set())
        self._senders: set[bytes] = set()
        self._lines: ProvenLines | None = None
        self._elements = ProvenElements()

    def begin(self, endpoint: Endpoint, terms: Terms, earlier: Earlier) -> None:
        """Take in how the items are judged, before the first of them is.

        Args:
            endpoint: whose items they are.
            terms: on what terms they are judged.
            earlier: what the items of the file have said.
        """
        # Where a rule is off that looks at a field's form, a clean item proves nothing of it.
        reasons = {rule.name for rule in endpoint.rules if rule.reason}
        if reasons <= terms.rules and not terms.rules & _UNPROVEN_RULES:
            self._endpoint = endpoint
            self._terms = terms
            self._trial = Trial(endpoint, terms)
            self._earlier = earlier

    def saw(self, event: Event, findings: Sequence[Finding]) -> None:
        """Learn from an event that has been judged."""
        if findings or self._endpoint is None or not isinstance(event, Item):
            return
        self._clean += 1
        if self._lessons:
            self._get_to_know(event.fields)
        if self._clean <= _MOST_LESSONS * LEARN_AFTER:
            self._first.append(event.fields)
            if self._clean % LEARN_AFTER == 0:
                self._learn(event, self._endpoint)
                self._first = []

    def lines(self, stream: Stream) -> Lines:
        """Return the lines of a stream, many of which may be passed over."""
        self._lines = ProvenLines(stream, self._jobs)
        return self._lines

    def elements(self, text: str, start: int, index: int) -> Run:
        """Pass over elements of an array that need not be read."""
        return self._elements.run(text, start, index)

    def _learn(self, item: Item, endpoint: Endpoint) -> None:
        """Make a pattern from a clean item."""
        if not self._lessons:
            self._clean_words = self._clean_with(item.fields)
        # Where a second pattern is needed for another order, there may well be a third.
        keys = list(item.fields)
        any_order = bool(self._lessons) and keys != self._keys
        record = pattern_of(item, endpoint.fields, self._clean_words, any_order=any_order)
        if record is None or (self._lessons and record.date != self._prover.date):
            # The index has dates of one layout.
            return
        if not self._lessons:
            expected = (self._size or 0) // len(item.source.text) if item.source else 0
            self._index = Index(expected, record.date, self._known.offsets)
            self._earlier.share(self._index)
        self._lessons += 1
        self._keys = keys
        self._prover = Prover(
            self._compiled(record),
            record.groups,
            record.date,
            record.date.past(self._terms.now) if record.date else b"",
            _as_bytes(self._clean_words) if record.any_order else None,
        )
        for fields in self._first:
            self._get_to_know(fields)
        for proven in (self._lines, self._elements):
            if proven is not None:
                proven.learn(self._prover, self._known, self._index)

    def _compiled(self, record: RecordPattern) -> re.Pattern[bytes]:
        if self._lines is None:
            # What does not match is taken whole, so that its length tells where it begins.
            pattern = rf"{record.source}[ \t\n\r]*+,[ \t\n\r]*+|([\s\S]+)"
        else:
            before, after = _LINE[self._format]
            pattern = rf"{before}{record.source}{after}|[^\n]*\n"
        return re.compile(pattern.encode("latin-1"))

    def _clean_with(self, fields: Mapping[str, object]) -> frozenset[tuple[str, str]]:
        """Return the pairs of status and source with which there is nothing to say of an item."""
        return frozenset(
            (status, source)
            for status, source in product(enumeration("status"), enumeration("source"))
            if self._trial.is_clean({**fields, "status": status, "source": source})
        )

    def _get_to_know(self, fields: Mapping[str, object]) -> None:
        """Keep in mind what is fine in other items as well, of a clean one."""
        known, groups = self._known, self._prover.groups
        if "sender_id" in groups:
            sender = _bytes(fields, "sender_id")
            if sender not in self._senders and len(self._senders) < _MOST_SENDERS:
                self._senders.add(sender)
                self._try_sender(fields, sender)
        if "offset" in groups and len(known.offsets) < MOST_OFFSETS:
            date = _bytes(fields, "date_of_consent")
            if not date.endswith(b"Z"):
                known.offsets.setdefault(date[-6:], len(known.offsets))
        if "zip_code" in groups and len(known.postal_codes) < _MOST_POSTAL_CODES:
            country, code = (_bytes(fields, field) for field in ("country_iso_code", "zip_code"))
            known.postal_codes.add((country, code))

    def _try_sender(self, fields: Mapping[str, object], sender: bytes) -> None:
        """Keep in mind a sender of which there is nothing to say beside any words that pass."""
        if self._clean_with(fields) >= self._clean_words:
            pair = self._trial.pair(fields)
            number = None if pair is None else self._index.pair_number(pair)
            if number is not None:
                self._known.senders[sender] = number >> CONTACT_BITS << CONTACT_BITS


def _bytes(fields: Mapping[str, object], field: str) -> bytes:
    return str(fields.get(field)).encode("utf-8", "surrogatepass")


def _as_bytes(words: Iterable[tuple[str, str]]) -> frozenset[tuple[bytes, bytes]]:
    return frozenset((status.encode(), source.encode()) for status, source in words)
