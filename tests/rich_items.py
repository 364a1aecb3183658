"""Items whose report has every section: many countries, months, senders, conflicts and findings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers
from hostile_texts import HOSTILE
from sample_items import CONSENT

_SOURCES = ("website", "offline", "opt-in-message", "others")


def write_items(path: Path) -> None:
    """Write the items to a file of JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for number, item in enumerate(_items()):
            if item["correlation_id"] == CONSENT["correlation_id"]:
                item["correlation_id"] = f"{number:032x}"
            file.write(json.dumps(item) + "\n")


def _items() -> Iterator[dict[str, Any]]:
    numbers = list(_numbers(40))
    for row in range(3_000):
        # The first countries have the most records.
        contact = numbers[int(len(numbers) * (row / 3_000) ** 2)]
        status = "opt-out" if row % 7 == 0 else "opt-in"
        month = row % 70
        yield {
            **CONSENT,
            "contact_id": contact[:-4] + f"{row % 10_000:04}",
            "sender_id": f"MG{row % 9:032x}" if row % 11 else "+18005550100",
            "status": status,
            "source": "opt-out-message" if status == "opt-out" else _SOURCES[row % 4],
            "date_of_consent": f"{2020 + month // 12}-{month % 12 + 1:02}-{row % 28 + 1:02}"
            f"T{row % 24:02}:{row % 60:02}:00{'Z' if row % 5 else ''}",
        }
    shared = {**CONSENT, "date_of_consent": "2025-02-03T00:00:00Z"}
    for row in range(80):
        yield {**shared, "contact_id": f"+1415555{row:04}"}
        if row % 3 == 0:
            yield {**shared, "contact_id": f"+1415555{row:04}", "status": "opt-out"}
    for date in ("1970-01-01T00:00:00Z", "2044-01-01T00:00:00Z", "2025-02-30T00:00:00Z", "soon"):
        yield {**CONSENT, "contact_id": "+14155550199", "date_of_consent": date}
    yield {key: value for key, value in CONSENT.items() if key != "date_of_consent"}
    for value in (*HOSTILE[:6], "x" * 300):
        for field in (*CONSENT, value):
            yield {**CONSENT, field: value}


def _numbers(count: int) -> Iterator[str]:
    """Yield a number of each of some countries."""
    found = 0
    for code, (region, *_) in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        if number is not None and found < count:
            found += 1
            yield f"+{code}{number.national_number}"
