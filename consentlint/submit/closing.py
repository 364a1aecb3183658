"""What is said and written when a run has come to its end, or was stopped."""

import json
from collections.abc import Callable

from consentlint.submit import drift
from consentlint.submit.answers import SETTLED, Outcome
from consentlint.submit.journal import Journal
from consentlint.submit.outputs import PRIVATE, write_whole, written_back
from consentlint.submit.reports import Account, results, summary
from consentlint.submit.selection import Choices, counted
from consentlint.text.masking import printable


def report(
    account: Account, choices: Choices, journal: Journal, say: Callable[[str], None]
) -> None:
    """Write the files that were asked for, and say what became of all items.

    Raises:
        Unwritable, Rejected: a file cannot be written, or the input has changed; the journal
            holds all that is known, so the same command writes it later.
    """
    given = account.given
    for text in summary(account):
        say(text)
    cases = _cases(account, choices)
    if cases:
        text = drift.case_file(cases, given.endpoint, choices.profile)
        write_whole(choices.drift, [text])
        say(
            f"Drift: in {counted(len(cases), 'case')} the API and the linter disagree. Please"
            f" report it: {printable(choices.drift)} holds them, masked."
        )
    if any(found.outcome is Outcome.FAILED for found in account.recorded.values()):
        ids = journal.ids_for_support()
        if ids:
            say(
                "Twilio's support asks for correlation ids of the last 24 hours"
                f" (error {given.endpoint.error_code}): {', '.join(ids)}"
            )
    if choices.results is not None:
        suffix = choices.results[choices.results.rindex(".") :]
        rows = results(account, suffix, show_values=choices.show_values)
        mode = PRIVATE if choices.show_values else 0o666
        write_whole(choices.results, rows, mode=mode)
    if choices.rejects is not None:
        refused = account.refused()
        given.check_unchanged()
        write_whole(choices.rejects, written_back(given, refused), mode=PRIVATE)
        marked = sum(1 for mark in refused.values() if mark)
        words = f"{printable(choices.rejects)}: {counted(len(refused), 'refused item')}"
        if marked:
            words += f", {marked:,} of them marked: a later item has overtaken them"
        say(f"{words}.")


def _cases(account: Account, choices: Choices) -> list[drift.Case]:
    """Return what linter and API disagree about, earlier runs' answers among it."""
    cases = []
    endpoint = account.given.endpoint
    for item in account.given.items:
        found = account.recorded.get(item.number)
        if found is None or found.outcome not in SETTLED:
            continue
        if found.outcome is Outcome.STORED and not choices.skip_lint:
            continue
        fields = json.loads(item.text)
        linter = next(drift.judged([fields], endpoint, choices.profile, choices.now))
        case = drift.case_of(fields, linter, found.error_code, found.reasons)
        if case is not None:
            cases.append(case)
    return cases
