"""One call of `submit`: from what was read to what is said in the end."""

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from consentlint import wire
from consentlint.submit.answers import SETTLED, Outcome
from consentlint.submit.client import (
    IN_FLIGHT,
    Address,
    Client,
    Credentials,
    checked_address,
    credentials_from_environment,
)
from consentlint.submit.closing import report
from consentlint.submit.journal import Journal, Recorded, Subject, Unusable
from consentlint.submit.lanes import ThreadLanes
from consentlint.submit.outputs import (
    PRIVATE,
    check_one_format,
    check_writable,
    write_whole,
    written_back,
)
from consentlint.submit.progress import ProgressLine, Unfailing
from consentlint.submit.rate import Rate, state_file
from consentlint.submit.reading import Input, LeftOut, Rejected
from consentlint.submit.reports import Account, Fate
from consentlint.submit.run import Run, Waits
from consentlint.submit.selection import (
    Choices,
    counted,
    is_or_are,
    least_duration,
    left_out_of,
    lines_of_left_out,
    requests_for,
    sendable_of,
)
from consentlint.submit.sendable import Sendable
from consentlint.text.masking import printable, shown


def submit(given: Input, choices: Choices, said: Unfailing) -> int:
    """Send what was read, say what is to be said, and return the exit code.

    Args:
        given: what was read.
        choices: what the user wants.
        said: where to say it.

    Raises:
        Rejected, Misconfigured, Unusable, Unwritable, NoState: it could not be done; what was
            recorded stays recorded.
    """
    assert given.is_whole
    address = checked_address(choices.base_url)
    credentials = credentials_from_environment()
    left_out = left_out_of(given, choices)
    for path in (choices.results, choices.rejects, choices.left_out):
        if path is not None:
            check_writable(path)
    if choices.rejects is not None:
        check_one_format(given)
    subject = Subject(given.digest, given.endpoint.name, address.base_url, credentials.username)
    client = Client(address, given.endpoint.path, credentials)
    with Journal(choices.journal, subject, time.time) as journal:
        check_writable(choices.drift)
        _write_left_out(given, left_out, choices, journal, said)
        url = address.base_url + given.endpoint.path
        rate_file = state_file(credentials.username, url)
        with Rate(rate_file, choices.rate, time.time) as rate:
            return _Session(
                given=given,
                choices=choices,
                said=said,
                left_out=left_out,
                journal=journal,
                rate=rate,
                client=client,
                credentials=credentials,
                address=address,
            ).go()


