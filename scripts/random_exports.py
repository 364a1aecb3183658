"""Write random files of every format, with items and text that are damaged in every way.

Nothing here imports consentlint, so that two versions of it can be compared.
"""

import gzip
import json
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import quote_plus

from random_items import ALIASES, MARK, Maker, Members

_NOT_OBJECTS = ("null", "5", "[]", "{}", '"text"', "true", "[{}]", "1.5", '""', '"{}"', '"[1]"')
_SYNTAX = (
    "{", "}", ",", "{,}", '{"a" 1}', '{"a": NaN}', '{"a": tru}', "{'a': 1}", '{"a": "\\x"}', '{"a": "',
    '{"a": 1,}', "// comment", "\x00", "}{", '{"a": 01}', '{"a": "\ud800"}', '{"status": "opt-in"',
    '{"a": -Infinity}', "Items=", "\ufeff{}", "[" * 2000, '{"a": 1e999}', '{"a": "\t"}',
)  # fmt: skip
_FREE_TEXT = ("", "x", "a b", "Zoë", "日本", "😀 ok", "1.5", "it's", "a\nb", 'say "hi"', ",", ";", "\t", "x\r\ny\r\n", "\u2028", "\x85")  # fmt: skip


class RandomFile(NamedTuple):
    """A file."""

    name: str
    content: bytes
    """Without compression."""
    items: int
    """How many items were written; damage may hide some of them."""

    def write(self, folder: Path) -> None:
        """Write the file, compressed if its name says so."""
        is_gzipped = self.name.endswith(".gz")
        content = gzip.compress(self.content, 1, mtime=0) if is_gzipped else self.content
        (folder / self.name).write_bytes(content)


class _Layout:
    """How the JSON of one file is written."""

    def __init__(self, random: Random) -> None:
        self.comma = random.choice((",", ", ", ",  "))
        self.colon = random.choice((":", ": ", " : "))
        self.opening, self.closing = random.choice((("{", "}"), ("{ ", " }")))
        self.ascii = random.random() < 0.5

    def write(self, members: Members) -> str:
        """Return members as a JSON object."""
        texts = [
            json.dumps(key, ensure_ascii=self.ascii)
            + self.colon
            + json.dumps(value, ensure_ascii=self.ascii)
            for key, value in members
        ]
        return self.opening + self.comma.join(texts) + self.closing


def _object(maker: Maker, layout: _Layout) -> str:
    random = maker.random
    if maker.is_messy() and random.random() < 0.1:
        layout = _Layout(random)
    text = layout.write(maker.members())
    if not maker.is_damaged():
        return text
    at = random.randrange(len(text))
    kind = random.random()
    if kind < 0.3:
        return random.choice(_SYNTAX)
    if kind < 0.5:
        return random.choice(_NOT_OBJECTS)
    if kind < 0.6:
        return json.dumps(text)
    if kind < 0.7:
        return text[:at] + f"\\u{ord(text[at]):04x}" + text[at + 1 :]
    if kind < 0.8:
        return text[:at] + random.choice('0123456789abc{}[],:"\\ \t') + text[at:]
    if kind < 0.9:
        return text[:at] + text[at + 1 :]
    return text + random.choice((" ", "\t", ",", "]", "x", text, "\x0b", "\xa0", "//x"))


def _json_lines(maker: Maker, count: int) -> str:
    random, layout = maker.random, _Layout(maker.random)
    end = random.choice(("\n", "\n", "\n", "\r\n", " \n"))
    as_text = random.random() < 0.05
    lines = []
    for _ in range(count):
        text = _object(maker, layout)
        lines.append((json.dumps(text) if as_text else text) + end)
        if maker.is_damaged():
            lines.append(random.choice(("\n", " \n", "\t\r\n", "\r\n", "\n\n")))
    return "".join(lines).rstrip("\r\n") if random.random() < 0.2 else "".join(lines)


def _json_document(maker: Maker, count: int) -> str:
    random, layout = maker.random, _Layout(maker.random)
    between = random.choice((",", ", ", ",\n", ",\n    ", " ,\r\n\t"))
    opening, closing = random.choice((
        ("[", "]"), ("[\n  ", "\n]\n"), ('{"Items": [', "]}"), ('{"items":[\n', "\n]\n}\n"),
        ('{"a": 1, "Items": [', '], "old": [{"contact_id": "+19"}]}'), (' \n{"Items": [', "]} "),
    ))  # fmt: skip
    as_text = random.random() < 0.15
    texts = [_object(maker, layout) for _ in range(count)]
    if as_text:
        texts = [json.dumps(text) for text in texts]
    elif random.random() < 0.1:
        texts = [json.dumps(text) if maker.is_messy() else text for text in texts]
    if maker.is_damaged():
        closing = random.choice(
            ("", "," + closing, closing + " x", closing + opening, closing[:-1])
        )
    return opening + between.join(texts) + closing


