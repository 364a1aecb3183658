"""Draw items for files: typical ones, edge cases, and invalid ones."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from consentlint.cases import (
    ABSENT,
    UNKNOWN_FIELDS,
    Case,
    Context,
    cases_of,
    context_at,
    field_of,
    is_unassigned,
    matching,
    reasons_of,
    valid_code,
    with_trunk_prefix,
)
from consentlint.generate.choices import RandomChoices
from consentlint.generate.fictional import COUNT, draw_number, fictional_number
from consentlint.generate.labels import EDGE_CASE, INVALID, VALID
from consentlint.model.endpoints import CONSENTS, REQUEST_LIMIT, Endpoint
from consentlint.model.findings import Profile, Reason
from consentlint.model.moment import Moment

RULES = ("contact-id-not-canonical", "duplicate-key", "unknown-field")
"""The rules without a reason code that an item can be generated for."""

_LAST_DAY = datetime(2025, 12, 1)  # noqa: DTZ001 - UTC
_FUTURE = datetime(2999, 1, 1)  # noqa: DTZ001
"""Without a fixed time, valid dates are before the former, and others after the latter."""
_TYPICAL_SECONDS = 3 * 365 * 86_400
_SENDERS = 4
_DUPLICATE = "the id of a previous item"
_HEXADECIMAL = "0123456789abcdef"
_SOURCES = {
    "opt-in": ("website", "website", "website", "opt-in-message", "offline", "others"),
    "opt-out": ("opt-out-message", "opt-out-message", "website", "others"),
}


class GeneratedItem(NamedTuple):
    """An item, and what must be reported for it."""

    item: dict[str, Any]
    reasons: Sequence[str] = ()
    """The reason codes, in the order of the API's response."""
    rules: Sequence[str] = ()
    """The rules of the linter's own that must be reported."""
    cases: Mapping[str, str] = {}
    """For each field with a special value, the name of its case."""
    first_value: tuple[str, object] | None = None
    """A key that the item has twice, and the value that does not count."""


def context_of(now: Moment | None, profile: Profile) -> Context:
    """Return the context of a file.

    Args:
        now: The time that decides what is in the future, None if it is not known: then the
            items are the same whenever they are generated and checked.
        profile: The profile that decides what is valid.

    Raises:
        ValueError: `now` is before 1970 or after 9998.
    """
    if now is not None:
        return context_at(now, profile, number=draw_number)
    seconds = int((_LAST_DAY - datetime(1, 1, 1)).total_seconds())  # noqa: DTZ001
    return context_at(
        Moment(seconds, ""), profile, is_exact=False, future=_FUTURE, number=draw_number
    )


