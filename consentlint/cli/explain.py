"""`consentlint explain`: the manual of a rule, a reason code or an error code."""

import textwrap
from collections.abc import Iterator

import click

from consentlint.model.endpoints import ENDPOINTS, Endpoint, subjects_of
from consentlint.rules import RULES, Rule
from consentlint.rules.docs import EXAMPLES, items_of, manual
from consentlint.text.suggestions import nearest_name

_RULES = {rule.name: rule for rule in RULES}
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
        # A rule's name is its reason code in lower case.
        rule = _RULES.get(name.lower().replace("_", "-"))
        if rule is None:
            nearest = nearest_name(name, [*_RULES, *_ERROR_CODES])
            hint = f"did you mean {nearest}?" if nearest else "see: consentlint rules"
            raise click.UsageError(f"there is no rule or code of that name; {hint}")
        lines = _rule(rule)
    click.echo("\n".join(lines))


def _rule(rule: Rule) -> Iterator[str]:
    page = manual(rule)
    yield f"{rule.name}" + (f" [{rule.reason}]" if rule.reason else "")
    yield _filled(page.summary)
    yield _filled(f"{rule.weight.capitalize()}. For {subjects_of(rule)}.")
    for heading, text in page.sections():
        note = " (its documents are listed in docs/evidence.md)" if heading == "Evidence" else ""
        yield f"\n{heading}{note}:"
        if heading in EXAMPLES:
            yield from (f"  {item}" for item in items_of(text))
        else:
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
