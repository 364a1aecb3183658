"""`consentlint submit`, against the stub over real sockets."""

import csv
import io
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from table_files import write_parquet, write_xlsx

from consentlint import CONSENTS, CONTACTS
from consentlint import stub as stubs
from consentlint.cli import main
from consentlint.reporters import REPORTERS
from consentlint.stub import Stub
from consentlint.stub.server import StubServer

pytestmark = pytest.mark.slow

SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
SECRET = "sesame-2f7c"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")

Fields = dict[str, Any]


class Workspace:
    """A folder and a stub, and functions that run `submit` with both."""

    def __init__(self, folder: Path, server: StubServer, stub: Stub) -> None:
        self.folder = folder
        self.server = server
        self.stub = stub
        self.environment = {
            "XDG_STATE_HOME": str(folder / "state"),
            "CONSENTLINT_BASE_URL": server.url,
            "TWILIO_ACCOUNT_SID": "AC0",
            "TWILIO_AUTH_TOKEN": SECRET,
        }

    def write(self, items: list[Fields], name: str = "in.jsonl") -> Path:
        path = self.folder / name
        path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
        return path

    def submit(
        self, *arguments: object, code: int = 0, stdin: str = "", **environment: str | None
    ) -> Result:
        result = CliRunner().invoke(
            main,
            ["submit", *map(str, arguments)],
            input=stdin,
            env={**self.environment, **environment},
            prog_name="consentlint",
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        assert SECRET not in result.output
        return result

    def start(self, *arguments: object, stdin: int | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "consentlint", "submit", *map(str, arguments)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.environment},
        )

    def stored(self) -> list[str]:
        return [str(upsert.fields["correlation_id"]) for upsert in self.stub.upserts]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    for name in ("TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    stub = Stub(limit=None, credentials=("AC0", SECRET))
    with StubServer(stub) as server:
        yield Workspace(tmp_path, server, stub)
        # No test may write the secret to any file.
        for path in tmp_path.rglob("*"):
            assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path


def item(number: int = 1, status: str = "opt-in", **fields: object) -> Fields:
    return {
        "contact_id": f"+1415555{number:04}",
        "correlation_id": uuid4().hex,
        "sender_id": SENDER,
        "status": status,
        "source": "website",
        "date_of_consent": "2025-06-02T15:30:00Z",
        **fields,
    }


@pytest.mark.parametrize("name", REPORTERS)
def test_findings_are_reported_in_each_format_as_check_reports_them(
    workspace: Workspace, name: str
) -> None:
    workspace.write([item(1, status="Opt In"), item(2)])
    result = workspace.submit("in.jsonl", "--report", f"{name}=a.out", code=1)
    assert "1 error in 2 items of 1 file" in result.stdout
    checked = CliRunner().invoke(main, ["check", "in.jsonl", "--output-format", name])
    assert Path("a.out").read_text(encoding="utf-8") == checked.stdout
    assert workspace.stored() == []


def test_a_report_on_standard_output_replaces_the_usual_one(workspace: Workspace) -> None:
    workspace.write([item(1), item(2)])
    result = workspace.submit("in.jsonl", "--report", "json=-")
    assert json.loads(result.stdout)["summary"]["items"] == 2
    assert len(workspace.stored()) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--report", "csv=in.jsonl"], "--report and the input are the same file"),
        (["--results", "a.csv", "--report", "csv=a.csv"], "--report and --results are the same"),
        (["--report", "csv=a", "--report", "json=a"], "two reports would be written to a"),
        (["--skip-lint", "--report", "csv=a"], "--skip-lint finds nothing to report"),
    ],
)
def test_a_report_that_cannot_be_written_is_an_error_before_anything_is_sent(
    workspace: Workspace, arguments: list[str], message: str
) -> None:
    before = workspace.write([item(1)]).read_bytes()
    assert message in workspace.submit("in.jsonl", *arguments, code=2).stderr
    assert Path("in.jsonl").read_bytes() == before
    assert workspace.stored() == []


def test_every_item_is_stored_as_it_is_in_the_file(workspace: Workspace) -> None:
    items = [item(number) for number in range(60)]
    result = workspace.submit(workspace.write(items))
    assert sorted(workspace.stored()) == sorted(fields["correlation_id"] for fields in items)
    # They are sent in parallel.
    assert sorted(len(seen.items) for seen in workspace.stub.received) == [10, 25, 25]
    assert "60 items: 60 stored.\n" in result.stderr
    assert "If interrupted, run the same command to resume." in result.stderr


def test_contacts_are_sent_to_their_own_endpoint(workspace: Workspace) -> None:
    rows = [
        {
            "contact_id": f"+1415555{number:04}",
            "correlation_id": uuid4().hex,
            "country_iso_code": "US",
            "zip_code": "94103",
        }
        for number in range(30)
    ]
    workspace.submit(workspace.write(rows), "--results", "r.csv")
    assert {upsert.endpoint for upsert in workspace.stub.upserts} == {CONTACTS}
    assert len(workspace.stub.upserts) == 30
    # Contacts have neither a sender nor a status.
    assert Path("r.csv").read_text().splitlines()[0] == (
        "file,line,item,correlation_id,contact_id,outcome,error_code,reasons,attempts"
    )


def test_several_files_are_linted_and_sent_as_one_list(workspace: Workspace) -> None:
    old = item(1, "opt-in", date_of_consent="2024-01-01T00:00:00Z")
    new = item(1, "opt-out")
    first, second = workspace.write([new], "a.jsonl"), workspace.write([old], "b.jsonl")
    result = workspace.submit(first, second, code=1)
    assert "consent-out-of-order" in result.stdout
    assert "line 1 of" in result.stdout
    assert not workspace.stub.received
    workspace.submit(second, first)
    assert workspace.stub.status("+14155550001", SENDER) == "opt-out"


def contact(number: int = 1) -> Fields:
    return {
        "contact_id": f"+1415555{number:04}",
        "correlation_id": uuid4().hex,
        "country_iso_code": "US",
        "zip_code": "94103",
    }


