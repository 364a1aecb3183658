"""Items are written back in their format, rows under the columns of their table."""

import io
from pathlib import Path

from linting import items_in

from consentlint.formats.write_items import write_items
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import Header, Item

HEADER = "contact_id,status,note"


def written(path: Path, marks: dict[int, str]) -> list[str]:
    found = items_in(str(path))
    (header,) = (each for each in found if isinstance(each, Header))
    items = [each for each in found if isinstance(each, Item)]
    marked = [(items[number], mark) for number, mark in marks.items()]
    file = io.StringIO()
    write_items(file, "csv", marked, header, has_marks=any(marks.values()))
    return file.getvalue().splitlines()


def test_a_mark_is_in_its_column_if_a_row_lacks_its_last_cells_or_has_more(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(f"{HEADER}\na,b\nc,d,e\nf,g,h,\n")
    assert written(path, {0: "one", 1: "", 2: "two"}) == [
        f"{HEADER},{SUPERSEDED_BY}",
        "a,b,,one",
        "c,d,e,",
        "f,g,h,two",
    ]


def test_rows_are_written_with_the_delimiter_of_their_table(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(f"{HEADER.replace(',', '|')}\na|b|c,d\n")
    assert written(path, {0: "one"})[1] == "a|b|c,d|one"
