"""Texts that would do something in a terminal, a log, a page, a spreadsheet or a CI system."""

import json
import os
from pathlib import Path

from sample_items import CONSENT

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src='https://evil.example/x.png' onerror=alert(1)>",
    "]]>",
    "a\nb\r\nc\x85d\u2028e",
    "\x1b[31mred\x1b[0m\x07\x00",
    "%0A::error::forged",
    "::error::forged",
    "##[error]forged",
    "::stop-commands::token",
    "=1+1",
    "+cmd|'/c calc'!A0",
    "-1",
    "@SUM(A1)",
    "\uff1d1+1",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) @someone #1",
    "`` ` ``` code",
    "| a | b |",
    "**bold** _it_ ~~gone~~",
    "\udce9 \ufffe \u202e \u200b",
    "\"quoted\", 'and' \\ back",
    "https://evil.example",
    "{0} {{1}}",
]


def write_hostile_files(folder: Path) -> None:
    """Write a file for each text, with the text as its name, as the value of each field, and as a key."""
    folder.mkdir()
    for text in HOSTILE:
        items = [{**CONSENT, field: text} for field in (*CONSENT, text)]
        name = text.encode("utf-8", "surrogateescape").replace(b"/", b"_").replace(b"\0", b"")
        lines = "\n".join(map(json.dumps, items))
        (folder / os.fsdecode(name + b".jsonl")).write_text(lines, encoding="utf-8")
