"""Shared by the trials of `submit`: input files, the process, and the check of the result."""

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
_START = datetime(2025, 1, 1, tzinfo=UTC).timestamp()

Item = dict[str, str]


def histories(count: int, contacts: int, chance: random.Random) -> list[Item]:
    """Return items with rising dates, several for each contact and sender."""
    return [
        {
            "contact_id": f"+1415555{chance.randrange(contacts):04}",
            "correlation_id": uuid.UUID(int=chance.getrandbits(128)).hex,
            "sender_id": chance.choice(SENDERS),
            "status": chance.choice(("opt-in", "opt-out")),
            "source": "website",
            "date_of_consent": datetime.fromtimestamp(_START + number, UTC).isoformat(),
        }
        for number in range(count)
    ]


def write(items: Sequence[Item], path: Path) -> None:
    """Write items as JSON Lines."""
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")


def start(
    path: Path, url: str, *options: str, largest_file: int | None = None
) -> subprocess.Popen[str]:
    """Start a process that submits a file to a stub, with its state next to the file.

    Args:
        path: the file.
        url: the base URL of the stub.
        options: more options of the command.
        largest_file: how many bytes a file of the process may have, None for any number.
    """
    limit = ""
    if largest_file is not None:
        size = f"({largest_file}, {largest_file})"
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, {size}); "
    code = f"{limit}from consentlint.__main__ import run; run()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "submit", str(path), "--rate", "1000000", *options],
        # The findings of the linter.
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


def find_problems(stub: Stub, items: Sequence[Item]) -> list[str]:
    """Return how the items that the stub stored differ from the file."""
    expected: dict[tuple[str, str], list[str]] = {}
    for item in items:
        pair = item["contact_id"], item["sender_id"]
        expected.setdefault(pair, []).append(item["correlation_id"])
    stored: dict[tuple[str, str], list[str]] = {}
    by_id: dict[str, Mapping[str, object]] = {}
    for upsert in stub.upserts:
        name = str(upsert.fields["correlation_id"])
        by_id[name] = upsert.fields
        history = stored.setdefault((upsert.contact, upsert.sender), [])
        # An item may be stored twice, with nothing in between, if its response was lost.
        if history[-1:] != [name]:
            history.append(name)
    problems = []
    if by_id != {item["correlation_id"]: item for item in items}:
        problems.append(
            f"{len(by_id)} of {len(items)} items are stored, or they differ from the file"
        )
    problems += [f"out of order: {pair}" for pair in expected if stored.get(pair) != expected[pair]]
    for request in stub.received:
        pairs = {(item["contact_id"], item["sender_id"]) for item in request.items}
        if len(pairs) < len(request.items):
            problems.append(
                f"request {request.number} contains two items of one contact and sender"
            )
    return problems
