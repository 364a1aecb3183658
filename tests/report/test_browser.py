"""A browser shows the report: it loads nothing, its console is empty, and axe finds no violation.

scripts/try_browser.sh installs what these tests need. Without it, they are skipped.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich_items import write_items

from consentlint.cli import main

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = os.environ.get("CONSENTLINT_AXE", "")
"""The file axe.min.js of the npm package axe-core."""
SHOTS = os.environ.get("CONSENTLINT_SCREENSHOTS", "")
"""A directory for screenshots and the printed report; none are made without it."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SCREENS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
A4_WIDTH, A4_HEIGHT = 680, 1_009
"""What a page of A4 has within margins of 15 mm, in pixels of CSS."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    write_items(folder / "items<b>.jsonl")
    arguments = ["--now", "2026-01-01T00:00:00Z", "items<b>.jsonl", "-o", "report.html"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(main, ["report", *arguments])
    assert result.exit_code == 0, result.output
    return (folder / "report.html").as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        # A container has no sandbox for root.
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=SCREENS, ids=[f"{scheme}-{width}" for scheme, width in SCREENS])
def context(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    scheme, width = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    yield context
    context.close()


def test_the_page_loads_nothing_and_the_console_is_empty(context: Any, address: str) -> None:
    page = context.new_page()
    said: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address, wait_until="networkidle")
    images = page.evaluate("[...document.images].map(each => each.naturalWidth)")
    assert len(images) >= 4
    assert all(images)
    assert said == []
    assert [url for url in requested if not url.startswith("data:image/svg+xml;")] == [address]


def test_the_policy_of_the_page_would_stop_a_script_and_a_request(
    context: Any, address: str
) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'run'";
        document.body.append(script);
        new Image().src = "https://example.invalid/x.png";
    }""")
    page.wait_for_timeout(200)
    assert page.title() == "Consent report"
    assert len([text for text in said if "Content Security Policy" in text]) == 2


def test_nothing_of_the_page_is_wider_than_the_screen(context: Any, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    root = "document.scrollingElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    if SHOTS:
        scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : ''")
        name = f"report-{scheme or 'light'}-{page.viewport_size['width']}.png"
        page.screenshot(path=Path(SHOTS) / name, full_page=True)


@pytest.mark.skipif(not AXE, reason="CONSENTLINT_AXE does not name a file of axe-core")
def test_axe_finds_no_violation(context: Any, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    result = page.evaluate("axe.run()")
    assert len(result["passes"]) > 20
    assert [
        (each["id"], each["help"], [node["html"] for node in each["nodes"]][:3])
        for each in result["violations"]
    ] == []


def test_a_printed_chart_fits_on_a_page(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": A4_WIDTH, "height": A4_HEIGHT})
    page.goto(address)
    page.emulate_media(media="print")
    charts = page.evaluate(
        "[...document.images].map(each => [each.getBoundingClientRect().height,"
        " each.getBoundingClientRect().width])"
    )
    # The chart of 30 countries is the highest.
    assert 500 < max(height for height, _ in charts) < A4_HEIGHT * 0.8
    assert max(width for _, width in charts) <= A4_WIDTH
    if SHOTS:
        page.pdf(path=Path(SHOTS) / "report.pdf", format="A4")
    page.close()