def test_consents_and_contacts_may_be_submitted_together(workspace: Workspace) -> None:
    contacts = [contact(number) for number in range(30)]
    consents = [item(number) for number in range(30)]
    files = (
        workspace.write(contacts[:10], "a.jsonl"),
        workspace.write(consents, "b.jsonl"),
        workspace.write(contacts[10:], "c.jsonl"),
    )
    result = workspace.submit(*files, "--results", "r.jsonl")
    assert "60 items: 60 stored." in result.stderr
    assert "/v1/Consents/Bulk and " in result.stderr
    for endpoint, items in ((CONSENTS, consents), (CONTACTS, contacts)):
        stored = [
            u.fields["correlation_id"] for u in workspace.stub.upserts if u.endpoint is endpoint
        ]
        assert sorted(map(str, stored)) == sorted(fields["correlation_id"] for fields in items)
    rows = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert ("status" in rows[0], "status" in rows[-1]) == (True, False)
    assert {row["file"] for row in rows} == set(map(str, files))


def test_nothing_is_sent_if_there_is_an_error(workspace: Workspace) -> None:
    result = workspace.submit(workspace.write([item(), item(2, "Opt In")]), code=1)
    assert "error INVALID_STATUS" in result.stdout
    assert "Nothing was sent: there are errors" in result.stderr
    assert not workspace.stub.received
    assert not list(workspace.folder.glob("*journal"))


@pytest.mark.parametrize("option", ["--results", "--rejects", "--report csv="])
def test_an_output_in_a_directory_that_is_submitted_is_rejected(
    workspace: Workspace, option: str
) -> None:
    (workspace.folder / "items").mkdir()
    workspace.write([item(1)], "items/in.jsonl")
    arguments = [*option.split(" "), "items/out.csv"] if " " not in option else [
        "--report", "csv=items/out.csv"
    ]  # fmt: skip
    result = workspace.submit("items", *arguments, code=2)
    assert "is in a directory that is submitted" in " ".join(result.output.split())
    assert workspace.stored() == []


def test_a_file_that_cannot_be_read_is_named_without_the_linter_too(workspace: Workspace) -> None:
    (workspace.folder / "in.jsonl").write_text("{")
    result = workspace.submit("in.jsonl", "nofile.csv", "--skip-lint", code=2)
    assert "in.jsonl:1:" in result.output
    assert "nofile.csv" in result.output
    assert "Nothing was sent" in result.output


def test_a_file_of_skipped_items_that_are_sent_now_is_to_be_deleted(workspace: Workspace) -> None:
    workspace.write([item(1, status="Opt In"), item(2)])
    workspace.submit("in.jsonl", "--skip-invalid", code=1)
    assert Path("in.jsonl.skipped").exists()
    workspace.write([item(1), item(2)])
    result = workspace.submit("in.jsonl")
    assert "in.jsonl.skipped is of a previous run" in result.output


def test_no_value_is_a_formula_in_the_results(workspace: Workspace) -> None:
    workspace.write([item(1), item(2, source="=1+1", status="@SUM(1)")], "=HYPERLINK(1).jsonl")
    arguments = ("--skip-lint", "--show-values", "--results", "results.csv")
    workspace.submit("=HYPERLINK(1).jsonl", *arguments, code=1)
    with open("results.csv", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["contact_id"] == "+14155550001"
    assert (second["file"], second["status"]) == ("'=HYPERLINK(1).jsonl", "'@SUM(1)")


def test_no_file_of_a_directory_is_skipped_because_it_may_hold_an_opt_out(
    workspace: Workspace,
) -> None:
    folder = workspace.folder / "exports"
    folder.mkdir()
    workspace.write([item(1)], "exports/a.jsonl")
    workspace.write([item(2)], "exports/b.jsonl")
    (folder / ".gitignore").write_text("b.jsonl")
    other = folder / "c.json"
    other.write_text('{"Phone": "+14155550100", "Opted out": true}')
    assert "Nothing was sent" in workspace.submit(folder, code=2).output
    other.unlink()
    workspace.submit(folder)
    assert len(workspace.stored()) == 2


def test_equal_faults_are_grouped_as_in_check(workspace: Workspace) -> None:
    path = workspace.write([item(number, "Opt In") for number in range(1, 10)])
    stdout = workspace.submit(path, code=1).stdout
    assert "in.jsonl: error INVALID_STATUS … and 4 more like this, lines 6–9" in stdout
    assert "The API would reject 9 of 9 records:" in stdout
    assert workspace.submit(path, "--all", code=1).stdout.count("in.jsonl:") == 9


def test_a_placeholder_is_an_error_with_strict(workspace: Workspace) -> None:
    example = item(sender_id="MG" + "0" * 31 + "1")
    assert "placeholder" in workspace.submit(workspace.write([example]), "--strict", code=1).stdout


def test_nothing_is_sent_if_a_file_cannot_be_read(workspace: Workspace) -> None:
    path = workspace.write([item()])
    path.write_text(path.read_text() + '{"contact_id": \n')
    for option in ("--skip-invalid", "--skip-lint"):
        assert "Nothing was sent" in workspace.submit(path, option, code=2).stderr
    assert not workspace.stub.received


def test_an_invalid_item_holds_back_every_item_of_its_contact_and_sender(
    workspace: Workspace,
) -> None:
    items = [
        item(1, "opt-in"),
        item(2, "opt-in"),
        item(1, "opt-in", sender_id="+12025550123"),
        item(1, "optout", contact_id="+1 (415) 555-0001"),
    ]
    path = workspace.write(items)
    result = workspace.submit(path, "--skip-invalid", "--results", "r.jsonl", code=1)
    assert sorted(workspace.stored()) == sorted(
        [items[1]["correlation_id"], items[2]["correlation_id"]]
    )
    skipped = Path(f"{path}.skipped")
    assert skipped.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line) for line in skipped.read_text().splitlines()] == [items[0], items[3]]
    lines = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [line["outcome"] for line in lines] == ["held-back", "stored", "stored", "skipped"]
    assert "Skipping 1 invalid item, and holding back 1 valid item" in result.stderr


