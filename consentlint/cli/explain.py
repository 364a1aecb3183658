"""`consentlint explain`: the documentation of a rule, a reason code or an error code."""

from collections.abc import Iterator

import click

from consentlint.cli.options import color_option
from consentlint.cli.terminal import Style
from consentlint.model.endpoints import ENDPOINTS, Endpoint
from consentlint.rules import RULES, Rule, rules_for
from consentlint.rules.docs import EXAMPLES, docs_of, example_items, subjects_of
from consentlint.text.suggestions import suggest

_RULES = {rule.name: rule for rule in RULES}
_ERROR_CODES = {str(endpoint.error_code): endpoint for endpoint in ENDPOINTS.values()}


@click.command("explain")
@click.argument("name")
@color_option
def command(name: str, color: str) -> None:
    """Explain a rule, a reason code, or the error codes 30646 and 30647.

    NAME is a name from a report or a response, such as INVALID_CONTACT_ID.
    """
    style = Style.of(color)
    if name in _ERROR_CODES:
        lines = _error_code(_ERROR_CODES[name], style)
    else:
        # A rule is named like its reason code, in lower case.
        rule = _RULES.get(name.lower().replace("_", "-"))
        if rule is None:
            meant = suggest(name, [*_RULES, *_ERROR_CODES])
            hint = f'Did you mean "{meant}"?' if meant else "See: consentlint rules"
            raise click.UsageError(f"unknown rule or code. {hint}")
        lines = _rule(rule, style)
    click.echo("\n".join(lines), color=style.color)


def _rule(rule: Rule, style: Style) -> Iterator[str]:
    page = docs_of(rule)
    yield style.paint(rule.name, "strong") + (f" [{rule.reason}]" if rule.reason else "")
    yield style.fill(page.summary)
    yield style.fill(f"{rule.severity_label.capitalize()}. Applies to {subjects_of(rule)}.")
    for heading, text in page.sections():
        note = " (see docs/evidence.md for the sources)" if heading == "Evidence" else ""
        yield "\n" + style.fill(style.paint(heading, "strong") + f"{note}:", "")
        if heading in EXAMPLES:
            yield from (style.fill(item, "  ", "    ") for item in example_items(text))
        else:
            yield style.fill(text)


def _error_code(endpoint: Endpoint, style: Style) -> Iterator[str]:
    code = style.paint(str(endpoint.error_code), "strong")
    yield f"{code}: an item of {endpoint.name} was rejected"
    yield style.fill(
        f"The response to POST {endpoint.path} has one entry for each item. An item whose entry has"
        f" error_code {endpoint.error_code} was not stored; error_messages holds one or more of"
        " these reason codes, in this order:"
    )
    yield ""
    for rule in rules_for(endpoint):
        if rule.reason:
            yield "  " + style.paint(rule.reason, "strong")
            yield style.fill(docs_of(rule).summary, "    ")
    yield "\n" + style.fill("For details of a code: consentlint explain INVALID_CONTACT_ID", "")
