"""`consentlint drift`: a captured request and its answer."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consentlint.cli import main

PUBLISHED = Path(__file__).resolve().parents[2] / "fixtures" / "published"


def drift(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["drift", *map(str, arguments)])


def test_the_published_pair_of_consents_is_agreed_upon() -> None:
    folder = PUBLISHED / "consents"
    result = drift(folder / "request.json", folder / "response.json")
    assert (result.exit_code, json.loads(result.stdout)["cases"]) == (0, [])
    assert result.stderr == "0 of 2 items: linter and API disagree.\n"


def test_the_published_pair_of_contacts_is_not() -> None:
    folder = PUBLISHED / "contacts"
    files = folder / "request.json", folder / "response.json"
    result = drift(*files)
    assert result.exit_code == 1
    (case,) = json.loads(result.stdout)["cases"]
    assert case["kind"] == "stored by the API, refused by the linter"
    assert case["linter"] == ["INVALID_CORRELATION_ID"]
    assert "9999999" not in result.stdout
    assert drift(*files, "--profile", "lenient").exit_code == 0


def test_other_reasons_and_missing_entries_are_told(tmp_path: Path) -> None:
    request = json.loads((PUBLISHED / "consents" / "request.json").read_text())
    answer = json.loads((PUBLISHED / "consents" / "response.json").read_text())
    answer["items"] = [answer["items"][1]]
    answer["items"][0]["error_messages"] = ["INVALID_SOURCE", "+14155552671"]
    (tmp_path / "q.jsonl").write_text("".join(json.dumps(i) + "\n" for i in request["Items"]))
    (tmp_path / "a.json").write_text(json.dumps(answer))
    result = drift(tmp_path / "q.jsonl", tmp_path / "a.json", "-o", tmp_path / "cases.json")
    assert result.exit_code == 1
    assert "1 have no entry" in result.stderr
    (case,) = json.loads((tmp_path / "cases.json").read_text())["cases"]
    assert case["kind"] == "refused by both, for other reasons"
    assert case["api"] == ["INVALID_SOURCE", "+1415•••••71"]


@pytest.mark.parametrize(
    ("request_text", "answer", "words"),
    [
        ("[", "{}", "q.json:1: malformed JSON"),
        ("[]", "{}", "q.json:1: there are no items"),
        ('[{"status": "opt-in"}]', "{", "a.json: the answer is no JSON"),
        ('[{"status": "opt-in"}]', "{}", "a.json: the answer has no list of items"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, request_text: str, answer: str, words: str
) -> None:
    (tmp_path / "q.json").write_text(request_text)
    (tmp_path / "a.json").write_text(answer)
    result = drift(tmp_path / "q.json", tmp_path / "a.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
