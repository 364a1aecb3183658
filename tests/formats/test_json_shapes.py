"""JSON that holds items in another shape is reported once, with a command that works."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Finding

Check = Callable[..., list[Finding]]
Item = dict[str, object]
Make = Callable[..., Item]

PASCAL = {
    "contact_id": "ContactId",
    "correlation_id": "CorrelationId",
    "sender_id": "SenderId",
    "status": "Status",
    "source": "Source",
    "date_of_consent": "DateOfConsent",
    "country_iso_code": "CountryIsoCode",
    "zip_code": "ZipCode",
}


@pytest.fixture(params=["consents", "contacts"])
def items(request: pytest.FixtureRequest, consent: Make, contact: Make) -> list[Item]:
    """Returns three clean items of either kind."""
    make = consent if request.param == "consents" else contact
    return [make(number) for number in range(3)]


@pytest.fixture
def repaired(check: Check, tmp_path: Path) -> Callable[[Finding, str], list[Finding] | None]:
    """Returns the findings after the command in a message has run; None without jq."""

    def run(finding: Finding, content: str) -> list[Finding] | None:
        command = finding.message.partition("Run: ")[2]
        assert command.startswith(("jq ", "sed "))
        if command.startswith("jq ") and not shutil.which("jq"):
            return []
        (tmp_path / "FILE").write_text(content, encoding="utf-8")
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, capture_output=True)
        return check("items.jsonl", (tmp_path / "items.jsonl").read_text(encoding="utf-8"))

    return run


def dynamodb(item: Item) -> Item:
    return {key: {"S": value} for key, value in item.items()}


def table(items: list[Item]) -> list[list[object]]:
    return [[*items[0]], *([*item.values()] for item in items)]


DOCUMENTS: dict[str, tuple[Callable[[list[Item]], Any], str]] = {
    "a list under consents": (lambda items: {"consents": items}, 'under "consents"'),
    "a list under data": (lambda items: {"total": 3, "data": items}, 'under "data"'),
    "a list further down": (
        lambda items: {"meta": {"page": 1}, "response": {"docs": items}},
        'under "response.docs"',
    ),
    "a list under a key with a hyphen": (lambda items: {"opt-ins": items}, 'under "opt-ins"'),
    "a list under a key with digits": (lambda items: {"2025": items}, "values of an object"),
    "Elasticsearch": (
        lambda items: {"hits": {"total": 3, "hits": [{"_id": "x", "_source": i} for i in items]}},
        'inside "hits.hits._source"',
    ),
    "GraphQL": (
        lambda items: {"data": {"all": {"edges": [{"node": item} for item in items]}}},
        'inside "data.all.edges.node"',
    ),
    "a request as text": (
        lambda items: {"Records": [{"body": json.dumps({"Items": items}), "md": "x"}]},
        'under "Records.body.Items"',
    ),
    "camelCase": (
        lambda items: [
            {PASCAL[key][0].lower() + PASCAL[key][1:]: item[key] for key in item} for item in items
        ],
        '"contactId" to "contact_id"',
    ),
    "items inside": (lambda items: [{"attributes": item} for item in items], '"attributes"'),
    "items inside Items": (lambda items: {"Items": [{"doc": i} for i in items]}, 'inside "doc"'),
    "items as text": (
        lambda items: [{"body": json.dumps(item), "id": "x"} for item in items],
        'text of a JSON object inside "body"',
    ),
    "items by id": (
        lambda items: {f"id-{number}": item for number, item in enumerate(items)},
        "the items are the values of an object",
    ),
    "an index (orient=index)": (
        lambda items: {str(number): item for number, item in enumerate(items)},
        "the items are the values of an object",
    ),
    "columns by index (orient=columns)": (
        lambda items: {key: {str(n): i[key] for n, i in enumerate(items)} for key in items[0]},
        'orient="records"',
    ),
    "columns as lists (orient=list)": (
        lambda items: {key: [item[key] for item in items] for key in items[0]},
        'orient="records"',
    ),
    "columns of one item": (
        lambda items: {key: {"0": value} for key, value in items[0].items()},
        'orient="records"',
    ),
    "columns further down": (
        lambda items: {"frame": {key: [item[key] for item in items] for key in items[0]}},
        'inside "frame"',
    ),
    "orient=split": (
        lambda items: {"columns": [*items[0]], "index": [0, 1, 2], "data": table(items)[1:]},
        'orient="records"',
    ),
    "orient=table": (
        lambda items: {"schema": {"fields": [{"name": "status"}]}, "data": items},
        'under "data"',
    ),
    "rows below a header": (table, "a list of values without keys"),
    "a DynamoDB scan": (
        lambda items: {"Items": [*map(dynamodb, items)], "Count": 3},
        '{"S": …} (DynamoDB JSON)',
    ),
    "DynamoDB puts": (
        lambda items: {"consents": [{"PutRequest": {"Item": dynamodb(i)}} for i in items]},
        'inside "consents.PutRequest.Item", and the values of fields',
    ),
    "MongoDB": (
        lambda items: [
            {
                key: {"$date": value} if "T" in str(value) else {"$oid": value}
                for key, value in i.items()
            }
            for i in items
        ],
        "(MongoDB Extended JSON)",
    ),
    "Avro": (lambda items: [{k: {"string": v} for k, v in i.items()} for i in items], '"string"'),
    "PascalCase": (
        lambda items: [{PASCAL[key]: value for key, value in item.items()} for item in items],
        '"CorrelationId" to "correlation_id"',
    ),
    "synonyms": (
        lambda items: {
            "Items": [
                {
                    {"contact_id": "msisdn", "zip_code": "postal_code"}.get(key, PASCAL[key]): value
                    for key, value in item.items()
                }
                for item in items
            ]
        },
        '"msisdn" to "contact_id"',
    ),
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_another_shape_is_one_finding_with_a_command_that_works(
    check: Check,
    repaired: Callable[[Finding, str], list[Finding] | None],
    items: list[Item],
    name: str,
    indent: int | None,
) -> None:
    make, words = DOCUMENTS[name]
    content = json.dumps(make(items), indent=indent)
    (finding,) = check("x.json", content)
    assert finding.rule in {"file-kind", "file-malformed"}
    assert words in finding.message
    assert "415555" not in finding.message
    assert repaired(finding, content) == []


LINES: dict[str, tuple[Callable[[Item], Any], str]] = {
    "Item": (lambda item: {"Item": item}, 'each item is inside "Item"'),
    "DynamoDB": (lambda item: {"Item": dynamodb(item)}, '"Item", and the values of fields'),
    "requests": (lambda item: {"Items": [item]}, 'a list "Items", expected one item on each line'),
    "events": (lambda item: {"event": "x", "data": {"record": item}}, 'inside "data.record"'),
    "messages": (lambda item: {"Message": json.dumps(item)}, 'inside "Message"'),
    "lists": (lambda item: [item], "each line is a list of items"),
    "PascalCase": (lambda item: {PASCAL[key]: item[key] for key in item}, '"ContactId"'),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_of_another_shape_are_one_finding_with_a_command_that_works(
    check: Check,
    repaired: Callable[[Finding, str], list[Finding] | None],
    items: list[Item],
    name: str,
) -> None:
    make, words = LINES[name]
    content = "".join(json.dumps(make(item)) + "\n" for item in items)
    (finding,) = check("x.jsonl", content)
    assert words in finding.message
    assert repaired(finding, content) == []


def test_rows_on_lines_below_a_header_are_one_finding(
    check: Check, repaired: Callable[[Finding, str], list[Finding] | None], items: list[Item]
) -> None:
    content = "".join(json.dumps(row) + "\n" for row in table(items))
    (finding,) = check("x.jsonl", content)
    assert repaired(finding, content) == []


@pytest.mark.parametrize("separator", ["\n", " "])
@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_items_that_are_not_each_on_a_line_are_one_finding(
    check: Check,
    repaired: Callable[[Finding, str], list[Finding] | None],
    items: list[Item],
    indent: Any,
    separator: str,
) -> None:
    content = separator.join(json.dumps(item, indent=indent) for item in items)
    found = check("x.jsonl", content)
    if indent is None and separator == "\n":
        assert found == []
        return
    (finding,) = found
    assert finding.rule == "file-malformed"
    assert repaired(finding, content) == []


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("size", [1, 3, 2_000])
@pytest.mark.parametrize("shape", [lambda items: items, lambda items: {"Items": items}])
def test_one_document_under_the_suffix_of_json_lines_is_one_finding(
    check: Check, consent: Make, indent: int | None, size: int, shape: Callable[[Any], Any]
) -> None:
    several = [
        consent(contact_id=f"+1415555{n:04}", correlation_id=f"{n:032x}") for n in range(size)
    ]
    content = json.dumps(shape(several), indent=indent)
    (finding,) = check("x.jsonl", content)
    assert finding.message.endswith("Pass --format json.")
    assert check("x.jsonl", content, format="json") == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_json_lines_under_the_suffix_of_a_document_are_one_finding(
    check: Check, items: list[Item], end: str
) -> None:
    content = "".join(json.dumps(item) + end for item in items)
    (finding,) = check("x.json", content)
    assert "Pass --format jsonl" in finding.message
    assert check("x.json", content, format="jsonl") == []


@pytest.mark.parametrize("separator", ["", " ", "\n"])
@pytest.mark.parametrize("as_lists", [False, True])
def test_several_documents_in_one_file_are_one_finding(
    check: Check,
    repaired: Callable[[Finding, str], list[Finding] | None],
    items: list[Item],
    separator: str,
    as_lists: bool,
) -> None:
    indented = (json.dumps([i] if as_lists else i, indent=1) for i in items)
    content = separator.join(indented)
    (finding,) = [f for f in check("x.json", content) if f.rule == "file-malformed"]
    assert repaired(finding, content) == []


@pytest.mark.parametrize("end", [",\n", ", \n", ",\r\n"])
def test_lines_that_end_with_a_comma_are_one_finding(
    check: Check,
    repaired: Callable[[Finding, str], list[Finding] | None],
    items: list[Item],
    end: str,
) -> None:
    content = "".join(json.dumps(item) + end for item in items)
    (finding,) = check("x.jsonl", content)
    assert "ends with a comma" in finding.message
    assert repaired(finding, content) == []


@pytest.mark.parametrize("separator", [",", ",\n", " , "])
def test_items_without_an_array_are_one_finding(
    check: Check, items: list[Item], separator: str
) -> None:
    (finding,) = check("x.json", separator.join(map(json.dumps, items)))
    assert "outside an array" in finding.message


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_a_python_dict_is_named(check: Check, items: list[Item], name: str) -> None:
    (finding,) = check(name, "".join(f"{item!r}\n" for item in items))
    assert "Python dict" in finding.message or "double quotes" in finding.message


@pytest.mark.parametrize("end", ["},]", "}, ]", "},\n]", ",}]", ", \n}]"])
@pytest.mark.parametrize("shape", ["[%s", '{"Items": [%s}'])
def test_a_trailing_comma_is_named_in_every_version_of_python(
    check: Check, consent: Make, end: str, shape: str
) -> None:
    text = json.dumps(consent())[:-1] + end
    (finding,) = check("x.json", shape % text)
    what = "array" if end.startswith("}") else "object"
    assert finding.message == (
        f"malformed JSON: trailing comma before the end of the {what}. Remove the comma."
    )


def test_a_trailing_comma_on_a_line_is_named(check: Check, consent: Make) -> None:
    lines = [json.dumps(consent(0)), json.dumps(consent(1))[:-1] + ",}"]
    (finding,) = check("x.jsonl", "\n".join(lines))
    assert "trailing comma before the end of the object" in finding.message


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_a_byte_order_mark_between_items_is_named(
    check: Check, items: list[Item], at: int, end: str
) -> None:
    lines = ["\ufeff" * (number in (0, at)) + json.dumps(i) for number, i in enumerate(items)]
    (finding,) = check("x.jsonl", end.join(lines))
    assert (finding.rule, finding.item) == ("file-malformed", at)
    assert "byte order mark (U+FEFF)" in finding.message


def test_a_second_byte_order_mark_is_named(check: Check, items: list[Item]) -> None:
    for name, content in (("x.json", json.dumps(items)), ("x.jsonl", json.dumps(items[0]))):
        (finding,) = check(name, "\ufeff\ufeff" + content)
        assert "byte order mark (U+FEFF)" in finding.message


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "Infinity"])
def test_a_number_that_json_does_not_have_is_named(
    check: Check, consent: Make, number: str
) -> None:
    text = json.dumps(consent(date_of_consent="x")).replace('"x"', number)
    (finding,) = check("x.json", f"[{text}]")
    assert f"{number} is not a JSON value. Omit the field" in finding.message


@pytest.mark.parametrize(
    "key", ["Jane Doe +14155552671", "id 415 555 26 71", "it's", 'a"b', "x\ny", "é"]
)
def test_keys_that_may_hold_personal_data_are_not_shown(
    check: Check,
    repaired: Callable[[Finding, str], list[Finding] | None],
    items: list[Item],
    key: str,
) -> None:
    for value in ({key: items}, {key: items[0]}, [{key: item} for item in items]):
        content = json.dumps(value)
        (finding,) = check("x.json", content)
        message = finding.message.replace(str(finding.file), "FILE")
        assert key not in message
        assert not any(digit in message for digit in "456")
        assert repaired(finding, content) == []


@pytest.mark.parametrize(
    "value",
    [{"a": 1}, {"foo": [], "bar": {}}, [{"x": "y"}], {"title": "Contact us", "form": {"a": "b"}}],
)
def test_an_item_without_any_field_shows_the_keys_that_were_found(check: Check, value: Any) -> None:
    (finding,) = check("x.json", json.dumps(value))
    (first, *_) = value if isinstance(value, dict) else value[0]
    assert finding.message.startswith(f"the first item has no key of the API. Found: {first}")
    assert "--kind" not in finding.message


def test_no_key_to_rename_reaches_a_terminal_as_it_is(check: Check, items: list[Item]) -> None:
    odd = {"contact_id": "contact\x1b\x7f id", "correlation_id": "correl\ud800ation id"}
    (finding,) = check(
        "x.json", json.dumps([{odd.get(key, key): i[key] for key in i} for i in items])
    )
    assert r'"contact\x1b\x7f id" to "contact_id", "correl<U+D800>ation id"' in finding.message
    assert finding.message.isprintable()


def test_misnamed_keys_carry_what_to_rename(
    check: Check, read: Callable[..., list[object]], items: list[Item]
) -> None:
    """A single misnamed key in an item is a finding of that item."""
    lines = [{("phone" if key == "contact_id" else key): i[key] for key in i} for i in items]
    found = check("x.json", json.dumps(lines))
    assert [f.rule for f in found] == ["invalid-contact-id", "unknown-field"] * 3
    assert 'Rename it to "contact_id".' in found[1].message


@pytest.mark.parametrize(
    "line", ["{", "[[", "[" * 50_000, '{"a": [', "null", "x", '{"status": "opt-in']
)
def test_a_first_line_that_is_broken_does_not_hide_the_items_after_it(
    check: Check, items: list[Item], line: str
) -> None:
    """Nothing about one line says that the others are not items."""
    lines = "".join(json.dumps(item) + "\n" for item in items)
    (finding,) = check("x.jsonl", f"{line}\n{lines}")
    assert finding.item == 0
    assert check("x.jsonl", f"{lines}{line}\n")[0].item == 3


@pytest.mark.parametrize("depth", [9, 50, 900])
def test_items_are_not_searched_for_at_any_depth(check: Check, consent: Make, depth: int) -> None:
    value: Any = consent()
    for _ in range(depth):
        value = {"a": value}
    (finding,) = check("x.json", json.dumps(value))
    assert finding.message.startswith("the first item has no key of the API.")


def test_a_large_object_is_not_searched_for_long(check: Check) -> None:
    value = {f"k{'x' * number}": {"a": [{"b": {}}] * 3} for number in range(2_000)}
    (finding,) = check("x.json", json.dumps(value))
    assert finding.rule == "file-kind"


def test_an_item_with_a_list_or_an_object_is_still_an_item(check: Check, consent: Make) -> None:
    for value in ([], ["opt-in"], {}, {"a": "b"}, {"consents": []}):
        (finding,) = check("x.json", json.dumps([consent(status=value)]), endpoint=CONSENTS)
        assert (finding.rule, finding.item) == ("invalid-status", 0)
