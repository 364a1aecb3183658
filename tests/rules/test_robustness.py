"""Whatever a field holds, a rule describes it, briefly and masked."""

import pickle
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from running import CONSENT, CONTACT, describe, problems_of

from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Profile

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.text("+0123456789 ()-./:TZ'\"=eE", max_size=30),
    st.lists(st.text(max_size=5), max_size=2),
    st.dictionaries(st.sampled_from(["S", "$date", "x"]), st.text(max_size=20), max_size=2),
)
FIELDS = [(CONSENTS, field) for field in CONSENTS.fields] + [
    (CONTACTS, field) for field in CONTACTS.fields
]


@pytest.mark.parametrize(("endpoint", "field"), FIELDS)
@given(value=VALUES)
@example(value=10**400)
@example(value=-(10**400))
@example(value="0" * 100_000)
@example(value=" " * 100_000 + "x")
@example(value="\ud800")
def test_every_problem_is_described_briefly_whatever_the_field_holds(
    endpoint: Endpoint, field: str, value: object
) -> None:
    item = {**(CONSENT if endpoint is CONSENTS else CONTACT), field: value}
    for profile in Profile:
        for _, problem in problems_of([item], endpoint, profile):
            message = describe(problem, item)
            assert message.endswith((".", "?"))
            assert len(message) < 320
            assert pickle.loads(pickle.dumps(problem)) == problem
            assert hash(problem) == hash(problem)


NUMBERS = st.sampled_from(
    ["4155550173", "14155550173", "442079460173", "390212340173", "22961230173", "541155550173"]
)
WRITTEN = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "+", "00", "'", " ", "tel:", '="+', "(0)", "0"]),
    NUMBERS,
    st.sampled_from(["", " ", ".0", " x12", '"', ";", "Z"]),
    st.just("") | NUMBERS,
)


@pytest.mark.parametrize(("endpoint", "field"), FIELDS)
@given(value=WRITTEN)
def test_no_message_shows_more_of_a_phone_number_than_its_mask(
    endpoint: Endpoint, field: str, value: str
) -> None:
    item = {**(CONSENT if endpoint is CONSENTS else CONTACT), field: value}
    for _, problem in problems_of([item], endpoint):
        message = describe(problem, item, masked=True)
        shown = re.sub("[^0-9]", "", message.replace("14155552671", ""))
        assert "0173" not in shown
        assert str(problem.args).count("0173") == 0
