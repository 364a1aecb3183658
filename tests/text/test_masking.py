"""No phone number, and nothing that could steer a terminal, is in what is reported."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentlint import check_item
from consentlint.cli import main
from consentlint.fields import schemas
from consentlint.fields.mask import mask_field
from consentlint.reporters import REPORTERS
from consentlint.text import masking
from consentlint.text.masking import mask, mask_number, printable, shown_path, visible

pytestmark = pytest.mark.slow

CostRatio = Callable[[Callable[[int], object], int, int], float]

FIELDS = ["contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent"]
ITEM = schemas.load("consent-item")["examples"][0]
CORRELATION_ID = "ad388b5a46b33b874b0d41f7226db2ef"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+14155550171", "+1415•••••71"),
        ("14155550171", "1415•••••71"),
        ("+1 (415) 555-0171", "+1 (415) •••-••71"),
        ("+19", "+19"),
        ("123456", "123456"),
        ("1234567", "•••••••"),
        ("+45123456", "+••••••••"),
        ("+491234567890123", "+4912•••••••••23"),
    ],
)
def test_a_masked_number_keeps_its_width(number: str, masked: str) -> None:
    assert mask_number(number) == masked
    assert len(masked) == len(number)


@given(st.text("0123456789+-() ./a", max_size=30))
def test_a_plain_number_is_masked_as_one_in_a_text_that_is_not_ascii(text: str) -> None:
    assert mask_number(f"{text}é") == f"{mask_number(text)}é"


@pytest.mark.parametrize(
    "text",
    [
        CORRELATION_ID,
        "MG9752274e9e519418a7406176694466fa",
        "ad388b5a-46b3-3b87-4b0d-41f7226db2ef",
        "2025-02-28T10:05:27Z",
        "2025-02-28T10:05:27.123456+02:00",
        "2025-02-28 10:05:27",
        "2025-02-28T10:05:27.123456789Z",
        "6/2/2025 15:30",
        "02.06.2025",
        "SK"[::-1] + "9752274e9e519418a7406176694466fa",
        "00000000000000000000000000000017",
        "2025-03-25",
        "20250228T100527Z",
        "2025-W23-1T15:30Z",
        "2024-02-30T25:00:00Z",
        "opt-in",
        "12345-6789"[:6],
    ],
)
def test_ids_and_dates_are_not_masked(text: str) -> None:
    assert mask(text) == text
    assert mask(f'{{"a": "{text}", "b": 1}}') == f'{{"a": "{text}", "b": 1}}'


@pytest.mark.parametrize(
    "text",
    [
        "call 4155550171 now",
        "415 555 0171",
        "415.555.0171",
        "(415)555-0171",
        "５５５０１７１",
        "\\u0034\\u0031\\u0035\\u0035\\u0035\\u0035\\u0030",
        "%34%31%35%35%35%35%30",
        "5550171",
        "x5550171x",
        "20250228",
        "4155550171-2025-02-28",
        "+2025-02-28-1234567",
        "0171-123 4567",
        "1415-555-2671",
        "1800-555-0199",
        "0207-946 0958",
        "0171-12-34-567",
        "5552671T14",
        "415–555–2671",
        "415·555·2671",
        "415,555,2671",
        "[415] [555] [2671]",
        "+1+415+555+2671",
        "415\u200b555\u200b2671",
        "415      555      2671",
        "④①⑤⑤⑤⑤②⑥⑦①",
        "⁴¹⁵⁵⁵⁵²⁶⁷¹",
        "\\\\u0034\\\\u0031\\\\u0035\\\\u0035\\\\u0035\\\\u0035\\\\u0030",
        "%5Cu0034%5Cu0031%5Cu0035%5Cu0035%5Cu0035%5Cu0035%5Cu0030",
        "\\uff14\\uff11\\uff15\\uff15\\uff15\\uff15\\uff10",
        "%EF%BC%94%EF%BC%91%EF%BC%95%EF%BC%95%EF%BC%95%EF%BC%95%EF%BC%90",
        "6213%6942%6594",
        "+4540%5506%9%17",
        r"+33\u202f6\u202f12\u202f34\u202f56\u202f78",
        r"+1\u00a0415\u00a0555\u00a02671",
        "%2B33%E2%80%AF6%E2%80%AF12%E2%80%AF34%E2%80%AF56%E2%80%AF78",
        r"06\t12\t34\t56\t78",
        "0&nbsp;415&nbsp;555&nbsp;2671",
        "&#48;&#49;&#x32;&#51;&#52;&#53;&#54;",
        r"415\u002d555\u002d2671",
        "415%252D555%252D2671",
        r"\x34\x31\x35\x35\x35\x35\x30",
        "415         555         2671",
        "+45 20.12.2034",
        "+41 44 20.12.2034",
        "+44 2012-12-12 3456",
        "00000000000000000000014155552671",
        "MG00000000000000000000014155552671",
        "14155552671aaaaaaaaaaaaaaaaaaaaa",
        "12345678901234567890123456789012",
        "00000000-0000-0000-0000-014155552671",
    ],
)
def test_seven_digits_are_masked_anywhere(text: str) -> None:
    shown = unescaped(mask(text)).replace("2025-02-28", "")
    assert len([character for character in shown if character.isdigit()]) <= 6


def unescaped(text: str) -> str:
    """Return the text that is encoded in JSON, a form or HTML."""
    text = html.unescape(unquote(unquote(text)))
    return re.sub(r"\\+[ux]([0-9a-f]{4}|[0-9a-f]{2})", lambda code: chr(int(code[1], 16)), text)


@pytest.mark.parametrize(
    ("escaped", "masked"),
    [
        (r"+\u096a\u096b\u096c\u096d\u096e\u096f\u096a", "+" + "•" * 42),
        ("%E0%A5%AA%E0%A5%AB%E0%A5%AC%E0%A5%AD%E0%A5%AE%E0%A5%AF%E0%A5%AA", "•" * 63),
        (r'"\u0034155550"', '"' + "•" * 12 + '"'),
        ("249%065%14", "•••%•••%••"),
    ],
)
def test_an_escaped_digit_is_masked_with_its_escape(escaped: str, masked: str) -> None:
    assert mask(escaped) == mask_number(escaped) == masked


@given(
    st.text('0123456789aF+-:.,/ TZ%\\u&#;"•٣²é\n', max_size=45)
    | st.lists(
        st.sampled_from(
            ["00000000", "0171", "55", "MG", "a", "f" * 15, "-", "T", "2025-02-28", "Z"]
        )
        | st.from_regex(r"[0-9A-Fa-f]{8}|[0-9]{2}:[0-5]0|(19|20)[0-9]{2}|\\\\u003[0-9]|%3[0-9]"),
        max_size=6,
    ).map("".join)
    | st.from_regex(r"\A(MG|[0-9]{2})?[0-9A-Fa-f]{32}\n?\Z")
    | st.from_regex(r"\A[0-9A-Fa-f]{8}(-[0-9A-F]{4}){3}-[0-9A-Fa-f]{12}\Z")
    | st.from_regex(r"\A0{20,26}[0-9]{6,12}\Z")
    | st.datetimes().map(str),
    st.sampled_from([3, 7]),
)
@settings(max_examples=600, deadline=None)
def test_a_shorter_minimum_masks_at_least_as_much(text: str, shortest: int) -> None:
    if masking._is_plainly_fit(text, shortest):
        assert masking._mask_numbers(text, shortest) == text


@pytest.mark.parametrize(
    "unit",
    [
        "\\",
        "%5C",
        "%",
        "%25",
        "1-",
        "(",
        "1 ",
        "&#",
        "2025-",
        "0" * 31 + "-",
        "a",
        "a@",
        '"a',
        "a'",
    ],
)
def test_masking_takes_linear_time(unit: str, cost_ratio: CostRatio) -> None:
    """The text repeats whatever the patterns match."""
    assert cost_ratio(lambda size: mask(unit * (size // len(unit))), 25_000, 8) < 24


@pytest.mark.parametrize(
    "date",
    [
        "2025/06/02 10:05:27",
        "02-06-2025 15:30",
        "6/2/2025 3:30 PM",
        "Mon, 02 Jun 2025 10:05:27 GMT",
    ],
)
def test_a_date_in_a_date_field_is_not_masked(date: str) -> None:
    (finding,) = check_item({**ITEM, "date_of_consent": date})
    assert f'"{date}"' in finding.message


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/data/subscribers-20261127.csv", "/data/subscribers-20261127.csv"),
        ("20261127_items.csv", "20261127_items.csv"),
        ("exports/20261127.csv", "exports/20261127.csv"),
        ("a-4155552671.csv", "a-4155••••71.csv"),
        ("a-20261127-20261127.csv", "a-2026••••-••••••27.csv"),
        ("+1-20261127-22.csv", "+1-202•••••-22.csv"),
        ("a-20261327.csv", "a-••••••••.csv"),
    ],
)
def test_a_date_in_a_file_name_is_shown_and_a_number_is_not(path: str, shown: str) -> None:
    assert shown_path(path) == shown


@pytest.mark.parametrize("date", ["2024-05-26T232803Z", "20240526T23:28:03+0200", "20240526T2328"])
def test_a_date_of_mixed_forms_is_shown(date: str) -> None:
    assert mask(f"wrong: {date}.") == f"wrong: {date}."
    assert date not in mask(f"+{date}")


def test_a_number_in_a_date_field_is_masked() -> None:
    for number in ("415-555-2671", "20250602", "1415-555-2671", "2012-12-12 3456"):
        (finding,) = check_item({**ITEM, "date_of_consent": number})
        assert number not in finding.message


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("jane@example.com", "••••@example.com"),
        ("Jane <jane.doe+x@example.com>, b@c", "Jane <••••••••••@example.com>, •@c"),
        ("jane%40example.com", "••••%40example.com"),
        (r"jane\u0040example.com", r"••••\u0040example.com"),
        ("jané＠example.com", "••••＠example.com"),
        ("4155550171@txt.example.com", "••••••••••@txt.example.com"),
        ('{"contact_id":"jane@example.com"}', '{"contact_id":"••••@example.com"}'),
        ('"jane doe"@example.com', "••••••••••@example.com"),
        ('x,"""jane doe""@example.com",y', 'x,"••••••••••••@example.com",y'),
        (r'{"source":"\"jane doe\"@example.com"}', '{"source":"••••••••••••@example.com"}'),
        ("o'jane@example.com", "••••••@example.com"),
        ("{'a': 'jane@example.com'}", "{'a': '••••@example.com'}"),
        ("5 @ 3", "5 @ 3"),
    ],
)
def test_what_precedes_the_at_sign_of_an_address_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
    for field in ("contact_id", "sender_id", "correlation_id", "date_of_consent"):
        assert "jane" not in mask_field(text, field)


