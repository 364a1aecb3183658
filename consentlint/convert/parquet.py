"""Parquet files as tables, read by pyarrow in batches."""

from collections.abc import Iterator
from typing import Any

from consentlint.convert.cells import cell_text, named
from consentlint.convert.mapping import ConvertError
from consentlint.convert.tables import Row, Table
from consentlint.text.masking import printable, shown

_BATCH = 10_000


class ParquetTable(Table):
    """A Parquet file."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ModuleNotFoundError as error:
            if error.name is None or not error.name.startswith("pyarrow"):
                raise
            raise ConvertError(
                'pyarrow is not installed. Run "pip install pyarrow", or install consentlint with the'
                ' extra "parquet".'
            ) from None
        self._failures: tuple[type[Exception], ...] = (pa.ArrowException, OSError)
        try:
            self._file: Any = parquet.ParquetFile(name)
        except self._failures as error:
            raise self._failed(error) from None
        self.columns = named(self._file.schema_arrow.names)
        self.size = self._file.metadata.num_rows

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """Yield the rows; their numbers count from 1."""
        try:
            for batch in self._file.iter_batches(_BATCH):
                columns = [list(map(cell_text, column.to_pylist())) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    self.position += 1
                    yield Row(self.position, list(cells))
        except self._failures as error:
            raise self._failed(error) from None

    def place(self, number: int, column: int | None) -> str:
        """Return how a message names a cell, or a row."""
        place = f"{printable(self.name)}: row {number}"
        return place if column is None else f'{place}, column "{printable(self.columns[column])}"'

    def _failed(self, error: Exception) -> ConvertError:
        return ConvertError(f"{printable(self.name)} cannot be read: {shown(str(error))}.")
