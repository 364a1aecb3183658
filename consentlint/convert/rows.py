"""Turn the rows of one table into items, column by column."""

from collections.abc import Callable, Sequence

from consentlint.convert.cells import column_of
from consentlint.convert.mapping import ColumnError, ColumnMapping, ConvertError, fold
from consentlint.convert.status import BLANK, OPT_IN, OPT_OUT, LeftOut, Words, later
from consentlint.convert.tables import Row, Table
from consentlint.convert.values import Rejected, ValueReader, date_of_cell
from consentlint.model.endpoints import CONSENTS
from consentlint.rules.repairs import says_no_date, says_no_value
from consentlint.text.masking import printable, shown

Cells = list["str | LeftOut"]
"""The values of one field for some rows."""
Converted = tuple[str, ...] | LeftOut
"""The values of an item, without its id; or why a row is left out."""


class RowConverter:
    """Converts the rows of one table.

    Args:
        table: the table.
        mapping: what its columns and words mean.
        reader: reads values.

    Raises:
        ConvertError: the table lacks a column, or a value is not valid.
    """

    def __init__(self, table: Table, mapping: ColumnMapping, reader: ValueReader) -> None:
        self._table = table
        self._mapping = mapping
        self._reader = reader
        self._proofs = {field: reader.proof(field) for field in ("contact_id", "date_of_consent")}
        self._index = {
            target: found
            for target, names in mapping.columns.items()
            if target not in mapping.values
            and (found := column_of(names, table.columns, table.name)) is not None
        }
        self.missing = {
            target: names
            for target, names in mapping.columns.items()
            if target not in self._index and target not in mapping.values
        }
        """The targets whose columns the table does not have."""
        self._values = {
            target: self._constant(target, text) for target, text in mapping.values.items()
        }
        has_opt_in_date = "opt_in_date" in {*self._index, *self._values}
        self._opt_in_date = "opt_in_date" if has_opt_in_date else "date_of_consent"
        self.endpoint = mapping.endpoint
        self._status = self._status_of()

    @property
    def values_read(self) -> int:
        """How many values were read one by one, because nothing proved them valid."""
        return self._reader.read.cache_info().misses

    def convert(self, rows: Sequence[Row]) -> list[Converted]:
        """Return for each row the values of its item, without its id, or why it is left out."""
        good = [row.cells for row in rows if not row.error]
        fields = (
            self._consents(good) if self._mapping.endpoint is CONSENTS else self._contacts(good)
        )
        found: list[Converted] = []
        items = zip(*fields, strict=True)
        for row in rows:
            if row.error:
                found.append(LeftOut(row.error))
                continue
            values = next(items)
            left = _why(values) if LeftOut in map(type, values) else None
            found.append(values if left is None else left)
        return found

    def _consents(self, rows: Sequence[list[str]]) -> list[Cells]:
        statuses, dates = self._status(rows)
        sources = self._field("source", rows)
        if "source" in self._index:
            words = self._mapping.source
            column = self._index["source"]
            sources = [
                self._read("source", words.get(fold(row[column]), row[column]), column, None,
                           ("status", str(status)))
                for row, status in zip(rows, statuses, strict=True)
            ]  # fmt: skip
        return [self._contacts_of(rows), self._field("sender_id", rows), statuses, sources, dates]

    def _contacts(self, rows: Sequence[list[str]]) -> list[Cells]:
        countries = self._field("country_iso_code", rows)
        column = self._index.get("zip_code")
        texts = [
            self._values.get("zip_code", "") if column is None else row[column] for row in rows
        ]
        zips: Cells = [
            country
            if isinstance(country, LeftOut)
            else self._read("zip_code", text, column, None, ("country_iso_code", country))
            for text, country in zip(texts, countries, strict=True)
        ]
        return [self._contacts_of(rows), countries, zips]

    def _contacts_of(self, rows: Sequence[list[str]]) -> Cells:
        column = self._index.get("contact_id")
        region = self._index.get("region")
        cells: Cells = [row[column] for row in rows] if column is not None else []
        for at in self._proofs["contact_id"](cells):
            country = "" if region is None else rows[at][region]
            code = self._reader.read("country_iso_code", country) if country.strip() else None
            if isinstance(code, Rejected) and says_no_value(country):
                code = None
            # If the country cannot be read, the number is not known to be of that of the others.
            known = "" if isinstance(code, Rejected) else code
            found = self._read("contact_id", str(cells[at]), column, known)
            if isinstance(code, Rejected) and isinstance(found, LeftOut) and not found.is_decided:
                found = LeftOut(f"region cannot be read. {code.reason}", region, code.shown)
            cells[at] = found
        return cells

    def _field(self, field: str, rows: Sequence[list[str]]) -> Cells:
        if field in self._values:
            return [self._values[field]] * len(rows)
        column = self._index.get(field)
        if column is None:
            return [""] * len(rows)
        return [self._read(field, row[column], column) for row in rows]

    def _dates(self, target: str, rows: Sequence[list[str]]) -> Cells:
        column = self._index.get(target)
        if column is None:
            return [self._values.get(target, "")] * len(rows)
        cells: Cells = [row[column] for row in rows]
        for at in self._proofs["date_of_consent"](cells):
            text = date_of_cell(str(cells[at]), self._table.epoch)
            cells[at] = self._read("date_of_consent", text, column)
        return cells

    def _has_time(self, target: str, row: Sequence[str]) -> bool:
        column = self._index.get(target)
        text = self._mapping.values[target] if column is None else row[column]
        return self._reader.has_time(date_of_cell(text, self._table.epoch))

    def _read(
        self,
        field: str,
        text: str,
        column: int | None,
        region: str | None = None,
        other: tuple[str, str] | None = None,
    ) -> str | LeftOut:
        value = self._reader.read(field, text, region, other) if text.strip() else ""
        if isinstance(value, Rejected):
            return LeftOut(f"{field} cannot be read. {value.reason}", column, value.shown)
        if value or field == "date_of_consent":
            return value
        # Without a number, there is nobody to send an item about.
        return LeftOut(f"{field} {BLANK}", column, "", field == "contact_id")

    def _constant(self, target: str, text: str) -> str:
        field = "date_of_consent" if target.endswith("_date") else target
        if target == "region":
            field = "country_iso_code"
        value = self._reader.read(field, text)
        if isinstance(value, Rejected) or not value:
            reason = value.reason if isinstance(value, Rejected) else ""
            raise ConvertError(f'{target} is "{shown(text)}", which is not valid. {reason}'.strip())
        return value

    def _status_of(self) -> "Callable[[Sequence[list[str]]], tuple[Cells, Cells]]":
        """Return what decides the status and the date of rows.

        Raises:
            ConvertError: nothing does.
        """
        if self._mapping.endpoint is not CONSENTS:
            return lambda _: ([], [])
        has_dates = "opt_in_date" in self._index or "opt_out_date" in self._index
        words = Words(self._table, self._mapping)
        if "status" not in self._values and not words.columns and not has_dates:
            raise ColumnError(
                f"{printable(self._table.name)} has no column that decides the status. Pass --map"
                f' status=COLUMN, or --set "status=opt-in:{printable(self._table.name)}".'
            )

        def decide(rows: Sequence[list[str]]) -> tuple[Cells, Cells]:
            given: list[str | LeftOut | None] = (
                [self._values["status"]] * len(rows)
                if "status" in self._values
                else [*words.statuses(rows)]
                if words.columns
                else [None] * len(rows)
            )
            if not has_dates:
                return [each or "" for each in given], self._dates("date_of_consent", rows)
            opt_ins = self._dates(self._opt_in_date, rows)
            if self._opt_in_date == "date_of_consent":
                # Only the status can say that it is the date of an opt-in.
                opt_ins = [
                    date if status == OPT_IN else ""
                    for date, status in zip(opt_ins, given, strict=True)
                ]
            given_dates = zip(
                rows,
                given,
                opt_ins,
                self._dates("opt_out_date", rows),
                strict=True,
            )
            decided = [self._by_date(*each) for each in given_dates]
            return [status for status, _ in decided], [date for _, date in decided]

        return decide

    def _by_date(
        self,
        row: Sequence[str],
        status: str | LeftOut | None,
        opt_in: str | LeftOut,
        opt_out: str | LeftOut,
    ) -> tuple[str | LeftOut, str | LeftOut]:
        """Return the status and the date that two dates decide: those of the later one."""
        if isinstance(status, LeftOut):
            return status, ""
        if status == OPT_OUT:
            return status, opt_out
        for date in (opt_in, opt_out):
            if isinstance(date, LeftOut):
                return date, ""
        assert isinstance(opt_in, str)
        assert isinstance(opt_out, str)
        column = self._index.get("opt_out_date")
        if column is not None and not (opt_out or says_no_date(row[column])):
            reason = "opt_out_date cannot be read, so the status may be opt-out."
            return LeftOut(reason, column, f'"{shown(row[column])}"'), ""
        latest = later(opt_in, opt_out)
        if latest == OPT_IN and opt_out:
            has_time = self._has_time(self._opt_in_date, row), self._has_time("opt_out_date", row)
            latest = later(opt_in, opt_out, has_time)
        if latest is None:
            reason = "one of its two dates has no UTC offset, so they cannot be compared."
            return LeftOut(f"{reason} Pass --timezone."), ""
        if not latest and status is None:
            return LeftOut("neither date has a value", is_decided=True), ""
        if status == OPT_IN and latest == OPT_OUT:
            reason = "the status is opt-in, but the opt-out date is later than the opt-in date, or may be"
            return LeftOut(reason, column), ""
        status = status or latest
        return status, opt_in if status == OPT_IN else opt_out


def _why(values: Sequence["str | LeftOut"]) -> LeftOut:
    """Return why a row is left out: what is decided comes first, and then its status."""
    reasons = [each for each in (*values[2:3], *values) if isinstance(each, LeftOut)]
    return max(reasons, key=lambda each: each.is_decided)
