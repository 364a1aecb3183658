"""What is kept of earlier records says what a plain list of them would say."""

from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint.fields.iso8601 import Moment
from consentlint.rules._earlier import Earlier, Entry, History

ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["opt-in", "opt-out"]),
        st.none() | st.builds(Moment, st.integers(0, 3), st.sampled_from(["", "5"])),
    ),
    max_size=8,
)


@given(ENTRIES)
@settings(deadline=None)
def test_a_history_answers_as_a_list_of_all_records_does(
    drawn: list[tuple[str, Moment | None]],
) -> None:
    history = History()
    records: list[Entry] = []
    for number, (status, moment) in enumerate(drawn):
        others = [record for record in records if record.status != status]
        same = [record for record in records if (record.status, record.moment) == (status, moment)]
        undecided = [
            record
            for record in others
            if None in (moment, record.moment) or moment == record.moment
        ]
        later = [
            record
            for record in others
            if moment is not None and record.moment is not None and record.moment > moment
        ]
        assert history.same(status, moment) == (same[0].number if same else None)
        found = history.undecided(status, moment)
        assert found in {record.number for record in undecided} or (found is None and not undecided)
        overtaking = history.overtaken_by(status, moment)
        assert overtaking in later or (overtaking is None and not later)
        records.append(Entry(status, moment, number))
        history.add(records[-1])


def test_an_id_is_that_of_the_first_item_that_had_it() -> None:
    earlier = Earlier()
    earlier.remember_id("AB" * 16, 1)
    earlier.remember_id("ab" * 16, 2)
    earlier.remember_id("z" * 32, 3)
    assert earlier.item_with_id("aB" * 16) == 1
    assert earlier.item_with_id("z" * 32) == 3
    assert earlier.item_with_id("Z" * 32) is None
