"""Everything that a person reads uses the vocabulary of the style guide, one word a thing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent

# A word or a phrase to avoid (of lower case, `_` and CamelCase read as spaces), and what to
# write instead.
AVOID = {
    r"\b(?:is|are) none of\b": 'expected "a" or "b"',
    r"\bpass(?:es|ed|ing)? over\b": "skip, skipped",
    r"\bovertak": "superseded",
    r"(?<!there )\b(?:is|are) no (?!longer\b|more\b)": "is not a, are not",
    r"\bsaid of\b": "reported for",
    r"\b(?:has|have|had|nothing) to say\b": "report, finding",
    r"\bwhat (?:it is|they are) worth\b": "by file size",
    r"\b(?:dear to|as dear|dearer)\b": "slow, expensive",
    r"\bwhom to believe\b": "profile",
    r"\b(?:un)?told\b": "detected",
    r"\b(?:mis)?judg(?:e[ds]?|ing|e?ments?)\b": "check, checked",
    r"(?<!connection )\brefus(?:e[ds]?|ing|als?)\b": "reject, rejected",
    r"\bsendings\b": "request, attempt",
    r"\bg(?:a|i)ve up\b|\bgiv(?:es|en|ing) up\b": "timed out, stopped",
    r"\blanes?\b": "worker",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bin (?:the )?place of\b": "instead of",
    r"\bst(?:and|ands|ood)\b(?! ?alone)": "is, appears",
    r"\bcomplain(?:s|ed|ts?)?\b": "report, finding",
    r"\bno account\b": "ignored",
    r"\bspoil(?:s|ed|ing|t)?\b": "break, invalid",
    r"\btak(?:e|es|en|ing) for\b": "treat as",
    r"\blies?\b|\blay\b": "is",
    r"\bbeside\b": "next to, with",
    r"\b(?:stays|rests|goes) without\b": "has no",
    r"\bof (?:a|an) earlier\b": "of a previous",
    r"\b(?:hitherto|thereof|therein|whence)\b": "plain words",
    r"\bfor (?:it|they|there) (?:is|are|has|have|would|may|can)\b": "because",
    r"\bwhere (?:nothing|none|there (?:is|are)|it (?:is|has|may))\b": "if, when",
    r"\bto be (?:had|said|judged)\b": "active voice",
    r"\bwhat (?:was|is) said\b": "finding, message",
    r"\bcan(?:not)? be (?:said|asked)\b": "can be set",
    r"\bsa(?:y|ys|id|ying) --": "pass --x",
    r"\ball 1\b|\b1 (?:items|rows|records|files|lines|findings|errors|warnings|requests)\b": "1 item",
    r"\b(?:goes|going|went) on\b": "continue",
    r"\bread on\b": "stop reading, continue",
    r"\b(?:hardly|seldom)\b": "rarely",
    r"\b(?:thus|hence|upon|lest|shall|whilst|amongst|whereby|wherein)\b": "plain words",
    r"(?<!/)\b(?:etc|via|e\.g|i\.e)\b": "for example, that is, through",
    r"\bplease\b": "an imperative",
}

ANY = re.compile("|".join(AVOID))

FOLDERS = ("consentlint", "scripts", "benchmarks", "schemas", "docs", "examples", "tests")
SUFFIXES = frozenset({".py", ".md", ".json", ".toml", ".yaml"})

# These name the words themselves, hold values of consents, are generated, or are of others.
EXEMPT = frozenset(
    {
        "tests/test_vocabulary.py",
        "consentlint/fields/_phone_table.py",
        "consentlint/data/postal_codes.json",
        "tests/cases/cases.json",
        "tests/reporters/schemas/rdjson.json",
        "tests/reporters/schemas/sarif-2.1.0.json",
    }
)


def texts() -> Iterator[Path]:
    """Yield the files that a person reads."""
    yield from sorted(ROOT.glob("*.md"))
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path


def words(line: str) -> str:
    """Return a line in lower case, with the names in it cut into words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", line).lower()


def violations(path: Path) -> Iterator[str]:
    """Yield the words of a file that the style guide replaces."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    if name == "CHANGELOG.md":
        text = re.sub(r"`[^`\n]*`", "", text)  # It has the old names of what was renamed.
    for number, line in enumerate(text.splitlines(), 1):
        plain = words(line)
        for pattern, instead in AVOID.items() if ANY.search(plain) else ():
            if match := re.search(pattern, plain):
                yield f"{name}:{number}: {match[0]!r}: write {instead!r}: {line.strip()}"


NAMES = [path.relative_to(ROOT).as_posix() for path in texts()]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in EXEMPT])
def test_a_text_uses_the_words_of_the_style_guide(name: str) -> None:
    found = list(violations(ROOT / name))

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "the status is none of these",
        "def test_a_file_is_passed_over() -> None:",
        "class JudgedItem:",
        "To override it, say --kind.",
        "The API would reject all 1 row.",
        "1 items",
        "The cells are no fields.",
        "Reading goes on after the error.",
        "i.e. the first item",
    ],
)
def test_a_phrase_to_avoid_is_found_in_prose_and_in_names(line: str) -> None:
    assert any(re.search(pattern, words(line)) for pattern in AVOID)


@pytest.mark.parametrize(
    "line", ["There are no options.", "21 items", "2,001 records", "../etc/passwd", "is no longer"]
)
def test_plain_words_are_not_reported(line: str) -> None:
    assert not any(re.search(pattern, words(line)) for pattern in AVOID)


def test_every_exempt_file_exists() -> None:
    assert [path for path in EXEMPT if not (ROOT / path).exists()] == []
