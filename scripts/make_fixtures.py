"""Write the files in fixtures/, except its README.

python scripts/make_fixtures.py          # write them
python scripts/make_fixtures.py --check  # exit with 1 and name stale files
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from fixture_mistakes import BAD_VALUES, bad_items
from fixture_people import CONSENT_FIELDS, CONTACT_FIELDS, SENDER, Crowd, Item
from generated import write_or_check

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def as_json(items: Sequence[Item], key: str | None = None) -> str:
    """Return a JSON document with one item per line: an array, or an object with one."""
    opening, closing = ("[", "]") if key is None else (f'{{"{key}": [', "]}")
    lines = ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in items)
    return f"{opening}\n{lines}\n{closing}\n"


def as_json_lines(items: Iterable[Item]) -> str:
    """Return the items as JSON Lines."""
    return "".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in items)


def as_csv(items: Iterable[Item], fields: Sequence[str]) -> str:
    """Return a table of the items that a table can represent: strings and missing fields."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, restval="", lineterminator="\n")
    writer.writeheader()
    for item in items:
        if all(isinstance(value, str) and value for value in item.values()):
            writer.writerow(item)
    return text.getvalue()


def as_form(items: Iterable[Item]) -> str:
    """Return the body of a request."""
    return urlencode([("Items", compact(item)) for item in items]) + "\n"


def compact(item: Item) -> str:
    """Return the JSON text of an item, without spaces."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def indented(value: object) -> str:
    """Return a JSON document with one value per line."""
    return json.dumps(value, indent=2) + "\n"


def invalid() -> dict[str, str]:
    """Return the files whose items are all rejected for the reason that their folder names."""
    files = {}
    for kind, fields in (("consents", CONSENT_FIELDS), ("contacts", CONTACT_FIELDS)):
        for field in BAD_VALUES[kind]:
            folder = f"invalid/INVALID_{field.upper()}"
            items = bad_items(kind, field, Crowd(folder))
            files[f"{folder}/items.json"] = as_json(items)
            files[f"{folder}/items.jsonl"] = as_json_lines(items)
            files[f"{folder}/items.csv"] = as_csv(items, fields)
            files[f"{folder}/items.form"] = as_form(items)
    return files


def published() -> dict[str, str]:
    """Return the requests and responses of Twilio's OpenAPI reference."""
    consents = (
        {
            "contact_id": "+19999999999",
            "correlation_id": "ad388b5a46b33b874b0d41f7226db2ef",
            "sender_id": "MG00000000000000000000000000000001",
            "date_of_consent": "2025-02-28T10:05:27Z",
            "status": "opt-out",
            "source": "website",
        },
        {
            "contact_id": "+19",
            "correlation_id": "02520cfa6c432f0e3ec3a38c122d428d",
            "sender_id": "123456",
            "date_of_consent": "2025-03-25",
            "status": "opt-in",
            "source": "opt-in-message",
        },
    )
    contacts = (
        {
            "contact_id": "+19999999999",
            "correlation_id": "ad388b5a46b33b874b0d41f7226db2eh",
            "country_iso_code": "US",
            "zip_code": "12345",
        },
        {
            "contact_id": "+19",
            "correlation_id": "02520cfa6c432f0e3ec3a38c122d428a",
            "country_iso_code": "US",
            "zip_code": "12345",
        },
    )
    files = {}
    for kind, items, code, reasons in (
        ("consents", consents, 30646, ["INVALID_CONTACT_ID", "INVALID_DATE_OF_CONSENT"]),
        ("contacts", contacts, 30647, ["INVALID_CONTACT_ID"]),
    ):
        entries = [
            {
                "correlation_id": item["correlation_id"],
                "error_code": code if messages else 0,
                "error_messages": messages,
            }
            for item, messages in zip(items, ([], reasons), strict=True)
        ]
        request = {"Items": [compact({**item}) for item in items]}
        files[f"published/{kind}/request.json"] = indented(request)
        files[f"published/{kind}/response.json"] = indented({"items": entries})
    return files


