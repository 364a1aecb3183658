"""The page that shows what a stub has received, phone numbers masked."""

from collections import Counter
from collections.abc import Iterator

from consentlint.stub.records import Received, Records, shown_contact, verdicts
from consentlint.text.masking import shown

_MOST = 200


def page(records: Records) -> str:
    """Return what was received, as plain text, the last request first."""
    received, upserts = records.received, records.upserts
    lines = [
        f"consentlint stub: {len(received)} requests received, {len(upserts)} items stored",
        "",
    ]
    for seen in received[: -_MOST - 1 : -1]:
        lines += _lines(seen)
    if len(received) > _MOST:
        lines.append(f"... and {len(received) - _MOST} before these")
    return "\n".join(lines).rstrip() + "\n"


def summary(seen: Received) -> str:
    """Return one line on a request, with no value of an item in it."""
    fault = f" [{seen.fault}]" if seen.fault else ""
    said = f": {seen.message}" if seen.message else ""
    if seen.items:
        reasons = Counter(code for entry in seen.entries for code in entry.error_messages)
        stored = sum(1 for entry in seen.entries if entry.error_code == 0)
        said = f": {stored} of {len(seen.items)} items stored"
        said += "".join(f", {count} x {code}" for code, count in sorted(reasons.items()))
    return f"{shown(seen.method)} {shown(seen.path)} {seen.status}{fault}{said}"


def _lines(seen: Received) -> Iterator[str]:
    at = seen.at.isoformat(timespec="seconds")
    yield f"{seen.number}  {at}  {summary(seen)}"
    # A request that a fault has struck may have items and no entries.
    for item, verdict in zip(seen.items, verdicts(seen), strict=False):
        contact = shown_contact(str(item.get("contact_id")))
        fields = " ".join(
            shown(str(item[field]))
            for field in ("sender_id", "status", "country_iso_code", "zip_code")
            if field in item
        )
        yield f"     {contact} {fields}: {verdict or 'stored'}"
    yield ""
