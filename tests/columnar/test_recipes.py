"""The recipes of `examples/recipes/` give the same reason codes, each with its own library."""

import runpy
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sample_items import CONSENT

from consentlint import reason_codes

ROOT = Path(__file__).resolve().parent.parent.parent
RECIPES = {
    "with_pandas": "pandas",
    "with_polars": "polars",
    "with_duckdb": "duckdb",
    "with_duckdb_function": "duckdb",
    "with_ray": "ray",
}
ITEMS: list[dict[str, str | None]] = [
    CONSENT,
    {**CONSENT, "correlation_id": "0" * 32, "status": "opt in", "contact_id": "+19"},
    {**CONSENT, "correlation_id": "1" * 32, "source": None},
    {**CONSENT, "correlation_id": "x", "date_of_consent": None},
    dict.fromkeys(CONSENT),
]


def codes_of(frame: Any) -> list[list[str]]:
    """Return the reason codes of a data frame of any library."""
    if hasattr(frame, "take_all"):
        return [list(row["reason_codes"]) for row in frame.take_all()]
    column = frame["reason_codes"]
    values = column.to_pylist() if hasattr(column, "to_pylist") else column.to_list()
    return [list(codes) for codes in values]


def test_every_recipe_is_tested() -> None:
    found = {path.stem for path in (ROOT / "examples" / "recipes").glob("*.py")}
    assert found == RECIPES.keys()


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_short_and_the_page_shows_it(name: str) -> None:
    code = (ROOT / "examples" / "recipes" / f"{name}.py").read_text(encoding="utf-8")
    assert len(code.splitlines()) <= 16
    page = (ROOT / "docs" / "arrow.md").read_text(encoding="utf-8")
    _, _, body = code.partition('"""\n\n')
    assert f"```python\n{body}```" in page


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_gives_the_reason_codes_of_each_row(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(RECIPES[name])
    pq.write_table(pa.Table.from_pylist(ITEMS), tmp_path / "consents.parquet")
    monkeypatch.chdir(tmp_path)
    # Ray sends functions of the main module to its workers.
    recipe = str(ROOT / "examples" / "recipes" / f"{name}.py")
    frame = runpy.run_path(recipe, run_name="__main__")["frame"]
    expected = [
        reason_codes({field: value for field, value in item.items() if value is not None})
        for item in ITEMS
    ]
    assert [] in expected
    assert codes_of(frame) == expected
