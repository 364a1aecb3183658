"""Copy the rows of a workbook, a Parquet or an Arrow file to JSON Lines."""

import tempfile
from typing import IO

from consentlint.formats._stream import Stream, Unreadable, check_ratio
from consentlint.formats.table_file import TableFile, TableLayout
from consentlint.model.endpoints import FIELDS, SUPERSEDED_BY

_MAX_IN_MEMORY = 8 * 1024 * 1024


def copy_lines(
    stream: Stream, kind: str, sheet: str | None
) -> tuple[IO[bytes], TableLayout, Exception | None]:
    """Copy the fields of each row to the line of a temporary file that has its number.

    Args:
        stream: the file.
        kind: what `table_kind` returned.
        sheet: the name of the sheet; None if there is only one.

    Returns:
        The copy, where the cells are, and why there is no more of it, None if it is complete.

    Raises:
        Unreadable: the columns cannot be read.
        OSError: the file cannot be read.
    """
    failure: Exception | None = None
    with TableFile(stream, kind, sheet=sheet, fields=(*FIELDS, SUPERSEDED_BY)) as table:
        copy: IO[bytes] = tempfile.SpooledTemporaryFile(_MAX_IN_MEMORY)  # noqa: SIM115 - closed by Content
        length = 0
        try:
            for piece in table.pieces():
                length += len(piece)
                check_ratio(length, table.size)
                copy.write(piece)
        except (Unreadable, OSError) as error:
            failure = error
    return copy, table.layout, failure