def _csv(maker: Maker, count: int) -> str:
    random = maker.random
    delimiter = random.choice((",", ",", ",", ";", "\t"))
    end = random.choice(("\n", "\n", "\r\n"))
    columns = list(maker.order)
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        columns.insert(random.randint(0, len(columns)), random.choice(("note", "name", "crm_id")))
    if maker.is_damaged():
        place = random.randrange(len(columns))
        columns[place] = random.choice(
            (*ALIASES, columns[0], columns[place].upper(), f" {columns[place]} ")
        )
    marks = maker.is_messy() and random.random() < 0.1
    empty = random.choice(columns) if maker.is_messy() and random.random() < 0.3 else None
    quoting = random.choice(("none", "none", "all", "some"))

    def cell(text: str) -> str:
        needed = any(sign in text for sign in f'{delimiter}"\r\n')
        if needed or quoting == "all" or (quoting == "some" and random.random() < 0.5):
            return '"' + text.replace('"', '""') + '"'
        return text

    rows = [delimiter.join(map(cell, columns)) + (f"{delimiter}{MARK}" if marks else "") + end]
    if maker.is_damaged() and random.random() < 0.5:
        rows[:0] = random.choice(
            ([f"sep={delimiter}{end}"], [end], [f'"sep={delimiter}"{end}'], [])
        )
    for _ in range(count):
        values = dict(maker.members())
        cells = []
        for column in columns:
            name = column.strip().lower()
            value = values.get(name, random.choice(_FREE_TEXT) if name not in values else "")
            if column == empty or value is None:
                value = ""
            cells.append(cell(value if isinstance(value, str) else json.dumps(value)))
        if marks:
            cells.append(random.choice(("", "", "", "line 3")))
        rows.append(_row(maker, cells, delimiter, end))
    return "".join(rows).rstrip("\r\n") if random.random() < 0.2 else "".join(rows)


def _row(maker: Maker, cells: list[str], delimiter: str, end: str) -> str:
    random = maker.random
    if not maker.is_damaged():
        return delimiter.join(cells) + end
    kind = random.randrange(8)
    place = random.randrange(len(cells))
    if kind == 0:
        cells = [*cells, random.choice(("", "x", cells[place]))]
    elif kind == 1:
        cells = cells[:place]
    elif kind == 2:
        cells[place] = random.choice((f'"{cells[place]}', f'{cells[place]}"', f' "{cells[place]}"', f'"{cells[place]}"x'))  # fmt: skip
    elif kind == 3:
        cells = [""] * len(cells)
    elif kind == 4:
        return delimiter.join(cells) + random.choice(
            ("\r", "\n\n", "\r\n \r\n", "\n" + delimiter * 3 + "\n")
        )
    elif kind == 5:
        cells[place] = random.choice(_FREE_TEXT)
    elif kind == 6:
        cells[place] = '"' + cells[place].strip('"') + '\nsecond line"'
    else:
        cells = cells[place:] + cells[:place]
    return delimiter.join(cells) + end


def _form(maker: Maker, count: int) -> str:
    random, layout = maker.random, _Layout(maker.random)
    pairs = []
    for _ in range(count):
        text = _object(maker, layout).encode("utf-8", "replace").decode()
        pairs.append(f"Items={quote_plus(text)}")
        if maker.is_damaged():
            pairs.append(random.choice(("", "x=1", "items=%7B%7D", "Items", "Items=", "Items=%", "Items=%FF", "Items=%7B")))  # fmt: skip
    return "&".join(pairs) + random.choice(("", "", "\n"))


_WRITERS = {
    "jsonl": (_json_lines, ("jsonl", "jsonl", "ndjson", "JSONL")),
    "json": (_json_document, ("json",)),
    "csv": (_csv, ("csv", "csv", "tsv")),
    "form": (_form, ("form",)),
}


class Damage(NamedTuple):
    """How much of a file is damaged; shares and likelihoods from 0 to 1."""

    items: float
    """Share of the items that are damaged."""
    text: float = 0.0
    """Share of those whose text is damaged, too, which may hide the items after it."""
    corrupted: float = 0.0
    """How likely single bytes of the file are corrupted."""


def random_file(seed: str, count: int, damage: Damage, form: str = "") -> RandomFile:
    """Return the file of a seed.

    Args:
        seed: decides all that is random.
        count: how many items to write.
        damage: how much of it is damaged.
        form: its format, or empty for any.
    """
    random = Random(seed)  # noqa: S311
    kind = random.choices(("consents", "contacts"), (7, 3))[0]
    form = form or random.choices(tuple(_WRITERS), (10, 10, 10, 2))[0]
    write, suffixes = _WRITERS[form]
    text = write(Maker(random, kind, damage.items, damage.text), count)
    content = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.05:
        content = b"\xef\xbb\xbf" + content
    if random.random() < damage.corrupted:
        content = _corrupted(random, content)
    name = f"{kind}-{seed}.{random.choice(suffixes)}" + (".gz" if random.random() < 0.1 else "")
    return RandomFile(name, content, count)


def _corrupted(random: Random, content: bytes) -> bytes:
    """Return content in which some bytes are changed, without regard to what they are."""
    odd = (
        b"\0",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\r",
        b"\n",
        b'"',
        b"\xc0\xaf",
        b" " * 3000,
        b"\x85",
    )
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(content) + 1)
        kind = random.randrange(6)
        if kind == 0:
            content = content[:at]
        elif kind == 1:
            content = content[:at] + random.randbytes(1) + content[at + 1 :]
        elif kind == 2:
            content = content[:at] + content[at + 2 :]
        else:
            content = content[:at] + random.choice(odd) + content[at:]
    return content
