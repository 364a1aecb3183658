"""Write a report as one HTML page that loads nothing and runs nothing."""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

import jinja2
from markupsafe import Markup, escape

from consentlint.report import charts
from consentlint.text.package_data import read_data

# A column for each would be thinner than the width of a line.
_MAX_MONTHS = 600
_FOLDER = ("data", "report")


def render(data: dict[str, Any]) -> str:
    """Return the page for a report.

    Args:
        data: what `data.collect` returns.
    """
    style = read_data(*_FOLDER, "style.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["share"] = _share
    environment.filters["code"] = _code
    environment.filters["name"] = _name
    template = environment.from_string(read_data(*_FOLDER, "page.html"))
    return template.render(
        **data,
        style=style,
        style_hash=f"sha256-{digest}",
        bars=charts.bars,
        stacked=charts.stacked,
        every_month=_every_month,
    )


def _every_month(counts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return counts by month with the months between them, so that a chart shows the gaps."""
    numbers = [12 * int(month[:4]) + int(month[5:]) - 1 for month in counts]
    months = range(min(numbers), max(numbers) + 1)
    if len(months) > _MAX_MONTHS:
        return counts
    names = [f"{number // 12:04}-{number % 12 + 1:02}" for number in months]
    return {name: counts.get(name, {}) for name in names}


def _code(text: str) -> Markup:
    """Return a text with what is in backticks as code."""
    marked = re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(text)))
    return Markup(marked)  # noqa: S704 - it was escaped before


def _name(text: str) -> Markup:
    """Return a name as code that may break after an underscore."""
    return Markup("<code>{}</code>").format(Markup("<wbr>").join(re.split("(?<=_)", text)))


def _share(value: int, of: int) -> str:
    return f"{100 * value / of:.1f}%" if of else "–"