@pytest.mark.parametrize(
    ("fields", "stored"),
    [
        # If the sender is unreadable, it holds back every item of the contact.
        ({"contact_id": "+14155550001", "sender_id": "MG1"}, {2, 3}),
        # If the contact is unreadable, it holds back every item of the sender.
        ({"contact_id": "+1", "sender_id": "+12025550123"}, {0, 2}),
        ({"contact_id": "+14155550001", "sender_id": SENDER.upper()[:-1]}, {2, 3}),
    ],
)
def test_an_unreadable_contact_or_sender_holds_back_more(
    workspace: Workspace, fields: Fields, stored: set[int]
) -> None:
    other = {"sender_id": "+12025550123"}
    items = [item(1), item(1, **other), item(2), item(3, **other), item(9, **fields)]
    workspace.submit(workspace.write(items), "--skip-invalid", code=1)
    assert {n for n in range(5) if items[n]["correlation_id"] in workspace.stored()} == stored


def test_an_invalid_item_without_readable_contact_and_sender_holds_back_every_opt_in(
    workspace: Workspace,
) -> None:
    items = [item(1), item(2, contact_id="?", sender_id="?"), item(3, "opt-out")]
    workspace.submit(workspace.write(items), "--skip-invalid", code=1)
    assert workspace.stored() == [items[2]["correlation_id"]]


def test_an_opt_out_is_sent_even_if_other_items_of_its_contact_are_invalid(
    workspace: Workspace,
) -> None:
    items = [item(1), item(1, "optout"), item(1, "opt-out"), item(1), item(2)]
    path = workspace.write(items)
    workspace.submit(path, "--skip-invalid", code=1)
    assert workspace.stored() == [items[2]["correlation_id"], items[4]["correlation_id"]]
    skipped = [json.loads(line) for line in Path(f"{path}.skipped").read_text().splitlines()]
    # What the opt-out supersedes must not be sent after it.
    marks = [fields.get("consentlint_superseded_by") for fields in skipped]
    assert marks == [items[2]["correlation_id"], items[2]["correlation_id"], None]


@pytest.mark.parametrize("older", ["opt-in", "opt-out"])
def test_an_opt_out_is_sent_even_if_it_is_out_of_order(workspace: Workspace, older: str) -> None:
    newer = "opt-out" if older == "opt-in" else "opt-in"
    items = [item(1, newer), item(1, older, date_of_consent="2024-01-01T00:00:00Z")]
    workspace.submit(workspace.write(items), "--skip-invalid", code=1)
    assert [upsert.fields["status"] for upsert in workspace.stub.upserts] == ["opt-out"]


def test_an_invalid_contact_does_not_hold_back_consents(workspace: Workspace) -> None:
    invalid = {**contact(1), "zip_code": "x", "contact_id": "?"}
    files = workspace.write([item(1)], "a.jsonl"), workspace.write([invalid, contact(2)], "b.jsonl")
    workspace.submit(*files, "--skip-invalid", code=1)
    assert [upsert.endpoint for upsert in workspace.stub.upserts] == [CONSENTS]


def test_a_dry_run_needs_no_credentials_and_sends_nothing(workspace: Workspace) -> None:
    path = workspace.write([item(number) for number in range(30)])
    result = workspace.submit(path, "--dry-run", TWILIO_AUTH_TOKEN=None, TWILIO_ACCOUNT_SID=None)
    assert (
        "Would send 30 items (30 opt-ins, 0 opt-outs) in 2 requests (at 100 requests a minute, less"
        " than a minute)."
    ) in result.stdout
    assert "This is the first of 2 requests, with 25 items:" in result.stdout
    assert result.stdout.count("Items={") == 25
    assert "+1415•••••00" in result.stdout
    assert "4155550000" not in result.output
    assert not workspace.stub.received
    assert [path.name for path in workspace.folder.iterdir()] == ["in.jsonl"]


def test_a_dry_run_shows_when_a_long_run_ends(workspace: Workspace) -> None:
    path = workspace.write([item(number) for number in range(101)])
    lines = workspace.submit(path, "--dry-run", "--rate", 1).stdout.splitlines()
    at = lines.index("This is the first of 5 requests, with 25 items:")
    assert lines[at - 1].startswith("If it starts now, it ends at 2")
    assert lines[at - 1].endswith(" UTC at the earliest.")


def test_a_finished_run_is_repeated_only_with_resend_all(workspace: Workspace) -> None:
    path = workspace.write([item(1), item(2)])
    workspace.submit(path)
    second = workspace.submit(path)
    assert "Nothing left to send." in second.stderr
    assert len(workspace.stub.received) == 1
    result = workspace.submit(path, "--resend-all")
    assert "all items are sent, even if they were stored before" in result.stderr
    assert "undoes a later STOP" in result.stderr
    assert len(workspace.stub.received) == 2


def test_resend_all_does_not_repeat_a_pass_whose_report_was_not_seen(workspace: Workspace) -> None:
    path = workspace.write([item(1)])
    workspace.submit(path)
    workspace.submit(path, "--resend-all")
    journal = sqlite3.connect(f"{path}.submit-journal")
    journal.execute("UPDATE run SET finished_at = NULL")
    journal.commit()
    journal.close()
    workspace.submit(path, "--resend-all")
    assert len(workspace.stub.received) == 2
    workspace.submit(path, "--resend-all")
    assert len(workspace.stub.received) == 3


def test_an_older_item_is_not_sent_after_a_newer_one(workspace: Workspace) -> None:
    """Whatever caused the state of the journal."""
    path = workspace.write([item(1), item(2), item(1, "opt-out")])
    workspace.submit(path)
    journal = sqlite3.connect(f"{path}.submit-journal")
    journal.execute(
        "UPDATE items SET outcome = 'not-sent', attempts = 0, tries = 0, unknown_attempts = 0"
        " WHERE number = 0"
    )
    journal.commit()
    journal.close()
    assert (
        "a later item of the same contact and sender was" in workspace.submit(path, code=2).stderr
    )
    assert len(workspace.stub.received) == 2


@POSIX
def test_it_continues_if_standard_error_is_closed(workspace: Workspace) -> None:
    path = workspace.write([item(number) for number in range(100)])
    workspace.stub.fail(stubs.Delay(0.2), every=1)
    process = workspace.start(path)
    assert process.stderr
    assert process.stderr.readline().startswith("Sending 100 items")
    process.stderr.close()
    process.stderr = None
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(workspace.stub.upserts) == 100


