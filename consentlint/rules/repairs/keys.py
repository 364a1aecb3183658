"""Repairs of keys that mean a field under another name."""

from collections.abc import Iterator

from consentlint.fields.names import field_meant, misnamed
from consentlint.model.items import MISSING
from consentlint.rules.repairs._repair import Broken, Repair


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the field that an unknown key means, if no other key may mean it."""
    problem = broken.problem
    if problem.detail != "suggestion" or broken.value is MISSING:
        return
    field, fields = str(problem.args[0]), broken.settings.endpoint.fields
    if field in broken.fields:
        return
    hint = f'Rename it to "{field}".'
    if misnamed(tuple(broken.fields), fields).renames.get(broken.field) == field:
        yield Repair(field, broken.value, hint, renames=problem.field)
    elif sum(field_meant(name, fields, (field,)) == field for name in broken.fields) == 1:
        yield Repair(field, broken.value, hint, f"the key holds {field}", problem.field)
