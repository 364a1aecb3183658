"""The history of a contact and sender answers as a plain list of its records would."""

from hypothesis import given, settings
from hypothesis import strategies as st
from running import CONSENT, NOW, describe, problems_of
from running import settings as rule_settings

from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Profile
from consentlint.model.moment import Moment
from consentlint.rules import ConsentRecord, CrossItemState, History, Problem, keys_of

RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["opt-in", "opt-out"]),
        st.none() | st.builds(Moment, st.integers(0, 3), st.sampled_from(["", "5"])),
    ),
    max_size=8,
)


@given(RECORDS)
@settings(deadline=None)
def test_a_history_decides_as_a_list_of_all_records_does(
    drawn: list[tuple[str, Moment | None]],
) -> None:
    history = History()
    records: list[ConsentRecord] = []
    for position, (status, moment) in enumerate(drawn):
        others = [record for record in records if record.status != status]
        same = [record for record in records if (record.status, record.moment) == (status, moment)]
        conflicting = [
            record
            for record in others
            if None in (moment, record.moment) or moment == record.moment
        ]
        newer = [
            record
            for record in others
            if moment is not None and record.moment is not None and record.moment > moment
        ]
        assert history.duplicate_of(status, moment) == (same[0].position if same else None)
        found = history.conflicts_with(status, moment)
        assert found in {record.position for record in conflicting} or (
            found is None and not conflicting
        )
        superseding = history.superseded_by(status, moment)
        assert superseding in newer or (superseding is None and not newer)
        records.append(ConsentRecord(status, moment, position))
        history.add(records[-1])


def consent(status: str, date: str | None, **fields: object) -> dict[str, object]:
    item = {**CONSENT, "status": status, "date_of_consent": date, **fields}
    return {key: value for key, value in item.items() if value is not None}


def history_problems(*items: dict[str, object]) -> list[tuple[int, Problem]]:
    return [found for found in problems_of(items) if found[1].rule.startswith("consent-")]


def words(*items: dict[str, object]) -> list[str]:
    return [describe(problem, items[at]) for at, problem in history_problems(*items)]


def test_an_older_record_with_another_status_after_a_newer_one_is_out_of_order() -> None:
    items = (
        consent("opt-out", "2025-06-02T15:30:00Z"),
        consent("opt-in", "2024-01-01T00:00:00Z"),
    )
    assert words(*items) == [
        (
            'This "opt-in" is older than the "opt-out" on line 1 (same contact and sender) but would'
            " replace it. Sort the records by date."
        )
    ]


def test_rising_dates_are_a_history() -> None:
    assert not words(
        consent("opt-in", "2024-01-01T00:00:00Z"),
        consent("opt-out", "2025-01-01T00:00:00Z"),
        consent("opt-in", "2025-06-02T15:30:00Z"),
    )


def test_two_statuses_whose_dates_do_not_show_which_is_newer_conflict() -> None:
    for dates in [(None, None), (None, "2025-06-02T15:30:00Z"), ("2025-06-02T15:30:00Z",) * 2]:
        assert words(consent("opt-out", dates[0]), consent("opt-in", dates[1])) == [
            (
                'status "opt-in" conflicts with line 1 ("opt-out", same contact and sender), and the'
                " dates do not show which is newer."
            )
        ]


def test_the_same_status_and_date_twice_are_a_duplicate() -> None:
    same = "2025-06-02T15:30:00Z", "2025-06-02T17:30:00+02:00"
    assert words(consent("opt-in", same[0]), consent("opt-in", same[1], source="offline")) == [
        "Duplicate of line 1 (same contact, sender, status and date)."
    ]


def test_contacts_and_senders_are_compared_in_their_canonical_form() -> None:
    upper = str(CONSENT["sender_id"]).replace("f", "F")
    assert history_problems(
        consent("opt-in", None, contact_id="+447400123456"),
        consent("opt-in", None, contact_id="+4407400123456", sender_id=upper),
    )


def test_a_record_that_would_not_be_stored_has_no_part_in_the_history() -> None:
    for fields in (
        {"contact_id": "+19"},
        {"sender_id": "My Shop"},
        {"date_of_consent": "2030-01-01T00:00:00Z"},
        {"date_of_consent": "2025-02-30T00:00:00Z"},
        {"status": "opt in"},
    ):
        item = {**CONSENT, **fields}
        assert not history_problems(item, item)


def test_an_id_is_that_of_the_first_item_that_had_it() -> None:
    state = CrossItemState()
    for position, correlation_id in enumerate(("AB" * 16, "ab" * 16, "z" * 32)):
        fields = {**CONSENT, "correlation_id": correlation_id}
        state.add(keys_of(position, fields, rule_settings()))
    assert state.item_with_id("ab" * 16) == 0
    assert state.item_with_id("z" * 32) == 2
    assert state.item_with_id("Z" * 32) is None


def test_keys_say_whether_the_id_is_valid_under_the_profile() -> None:
    for profile, is_valid in ((Profile.DOCUMENTED, False), (Profile.LENIENT, True)):
        keys = keys_of(0, {**CONSENT, "correlation_id": "Z" * 32}, rule_settings(CONSENTS, profile))
        assert (keys.correlation_id, keys.id_is_valid) == ("Z" * 32, is_valid)


def test_a_moment_equal_to_now_is_valid() -> None:
    item = consent("opt-in", "2026-01-01T00:00:00Z")
    assert keys_of(0, item, rule_settings()).moment == NOW
    assert not problems_of([item])
