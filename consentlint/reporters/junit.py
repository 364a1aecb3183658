"""JUnit XML: a test for each rule with findings in a file, and one for the run."""

from collections.abc import Iterable, Iterator
from html import escape

from consentlint.linter.summary import Summary, is_parse_error
from consentlint.model.findings import Finding, Severity
from consentlint.reporters import ReportOptions
from consentlint.reporters.concise import location_text, more_text
from consentlint.reporters.footer import footer
from consentlint.reporters.paths import path_in
from consentlint.text.masking import printable

_SHOWN = 100


class _Test:
    """The findings of a rule in a file; only the first are kept."""

    def __init__(self, first: Finding) -> None:
        self.first = first
        self.count = 0
        self.lines: list[str] = []

    def add(self, finding: Finding) -> None:
        """Add a finding, and those that it represents."""
        self.count += 1 if finding.more is None else 1 + finding.more.findings
        if len(self.lines) < _SHOWN:
            self.lines.append(f"{location_text(finding)}: {finding.message}")
            if finding.more is not None:
                self.lines.append(more_text(finding.more))
        elif len(self.lines) == _SHOWN:
            self.lines.append("…")


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a suite for each file with findings, then one for the run."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="consentlint">\n'
    # Its numbers come before the tests, so the tests of one file are kept.
    tests: dict[tuple[str, Severity], _Test] = {}
    file: str | None = None
    for finding in findings:
        text = ""
        if tests and finding.file != file:
            text, tests = _suite(path_in(options.root, file), tests), {}
        file = finding.file
        test = tests.setdefault((finding.rule, finding.severity), _Test(finding))
        test.add(finding)
        yield text
    if tests:
        yield _suite(path_in(options.root, file), tests)
    # Some programs fail if there is no test at all.
    lines = "".join(footer(summary, options._replace(color=False, quiet=False, hint="")))
    yield (
        '  <testsuite name="consentlint" tests="1" failures="0" errors="0" skipped="0">\n'
        '    <testcase classname="consentlint" name="check">\n'
        f"      <system-out>{_text(lines)}</system-out>\n"
        "    </testcase>\n  </testsuite>\n</testsuites>\n"
    )


def _suite(path: str, tests: dict[tuple[str, Severity], _Test]) -> str:
    """Return the suite of a file."""
    firsts = [test.first for test in tests.values()]
    errors = sum(map(is_parse_error, firsts))
    failures = sum(finding.severity is Severity.ERROR for finding in firsts) - errors
    cases = "".join(_case(path, test) for test in tests.values())
    return (
        f'  <testsuite name={_attribute(path)} tests="{len(tests)}" failures="{failures}"'
        f' errors="{errors}" skipped="0">\n{cases}  </testsuite>\n'
    )


def _case(path: str, test: _Test) -> str:
    """Return the test of a rule, which advice does not fail."""
    first, count = test.first, test.count
    text = _text("\n".join(test.lines))
    if first.severity is Severity.WARNING:
        result = f"      <system-out>{text}</system-out>\n"
    else:
        tag = "error" if is_parse_error(first) else "failure"
        message = first.message if count == 1 else f"{count:,} findings, the first: {first.message}"
        kind = _attribute(first.reason or first.rule)
        result = f"      <{tag} message={_attribute(message)} type={kind}>{text}</{tag}>\n"
    where = f"classname={_attribute(path)} name={_attribute(first.rule)} file={_attribute(path)}"
    line = "" if first.line is None else f' line="{first.line}"'
    return f"    <testcase {where}{line}>\n{result}    </testcase>\n"


def _attribute(text: str) -> str:
    # XML has no character that printable escapes.
    return f'"{escape(printable(text))}"'


def _text(text: str) -> str:
    return "\n".join(escape(printable(line), quote=False) for line in text.split("\n"))
