"""The report says what was checked, and nothing in it runs, loads, or names a person."""

import base64
import json
import re
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from hostile_texts import write_hostile_files

from consentlint.cli import main
from consentlint.fields.mask import mask_field
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.records import RecordReader, Records

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
NOW = "2026-01-01T00:00:00Z"
ITEM = {
    "contact_id": "+14155552671",
    "correlation_id": "f0e1d2c3b4a5968778695a4b3c2d1e0f",
    "sender_id": "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}


def report(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", "--now", NOW, *arguments])


def data_of(folder: Path, *items: dict[str, Any], options: Sequence[str] = ()) -> dict[str, Any]:
    """Return the report on some items, with ids of their own, as JSON."""
    lines = [
        json.dumps({**ITEM, "correlation_id": f"{n:032x}", **item}) for n, item in enumerate(items)
    ]
    (folder / "items.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = report(str(folder / "items.jsonl"), "-o", str(folder / "report.json"), *options)
    assert result.exit_code == 0, result.output
    data: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return data


class Page(HTMLParser):
    """Collects the tags, the text and the addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.policy = ""
        self.images_without_text = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.attributes |= values.keys()
        self.addresses += [str(values[name]) for name in ("src", "href") if name in values]
        self.images_without_text += tag == "img" and not values.get("alt")
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(values["content"])

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(path: Path, *files: str) -> Page:
    result = report(*files, "-o", str(path))
    assert result.exit_code == 0, result.output
    return Page(path.read_text(encoding="utf-8"))


def test_the_counts_of_the_verdict_add_up(tmp_path: Path) -> None:
    data = data_of(tmp_path, {}, {"status": "Opt In"}, {"contact_id": "+19"}, {"status": "opt-out"})
    verdict = data["verdict"]
    assert (verdict["records"], verdict["stored"], verdict["rejected"]) == (4, 2, 2)
    assert data["stored"]["records"] == verdict["stored"]
    assert verdict["by_reason"] == {"INVALID_CONTACT_ID": 1, "INVALID_STATUS": 1}
    assert verdict["reasons"].keys() == verdict["by_reason"].keys()


def test_a_rejected_opt_out_is_counted(tmp_path: Path) -> None:
    data = data_of(tmp_path, {"status": "opt-out", "source": "web"}, {"source": "web"})
    assert data["stored"]["opt_outs_rejected"] == 1


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("opt-Out", 1),
        ("Unsubscribed", 1),
        ({"S": "opt-out"}, 1),
        ("Opt In", 0),
        ("no", 0),
        (False, 0),
        (None, 0),
    ],
)
def test_a_record_is_a_rejected_opt_out_if_a_fix_would_read_its_status_so(
    tmp_path: Path, status: object, count: int
) -> None:
    data = data_of(tmp_path, {"status": status}, {}, {"status": status})
    assert data["verdict"]["rejected"] == 2
    assert data["stored"]["opt_outs_rejected"] == 2 * count


def test_the_state_is_that_of_the_latest_date(tmp_path: Path) -> None:
    later = {
        "status": "opt-out",
        "source": "opt-out-message",
        "date_of_consent": "2025-06-05T00:00:00+02:00",
    }
    data = data_of(tmp_path, {}, later)
    assert data["state"] == {
        "contacts": 1,
        "by_state": {"opt-out": 1},
        "opt_outs_then_opt_in": {},
        "opted_out_for_another_sender": 0,
    }


@pytest.mark.parametrize(
    ("items", "state"),
    [
        ([{}, {"status": "opt-out"}], "undecided"),
        ([{}, {"status": "opt-out", "date_of_consent": None}], "opt-in"),
        ([{}, {"status": "opt-out", "sender_id": "12345"}], "differs by sender"),
        ([{}, {"sender_id": "12345"}], "opt-in"),
    ],
)
def test_a_contact_has_one_state(tmp_path: Path, items: list[dict[str, Any]], state: str) -> None:
    # A date that is null is invalid, so the record would not be stored.
    assert data_of(tmp_path, *items)["state"]["by_state"] == {state: 1}


def opted_out(date: str, **changes: str) -> dict[str, str]:
    return {
        "status": "opt-out",
        "source": "opt-out-message",
        "date_of_consent": date,
        **changes,
    }


@pytest.mark.parametrize(
    ("field", "spellings"),
    [
        ("contact_id", ("+4407400123456", "+447400123456")),
        ("sender_id", ("+4407400123456", "+447400123456")),
        ("sender_id", (ITEM["sender_id"], f"MG{ITEM['sender_id'][2:].upper()}")),
    ],
)
def test_other_spellings_of_a_number_or_sender_are_the_same_one(
    tmp_path: Path, field: str, spellings: tuple[str, str]
) -> None:
    first, second = spellings
    later = opted_out("2025-07-01T00:00:00Z", **{field: first})
    data = data_of(tmp_path, later, {field: second}, *[{field: first}] * 4)
    assert data["conflicts"]["consent-out-of-order"] >= 1
    assert data["state"]["by_state"] == {"opt-out": 1}
    sender = first if field == "sender_id" else ITEM["sender_id"]
    assert data["stored"]["by_sender"] == {mask_field(sender, "sender_id"): 6}


def test_contacts_of_several_files_are_the_same_ones_if_a_number_is_invalid(
    tmp_path: Path,
) -> None:
    lines = [json.dumps({**ITEM, "contact_id": each}) for each in ("no number", "+14155552671")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(lines[1], encoding="utf-8")
    names = [str(tmp_path / name) for name in ("a.jsonl", "b.jsonl")]
    ignore = ("--ignore", "invalid-contact-id,invalid-correlation-id")
    result = report(*names, *ignore, "-o", str(tmp_path / "report.json"))
    assert result.exit_code == 0, result.output
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert data["stored"]["records"] == 3
    assert data["state"]["contacts"] == 2


@pytest.mark.parametrize(
    ("opt_out", "opt_in", "lasted"),
    [
        ("2025-06-02T15:30:00Z", "2025-06-02T15:30:00.1Z", "within 1 day"),
        ("2025-06-02T15:30:00Z", "2025-06-03T15:30:00Z", "within 1 day"),
        ("2025-06-02T15:30:00Z", "2025-06-03T15:30:01Z", "1 to 7 days"),
        ("2025-06-02T15:30:00Z", "2025-06-04T15:29:59Z", "1 to 7 days"),
        ("2025-06-02T15:30:00Z", "2025-06-09T15:30:00Z", "1 to 7 days"),
        ("2025-06-02T15:30:00Z", "2025-06-09T15:30:00.1Z", "7 to 30 days"),
        ("2025-06-02T23:00:00Z", "2025-11-29T01:00:00Z", "30 to 180 days"),
        ("2025-06-02T23:00:00Z", "2025-11-30T01:00:00Z", "more than 180 days"),
    ],
)
def test_an_opt_out_that_an_opt_in_overrides_is_counted_by_the_time_between(
    tmp_path: Path, opt_out: str, opt_in: str, lasted: str
) -> None:
    data = data_of(tmp_path, opted_out(opt_out), {"date_of_consent": opt_in})
    assert data["state"]["opt_outs_then_opt_in"] == {lasted: 1}


def test_each_opt_out_that_a_later_opt_in_overrides_is_counted(tmp_path: Path) -> None:
    months = [opted_out(f"2025-0{month}-01T00:00:00Z") for month in (4, 5, 7)]
    data = data_of(tmp_path, *months, {}, {})
    assert data["state"]["opt_outs_then_opt_in"] == {"30 to 180 days": 2}


def test_an_opt_out_of_the_same_moment_as_an_opt_in_is_not_overridden(tmp_path: Path) -> None:
    data = data_of(tmp_path, opted_out(ITEM["date_of_consent"]), {})
    assert data["state"]["by_state"] == {"undecided": 1}
    assert data["state"]["opt_outs_then_opt_in"] == {}


def test_an_opt_out_without_a_date_is_overridden_by_an_opt_in_after_it(tmp_path: Path) -> None:
    file, output = tmp_path / "items.jsonl", tmp_path / "report.json"
    items = [{**ITEM, "correlation_id": f"{n:032x}"} for n in range(3)]
    items[1] |= {"status": "opt-out", "source": "opt-out-message"}
    del items[1]["date_of_consent"]
    file.write_text("\n".join(map(json.dumps, items)), encoding="utf-8")
    assert report(str(file), "-o", str(output)).exit_code == 0
    state = json.loads(output.read_text(encoding="utf-8"))["state"]
    assert state["by_state"] == {"undecided": 1}
    assert state["opt_outs_then_opt_in"] == {"unknown": 1}


@pytest.mark.parametrize("name", ["items.jsonl", "items.json"])
def test_a_fraction_of_a_second_decides_which_record_is_the_latest(
    tmp_path: Path, name: str
) -> None:
    items = []
    for number in range(1_000):
        own = {"contact_id": f"+1415555{number:04}", "correlation_id": f"{number:032x}"}
        items.append({**ITEM, **own, "date_of_consent": "2025-06-02T15:30:01.100Z"})
    for number, item in enumerate(items[:400], 1_000):
        later = opted_out("2025-06-02T15:30:01.900Z", correlation_id=f"{number:032x}")
        items.append({**item, **later})
    text = json.dumps(items) if name == "items.json" else "\n".join(map(json.dumps, items))
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = report(str(tmp_path / name), "-o", str(tmp_path / "report.json"))
    assert result.exit_code == 0, result.output
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert data["state"]["by_state"] == {"opt-in": 600, "opt-out": 400}
    assert data["conflicts"] == {}


def test_a_contact_that_opts_out_for_one_of_two_senders_is_counted(tmp_path: Path) -> None:
    for_another = {"status": "opt-out", "source": "opt-out-message", "sender_id": "+18005550100"}
    data = data_of(tmp_path, {}, for_another, {"contact_id": "+14155550177"})
    assert data["state"]["opted_out_for_another_sender"] == 1
    assert data["stored"]["opt_outs_for_toll_free"] == 1


def test_records_that_repeat_or_contradict_another_are_counted(tmp_path: Path) -> None:
    data = data_of(tmp_path, {}, {}, {"status": "opt-out"})
    counts = {rule["rule"]: rule["findings"] for rule in data["rules"]}
    assert data["conflicts"] == {
        rule: counts[rule] for rule in ("consent-duplicate", "consent-conflict")
    }
    page = page_of(tmp_path / "report.html", str(tmp_path / "items.jsonl"))
    assert "consent-duplicate" in page.text


def test_records_without_a_month_are_shown_apart(tmp_path: Path) -> None:
    data = data_of(tmp_path, {}, {"date_of_consent": "1970-01-01T00:00:00Z"})
    assert data["stored"]["without_month"] == {
        "no date": 0,
        "a date before the first text message (1992-12-03)": 1,
        "a date after the day of the check": 0,
    }
    assert sum(data["stored"]["by_age"].values()) == 1


FUTURE = ({}, {"date_of_consent": "2026-01-02T00:00:00Z"}, {"date_of_consent": "2044-06-02T10:00"})


def test_rejected_records_with_a_date_in_the_future_are_shown_apart(tmp_path: Path) -> None:
    data = data_of(tmp_path, *FUTURE, {"date_of_consent": "2025-02-30T00:00:00Z"})
    assert (data["verdict"]["rejected"], data["verdict"]["dates_in_future"]) == (3, 2)
    assert list(data["stored"]["by_month"]) == ["2025-06"]
    page = page_of(tmp_path / "report.html", str(tmp_path / "items.jsonl"))
    assert "Rejected records with a date in the future: 2." in page.text


def test_dates_in_the_future_have_no_month_and_no_age_if_their_rule_is_off(tmp_path: Path) -> None:
    ignore = ["--ignore", "invalid-date-of-consent"]
    data = data_of(tmp_path, *FUTURE, {"date_of_consent": "2026-01-01T23:00:00Z"}, options=ignore)
    assert data["verdict"]["dates_in_future"] == 0
    assert data["stored"]["without_month"]["a date after the day of the check"] == 2
    assert data["gaps"]["a date after the day of the check"] == 2
    assert list(data["stored"]["by_month"]) == ["2025-06", "2026-01"]
    assert data["stored"]["by_age"] == {"under 1 year": 2}
    page = page_of(tmp_path / "report.html", str(tmp_path / "items.jsonl"), *ignore)
    assert page.text.count("a date after the day of the check") == 2


def test_weak_evidence_is_counted(tmp_path: Path) -> None:
    undated = {key: value for key, value in ITEM.items() if key != "date_of_consent"}
    (tmp_path / "items.jsonl").write_text(json.dumps(undated), encoding="utf-8")
    report(str(tmp_path / "items.jsonl"), "-o", str(tmp_path / "report.json"))
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert data["gaps"] == {"no date": 1}
    data = data_of(
        tmp_path,
        {"date_of_consent": "2025-06-02T00:00:00Z"},
        {"date_of_consent": "2025-06-02T15:30:00", "source": "others"},
        {"date_of_consent": "1970-01-01T00:00:00Z"},
    )
    assert sorted(data["gaps"].values()) == [1, 1, 1, 1]


def test_the_chart_of_months_has_the_months_without_records(tmp_path: Path) -> None:
    dates = ("2024-11-05T10:00:00Z", "2025-02-05T10:00:00Z")
    data = data_of(tmp_path, *[{"date_of_consent": date} for date in dates])
    assert list(data["stored"]["by_month"]) == ["2024-11", "2025-02"]
    page = page_of(tmp_path / "report.html", str(tmp_path / "items.jsonl"))
    charts = [base64.b64decode(each.partition(",")[2]).decode() for each in page.addresses]
    months = re.findall(">(20[0-9]{2}-[0-9]{2})<", "".join(charts))
    assert sorted(set(months)) == ["2024-11", "2024-12", "2025-01", "2025-02"]


def test_ten_findings_of_a_rule_are_shown(tmp_path: Path) -> None:
    rules = data_of(tmp_path, *[{"source": f"{n}"} for n in range(12)])["rules"]
    (rule,) = (each for each in rules if each["rule"] == "invalid-source")
    assert rule["findings"] == 12
    assert [example["line"] for example in rule["examples"]] == list(range(1, 11))


@pytest.mark.parametrize(
    ("now", "date", "age"),
    [
        ("2026-11-27", "2026-11-27", "under 1 year"),
        ("2026-11-27", "2025-11-28", "under 1 year"),
        ("2026-11-27", "2025-11-27", "1 to 2 years"),
        ("2026-11-27", "2024-11-27", "1 to 2 years"),
        ("2026-11-27", "2024-11-26", "2 to 4 years"),
        ("2026-11-27", "2022-11-28", "2 to 4 years"),
        ("2026-11-27", "2022-11-27", "2 to 4 years"),
        ("2026-11-27", "2022-11-26", "over 4 years"),
        ("2024-02-29", "2023-03-01", "under 1 year"),
        ("2024-02-29", "2023-02-28", "1 to 2 years"),
        ("2025-02-28", "2024-02-29", "under 1 year"),
    ],
)
def test_ages_are_counted_in_years_of_the_calendar(
    tmp_path: Path, now: str, date: str, age: str
) -> None:
    dated = {"date_of_consent": f"{date}T10:00:00Z"}
    data = data_of(tmp_path, dated, options=["--now", f"{now}T20:00:00Z"])
    assert data["stored"]["by_age"] == {age: 1}


def test_a_check_of_long_ago_has_no_ages(tmp_path: Path) -> None:
    dated = {"date_of_consent": "0001-01-01T10:00:00Z"}
    data = data_of(tmp_path, dated, options=["--now", "0002-01-01T00:00:00Z"])
    assert data["stored"]["by_age"] == {}


def test_many_records_of_one_second_are_a_gap(tmp_path: Path) -> None:
    data = data_of(tmp_path, *[{"contact_id": f"+1415555{n:04}"} for n in range(60)])
    assert data["gaps"] == {"a second shared by many records, as an import writes it": 60}
    assert data["stored"]["by_age"] == {"under 1 year": 60}
    assert data["stored"]["by_month"] == {"2025-06": {"opt-in": 60}}
    assert data["stored"]["by_country"] == {"+1": 60}


def test_small_groups_are_shown_together(tmp_path: Path) -> None:
    data = data_of(
        tmp_path,
        *[{"contact_id": f"+1415555{n:04}"} for n in range(5)],
        *[{"contact_id": f"+447400{n:06}"} for n in range(4)],
    )
    assert data["stored"]["by_country"] == {"+1": 5, "other": 4}


def test_records_without_a_country_are_shown_with_small_groups(tmp_path: Path) -> None:
    data = data_of(
        tmp_path,
        *[{"contact_id": "no number"}] * 6,
        {"contact_id": "+447400123456"},
        options=["--ignore", "invalid-contact-id"],
    )
    assert data["stored"]["by_country"] == {"other": 7}


def test_months_ages_and_sources_of_few_records_are_shown(tmp_path: Path) -> None:
    stored = data_of(tmp_path, {}, {"date_of_consent": "2020-01-01T10:00:00Z"})["stored"]
    assert stored["by_month"] == {"2020-01": {"opt-in": 1}, "2025-06": {"opt-in": 1}}
    assert stored["by_age"] == {"under 1 year": 1, "over 4 years": 1}
    page = page_of(tmp_path / "report.html", str(tmp_path / "items.jsonl"))
    assert (
        'Countries and senders with fewer than 5 records are shown together as "other"' in page.text
    )


def test_contacts_are_counted_by_country(tmp_path: Path) -> None:
    result = report(str(FIXTURES / "export" / "contacts.csv"), "-o", str(tmp_path / "report.json"))
    assert result.exit_code == 0
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert data["checked"]["kinds"] == ["contacts"]
    assert sum(data["stored"]["by_country"].values()) == data["verdict"]["stored"]
    assert (
        Page(page_text(tmp_path, FIXTURES / "export" / "contacts.csv")).text.count("Over time") == 0
    )


def page_text(folder: Path, file: Path) -> str:
    assert report(str(file), "-o", str(folder / "report.html")).exit_code == 0
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    page = page_of(
        tmp_path / "report.html", str(FIXTURES / "with_errors"), str(FIXTURES / "export")
    )
    assert "script" not in page.tags
    assert page.addresses
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)
    assert page.policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert page.images_without_text == 0
    assert page.tags.count("caption") == page.tags.count("table")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such file names")
def test_hostile_names_and_values_are_text(tmp_path: Path) -> None:
    write_hostile_files(tmp_path / "files")
    options = ("--ignore", "invalid-sender-id,invalid-source", str(tmp_path / "files"))
    page = page_of(tmp_path / "report.html", *options)
    own = page_of(tmp_path / "own.html", str(FIXTURES / "with_errors"), str(FIXTURES / "export"))
    assert set(page.tags) <= set(own.tags)
    assert page.attributes <= own.attributes
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)
    for address in page.addresses:
        chart = ET.fromstring(base64.b64decode(address.partition(",")[2]))
        assert not {"script", "a", "image"} & {each.tag.rpartition("}")[2] for each in chart.iter()}
    assert [line for line in page.text.split("\n") if not line.isprintable()] == []
    # It is in the first files, whose findings are shown.
    assert page.text.count("\"><img src='https://evil.example/x.png'") >= 4
    assert report(*options, "-o", str(tmp_path / "report.json")).exit_code == 0
    assert (tmp_path / "report.json").read_text(encoding="utf-8").isascii()


def test_no_number_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "+12125559876.jsonl"
    items = [
        {**ITEM, "sender_id": "+18005550123", "contact_id": "12125559876"},
        {**ITEM, "contact_id": "+12125559876", "sender_id": "+18005550123"},
        {**ITEM, "sender_id": "jane.doe@example.com"},
        *({**ITEM, field: "+12125559876"} for field in (*ITEM, "phone: +12125559876")),
        *({**ITEM, field: "jane.doe@example.com"} for field in (*ITEM, "jane.doe@example.com")),
    ]
    file.write_text("\n".join(map(json.dumps, items * 3)), encoding="utf-8")
    for name in ("report.html", "report.json"):
        report(str(file), "-o", str(tmp_path / name))
        text = (tmp_path / name).read_text(encoding="utf-8")
        text = re.sub(r"data:image[^\"]*|[0-9a-f]{32,64}|sha256-[^']*", "", text)
        assert not re.search("2125559876|8005550123|5559876|5550123|jane", text)


def test_a_report_on_an_export_of_another_program_says_that_nothing_was_checked(
    tmp_path: Path,
) -> None:
    export = FIXTURES.parent / "examples" / "exports" / "klaviyo.csv"
    result = report(str(export), "-o", str(tmp_path / "report.json"))
    assert result.exit_code == 2
    first, error = result.output.splitlines()
    assert first.endswith("report.json: no record could be checked.")
    assert error.startswith("Error: not every file could be read completely")


def test_a_file_that_is_not_read_completely_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "items.json").write_text("[{", encoding="utf-8")
    result = report(str(tmp_path / "items.json"), "-o", str(tmp_path / "report.json"))
    assert result.exit_code == 2
    assert (tmp_path / "report.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "-o", "r.html"], "cannot be read twice"),
        (["x.csv", "-o", "r.pdf"], "does not end"),
        (["x.csv"], "Missing option"),
    ],
)
def test_options_that_cannot_be_used_are_named(arguments: list[str], message: str) -> None:
    result = report(*arguments)
    assert result.exit_code == 2
    assert (
        message.replace("does not end", "is not a name that ends in .html or .json")
        in result.output
    )


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "consentlint.report.page", raising=False)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    result = report(str(FIXTURES / "clean_request.json"), "-o", str(tmp_path / "report.html"))
    assert result.exit_code == 2
    assert 'extra "report"' in result.output


@pytest.mark.parametrize(
    "item",
    [
        {"status": None},
        {"status": "+12125559876", "source": ["x"]},
        {"contact_id": "no number"},
        {"contact_id": 12125559876},
        {"date_of_consent": "tomorrow"},
        {"sender_id": {}},
    ],
)
def test_values_that_no_rule_checks_are_left_out(tmp_path: Path, item: dict[str, Any]) -> None:
    (tmp_path / "items.json").write_text(json.dumps([ITEM, {**ITEM, **item}]), encoding="utf-8")
    output = tmp_path / "report.json"
    result = report("--ignore", "errors", str(tmp_path / "items.json"), "-o", str(output))
    assert result.exit_code == 0, result.output
    text = output.read_text(encoding="utf-8")
    assert "2125559876" not in text
    assert json.loads(text)["stored"]["by_status"]["opt-in"] >= 1


def test_senders_with_equal_masks_are_kept_apart(tmp_path: Path) -> None:
    senders = ["+14155552671"] * 6 + ["+14155992971"] * 7 + ["+14155882971"] * 4
    data = data_of(tmp_path, *[{"sender_id": each} for each in [*senders, *["+18005550123"] * 5]])
    assert data["stored"]["by_sender"] == {
        "+1415•••••71 (1)": 7,
        "+1415•••••71 (2)": 6,
        "+1800•••••23": 5,
        "other": 4,
    }


def test_a_file_that_changes_while_it_is_read_has_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, output = tmp_path / "items.jsonl", tmp_path / "report.json"
    file.write_text(f"{json.dumps(ITEM)}\n" * 2_000, encoding="utf-8")
    read = RecordReader.read

    def changed(self: RecordReader, checked: CheckedFile) -> Iterator[Records]:
        file.write_text("{}", encoding="utf-8")
        yield from read(self, checked)

    monkeypatch.setattr(RecordReader, "read", changed)
    result = report(str(file), "-o", str(output))
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "has changed" in result.output
    assert not output.exists()
