"""Check files: from names to findings."""

import os
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from consentlint import formats as readers
from consentlint.linter.checker import Checker, Terms, Together, finding_of
from consentlint.model.endpoints import CONSENTS, REQUEST_LIMIT, Endpoint, told_from
from consentlint.model.findings import Finding
from consentlint.model.items import Event, Fault, Header, Item, Passed
from consentlint.rules import OVERTAKEN
from consentlint.rules import files as rules

if TYPE_CHECKING:
    from consentlint.fast_path import FastPath

_VERSION_CONTROL = {".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", "CVS"}
_RESPONSE_KEYS = {"error_code", "error_messages"}
# So many items may say nothing of their kind before it is given up.
_UNTOLD = 100


class Reading(NamedTuple):
    """How files are to be read."""

    endpoint: Endpoint | None = None
    """Whose items they hold, None to tell it from each file."""
    format: str | None = None
    """One of `readers.FORMATS`, None to tell it from each file."""
    request: bool = False
    """True: each file is one request, which holds at most 25 items."""
    stdin_name: str = "<stdin>"
    """What standard input is called; its format is told from this, too."""
    jobs: int | None = None
    """How many processes may look at a large file, None for what it is worth."""
    fast_path: bool = True
    """False: every item is read and judged one by one. The findings are the same."""
    together: Together | None = None
    """What judges all files as one list of items, without a fast path."""


class Checked(NamedTuple):
    """One step through a file."""

    findings: tuple[Finding, ...]
    items: int
    """How many items it was; 0 for what is said of a file as a whole."""
    event: Event | None = None
    """What was read, None for what is said of a file as a whole."""
    format: str = ""
    """One of `readers.FORMATS`, empty where it could not be told."""
    endpoint: Endpoint | None = None
    """Whose items the file holds, None where it could not be told."""


def check_file(name: str, reading: Reading, terms: Terms) -> Iterator[Checked]:
    """Yield what is to be said of a file, an item at a time.

    Nothing that the file holds, and no failure to read it, raises: it becomes a finding.

    Args:
        name: the file's name, "-" for standard input.
        reading: how to read it.
        terms: on what terms to judge its items.
    """
    shown = reading.stdin_name if name == "-" else name
    try:
        stream = readers.open_stream(name)
    except readers.Unreadable as error:
        yield Checked((finding_of(_unreadable(error), shown, terms),), items=0)
        return
    with stream:
        yield from _check_stream(stream, shown, reading, terms)


def _check_stream(
    stream: readers.Stream, shown: str, reading: Reading, terms: Terms
) -> Iterator[Checked]:
    format_name, events, fast_path = _read(stream, shown, reading)
    head, told = _tell_endpoint(events, reading.endpoint)
    checker = Checker(
        told if isinstance(told, Endpoint) else CONSENTS,
        terms,
        file=shown,
        request_limit=REQUEST_LIMIT if reading.request or format_name == "form" else None,
        landmark="line" if format_name in ("csv", "jsonl") else "item",
        together=reading.together,
    )
    endpoint = told if isinstance(told, Endpoint) else None
    if isinstance(told, Fault):
        # What kind of items they are is not known, so none of them is judged.
        events = iter([event for event in head if isinstance(event, Fault)] + [told])
    else:
        events = chain(head, events)
        if fast_path is not None and told is not None:
            fast_path.begin(told, terms, checker.earlier)
    saw_nothing = True
    for event in events:
        is_judged = not is_overtaken(event)
        findings = tuple(checker.check(event)) if is_judged else ()
        if fast_path is not None and is_judged:
            fast_path.saw(event, findings)
        yield Checked(findings, _items_of(event), event, format_name, endpoint)
        saw_nothing = saw_nothing and isinstance(event, Header)
    if saw_nothing:
        fault = Fault(rules.FILE_EMPTY, "there are no items in this file", 1, 1)
        yield Checked(tuple(checker.check(fault)), items=0)


