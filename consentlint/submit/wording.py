"""Put the workload, the outcomes and the errors of a run into words."""

from collections import Counter
from collections.abc import Iterator, Sequence

from consentlint.model.endpoints import Endpoint
from consentlint.submit.client import Credentials
from consentlint.submit.journal_record import JournalRecord, Workload
from consentlint.submit.options import ItemStatus
from consentlint.submit.rate_limit import MARGIN, MINUTE
from consentlint.text.masking import printable, shown
from consentlint.text.plurals import counted
from consentlint.wire import ApiError

_LABELS = {
    ItemStatus.STORED: "stored",
    ItemStatus.REJECTED: "rejected",
    ItemStatus.FAILED: "failed after the last attempt",
    ItemStatus.UNKNOWN: "sent, result unknown",
    ItemStatus.NOT_STORED: "not stored (the API did not process the request)",
    ItemStatus.NOT_SENT: "not sent",
    ItemStatus.SKIPPED: "skipped (invalid)",
    ItemStatus.HELD_BACK: "held back (an invalid item may concern the same contact and sender)",
    ItemStatus.SUPERSEDED: "not sent (marked as superseded)",
}


def describe_workload(workload: Workload, rate: int, target: str = "") -> str:
    """Return the numbers of items and requests, and how long they take, in words."""
    text = counted(workload.items, "item")
    if workload.opt_ins or workload.opt_outs:
        opt_outs = counted(workload.opt_outs, "opt-out")
        text += f" ({counted(workload.opt_ins, 'opt-in')}, {opt_outs})"
    seconds = max(0, workload.requests - 1) // rate * (MINUTE + MARGIN)
    time = f"this takes at least {duration(seconds)}" if seconds else "less than a minute"
    return (
        f"{text} in {counted(workload.requests, 'request')}{target} (at {counted(rate, 'request')} a"
        f" minute, {time})"
    )


def describe_exclusions(journal: JournalRecord) -> Iterator[str]:
    """Yield a line about the items that are not sent, if there are any."""
    counts = journal.counts()
    skipped, held_back = counts[ItemStatus.SKIPPED], counts[ItemStatus.HELD_BACK]
    if skipped or held_back:
        text = f"Skipping {counted(skipped, 'invalid item')}"
        if held_back:
            text += (
                f", and holding back {counted(held_back, 'valid item')} (an invalid item may"
                " concern the same contact and sender)"
            )
        yield f"{text}."


def summary(journal: JournalRecord) -> Iterator[str]:
    """Yield the lines of the summary."""
    counts = journal.counts()
    parts = [f"{counts[outcome]:,} {_LABELS[outcome]}" for outcome in ItemStatus if counts[outcome]]
    yield f"{counted(sum(counts.values()), 'item')}: {', '.join(parts) or 'none'}."
    reasons: Counter[str] = Counter()
    for words, error_code, count in journal.rejections():
        for reason in words.split() or [f"error {error_code}"]:
            reasons[reason] += count
    for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {count:,} x {printable(reason)}"
    opt_outs = journal.count_missing_opt_outs()
    if opt_outs:
        verb, until, who = (
            ("is", "it is", "a person") if opt_outs == 1 else ("are", "they are", "people")
        )
        yield (
            f"{counted(opt_outs, 'opt-out')} {verb} not stored yet. Until {until}, {who} who sent"
            " STOP may still get messages."
        )


def support_request(journal: JournalRecord, endpoints: Sequence[Endpoint]) -> Iterator[str]:
    """Yield what to send to Twilio Support about items that failed, if there are any."""
    ids = journal.ids_for_support() if journal.counts()[ItemStatus.FAILED] else []
    if ids:
        codes = " or ".join(str(endpoint.error_code) for endpoint in endpoints)
        yield (
            f"To report this to Twilio Support (error {codes}), send these correlation ids within 24"
            f" hours: {', '.join(ids)}"
        )


def describe_fatal_error(error: ApiError, credentials: Credentials) -> str:
    """Return why the run stopped, in Twilio's words and ours."""
    message = shown(credentials.redact(error.message.rstrip(".")), 200)
    if error.status == 0:
        return f"Stopped: {message}."
    text = f"Stopped: HTTP {error.status}"
    if error.code is not None:
        text += f", Twilio error {error.code}"
    if message:
        text += f": {message}"
    hint = {
        400: "The API rejected the request as a whole.",
        401: f"Check {credentials.username_variable} and {credentials.variable}.",
        403: "The credentials are valid, but not allowed to use this API.",
        404: "The account may not be enabled for this API: ask Twilio, or check --base-url.",
    }.get(error.status, "")
    if 300 <= error.status < 400:
        hint = "Redirects are not followed. Pass the final URL as --base-url."
    return f"{text}. {hint}".rstrip()


def duration(seconds: float) -> str:
    """Return a duration in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes / 24 / 60:,.1f} days"
