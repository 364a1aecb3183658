"""Run `submit` once: from the linted files to the final report."""

import sys
import time
from contextlib import ExitStack, suppress

import click

from consentlint.submit.client import (
    REQUEST_SECONDS,
    ApiClient,
    Credentials,
    credentials_from_environment,
    parse_base_url,
)
from consentlint.submit.delivery import Delivery, RetryTiming
from consentlint.submit.dry_run import prepare
from consentlint.submit.journal import Journal
from consentlint.submit.journal_file import RunIdentity
from consentlint.submit.journal_record import Workload
from consentlint.submit.open_journal import open_journal
from consentlint.submit.options import (
    ItemStatus,
    JournalLost,
    SubmitError,
    SubmitOptions,
)
from consentlint.submit.outputs import check_writable, shown_path
from consentlint.submit.progress import BestEffortStream, ProgressLine
from consentlint.submit.rate_limit import RateLimit, state_file
from consentlint.submit.results import EXCLUDED, import_pyarrow, write_outputs
from consentlint.submit.submission import Submission
from consentlint.submit.wording import (
    describe_exclusions,
    describe_fatal_error,
    describe_workload,
    summary,
)
from consentlint.submit.workers import ThreadWorkers, handle_signals
from consentlint.text.plurals import counted


class Session:
    """One run of the command.

    Args:
        submission: the linted files.
        options: the options of the command.
        stderr: where messages are written.
    """

    def __init__(
        self, submission: Submission, options: SubmitOptions, stderr: BestEffortStream
    ) -> None:
        self._submission = submission
        self._options = options
        self._stderr = stderr
        self._address = parse_base_url(options.base_url)

    def submit(self) -> int:
        """Send the items, report progress, and return the exit code.

        Raises:
            SubmitError: the run cannot continue; what was recorded stays recorded.
        """
        options = self._options
        credentials = credentials_from_environment()
        for path in (options.results, options.rejects, options.skipped):
            if path is not None:
                check_writable(path)
        if options.results is not None and options.results.endswith(".parquet"):
            import_pyarrow()
        identity = RunIdentity(
            self._submission.digest, self._address.base_url, credentials.username
        )
        client = ApiClient(self._address, credentials)
        with open_journal(
            options.journal,
            identity,
            is_default=options.is_default_journal,
            clock=time.time,
            print_line=self._inform,
        ) as journal:
            check_writable(options.drift)
            try:
                return self._run(journal, client, credentials)
            except JournalLost as error:
                copy = journal.file.rescue()
                advice = (
                    f" What it recorded is in {shown_path(copy)}, which the same command finds."
                    if copy
                    else " Without it, the same command sends everything again, so restore it first."
                )
                raise JournalLost(error.message + advice) from None

    def _run(self, journal: Journal, client: ApiClient, credentials: Credentials) -> int:
        prepare(journal, self._submission, self._options)
        counts = journal.counts()
        if self._options.rejects is not None or any(counts[outcome] for outcome in EXCLUDED):
            self._check_same_format()
        if self._options.resend_all:
            self._start_new_pass(journal)
        number = journal.first_out_of_order()
        if number is not None:
            (found,) = self._submission.numbered([number])
            assert found.item.source is not None
            raise SubmitError(
                f"{shown_path(found.file)}:{found.item.source.location.line}: this item was not sent,"
                " but a later item of the same contact and sender was. Sending it now would replace"
                " newer data. Use the options of the earlier run."
            )
        workload = journal.workload()
        self._print_start(journal, workload)
        if not workload.items:
            self._inform("Nothing left to send.")
            return self._report(journal, 0)
        self._confirm(workload, credentials)
        base_url, endpoints = self._address.base_url, self._submission.endpoints
        target = f" to {' and '.join(base_url + endpoint.path for endpoint in endpoints)}"
        self._inform(f"Sending {describe_workload(workload, self._options.rate, target)}.")
        path = shown_path(journal.file.path)
        self._inform(f"Journal: {path}. If interrupted, run the same command to resume.")
        return self._report(journal, self._deliver(journal, client, credentials))

    def _report(self, journal: Journal, code: int) -> int:
        """Report the outcomes, and return the exit code."""
        is_stored = journal.counts()[ItemStatus.STORED] == self._submission.count
        for line in summary(journal):
            (self._inform if is_stored else self._print)(line)
        if journal.counts()[ItemStatus.FAILED]:
            ids = journal.ids_for_support()
            if ids:
                codes = " or ".join(str(each.error_code) for each in self._submission.endpoints)
                self._print(
                    f"To report this to Twilio Support (error {codes}), send these correlation ids"
                    f" within 24 hours: {', '.join(ids)}"
                )
        if code or journal.counts()[ItemStatus.FAILED]:
            # The same command makes new attempts for the items that failed.
            self._print(f"To resume: {self._options.resume_command}")
        write_outputs(self._submission, self._options, journal, self._inform)
        journal.file.check_file()
        if journal.is_done:
            # Not earlier: a user who has not seen the report runs the same command again, and
            # with --resend-all that must not send everything again.
            journal.finish()
        return code or int(not is_stored)

    def _start_new_pass(self, journal: Journal) -> None:
        if not journal.may_have_stored:
            return
        if journal.is_done and journal.finished_at is not None:
            stored = journal.counts()[ItemStatus.STORED]
            self._print(
                f"--resend-all: {counted(stored, 'stored item')} will be sent again. An opt-in"
                " among them undoes a later STOP."
            )
            journal.start_new_pass()
            prepare(journal, self._submission, self._options)
        elif journal.pass_number == 1:
            raise SubmitError(
                "These files have not been sent completely yet. Run the command without"
                " --resend-all first."
            )

    def _confirm(self, workload: Workload, credentials: Credentials) -> None:
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
        target = f" to {self._address.base_url} for the account {credentials.username}"
        text = describe_workload(workload, self._options.rate, target)
        if not click.confirm(f"Send {text}?", err=True):
            self._print("Nothing was sent.")
            raise click.Abort

    def _deliver(self, journal: Journal, client: ApiClient, credentials: Credentials) -> int:
        """Send items; return 2 after a fatal error, 130 after an interrupt, else 0."""
        workers = ThreadWorkers(client, REQUEST_SECONDS)
        line = ProgressLine(self._stderr, time.monotonic)
        with ExitStack() as opened:
            limits = {}
            for endpoint in self._submission.endpoints:
                path = state_file(credentials.username, self._address.base_url + endpoint.path)
                limit = RateLimit(path, self._options.rate, time.time)
                limits[endpoint.path] = opened.enter_context(limit)
            delivery = Delivery(
                journal=journal,
                read=self._submission.read,
                limiters=limits,
                workers=workers,
                max_attempts=self._options.max_attempts,
                now=time.monotonic,
                wall_clock=time.time,
                timing=RetryTiming(),
                on_progress=lambda progress: None if self._options.quiet else line(progress),
            )
            opened.callback(client.close)
            opened.callback(line.close)
            opened.enter_context(handle_signals(delivery, workers))
            try:
                delivery.run()
            except KeyboardInterrupt:
                line.close()
                self._print("Interrupted. Responses to pending requests were not recorded.")
                return 130
            except JournalLost:
                raise
            except SubmitError:
                line.close()
                with suppress(SubmitError):
                    for text in summary(journal):
                        self._print(text)
                self._print(
                    "Stopped. Fix the problem below, then resume with:"
                    f" {self._options.resume_command}"
                )
                raise
        for reason, count in delivery.progress.failures.most_common():
            self._print(f"{counted(count, 'request')} failed: {reason}.")
        if delivery.fatal_error is not None:
            self._print(describe_fatal_error(delivery.fatal_error, credentials))
            return 2
        if delivery.is_interrupted:
            self._print("Interrupted. All pending responses were recorded.")
            return 130
        return 0

    def _print_start(self, journal: Journal, workload: Workload) -> None:
        for text in describe_exclusions(journal):
            self._print(text)
        counts = journal.counts()
        done = counts[ItemStatus.STORED] + counts[ItemStatus.REJECTED]
        path = shown_path(journal.file.path)
        if journal.may_have_stored:
            parts = []
            if done:
                parts.append(f"{counted(done, 'item')} already done, not sent again")
            if workload.unknown:
                parts.append(f"{counted(workload.unknown, 'item')} with unknown result, sent again")
            self._inform(f"Resuming {path}: {'; '.join(parts) or 'no item is stored yet'}.")

    def _check_same_format(self) -> None:
        """Verify that items of all files can be written to one file.

        Raises:
            SubmitError: the files differ in their formats or columns.
        """
        headers = {header.source.text.rstrip("\r\n") for header in self._submission.headers}
        if len(self._submission.formats) > 1 or len(headers) > 1:
            raise SubmitError(
                "The files differ in format or columns, so their items cannot be written to one"
                " file. Submit them separately."
            )

    def _inform(self, text: str) -> None:
        if not self._options.quiet:
            self._print(text)

    def _print(self, text: str) -> None:
        self._stderr.write(f"{text}\n")
