"""The options of the stages travel between machines, and say which column has which field."""

import pickle

import pytest

from consentlint.columnar import StageOptions, VersionError
from consentlint.columnar import options as module
from consentlint.model.endpoints import CONSENTS

FIELDS = CONSENTS.fields
REQUIRED = CONSENTS.required


def test_options_are_the_same_after_a_journey() -> None:
    options = StageOptions.of(FIELDS, now="2026-01-01T00:00Z")
    assert pickle.loads(pickle.dumps(options)) == options
    assert len(pickle.dumps(options)) < 3_000


@pytest.mark.parametrize(
    ("name", "package"), [("__version__", "consentlint"), ("metadata_version", "phonenumbers")]
)
def test_a_worker_with_another_version_fails(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = pickle.dumps(StageOptions.of(FIELDS))
    other = "0.0.1" if name == "__version__" else lambda: "0.0.1"
    monkeypatch.setattr(module, name, other)
    with pytest.raises(VersionError, match=f"^{package} is 0.0.1 here and .* Install the same"):
        pickle.loads(sent)


def columns_of(names: tuple[str, ...], **options: object) -> dict[str, str]:
    return dict(StageOptions.of(names, **options).columns)  # type: ignore[arg-type]


def test_columns_of_the_user_are_not_read() -> None:
    assert columns_of((*FIELDS, "note", "phone2", "Zip")) == dict(zip(FIELDS, FIELDS, strict=True))


def test_a_table_may_have_no_dates() -> None:
    assert columns_of(REQUIRED) == dict(zip(REQUIRED, REQUIRED, strict=True))


def test_a_field_may_have_a_column_of_another_name_or_none() -> None:
    names = ("phone", *FIELDS[1:])
    wanted = {"contact_id": "phone", "source": None}
    found = columns_of(names, columns=wanted)
    assert found["contact_id"] == "phone"
    assert "source" not in found


def test_the_mark_of_submit_is_read() -> None:
    assert "consentlint_superseded_by" in columns_of((*FIELDS, "consentlint_superseded_by"))


@pytest.mark.parametrize(
    ("names", "columns", "message"),
    [
        (
            ("Phone", *FIELDS[1:]),
            None,
            '"Phone" may hold contact_id: pass columns=.*"contact_id": "Phone"',
        ),
        (("correlationId", "a"), None, '"correlationId" may hold correlation_id'),
        ((*REQUIRED, "consent_date"), None, '^Column "consent_date" may hold date_of_consent'),
        ((*REQUIRED, "opt_in_date"), None, '^Column "opt_in_date" may hold date_of_consent'),
        (REQUIRED[1:], None, "^there is no column contact_id, which consents need"),
        ((*FIELDS, "Status"), None, 'two columns are named "status" and "Status"'),
        ((*FIELDS, "status"), None, 'two columns are named "status". Remove'),
        (FIELDS, {"contact_id": "x"}, 'there is no column "x" for contact_id'),
        (FIELDS, {"phone": "x"}, 'columns has the key "phone", expected a field of consents'),
        ((*(f"c{number}" for number in range(10_000)), *REQUIRED[1:]), None, "^there is no column"),
        (
            ("+14155552671", *REQUIRED[1:]),
            {"contact_id": "+14155552672"},
            r'"\+141••••••72"|"\+\d+•+72"',
        ),
    ],
)
def test_an_unclear_table_is_rejected(
    names: tuple[str, ...], columns: dict[str, str | None] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        columns_of(names, columns=columns)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["contact_id"], "columns is list, expected"),
        ({"contact_id": 1}, "contact_id is int, expected"),
    ],
)
def test_a_mapping_of_another_type_is_rejected(columns: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        columns_of(FIELDS, columns=columns)


@pytest.mark.parametrize(
    ("names", "options", "error", "message"),
    [
        (("a",), {"json": "value"}, ValueError, 'there is no column "value"'),
        (("value", "value"), {"json": "value"}, ValueError, "two columns are named"),
        (("value",), {"json": "value", "columns": {}}, ValueError, "exclude each other"),
        (("value",), {"json": 1}, TypeError, "json is int"),
    ],
)
def test_a_column_of_json_texts_must_be_there_once(
    names: tuple[str, ...], options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        StageOptions.of(names, **options)  # type: ignore[arg-type]
