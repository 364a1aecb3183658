"""`consentlint explain`: the manual of a rule, a reason code or an error code."""

import textwrap
from collections.abc import Iterator

import click

from consentlint.endpoints import ENDPOINTS, Endpoint
from consentlint.nearest import nearest_name
from consentlint.rules import RULES, Rule
from consentlint.rules.manual import manual

_RULES = {rule.name: rule for rule in RULES}
_REASONS = {str(rule.reason): rule for rule in RULES if rule.reason}
_ERROR_CODES = {str(endpoint.error_code): endpoint for endpoint in ENDPOINTS.values()}


@click.command("explain")
@click.argument("name")
def command(name: str) -> None:
    """Explain a rule, a reason code, or one of the error codes 30646 and 30647.

    NAME is what a report or an answer of the API says, such as INVALID_CONTACT_ID.
    """
    if name in _ERROR_CODES:
        lines = _error_code(_ERROR_CODES[name])
    else:
        rule = _RULES.get(name.lower().replace("_", "-")) or _REASONS.get(name.upper())
        if rule is None:
            known = [*_RULES, *_REASONS, *_ERROR_CODES]
            nearest = nearest_name(name, known)
            hint = f"did you mean {nearest}?" if nearest else "see: consentlint rules"
            raise click.UsageError(f"there is no rule or code of that name; {hint}")
        lines = _rule(rule)
    click.echo("\n".join(lines))


def _rule(rule: Rule) -> Iterator[str]:
    page = manual(rule)
    yield f"{rule.name}" + (f" [{rule.reason}]" if rule.reason else "")
    yield _filled(page.summary)
    codes = [
        f"{endpoint.name} ({endpoint.error_code})"
        for endpoint in ENDPOINTS.values()
        if rule in endpoint.rules
    ]
    default = "" if rule.default else ", off unless selected"
    default += " or warning" if rule.or_warning else ""
    yield _filled(
        f"{rule.severity.capitalize()}{default}. For {' and '.join(codes) or 'all files'}."
    )
    sections = (
        ("Why", page.why),
        ("Evidence (see docs/evidence.md)", page.evidence),
        ("Our decision, no document's", page.ours),
        ("Bad", page.bad),
        ("Good", page.good),
        ("What to do", page.what_to_do),
    )
    for heading, text in sections:
        if text:
            yield f"\n{heading}:"
            yield _filled(text)


def _error_code(endpoint: Endpoint) -> Iterator[str]:
    yield f"{endpoint.error_code}: an item of {endpoint.name} was refused"
    yield _filled(
        f"The answer of POST {endpoint.path} has one entry an item. An entry with error_code"
        f" {endpoint.error_code} was not stored; its error_messages hold one or more of these"
        " reason codes, in this order:"
    )
    yield ""
    for rule in endpoint.rules:
        if rule.reason:
            yield f"  {rule.reason}"
            yield textwrap.indent(_filled(manual(rule).summary), "  ")
    yield "\nconsentlint explain INVALID_CONTACT_ID, or another of them, tells more."


def _filled(text: str) -> str:
    return textwrap.fill(
        text,
        86,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