@POSIX
def test_it_works_without_a_standard_error(workspace: Workspace) -> None:
    path = workspace.write([item(number) for number in range(100)])
    command = f'"{sys.executable}" -m consentlint submit "{path}" 2>&-'
    environment = {**os.environ, **workspace.environment}
    result = subprocess.run(command, shell=True, env=environment, check=False)
    assert result.returncode == 0
    assert len(workspace.stub.upserts) == 100


def test_next_month_the_journal_of_the_finished_run_is_archived(workspace: Workspace) -> None:
    items = [item(number) for number in range(3)]
    path = workspace.write(items[:1])
    workspace.submit(path)
    for number in (1, 2):
        workspace.write(items[number : number + 1])
        result = workspace.submit(path)
        assert result.stderr.count("Archived the journal of the previous, finished run as ") == 1
    archives = sorted(file.name for file in workspace.folder.glob("*.submit-journal*"))
    today = f"{path.name}.submit-journal.{datetime.now().astimezone():%Y-%m-%d}"
    assert archives == [f"{path.name}.submit-journal", today, f"{today}_2"]
    assert workspace.stored() == [fields["correlation_id"] for fields in items]


@pytest.mark.parametrize("reason", ["not confirmed", "wrong account"])
def test_if_nothing_is_sent_the_journal_of_the_finished_run_stays(
    workspace: Workspace, reason: str
) -> None:
    path = workspace.write([item(1)])
    remote = ("--base-url", "https://api.invalid") if reason == "not confirmed" else ()
    workspace.submit(path)
    journal = Path(f"{path}.submit-journal")
    before = journal.read_bytes()
    workspace.write([item(2)])
    account = "AC0" if remote else "AC1"
    result = workspace.submit(path, *remote, code=2, TWILIO_ACCOUNT_SID=account)
    assert "Archived" not in result.stderr
    assert journal.read_bytes() == before
    assert list(workspace.folder.glob("*.submit-journal*")) == [journal]


def test_a_file_that_comes_back_is_not_sent_again(workspace: Workspace) -> None:
    old, new = item(1), item(2)
    path = workspace.write([old])
    workspace.submit(path)
    workspace.write([new])
    workspace.submit(path)
    workspace.write([old])
    result = workspace.submit(path)
    assert "These files have a journal already: " in result.stderr
    assert "Nothing left to send." in result.stderr
    assert len(workspace.stub.received) == 2


@pytest.mark.parametrize("how", ["symbolic link", "hard link", "other name"])
def test_a_journal_is_found_by_the_file_and_not_by_its_name(workspace: Workspace, how: str) -> None:
    path = workspace.write([item(1)])
    workspace.submit(path)
    other = workspace.folder / "other.jsonl"
    if how == "symbolic link":
        other = workspace.folder / "elsewhere" / "other.jsonl"
        other.parent.mkdir()
        other.symlink_to(path)
    elif how == "hard link":
        os.link(path, other)
    else:
        path.rename(other)
    assert "Nothing left to send." in workspace.submit(other).stderr
    assert len(workspace.stub.received) == 1


def interrupted(workspace: Workspace) -> Path:
    """Submit three items, of which the second fails."""
    path = workspace.write([item(number) for number in range(3)])
    workspace.stub.fail(stubs.InternalServerError((1,)), requests=2)
    workspace.submit(path, "--max-attempts", 1, code=1)
    workspace.stub.stop_failing()
    return path


def test_a_changed_input_of_an_unfinished_run_is_an_error_that_shows_the_choices(
    workspace: Workspace,
) -> None:
    path = interrupted(workspace)
    workspace.write([item(4)])
    result = workspace.submit(path, code=2)
    assert "belongs to an unfinished run with other input" in result.stderr
    assert "restore the former input" in result.stderr
    assert "pass another --journal" in result.stderr
    assert len(workspace.stub.received) == 1
    workspace.submit(path, "--journal", "new.submit-journal")
    assert len(workspace.stub.received) == 2


def test_another_account_cannot_finish_a_run(workspace: Workspace) -> None:
    path = interrupted(workspace)
    result = workspace.submit(path, code=2, TWILIO_ACCOUNT_SID="AC1")
    assert "unfinished run with another account: AC0, not AC1" in result.stderr


@pytest.mark.parametrize("wrong", ["account", "not enabled"])
def test_after_a_wrong_account_the_corrected_command_runs(workspace: Workspace, wrong: str) -> None:
    path = workspace.write([item(number) for number in range(20)])
    if wrong == "not enabled":
        workspace.server.stub = Stub(enabled=False)
    result = workspace.submit(path, code=2, TWILIO_ACCOUNT_SID="AC1")
    assert "Stopped: HTTP 40" in result.stderr
    assert "20 items: 20 not stored (the API did not process the request)." in result.stderr
    assert "sent" not in result.stderr.partition("20 items: ")[2].partition("\n")[0]
    assert not list(workspace.folder.glob("*journal*"))
    workspace.server.stub = workspace.stub
    workspace.submit(path)
    assert len(workspace.stub.upserts) == 20


