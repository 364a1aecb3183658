"""The status page: what a stub has received, with phone numbers masked."""

from collections import Counter
from collections.abc import Iterator

from consentlint.stub.faults import CutAfterUpsert, CutBeforeUpsert
from consentlint.stub.received import (
    ReceivedRequest,
    RequestLog,
    contact_for_display,
    rejection_reasons,
)
from consentlint.text.masking import shown
from consentlint.text.plurals import counted

MAX_REQUESTS = 200
"""The number of requests that the page shows."""


def status_page(log: RequestLog) -> str:
    """Return the status page as plain text, the last request first."""
    title = (
        f"consentlint stub: {counted(log.request_count, 'request')} received,"
        f" {counted(log.upsert_count, 'item')} stored"
    )
    lines = [title, ""]
    for request in log.received[: -MAX_REQUESTS - 1 : -1]:
        lines += _lines(request)
    if log.request_count > MAX_REQUESTS:
        lines.append(f"... and {counted(log.request_count - MAX_REQUESTS, 'earlier request')}")
    return "\n".join(lines).rstrip() + "\n"


def summary_line(request: ReceivedRequest) -> str:
    """Return a request and its result in one line, without any value of an item."""
    fault = f" [{request.fault}]" if request.fault else ""
    result = f": {request.message}" if request.message else ""
    if request.items:
        reasons = Counter(code for item in request.response_items for code in item.error_messages)
        stored = sum(1 for item in request.response_items if item.error_code == 0)
        result = f": {stored} of {counted(len(request.items), 'item')} stored"
        result += "".join(f", {count} x {code}" for code, count in sorted(reasons.items()))
    is_cut = isinstance(request.fault, CutBeforeUpsert | CutAfterUpsert)
    status = "without a response" if is_cut else request.status
    return f"{shown(request.method)} {shown(request.path)} {status}{fault}{result}"


def _lines(request: ReceivedRequest) -> Iterator[str]:
    time = request.at.isoformat(timespec="seconds")
    yield f"{request.number}  {time}  {summary_line(request)}"
    # If a fault stored nothing, a request has items but no results.
    for item, reasons in zip(request.items, rejection_reasons(request), strict=False):
        contact = contact_for_display(str(item.get("contact_id")))
        fields = " ".join(
            shown(str(item[field]))
            for field in ("sender_id", "status", "country_iso_code", "zip_code")
            if field in item
        )
        yield f"     {contact} {fields}: {reasons or 'stored'}"
    yield ""
