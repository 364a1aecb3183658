"""Misnamed columns: all at once, each at its own location, with what to rename."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from linting import Event

from consentlint.fields.names import field_named
from consentlint.model.endpoints import CONTACTS
from consentlint.model.findings import Finding
from consentlint.model.items import ParseError, Rename

Check = Callable[..., list[Finding]]
Read = Callable[..., list[Event]]

CONSENT = ("contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent")
CONTACT = ("contact_id", "correlation_id", "country_iso_code", "zip_code")


def renamed(names: Sequence[str], **others: str) -> list[str]:
    return [others.get(name, name) for name in names]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("contact_id", "phone_number"),
        ("contact_id", "Phone"),
        ("contact_id", "MSISDN"),
        ("contact_id", "Mobile"),
        ("contact_id", "customer_phone"),
        ("contact_id", "Telefon"),
        ("sender_id", "messaging_service_sid"),
        ("sender_id", "Sender"),
        ("status", "Consent Status"),
        ("status", "opt_in_status"),
        ("source", "consent_source"),
        ("date_of_consent", "consent_timestamp"),
        ("date_of_consent", "Consented At"),
        ("correlation_id", "correlationId"),
    ],
)
def test_a_synonym_of_a_missing_field_is_a_misnamed_column(
    check: Check, field: str, name: str
) -> None:
    header = renamed(CONSENT, **{field: name})
    (finding,) = check("x.csv", f"{','.join(header)}\n" + "1,2,3,4,5,6\n" * 3)
    assert (finding.rule, finding.item) == ("file-kind", None)
    assert (finding.line, finding.column) == (1, ",".join(header).index(name) + 1)
    assert finding.message == f'unknown column "{name}": rename the column to "{field}".'


@pytest.mark.parametrize("name", ["zip", "Postal Code", "postcode", "PLZ"])
@pytest.mark.parametrize("country", ["Country", "country_iso2", "alpha2"])
def test_misnamed_columns_of_contacts_are_reported_together(
    check: Check, name: str, country: str
) -> None:
    header = renamed(CONTACT, zip_code=name, country_iso_code=country)
    found = check("x.csv", f"{','.join(header)}\n1,2,3,4\n")
    assert [finding.column for finding in found] == [27, 28 + len(country)]
    assert "country_iso_code" in found[0].message
    assert "zip_code" in found[1].message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected_from_misnamed_columns(check: Check, delimiter: str) -> None:
    header = ["Contact ID", "Correlation ID", "Sender ID", "Status", "Source", "Date of Consent"]
    found = check("x.csv", delimiter.join(header) + "\n")
    assert [f.column for f in found] == [1, 12, 27, 37, 44, 51]


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [("Phone", 11, 16), ('"Phone"', 11, 18), (" Phone ", 11, 18), ("Adresse", None, None)],
)
def test_what_to_rename_is_given_with_its_range_in_bytes(
    read: Read, name: str, start: int | None, end: int | None
) -> None:
    header = f"status,\u00e9\u00e9,{name},correlation_id,sender_id,source\n"
    renames = [each.renames for each in read("x.csv", header) if isinstance(each, ParseError)]
    expected = Rename("Phone", "contact_id", start, end)
    if start is None:
        assert renames == []
        return
    assert renames == [(expected._replace(offset=start + 1, end_offset=end and end + 1),)]
    content = header.encode()
    assert content[start + 1 : (end or 0) + 1].decode() == name


@pytest.mark.parametrize(
    ("names", "field"),
    [
        (["phone", "mobile"], "contact_id"),
        (["Contact ID", "contactId"], "contact_id"),
        (["opt_in_date", "opt_out_date"], "date_of_consent"),
    ],
)
def test_columns_that_may_both_be_meant_are_named_and_none_is_renamed(
    check: Check, read: Read, names: list[str], field: str
) -> None:
    header = ",".join([*(name for name in CONSENT if name != field), *names])
    found = check("x.csv", f"{header}\n")
    assert [f.rule for f in found] == ["file-kind"] * 2
    assert {f.message for f in found} == {
        f'columns "{names[0]}" and "{names[1]}" may hold {field}. Rename one of them.'
    }
    assert not any(e.renames for e in read("x.csv", header) if isinstance(e, ParseError))


@pytest.mark.parametrize("name", ["status", "phone", "note", "Contact ID"])
def test_the_errors_of_a_header_are_limited(check: Check, name: str) -> None:
    found = check("x.csv", ",".join(["contact_id", *[name] * 5_000]) + "\nx\n")
    assert len(found) <= 25
    assert max(len(finding.message) for finding in found) < 400


def test_another_spelling_is_meant_rather_than_a_synonym(check: Check) -> None:
    header = ["Contact ID", *CONSENT[1:], "phone"]
    (finding,) = check("x.csv", f"{','.join(header)}\n")
    assert '"Contact ID"' in finding.message


@pytest.mark.parametrize(
    ("name", "field"),
    [("date", "date_of_consent"), ("consent", "status"), ("channel", "source"), ("uuid", None)],
)
def test_a_name_that_may_mean_a_field_is_mentioned_with_misnamed_columns(
    check: Check, name: str, field: str | None
) -> None:
    header = renamed(CONSENT, contact_id="phone", **({field: name} if field else {}))
    found = check("x.csv", f"{','.join(header)}\n")
    messages = [f.message for f in found]
    assert messages[0].startswith('unknown column "phone"')
    expected = f'if the column "{name}" holds {field}, rename it to "{field}".'
    assert (expected in messages) == (field is not None)


@pytest.mark.parametrize(
    "header",
    [
        "Email,Phone,Email opt-in date,SMS opt-in date",
        "Mobile Phone,SMS Consent,Consent date",
        "Contact ID,Phone",
        "Contact ID,Status,Source",
        "phone,zip",
    ],
)
def test_no_column_is_renamed_in_a_table_that_lacks_several(read: Read, header: str) -> None:
    """It is an export of another program, and a preset of convert needs its names."""
    errors = [each for each in read("x.csv", f"{header}\n") if isinstance(each, ParseError)]
    assert not any(error.renames for error in errors)
    *columns, missing = (str(error.message) for error in errors)
    assert "consentlint convert --inspect" in missing
    assert columns
    assert all(message.startswith("if the column ") for message in columns)


def test_no_advice_is_to_rename_a_date_of_opt_out_in_an_export(check: Check) -> None:
    found = check("x.csv", "Phone,OptOutDate,OptInDate\n")
    message = 'columns "OptOutDate" and "OptInDate" may hold date_of_consent.'
    assert [finding.message for finding in found].count(message) == 2


def test_columns_are_renamed_if_the_table_lacks_only_one(read: Read) -> None:
    header = "Phone,sender_id,Status,consent_source,consent_date\n"
    errors = [each for each in read("x.csv", header) if isinstance(each, ParseError)]
    renames = {each.name: each.field for error in errors for each in error.renames}
    assert renames == {
        "Phone": "contact_id",
        "Status": "status",
        "consent_source": "source",
        "consent_date": "date_of_consent",
    }
    assert "correlation_id" in errors[-1].message


@pytest.mark.parametrize("name", ["Opt-In Date", "opted_out_at", "SMS opt-in date"])
def test_the_date_of_an_opt_in_or_opt_out_is_mentioned_but_never_renamed(
    check: Check, read: Read, name: str
) -> None:
    header = ",".join(["Phone", *CONSENT[1:-1], name])
    first, second = (each for each in read("x.csv", f"{header}\n") if isinstance(each, ParseError))
    assert [rename.name for rename in first.renames] == ["Phone"]
    assert second.renames == ()
    expected = f'if the column "{name}" holds date_of_consent, rename it to "date_of_consent".'
    assert second.message == expected
    # No other name prevents the rows from being read.
    found = check("x.csv", f"{','.join([*CONSENT[:-1], name])}\n1,2,3,4,5,6\n")
    assert "file-kind" not in {finding.rule for finding in found}
    assert f'unknown field "{name}". Rename it to "date_of_consent".' in [
        finding.message for finding in found
    ]


@pytest.mark.parametrize("name", ["note", "email", "created_by", "state"])
def test_a_column_that_means_no_field_is_not_misnamed(check: Check, name: str) -> None:
    header = [*CONSENT, name]
    rules = {f.rule for f in check("x.csv", f"{','.join(header)}\n1,2,3,4,5,6,7\n")}
    assert "file-kind" not in rules
    assert "unknown-field" in rules


def test_a_synonym_of_a_field_that_is_there_is_only_an_unknown_column(
    check: Check, consent: Callable[..., dict[str, object]]
) -> None:
    cells = ",".join(map(str, consent().values()))
    found = check("x.csv", f"{','.join(CONSENT)},phone,state\n{cells},1,2\n")
    assert [f.message for f in found] == [
        'unknown field "phone". The API does not use it.',
        'unknown field "state". The API does not use it.',
    ]


@pytest.mark.parametrize("header", ["name,email,phone", "MSISDN", "Phone Number,Name"])
def test_missing_columns_are_reported_together_with_misnamed_ones(
    check: Check, header: str
) -> None:
    *_, missing = check("x.csv", f"{header}\n", endpoint=CONTACTS)
    assert missing.message.startswith(
        "columns are missing, or have other names: correlation_id, country_iso_code and zip_code."
    )
    *_, missing = check("x.csv", f"{header}\n")
    assert "consents need correlation_id, sender_id, status and source" in missing.message


def test_a_misnamed_column_of_the_other_kind_is_left_alone(check: Check) -> None:
    header = [*CONTACT, "consent_status", "consent_source", "opt_in_date"]
    found = check("x.csv", f"{','.join(header)}\n+19,2,3,4,5,6,7\n")
    assert "file-kind" not in {f.rule for f in found}


def test_no_advice_is_to_drop_a_column_that_may_hold_a_missing_field(
    check: Check, tmp_path: Path
) -> None:
    for name in ("Phone", "timestamp", "date", "consent", "Channel"):
        field = field_named(name) or {"consent": "status", "Channel": "source"}.get(
            name, "date_of_consent"
        )
        header = renamed(CONSENT, **{field: name})
        messages = [f.message for f in check("x.csv", f"{','.join(header)}\n1,2,3,4,5,6\n")]
        assert any(f'"{name}"' in message and field in message for message in messages)
        for message in messages:
            # A date that is unknown may be left out, but no column.
            advice = message.replace("leave the field out", "")
            assert "does not use" not in advice
            assert "leave" not in advice