@pytest.mark.parametrize("name", ["in.jsonl", "in.json", "in.csv", "in.form"])
def test_rejects_are_written_in_the_input_format(workspace: Workspace, name: str) -> None:
    items = [item(number, note="a;b, c") for number in range(1, 6)]
    # --skip-lint sends these two, and the API rejects them.
    items[1]["status"] = items[3]["status"] = "unknown"
    path = workspace.folder / name
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, list(items[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(items)
    from consentlint import wire

    texts = {
        "in.json": json.dumps({"Items": items}, indent=1),
        "in.csv": table.getvalue(),
        "in.form": wire.encode_request(items).decode(),
        "in.jsonl": "".join(json.dumps(fields) + "\n" for fields in items),
    }
    path.write_bytes(texts[name].encode())
    result = workspace.submit(path, "--skip-lint", "--rejects", "rejects", code=1)
    assert "2 x INVALID_STATUS" in result.stderr
    rejects = workspace.folder / "rejects"
    assert rejects.stat().st_mode & 0o777 == 0o600
    corrected = workspace.folder / f"corrected{path.suffix}"
    corrected.write_bytes(rejects.read_bytes().replace(b"unknown", b"opt-out"))
    if name == "in.csv":
        lines = texts[name].splitlines(keepends=True)
        assert rejects.read_bytes().decode() == lines[0] + lines[2] + lines[4]
    workspace.submit(corrected)
    expected = [fields["correlation_id"] for fields in (*items[::2], items[1], items[3])]
    assert workspace.stored() == expected


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
def test_a_superseded_reject_is_marked_and_not_sent_again(workspace: Workspace, name: str) -> None:
    items = [item(1, "unknown"), item(2, "unknown"), item(1, "opt-in")]
    path = workspace.write(items, name)
    if name == "in.csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(items[0]))
            writer.writeheader()
            writer.writerows(items)
    rejects = workspace.folder / f"rejects{path.suffix}"
    result = workspace.submit(path, "--skip-lint", "--rejects", rejects, code=1)
    assert "1 marked as superseded" in result.stderr
    corrected = workspace.folder / f"corrected{path.suffix}"
    corrected.write_bytes(rejects.read_bytes().replace(b"unknown", b"opt-out"))
    assert items[2]["correlation_id"] in corrected.read_text()
    assert CliRunner().invoke(main, ["check", str(corrected)]).exit_code == 0
    result = workspace.submit(corrected, "--results", "r.csv", code=1)
    assert workspace.stored() == [items[2]["correlation_id"], items[1]["correlation_id"]]
    assert [row["outcome"] for row in csv.DictReader(Path("r.csv").read_text().splitlines())] == [
        "superseded",
        "stored",
    ]
    assert workspace.stub.status("+14155550001", SENDER) == "opt-in"


def test_results_have_a_masked_row_for_every_item(workspace: Workspace) -> None:
    path = workspace.write([item(1), item(2, "unknown")])
    workspace.submit(path, "--skip-lint", code=1)
    # A second run sends nothing, and reports the first.
    for suffix in (".jsonl", ".csv"):
        workspace.submit(path, "--skip-lint", "--results", f"r{suffix}", code=1)
    lines = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [(row["line"], row["outcome"], row["reasons"]) for row in lines] == [
        (1, "stored", []),
        (2, "rejected", ["INVALID_STATUS"]),
    ]
    rows = list(csv.DictReader(Path("r.csv").read_text().splitlines()))
    assert [row["contact_id"] for row in rows] == ["+1415•••••01", "+1415•••••02"]
    workspace.submit(path, "--skip-lint", "--results", "r.csv", "--show-values", code=1)
    assert "+14155550001" in Path("r.csv").read_text()


def test_opt_outs_that_are_not_stored_are_reported(workspace: Workspace) -> None:
    workspace.stub._clock = lambda: datetime(2025, 6, 1, tzinfo=UTC)
    later = {"date_of_consent": "2025-06-01T12:00:00Z"}
    items = [item(1, **later), item(2, "opt-out", **later), item(3, "opt-out", **later)]
    items.append(item(3, "opt-out", date_of_consent="2025-01-01T00:00:00Z"))
    result = workspace.submit(workspace.write(items), "--skip-lint", code=1)
    assert "1 opt-out is not stored yet." in result.stderr


def test_drift_is_counted_and_written_masked(workspace: Workspace) -> None:
    """The clock of the stub is set to a time before one of the dates."""
    workspace.stub._clock = lambda: datetime(2025, 6, 1, tzinfo=UTC)
    path = workspace.write([item(1), item(2, date_of_consent="2025-01-01T00:00:00Z")])
    result = workspace.submit(path, code=1)
    assert "Drift: API and linter disagree about 1 item." in result.stderr
    text = Path(f"{path}.drift").read_text()
    (case,) = json.loads(text)["cases"]
    assert (case["linter"], case["api"]) == ([], ["INVALID_DATE_OF_CONSENT"])
    assert case["item"]["contact_id"] == "+1415•••••01"
    assert "4155550001" not in text


@pytest.mark.parametrize(
    ("stub", "message"),
    [
        (Stub(credentials=("AC0", "other")), "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"),
        (Stub(enabled=False), "may not be enabled for this API"),
    ],
)
def test_a_fatal_error_stops_the_run(workspace: Workspace, stub: Stub, message: str) -> None:
    workspace.server.stub = stub
    result = workspace.submit(workspace.write([item(number) for number in range(500)]), code=2)
    assert message in result.stderr
    assert "Twilio error 20" in result.stderr
    assert "not stored (the API did not process the request)" in result.stderr
    assert "unknown" not in result.stderr
    assert "To resume: consentlint " in result.stderr
    assert len(stub.received) <= 5
    workspace.server.stub = workspace.stub
    workspace.submit(workspace.folder / "in.jsonl")
    assert len(workspace.stub.upserts) == 500


def test_ids_for_support_are_printed_after_the_last_attempt(workspace: Workspace) -> None:
    items = [item(number) for number in range(5)]
    workspace.stub.fail(stubs.InternalServerError(), requests=3)
    result = workspace.submit(workspace.write(items), "--max-attempts", 2, code=1)
    assert "5 failed after the last attempt" in result.stderr
    line = next(line for line in result.stderr.splitlines() if "Twilio Support" in line)
    assert all(fields["correlation_id"] in line for fields in items)
    workspace.submit(workspace.folder / "in.jsonl")
    assert len(workspace.stub.upserts) == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--base-url", "http://example.com"], "use https"),
        (["--journal", "in.jsonl"], "--journal and the input are the same file"),
        (["--results", "r.txt"], "must end in .csv, .jsonl or .parquet"),
        (["--rejects", "nowhere/r"], "Cannot write nowhere/r: its folder does not exist."),
        (["--rejects", "/dev/null"], "Cannot write /dev/null: not a regular file."),
        (["--journal", "/dev/null"], "/dev/null is not a regular file"),
        (["--rejects", "."], "not a regular file"),
        (["--journal", "nowhere/j"], "nowhere/j cannot be written"),
        (["--skip-lint", "--skip-invalid"], "not both"),
        (["--skipped", "x"], "--skipped requires --skip-invalid"),
        (["--rate", "0"], "x>=1"),
        (["-"], "To submit standard input, pass --journal FILE, and no other file."),
        (["missing.jsonl"], "Nothing was sent: a file could not be read"),
        (["/dev/null"], "not a regular file"),
    ],
)
def test_unusable_options_are_reported_before_anything_is_sent(
    workspace: Workspace, options: list[str], message: str
) -> None:
    result = workspace.submit(workspace.write([item()]), *options, code=2)
    assert message in result.stderr
    assert not workspace.stub.received


