"""Readers of reports: for each format, a program of others, or what its documentation says.

A reader fails if it does not understand a report, and returns the texts that it would show.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator
from junitparser import Error, Failure, JUnitXml
from markdown_it import MarkdownIt
from sarif.sarif_file import SarifFile

from consentlint.fields import schemas
from consentlint.reporters.csv_table import COLUMNS
from consentlint.rules import RULES

SCHEMAS = Path(__file__).parent / "reporters" / "schemas"
_RULES = {rule.name for rule in RULES}


def parsed_command(line: str) -> tuple[str, dict[str, str], str]:
    """Parse a workflow command as the runner of GitHub does."""
    match = re.fullmatch(r"::([a-z]+) ([^:]*)::(.*)", line)
    assert match is not None, line
    properties = {}
    for pair in match[2].split(","):
        key, _, value = pair.partition("=")
        for code, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r")):
            value = value.replace(code, character)
        properties[key] = value.replace("%25", "%")
    data = match[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    return match[1], properties, data


def _log(text: str) -> list[str]:
    for line in text.split("\n"):
        assert not line.lstrip().startswith("::"), line
        # GitHub finds the old form of a command anywhere in a line.
        assert "##[" not in line, line
    return text.split("\n")


def _github(text: str) -> list[str]:
    shown = []
    for line in text.splitlines():
        if line.startswith(("::error ", "::warning ")):
            _, properties, data = parsed_command(line)
            assert properties.keys() <= {"title", "file", "line", "endLine", "col", "endColumn"}
            shown += [*properties.values(), data]
        else:
            shown += _log(line)
    return shown


@cache
def _schema(name: str) -> Draft4Validator:
    return Draft4Validator(json.loads((SCHEMAS / name).read_text(encoding="utf-8")))


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)
    elif isinstance(node, str):
        yield node


def _json(text: str) -> list[str]:
    Draft202012Validator(schemas.load("report")).validate(json.loads(text))
    # A program gets names and pointers as they are; what a terminal shows are the lines.
    return text.splitlines()


def _jsonl(text: str) -> list[str]:
    finding = schemas.load("report")["properties"]["findings"]["items"]
    for line in text.splitlines():
        Draft202012Validator(finding).validate(json.loads(line))
    return text.splitlines()


def _gitlab(text: str) -> list[str]:
    issues = json.loads(text)
    for issue in issues:
        assert issue.keys() == {
            *("description", "check_name", "fingerprint", "severity", "location")
        }
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["location"]["path"]
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return list(_strings(issues))


def _sarif(text: str) -> list[str]:
    log = json.loads(text)
    _schema("sarif-2.1.0.json").validate(log)
    file = SarifFile("report.sarif", log, datetime.now(UTC))
    assert file.get_distinct_tool_names() == ["consentlint"]
    shown = [str(value) for record in file.get_records() for value in record.values()]
    # The documentation of a rule has paragraphs.
    return shown + [each.replace("\n\n", "") for each in _strings(log)]


def _junit(text: str) -> list[str]:
    shown = []
    for suite in JUnitXml.fromstring(text.encode()):
        results = [result for case in suite for result in case.result]
        assert suite.tests == len(list(suite))
        assert suite.failures == sum(isinstance(result, Failure) for result in results)
        assert suite.errors == sum(isinstance(result, Error) for result in results)
        shown += [suite.name, *(case.name for case in suite), *(r.text or "" for r in results)]
    return [line for each in shown for line in each.split("\n")]


def _rdjson(text: str) -> list[str]:
    result = json.loads(text)
    _schema("rdjson.json").validate(result)
    return list(_strings(result))


def _csv(text: str) -> list[str]:
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert all(tuple(row) == COLUMNS for row in rows)
    cells = [cell for row in rows for cell in row.values()]
    # A spreadsheet would calculate them.
    assert [each for each in cells if each.lstrip().startswith(tuple("=+-@＝＋－＠\t\r"))] == []
    return cells


def _markdown(text: str) -> list[str]:
    shown = []
    for block in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        for token in [block, *(block.children or ())]:
            assert token.type not in {"html_block", "html_inline", "image", "fence"}, token
            if token.type == "link_open":
                assert not _RULES.isdisjoint(re.findall("[a-z-]+", str(token.attrs["href"]))), token
            shown.append(token.content.replace("\n", ""))
    return shown


READERS: dict[str, Callable[[str], list[str]]] = {
    "concise": _log,
    "full": _log,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
    "markdown": _markdown,
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
    "junit": _junit,
    "rdjson": _rdjson,
}
