"""The options --rejected-rows and --accepted-rows: the rows of the files, split."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from consentlint.cli import CommandError
from consentlint.formats import Unreadable
from consentlint.linter.checked_file import CheckedFile
from consentlint.text.atomic_write import atomic_write_bytes
from consentlint.text.masking import printable

if TYPE_CHECKING:
    from consentlint.linter.rows import Frame

F = TypeVar("F", bound=Callable[..., Any])

_NAMES = ("rejected_rows", "accepted_rows")
# The rows are as they are in the input, with numbers.
_PRIVATE = 0o600


def _path(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    is_stream = value == "-" or value.startswith(("/dev/", "/proc/"))
    if is_stream or (os.path.exists(value) and not os.path.isfile(value)):
        # In the log of a CI system, everybody could read the numbers.
        raise click.BadParameter("expected the name of a file")
    return value


def row_options(function: F) -> F:
    """Add the options to a command."""
    accepted = click.option(
        "--accepted-rows",
        metavar="FILE",
        callback=_path,
        help="Write the records without errors to this file, as --rejected-rows does.",
    )
    rejected = click.option(
        "--rejected-rows",
        metavar="FILE",
        callback=_path,
        help="Write the records with errors to this file, as they are in the input, not masked.",
    )
    return rejected(accepted(function))


def row_files_of(options: Mapping[str, Any], outputs: Sequence[str]) -> list[str]:
    """Return the files that rows are written to.

    Args:
        options: the values of a command's options.
        outputs: the files that reports are written to.

    Raises:
        click.UsageError: one of them is written to already, or nothing is written at all.
    """
    files = [options[name] for name in _NAMES if options[name] is not None]
    if files and options["diff"]:
        raise click.UsageError("--diff changes nothing, so it writes no rows")
    if len({*map(os.path.realpath, [*outputs, *files])}) < len(outputs) + len(files):
        raise click.UsageError("two outputs would be written to one file")
    return files


class RowFiles:
    """Writes the rows of files.

    Args:
        options: the values of a command's options.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._paths: list[str | None] = [options[name] for name in _NAMES]
        self._outputs: list[_RowFile | None] = []
        self._layout: object = None
        self._failure: str | None = None

    def open(self, stack: ExitStack) -> None:
        """Open the files; each is replaced when the stack is closed without an error.

        Args:
            stack: closes them.
        """
        for path in self._paths:
            output = None
            if path is not None:
                output = _RowFile(stack.enter_context(atomic_write_bytes(path, mode=_PRIVATE)))
            self._outputs.append(output)

    def add(self, file: CheckedFile) -> None:
        """Write the rows of a file, unless the files are not written at all."""
        if self._failure is not None or not any(self._outputs):
            return
        # Few runs need it.
        from consentlint.linter.rows import RowsError

        report = file.report
        columns = report.header and (report.header.columns, report.header.delimiter)
        layout = (report.format, columns)
        try:
            rows = file.rows()
            if self._layout not in (None, layout):
                raise RowsError("differs from a previous file in its format or columns")
            self._layout = layout
            frame = rows.frame()
            rejected, accepted = self._outputs
            for output in filter(None, self._outputs):
                output.begin(frame)
            for row in rows.read():
                chosen = rejected if row.has_error else accepted
                if chosen is not None:
                    chosen.add(row.content)
        except (RowsError, Unreadable) as error:
            what = str(error) if isinstance(error, RowsError) else "changed while it was read"
            name = printable(report.name or "")
            self._failure = f"no rows are written, because the file {name} {what}"

    def finish(self) -> None:
        """Write what comes after the rows.

        Raises:
            CommandError: not all rows are known.
        """
        if self._failure is not None:
            raise CommandError(self._failure)
        for output in filter(None, self._outputs):
            output.finish()


class _RowFile:
    """A file with some of the rows.

    Args:
        output: what is written.
    """

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._frame: Frame | None = None
        self._between = b""

    def begin(self, frame: "Frame") -> None:
        """Write what comes before the rows of the first file."""
        if self._frame is None:
            self._frame = frame
            self._output.write(frame.before)

    def add(self, content: bytes) -> None:
        """Write a row."""
        assert self._frame is not None
        self._output.write(self._between)
        self._output.write(content)
        self._between = self._frame.between
        if not self._between and not content.endswith(b"\n"):
            # The last line of a file may lack its end.
            self._between = b"\n"

    def finish(self) -> None:
        """Write what comes after the rows."""
        if self._frame is not None:
            self._output.write(self._frame.after)
