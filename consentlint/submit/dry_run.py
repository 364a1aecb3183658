"""Show what would be sent, without credentials or a connection."""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime

from consentlint import wire
from consentlint.model.sending_time import describe_end
from consentlint.submit.client import parse_base_url
from consentlint.submit.drift import mask_fields
from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity, create
from consentlint.submit.options import SubmitOptions
from consentlint.submit.planning import prepare
from consentlint.submit.rate_limit import MARGIN, MINUTE
from consentlint.submit.submission import Submission
from consentlint.submit.wording import describe_exclusions, describe_workload
from consentlint.text.masking import mask, printable
from consentlint.text.plurals import counted


def dry_run(submission: Submission, options: SubmitOptions) -> Iterator[str]:
    """Yield lines that show what would be sent. No journal remains, and nothing is requested.

    Raises:
        SubmitError: the items could not be sent.
    """
    base_url = parse_base_url(options.base_url).base_url
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal")
        create(path, RunIdentity("", "", ""))
        with Journal(path) as journal:
            prepare(journal, submission, skip_invalid=options.skipped is not None)
            workload = journal.workload()
            items = submission.read(journal.take(0))
            yield from describe_exclusions(journal)
    yield f"Would send {describe_workload(workload, options.rate)}."
    minute = MINUTE + MARGIN
    yield from describe_end(workload.requests, options.rate, datetime.now(UTC), minute)
    if items:
        count = counted(len(items), "item")
        yield f"This is the first of {counted(workload.requests, 'request')}, with {count}:"
        yield f"{wire.METHOD} {base_url}{items[0].endpoint.path}"
    for item in items:
        text = item.text
        if not options.show_values:
            text = mask(json.dumps(mask_fields(json.loads(text)), ensure_ascii=False))
        yield f"{wire.KEY}={printable(text)}"
    yield "Dry run: nothing was sent, and the journal of earlier runs was not read."
