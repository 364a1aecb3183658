"""What both stages know besides the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consentlint._version import __version__
from consentlint.api import Names, Now, resolve_settings
from consentlint.columnar.column_names import resolve_columns, resolve_json
from consentlint.fields.phone_numbers import metadata_version
from consentlint.model.endpoints import ENDPOINTS, Endpoint
from consentlint.model.findings import Profile
from consentlint.model.settings import Settings


class VersionError(RuntimeError):
    """The options were made by another version of consentlint or of the phone metadata."""


@dataclass(frozen=True)
class StageOptions:
    """What both stages know besides the rows. Picklable, hashable and small.

    A process that unpickles it must have the same version of consentlint and of the phone metadata,
    because others may give other findings. Otherwise, `VersionError` is raised.
    """

    kind: str
    """The kind of the items: "consents" or "contacts"."""
    settings: Settings
    """How they are checked; `now` is fixed."""
    columns: tuple[tuple[str, str], ...]
    """The fields of the API that the table has, each with its column; empty for JSON texts."""
    json: str | None = None
    """The column with one JSON text for each row; None if the fields are columns."""
    order: str = "row"
    """The column that names a row, and that the keys are sorted by: of any type."""
    messages: bool = True
    """False: findings have neither a value nor a message, which take most of the time to write."""
    version: str = __version__
    """The version of consentlint."""
    metadata: str = field(default_factory=metadata_version)
    """The version of phonenumbers, whose metadata decides."""

    @classmethod
    def of(  # noqa: PLR0913 - the arguments of the public functions
        cls,
        names: Sequence[str],
        *,
        kind: Endpoint | str = "consents",
        profile: Profile | str = "documented",
        now: Now = None,
        select: Names = "default",
        ignore: Names = (),
        strict: bool = False,
        columns: Mapping[str, str | None] | None = None,
        json: str | None = None,
        order: str = "row",
        messages: bool = True,
    ) -> "StageOptions":
        """Return the options for a table.

        Args:
            names: The names of the table's columns.
            kind: "consents" or "contacts".
            profile: "documented" or "lenient".
            now: Dates later than this are in the future; None for the current time.
            select: The rules to run.
            ignore: Rules to skip.
            strict: True to report warnings as errors.
            columns: The column of a field, if its name is another one; None for a field that
                no column has.
            json: The column with one JSON text for each row.
            order: The name of the column that `check_rows` finds the order in.
            messages: False for findings without values and messages.

        Raises:
            TypeError: an argument has another type.
            ValueError: an argument is unknown, or the columns don't have the fields.
        """
        settings, endpoint = resolve_settings(kind, profile, now, select, ignore)
        settings = settings._replace(strict=strict)
        if json is None:
            resolved = resolve_columns(names, endpoint, columns)
        else:
            resolved = ()
            resolve_json(names, json, columns)
        return cls(endpoint.name, settings, resolved, json, order, messages)

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint of the items."""
        return ENDPOINTS[self.kind]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns that stage 1 reads, besides the order."""
        if self.json is not None:
            return (self.json,)
        return tuple(dict.fromkeys(column for _, column in self.columns))

    def __setstate__(self, state: Mapping[str, object]) -> None:
        self.__dict__.update(state)
        _require("consentlint", self.version, __version__)
        _require("phonenumbers", self.metadata, metadata_version())


def _require(package: str, expected: str, installed: str) -> None:
    if expected != installed:
        raise VersionError(
            f"{package} is {installed} here and {expected} where the check was started. The findings"
            " may differ. Install the same version everywhere."
        )