class _Session:
    """What goes on while the journal is open."""

    def __init__(  # noqa: PLR0913 - all are named
        self,
        *,
        given: Input,
        choices: Choices,
        said: Unfailing,
        left_out: LeftOut,
        journal: Journal,
        rate: Rate,
        client: Client,
        credentials: Credentials,
        address: Address,
    ) -> None:
        self._given = given
        self._choices = choices
        self._said = said
        self._left_out = left_out
        self._journal = journal
        self._rate = rate
        self._client = client
        self._credentials = credentials
        self._address = address

    def go(self) -> int:
        """Send what is left, and report; return the exit code."""
        sendable = sendable_of(self._given, self._left_out)
        recorded = self._journal.items()
        items = [item for item in sendable if not _is_settled(recorded, item)]
        if self._choices.again and recorded:
            recorded, items = self._begin_again(sendable, recorded, items)
        _check_order(sendable, recorded)
        self._say_begin(items, recorded, len(sendable) - len(items))
        code = 0
        if items:
            code = self._run(items, recorded)
        account = Account(self._given, self._left_out, self._journal.items())
        report(account, self._choices, self._journal, self._say)
        if all(_is_settled(account.recorded, item) for item in sendable):
            # Not before: whoever has not seen the end calls the same command once more, and
            # with --again that must not send all of it again.
            self._journal.close_turn()
        if code or any(account.fate(item.number) is Fate.FAILED for item in sendable):
            # The same command tries those once more that were given up.
            self._say(f"To go on: {self._choices.resume}")
        if code:
            return code
        return 0 if all(fate is Fate.STORED for _, fate in account.fates()) else 1

    def _begin_again(
        self,
        sendable: list[Sendable],
        recorded: dict[int, Recorded],
        items: list[Sendable],
    ) -> tuple[dict[int, Recorded], list[Sendable]]:
        if not items and self._journal.is_closed:
            stored = sum(1 for found in recorded.values() if found.outcome is Outcome.STORED)
            self._say(
                f"--again: {counted(stored, 'stored item')} will be sent once more. An opt-in among"
                " them undoes a STOP that came since."
            )
            self._journal.begin_again()
            return {}, sendable
        if self._journal.turn == 1:
            raise Rejected(
                "the first sending of these files has not come to its end: go on without --again"
                " first"
            )
        return recorded, items

    def _run(self, items: Sequence[Sendable], recorded: Mapping[int, Recorded]) -> int:
        """Send items; return 2 where the run was stopped, 130 where interrupted, else 0."""
        lanes = ThreadLanes(self._client)
        line = ProgressLine(self._said, time.monotonic, is_terminal=self._said.isatty())
        run = Run(
            endpoint=self._given.endpoint,
            items=items,
            unsure=[item.number for item in items if item.number in recorded],
            journal=self._journal,
            limiter=self._rate,
            lanes=lanes,
            max_attempts=self._choices.max_attempts,
            now=time.monotonic,
            wall_clock=time.time,
            in_flight=IN_FLIGHT,
            waits=Waits(),
            on_progress=lambda progress: None if self._choices.quiet else line(progress),
        )
        with _interrupting(run, lanes):
            try:
                run.go()
            except KeyboardInterrupt:
                line.clear()
                self._say("Interrupted; answers on their way were not waited for.")
                return 130
            except Unusable:
                line.clear()
                self._say(f"Stopped. To go on once it is mended: {self._choices.resume}")
                raise
            finally:
                line.clear()
                self._client.close()
        for trouble, count in run.progress.troubles.most_common():
            self._say(
                f"{counted(count, 'request')} failed, wholly or in part: {self._fit(trouble)}."
            )
        if run.stop is not None:
            self._say(self._of_stop(run.stop))
            return 2
        if run.is_interrupted:
            self._say("Interrupted; all answers that were on their way are recorded.")
            return 130
        return 0

    def _say_begin(
        self, items: Sequence[Sendable], recorded: Mapping[int, Recorded], done: int
    ) -> None:
        for text in lines_of_left_out(self._left_out):
            self._say(text)
        if done or recorded:
            words = f"Going on with {printable(self._choices.journal)}:"
            unsure = sum(1 for item in items if item.number in recorded)
            words += (
                f" {counted(done, 'item')} answered before, which {is_or_are(done)} not sent again"
            )
            if unsure:
                words += f"; {unsure:,} left without an answer, and {is_or_are(unsure)} sent again"
            self._say(f"{words}.")
        if not items:
            self._say("Nothing is left to be sent.")
            return
        count = requests_for(items)
        self._say(
            f"Sending {counted(len(items), 'item')} of {self._given.endpoint.name} in"
            f" {counted(count, 'request')} to {self._address.base_url}, at most"
            f" {self._choices.rate} a minute: {least_duration(count, self._choices.rate)} at least."
        )
        self._say(
            f"Journal: {printable(self._choices.journal)}. If this is stopped, the same command"
            " goes on where it stopped."
        )

    def _of_stop(self, error: wire.Error) -> str:
        """Return why the run was stopped, in Twilio's words and ours."""
        if error.status == 0:
            return f"Stopped: {self._fit(error.message)}."
        words = f"Stopped: HTTP {error.status}"
        if error.message:
            code = f" {error.code}" if error.code is not None else ""
            words += f", Twilio{code}: {self._fit(error.message)}"
        hint = {
            400: "the API does not take the request as a whole",
            401: f"is {self._credentials.variable} right, and does it belong to the user name?",
            403: "the credentials are good, and may not do this",
            404: "the account may not be enabled for this API: ask Twilio, or check --base-url",
        }.get(error.status, "")
        if 300 <= error.status < 400:
            hint = "redirects are not followed: give the address itself as --base-url"
        return f"{words} ({hint})." if hint else f"{words}."

    def _fit(self, text: str) -> str:
        """Return text from outside as it may be shown."""
        return shown(self._credentials.without_secret(text), 200)

    def _say(self, text: str) -> None:
        self._said.write(f"{text}\n")


@contextmanager
def _interrupting(run: Run, lanes: ThreadLanes) -> Iterator[None]:
    """Let the first Ctrl-C end the run in good order, and the second at once."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        if run.is_interrupted:
            raise KeyboardInterrupt
        run.interrupt()
        lanes.wake()

    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, None):
        # It was started so as not to hear it: in the background of a shell.
        yield
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write_left_out(
    given: Input, left_out: LeftOut, choices: Choices, journal: Journal, said: Unfailing
) -> None:
    # What a run with other options has stored must not be sent again from there.
    stored = {n for n, found in journal.items().items() if found.outcome is Outcome.STORED}
    numbers = (left_out.invalid | left_out.held_back) - stored
    if choices.left_out is None or not numbers:
        return
    parts = written_back(given, dict.fromkeys(sorted(numbers), ""))
    write_whole(choices.left_out, parts, mode=PRIVATE)
    given.check_unchanged()
    said.write(f"{printable(choices.left_out)}: {counted(len(numbers), 'item')} left out.\n")


def _check_order(sendable: Sequence[Sendable], recorded: Mapping[int, Recorded]) -> None:
    """Make sure that no item is sent after a later one of its contact and sender.

    No run of ours leaves such a journal; but other options, or newer phone metadata, may
    tell contacts apart in another way than the run before.

    Raises:
        Rejected: one would be.
    """
    later: set[str] = set()
    for item in reversed(sendable):
        if _is_settled(recorded, item):
            later.add(item.pair)
        elif item.pair in later:
            raise Rejected(
                f"item {item.number} (counted from 0, over all files) was not sent, and a later one"
                " of the same contact and sender was: to go on would bring back what is older. Go"
                " on with the options that the run began with"
            )


def _is_settled(recorded: Mapping[int, Recorded], item: Sendable) -> bool:
    found = recorded.get(item.number)
    return found is not None and found.outcome in SETTLED
