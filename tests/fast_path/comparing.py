"""Check a file with and without the fast path, and report what differs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest.mock import patch

from clean_records import NOW
from random_files import RandomFile

from consentlint.fast_path import matcher
from consentlint.fields import iso8601
from consentlint.formats import Parsed, Part, _content, _stream, json_document
from consentlint.linter import line_scan, part_scan
from consentlint.linter.check import Linter
from consentlint.linter.part_scan import Scanned, Scanner
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Finding
from consentlint.model.settings import ReadOptions, Settings
from consentlint.rules import DEFAULT_RULES


class Sizes(NamedTuple):
    """The sizes that the linter and the fast path use, made small for small files."""

    learn_after: int = 3
    head: int = 64
    block: int = 500
    smallest_window: int = 600
    largest_window: int = 2400
    part: int = 800
    worth: int = 1
    trial: int = 10_000
    """After this many items the fast path is dropped if it proves too few."""
    items: int = 5
    """How many items a part of a document has at most."""

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Use these sizes."""
        with (
            patch.object(part_scan, "_FIRST_LESSON", self.learn_after),
            patch.object(part_scan, "_TRIAL", self.trial),
            patch.object(_content, "HEAD", self.head),
            patch.object(_stream, "HEAD", self.head),
            patch.object(matcher, "_BLOCK", self.block),
            patch.object(matcher, "_SMALLEST_WINDOW", self.smallest_window),
            patch.object(matcher, "_LARGEST_WINDOW", self.largest_window),
            patch.object(line_scan, "_FIRST_PART", min(self.part, line_scan._FIRST_PART)),
            patch.object(line_scan, "_PART", self.part),
            patch.object(line_scan, "_WORTH", self.worth),
            patch.object(json_document, "_MAX_ITEMS", self.items),
            patch.object(
                json_document, "_FIRST_ITEMS", min(self.items, json_document._FIRST_ITEMS)
            ),
        ):
            yield


REAL = Sizes(
    part_scan._FIRST_LESSON,
    _stream.HEAD,
    matcher._BLOCK,
    matcher._SMALLEST_WINDOW,
    matcher._LARGEST_WINDOW,
    line_scan._PART,
    line_scan._WORTH,
    part_scan._TRIAL,
    json_document._MAX_ITEMS,
)


def random_sizes(random: Random) -> Sizes:
    """Return sizes that put borders everywhere."""
    smallest_window = random.randint(350, 1500)
    return Sizes(
        learn_after=random.randint(1, 5),
        head=random.choice((16, 64, 300)),
        block=random.randint(64, 2000),
        smallest_window=smallest_window,
        largest_window=smallest_window * random.choice((1, 2, 5)),
        part=random.randint(64, 5_000),
        trial=random.choice((5, 20, 10_000)),
        items=random.choice((1, 7, 50)),
    )


class Outcome(NamedTuple):
    """What was found in a file."""

    items: int
    findings: list[Finding]
    proven: int
    """How many items this process has proven clean without parsing them."""
    failure: str = ""
    """An exception that was raised; none may be."""


def outcome(file: RandomFile, folder: Path, *, fast_path: bool, jobs: int = 1) -> Outcome:
    """Check a file one way.

    Args:
        file: the file.
        folder: where to write it.
        fast_path: whether to use the fast path.
        jobs: how many processes to use.
    """
    path = folder / file.name
    path.write_bytes(file.content)
    endpoint = ENDPOINTS[file.endpoint] if file.endpoint else None
    options = ReadOptions(endpoint=endpoint, jobs=jobs, fast_path=fast_path)
    proven = 0
    check = Scanner.check

    def counted(self: Scanner, part: Part, parsed: Parsed) -> Scanned:
        nonlocal proven
        bad = [error for _, error in parsed.errors if error.item is not None]
        proven += parsed.items - parsed.batch.count - len(bad)
        return check(self, part, parsed)

    with patch.object(Scanner, "check", counted):
        try:
            with Linter(options, file.settings).check_file(str(path)) as checked:
                return Outcome(checked.report.items, list(checked.findings()), proven)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            return Outcome(0, [], proven, f"{type(error).__name__}: {error}")


class Comparison(NamedTuple):
    """Both outcomes of a file."""

    precise: Outcome
    fast: Outcome

    @property
    def difference(self) -> str:
        """The first difference; empty if there is none."""
        precise, fast = self
        if precise.failure or fast.failure:
            return f"failures: {precise.failure!r} without, {fast.failure!r} with the fast path"
        missed = [None] * abs(len(precise.findings) - len(fast.findings))
        pairs = zip([*precise.findings, *missed], [*fast.findings, *missed], strict=False)
        for one, other in pairs:
            if one != other:
                return f"without the fast path {one},\nwith it {other}"
        if precise.items != fast.items:
            return f"{precise.items} items without the fast path, {fast.items} with it"
        return ""


def compare(file: RandomFile, sizes: Sizes, folder: Path, jobs: int = 1) -> Comparison:
    """Check a file with and without the fast path."""
    with sizes.applied():
        return Comparison(
            outcome(file, folder, fast_path=False),
            outcome(file, folder, fast_path=True, jobs=jobs),
        )


def reduced(file: RandomFile, differs: Callable[[RandomFile], bool]) -> RandomFile:
    """Return a file with fewer pieces that still differs."""
    pieces: Sequence[bytes] = file.pieces
    size = len(pieces) // 2
    while size:
        at = 0
        while at < len(pieces):
            fewer = (*pieces[:at], *pieces[at + size :])
            if differs(file._replace(pieces=fewer)):
                pieces = fewer
            else:
                at += size
        size //= 2
    return file._replace(pieces=tuple(pieces))


def settings_without(*ignored: str, now: str = NOW) -> Settings:
    return Settings(iso8601.parse(now).moment, rules=DEFAULT_RULES - set(ignored))


DEFAULT_SETTINGS = settings_without()
SMALL = Sizes()


def same(
    content: bytes,
    folder: Path,
    name: str = "records.jsonl",
    settings: Settings = DEFAULT_SETTINGS,
    sizes: Sizes = SMALL,
    *,
    jobs: int = 1,
) -> Comparison:
    """Assert that with and without the fast path say the same of a file, and return it."""
    kind = name.removesuffix(".gz").rpartition(".")[-1]
    compared = compare(RandomFile(kind, name, (content,), settings, None), sizes, folder, jobs)
    assert not compared.difference
    return compared


def rules_of(compared: Comparison) -> list[str]:
    """Return the rules of the findings."""
    return [finding.rule for finding in compared.fast.findings]
