"""Draw what commands print on a terminal, as SVG files for the documentation.

python scripts/draw_terminal.py            # write docs/assets/*.svg
python scripts/draw_terminal.py --check    # fail if a picture is stale
"""

import contextlib
import io
from pathlib import Path

from click.testing import CliRunner
from generated import write_or_check
from rich.console import Console
from rich.text import Text

from consentlint.cli import main as consentlint

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 100

PICTURES = {
    "check": ("fixtures/with_errors", "check subscribers.csv --max-findings 3"),
    "explain": ("fixtures", "explain toll-free-sender"),
}
"""The directory and the arguments of the command in each picture."""

# Like rich's own, but without a font from the network.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font: bold 18px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def draw(name: str) -> str:
    """Return the SVG of a picture."""
    folder, arguments = PICTURES[name]
    words = arguments.split()
    shown = ["--output-format", "full"] if words[0] == "check" else []
    with contextlib.chdir(ROOT / folder):
        result = CliRunner().invoke(consentlint, [*words, *shown, "--color", "always"], color=True)
    console = Console(
        file=io.StringIO(), record=True, width=WIDTH, force_terminal=True, color_system="truecolor"
    )
    console.print(Text.assemble(("$ ", "bold green"), (f"consentlint {arguments}", "bold")))
    console.print(Text.from_ansi(result.output.rstrip()))
    return console.export_svg(title=f"consentlint {words[0]}", code_format=SVG, unique_id=name)


def main() -> int:
    """Write the pictures, or with --check report which are stale."""
    assets = ROOT / "docs" / "assets"
    return write_or_check({assets / f"{name}.svg": draw(name) for name in PICTURES})


if __name__ == "__main__":
    raise SystemExit(main())
