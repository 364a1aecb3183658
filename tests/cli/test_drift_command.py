"""`consentlint drift`: a captured request and its response."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consentlint.cli import main

PUBLISHED = Path(__file__).resolve().parents[2] / "fixtures" / "published"


def drift(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["drift", *map(str, arguments)])


def test_the_linter_agrees_with_the_published_response_about_consents() -> None:
    folder = PUBLISHED / "consents"
    result = drift(folder / "request.json", folder / "response.json")
    assert (result.exit_code, json.loads(result.stdout)["cases"]) == (0, [])
    assert result.stderr == "2 items compared, no disagreement.\n"


def test_the_linter_disagrees_with_the_published_response_about_contacts() -> None:
    folder = PUBLISHED / "contacts"
    files = folder / "request.json", folder / "response.json"
    result = drift(*files)
    assert result.exit_code == 1
    (case,) = json.loads(result.stdout)["cases"]
    assert case["kind"] == "stored by the API, rejected by the linter"
    assert case["linter"] == ["INVALID_CORRELATION_ID"]
    assert "9999999" not in result.stdout
    assert drift(*files, "--profile", "lenient").exit_code == 0


def test_different_reasons_and_missing_entries_are_reported(tmp_path: Path) -> None:
    request = json.loads((PUBLISHED / "consents" / "request.json").read_text())
    response = json.loads((PUBLISHED / "consents" / "response.json").read_text())
    response["items"] = [response["items"][1]]
    response["items"][0]["error_messages"] = ["INVALID_SOURCE", "+14155552671"]
    request["Items"][1] = json.dumps({**json.loads(request["Items"][1]), "name": "Jane Doe"})
    (tmp_path / "q.jsonl").write_text("".join(json.dumps(i) + "\n" for i in request["Items"]))
    (tmp_path / "a.json").write_text(json.dumps(response))
    result = drift(tmp_path / "q.jsonl", tmp_path / "a.json", "-o", tmp_path / "cases.json")
    assert result.exit_code == 1
    assert (
        "1 item compared, 1 disagreement; 1 item without an answer in the response."
        in result.stderr
    )
    (case,) = json.loads((tmp_path / "cases.json").read_text())["cases"]
    assert case["kind"] == "rejected by both, for different reasons"
    assert case["api"] == ["INVALID_SOURCE", "+1415•••••71"]
    assert case["item"]["name"] == "…"


@pytest.mark.parametrize(
    ("request_text", "response_text", "message"),
    [
        ("[", "{}", "q.json:1: malformed JSON"),
        ("[]", "{}", "q.json has no items"),
        ('[{"status": "opt-in"}]', "{", "a.json: "),
        ('[{"status": "opt-in"}]', "{}", "a.json: "),
    ],
)
def test_an_unreadable_file_is_reported_in_one_line(
    tmp_path: Path, request_text: str, response_text: str, message: str
) -> None:
    (tmp_path / "q.json").write_text(request_text)
    (tmp_path / "a.json").write_text(response_text)
    result = drift(tmp_path / "q.json", tmp_path / "a.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_it_is_an_error_if_no_item_can_be_compared(tmp_path: Path) -> None:
    request = PUBLISHED / "consents" / "request.json"
    response = json.loads((PUBLISHED / "consents" / "response.json").read_text())
    for entry in response["items"]:
        entry.update(error_code=30646, error_messages=["INTERNAL_SERVER_ERROR"])
    for text in ('{"items": []}', '{"items": [null]}', json.dumps(response)):
        (tmp_path / "a.json").write_text(text)
        result = drift(request, tmp_path / "a.json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "nothing was compared" in result.stderr
