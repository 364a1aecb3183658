"""Run `submit` once: from the linted files to the final report."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime

import click

from consentlint import wire
from consentlint.model.sending_time import describe_end
from consentlint.submit import client, results, summary
from consentlint.submit.delivery import Delivery, Progress
from consentlint.submit.drift import mask_fields
from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity, create
from consentlint.submit.open_journal import open_journal
from consentlint.submit.options import ItemStatus, JournalLost, SubmitError, SubmitOptions
from consentlint.submit.planning import plan_items
from consentlint.submit.progress import ProgressLine, write_line
from consentlint.submit.rate_limit import MINUTE, acquire, state_file
from consentlint.submit.reading import Submission
from consentlint.submit.summary import Workload
from consentlint.submit.workers import ThreadWorkers
from consentlint.text.masking import mask, printable, shown_path
from consentlint.text.plurals import counted


def dry_run(submission: Submission, options: SubmitOptions) -> Iterator[str]:
    """Yield lines that show what would be sent. No journal remains, and nothing is requested.

    Raises:
        SubmitError: the items could not be sent.
    """
    base_url = client.parse_base_url(options.base_url).base_url
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal")
        create(path, RunIdentity("", "", ""))
        with Journal(path) as journal:
            journal.prepare(plan_items(submission, skip_invalid=options.skipped is not None))
            workload = Workload.of(journal)
            items = list(submission.read([each.number for each in journal.next_batch(0)]))
            yield from summary.exclusions(journal)
    yield f"Would send {workload.describe(options.rate)}."
    yield from describe_end(workload.requests, options.rate, datetime.now(UTC), MINUTE)
    if items:
        count = counted(len(items), "item")
        yield f"This is the first of {counted(workload.requests, 'request')}, with {count}:"
        yield f"{wire.METHOD} {base_url}{items[0].endpoint.path}"
    for item in items:
        text = item.text
        if not submission.settings.show_values:
            text = mask(json.dumps(mask_fields(json.loads(text)), ensure_ascii=False))
        yield f"{wire.KEY}={printable(text)}"
    yield "Dry run: nothing was sent, and the journal of earlier runs was not read."


class Session:
    """One run of the command.

    Raises:
        SubmitError: the base URL, the credentials or an option cannot be used.
        ModuleNotFoundError: there is no library for the results.
    """

    def __init__(self, submission: Submission, options: SubmitOptions) -> None:
        self._submission = submission
        self._options = options
        self._address = client.parse_base_url(options.base_url)
        self._credentials = client.credentials_from_environment()
        for path in filter(None, (options.results, options.rejects, options.skipped)):
            results.check_writable(path)
        if options.results is not None and options.results.endswith(".parquet"):
            import pyarrow.parquet  # noqa: F401
        self._client = client.ApiClient(self._address, self._credentials)

    def submit(self) -> int:
        """Send the items, report progress, and return the exit code.

        Raises:
            SubmitError: the run cannot continue; what was recorded stays recorded.
        """
        options, submission = self._options, self._submission
        base_url, account = self._address.base_url, self._credentials.username
        identity = RunIdentity(submission.digest, base_url, account)
        with open_journal(options, identity) as (journal, archive):
            results.check_writable(options.drift)
            journal.prepare(plan_items(submission, skip_invalid=options.skipped is not None))
            results.check_same_format(submission, options, journal)
            for number in summary.out_of_order(journal):
                (found,) = submission.read([number])
                raise SubmitError(
                    f"{found.shown_location}: this item was not sent, but a later item of the same"
                    " contact and sender was. Sending it now would replace newer data. Use the"
                    " options of the earlier run."
                )
            workload = Workload.of(journal)
            self._print(*summary.exclusions(journal))
            if journal.may_have_stored:
                self._inform(*summary.resumption(journal, options, workload))
            elif options.resend_all:
                self._print(
                    "--resend-all: all items are sent, even if they were stored before. An opt-in"
                    " among them undoes a later STOP."
                )
            if not workload.items:
                self._inform("Nothing left to send.")
                return self._report(journal, 0)
            self._confirm(workload)
            urls = " and ".join(base_url + each.path for each in submission.endpoints)
            self._inform(
                f"Sending {workload.describe(options.rate, f' to {urls}')}.",
                f"Journal: {shown_path(journal.path)}. If interrupted, run the same command to"
                " resume.",
            )
            code = self._deliver(journal, workload)
            if archive and journal.may_have_stored:
                name = shown_path(archive)
                self._inform(f"Archived the journal of the previous, finished run as {name}.")
            return self._report(journal, code)

    def _confirm(self, workload: Workload) -> None:
        """Ask before anything leaves for the real API.

        Raises:
            click.Abort: the answer is no.
            SubmitError: there is no terminal to ask on.
        """
        if self._options.yes or self._address.is_loopback:
            return
        if sys.stdin is None or not sys.stdin.isatty():
            raise SubmitError(
                "Nothing was sent: standard input is not a terminal, so nobody can confirm. Pass"
                " --yes to send without a confirmation."
            )
        target = f" to {self._address.base_url} for the account {self._credentials.username}"
        if not click.confirm(f"Send {workload.describe(self._options.rate, target)}?", err=True):
            self._print("Nothing was sent.")
            raise click.Abort

    def _deliver(self, journal: Journal, workload: Workload) -> int:
        """Send items; return 2 after a fatal error, 130 after an interrupt, else 0."""
        options = self._options
        progress = Progress(workload.items)
        workers = ThreadWorkers(self._client)
        line = ProgressLine(sys.stderr, time.monotonic)
        files = {
            each.path: state_file(self._credentials.username, self._address.base_url + each.path)
            for each in self._submission.endpoints
        }
        delivery = Delivery(
            journal=journal,
            read=self._submission.read,
            acquire=lambda path: acquire(files[path], options.rate),
            workers=workers,
            max_attempts=options.max_attempts,
            now=time.monotonic,
            progress=progress,
            on_progress=lambda progress: None if options.quiet else line(progress),
        )
        try:
            with closing(self._client), workers.handle_signals(progress), closing(line):
                delivery.run()
        except KeyboardInterrupt:
            self._print("Interrupted. Responses to pending requests were not recorded.")
            return 130
        except JournalLost:
            raise
        except SubmitError:
            with suppress(SubmitError):
                self._print(*summary.outcomes(journal))
            self._print(
                f"Stopped. Fix the problem below, then resume with: {options.resume_command}"
            )
            raise
        for reason, count in progress.failures.most_common():
            self._print(f"{counted(count, 'request')} failed: {reason}.")
        if delivery.fatal_error is not None:
            self._print(client.describe_fatal_error(delivery.fatal_error, self._credentials))
            return 2
        if progress.is_interrupted and progress.done < progress.total:
            self._print("Interrupted. All pending responses were recorded.")
            return 130
        return 0

    def _report(self, journal: Journal, code: int) -> int:
        """Report the outcomes, and return the exit code."""
        counts = journal.counts()
        is_stored = counts[ItemStatus.STORED] == self._submission.count
        (self._inform if is_stored else self._print)(*summary.outcomes(journal))
        self._print(*summary.failures(journal, self._submission.endpoints))
        if code or counts[ItemStatus.FAILED]:
            # The same command makes new attempts for the items that failed.
            self._print(f"To resume: {self._options.resume_command}")
        for line in results.write_outputs(self._submission, self._options, journal):
            self._inform(line)
        journal.check_file()
        if journal.is_done:
            # Not earlier: a user who has not seen the report runs the same command again, and
            # with --resend-all that must not send everything again.
            journal.finish()
        return code or int(not is_stored)

    def _inform(self, *lines: str) -> None:
        if not self._options.quiet:
            self._print(*lines)

    def _print(self, *lines: str) -> None:
        for line in lines:
            write_line(sys.stderr, line)
