"""What a check reads of a DataFrame: the order of the rows, the fields, and the group of each row."""

import re
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any, NamedTuple, TypedDict

from consentlint.api import Names, Now
from consentlint.columnar import StageOptions, type_error
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile
from consentlint.text.masking import shown

DataFrame = Any
"""A pyspark.sql.DataFrame, classic or Connect."""
Column = Any
"""A pyspark.sql.Column."""

FILE_ORDER = "_metadata"
"""Pass it as `order_by` for the order of rows in the files that a DataFrame was read from."""

ROW = "row"
"""The column of findings with the order of their row: a struct of the order columns."""
_ROW_BITS = (1 << 33) - 1
WITHIN = "within"
"""The column that stage 1 reads the group of a row from."""

_ORDER_ADVICE = (
    "pass order_by: the columns that sort the rows as they will be sent, such as"
    ' ["updated_at", "id"], or "_metadata" for the order of the rows in their files'
)


# The first word of a line of a plan.
_REORDERED = re.compile(r"^[^\w\n]*(?:\d+\W+)?(?:Exchange|Sort) ", re.MULTILINE)


class Arguments(TypedDict, total=False):
    """The arguments that all functions share; `check` describes them."""

    kind: Endpoint | str
    profile: Profile | str
    now: Now
    order_by: str | Sequence[str] | None
    columns: Mapping[str, str | None] | None
    json: str | None
    within: str | Sequence[str]
    select: Names
    ignore: Names
    strict: bool


class Input(NamedTuple):
    """What a check reads."""

    options: StageOptions
    rows: DataFrame
    """The DataFrame with one more column, `ROW`."""
    within: tuple[str, ...]
    """The columns of the group."""

    def selected(self) -> DataFrame:
        """Return only the columns that stage 1 reads."""
        from pyspark.sql import functions as F  # noqa: N812 - its name everywhere

        columns = [F.col(ROW)]
        if self.within:
            group = F.to_json(F.struct(*[column(name) for name in self.within]))
            columns.append(group.alias(WITHIN))
        return self.rows.select(*columns, *[column(name) for name in self.options.inputs])


def column(name: str) -> Column:
    """Return a column by its name, which may have any character."""
    from pyspark.sql import functions as F  # noqa: N812

    return F.col("`{}`".format(name.replace("`", "``")))


def stage_options(df: DataFrame, **arguments: Any) -> StageOptions:
    """Return the options for a DataFrame.

    Raises:
        TypeError: a column is not a string.
        ValueError: an argument is unknown, or the columns don't have the fields.
    """
    from pyspark.sql.types import StringType

    options = StageOptions.of(df.columns, order=ROW, **arguments)
    fields = {name: field for field, name in options.columns}
    types = {field.name: field.dataType for field in df.schema.fields}
    for name in options.inputs:
        if not isinstance(types[name], StringType):
            message = type_error(name, fields.get(name, ""), types[name].simpleString())
            raise TypeError(f"{message} {_cast(name, types[name].typeName())}")
    return options


def read_input(
    df: DataFrame,
    *,
    order_by: str | Sequence[str] | None = None,
    within: str | Sequence[str] = (),
    **arguments: Any,
) -> Input:
    """Return what a check with rules between rows reads.

    Raises:
        TypeError: a column is not a string.
        ValueError: there is no order, an argument is unknown, or the columns don't have the fields.
    """
    options = stage_options(df, **arguments)
    if order_by is None or not order_by:
        raise ValueError(f"the rows have no order: {_ORDER_ADVICE}")
    from pyspark.sql import functions as F  # noqa: N812

    _require(df, within, "within")
    group = tuple(_names(within))
    _reject_column(df, ROW)
    if order_by == FILE_ORDER and FILE_ORDER not in df.columns:
        order = _file_order(df)
    else:
        _require(df, order_by, "order_by")
        order = [column(name).alias(name) for name in _names(order_by)]
    return Input(options, df.select("*", F.struct(*order).alias(ROW)), group)


def _reject_column(df: DataFrame, name: str) -> None:
    if name in {each.casefold() for each in df.columns}:
        raise ValueError(f'a column is named "{name}", as a column of the result. Rename it')


def _file_order(df: DataFrame) -> list[Column]:
    """Return the columns that sort the rows of files.

    Parquet files number their rows. Other files are split, and Spark reads each split in order:
    its first byte, then the number of the row within the task, sort them. The id that Spark counts
    with is wrong by itself, because the largest splits of all files are read first.

    Raises:
        ValueError: the DataFrame was not read from files, or is in another order.
    """
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F  # noqa: N812

    try:
        metadata = df.select(FILE_ORDER).schema.fields[0].dataType.names
    except AnalysisException:
        metadata = []
    if not {"file_path", "file_block_start"}.issubset(metadata):
        raise ValueError(f"the DataFrame was not read from files: {_ORDER_ADVICE}")
    path = F.col(f"{FILE_ORDER}.file_path").alias("file_path")
    if "row_index" in metadata:
        return [path, F.col(f"{FILE_ORDER}.row_index").alias("row_index")]
    if _is_reordered(df):
        raise ValueError(
            "the DataFrame was shuffled or sorted after it was read, so the order of the rows in their"
            f" files is lost: check what spark.read returned, or {_ORDER_ADVICE.partition(', or')[0]}"
        )
    start = F.col(f"{FILE_ORDER}.file_block_start").alias("file_block_start")
    # The upper bits are the number of the task.
    number = F.monotonically_increasing_id().bitwiseAND(F.lit(_ROW_BITS))
    return [path, start, number.alias("row_in_split")]


def _is_reordered(df: DataFrame) -> bool:
    """Tell whether the plan of a DataFrame has a shuffle or a sort.

    The plan that a user sees is the only one that Spark Connect has, too.
    """
    plan = StringIO()
    with redirect_stdout(plan):
        df.explain()
    return _REORDERED.search(plan.getvalue()) is not None


def _require(df: DataFrame, names: str | Sequence[str], argument: str) -> None:
    """Require that columns exist once."""
    for name in _names(names):
        count = df.columns.count(name)
        if count != 1:
            what = "no column" if count == 0 else "more than one column"
            raise ValueError(f'{argument}: there is {what} "{shown(str(name))}"')


def _names(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else list(names)


def _cast(name: str, kind: str) -> str:
    """Return an example of a cast to the text of a column."""
    text = f'F.col("{shown(name)}").cast("string")'
    if kind.startswith("timestamp") or kind == "date":
        text = f'F.date_format("{shown(name)}", "yyyy-MM-dd\'T\'HH:mm:ssXXX")'
    elif kind in {"struct", "array", "map"}:
        return "If it has the whole item, write it with F.to_json, and pass json= with its name."
    return f'For example: df.withColumn("{shown(name)}", {text})'
