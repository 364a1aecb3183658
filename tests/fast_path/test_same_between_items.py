"""Findings about several items, dates and rules that are off do not depend on the fast path."""

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from clean_records import (
    NOW,
    SENDER,
    TOLL_FREE,
    clean,
    consent,
    contact,
    document,
    json_lines,
    record_id,
    table,
)
from comparing import Sizes, rules_of, same, settings_without

from consentlint.fast_path import learning, matcher
from consentlint.rules import DEFAULT_RULES

# What holds between items.


@pytest.mark.parametrize("earlier", range(24))
@pytest.mark.parametrize("kind", ["jsonl", "csv", "json"])
def test_every_item_is_compared_by_its_id_and_by_its_contact_and_sender(
    tmp_path: Path, kind: str, earlier: int
) -> None:
    records = clean(0, 24)
    # Items that are parsed come between those that are proven.
    records[9] = consent(9, contact_id="+19")
    records[15] = consent(15, source="web")
    records += [
        consent(30, correlation_id=record_id(earlier)),
        consent(31, contact_id=records[earlier]["contact_id"], status="opt-out"),
        consent(
            32, contact_id=records[earlier]["contact_id"], date_of_consent="2020-01-01T00:00:00Z"
        ),
        *clean(40, 50),
    ]
    content = {"jsonl": json_lines, "csv": table, "json": document}[kind](records)
    compared = same(content, tmp_path, f"records.{kind}")
    again = Counter(rules_of(compared))
    assert again["invalid-correlation-id"] == 1
    if earlier not in (9, 15):
        assert again["consent-conflict"] == again["consent-out-of-order"] == 1
    if kind != "json":
        # Fewer matches than one in a window of this size.
        assert compared.fast.proven >= 20


def test_blank_lines_count_in_the_line_numbers_of_messages(tmp_path: Path) -> None:
    lines = json_lines(clean(0, 30)).decode().splitlines()
    lines[10:10] = ["", " \t", ""]
    lines[20:20] = [""]
    for earlier in range(30):
        again = json.dumps(consent(99, correlation_id=record_id(earlier)))
        assert rules_of(same("\n".join([*lines, again]).encode(), tmp_path)) == [
            "invalid-correlation-id"
        ]


@pytest.mark.parametrize("bytes_alike", [slice(0, 16), slice(16, 32)])
def test_ids_that_share_a_half_are_not_the_same(tmp_path: Path, bytes_alike: slice) -> None:
    records = []
    for number in range(40):
        digits = list(record_id(number))
        digits[bytes_alike] = "0" * 16 if number % 2 else "f" * 16
        records.append(consent(number, correlation_id="".join(digits)))
    compared = same(json_lines(records), tmp_path)
    assert not compared.fast.findings
    assert compared.fast.proven > 30


def test_letter_case_of_an_id_and_of_a_sender_does_not_count(tmp_path: Path) -> None:
    other_case = "MG" + SENDER[2:].upper()
    records = [
        *clean(0, 9),
        *clean(10, 19, sender_id=other_case),
        *clean(20, 29),
        consent(30, correlation_id=record_id(25).upper()),
        consent(31, contact_id=consent(24)["contact_id"], sender_id=other_case, status="opt-out"),
        consent(32, contact_id=consent(17)["contact_id"], status="opt-out"),
        *clean(40, 49, sender_id=other_case),
        consent(50, contact_id=consent(47)["contact_id"], status="opt-out"),
    ]
    compared = same(json_lines(records), tmp_path, sizes=Sizes(block=300))
    assert rules_of(compared) == ["invalid-correlation-id", *3 * ["consent-conflict"]]
    assert compared.fast.proven > 20


def test_a_number_with_a_trunk_prefix_equals_that_of_a_proven_item(tmp_path: Path) -> None:
    records = clean(0, 9) + [
        consent(number, contact_id=f"+44740012{number:04}") for number in range(10, 30)
    ]
    records.append(consent(30, contact_id="+440740012" + "0025", status="opt-out"))
    rules = settings_without("contact-id-not-canonical")
    assert rules_of(same(json_lines(records), tmp_path, settings=rules)) == ["consent-conflict"]


def test_the_dates_of_proven_items_decide_which_record_is_newer(tmp_path: Path) -> None:
    layouts = ["T15:30:07Z", "T15:30:07.5Z", "T15:30:07.123456Z", "T15:30:07-05:30"]
    for layout in layouts:
        records = clean(0, 20, date_of_consent=f"2025-06-02{layout}")
        records += [
            consent(number + 30, contact_id=consent(number)["contact_id"],
                    status="opt-out", date_of_consent=f"2025-06-{day:02}{layout}")
            for number, day in ((12, 1), (13, 2), (14, 3))
        ]  # fmt: skip
        compared = same(json_lines(records), tmp_path)
        assert rules_of(compared) == ["consent-out-of-order", "consent-conflict"]
        assert compared.fast.proven >= 14