def is_overtaken(event: Event) -> bool:
    """Tell whether an item is marked as one that a later item has overtaken.

    Whatever it says, it must not be sent any more, so there is nothing to say of it.
    """
    return isinstance(event, Item) and bool(event.fields.get(OVERTAKEN))


def files_in(path: str) -> list[str]:
    """Return the files that a path stands for: itself, or what a folder holds.

    Of a folder, those files are meant that have a known suffix, in the order of their
    names; version control's own folders are left out.
    """
    if path == "-" or not os.path.isdir(path):
        return [path]
    found: list[str] = []
    # A folder that may not be searched is no clean one: it is named like a file that fails.
    for folder, folders, names in os.walk(path, onerror=lambda error: found.append(error.filename)):
        folders[:] = sorted(set(folders) - _VERSION_CONTROL)
        for name in sorted(names):
            file = os.path.join(folder, name)
            # A link to nothing is reported; a device or a pipe is no file.
            if readers.format_of_name(name) and (os.path.isfile(file) or not os.path.exists(file)):
                found.append(file)
    return found


def _items_of(event: Event) -> int:
    """Return how many items an event stands for."""
    if isinstance(event, Passed):
        return event.items
    return isinstance(event, Item) or (isinstance(event, Fault) and event.item is not None)


def _read(
    stream: readers.Stream, shown: str, reading: Reading
) -> tuple[str, Iterator[Event], "FastPath | None"]:
    """Return the format of a stream, its events, and what passes items over."""
    try:
        head = stream.head()
    except (readers.Unreadable, OSError) as error:
        return "", iter([_unreadable(error)]), None
    complaint = readers.encoding_complaint(head)
    if complaint:
        return "", iter([Fault(rules.FILE_ENCODING, f"the file {complaint}", 1, 1)]), None
    name = reading.format or readers.format_of_name(shown) or readers.format_of_content(head)
    passing, fast_path = readers.Passing(), None
    worth = len(head) == readers.HEAD and name != "form" and not reading.request
    if worth and reading.fast_path and reading.together is None:
        # A smaller file is read before there is anything to gain.
        from consentlint.fast_path import FastPath

        passing = fast_path = FastPath(stream, name, reading.jobs)
    return name, _guarded(readers.FORMATS[name](stream, passing)), fast_path


def _guarded(events: Iterator[Event]) -> Iterator[Event]:
    """Yield a reader's events, a failure to read on among them."""
    try:
        yield from events
    except (readers.Unreadable, OSError) as error:
        yield _unreadable(error)


def _unreadable(error: Exception) -> Fault:
    words = str(error)
    if isinstance(error, OSError):
        words = f"cannot be read: {error.strerror or type(error).__name__}"
    return Fault(rules.FILE_UNREADABLE, f"the file {words}")


def _tell_endpoint(
    events: Iterator[Event], endpoint: Endpoint | None
) -> tuple[list[Event], Endpoint | Fault | None]:
    """Return the first events of a file, and the endpoint that they tell.

    The endpoint is a fault where they tell none, and None where there is nothing to judge.

    Args:
        events: the file's events; those that are returned are taken from it.
        endpoint: the endpoint that the user named, if any.
    """
    head: list[Event] = []
    first = None
    untold = 0
    for event in events:
        head.append(event)
        if isinstance(event, Fault | Passed):
            # Of these there are never many: the reader gives up.
            continue
        first = first or event
        untold += 1
        names = event.columns if isinstance(event, Header) else tuple(event.fields)
        if set(names) >= _RESPONSE_KEYS:
            words = "this is an answer of the API, not a request: give the file that was sent"
            return head, _kind_fault(first, words)
        told = endpoint or told_from(names)
        if told:
            return head, told
        if untold == _UNTOLD:
            break
    if first is None:
        return head, None
    words = (
        "consents or contacts? No key tells: consents have sender_id, status, source,"
        " contacts country_iso_code, zip_code; say --kind consents or --kind contacts"
    )
    return head, _kind_fault(first, words)


def _kind_fault(event: Item | Header, words: str) -> Fault:
    assert event.source is not None
    return Fault(rules.FILE_KIND, words, *event.source.place, text=event.source.text)
