"""Rows are written back under the columns of their table."""

from pathlib import Path
from typing import cast

from linting import items_in

from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import Header, Item, ParseError
from consentlint.submit.submission import Submission
from consentlint.submit.write_back import render_items

HEADER = "contact_id,status,note"


class Read:
    """What `render_items` needs of a submission."""

    formats = ("csv",)

    def __init__(self, path: Path) -> None:
        self._events = items_in(str(path))

    def read_again(self) -> list[tuple[int, Header | Item | ParseError]]:
        items = [event for event in self._events if isinstance(event, Item)]
        headers = [event for event in self._events if isinstance(event, Header)]
        return [*((-1, header) for header in headers), *enumerate(items)]


def test_a_mark_is_in_its_column_if_a_row_lacks_its_last_cells_or_has_more(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(f"{HEADER}\na,b\nc,d,e\nf,g,h,\n")
    wanted = {0: "one", 1: "", 2: "two"}
    text = "".join(render_items(cast("Submission", Read(path)), wanted))
    assert text.splitlines() == [
        f"{HEADER},{SUPERSEDED_BY}",
        "a,b,,one",
        "c,d,e,",
        "f,g,h,two",
    ]


def test_rows_are_written_with_the_delimiter_of_their_table(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(f"{HEADER.replace(',', '|')}\na|b|c,d\n")
    text = "".join(render_items(cast("Submission", Read(path)), {0: "one"}))
    assert text.splitlines()[1] == "a|b|c,d|one"
