"""`consentlint submit`, against the stub over real sockets."""

import csv
import io
import json
import os
import random
import signal
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

from consentlint import CONTACTS
from consentlint import stub as stubs
from consentlint.cli import main
from consentlint.stub import Stub
from consentlint.stub.server import StubServer

SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
SECRET = "sesame-2f7c"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")

Fields = dict[str, Any]


class Place:
    """A folder with a stub beside it, and what `submit` says there."""

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

    def submit(self, *arguments: object, code: int = 0, **environment: str | None) -> Result:
        result = CliRunner().invoke(
            main,
            ["submit", *map(str, arguments)],
            env={**self.environment, **environment},
            prog_name="consentlint",
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        assert SECRET not in result.output
        return result

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "consentlint", "submit", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.environment},
        )

    def stored(self) -> list[str]:
        return [str(upsert.fields["correlation_id"]) for upsert in self.stub.upserts]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    for name in ("TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    stub = Stub(limit=None, credentials=("AC0", SECRET))
    with StubServer(stub) as server:
        found = Place(tmp_path, server, stub)
        yield found
        # Whatever was written, by whatever test.
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


def test_every_item_is_stored_as_the_file_says(place: Place) -> None:
    items = [item(number) for number in range(60)]
    result = place.submit(place.write(items))
    assert sorted(place.stored()) == sorted(given["correlation_id"] for given in items)
    # They are on their way at once.
    assert sorted(len(seen.items) for seen in place.stub.received) == [10, 25, 25]
    assert "60 items: 60 stored.\n" in result.stderr
    assert "If this is stopped, the same command goes on" in result.stderr


def test_contacts_go_to_their_endpoint_by_the_same_code(place: Place) -> None:
    rows = [
        {
            "contact_id": f"+1415555{number:04}",
            "correlation_id": uuid4().hex,
            "country_iso_code": "US",
            "zip_code": "94103",
        }
        for number in range(30)
    ]
    place.submit(place.write(rows))
    assert {upsert.endpoint for upsert in place.stub.upserts} == {CONTACTS}
    assert len(place.stub.upserts) == 30


def test_several_files_are_one_list(place: Place) -> None:
    old = item(1, "opt-in", date_of_consent="2024-01-01T00:00:00Z")
    new = item(1, "opt-out")
    first, second = place.write([new], "a.jsonl"), place.write([old], "b.jsonl")
    result = place.submit(first, second, code=1)
    assert "consent-out-of-order" in result.stdout
    assert "line 1 of" in result.stdout
    assert not place.stub.received
    place.submit(second, first)
    assert place.stub.status("+14155550001", SENDER) == "opt-out"


def test_consents_and_contacts_are_not_mixed(place: Place) -> None:
    contact = {"contact_id": "+14155550001", "country_iso_code": "US", "zip_code": "94103"}
    files = place.write([item()], "a.jsonl"), place.write([contact], "b.jsonl")
    assert "one after the other" in place.submit(*files, code=2).stderr


def test_with_an_error_nothing_is_sent(place: Place) -> None:
    result = place.submit(place.write([item(), item(2, "Opt In")]), code=1)
    assert "invalid-status" in result.stdout
    assert "Nothing was sent: there are errors" in result.stderr
    assert not place.stub.received
    assert not list(place.folder.glob("*journal"))


def test_with_strict_a_placeholder_is_an_error(place: Place) -> None:
    example = item(sender_id="MG" + "0" * 31 + "1")
    assert "placeholder" in place.submit(place.write([example]), "--strict", code=1).stdout


def test_what_cannot_be_read_sends_nothing(place: Place) -> None:
    path = place.write([item()])
    path.write_text(path.read_text() + '{"contact_id": \n')
    for option in ("--skip-invalid", "--skip-lint"):
        assert "Nothing was sent" in place.submit(path, option, code=2).stderr
    assert not place.stub.received


def test_an_invalid_item_holds_back_all_of_its_contact_and_sender(place: Place) -> None:
    items = [
        item(1, "opt-in"),
        item(2, "opt-in"),
        item(1, "opt-in", sender_id="+12025550123"),
        item(1, "optout", contact_id="+1 (415) 555-0001"),
    ]
    path = place.write(items)
    result = place.submit(path, "--skip-invalid", "--results", "r.jsonl", code=1)
    assert sorted(place.stored()) == sorted(
        [items[1]["correlation_id"], items[2]["correlation_id"]]
    )
    left = Path(f"{path}.left-out")
    assert left.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line) for line in left.read_text().splitlines()] == [items[0], items[3]]
    lines = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [line["outcome"] for line in lines] == ["held-back", "stored", "stored", "left-out"]
    assert "1 invalid item is left out, and 1 good one held back with it." in result.stderr


