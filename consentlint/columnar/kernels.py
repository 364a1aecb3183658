"""Prove the rows of a record batch clean by whole columns.

The contract is that of `fast_path`: a kernel may only prove that a row is clean by itself. Every other
row goes through the checks.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from consentlint.columnar.schema import Array
from consentlint.fields.phone_numbers import possible_pattern
from consentlint.linter.engine import Engine
from consentlint.linter.proofs import PLAIN_DATE, date_limit
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import MISSING
from consentlint.rules import rules_for

Columns = Mapping[str, Array]
"""A pyarrow.StringArray for each field that a table has."""

_PROVEN = ("contact_id", "correlation_id", "date_of_consent")
_HEXADECIMAL = "0123456789ABCDEFabcdef"
_ID_LENGTH = 32
# No clean value has one, so texts that are joined by it are equal only if the values are.
_SEPARATOR = "\t"
# Distinct combinations of values that are remembered.
_MAX_REMEMBERED = 65_536


class RowProver:
    """Proves rows clean under the rules of an engine.

    Args:
        engine: the checks.
    """

    def __init__(self, engine: Engine) -> None:
        endpoint = engine.endpoint
        self._engine = engine
        self._words = tuple(field for field in endpoint.fields if field not in _PROVEN)
        self._has_date = "date_of_consent" in endpoint.fields
        self._clean: dict[bytes, bool] = {}
        self._limit = date_limit(engine.settings.now)
        is_optional = self._has_date and engine.is_clean({"date_of_consent": MISSING})
        self._may_lack_date = is_optional
        self.is_usable = self._covers_rules()
        """False if a rule is selected that looks at more than the kernels do, or if one is not selected
        without which a clean row may have invalid keys."""

    def proven(self, columns: Columns) -> Array:
        """Return for each row whether it is proven clean, as a pyarrow.BooleanArray without nulls.

        A proven row has an id of 32 hexadecimal digits, a contact in canonical form, and a valid
        sender, status and date, if the endpoint has these fields.
        """
        import pyarrow.compute as pc

        proofs = [self._words_proven(columns), self._ids_proven(columns)]
        if self._has_date:
            proofs.append(self._dates_proven(columns))
        if SUPERSEDED_BY in columns:
            proofs.append(pc.is_null(columns[SUPERSEDED_BY]))
        proven = proofs[0]
        for proof in proofs[1:]:
            proven = pc.and_(proven, proof)
        return self._contacts_proven(columns, proven)

    def _covers_rules(self) -> bool:
        engine = self._engine
        reasons = [rule.name for rule in rules_for(engine.endpoint) if rule.reason and rule.checks]
        return all(name in engine.order for name in reasons) and all(
            has_proof if set(fields) & set(_PROVEN) else True
            for fields, has_proof in engine.reads.items()
        )

    def _words_proven(self, columns: Columns) -> Array:
        """Prove the fields that have few values: each distinct combination is checked once."""
        import pyarrow as pa
        import pyarrow.compute as pc

        joined = pc.binary_join_element_wise(*(columns[field] for field in self._words), _SEPARATOR)
        encoded = joined.dictionary_encode()
        combinations = encoded.dictionary.cast(pa.binary()).to_pylist()
        clean = pa.array(map(self._is_clean, combinations), pa.bool_())
        return pc.fill_null(clean.take(encoded.indices), False)

    def _is_clean(self, joined: bytes) -> bool:
        known = self._clean.get(joined)
        if known is None:
            # An engine may pass on bytes that are not UTF-8, which no valid value has.
            values = joined.decode("utf-8", "replace").split(_SEPARATOR)
            is_whole = len(values) == len(self._words)
            known = is_whole and self._engine.is_clean(dict(zip(self._words, values, strict=True)))
            if len(self._clean) >= _MAX_REMEMBERED:
                self._clean.clear()
            self._clean[joined] = known
        return known

    def _ids_proven(self, columns: Columns) -> Array:
        """Prove ids to be 32 hexadecimal digits, which both profiles accept."""
        import pyarrow.compute as pc

        ids = columns["correlation_id"]
        others = pc.ascii_trim(ids, _HEXADECIMAL)
        is_id = pc.and_(
            pc.equal(pc.binary_length(ids), _ID_LENGTH), pc.equal(pc.binary_length(others), 0)
        )
        return pc.fill_null(is_id, False)

    def _dates_proven(self, columns: Columns) -> Array:
        """Prove dates to exist, and to be in the past in whatever time zone they are."""
        import pyarrow.compute as pc

        dates = columns["date_of_consent"]
        is_date = pc.and_(
            pc.match_substring_regex(dates, rf"\A(?:{PLAIN_DATE})\z"), pc.less(dates, self._limit)
        )
        return pc.fill_null(is_date, self._may_lack_date)

    def _contacts_proven(self, columns: Columns, proven: Array) -> Array:
        """Return `proven` without the rows whose contact is not proven."""
        import pyarrow as pa
        import pyarrow.compute as pc

        contacts = columns["contact_id"]
        count = len(contacts)
        if contacts.null_count:
            proven = pc.and_(proven, pc.is_valid(contacts))
            contacts = pc.fill_null(contacts, "")
        lines = pc.binary_join(pa.ListArray.from_arrays([0, count], contacts), "\n")
        text = lines[0].as_buffer().to_pybytes() + b"\n"
        if text.count(b"\n") != count:
            # A contact has a line of its own, so lines are not rows.
            return pa.repeat(pa.scalar(False), count)
        rows = _unproven_lines(text)
        if not rows:
            return proven
        flags = bytearray(b"\1") * count
        for row in rows:
            flags[row] = 0
        is_contact = pa.Array.from_buffers(pa.uint8(), count, [None, pa.py_buffer(flags)])
        return pc.and_(proven, is_contact.cast(pa.bool_()))


def _unproven_lines(text: bytes) -> list[int]:
    """Return the numbers of the lines that are not proven to be canonical numbers."""
    match = _matcher()
    rows: list[int] = []
    at = row = 0
    while (end := match(text, at).end()) < len(text):
        row += text.count(b"\n", at, end)
        rows.append(row)
        row += 1
        at = text.index(b"\n", end) + 1
    return rows


@cache
def _matcher() -> Callable[[bytes, int], Any]:
    """Return a function that matches as many lines with canonical numbers as there are."""
    return re.compile(rf"(?:\+{possible_pattern()}\n)*+".encode()).match