def test_the_number_of_senders_and_postal_codes_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matcher, "_MAX_GAPS", 20)
    monkeypatch.setattr(learning, "_MAX_SENDERS", 3)
    records = [
        consent(number, sender_id=f"MG{number % 5:032x}",
                date_of_consent=f"2025-06-02T15:30:00+0{number % 4}:00")
        for number in range(60)
    ]  # fmt: skip
    records += [{**record, "status": "opt-out", "correlation_id": record_id(number)}
                for number, record in enumerate(records, 60)]  # fmt: skip
    compared = same(json_lines(records), tmp_path, sizes=Sizes(block=300))
    assert rules_of(compared) == 60 * ["consent-conflict"]
    assert compared.fast.proven > 5
    contacts = [contact(number, zip_code=f"9410{number % 5}") for number in range(40)]
    assert same(json_lines(contacts), tmp_path).fast.proven > 5


# Times.


@pytest.mark.parametrize("seconds", [":00", ":00.0", ":00.5", ":00.000000", ":59", ":59.999"])
@pytest.mark.parametrize("offset", ["Z", "+00:00", "+18:00", "-18:00", "+05:45"])
@pytest.mark.parametrize("now", ["2025-03-01T00:00:00Z", "2025-07-01T12:00:00.5Z", NOW])
def test_no_date_in_the_future_is_proven(
    tmp_path: Path, seconds: str, offset: str, now: str
) -> None:
    layout = "%Y-%m-%dT%H:%M"
    start = datetime.fromisoformat(now[:16])
    records = clean(0, 9, date_of_consent=f"2024-06-02T15:30{seconds}{offset}")
    for number, minutes in enumerate(
        m + d for m in (0, 1439, -1439, 345, 1440, -1440) for d in (-1, 0, 1)
    ):
        date = f"{start + timedelta(minutes=minutes):{layout}}{seconds}{offset}"
        records.append(consent(number + 10, date_of_consent=date))
    compared = same(json_lines(records), tmp_path, settings=settings_without(now=now))
    assert "invalid-date-of-consent" in rules_of(compared)
    assert compared.fast.proven >= 6


def test_one_second_decides_whether_a_date_is_in_the_future(tmp_path: Path) -> None:
    for second in range(58):
        records = clean(0, 9) + [
            consent(number, date_of_consent=f"2025-06-02T15:30:{second + number - 10:02}Z")
            for number in range(10, 13)
        ]
        now = f"2025-06-02T15:30:{second:02}Z"
        assert (
            len(
                same(
                    json_lines(records), tmp_path, settings=settings_without(now=now)
                ).fast.findings
            )
            == 2
        )


