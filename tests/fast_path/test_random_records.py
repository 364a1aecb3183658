"""Whatever a matcher proves is clean, and has the keys of what it holds."""

import json
import pickle
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

import pytest
from clean_records import NOW
from random_records import damaged, odd_fields, random_fields, random_style, written
from written_items import (
    SETTINGS,
    csv_item,
    endpoint_of,
    fields_of_object,
    fields_of_row,
    is_clean,
    json_item,
)

from consentlint.fast_path.keys import id_key, pair_key
from consentlint.fast_path.learning import learn_matcher
from consentlint.fast_path.matcher import ElementMatcher, LineMatcher
from consentlint.model.endpoints import FIELDS, SUPERSEDED_BY

pytestmark = pytest.mark.slow

_SEEDS = range(150)
_LINES = 400
_NOW = datetime.fromisoformat(NOW)
_BYTES = b'0123456789abcfZT:.-+"{},;\\ \n\r\t\0\xc3\xa9\x85\xff'

Fields = dict[str, object]
Parse = Callable[[str], Fields | None]


def _proven(matcher: LineMatcher, content: bytes, parse: Parse) -> list[Fields]:
    """Assert that what is proven of lines is true, and return what they hold."""
    lines = content.split(b"\n")
    unterminated = bool(lines.pop())
    proven = pickle.loads(pickle.dumps(matcher)).match(content)
    assert proven.count == len(lines) + unterminated
    assert proven.unproven == sorted({*proven.unproven})
    assert not unterminated or proven.unproven[-1:] == [len(lines)]
    unproven = {*proven.unproven}
    found = []
    for number, line in enumerate(lines):
        if number not in unproven:
            fields = parse(line.decode())
            assert fields is not None, line
            assert is_clean(fields), line
            found.append(fields)
    _have_keys(found, proven.ids, proven.pairs)
    return found


def _have_keys(items: Sequence[Fields], ids: Sequence[int], pairs: Sequence[int]) -> None:
    """Assert that items have these keys."""
    assert list(ids) == [id_key(str(fields["correlation_id"])) for fields in items]
    assert list(pairs) == [
        pair_key(str(fields["contact_id"]), str(fields["sender_id"]))
        for fields in items
        if "sender_id" in fields
    ]


def _object_in_line(line: str) -> Fields | None:
    return fields_of_object(line.strip(" \t\r"))


def _mutated(random: Random, line: bytes) -> bytes:
    """Return a line with a few bytes changed, put in or left out."""
    content = bytearray(line)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        at = random.randrange(len(content))
        content[at : at + random.choice((0, 1, 1))] = bytes([random.choice(_BYTES)])
    return bytes(content)


def _random_lines(random: Random, clean_lines: Sequence[str], odd: Callable[[], str]) -> bytes:
    """Return lines most of which are damaged."""
    lines = []
    for _ in range(_LINES):
        line = random.choice(clean_lines)
        kind = random.random()
        if kind < 0.3:
            lines.append(odd().encode("utf-8", "surrogatepass"))
        elif kind < 0.8:
            lines.append(_mutated(random, line.encode()))
        elif kind < 0.9:
            other = random.choice(clean_lines)
            lines.append((line[: random.randrange(len(line))] + other).encode())
        else:
            lines.append(line.encode())
    return b"".join(line + random.choice((b"\n", b"\n", b"\r\n", b" \n")) for line in lines)


def test_what_is_proven_of_random_objects_is_clean() -> None:
    assert sum(map(_proven_objects, _SEEDS)) > len(_SEEDS) * _LINES * 0.1


def _proven_objects(seed: int) -> int:
    random = Random(seed)
    style = random_style(random, _NOW)
    records = [random_fields(random, style) for _ in range(60)]
    if seed % 4 == 0:
        for record in records:
            random.shuffle(record)
    texts = [written(style, fields) for fields in records]
    lines = [text for text in texts if (fields := fields_of_object(text)) and is_clean(fields)]
    items = [json_item(line) for line in lines[:30]]
    matcher = items and learn_matcher(items, endpoint_of(items[0]), SETTINGS, "jsonl", is_clean)
    if not isinstance(matcher, LineMatcher):
        return 0

    def odd() -> str:
        one = odd_fields(random, style, random_fields(random, style), records)
        text = written(style, one)
        return damaged(random, text) if random.random() < 0.5 else text

    content = _random_lines(random, lines, odd)
    return len(_proven(matcher, content, _object_in_line))


