"""What a rule is.

A rule is its documentation, its severity, and its checks. A check is a pure function: it sees
the values of the fields that it declares (a value check: one field; an item check: several), or
the keys of each item in order (a sequence check), and never the item or the file. So the engine
may run checks anywhere, once for each distinct combination of values.

A check returns problems, which are data. `Rule.describe` turns a problem into words when it is
shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile, Reason, Severity
from consentlint.model.moment import Moment
from consentlint.model.settings import RepairOptions
from consentlint.rules._state import CrossItemState

DOCUMENTATION = "https://consentlint.github.io/consentlint/"
"""The address of the documentation, which has a page for each rule."""


class Problem(NamedTuple):
    """A violation of a rule by one item. Hashable and picklable; holds no value of the item."""

    rule: str
    field: str | None
    """The field, or key, that is wrong; None for the item as a whole."""
    detail: str = ""
    """Which of the rule's cases it is: a key for `describe`, such as "missing" or "pattern"."""
    args: tuple[object, ...] = ()
    """Facts that `describe` needs besides the item's fields."""
    severity: Severity | None = None
    """None for the severity of the rule."""


class RuleSettings(NamedTuple):
    """What value and item checks know besides the values. Picklable."""

    endpoint: Endpoint
    profile: Profile
    now: Moment
    repair: RepairOptions = RepairOptions()


class Quote(Protocol):
    """Formats values for messages: masked, shortened, printable."""

    def __call__(self, value: object, field: str | None = None) -> str:
        """Return a value in double quotes if it is a string, as JSON otherwise.

        Args:
            value: the value.
            field: the field that it is a value of, which decides how it is masked.
        """

    def item(self, position: int) -> str:
        """Return how a message names another item, such as "line 6"."""


class Check(NamedTuple):
    """A value or item check."""

    fields: tuple[str, ...]
    """The fields that it reads."""
    run: Callable[..., Sequence[Problem]]
    """Called with the value of each of these fields (`MISSING` if the item does not have it),
    in order, then with the `RuleSettings`."""


class Keys(NamedTuple):
    """What sequence checks see of an item."""

    position: int
    """The item's number in the list that is checked, from 0."""
    correlation_id: str | None
    """In lower case if it is hexadecimal; None if it has the form of neither profile."""
    contact: str | None
    """The phone number in E.164, None if `contact_id` is invalid."""
    sender: str | None
    """The sender: E.164, a SID in lower case, or a short code; None if it is invalid."""
    status: str | None
    """None if it is invalid."""
    moment: Moment | None
    """The date of consent, None if the item has none."""
    is_record: bool
    """True if contact, sender, status and date are valid, so that the item counts in the
    history of its contact and sender."""
    id_is_valid: bool
    """False if `correlation_id` is not valid under the profile of the run, or is None."""


SequenceCheck = Callable[[Keys, CrossItemState], Sequence[Problem]]
"""Sees the keys of one item and the state of the items before it."""

KeysCheck = Callable[[Sequence[str], Mapping[str, bool], RuleSettings], Sequence[Problem]]
"""Sees the names of all keys of an item (or columns of a table), the duplicate ones among them
with whether their values differ, and the settings. It runs only for items that have a duplicate
key or one that the endpoint does not name."""

Describe = Callable[[Problem, Mapping[str, object], Quote], str]
"""Returns the message for a problem, given the item's fields."""


class Rule(NamedTuple):
    """A rule of the linter."""

    name: str
    """In lower case with hyphens. A rule with a reason code is named like it."""
    reason: Reason | None
    """The reason code that the API returns; None for our own errors and advice."""
    severity: Severity
    docs: str
    """The rule's documentation, in the sections that `rules.docs` parses."""
    describe: Describe | None = None
    """None for rules that only name a parse error or that never report offline."""
    checks: tuple[Check, ...] = ()
    """Value and item checks."""
    sequence: SequenceCheck | None = None
    keys: KeysCheck | None = None
    default: bool = True
    """False: off unless selected."""
    severities: str = ""
    """The severity in words if it is not always the same, such as "error or warning"."""
    kinds: tuple[str, ...] = ("consents", "contacts")
    """The names of the endpoints whose items it applies to; empty for parse errors."""

    @property
    def url(self) -> str:
        """The address of the page that documents the rule."""
        return f"{DOCUMENTATION}rules/{self.name}/"

    @property
    def severity_label(self) -> str:
        """The severity in words, and whether the rule is off by default."""
        label = self.severities or str(self.severity)
        return label if self.default else f"{label}, off by default"