@pytest.mark.parametrize("now", ["1992-12-31T23:59:59Z", "1993-01-01T00:00:00Z", "1993-01-02T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])  # fmt: skip
@pytest.mark.parametrize("offset", ["Z", "+01:00"])
def test_any_time_may_be_now(tmp_path: Path, now: str, offset: str) -> None:
    dates = [
        "1992-12-31T23:59:59",
        "1993-01-01T00:00:00",
        "1993-01-01T00:00:01",
        "2025-01-01T00:00:00",
    ]
    records = [
        consent(number, date_of_consent=dates[number % 4 if number > 9 else number % 2] + offset)
        for number in range(30)
    ]
    same(json_lines(records), tmp_path, settings=settings_without(now=now))


# Rules that are off, or on.


@pytest.mark.slow
@pytest.mark.parametrize("rule", sorted(DEFAULT_RULES))
def test_any_rule_may_be_off_while_its_field_is_missing_or_invalid(
    tmp_path: Path, rule: str
) -> None:
    fields = list(consent(0))
    for field in fields:
        records = [
            *clean(0, 9, **{field: None}),
            *clean(10, 19),
            *clean(20, 29, **{field: None}),
            *clean(30, 39, **{field: "x"}),
            *({**record, "status": "opt-out"} for record in clean(0, 39, **{field: None})),
        ]
        same(json_lines(records), tmp_path, settings=settings_without(rule), sizes=Sizes(block=300))
    for field in contact(0):
        contacts = [contact(number, **{field: None}) for number in range(20)]
        contacts += [contact(number, country_iso_code="XX") for number in range(20, 30)]
        contacts += [contact(30, **{"country_iso_code": "XX", field: None})]
        same(json_lines(contacts), tmp_path, settings=settings_without(rule))


def test_a_toll_free_sender_is_clean_with_opt_outs_only(tmp_path: Path) -> None:
    opt_outs = [consent(n, sender_id=TOLL_FREE, status="opt-out") for n in range(40)]
    rules = settings_without("sender-not-messaging-service")
    for first in (opt_outs[:9], clean(50, 59)):
        records = [*first, *opt_outs[10:20], consent(60, sender_id=TOLL_FREE), *opt_outs[30:]]
        compared = same(json_lines(records), tmp_path, settings=rules, sizes=Sizes(block=300))
        assert rules_of(compared) == ["toll-free-sender"]
    bare = [{k: v for k, v in record.items() if k != "source"} for record in opt_outs]
    bare.insert(20, consent(60, sender_id=TOLL_FREE, source=None))
    rules = settings_without("sender-not-messaging-service", "invalid-source")
    assert rules_of(same(json_lines(bare), tmp_path, settings=rules)) == ["toll-free-sender"]


def test_the_last_of_two_statuses_is_compared_with_the_source(tmp_path: Path) -> None:
    def record(number: int, *statuses: str) -> str:
        text = json.dumps(consent(number, status=statuses[0], source="opt-out-message"))
        return f'{text[:-1]}, "status": "{statuses[1]}"}}'

    records = [record(number, "opt-out", "opt-out") for number in range(20)]
    records.insert(12, record(50, "opt-out", "opt-in"))
    rules = settings_without("duplicate-key")
    assert rules_of(same(json_lines(records), tmp_path, settings=rules)) == [
        "status-source-mismatch"
    ]


@pytest.mark.parametrize("rule", ["placeholder", "contact-id-unassigned"])
def test_nothing_is_proven_if_a_rule_is_selected_that_patterns_do_not_cover(
    tmp_path: Path, rule: str
) -> None:
    records = [*clean(0, 9), *clean(10, 20, contact_id="+19999999999", sender_id=f"MG{1:032x}")]
    every = settings_without()._replace(rules=DEFAULT_RULES | {rule})
    compared = same(json_lines(records), tmp_path, settings=every)
    assert compared.fast.proven == 0
    assert rule in rules_of(compared)


def test_nothing_is_proven_if_a_rule_on_the_form_of_a_field_is_off(tmp_path: Path) -> None:
    for rule in ("invalid-sender-id", "invalid-status", "invalid-correlation-id"):
        compared = same(json_lines(clean(0, 20)), tmp_path, settings=settings_without(rule))
        assert compared.fast.proven == 0


def test_a_sender_with_a_lone_surrogate_does_not_raise(tmp_path: Path) -> None:
    records = [*clean(0, 9), *clean(10, 19, sender_id="\ud800"), *clean(20, 29)]
    same(json_lines(records), tmp_path, settings=settings_without("invalid-sender-id"))
    contacts = [contact(number) for number in range(9)] + [contact(10, zip_code="\ud800")]
    same(json_lines(contacts), tmp_path, settings=settings_without("invalid-zip-code"))


# What is kept and learned in the course of a file.


@pytest.mark.parametrize("name", ["records.jsonl.gz", "records.jsonl"])
def test_every_repeated_item_is_found(tmp_path: Path, name: str) -> None:
    records = clean(0, 200)
    records += [
        {**record, "correlation_id": record_id(n + 500)} for n, record in enumerate(records)
    ]
    assert rules_of(same(json_lines(records), tmp_path, name)) == ["consent-duplicate"] * 200
    contacts = [contact(number) for number in range(200)]
    assert rules_of(same(json_lines(contacts * 2), tmp_path, name)) == (
        ["invalid-correlation-id"] * 200
    )


def test_items_that_were_parsed_before_the_matcher_was_made_are_compared(tmp_path: Path) -> None:
    for learn_after in (1, 2, 5, 10):
        records = clean(0, 30)
        records[20:20] = [
            consent(50, correlation_id=record_id(0)),
            consent(51, contact_id=consent(0)["contact_id"], status="opt-out"),
        ]
        compared = same(json_lines(records), tmp_path, sizes=Sizes(learn_after=learn_after))
        assert rules_of(compared) == ["invalid-correlation-id", "consent-conflict"]
        assert compared.fast.proven > 15


def test_records_of_another_layout_are_parsed(tmp_path: Path) -> None:
    others = [json.dumps(record, separators=(",", ":")) for record in clean(50, 90)]
    records = [*clean(0, 40), *others]
    compared = same(json_lines(records), tmp_path, sizes=Sizes(learn_after=3, block=300))
    assert compared.fast.proven > 30


def test_dates_of_another_layout_are_parsed(tmp_path: Path) -> None:
    dates = [
        "2025-06-02T15:30:00Z",
        "2025-06-02T15:30:00+01:00",
        "2025-06-02T15:30:00.5Z",
    ]
    for first in dates:
        for second in dates:
            records = [*clean(0, 20, date_of_consent=first), *clean(20, 40, date_of_consent=second)]
            records += [
                {**record, "status": "opt-out", "correlation_id": record_id(number)}
                for number, record in enumerate(records, 50)
            ]
            compared = same(json_lines(records), tmp_path, sizes=Sizes(block=300))
            assert rules_of(compared) == ["consent-conflict"] * 40