def test_a_missing_urllib3_is_reported_in_one_line(workspace: Workspace) -> None:
    code = (
        "import sys; sys.modules['urllib3'] = None; from consentlint.__main__ import run;"
        " sys.argv[1:] = ['submit', 'in.jsonl']; run()"
    )
    workspace.write([item()])
    # Python raises ModuleNotFoundError for a module that is None in sys.modules.
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        'Error: urllib3 is not installed. Run "pip install urllib3", or install consentlint with the'
        ' extra "submit".\n'
    )


def test_the_configuration_file_of_check_is_used(workspace: Workspace) -> None:
    (workspace.folder / "consentlint.toml").write_text(
        'strict = true\njobs = 2\nignore = ["status"]\n'
    )
    stderr = workspace.submit(workspace.write([item()]), code=2).stderr
    assert 'unknown rule "status"' in stderr
    (workspace.folder / "consentlint.toml").write_text("strict = true\njobs = 2\n")
    del (fields := item())["date_of_consent"]
    assert (
        ": error date-of-consent-missing"
        in workspace.submit(workspace.write([fields]), code=1).stdout
    )


def test_a_number_that_json_cannot_express_is_reported(workspace: Workspace) -> None:
    path = workspace.folder / "in.jsonl"
    path.write_text(json.dumps(item())[:-1] + ', "note": 1e999}\n')
    assert "in.jsonl:1: this item cannot be sent" in workspace.submit(path, code=2).stderr


@pytest.mark.parametrize("failure", ["garbage", "later", "locked"])
def test_an_unusable_journal_is_reported_in_one_line(workspace: Workspace, failure: str) -> None:
    path = workspace.write([item()])
    journal = Path(f"{path}.submit-journal")
    holder = None
    if failure == "garbage":
        journal.write_text("x" * 5000)
    else:
        workspace.submit(path)
        holder = sqlite3.connect(journal, isolation_level=None)
        holder.execute("PRAGMA user_version = 7" if failure == "later" else "BEGIN EXCLUSIVE")
    before = len(workspace.stub.received)
    result = workspace.submit(path, code=2)
    if holder:
        holder.close()
    assert len([line for line in result.stderr.splitlines() if line]) == 1
    assert str(journal) in result.stderr
    assert len(workspace.stub.received) == before


@POSIX
def test_a_full_disk_stops_the_run_and_nothing_unrecorded_is_sent(workspace: Workspace) -> None:
    path = workspace.write([item(number) for number in range(2000)])
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        " from consentlint.__main__ import run; run()"
    )
    command = [sys.executable, "-c", code, "submit", str(path), "--rate", "100000"]
    environment = {**os.environ, **workspace.environment}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "the disk fails or is full" in result.stderr or "the disk is full" in result.stderr
    assert "Traceback" not in result.stderr
    assert SECRET not in result.stdout + result.stderr
    assert 0 < len(workspace.stub.upserts) < 2000
    recorded = recorded_ids(Path(f"{path}.submit-journal"))
    assert set(workspace.stored()) <= recorded.keys()
    workspace.submit(path, "--rate", 100_000)
    assert {*workspace.stored()} == {fields["correlation_id"] for fields in items_of(path)}


def items_of(path: Path) -> list[Fields]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def recorded_ids(journal: Path) -> dict[str, str | None]:
    """Return the outcome of each item that a journal knows, by its id."""
    database = sqlite3.connect(journal)
    rows = database.execute("SELECT correlation_id, outcome FROM items WHERE attempts > 0")
    found = {name: None if outcome == "unknown" else outcome for name, outcome in rows}
    database.close()
    return found


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("the condition never became true")


@POSIX
def test_an_interrupted_run_waits_for_responses_and_says_how_to_resume(
    workspace: Workspace,
) -> None:
    path = workspace.write([item(number) for number in range(1000)])
    workspace.stub.fail(stubs.Delay(0.3), every=1)
    process = workspace.start(path, "--rate", 100_000)
    wait_for(lambda: len(workspace.stub.upserts) > 100)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, (stdout, stderr)
    assert SECRET not in stdout + stderr
    assert "All pending responses were recorded." in stderr
    assert "Press Ctrl-C again to quit immediately." in stderr
    assert f"To resume: consentlint submit {path}" in stderr
    outcomes = recorded_ids(Path(f"{path}.submit-journal"))
    assert set(outcomes.values()) == {"stored"}
    assert sorted(outcomes) == sorted(workspace.stored())


@POSIX
def test_a_second_interrupt_quits_immediately(workspace: Workspace) -> None:
    path = workspace.write([item(number) for number in range(10)])
    workspace.stub.fail(stubs.Delay(600))
    process = workspace.start(path)
    wait_for(lambda: bool(workspace.stub.upserts))
    process.send_signal(signal.SIGINT)
    while process.poll() is None:
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "To resume: " in stderr
    assert "Traceback" not in stderr
    assert set(recorded_ids(Path(f"{path}.submit-journal")).values()) == {None}


@POSIX
def test_a_second_run_cannot_use_the_journal_of_the_first(workspace: Workspace) -> None:
    path = workspace.write([item(1)])
    workspace.stub.fail(stubs.Delay(600))
    process = workspace.start(path)
    wait_for(lambda: bool(workspace.stub.upserts))
    assert "in use by another run" in workspace.submit(path, code=2).stderr
    process.kill()
    process.communicate()
    assert "1 item with unknown result, sent again" in workspace.submit(path).stderr
    assert len(workspace.stub.received) == 2