@pytest.mark.parametrize(
    ("fields", "stored"),
    [
        # Without a sender that can be read, it is about all of its contact.
        ({"contact_id": "+14155550001", "sender_id": "MG1"}, {2, 3}),
        # Without a contact that can be read, about all of its sender.
        ({"contact_id": "+1", "sender_id": "+12025550123"}, {0, 2}),
        ({"contact_id": "+14155550001", "sender_id": SENDER.upper()[:-1]}, {2, 3}),
    ],
)
def test_what_cannot_be_read_holds_back_more(
    place: Place, fields: Fields, stored: set[int]
) -> None:
    other = {"sender_id": "+12025550123"}
    items = [item(1), item(1, **other), item(2), item(3, **other), item(9, **fields)]
    place.submit(place.write(items), "--skip-invalid", code=1)
    assert {n for n in range(5) if items[n]["correlation_id"] in place.stored()} == stored


def test_an_invalid_item_of_nobody_holds_back_everything(place: Place) -> None:
    path = place.write([item(1), item(2, contact_id="?", sender_id="?")])
    assert "opt-out of anybody" in place.submit(path, "--skip-invalid", code=2).stderr
    assert not place.stub.received


def test_a_dry_run_needs_no_credentials_and_sends_nothing(place: Place) -> None:
    path = place.write([item(number) for number in range(30)])
    result = place.submit(path, "--dry-run", TWILIO_AUTH_TOKEN=None, TWILIO_ACCOUNT_SID=None)
    assert "30 items in 2 requests" in result.stdout
    assert result.stdout.count("Items={") == 25
    assert "+1415•••••00" in result.stdout
    assert "4155550000" not in result.output
    assert not place.stub.received
    assert [path.name for path in place.folder.iterdir()] == ["in.jsonl"]


def test_a_done_run_is_not_repeated_but_by_again(place: Place) -> None:
    path = place.write([item(1), item(2)])
    place.submit(path)
    again = place.submit(path)
    assert "Nothing is left to be sent" in again.stderr
    assert len(place.stub.received) == 1
    result = place.submit(path, "--again")
    assert "2 stored items will be sent once more" in result.stderr
    assert "undoes a STOP" in result.stderr
    assert len(place.stub.received) == 2


def test_again_does_not_repeat_what_has_only_not_been_seen_to_end(place: Place) -> None:
    path = place.write([item(1)])
    place.submit(path)
    place.submit(path, "--again")
    journal = sqlite3.connect(f"{path}.submit-journal")
    journal.execute("UPDATE run SET is_closed = 0")
    journal.commit()
    journal.close()
    place.submit(path, "--again")
    assert len(place.stub.received) == 2
    place.submit(path, "--again")
    assert len(place.stub.received) == 3


def test_what_is_older_is_not_sent_after_what_is_newer(place: Place) -> None:
    """Whatever made the journal say so."""
    path = place.write([item(1), item(2), item(1, "opt-out")])
    place.submit(path)
    journal = sqlite3.connect(f"{path}.submit-journal")
    journal.execute("DELETE FROM items WHERE number = 0")
    journal.commit()
    journal.close()
    assert "a later one of the same contact and sender was" in place.submit(path, code=2).stderr
    assert len(place.stub.received) == 2


