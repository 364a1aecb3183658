"""Check files and collect what a report shows, as JSON values."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from consentlint._version import __version__
from consentlint.fields.iso8601 import format_utc
from consentlint.fields.phone_numbers import metadata_version
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.record_counts import is_complete
from consentlint.linter.summary import Summary
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Severity
from consentlint.model.settings import ReadOptions, Settings
from consentlint.report.history import DELAYS, STATES
from consentlint.report.statistics import AGE_BANDS, OTHER, Statistics
from consentlint.rules import RULES, is_in_future
from consentlint.rules.docs import docs_of
from consentlint.text.masking import shown_path

VERSION = 1
"""The version of the JSON report; it grows if a value changes its meaning or goes."""

MIN_GROUP = 5
"""Countries and senders with fewer records are shown together, since they could identify a person.
A month, an age or a source with one record says too little of a person to be hidden, and would
hide an old record that somebody must look at.
"""
_MAX_GROUPS = 30
_MAX_FINDINGS = 10

_CONFLICTS = ("consent-duplicate", "consent-conflict", "consent-out-of-order")
"""The rules that compare the records of one contact and sender."""

CANNOT_PROVE = (
    "the wording that the person agreed to",
    "the IP address, the page or the form, and other evidence of the act",
    "that this person, and not somebody else, gave the consent",
    "that the number still belongs to that person",
)
"""What a file of records cannot prove."""

Data = dict[str, Any]


def collect(files: Sequence[str], options: ReadOptions, settings: Settings) -> Data:
    """Check files, count their records, and return what the report shows.

    Args:
        files: names of files, not standard input.
        options: how to read them.
        settings: how to check their items.

    Raises:
        Unreadable, OSError: a file has changed while it was read.
    """
    linter = Linter(options, settings)
    summary = Summary()
    statistics = Statistics(settings.now, settings.profile)
    checked: list[Data] = []
    findings: dict[str, list[Data]] = {}
    kinds: set[str] = set()
    in_future = 0
    for name in files:
        with linter.check_file(name) as file, _unchanged(file):
            summary.add(file)
            checked.append(_file(name, file))
            if file.report.endpoint is not None:
                kinds.add(file.report.endpoint.name)
            _add_findings(findings, file)
            _add_records(statistics, file, summary.items - file.report.items)
            in_future += _in_future(file)
    rules = _rules(summary, findings)
    return {
        "version": VERSION,
        "checked": {
            "files": checked,
            "kinds": sorted(kinds),
            "now": format_utc(settings.now),
            "profile": str(settings.profile),
            "rules_off": _rules_off(settings),
            "consentlint": __version__,
            "phone_metadata": metadata_version(),
            "cannot_prove": list(CANNOT_PROVE),
        },
        "verdict": _verdict(summary) | {"dates_in_future": in_future},
        **_counts(statistics),
        "conflicts": _conflicts(rules),
        "rules": rules,
    }


@contextmanager
def _unchanged(file: CheckedFile) -> Iterator[None]:
    """Check that a file is the same after it was read, for all figures must be about one content."""
    try:
        yield
    finally:
        # What is read from a file that changed may raise anything.
        if file.report.parts and file.content is not None:
            file.content.check_unchanged()


def fold(counts: Mapping[Any, int]) -> dict[str, int]:
    """Return the largest groups, and the sum of the others and of groups that are too small."""
    named = [(key, count) for key, count in counts.items() if key != OTHER]
    ordered = sorted(named, key=lambda pair: (-pair[1], str(pair[0])))
    shown = [(str(key), count) for key, count in ordered[:_MAX_GROUPS] if count >= MIN_GROUP]
    rest = sum(counts.values()) - sum(count for _, count in shown)
    return dict(shown) | ({OTHER: rest} if rest else {})


def _file(name: str, file: CheckedFile) -> Data:
    digest = size = None
    try:
        with open(name, "rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = os.fstat(stream.fileno()).st_size
    except OSError:
        pass
    return {
        "name": shown_path(name),
        "sha256": digest,
        "bytes": size,
        "records": file.report.items,
        "kind": file.report.endpoint.name if file.report.endpoint is not None else None,
        "format": file.report.table.kind if file.report.table else file.report.format,
        "complete": is_complete(file.report),
    }


def _rules_off(settings: Settings) -> list[str]:
    on = settings.rules
    return [rule.name for rule in RULES if rule.default and on is not None and rule.name not in on]


def _add_findings(findings: dict[str, list[Data]], file: CheckedFile) -> None:
    """Add the first findings of each rule, masked."""
    for finding in file.findings(grouped=True, group_size=_MAX_FINDINGS):
        shown = findings.setdefault(finding.rule, [])
        if len(shown) < _MAX_FINDINGS:
            shown.append(
                {
                    "file": shown_path(finding.file or ""),
                    "line": finding.line,
                    "item": finding.item,
                    "message": finding.message,
                }
            )


def _add_records(statistics: Statistics, file: CheckedFile, first: int) -> None:
    """Read the records of a file again, and count them."""
    if file.report.endpoint is CONSENTS:
        for records in statistics.consents.read(file):
            statistics.add_consents(records, first)
    else:
        for records in statistics.contacts.read(file):
            statistics.add_contacts(records)


def _in_future(file: CheckedFile) -> int:
    """Return how many records the API would reject because their date is in the future."""
    problems = file.engine.problems if file.engine is not None else ()
    codes = {code for code, problem in enumerate(problems) if is_in_future(problem)}
    return sum(len(part.rows_with(codes)) for part in file.report.parts)


def _verdict(summary: Summary) -> Data:
    return {
        "records": summary.items,
        "stored": summary.items - summary.rejected,
        "rejected": summary.rejected,
        "unparsed": summary.unparsed,
        "other_errors": summary.other_errors,
        "warnings": summary.warnings,
        "incomplete_files": summary.incomplete,
        "by_reason": {str(reason): count for reason, count in summary.by_reason.most_common()},
        "reasons": {
            str(rule.reason): docs_of(rule).summary
            for rule in RULES
            if rule.reason in summary.by_reason
        },
    }


def _counts(statistics: Statistics) -> Data:
    history = statistics.history()
    sources = sorted(statistics.by_status_and_source().items())
    without_month = statistics.without_month()
    return {
        "stored": {
            "records": statistics.records,
            "opt_outs_rejected": statistics.opt_outs_rejected,
            "opt_outs_for_toll_free": statistics.opt_outs_for_toll_free(),
            "by_status": statistics.by_status(),
            "by_status_and_source": [
                {"status": status, "source": source, "records": count}
                for (status, source), count in sources
            ],
            "by_month": statistics.by_month(),
            "without_month": without_month,
            "by_age": _ordered(statistics.by_age(), AGE_BANDS),
            "by_country": fold(statistics.by_country()),
            "by_sender": fold(statistics.by_sender()),
        },
        "state": {
            "contacts": history.contacts,
            "by_state": _ordered(history.by_state, STATES),
            "opt_outs_then_opt_in": _ordered(history.opt_outs_then_opt_in, DELAYS),
            "opted_out_for_another_sender": history.opposed,
        },
        "gaps": dict((statistics.gaps() + Counter(without_month)).most_common()),
    }


def _ordered(counts: Counter[str], names: Sequence[str]) -> dict[str, int]:
    return {name: counts[name] for name in names if counts[name]}


def _conflicts(rules: Sequence[Data]) -> dict[str, int]:
    """Return how often records repeat or contradict others, by rule."""
    counts = {each["rule"]: each["findings"] for each in rules}
    return {rule: counts[rule] for rule in _CONFLICTS if rule in counts}


def _rules(summary: Summary, findings: Mapping[str, list[Data]]) -> list[Data]:
    rules = []
    for rule in RULES:
        errors, warnings = summary.errors_by_rule[rule.name], summary.warnings_by_rule[rule.name]
        if errors or warnings:
            rules.append(
                {
                    "rule": rule.name,
                    "reason": str(rule.reason) if rule.reason is not None else None,
                    "severity": str(Severity.ERROR if errors else Severity.WARNING),
                    "summary": docs_of(rule).summary,
                    "what_to_do": docs_of(rule).what_to_do,
                    "findings": errors + warnings,
                    "examples": findings.get(rule.name, []),
                }
            )
    return rules
