"""The wrong validators are wrong, and their strategies find out."""

import pytest
from wrong_validators import WRONG_VALIDATORS, WrongValidator, right_answer


@pytest.mark.parametrize("wrong", WRONG_VALIDATORS, ids=lambda wrong: wrong.name)
def test_each_wrong_validator_answers_its_witness_wrongly(wrong: WrongValidator) -> None:
    right = right_answer(wrong.witness, wrong.endpoint)
    assert wrong.answer(wrong.witness, right) != right


def test_no_two_wrong_validators_share_a_name() -> None:
    assert len({wrong.name for wrong in WRONG_VALIDATORS}) == len(WRONG_VALIDATORS)