def guide() -> dict[str, str]:
    """Return the example request of Twilio's guide."""
    items: list[Item] = [
        {
            "contact_id": "+19999999991",
            "correlation_id": "ad388b5a46b33b874b0d41f7226db2ef",
            "sender_id": "MG00000000000000000000000000000000",
            "date_of_consent": "2025-02-28T10:05:27Z",
            "status": "opt-in",
            "source": "website",
        },
        {
            "contact_id": "+447700900077",
            "correlation_id": "02520cfa6c432f0e3ec3a38c122d428d",
            "sender_id": "+12345678901",
            "date_of_consent": "2025-02-25T14:30:00Z",
            "status": "opt-out",
            "source": "opt-out-message",
        },
        {
            "contact_id": "+173800900067",
            "correlation_id": "8u344b9a46b33b874b0d41f7776hb72f",
            "sender_id": "rcs:test_-_twilio_4n2azqfk_agent",
            "date_of_consent": "2025-02-25T14:30:00Z",
            "status": "opt-out",
            "source": "offline",
        },
    ]
    return {"guide/three_items.json": as_json(items, "Items")}


def export() -> dict[str, str]:
    """Return the records of a shop, all of them clean."""
    crowd = Crowd("export/subscribers")
    records: list[Item] = []
    while len(records) < 300:
        records += crowd.history()
    # The first part of a history is a history.
    records = sorted(records, key=lambda item: str(item["date_of_consent"]))[:300]
    crowd = Crowd("export/contacts")
    contacts = [crowd.contact() for _ in range(100)]
    crowd = Crowd("clean_request")
    return {
        "export/subscribers.csv": as_csv(records, CONSENT_FIELDS),
        "export/subscribers.json": as_json(records),
        "export/subscribers.jsonl": as_json_lines(records),
        "export/contacts.csv": as_csv(contacts, CONTACT_FIELDS),
        "clean_request.json": as_json([crowd.consent() for _ in range(25)], "Items"),
    }


def with_errors() -> dict[str, str]:
    """Return a small export with one mistake of each of six kinds."""
    crowd = Crowd("with_errors/subscribers")
    rows = (
        ("+12025550143", "opt-in", "website", "2025-01-14T09:12:41Z"),
        ("+447700900217", "opt-in", "website", "2025-01-20T17:40:03Z"),
        ("+1 (202) 555-0178", "opt-in", "website", "2025-02-03T11:05:56Z"),
        ("+491713920017", "Opt In", "offline", "2025-02-11T08:30:00Z"),
        ("+33639981204", "opt-in", "website", "2025-03-02T20:18:22Z"),
        ("+4407700900461", "opt-in", "website", "2025-03-09T13:47:10Z"),
        ("+12025550119", "opt-out", "opt-out-message", "2025-03-17T07:02:35Z"),
        ("+46701740691", "opt-in", "offline", "2025-04-11"),
        ("+16135550162", "opt-in", "opt-in-message", "2025-04-23T15:21:09Z"),
        ("+12025550186", "opt-in", "website", "2025-05-06T10:10:48Z"),
        ("+12025550119", "opt-in", "website", "2024-11-28T18:55:14Z"),
        ("+447700900217", "opt-out", "opt-out-message", "2025-06-01T06:33:27Z"),
    )
    items: list[Item] = []
    for number, status, source, date in rows:
        values = (number, crowd.correlation_id(), SENDER, status, source, date)
        items.append(dict(zip(CONSENT_FIELDS, values, strict=True)))
    items[9]["correlation_id"] = items[4]["correlation_id"]
    return {"with_errors/subscribers.csv": as_csv(items, CONSENT_FIELDS)}


def render() -> dict[str, str]:
    """Return the text of every file by its path in the folder."""
    return {**published(), **guide(), **invalid(), **export(), **with_errors()}


def unexpected(written: Iterable[str]) -> list[str]:
    """Return the files in the folder that are not written here, except README and hidden files."""
    found = {
        file.relative_to(FIXTURES).as_posix()
        for file in FIXTURES.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }
    return sorted(found - {"README.md", *written})


def main() -> int:
    """Write the files, or name stale ones if --check is passed."""
    files = render()
    stale = write_or_check({FIXTURES / name: text for name, text in files.items()})
    for name in unexpected(files):
        print(f"fixtures/{name} is not written by scripts/make_fixtures.py. Remove it")
        stale = 1
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
