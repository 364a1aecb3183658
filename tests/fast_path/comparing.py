"""Check a file both ways, with the fast path and without it, and tell what differs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest.mock import patch

from clean_records import NOW
from consentlint.linter.checker import DEFAULT_RULES, Terms
from random_files import RandomFile

from consentlint import formats as readers
from consentlint.fast_path import blocks, elements, index, lines, passing, workers
from consentlint.fields import iso8601
from consentlint.formats import _stream
from consentlint.linter import files
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Finding
from consentlint.model.items import Event, Passed


class Sizes(NamedTuple):
    """The sizes by which the fast path goes, made small for small files."""

    learn_after: int = 3
    head: int = 64
    block: int = 500
    smallest_window: int = 600
    largest_window: int = 2400
    smallest_table: int = 4
    most_probes: int = 64
    part: int = 1_500
    worth: int = 1
    least_look: int = 10_000
    """After so many lines it is asked whether the fast path pays."""

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let the fast path go by these sizes."""
        with (
            patch.object(passing, "LEARN_AFTER", self.learn_after),
            patch.object(readers, "HEAD", self.head),
            patch.object(_stream, "HEAD", self.head),
            patch.object(blocks, "BLOCK", self.block),
            patch.object(workers, "BLOCK", self.block),
            patch.object(workers, "PART", self.part),
            patch.object(lines, "_WORTH", self.worth),
            patch.object(lines, "_LEAST_LOOK", self.least_look),
            patch.object(elements, "_SMALLEST_WINDOW", self.smallest_window),
            patch.object(elements, "_LARGEST_WINDOW", self.largest_window),
            patch.object(index, "_SMALLEST", self.smallest_table),
            patch.object(index, "_MOST_PROBES", self.most_probes),
        ):
            yield


REAL = Sizes(
    passing.LEARN_AFTER,
    readers.HEAD,
    blocks.BLOCK,
    elements._SMALLEST_WINDOW,
    elements._LARGEST_WINDOW,
    index._SMALLEST,
    index._MOST_PROBES,
    workers.PART,
    lines._WORTH,
    lines._LEAST_LOOK,
)


def random_sizes(random: Random) -> Sizes:
    """Return sizes with which borders lie everywhere."""
    smallest_window = random.randint(350, 1500)
    return Sizes(
        learn_after=random.randint(1, 5),
        head=random.choice((16, 64, 300)),
        block=random.randint(64, 2000),
        smallest_window=smallest_window,
        largest_window=smallest_window * random.choice((1, 2, 5)),
        smallest_table=random.choice((4, 8, 64)),
        most_probes=random.choice((2, 4, 64)),
        part=random.randint(64, 5_000),
        least_look=random.choice((5, 20, 10_000)),
    )


class Outcome(NamedTuple):
    """What was said of a file."""

    items: int
    findings: list[tuple[int, Finding]]
    """With how many items came before each."""
    passed: int
    """How many items were passed over."""
    failure: str = ""
    """What was raised, though nothing may be."""


def outcome(file: RandomFile, folder: Path, *, fast_path: bool, jobs: int = 1) -> Outcome:
    """Check a file one way.

    Args:
        file: the file.
        folder: where to write it.
        fast_path: whether items may be passed over.
        jobs: how many processes may prove lines.
    """
    path = folder / file.name
    path.write_bytes(file.content)
    endpoint = ENDPOINTS[file.endpoint] if file.endpoint else None
    reading = files.Reading(endpoint=endpoint, jobs=jobs, fast_path=fast_path)
    passed = 0
    counted = files._items_of

    def items_of(event: Event) -> int:
        nonlocal passed
        if isinstance(event, Passed):
            passed += event.items
        return counted(event)

    findings: list[tuple[int, Finding]] = []
    items = 0
    failure = ""
    with patch.object(files, "_items_of", items_of):
        try:
            for checked in files.check_file(str(path), reading, file.terms):
                findings += [(items, finding) for finding in checked.findings]
                items += checked.items
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            failure = f"{type(error).__name__}: {error}"
    return Outcome(items, findings, passed, failure)


class Comparison(NamedTuple):
    """Both outcomes of a file."""

    precise: Outcome
    fast: Outcome

    @property
    def difference(self) -> str:
        """What differs first, nothing where all is the same."""
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
    """Check a file both ways."""
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


def terms(*ignored: str, now: str = NOW) -> Terms:
    return Terms(iso8601.read(now).moment, rules=DEFAULT_RULES - set(ignored))


DEFAULT_TERMS = terms()
SMALL = Sizes()


def same(
    content: bytes,
    folder: Path,
    name: str = "records.jsonl",
    terms: Terms = DEFAULT_TERMS,
    sizes: Sizes = SMALL,
    *,
    jobs: int = 1,
) -> Comparison:
    """Assert that both ways say the same of a file, and return it."""
    kind = name.removesuffix(".gz").rpartition(".")[-1]
    compared = compare(RandomFile(kind, name, (content,), terms, None), sizes, folder, jobs)
    assert not compared.difference
    return compared


def said(compared: Comparison) -> list[str]:
    """Return the rules that have spoken."""
    return [finding.rule for _, finding in compared.fast.findings]