@POSIX
def test_it_goes_on_where_nobody_listens(place: Place) -> None:
    path = place.write([item(number) for number in range(100)])
    place.stub.fail(stubs.Delay(0.2), every=1)
    process = place.start(path)
    assert process.stderr
    assert process.stderr.readline().startswith("Sending 100 items")
    process.stderr.close()
    process.stderr = None
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(place.stub.upserts) == 100


def test_a_changed_input_is_refused(place: Place) -> None:
    items = [item(1), item(2)]
    path = place.write(items)
    place.submit(path)
    place.write([items[1], items[0]])
    result = place.submit(path, code=2)
    assert "another input" in result.stderr
    assert len(place.stub.received) == 1


@pytest.mark.parametrize("name", ["in.jsonl", "in.json", "in.csv", "in.form"])
def test_rejects_are_in_the_format_of_the_input(place: Place, name: str) -> None:
    items = [item(number, note="a;b, c") for number in range(1, 6)]
    # The API knows of rules that the linter does not.
    items[1]["status"] = items[3]["status"] = "unknown"
    path = place.folder / name
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, list(items[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(items)
    from consentlint import wire

    texts = {
        "in.json": json.dumps({"Items": items}, indent=1),
        "in.csv": table.getvalue(),
        "in.form": wire.encode_request(items).decode(),
        "in.jsonl": "".join(json.dumps(given) + "\n" for given in items),
    }
    path.write_bytes(texts[name].encode())
    result = place.submit(path, "--skip-lint", "--rejects", "rejects", code=1)
    assert "2 x INVALID_STATUS" in result.stderr
    rejects = place.folder / "rejects"
    assert rejects.stat().st_mode & 0o777 == 0o600
    mended = place.folder / f"mended{path.suffix}"
    mended.write_bytes(rejects.read_bytes().replace(b"unknown", b"opt-out"))
    if name == "in.csv":
        lines = texts[name].splitlines(keepends=True)
        assert rejects.read_bytes().decode() == lines[0] + lines[2] + lines[4]
    place.submit(mended)
    expected = [given["correlation_id"] for given in (*items[::2], items[1], items[3])]
    assert place.stored() == expected


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
def test_a_reject_that_was_overtaken_is_marked_and_not_sent_again(place: Place, name: str) -> None:
    items = [item(1, "unknown"), item(2, "unknown"), item(1, "opt-in")]
    path = place.write(items, name)
    if name == "in.csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(items[0]))
            writer.writeheader()
            writer.writerows(items)
    rejects = place.folder / f"rejects{path.suffix}"
    result = place.submit(path, "--skip-lint", "--rejects", rejects, code=1)
    assert "1 of them marked" in result.stderr
    mended = place.folder / f"mended{path.suffix}"
    mended.write_bytes(rejects.read_bytes().replace(b"unknown", b"opt-out"))
    assert items[2]["correlation_id"] in mended.read_text()
    assert CliRunner().invoke(main, ["check", str(mended)]).exit_code == 0
    result = place.submit(mended, "--results", "r.csv", code=1)
    assert place.stored() == [items[2]["correlation_id"], items[1]["correlation_id"]]
    assert [row["outcome"] for row in csv.DictReader(Path("r.csv").read_text().splitlines())] == [
        "overtaken",
        "stored",
    ]
    assert place.stub.status("+14155550001", SENDER) == "opt-in"


def test_results_tell_of_all_items_and_mask_them(place: Place) -> None:
    path = place.write([item(1), item(2, "unknown")])
    place.submit(path, "--skip-lint", code=1)
    # A second run, which sends nothing, tells of the first.
    for suffix in (".jsonl", ".csv"):
        place.submit(path, "--skip-lint", "--results", f"r{suffix}", code=1)
    lines = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [(row["line"], row["outcome"], row["reasons"]) for row in lines] == [
        (1, "stored", []),
        (2, "refused", ["INVALID_STATUS"]),
    ]
    rows = list(csv.DictReader(Path("r.csv").read_text().splitlines()))
    assert [row["contact_id"] for row in rows] == ["+1415•••••01", "+1415•••••02"]
    place.submit(path, "--skip-lint", "--results", "r.csv", "--show-values", code=1)
    assert "+14155550001" in Path("r.csv").read_text()


def test_opt_outs_that_are_not_stored_are_told(place: Place) -> None:
    place.stub._clock = lambda: datetime(2025, 6, 1, tzinfo=UTC)
    later = {"date_of_consent": "2025-06-01T12:00:00Z"}
    items = [item(1, **later), item(2, "opt-out", **later), item(3, "opt-out", **later)]
    items.append(item(3, "opt-out", date_of_consent="2025-01-01T00:00:00Z"))
    result = place.submit(place.write(items), "--skip-lint", code=1)
    assert "1 of those that are not stored is an opt-out: until they are" in result.stderr


def test_drift_is_counted_and_written_masked(place: Place) -> None:
    """The stub is asked of a time in the past, in which the dates lie in the future."""
    place.stub._clock = lambda: datetime(2025, 6, 1, tzinfo=UTC)
    path = place.write([item(1), item(2, date_of_consent="2025-01-01T00:00:00Z")])
    result = place.submit(path, code=1)
    assert "Drift: in 1 case the API and the linter disagree" in result.stderr
    text = Path(f"{path}.drift").read_text()
    (case,) = json.loads(text)["cases"]
    assert (case["linter"], case["api"]) == ([], ["INVALID_DATE_OF_CONSENT"])
    assert case["item"]["contact_id"] == "+1415•••••01"
    assert "4155550001" not in text


@pytest.mark.parametrize(
    ("stub", "words"),
    [
        (Stub(credentials=("AC0", "other")), "is TWILIO_AUTH_TOKEN right"),
        (Stub(enabled=False), "may not be enabled for this API"),
    ],
)
def test_the_run_stops_where_it_cannot_go_on(place: Place, stub: Stub, words: str) -> None:
    place.server.stub = stub
    result = place.submit(place.write([item(number) for number in range(500)]), code=2)
    assert words in result.stderr
    assert "Twilio 20" in result.stderr
    assert "To go on: consentlint " in result.stderr
    assert len(stub.received) <= 5
    place.server.stub = place.stub
    place.submit(place.folder / "in.jsonl")
    assert len(place.stub.upserts) == 500


def test_after_the_last_try_ids_for_support_are_printed(place: Place) -> None:
    items = [item(number) for number in range(5)]
    place.stub.fail(stubs.InternalServerError(), requests=3)
    result = place.submit(place.write(items), "--max-attempts", 2, code=1)
    assert "5 given up after the last try" in result.stderr
    said = next(line for line in result.stderr.splitlines() if "support asks" in line)
    assert all(given["correlation_id"] in said for given in items)
    place.submit(place.folder / "in.jsonl")
    assert len(place.stub.upserts) == 5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--base-url", "http://example.com"], "use https"),
        (["--journal", "in.jsonl"], "--journal and the input are one file"),
        (["--results", "r.txt"], "must end in .jsonl or .csv"),
        (["--rejects", "nowhere/r"], "nowhere/r cannot be written"),
        (["--rejects", "/dev/null"], "/dev/null cannot be written: it is no regular file"),
        (["--journal", "/dev/null"], "/dev/null is no regular file"),
        (["--rejects", "."], "it is no regular file"),
        (["--journal", "nowhere/j"], "nowhere/j cannot be written"),
        (["--skip-lint", "--skip-invalid"], "exclude each other"),
        (["--left-out", "x"], "belongs to --skip-invalid"),
        (["--rate", "0"], "x>=1"),
        (["-"], "standard input cannot be submitted"),
        (["missing.jsonl"], "Nothing was sent: the files could not be read"),
        (["/dev/null"], "no regular file"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_sent(
    place: Place, options: list[str], words: str
) -> None:
    result = place.submit(place.write([item()]), *options, code=2)
    assert words in result.stderr
    assert not place.stub.received


def test_without_the_extra_one_line_says_what_to_install(place: Place) -> None:
    code = (
        "import sys; sys.modules['urllib3'] = None; from consentlint.__main__ import run;"
        " sys.argv[1:] = ['submit', 'in.jsonl']; run()"
    )
    place.write([item()])
    # Python raises ModuleNotFoundError, and names the module, for what is None there.
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == 'Error: this needs an extra: pip install "consentlint[submit]"\n'


def test_the_configuration_of_check_is_taken(place: Place) -> None:
    (place.folder / "consentlint.toml").write_text('strict = true\njobs = 2\nignore = ["status"]\n')
    assert "status is no rule" in place.submit(place.write([item()]), code=2).stderr
    (place.folder / "consentlint.toml").write_text("strict = true\njobs = 2\n")
    del (given := item())["date_of_consent"]
    assert "[error]" in place.submit(place.write([given]), code=1).stdout


def test_a_number_that_json_has_not_is_said(place: Place) -> None:
    path = place.folder / "in.jsonl"
    path.write_text(json.dumps(item())[:-1] + ', "note": 1e999}\n')
    assert "in.jsonl:1: this item cannot be sent" in place.submit(path, code=2).stderr


@pytest.mark.parametrize("failure", ["garbage", "later", "locked"])
def test_a_journal_that_cannot_be_used_is_one_line(place: Place, failure: str) -> None:
    path = place.write([item()])
    journal = Path(f"{path}.submit-journal")
    holder = None
    if failure == "garbage":
        journal.write_text("x" * 5000)
    else:
        place.submit(path)
        holder = sqlite3.connect(journal, isolation_level=None)
        holder.execute("PRAGMA user_version = 7" if failure == "later" else "BEGIN EXCLUSIVE")
    before = len(place.stub.received)
    result = place.submit(path, code=2)
    if holder:
        holder.close()
    assert len([line for line in result.stderr.splitlines() if line]) == 1
    assert str(journal) in result.stderr
    assert len(place.stub.received) == before


@POSIX
def test_a_disk_that_fills_up_stops_the_run_and_nothing_unrecorded_is_sent(place: Place) -> None:
    path = place.write([item(number) for number in range(2000)])
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        " from consentlint.__main__ import run; run()"
    )
    command = [sys.executable, "-c", code, "submit", str(path), "--rate", "100000"]
    environment = {**os.environ, **place.environment}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "the disk fails, or is full" in result.stderr or "the disk is full" in result.stderr
    assert "Traceback" not in result.stderr
    assert SECRET not in result.stdout + result.stderr
    assert 0 < len(place.stub.upserts) < 2000
    recorded = recorded_ids(Path(f"{path}.submit-journal"))
    assert set(place.stored()) <= recorded.keys()
    place.submit(path, "--rate", 100_000)
    assert {*place.stored()} == {given["correlation_id"] for given in items_of(path)}


def items_of(path: Path) -> list[Fields]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def recorded_ids(journal: Path) -> dict[str, str | None]:
    """Return the outcome of each item that a journal knows, by its id."""
    database = sqlite3.connect(journal)
    rows = database.execute("SELECT correlation_id, outcome FROM items").fetchall()
    database.close()
    return dict(rows)


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


@POSIX
def test_an_interrupted_run_waits_for_answers_and_says_how_to_go_on(place: Place) -> None:
    path = place.write([item(number) for number in range(1000)])
    place.stub.fail(stubs.Delay(0.3), every=1)
    process = place.start(path, "--rate", 100_000)
    wait_for(lambda: len(place.stub.upserts) > 100)
    process.send_signal(signal.SIGINT)
    said, reported = process.communicate(timeout=60)
    assert process.returncode == 130, (said, reported)
    assert SECRET not in said + reported
    assert "all answers that were on their way are recorded" in reported
    assert f"To go on: consentlint submit {path}" in reported
    outcomes = recorded_ids(Path(f"{path}.submit-journal"))
    assert set(outcomes.values()) == {"stored"}
    assert sorted(outcomes) == sorted(place.stored())


@POSIX
def test_a_second_interrupt_leaves_at_once(place: Place) -> None:
    path = place.write([item(number) for number in range(10)])
    place.stub.fail(stubs.Delay(600))
    process = place.start(path)
    wait_for(lambda: bool(place.stub.upserts))
    process.send_signal(signal.SIGINT)
    while process.poll() is None:
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
    _, reported = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "To go on" in reported
    assert "Traceback" not in reported
    assert set(recorded_ids(Path(f"{path}.submit-journal")).values()) == {None}


@POSIX
def test_a_second_run_is_refused_while_the_first_lives(place: Place) -> None:
    path = place.write([item(1)])
    place.stub.fail(stubs.Delay(600))
    process = place.start(path)
    wait_for(lambda: bool(place.stub.upserts))
    assert "in use by another run" in place.submit(path, code=2).stderr
    process.kill()
    process.communicate()
    assert "left without an answer, and is sent again" in place.submit(path).stderr
    assert len(place.stub.received) == 2


@POSIX
def test_killed_at_any_moment_it_goes_on_and_repeats_no_answer(place: Place) -> None:
    """Four kills here; benchmarks/kill_submit.py has hundreds."""
    chance = random.Random(11)
    items = []
    for number in range(900):
        given = item(chance.randrange(300), chance.choice(("opt-in", "opt-out")))
        given["date_of_consent"] = f"2025-01-01T{number // 60:02}:{number % 60:02}:00Z"
        items.append(given)
    path = place.write(items)
    journal = Path(f"{path}.submit-journal")
    place.stub.fail(stubs.Delay(0.05), every=1)
    for _ in range(4):
        process = place.start(path, "--rate", 100_000)
        before = len(place.stub.upserts)
        wait_for(lambda before=before: len(place.stub.upserts) > before)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.communicate()
        answered = {name for name, outcome in recorded_ids(journal).items() if outcome}
        seen = len(place.stub.received)
        assert answered < {given["correlation_id"] for given in items}
        process = place.start(path, "--rate", 100_000)
        wait_for(lambda seen=seen: len(place.stub.received) > seen + 2)
        process.kill()
        process.communicate()
        later = [each["correlation_id"] for r in place.stub.received[seen:] for each in r.items]
        assert not answered.intersection(map(str, later))
    place.submit(path, "--rate", 100_000)
    for contact in {given["contact_id"] for given in items}:
        wanted = [g["correlation_id"] for g in items if g["contact_id"] == contact]
        found = [str(u.fields["correlation_id"]) for u in place.stub.history(contact)]
        kept = [name for at, name in enumerate(found) if found[at - 1 : at] != [name]]
        assert kept == wanted


def test_over_real_sockets_a_fifth_of_the_requests_may_fail(place: Place) -> None:
    """The faults that need a socket; those of all kinds are struck in simulated time."""
    items = [item(number) for number in range(2000)]
    for number, fault in enumerate((stubs.CutBeforeUpsert(), stubs.CutAfterUpsert())):
        place.stub.fail(fault, every=10 + number)
    place.stub.fail(stubs.TruncatedBody(), every=17)
    place.submit(place.write(items), "--rate", 100_000)
    assert {*place.stored()} == {given["correlation_id"] for given in items}


def test_the_secret_is_not_shown_where_the_api_echoes_it(place: Place) -> None:
    """`submit` of the fixture's place looks for it in what was printed."""
    from consentlint.stub import answers

    echo = answers.refusal(401, f"Authenticate: {SECRET}")
    place.stub.handle = lambda request: echo  # type: ignore[method-assign]
    assert "Authenticate: •••" in place.submit(place.write([item()]), code=2).stderr