class ItemGenerator:
    """Draws the items of one file, in order.

    Args:
        choices: The source of everything that is random.
        endpoint: The endpoint of the items.
        context: The clock and the profile.
        is_writable: Whether the file's format can express a value of a field.
    """

    def __init__(
        self,
        choices: RandomChoices,
        endpoint: Endpoint,
        context: Context,
        is_writable: Callable[[object], bool],
    ) -> None:
        self._choices = choices
        self._endpoint = endpoint
        self._context = context
        self._is_writable = is_writable
        self._reasons = reasons_of(endpoint)
        self._start = context.now - timedelta(seconds=_TYPICAL_SECONDS)
        self._offset = choices.integer(0, COUNT - 1)
        self._index = 0
        self._senders: list[str] = []
        self._ids: list[str] = []
        """The typical ids of the current request."""

    def draw(self, label: str) -> GeneratedItem:
        """Return the next item.

        Args:
            label: A reason code, one of `RULES`, or one of the labels of `labels`.
        """
        if self._index % REQUEST_LIMIT == 0:
            self._ids.clear()
        generated = self._with_label(label, *self._typical())
        self._index += 1
        if "correlation_id" not in generated.cases:
            self._ids.append(generated.item["correlation_id"])
        return generated

    def _typical(self) -> tuple[dict[str, Any], str]:
        """Return an item without any finding, and its country.

        No two have the same contact and sender, so they cannot contradict each other.
        """
        choices = self._choices
        lap, place = divmod(self._index, COUNT)
        number, country = fictional_number(self._offset + place)
        correlation_id = choices.text(_HEXADECIMAL, 32)
        if self._endpoint is not CONSENTS:
            values = (number, correlation_id, country, valid_code(country)(choices))
            return dict(zip(self._endpoint.fields, values, strict=True)), country
        while len(self._senders) < _SENDERS * (lap + 1):
            self._senders.append(self._new_sender())
        sender = self._senders[_SENDERS * lap + choices.integer(0, _SENDERS - 1)]
        status = "opt-out" if choices.integer(0, 3) == 0 else "opt-in"
        date = self._start + timedelta(seconds=choices.integer(0, _TYPICAL_SECONDS - 1))
        return {
            "contact_id": number,
            "correlation_id": correlation_id,
            "sender_id": sender,
            "status": status,
            "source": choices.choice(_SOURCES[status]),
            "date_of_consent": f"{date.isoformat()}Z",
        }, country

    def _new_sender(self) -> str:
        return f"MG{self._choices.text(_HEXADECIMAL, 32)}"

    def _with_label(self, label: str, item: dict[str, Any], country: str) -> GeneratedItem:
        if label == VALID:
            return GeneratedItem(item)
        if label == EDGE_CASE:
            return self._edge_case(item, country)
        if label in RULES:
            return self._flagged(label, item)
        reasons = (Reason(label),) if label != INVALID else self._any_reasons()
        return self._invalid(reasons, item, country)

    def _any_reasons(self) -> tuple[Reason, ...]:
        """Return one reason code, and sometimes more."""
        first = self._choices.choice(self._reasons)
        return tuple(
            reason
            for reason in self._reasons
            if reason is first or self._choices.integer(0, 5) == 0
        )

    def _invalid(
        self, reasons: Sequence[Reason], item: dict[str, Any], country: str
    ) -> GeneratedItem:
        cases = {}
        # Without a valid country, a postal code may have any form.
        zip_country = None if Reason.INVALID_COUNTRY_ISO_CODE in reasons else country
        for reason in reasons:
            field = field_of(reason)
            known: Sequence[Case] = cases_of(field, self._context, zip_country).invalid
            if field == "correlation_id" and self._ids:
                known = (*known, Case(_DUPLICATE, self._previous_id))
            cases[field] = self._set(item, field, known)
        if not item:
            # A table cannot express it: the row would be blank.
            return self._invalid(reasons, *self._typical())
        return GeneratedItem(item, tuple(map(str, reasons)), (), cases)

    def _previous_id(self, choices: object) -> str:
        correlation_id = self._choices.choice(self._ids)
        return correlation_id.upper() if self._choices.boolean() else correlation_id

    def _edge_case(self, item: dict[str, Any], country: str) -> GeneratedItem:
        edge_cases = {
            field: [
                case for case in cases_of(field, self._context, country).valid if case.is_boundary
            ]
            for field in self._endpoint.fields
        }
        # No number may be somebody's.
        edge_cases["contact_id"] = [
            case._replace(make=matching(case.make, is_unassigned))
            for case in edge_cases["contact_id"]
        ]
        field = self._choices.choice([field for field, cases in edge_cases.items() if cases])
        cases = {field: self._set(item, field, edge_cases[field])}
        if field == "contact_id" and self._endpoint is CONSENTS:
            # It may be the contact of another item.
            item["sender_id"] = self._new_sender()
        if field == "country_iso_code":
            code = cases_of("zip_code", self._context, item[field]).valid[0].make(self._choices)
            item["zip_code"] = code
        return GeneratedItem(item, (), (), cases)

    def _set(self, item: dict[str, Any], field: str, cases: Sequence[Case]) -> str:
        """Set a field to a value of one of some cases, and return the name of the case."""
        while True:
            case = self._choices.choice(cases)
            value = case.make(self._choices)
            if self._is_writable(value):
                break
        if value is ABSENT:
            del item[field]
        else:
            item[field] = value
        return case.name

    def _flagged(self, rule: str, item: dict[str, Any]) -> GeneratedItem:
        if rule == "contact-id-not-canonical":
            item["contact_id"] = _trunk_prefixed(self._choices)
            if self._endpoint is CONSENTS:
                item["sender_id"] = self._new_sender()
            return GeneratedItem(item, (), (rule,), {"contact_id": "a trunk prefix"})
        if rule == "unknown-field":
            key = self._choices.choice(UNKNOWN_FIELDS)
            item[key] = self._choices.text(_HEXADECIMAL, 8)
            return GeneratedItem(item, (), (rule,), {key: "a field that the API does not name"})
        key = self._choices.choice(self._endpoint.fields)
        return GeneratedItem(
            item, (), (rule,), {key: "a key that appears twice"}, (key, f"not {item[key]}")
        )


_trunk_prefixed = with_trunk_prefix(draw_number)
