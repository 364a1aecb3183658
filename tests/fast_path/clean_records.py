"""Clean records and files of them, for tests that damage one."""

import json
from collections.abc import Iterable, Mapping, Sequence

NOW = "2025-07-01T12:00:00Z"
SENDER = "MG9752274e9e519418a7406176694466fa"
TOLL_FREE = "+18005550123"
# Some bits that are alike in none of the first numbers.
_ID_STEP = 0x9E3779B97F4A7C15F39CC0605CEDC835

Record = dict[str, object]


def record_id(number: int) -> str:
    return f"{(number + 1) * _ID_STEP % 2**128:032x}"


def consent(number: int, **fields: object) -> Record:
    """Return a clean record; no two numbers share an id or a contact. None leaves a field out."""
    record = {
        "contact_id": f"+1415{2_000_000 + number}",
        "correlation_id": record_id(number),
        "sender_id": SENDER,
        "status": "opt-in",
        "source": "website",
        "date_of_consent": "2025-06-02T15:30:00Z",
    }
    return _with(record, fields)


def contact(number: int, **fields: object) -> Record:
    """Return a clean contact, as `consent` does a consent."""
    record = {
        "contact_id": f"+1415{2_000_000 + number}",
        "correlation_id": record_id(number),
        "country_iso_code": "US",
        "zip_code": "94105",
    }
    return _with(record, fields)


def _with(record: Mapping[str, object], fields: Mapping[str, object]) -> Record:
    return {key: value for key, value in {**record, **fields}.items() if value is not None}


def clean(start: int, stop: int, **fields: object) -> list[Record]:
    return [consent(number, **fields) for number in range(start, stop)]


def json_lines(records: Iterable[Record | str]) -> bytes:
    return "".join(f"{_text(record)}\n" for record in records).encode()


def document(records: Sequence[Record | str], comma: str = ", ") -> bytes:
    return f"[{comma.join(map(_text, records))}]".encode()


def table(
    records: Sequence[Record], delimiter: str = ",", end: str = "\n", note: str = ""
) -> bytes:
    """Return CSV with no quotes, and an unknown column if there is a note."""
    rows = [[*records[0], "note"], *([*map(str, record.values()), note] for record in records)]
    return "".join(delimiter.join(row if note else row[:-1]) + end for row in rows).encode()


def _text(record: Record | str) -> str:
    return record if isinstance(record, str) else json.dumps(record)
