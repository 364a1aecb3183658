"""Run `submit` once: from the linted files to the final report."""

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from consentlint.submit.client import (
    MAX_IN_FLIGHT,
    Address,
    ApiClient,
    Credentials,
    credentials_from_environment,
    parse_base_url,
)
from consentlint.submit.delivery import Delivery, RetryTiming
from consentlint.submit.journal import Journal, JournalEntry
from consentlint.submit.journal_file import RunIdentity
from consentlint.submit.options import InputError, JournalError, SubmitOptions
from consentlint.submit.outgoing import OutgoingItem
from consentlint.submit.progress import BestEffortStream, ProgressLine
from consentlint.submit.rate_limit import RateLimit, state_file
from consentlint.submit.responses import ItemStatus
from consentlint.submit.results import SubmitReport, write_report
from consentlint.submit.selection import (
    check_order,
    describe_exclusions,
    describe_workload,
    find_exclusions,
    is_final,
    items_to_send,
)
from consentlint.submit.submission import Exclusions, Submission
from consentlint.submit.workers import ThreadWorkers
from consentlint.submit.write_back import (
    PRIVATE,
    check_same_format,
    check_writable,
    render_items,
    write_file,
)
from consentlint.text.masking import printable, shown
from consentlint.text.plurals import counted
from consentlint.wire import ApiError


def submit(submission: Submission, options: SubmitOptions, stderr: BestEffortStream) -> int:
    """Send the items, report progress, and return the exit code.

    Args:
        submission: the linted files.
        options: the options of the command.
        stderr: where messages are written.

    Raises:
        SubmitError: the run cannot continue; what was recorded stays recorded.
    """
    assert submission.is_complete
    address = parse_base_url(options.base_url)
    credentials = credentials_from_environment()
    exclusions = find_exclusions(submission, options)
    for path in (options.results, options.rejects, options.skipped):
        if path is not None:
            check_writable(path)
    if options.rejects is not None:
        check_same_format(submission)
    identity = RunIdentity(
        submission.digest, submission.endpoint.name, address.base_url, credentials.username
    )
    client = ApiClient(address, submission.endpoint.path, credentials)
    with Journal(options.journal, identity, time.time) as journal:
        check_writable(options.drift)
        _write_skipped(submission, exclusions, options, journal, stderr)
        url = address.base_url + submission.endpoint.path
        rate_file = state_file(credentials.username, url)
        with RateLimit(rate_file, options.rate, time.time) as rate_limit:
            return _Session(
                submission=submission,
                options=options,
                stderr=stderr,
                exclusions=exclusions,
                journal=journal,
                rate_limit=rate_limit,
                client=client,
                credentials=credentials,
                address=address,
            ).run()


