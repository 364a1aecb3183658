"""Draw the HTML report of the tutorial, as docs/assets/report.png.

python scripts/draw_report.py

Needs chromium. Run it if the report changes: its pixels differ between versions of chromium, so
nothing checks them.
"""

import contextlib
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from consentlint.cli import main as consentlint

ROOT = Path(__file__).resolve().parent.parent
NOW = "2026-01-01T00:00:00Z"


def example_report(folder: Path) -> Path:
    """Write the report that docs/tutorial-compliance.md describes, and return its path."""
    clean, wrong = (
        (ROOT / "fixtures" / name / "subscribers.csv").read_text(encoding="utf-8")
        for name in ("export", "with_errors")
    )
    records = folder / "subscribers.csv"
    records.write_text(clean + wrong.partition("\n")[2], encoding="utf-8")
    with contextlib.chdir(folder):
        command = ["report", records.name, "-o", "report.html", "--now", NOW]
        CliRunner().invoke(consentlint, command, catch_exceptions=False)
    return folder / "report.html"


def main() -> None:
    """Draw the first page of the report."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("There is no chromium. Install it, for example: apt-get install chromium")
    target = ROOT / "docs" / "assets" / "report.png"
    with TemporaryDirectory() as name:
        page = example_report(Path(name))
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        size = ["--window-size=1000,1330", f"--screenshot={target}"]
        subprocess.run([browser, *options, *size, page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
