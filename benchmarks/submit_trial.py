"""What the trials of `submit` share: a file with histories, a stub on a port, and the verdict."""

import json
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from consentlint.stub import Stub

SENDERS = ("MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f", "+12025550123")
_BEGAN = datetime(2025, 1, 1, tzinfo=UTC).timestamp()

Item = dict[str, str]


def histories(count: int, contacts: int, chance: random.Random) -> list[Item]:
    """Return items with rising dates, of each contact and sender several."""
    return [
        {
            "contact_id": f"+1415555{chance.randrange(contacts):04}",
            "correlation_id": uuid.UUID(int=chance.getrandbits(128)).hex,
            "sender_id": chance.choice(SENDERS),
            "status": chance.choice(("opt-in", "opt-out")),
            "source": "website",
            "date_of_consent": datetime.fromtimestamp(_BEGAN + number, UTC).isoformat(),
        }
        for number in range(count)
    ]


def write(items: Sequence[Item], path: Path) -> None:
    """Write items as JSON Lines."""
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")


def started(path: Path, url: str, *options: str) -> subprocess.Popen[str]:
    """Return a process that submits a file to a stub, its state beside the file."""
    return subprocess.Popen(
        [sys.executable, "-m", "consentlint", "submit", str(path), "--rate", "1000000", *options],
        # The linter's advice.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "XDG_STATE_HOME": str(path.parent / "state"),
            "CONSENTLINT_BASE_URL": url,
            "TWILIO_ACCOUNT_SID": "AC0",
            "TWILIO_AUTH_TOKEN": "token",
        },
    )


def complaints(stub: Stub, items: Sequence[Item]) -> list[str]:
    """Return in what the store is not what it must be; nothing where it is."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for item in items:
        pair = item["contact_id"], item["sender_id"]
        wanted.setdefault(pair, []).append(item["correlation_id"])
    found: dict[tuple[str, str], list[str]] = {}
    by_id: dict[str, Mapping[str, object]] = {}
    for upsert in stub.upserts:
        name = str(upsert.fields["correlation_id"])
        by_id[name] = upsert.fields
        history = found.setdefault((upsert.contact, upsert.sender), [])
        # Sent again because nobody knew: nothing may stand between the two.
        if history[-1:] != [name]:
            history.append(name)
    said = []
    if by_id != {item["correlation_id"]: item for item in items}:
        said.append(f"{len(by_id)} items are stored of {len(items)}, or not as the file says")
    said += [f"out of order: {pair}" for pair in wanted if found.get(pair) != wanted[pair]]
    for seen in stub.received:
        pairs = {(item["contact_id"], item["sender_id"]) for item in seen.items}
        if len(pairs) < len(seen.items):
            said.append(f"request {seen.number} holds two items of one contact and sender")
    return said
