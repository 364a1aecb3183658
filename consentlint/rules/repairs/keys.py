"""Repairs of keys that mean a field under another name."""

from collections.abc import Iterator

from consentlint.model.items import MISSING
from consentlint.rules.repairs._repair import Broken, Repair


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the field that an unknown key means."""
    problem = broken.problem
    if problem.detail != "suggestion" or broken.value is MISSING:
        return
    field = str(problem.args[0])
    if field not in broken.fields:
        yield Repair(field, broken.value, f'Rename it to "{field}".', renames=problem.field)
