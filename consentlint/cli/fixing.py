"""The options of `check` that fix files, and what they do."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

import click

from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.summary import Summary
from consentlint.text.masking import printable

_TIME = (
    r"(?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9])(?P<seconds>:[0-5][0-9])?"
    r"(?P<offset>Z|[+-][01][0-9]:[0-5][0-9])?"
)


def check_region(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Return a country code that is given as an option (a click callback)."""
    if value is None:
        return None
    from consentlint.rules.repairs import country_named

    code = country_named(value)
    if code is None:
        raise click.BadParameter("expected an ISO 3166-1 alpha-2 country code, such as US.")
    return code


def check_timezone(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Return a time zone that is given as an option (a click callback)."""
    if value is None:
        return None
    from consentlint.rules.repairs import is_zone

    if not is_zone(value):
        message = "expected a time zone, such as America/New_York."
        if not is_zone("America/New_York"):
            message += ' This system has no time zones: run "pip install tzdata".'
        raise click.BadParameter(message)
    return value


def check_time_of_day(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """Return a time of day that is given as an option (a click callback)."""
    if value is None:
        return None
    match = re.fullmatch(_TIME, value)
    if match is None:
        raise click.BadParameter("expected a time, such as 12:00 or 12:00:00Z.")
    return f"{match['time']}{match['seconds'] or ':00'}{match['offset'] or ''}"


_OPTIONS = (
    click.option("--fix/--no-fix", help="Fix what can be fixed safely, and report the rest."),
    click.option(
        "--unsafe-fixes/--no-unsafe-fixes",
        help="Also apply fixes that assume something, such as the country of a number.",
    ),
    click.option("--fix-only/--no-fix-only", help="Like --fix, but do not report what remains."),
    click.option(
        "--diff/--no-diff", help="Show what --fix would change, masked, and change nothing."
    ),
    click.option("--show-fixes/--no-show-fixes", help="List what was fixed."),
    click.option(
        "--region",
        metavar="CODE",
        callback=check_region,
        help="Country of numbers without a country code, such as US, for unsafe fixes.",
    ),
    click.option(
        "--timezone",
        metavar="ZONE",
        callback=check_timezone,
        help="Time zone of dates without an offset, such as America/New_York, for unsafe fixes.",
    ),
    click.option(
        "--time-of-day",
        metavar="TIME",
        callback=check_time_of_day,
        help="Time of dates without one, such as 12:00, for unsafe fixes.",
    ),
    click.option(
        "--date-format",
        type=click.Choice(["DMY", "MDY"]),
        help="Order of day, month and year in dates such as 01/02/2025, for unsafe fixes.",
    ),
)


def fix_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that fix files to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


class FixMode(NamedTuple):
    """How `check` fixes files."""

    write: bool
    """True: files are replaced; False: the difference is shown."""
    report: bool
    """True: what remains is reported; False: only what cannot be read is."""
    unsafe: bool
    show_values: bool
    show_fixes: bool

    @classmethod
    def of(cls, options: dict[str, Any]) -> "FixMode | None":
        """Return the mode that the options select, None if nothing is fixed."""
        if not (options["fix"] or options["fix_only"] or options["diff"]):
            return None
        diff = options["diff"]
        return cls(
            write=not diff,
            report=not (diff or options["fix_only"]),
            unsafe=options["unsafe_fixes"],
            show_values=options["show_values"],
            show_fixes=options["show_fixes"],
        )


class Fixing:
    """Fixes files as they are checked.

    Args:
        linter_for: returns what checks a file, given its name.
        mode: how to fix them.
        summaries: each counts what was fixed.
    """

    def __init__(
        self, linter_for: Callable[[str], Linter], mode: FixMode, summaries: Sequence[Summary]
    ) -> None:
        self._linter_for = linter_for
        self._mode = mode
        self._summaries = summaries
        for summary in summaries:
            summary.is_fixing, summary.is_written = True, mode.write
        self.has_changes = False
        """Whether any file differs from its fixed content."""

    @contextmanager
    def check_file(self, name: str) -> Iterator[CheckedFile]:
        """Fix a file, or show how, and return what remains to be reported."""
        from consentlint.linter.fix import FixedFile, NotWritten

        mode = self._mode
        with FixedFile(
            self._linter_for(name), name, unsafe=mode.unsafe, show_values=mode.show_values
        ) as fixed:
            try:
                if fixed.failure is not None:
                    raise fixed.failure
                if not mode.write:
                    self._show(fixed)
                elif name == "-":
                    output = _standard_output()
                    fixed.write_to(output)
                    output.flush()
                else:
                    fixed.write()
            except NotWritten as error:
                for summary in self._summaries:
                    summary.unwritten += 1
                click.echo(f"Error: {printable(name)} {error}.", err=True)
                fixed.discard()
            self.has_changes |= fixed.is_changed
            for summary in self._summaries:
                summary.add_fixes(fixed, show=mode.show_fixes)
            yield fixed.checked

    def _show(self, fixed: Any) -> None:
        from consentlint.linter.fix_diff import diff

        output = sys.stdout
        if output is not None:
            output.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
            output.writelines(diff(fixed, show_values=self._mode.show_values))

    def exit_code(self, *, exit_zero: bool) -> int:
        """Return 2 if something could not be read or written, 1 if something is left to do."""
        summary = self._summaries[0]
        if summary.unwritten:
            return 2
        if self._mode.report or summary.unread:
            return summary.exit_code(exit_zero=exit_zero)
        return 1 if self.has_changes and not self._mode.write and not exit_zero else 0


def _standard_output() -> IO[bytes]:
    if sys.stdout is None:
        raise click.UsageError("standard output is closed, so no fixed content can be written.")
    return sys.stdout.buffer
