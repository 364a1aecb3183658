"""Draw charts as SVG images that need no script and follow the colors of the system."""

import base64
import re
import sys
from collections.abc import Mapping, Sequence

import pygal
from pygal.style import Style

# pygal leaves an importer behind that Python 3.11 warns about at each later import, and later
# versions ignore.
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]

_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Colors that people with any color vision can tell apart (Okabe and Ito)."""
_WIDTH = 720
_ROW = 24
# With more columns, their values would cover each other.
_MAX_VALUES = 24
_MAX_NAME = 24
_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
_DARK = "inline:@media (prefers-color-scheme: dark) { text { fill: #e6e6e6 !important } }"
# After its bar: a short bar has no room for it.
_AFTER_BAR = "inline:.text-overlay text { text-anchor: start !important }"


def bars(counts: Mapping[str, int]) -> str:
    """Return a chart with a horizontal bar for each count, as the address of an image."""
    config = _config(70 + _ROW * len(counts))
    config.css = [*config.css, _AFTER_BAR]
    config.print_values_position = "top"
    config.range = (0, 1.1 * max(counts.values()))
    config.show_legend = False
    chart = pygal.HorizontalBar(config)
    chart.x_labels = [_shortened(name) for name in reversed(list(counts))]
    chart.add("records", list(reversed(list(counts.values()))))
    return _address(chart)


def stacked(counts: Mapping[str, Mapping[str, int]], parts: Sequence[str]) -> str:
    """Return a chart with a column for each key, stacked by part, as the address of an image."""
    config = _config(360)
    config.x_label_rotation = 45
    # More labels than these would cover each other.
    config.x_labels_major_every = max(1, len(counts) // 20)
    config.show_minor_x_labels = False
    config.print_values = len(counts) <= _MAX_VALUES
    chart = pygal.StackedBar(config)
    chart.x_labels = list(counts)
    for part in parts:
        chart.add(part, [each.get(part, 0) for each in counts.values()])
    return _address(chart)


def _shortened(name: str) -> str:
    """Return a name that leaves room for its bar; the table next to the chart has all of it."""
    return name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME].rstrip()}…"


def _config(height: int) -> pygal.Config:
    config = pygal.Config()
    config.js = []
    config.css = [*config.css, _DARK]
    config.width, config.height = _WIDTH, height
    config.disable_xml_declaration = True
    config.legend_at_bottom = True
    config.max_scale = 8
    config.print_values = True
    config.print_zeroes = False
    config.value_formatter = lambda value: f"{int(value):,}"
    config.style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="#333333",
        foreground_strong="#333333",
        foreground_subtle="#777777",
        colors=_COLORS,
        font_family="system-ui, sans-serif",
        label_font_size=12,
        major_label_font_size=12,
        value_font_size=12,
        guide_stroke_color="#99999966",
        major_guide_stroke_color="#99999966",
    )
    return config


def _address(chart: pygal.graph.graph.Graph) -> str:
    svg = _SCRIPT.sub("", chart.render(is_unicode=True))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