class _Session:
    """A run with an open journal."""

    def __init__(  # noqa: PLR0913 - all are named
        self,
        *,
        submission: Submission,
        options: SubmitOptions,
        stderr: BestEffortStream,
        exclusions: Exclusions,
        journal: Journal,
        rate_limit: RateLimit,
        client: ApiClient,
        credentials: Credentials,
        address: Address,
    ) -> None:
        self._submission = submission
        self._options = options
        self._stderr = stderr
        self._exclusions = exclusions
        self._journal = journal
        self._rate_limit = rate_limit
        self._client = client
        self._credentials = credentials
        self._address = address

    def run(self) -> int:
        """Send the remaining items, and report; return the exit code."""
        selected = items_to_send(self._submission, self._exclusions)
        entries = self._journal.entries()
        remaining = [item for item in selected if not is_final(entries, item)]
        if self._options.resend_all and entries:
            entries, remaining = self._start_new_pass(selected, entries, remaining)
        check_order(self._submission, selected, entries)
        self._print_start(remaining, entries, len(selected) - len(remaining))
        code = 0
        if remaining:
            code = self._deliver(remaining, entries)
        report = SubmitReport(self._submission, self._exclusions, self._journal.entries())
        write_report(report, self._options, self._journal, self._print)
        if all(is_final(report.entries, item) for item in selected):
            # Not earlier: a user who has not seen the report runs the same command again, and
            # with --resend-all that must not send everything again.
            self._journal.finish_pass()
        has_failed = any(report.outcome_of(item.number) is ItemStatus.FAILED for item in selected)
        if code or has_failed:
            # The same command makes new attempts for the items that failed.
            self._print(f"To resume: {self._options.resume_command}")
        if code:
            return code
        return 0 if all(outcome is ItemStatus.STORED for _, outcome in report.outcomes()) else 1

    def _start_new_pass(
        self,
        selected: list[OutgoingItem],
        entries: dict[int, JournalEntry],
        remaining: list[OutgoingItem],
    ) -> tuple[dict[int, JournalEntry], list[OutgoingItem]]:
        if not remaining and self._journal.is_pass_finished:
            stored = sum(1 for entry in entries.values() if entry.outcome is ItemStatus.STORED)
            self._print(
                f"--resend-all: {counted(stored, 'stored item')} will be sent again. An opt-in"
                " among them undoes a later STOP."
            )
            self._journal.start_new_pass()
            return {}, selected
        if self._journal.pass_number == 1:
            raise InputError(
                "These files have not been sent completely yet. Run the command without"
                " --resend-all first."
            )
        return entries, remaining

    def _deliver(self, items: Sequence[OutgoingItem], entries: Mapping[int, JournalEntry]) -> int:
        """Send items; return 2 after a fatal error, 130 after an interrupt, else 0."""
        workers = ThreadWorkers(self._client)
        line = ProgressLine(self._stderr, time.monotonic, is_terminal=self._stderr.isatty())
        delivery = Delivery(
            items=items,
            unknown=[item.number for item in items if item.number in entries],
            journal=self._journal,
            limiter=self._rate_limit,
            workers=workers,
            max_attempts=self._options.max_attempts,
            now=time.monotonic,
            wall_clock=time.time,
            max_in_flight=MAX_IN_FLIGHT,
            timing=RetryTiming(),
            on_progress=lambda progress: None if self._options.quiet else line(progress),
        )
        with _handle_interrupts(delivery, workers):
            try:
                delivery.run()
            except KeyboardInterrupt:
                line.clear()
                self._print("Interrupted. Responses to pending requests were not recorded.")
                return 130
            except JournalError:
                line.clear()
                self._print(
                    "Stopped. Fix the problem below, then resume with:"
                    f" {self._options.resume_command}"
                )
                raise
            finally:
                line.clear()
                self._client.close()
        for reason, count in delivery.progress.retry_reasons.most_common():
            self._print(f"{counted(count, 'request')} failed: {self._for_display(reason)}.")
        if delivery.fatal_error is not None:
            self._print(self._describe_fatal_error(delivery.fatal_error))
            return 2
        if delivery.is_interrupted:
            self._print("Interrupted. All pending responses were recorded.")
            return 130
        return 0

    def _print_start(
        self, items: Sequence[OutgoingItem], entries: Mapping[int, JournalEntry], done: int
    ) -> None:
        for text in describe_exclusions(self._exclusions):
            self._print(text)
        journal = printable(self._options.journal)
        if done or entries:
            unknown = sum(
                1 for item in items if item.number in entries and entries[item.number].may_be_stored
            )
            parts = []
            if done:
                parts.append(f"{counted(done, 'item')} already done, not sent again")
            if unknown:
                parts.append(f"{counted(unknown, 'item')} with unknown result, sent again")
            self._print(f"Resuming {journal}: {'; '.join(parts) or 'no item is stored yet'}.")
        if not items:
            self._print("Nothing left to send.")
            return
        self._print(
            f"Sending {describe_workload(items, self._options.rate)} to {self._address.base_url}"
            f"{self._submission.endpoint.path}."
        )
        self._print(f"Journal: {journal}. If interrupted, run the same command to resume.")

    def _describe_fatal_error(self, error: ApiError) -> str:
        """Return why the run stopped, in Twilio's words and ours."""
        if error.status == 0:
            return f"Stopped: {self._for_display(error.message.rstrip('.'))}."
        text = f"Stopped: HTTP {error.status}"
        if error.code is not None:
            text += f", Twilio error {error.code}"
        if error.message:
            text += f": {self._for_display(error.message.rstrip('.'))}"
        hint = {
            400: "The API rejected the request as a whole.",
            401: f"Check {self._credentials.username_variable} and {self._credentials.variable}.",
            403: "The credentials are valid, but not allowed to use this API.",
            404: "The account may not be enabled for this API: ask Twilio, or check --base-url.",
        }.get(error.status, "")
        if 300 <= error.status < 400:
            hint = "Redirects are not followed. Pass the final URL as --base-url."
        return f"{text}. {hint}".rstrip()

    def _for_display(self, text: str) -> str:
        """Return text of the server without secrets and control characters, shortened."""
        return shown(self._credentials.redact(text), 200)

    def _print(self, text: str) -> None:
        self._stderr.write(f"{text}\n")


@contextmanager
def _handle_interrupts(delivery: Delivery, workers: ThreadWorkers) -> Iterator[None]:
    """Let the first Ctrl-C wait for pending responses, and the second quit immediately."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        if delivery.is_interrupted:
            raise KeyboardInterrupt
        delivery.interrupt()
        workers.wake()

    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, None):
        # A shell starts background processes with the signal ignored.
        yield
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write_skipped(
    submission: Submission,
    exclusions: Exclusions,
    options: SubmitOptions,
    journal: Journal,
    stderr: BestEffortStream,
) -> None:
    # Items that a run with other options stored must not be sent again from this file.
    stored = {n for n, entry in journal.entries().items() if entry.outcome is ItemStatus.STORED}
    numbers = (exclusions.invalid | exclusions.held_back) - stored
    if options.skipped is None or not numbers:
        return
    parts = render_items(submission, dict.fromkeys(sorted(numbers), ""))
    write_file(options.skipped, parts, mode=PRIVATE)
    submission.check_unchanged()
    stderr.write(f"Wrote {counted(len(numbers), 'unsent item')} to {printable(options.skipped)}.\n")
