"""What the stub received, for the report of a test that fails."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from consentlint.pytest_plugin._guard import Guard
from consentlint.stub.received import (
    ReceivedRequest,
    contact_for_display,
    rejection_reasons,
)
from consentlint.stub.status_page import summary_line
from consentlint.stub.stub import Stub
from consentlint.text.plurals import counted

_MAX_REQUESTS = 10
_MAX_ITEMS = 5
_WIDTH = 78


def sections(
    stubs: Sequence[Stub], urls: Sequence[str], guard: Guard | None
) -> list[tuple[str, str]]:
    """Return the sections to add to a report: for each stub, and for requests that were stopped.

    Args:
        stubs: The stubs that the test used.
        urls: Their URLs.
        guard: What stopped requests to the real API, if anything.
    """
    found = [
        ("consentlint stub", "\n".join(_lines(stub, url)))
        for stub, url in zip(stubs, urls, strict=False)
    ]
    if guard and guard.attempts:
        shown = list(dict.fromkeys(guard.attempts))[:_MAX_ITEMS]
        text = "\n".join(line for attempt in shown for line in wrap(attempt, _WIDTH))
        found.append((f"consent_stub_only: {counted(len(guard.attempts), 'request')}", text))
    return found


def _lines(stub: Stub, url: str) -> Iterator[str]:
    if not stub.request_count:
        yield "0 requests received. Is your client pointed at consent_stub_url?"
        yield f"The stub of this test listens at {url}. Your code must read this"
        yield "URL, for example from the environment variable TWILIO_ACCOUNTS_URL."
        return
    requests = counted(stub.request_count, "request")
    yield f"{requests} received, {counted(stub.upsert_count, 'item')} stored"
    received = stub.received[-_MAX_REQUESTS:]
    earlier = stub.request_count - len(received)
    if earlier:
        yield f"... {counted(earlier, 'earlier request')}"
    for request in received:
        yield from _request_lines(request)


def _request_lines(request: ReceivedRequest) -> Iterator[str]:
    number = f"{request.number:>3}  "
    yield from wrap(summary_line(request), _WIDTH, initial_indent=number, subsequent_indent=" " * 7)
    rejected = [
        f"item {index}, {contact_for_display(str(request.items[index].get('contact_id')))}: {reason}"
        for index, reason in enumerate(rejection_reasons(request))
        if reason
    ]
    for text in rejected[:_MAX_ITEMS]:
        yield from wrap(text, _WIDTH, initial_indent=" " * 5, subsequent_indent=" " * 7)
    if len(rejected) > _MAX_ITEMS:
        yield f"     ... {counted(len(rejected) - _MAX_ITEMS, 'more rejected item')}"