@POSIX
def test_a_killed_run_resumes_and_does_not_repeat_items_with_a_recorded_response(
    workspace: Workspace,
) -> None:
    """Four kills here; benchmarks/kill_submit.py has hundreds."""
    chance = random.Random(11)
    items = []
    for number in range(900):
        fields = item(chance.randrange(300), chance.choice(("opt-in", "opt-out")))
        fields["date_of_consent"] = f"2025-01-01T{number // 60:02}:{number % 60:02}:00Z"
        items.append(fields)
    path = workspace.write(items)
    journal = Path(f"{path}.submit-journal")
    workspace.stub.fail(stubs.Delay(0.05), every=1)
    for _ in range(4):
        process = workspace.start(path, "--rate", 100_000)
        before = len(workspace.stub.upserts)
        wait_for(lambda before=before: len(workspace.stub.upserts) > before)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.communicate()
        finished = {name for name, outcome in recorded_ids(journal).items() if outcome}
        seen = len(workspace.stub.received)
        assert finished < {fields["correlation_id"] for fields in items}
        process = workspace.start(path, "--rate", 100_000)
        wait_for(lambda seen=seen: len(workspace.stub.received) > seen + 2)
        process.kill()
        process.communicate()
        later = [
            fields["correlation_id"]
            for request in workspace.stub.received[seen:]
            for fields in request.items
        ]
        assert not finished.intersection(map(str, later))
    workspace.submit(path, "--rate", 100_000)
    for contact in {fields["contact_id"] for fields in items}:
        expected = [g["correlation_id"] for g in items if g["contact_id"] == contact]
        stored = [str(u.fields["correlation_id"]) for u in workspace.stub.history(contact)]
        kept = [name for at, name in enumerate(stored) if stored[at - 1 : at] != [name]]
        assert kept == expected


def test_a_fifth_of_the_requests_may_fail_over_real_sockets(workspace: Workspace) -> None:
    """The faults that need a socket. The tests in simulated time have faults of all kinds."""
    items = [item(number) for number in range(2000)]
    for number, fault in enumerate((stubs.CutBeforeUpsert(), stubs.CutAfterUpsert())):
        workspace.stub.fail(fault, every=10 + number)
    workspace.stub.fail(stubs.TruncatedBody(), every=17)
    workspace.submit(workspace.write(items), "--rate", 100_000)
    assert {*workspace.stored()} == {fields["correlation_id"] for fields in items}


@POSIX
def test_sigterm_works_like_an_interrupt(workspace: Workspace) -> None:
    path = workspace.write([item(number) for number in range(1000)])
    workspace.stub.fail(stubs.Delay(0.3), every=1)
    process = workspace.start(path, "--rate", 100_000)
    wait_for(lambda: len(workspace.stub.upserts) > 100)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.search(r"Waiting for [1-5] responses?\. Press Ctrl-C again to quit", stderr)
    assert "All pending responses were recorded." in stderr
    outcomes = recorded_ids(Path(f"{path}.submit-journal"))
    assert sorted(outcomes) == sorted(workspace.stored())


@POSIX
@pytest.mark.parametrize("loss", ["removed", "replaced"])
def test_after_the_journal_is_lost_nothing_more_is_sent_and_what_it_recorded_is_used(
    workspace: Workspace, loss: str
) -> None:
    path = workspace.write([item(number) for number in range(1000)])
    journal = Path(f"{path}.submit-journal")
    workspace.stub.fail(stubs.Delay(0.2), every=1)
    process = workspace.start(path, "--rate", 100_000)
    wait_for(lambda: len(workspace.stub.upserts) > 100)
    if loss == "replaced":
        journal.with_suffix(".other").write_text("other")
        journal.with_suffix(".other").replace(journal)
    else:
        journal.unlink()
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "To resume" not in stderr
    assert "resume with" not in stderr
    assert ".rescued, which the same command finds." in stderr
    stored = workspace.stored()
    if loss == "replaced":
        # Whatever is in its place now, nothing is sent without a word.
        assert "the only record of what was sent" in workspace.submit(path, code=2).stderr
        journal.unlink()
    workspace.stub.stop_failing()
    workspace.submit(path, "--rate", 100_000)
    assert workspace.stored()[: len(stored)] == stored
    assert len(workspace.stored()) == len({*workspace.stored()}) == 1000


def test_an_empty_journal_does_not_count_as_a_new_one(workspace: Workspace) -> None:
    path = workspace.write([item(1)])
    workspace.submit(path)
    Path(f"{path}.submit-journal").write_bytes(b"")
    assert "is empty, or was cut" in workspace.submit(path, code=2).stderr
    assert len(workspace.stub.received) == 1


@POSIX
def test_an_input_that_is_overwritten_during_a_run_stops_it_with_advice_that_works(
    workspace: Workspace,
) -> None:
    items = [item(number) for number in range(1000)]
    path = workspace.write(items)
    workspace.stub.fail(stubs.Delay(0.2), every=1)
    process = workspace.start(path, "--rate", 100_000)
    wait_for(lambda: len(workspace.stub.upserts) > 100)
    workspace.write(items[:500])
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "changed during the run" in stderr
    assert "restore it to resume" in stderr
    workspace.write(items)
    workspace.stub.stop_failing()
    workspace.submit(path, "--rate", 100_000)
    assert len(workspace.stored()) == len({*workspace.stored()}) == 1000


def test_an_input_that_is_overwritten_after_the_last_request_does_not_block_the_next_one(
    workspace: Workspace,
) -> None:
    path = workspace.write([item(1)])
    workspace.server.stub = Stub(
        limit=None,
        credentials=("AC0", SECRET),
        on_request=lambda seen: workspace.write([item(2), item(3)]),
    )
    result = workspace.submit(path, "--results", "r.csv", code=2)
    assert "1 item: 1 stored." in result.stderr
    assert "restore it to resume, or to write the output files" in result.stderr
    workspace.server.stub = workspace.stub
    assert "Archived the journal" in workspace.submit(path).stderr
    assert len(workspace.stored()) == 2


@POSIX
def test_a_second_run_of_the_same_file_under_another_name_is_an_error(workspace: Workspace) -> None:
    path = workspace.write([item(1)])
    os.link(path, other := workspace.folder / "other.jsonl")
    workspace.stub.fail(stubs.Delay(600))
    process = workspace.start(path)
    wait_for(lambda: bool(workspace.stub.upserts))
    assert "in use by another run" in workspace.submit(other, code=2).stderr
    process.kill()
    process.communicate()
    assert len(workspace.stub.received) == 1


