"""The wrong validators are wrong, and their strategies find out."""

import pytest
from detection import examples, exposed, requests
from wrong_validators import WRONG_VALIDATORS, WrongValidator, right_answer

from consentlint import CONSENTS, CONTACTS, Endpoint


@pytest.mark.parametrize("wrong", WRONG_VALIDATORS, ids=lambda wrong: wrong.name)
def test_each_wrong_validator_answers_its_witness_wrongly(wrong: WrongValidator) -> None:
    right = right_answer(wrong.witness, wrong.endpoint)
    assert wrong.answer(wrong.witness, right) != right


def test_no_two_wrong_validators_share_a_name() -> None:
    assert len({wrong.name for wrong in WRONG_VALIDATORS}) == len(WRONG_VALIDATORS)


@pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda endpoint: endpoint.name)
def test_a_test_of_a_hundred_requests_or_two_exposes_them_all(endpoint: Endpoint) -> None:
    hidden = {wrong.name for wrong in WRONG_VALIDATORS if wrong.endpoint is endpoint}
    for seed in (1, 2):
        if hidden:
            hidden -= {each.name for each in exposed(endpoint, examples(requests(endpoint), seed))}
    assert hidden == set()