def test_a_character_that_a_terminal_does_not_show_is_named() -> None:
    assert printable("a\u200bb\u202ac\xa0d") == "a<U+200B>b<U+202A>c<U+00A0>d"
    assert printable("+1\ufe0d\u3164") == visible("+1\ufe0d\u3164") == "+1<U+FE0D><U+3164>"
    assert printable("a\nb\tc\x1bd\x9be") == r"a\nb\tc\x1bd\x9be"
    assert printable(b"Jos\xe9".decode("utf-8", "surrogateescape")) == "Jos<0xE9>"


def test_control_characters_are_made_visible() -> None:
    hostile = "\x1b[31mred\x07\u202egnp.exe\x9b\u2028\ud800\n"
    assert printable(hostile).isprintable()
    assert visible(hostile).isprintable()
    assert visible("\t\x1b\u200b") == "␉␛<U+200B>"
    assert printable("naïve ✓ 漢字") == "naïve ✓ 漢字"


def as_json(rows: list[dict[str, str]]) -> str:
    return json.dumps({"Items": rows})


def as_json_texts(rows: list[dict[str, str]]) -> str:
    return json.dumps({"Items": [json.dumps(row) for row in rows]}, indent=1)


def as_json_lines(rows: list[dict[str, str]]) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def as_csv(rows: list[dict[str, str]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def as_form(rows: list[dict[str, str]]) -> str:
    return urlencode([("Items", json.dumps(row)) for row in rows])


def broken(rows: list[dict[str, str]]) -> str:
    return as_json(rows)[:-4] + ' NaN "'


WRITERS: dict[str, Callable[[list[dict[str, str]]], str]] = {
    "document.json": as_json,
    "texts.json": as_json_texts,
    "lines.jsonl": as_json_lines,
    "table.csv": as_csv,
    "headless.csv": lambda rows: as_csv(rows).partition("\n")[2],
    "body.form": as_form,
    "broken.json": broken,
    "mistaken.jsonl": as_csv,
}

PHONES = st.from_regex(r"\+?[1-9][0-9]{6,14}", fullmatch=True)
AROUND = st.sampled_from(["", " ", "x", "tel:", "\x1b[31m", "\u202e", '"', "ü", "\x00", "\n", "'"])
TEXTS = st.builds(lambda before, phone, after: before + phone + after, AROUND, PHONES, AROUND)


@st.composite
def leaks(draw: st.DrawFn) -> tuple[list[dict[str, str]], set[str]]:
    """Draw items that hold numbers where they belong and where they do not, and the numbers."""
    rows = []
    phones = set()
    for _ in range(draw(st.integers(1, 3))):
        row = {
            # Not the number that messages show as an example.
            "contact_id": "+13125550142",
            "correlation_id": CORRELATION_ID,
            "sender_id": "+447400123456",
            "status": "opt-in",
            "source": "website",
            "date_of_consent": "2025-02-28T10:05:27Z",
        }
        for key in draw(st.sets(st.sampled_from(FIELDS), min_size=1)):
            row[key] = draw(TEXTS)
        if draw(st.booleans()):
            row[draw(TEXTS)] = draw(TEXTS)
        rows.append(row)
        for text in (*row, *row.values()):
            if text not in (CORRELATION_ID, "2025-02-28T10:05:27Z"):
                phones |= set(re.findall(r"[0-9]{7,}", text))
    return rows, phones


@given(leaks(), st.sampled_from(sorted(WRITERS)), st.sampled_from(sorted(REPORTERS)))
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_output_contains_seven_digits_of_the_input(
    tmp_path: Path, drawn: tuple[list[dict[str, str]], set[str]], name: str, output_format: str
) -> None:
    rows, phones = drawn
    file = tmp_path / name
    file.write_bytes(WRITERS[name](rows).encode("utf-8", "surrogatepass"))
    result = CliRunner().invoke(
        main,
        ["check", name, "--select", "all", "--kind", "consents", "--output-format", output_format],
    )
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.output
    for phone in phones:
        for start in range(len(phone) - 6):
            assert phone[start : start + 7] not in result.output
    lines = result.output.splitlines()
    assert [line for line in lines if not line.isprintable()] == []


# Digits of nothing that a report shows by itself, such as its example of a number.
DIGITS = st.text("46789", min_size=9, max_size=15)
SEPARATORS = st.sampled_from(
    ["", " ", "-", ".", " - ", "(", ")", "/", "\u00a0", "\u2011", "%", "\u200b"]
)


@st.composite
def separated_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a number as people write it, and its digits."""
    digits = draw(DIGITS)
    written = draw(st.sampled_from(["", "+", "00", "tel:", "call "]))
    rest = digits
    while rest:
        size = draw(st.integers(1, 6))
        written += rest[:size] + draw(SEPARATORS)
        rest = rest[size:]
    return written + draw(st.sampled_from(["", "x", " ext. 4", "Z"])), digits


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "zip_code", "phone", "notes"]), separated_numbers(), min_size=1
    ),
    st.none() | separated_numbers(),
    st.sampled_from(sorted(WRITERS)),
    st.sampled_from(sorted(REPORTERS)),
)
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_output_contains_seven_digits_of_a_number_with_separators(
    tmp_path: Path,
    values: dict[str, tuple[str, str]],
    key: tuple[str, str] | None,
    name: str,
    output_format: str,
) -> None:
    row = {**ITEM, **{field: written for field, (written, _) in values.items()}}
    numbers = [digits for _, digits in values.values()]
    if key is not None:
        row[key[0]] = "x"
        numbers.append(key[1])
    (tmp_path / name).write_bytes(WRITERS[name]([row]).encode())
    arguments = ["check", name, "--select", "all", "--kind", "consents"]
    output = CliRunner().invoke(main, [*arguments, "--output-format", output_format]).output
    found = re.sub(r"[^0-9A-Za-z•,:\n]", "", unescaped(output))
    for digits in numbers:
        for start in range(len(digits) - 6):
            assert digits[start : start + 7] not in found


def test_ids_and_dates_are_not_masked_in_the_excerpt_of_a_form(tmp_path: Path) -> None:
    item = {**ITEM, "status": "x", "correlation_id": "02520cfa6c432f0e3ec3a38c122d428d"}
    for field in ("correlation_id", "date_of_consent"):
        broken = {**item, field: item[field] + "!"}
        (tmp_path / "a.form").write_text(urlencode([("Items", json.dumps(broken))]))
        output = CliRunner().invoke(main, ["check", "a.form", "--output-format", "full"]).output
        assert item[field].replace(":", "%3A") in output


def test_values_are_shown_on_demand(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"contact_id": "13125550142", "status": "3125550142"}')
    arguments = ["check", "a.jsonl", "--output-format", "full"]
    masked = CliRunner().invoke(main, arguments).output
    clear = CliRunner().invoke(main, [*arguments, "--show-values"]).output
    assert "13125550142" not in masked
    assert 'contact_id "13125550142" is not in E.164 format' in clear
    assert "3125550142" not in masked


def test_a_short_code_is_not_masked_in_the_excerpt(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"sender_id": "54321", "status": "x"}')
    output = CliRunner().invoke(main, ["check", "a.jsonl", "--output-format", "full"]).output
    assert '"sender_id": "54321"' in output


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
