"""A kernel proves clean rows only, and the comparison with the rules notices one that proves more."""

from collections.abc import Iterator
from random import Random

import pyarrow as pa
import pytest
from sample_items import CONSENT, CONTACT

from consentlint import arrow, check_items
from consentlint.columnar import StageOptions, kernels, rows
from consentlint.columnar.kernels import RowProver
from consentlint.fields.phone_numbers import PhoneStatus, check_number, is_outdated
from consentlint.linter.engine import Engine
from consentlint.model.endpoints import CONSENTS, CONTACTS

NOW = "2026-01-01T00:00:00Z"


def prover(select: str = "default", kind: str = "consents") -> RowProver:
    fields = (CONSENTS if kind == "consents" else CONTACTS).fields
    options = StageOptions.of(fields, kind=kind, now=NOW, select=select)
    return RowProver(Engine(options.endpoint, options.settings))


def proven(**columns: list[str | None]) -> list[bool]:
    """Return which rows are proven, given the columns that differ from a clean item."""
    count = len(next(iter(columns.values())))
    texts = {
        field: pa.array(columns.get(field, [value] * count), pa.string())
        for field, value in CONSENT.items()
    }
    verdict: list[bool] = prover().proven(texts).to_pylist()
    return verdict


def numbers() -> Iterator[str]:
    """Yield numbers of all calling codes, assigned or not, and of all lengths."""
    random = Random("numbers")
    for code in range(1, 1_000):
        for length in range(1, 16 - len(str(code))):
            for first in random.sample("0123456789", 3):
                digits = "".join(random.choices("0123456789", k=length - 1))
                yield f"+{code}{first}{digits}"


def test_a_number_is_proven_only_if_it_is_possible_canonical_and_not_outdated() -> None:
    sample = [*numbers()]
    verdicts = proven(contact_id=sample)
    assert 5_000 < sum(verdicts) < len(sample)
    for number, is_proven in zip(sample, verdicts, strict=True):
        if is_proven:
            verdict = check_number(number)
            assert verdict == (PhoneStatus.POSSIBLE, number)
            assert not is_outdated(number)


CLEAN = str(CONSENT["contact_id"])


@pytest.mark.parametrize(
    "contacts",
    [
        [CLEAN, None, CLEAN],
        [CLEAN, "", CLEAN],
        [CLEAN, CLEAN + "\n", CLEAN],
        [CLEAN, f"{CLEAN}\n{CLEAN}", CLEAN],
        [CLEAN, "x" + CLEAN, CLEAN],
        [None, CLEAN, "+19"],
    ],
)
def test_an_invalid_contact_moves_no_other_row(contacts: list[str | None]) -> None:
    verdicts = proven(contact_id=contacts)
    for contact, is_proven in zip(contacts, verdicts, strict=True):
        assert not is_proven or contact == CLEAN


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (
            "correlation_id",
            [None, "", "g" * 32, "0" * 31, "0" * 33, "0" * 16 + "\n" + "0" * 15, "é" * 16],
        ),
        (
            "date_of_consent",
            [None, "", "2025-02-29T00:00:00Z", "2025-01-01", "2025-01-01T00:00:00Z\n"],
        ),
        (
            "date_of_consent",
            ["2026-01-01T00:00:01Z", "1992-01-01T00:00:00Z", "2025-01-01T24:00:00Z"],
        ),
        ("status", [None, "", "opt-in ", "opt-in\topt-in", "OPT-IN"]),
        ("sender_id", [None, "+14155552671", "MG1", "MG9752274e9e519418a7406176694466fa\topt-in"]),
        ("source", [None, "web", "opt-out-message"]),
    ],
)
def test_an_invalid_value_is_not_proven(field: str, values: list[str | None]) -> None:
    assert proven(**{field: [*values, CONSENT[field]]}) == [False] * len(values) + [True]


