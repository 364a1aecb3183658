"""The wrong validators are wrong, and the strategies detect all of them."""

import pytest
from detection import detected, examples, requests
from wrong_validators import WRONG_VALIDATORS, WrongValidator, expected_response

from consentlint import CONSENTS, CONTACTS, Endpoint

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("wrong", WRONG_VALIDATORS, ids=lambda wrong: wrong.name)
def test_each_wrong_validator_responds_wrongly_to_its_counterexample(wrong: WrongValidator) -> None:
    right = expected_response(wrong.counterexample, wrong.endpoint)
    assert wrong.respond(wrong.counterexample, right) != right


def test_no_two_wrong_validators_share_a_name() -> None:
    assert len({wrong.name for wrong in WRONG_VALIDATORS}) == len(WRONG_VALIDATORS)


@pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda endpoint: endpoint.name)
def test_two_tests_of_a_hundred_requests_detect_all_wrong_validators(endpoint: Endpoint) -> None:
    undetected = {wrong.name for wrong in WRONG_VALIDATORS if wrong.endpoint is endpoint}
    for seed in (1, 2):
        if undetected:
            undetected -= {
                wrong.name for wrong in detected(endpoint, examples(requests(endpoint), seed))
            }
    assert undetected == set()
