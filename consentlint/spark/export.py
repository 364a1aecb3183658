"""Write the valid rows as JSON Lines that `consentlint submit` reads as they are."""

from typing import Any, Unpack

from consentlint.model.endpoints import endpoint_of
from consentlint.spark.inputs import ROW, Arguments, DataFrame, column, read_input
from consentlint.spark.rows import split

_MANIFEST = "_manifest"


def export(
    df: DataFrame,
    path: str,
    *,
    stored: DataFrame | None = None,
    shards: int = 1,
    **arguments: Unpack[Arguments],
) -> None:
    """Write the rows without errors as JSON Lines, in rounds.

    A round is the number of a row within its contact and sender, 0 for most rows. Within a round, no
    contact and sender occurs twice, so its items may be sent in any order; send the rounds one after
    the other. The files are `path/round=N/shard=M/part-….txt`. `path/_manifest` has, for each round and
    shard, the number of rows and a checksum of what was written, as JSON Lines.

    This function runs Spark jobs. The other arguments and errors are those of `check`.

    Args:
        df: The items, a row each.
        path: The folder to write, which must not exist.
        stored: The rows of `submit --results` of previous runs. A row whose `correlation_id` (and
            `status`, of consents) was stored is left out, so that only what changed is sent.
        shards: Into how many files to split each round at least, by contact and sender.
    """
    from pyspark.sql import functions as F  # noqa: N812

    if shards < 1:
        raise ValueError(f"shards is {shards}, expected at least 1")
    read = read_input(df, **arguments)
    endpoint = endpoint_of(arguments.get("kind", "consents"))
    fields = _fields(read.options.columns, read.options.json, endpoint.fields)
    # The order is a column, so that it exists after the split too.
    ordered: Arguments = {**arguments, "order_by": _ORDER}
    rows, _ = split(read.rows.withColumnRenamed(ROW, _ORDER), **ordered)
    if stored is not None:
        rows = _without_stored(rows, stored, fields)
    from pyspark.sql import Window

    who = [F.lower(fields[name]) for name in ("contact_id", "sender_id") if name in fields]
    number = F.row_number().over(Window.partitionBy(*who).orderBy(_ORDER)) - 1
    if read.options.json is None:
        present = [value.alias(name) for name, value in fields.items()]
        text = F.to_json(F.struct(*present), {"ignoreNullFields": "true"})
    else:
        # Between the values of a JSON text, a line break is a space.
        text = F.regexp_replace(column(read.options.json), "[\r\n]+", " ")
    lines = rows.select(
        text.alias("value"),
        number.alias("round"),
        F.pmod(F.xxhash64(*who), F.lit(shards)).alias("shard"),
    )
    lines.write.partitionBy("round", "shard").text(path)
    spark = df.sparkSession
    written = spark.read.text(path)
    # Without rows, there are no folders to take the columns from.
    folders = ("round", "shard")
    for name in folders:
        if name not in written.columns:
            written = written.withColumn(name, F.lit(0))
    checksum = F.bit_xor(F.xxhash64("value")).alias("checksum")
    manifest = written.groupBy(*folders).agg(F.count(F.lit(1)).alias("rows"), checksum)
    manifest.coalesce(1).write.json(f"{path.rstrip('/')}/{_MANIFEST}")


_ORDER = "consentlint_order"


def _fields(
    columns: tuple[tuple[str, str], ...], json: str | None, names: tuple[str, ...]
) -> dict[str, Any]:
    """Return the fields that a row has, each with its value."""
    from pyspark.sql import functions as F  # noqa: N812

    if json is not None:
        return {name: F.get_json_object(column(json), f"$.{name}") for name in names}
    return {field: column(name) for field, name in columns}


def _without_stored(rows: DataFrame, stored: DataFrame, fields: dict[str, Any]) -> DataFrame:
    """Return the rows that no previous run has stored."""
    from pyspark.sql import functions as F  # noqa: N812

    keys = [name for name in ("correlation_id", "status") if name in fields]
    for name in (*keys, "outcome"):
        if name not in stored.columns:
            raise ValueError(f'stored has no column "{name}". Pass the file of submit --results')
    known = stored.where(F.col("outcome") == "stored").select(
        *[F.lower(F.col(name)).alias(f"stored_{name}") for name in keys]
    )
    condition = [F.lower(fields[name]) == F.col(f"stored_{name}") for name in keys]
    return rows.join(known, condition, "left_anti")