def test_a_missing_date_is_proven_only_if_its_absence_is_not_reported() -> None:
    texts = {field: pa.array([value]) for field, value in CONSENT.items()}
    texts["date_of_consent"] = pa.array([None], pa.string())
    assert not prover().proven(texts)[0].as_py()
    assert prover("errors").proven(texts)[0].as_py()


def test_the_mark_of_submit_is_not_proven() -> None:
    texts = {field: pa.array([value] * 2) for field, value in CONSENT.items()}
    texts["consentlint_superseded_by"] = pa.array([None, "line 3"])
    assert prover().proven(texts).to_pylist() == [True, False]


@pytest.mark.parametrize(
    "select", ["all", "placeholder", "contact-id-unassigned", "invalid-status"]
)
def test_kernels_are_off_if_they_do_not_cover_the_rules(select: str) -> None:
    assert prover().is_usable
    assert prover(kind="contacts").is_usable
    assert not prover(select).is_usable


def test_contacts_are_proven_by_country_and_postal_code() -> None:
    codes = ["94105", "SW1A 1AA", None, "x"]
    texts = {field: pa.array([value] * 4) for field, value in CONTACT.items()}
    texts["zip_code"] = pa.array(codes)
    assert prover(kind="contacts").proven(texts).to_pylist() == [True, False, False, False]


@pytest.mark.parametrize("field", CONSENT)
def test_bytes_that_are_not_utf_8_are_reported_and_not_raised(field: str) -> None:
    bad = pa.array([b"opt-in\xff"], pa.binary()).view(pa.string())
    columns = {name: pa.array([value]) for name, value in CONSENT.items()}
    table = pa.table({**columns, field: bad})
    (found,) = arrow.check(table, now=NOW, select="errors").to_pylist()
    assert found["rule"] == f"invalid-{field.replace('_', '-')}"
    assert "<0xFF>" in found["message"]
    assert arrow.reason_codes(table, now=NOW).to_pylist() == [[found["reason"]]]


WRONG_KERNELS = {
    "numbers of any length": ("possible_pattern", lambda: "[0-9]{2,15}"),
    "any day of a month": ("PLAIN_DATE", r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z"),
    "dates in the future": ("date_limit", lambda now: "9999"),
    "ids of any letters": ("_HEXADECIMAL", "0123456789abcdefghijklmnopqrstuvwxyz"),
    "ids of any length": ("_ID_LENGTH", 31),
}
DAMAGE = {
    "contact_id": ["+19", "+141555526711", "+4407400123456"],
    "date_of_consent": ["2025-02-30T10:00:00Z", "2026-01-02T00:00:00Z"],
    "correlation_id": ["z" * 32, "0" * 31],
}


def damaged() -> list[dict[str, str]]:
    """Return items, each invalid in one field."""
    items = [
        {**CONSENT, "correlation_id": f"{number:032x}", "contact_id": f"+1415555{number:04}"}
        for number in range(10)
    ]
    changes = [(field, value) for field, values in DAMAGE.items() for value in values]
    return [{**item, field: value} for item, (field, value) in zip(items, changes, strict=False)]


def is_same(items: list[dict[str, str]]) -> bool:
    """Tell whether a table has the findings of its items."""
    rows._checker.cache_clear()
    kernels._matcher.cache_clear()
    found = arrow.check(pa.Table.from_pylist(items), now=NOW).to_pylist()
    expected = check_items(items, now=NOW)
    return [(row["row"], row["rule"]) for row in found] == [(f.item, f.rule) for f in expected]


@pytest.mark.parametrize("name", WRONG_KERNELS)
def test_a_kernel_that_proves_too_much_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = damaged()
    assert len(items) == sum(map(len, DAMAGE.values()))
    assert is_same(items)
    attribute, wrong = WRONG_KERNELS[name]
    monkeypatch.setattr(kernels, attribute, wrong)
    try:
        assert not is_same(items)
    finally:
        monkeypatch.undo()
        assert is_same(items)
