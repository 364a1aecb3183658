"""Hooks of mkdocs: what differs between the pages on the site and in the repository.

The pages are written so that they can also be read in the repository. mkdocs imports this module.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from draw_report import example_report
from mkdocs.structure.files import File

_OUTSIDE = re.compile(r"\]\(\.\./([^)]+)\)")
_COG = re.compile(r"<!-- \[\[\[.*?\]\]\] -->\n?", re.DOTALL)
_CONTENTS = re.compile(r"^(?:- \[[^\]\n]+\]\(#[^)\n]+\)\n){2,}", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Replace each folder of the navigation by its pages."""
    config.nav = [_expanded(entry, Path(config.docs_dir)) for entry in config.nav]
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the report that a tutorial describes."""
    with TemporaryDirectory() as folder:
        content = example_report(Path(folder)).read_text(encoding="utf-8")
    files.append(File.generated(config, "example-report.html", content=content))
    return files


def _expanded(entry: Any, docs: Path) -> Any:
    if isinstance(entry, str):
        return entry
    ((title, pages),) = entry.items()
    if isinstance(pages, str):
        return entry
    expanded: list[Any] = []
    for page in pages:
        if isinstance(page, str) and page.endswith("/"):
            expanded += (f"{page}{path.name}" for path in sorted((docs / page).glob("*.md")))
        else:
            expanded.append(_expanded(page, docs))
    return {title: expanded}


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Link files that aren't pages to the repository, and leave out what the site itself shows."""
    if page.is_homepage:
        page.meta["hide"] = ["navigation"]
    markdown = _CONTENTS.sub("", _COG.sub("", markdown))
    if "/" in page.file.src_uri:
        # In a folder, "../" leads to another page.
        return markdown
    repository = config.extra["repository"]
    return _OUTSIDE.sub(rf"]({repository}/blob/main/\1)", markdown)