def test_results_hold_what_no_file_can_express(workspace: Workspace) -> None:
    path = workspace.write([item(1, "opt-in\ud800")])
    for suffix in ("csv", "jsonl"):
        workspace.submit(path, "--skip-lint", "--results", f"r.{suffix}", code=1)
        assert "opt-in" in Path(f"r.{suffix}").read_text()


def test_why_nothing_can_be_reached_is_shown_and_no_item_is_called_sent(
    workspace: Workspace,
) -> None:
    path = workspace.write([item(number) for number in range(30)])
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    result = workspace.submit(path, "--max-attempts", 2, "--base-url", url, code=1)
    assert re.search(r"A request failed: no connection\. Next attempt at \d\d:", result.stderr)
    assert "30 items: 30 failed after the last attempt." in result.stderr
    assert not list(workspace.folder.glob("*journal*"))


def test_the_real_api_needs_a_confirmation(workspace: Workspace) -> None:
    path = workspace.write([item(1)])
    result = workspace.submit(path, "--base-url", "https://api.invalid", code=2)
    assert "Pass --yes to send without a confirmation." in result.stderr
    assert not list(workspace.folder.glob("*journal*"))
    arguments = (path, "--base-url", "https://api.invalid", "--yes", "--max-attempts", 1)
    assert "host not found" in workspace.submit(*arguments, code=1).stderr


@POSIX
@pytest.mark.parametrize("answer", ["n", "y"])
def test_on_a_terminal_a_confirmation_shows_what_is_sent(workspace: Workspace, answer: str) -> None:
    items = [item(number, "opt-out" if number % 3 else "opt-in") for number in range(30)]
    path = workspace.write(items)
    master, terminal = os.openpty()
    arguments = ("--base-url", "https://api.invalid", "--max-attempts", 1)
    process = workspace.start(path, *arguments, stdin=terminal)
    os.write(master, f"{answer}\n".encode())
    _, stderr = process.communicate(timeout=60)
    os.close(master)
    os.close(terminal)
    assert (
        "Send 30 items (10 opt-ins, 20 opt-outs) in 2 requests to https://api.invalid for the"
        " account AC0 (at 100 requests a minute, less than a minute)? [y/N]"
    ) in stderr
    assert ("host not found" in stderr) == (answer == "y")
    assert ("Nothing was sent." in stderr) == (answer == "n")
    assert process.returncode == (1 if answer == "y" else 130)


def test_standard_input_is_copied_so_that_a_resumed_run_can_read_it_again(
    workspace: Workspace,
) -> None:
    text = "".join(json.dumps(item(number)) + "\n" for number in range(3))
    workspace.stub.fail(stubs.InternalServerError((1,)), requests=2)
    arguments = ("-", "--journal", "run.journal", "--max-attempts", 1)
    workspace.submit(*arguments, code=1, stdin=text)
    copy = Path("run.journal.input")
    assert copy.stat().st_mode & 0o777 == 0o600
    result = workspace.submit(*arguments, code=2, stdin=json.dumps(item(4)))
    assert "holds the input of a run that has not finished" in result.stderr
    assert copy.read_text() == text
    workspace.stub.stop_failing()
    workspace.submit(*arguments, stdin=text)
    assert not copy.exists()
    assert len(workspace.stored()) == 3
    workspace.submit(*arguments, stdin=json.dumps(item(4)))
    assert len(workspace.stored()) == 4


def test_results_may_be_a_parquet_file(workspace: Workspace) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    files = (
        workspace.write([item(number) for number in range(30)], "a.jsonl"),
        workspace.write([contact(1)], "b.jsonl"),
    )
    workspace.submit(*files, "--results", "r.parquet")
    rows = parquet.read_table("r.parquet").to_pylist()
    assert [row["outcome"] for row in rows] == ["stored"] * 31
    assert (rows[0]["contact_id"], rows[-1]["status"]) == ("+1415•••••00", None)
    assert rows[0]["reasons"] == []


def test_a_missing_pyarrow_is_reported_before_anything_is_sent(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    path = workspace.write([item(1)])
    result = workspace.submit(path, "--results", "r.parquet", code=2)
    assert "pyarrow is not installed" in result.stderr
    assert not workspace.stub.received


def test_a_phone_number_in_a_file_name_is_masked(workspace: Workspace) -> None:
    path = workspace.write([item(1)], "export-14155550001.jsonl")
    workspace.stub.fail(stubs.InternalServerError(), requests=1)
    results = [
        workspace.submit(path, "--max-attempts", 1, "--results", "r.csv", code=1),
        workspace.submit(path, "--results", "r.csv"),
        workspace.submit(path),
    ]
    assert all("4155550001" not in result.stderr for result in results)
    assert "4155550001" not in Path("r.csv").read_text()


def test_quiet_shows_nothing_if_everything_is_stored(workspace: Workspace) -> None:
    path = workspace.write([item(1)])
    assert workspace.submit(path, "-q").output == ""


def test_the_secret_is_not_shown_if_the_api_echoes_it(workspace: Workspace) -> None:
    """`Workspace.submit` searches the output for it."""
    body = json.dumps({"code": 20003, "message": f"Authenticate: {SECRET}", "status": 401})
    echo = stubs.Response(401, {}, body.encode())
    workspace.stub.handle = lambda request: echo  # type: ignore[method-assign]
    assert "Authenticate: •••" in workspace.submit(workspace.write([item()]), code=2).stderr


@pytest.mark.parametrize("name", ["book.xlsx", "items.parquet"])
def test_the_rows_of_a_table_are_sent(workspace: Workspace, name: str) -> None:
    items = [item(number) for number in range(30)]
    items[7]["status"] = "Opt In"
    path = workspace.folder / name
    rows = [[*items[0]], *(list(each.values()) for each in items)]
    {"book.xlsx": write_xlsx, "items.parquet": write_parquet}[name](path, rows)
    cell = "Sheet1!D9" if name == "book.xlsx" else "row 8"

    result = workspace.submit(path, code=1)
    assert f"{name}: {cell}: error INVALID_STATUS" in result.output
    assert not workspace.stub.received
    workspace.submit(path, "--skip-invalid", code=1)

    sent = [dict(found) for request in workspace.stub.received for found in request.items]
    assert sorted(sent, key=str) == sorted([*items[:7], *items[8:]], key=str)
