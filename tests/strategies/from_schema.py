"""Items generated from the JSON Schema alone, to compare with the strategies.

Half of them match the schema: their values come from its enumerations and patterns. In the
others, a field may be missing, or be any JSON value or any string.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from consentlint import Endpoint
from consentlint.fields import schemas
from consentlint.model.endpoints import REQUEST_LIMIT

_SCHEMAS = {"consents": "consent-item", "contacts": "contact-item"}

_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@cache
def items(endpoint: Endpoint) -> st.SearchStrategy[Mapping[str, object]]:
    """Return items of an endpoint, half of them matching the schema."""
    schema = schemas.load(_SCHEMAS[endpoint.name])
    fields = {
        name: _values(definition, schema) for name, definition in schema["properties"].items()
    }
    required = {name: fields[name] for name in schema["required"]}
    optional = {name: fields[name] for name in fields if name not in required}
    broken = {name: st.one_of(values, _ANYTHING, st.text()) for name, values in fields.items()}
    return st.one_of(
        st.fixed_dictionaries(required, optional=optional),
        st.fixed_dictionaries({}, optional=broken),
    )


@cache
def requests(endpoint: Endpoint) -> st.SearchStrategy[list[Mapping[str, object]]]:
    """Return requests of such items, all sizes with the same probability."""
    return st.integers(1, REQUEST_LIMIT).flatmap(
        lambda count: st.lists(items(endpoint), min_size=count, max_size=count)
    )


def _values(schema: Mapping[str, Any], root: Mapping[str, Any]) -> st.SearchStrategy[object]:
    if "$ref" in schema:
        return _values(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([_values(option, root) for option in schema["anyOf"]])
    return st.from_regex(schema["pattern"])