def test_what_is_proven_of_random_rows_is_clean() -> None:
    assert sum(map(_proven_rows, _SEEDS)) > len(_SEEDS) * _LINES * 0.1


def _proven_rows(seed: int) -> int:
    random = Random(seed)
    style = random_style(random, _NOW)
    columns = [*dict.fromkeys(style.order)]
    for column in ("note", "Größe", SUPERSEDED_BY, random.choice(FIELDS)):
        if random.random() < 0.3 and column not in columns:
            columns.insert(random.randint(0, len(columns)), column)
    delimiter = random.choice(",,;\t")
    quoted = {column for column in columns if random.random() < 0.3}

    def row(values: Fields) -> str:
        cells = []
        for column in columns:
            cell = str(values.get(column, ""))
            if column not in style.order and column not in (*FIELDS, SUPERSEDED_BY):
                cell = random.choice(("", "x", "Zoë", "a b", '""' if column in quoted else ""))
            cells.append(f'"{cell}"' if column in quoted and cell else cell)
        return delimiter.join(cells)

    def parse(line: str) -> Fields | None:
        fields = fields_of_row(line, columns, delimiter)
        return None if fields is None or SUPERSEDED_BY in fields else fields

    records = [dict(random_fields(random, style)) for _ in range(60)]
    lines = [line for line in map(row, records) if (fields := parse(line)) and is_clean(fields)]
    items = [csv_item(line + "\r\n", columns, delimiter) for line in lines[:30]]
    matcher = items and learn_matcher(items, endpoint_of(items[0]), SETTINGS, "csv", is_clean)
    if not isinstance(matcher, LineMatcher):
        return 0

    def odd() -> str:
        fields = random_fields(random, style)
        values = dict(odd_fields(random, style, fields, [list(each.items()) for each in records]))
        if random.random() < 0.2:
            values[random.choice(columns)] = random.choice(("3", "x", "\u2028", "é"))
        return row(values)

    return len(_proven(matcher, _random_lines(random, lines, odd), parse))


def test_what_is_proven_of_random_elements_is_clean() -> None:
    assert sum(map(_proven_elements, _SEEDS)) > len(_SEEDS) * 40 * 10


def _proven_elements(seed: int) -> int:
    proven = 0
    random = Random(seed)
    style = random_style(random, _NOW)
    in_text = random.random() < 0.2
    records = [random_fields(random, style) for _ in range(80)]
    texts = [written(style, fields).replace("\t", "\n") for fields in records]
    texts = [json.dumps(text) if in_text else text for text in texts]
    texts = [text for text in texts if (fields := fields_of_object(text)) and is_clean(fields)]
    items = [json_item(text) for text in texts[:30]]
    matcher = items and learn_matcher(items, endpoint_of(items[0]), SETTINGS, "json", is_clean)
    if not isinstance(matcher, ElementMatcher):
        return 0
    for _ in range(40):
        at = random.randrange(len(texts))
        bad = _mutated(random, texts[at].encode()).decode(errors="replace")
        comma = random.choice((",", ", ", ",\n", " ,\r\n\t"))
        document = f"[{comma.join([*texts[:at], bad, *texts[at:]])}]é日"
        count, end, ids, pairs = matcher.match(document, 1)
        *elements, _ = json.loads(f"[{document[1:end]}null]")
        assert len(elements) == count <= len(texts)
        objects = [json.loads(one) if in_text else one for one in elements]
        assert all(map(is_clean, objects))
        assert all(fields_of_object(text) for text in (*texts[:at], bad)[:count])
        _have_keys(objects, ids, pairs)
        proven += count
    return proven
