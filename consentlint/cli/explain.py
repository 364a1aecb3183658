"""`consentlint explain`: the documentation of rules, reason codes and error codes."""

import json
from collections.abc import Iterator
from typing import Any

import click

from consentlint.cli.options import color_option
from consentlint.cli.terminal import Style
from consentlint.model.endpoints import ENDPOINTS, Endpoint
from consentlint.rules import DOCUMENTATION, RULES, Rule, rules_for
from consentlint.rules.docs import EXAMPLES, docs_of, example_items, subjects_of
from consentlint.rules.sources import sources_of, spell_out
from consentlint.text.masking import shown
from consentlint.text.suggestions import suggest

_RULES = {rule.name: rule for rule in RULES}
_ERRORS_PAGE = f"{DOCUMENTATION}errors/"
_ERROR_CODES = {str(endpoint.error_code): endpoint for endpoint in ENDPOINTS.values()}


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="NAMES...")
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON array, with one object for each name."
)
@color_option
def command(names: tuple[str, ...], as_json: bool, color: str) -> None:
    """Explain rules, reason codes, or the error codes 30646 and 30647.

    NAMES are names from a report or a response, such as INVALID_CONTACT_ID.
    """
    subjects = list(dict.fromkeys(map(_subject, names)))
    if as_json:
        click.echo(json.dumps(list(map(_as_json, subjects)), indent=2))
        return
    style = Style.of(color)
    pages = ("\n".join(_page(subject, style)) for subject in subjects)
    click.echo("\n\n\n".join(pages), color=style.color)


def _subject(name: str) -> Rule | Endpoint:
    """Return the rule, or the endpoint of the error code, that a name means."""
    if name in _ERROR_CODES:
        return _ERROR_CODES[name]
    # A rule is named like its reason code, in lower case.
    rule = _RULES.get(name.lower().replace("_", "-"))
    if rule is None:
        meant = suggest(name, [*_RULES, *_ERROR_CODES])
        hint = f'Did you mean "{meant}"?' if meant else "See: consentlint rules"
        raise click.UsageError(f'unknown rule or code "{shown(name)}". {hint}')
    return rule


def _page(subject: Rule | Endpoint, style: Style) -> Iterator[str]:
    return _rule(subject, style) if isinstance(subject, Rule) else _error_code(subject, style)


def _rule(rule: Rule, style: Style) -> Iterator[str]:
    page = docs_of(rule)
    yield style.paint(rule.name, "strong") + (f" [{rule.reason}]" if rule.reason else "")
    yield style.fill(page.summary)
    yield style.fill(f"{rule.severity_label.capitalize()}. Applies to {subjects_of(rule)}.")
    for heading, text in page.sections():
        yield "\n" + style.paint(heading, "strong") + ":"
        if heading in EXAMPLES:
            yield from (style.fill(item, "  ", "    ") for item in example_items(text))
        else:
            yield style.fill(spell_out(text))
    sources = _sources(rule)
    if sources:
        yield "\n" + style.paint("Sources", "strong") + ":"
        yield from (style.fill(f"{source['title']}: {source['url']}") for source in sources)
    yield "\n" + style.fill(f"On the web: {rule.url}", "")


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
    (source,) = sources_of(f"E{endpoint.error_code}")
    yield style.fill(f"Source: {source.url}", "")
    yield style.fill(f"On the web: {_ERRORS_PAGE}", "")


def _sources(rule: Rule) -> list[dict[str, str]]:
    texts = " ".join(text for _, text in docs_of(rule).sections())
    return [source._asdict() for source in sources_of(texts)]


def _as_json(subject: Rule | Endpoint) -> dict[str, Any]:
    if isinstance(subject, Endpoint):
        return {
            "name": str(subject.error_code),
            "kind": subject.name,
            "path": subject.path,
            "url": _ERRORS_PAGE,
            "reasons": [str(rule.reason) for rule in rules_for(subject) if rule.reason],
            "sources": [source._asdict() for source in sources_of(f"E{subject.error_code}")],
        }
    page = docs_of(subject)
    return {
        "name": subject.name,
        "reason": subject.reason,
        "severity": subject.severities or str(subject.severity),
        "default": subject.default,
        "kinds": list(subject.kinds),
        "url": subject.url,
        **{
            key: spell_out(text)
            for key, text in page._asdict().items()
            if key not in map(str.lower, EXAMPLES)
        },
        "bad": example_items(page.bad) if page.bad else [],
        "good": example_items(page.good) if page.good else [],
        "sources": _sources(subject),
    }
