"""Make whole files by chance: of every format, most records clean, with every kind of damage.

A file comes in pieces, one a record, so that a file that shows a difference can be made
smaller by leaving pieces out.
"""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple
from urllib.parse import quote_plus

from random_records import (
    Fields,
    Style,
    damaged,
    odd_fields,
    other_layout,
    random_fields,
    random_style,
    written,
)

from consentlint.fields import iso8601
from consentlint.model.findings import Profile
from consentlint.model.settings import Settings
from consentlint.rules import DEFAULT_RULES, RULES

KINDS = ("jsonl", "csv", "json", "form")


class RandomFile(NamedTuple):
    """A file, and the options to check it with."""

    kind: str
    """Its format."""
    name: str
    pieces: tuple[bytes, ...]
    """What it holds: its start, a piece for each record, its end."""
    settings: Settings
    endpoint: str | None
    """The endpoint that the user names, if any."""

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        content = b"".join(self.pieces)
        return gzip.compress(content, 1) if self.name.endswith(".gz") else content


class _Maker:
    """Makes the pieces of one file."""

    def __init__(self, random: Random, style: Style, mess: float, damage: float) -> None:
        self.random = random
        self.style = style
        self.mess = mess
        """How likely a record is to be a trap."""
        self.damage = damage
        """How likely a trap is to be damage to the record's text."""
        self.changes = 0.0
        """How likely another style begins at a record."""
        self.keeps_order = False
        self.shuffles = False
        """Whether each record has its keys in an order of its own."""
        self.earlier: list[Fields] = []

    def is_messy(self) -> bool:
        return self.random.random() < self.mess

    def fields(self) -> Fields:
        if self.random.random() < self.changes:
            self._change_style()
        style = self.style
        if self.shuffles:
            style = style._replace(order=tuple(self.random.sample(style.order, len(style.order))))
        fields = random_fields(self.random, style)
        if self.is_messy():
            fields = odd_fields(self.random, self.style, fields, self.earlier)
        self.earlier.append(fields)
        return fields

    def _change_style(self) -> None:
        """Write the following records as another program would, with the same columns."""
        random, old = self.random, self.style
        new = random_style(random, old.now)
        if self.keeps_order:
            new = new._replace(order=old.order)
        self.style = new._replace(
            contacts=old.contacts,
            order=new.order if new.contacts == old.contacts else old.order,
            senders=old.senders,
            countries=old.countries,
            contacts_pool=old.contacts_pool,
        )

    def object(self) -> str:
        """Return a record as JSON."""
        style = self.style
        if self.is_messy() and self.random.random() < 0.3:
            style = other_layout(self.random, style)
        text = written(style, self.fields())
        if self.is_messy() and self.random.random() < self.damage:
            text = damaged(self.random, text)
        return text


def random_file(seed: int, records: int, kind: str | None = None) -> RandomFile:
    """Return the file of a seed.

    Args:
        seed: says all that is left to chance.
        records: about how many records it has.
        kind: its format, None for any.
    """
    random = Random(seed)
    now = datetime(2025, 6, 2, 15, 30, tzinfo=UTC) + timedelta(
        seconds=random.choice((0, 1, 59, 86_399, 123_456, 20_000_000))
    )
    if random.random() < 0.02:
        now = datetime(1993, 1, 1, 6, tzinfo=UTC)
    style = random_style(random, now)
    kind = kind or random.choices(KINDS, (10, 10, 10, 1))[0]
    maker = _Maker(
        random, style, random.choice((0.0, 0.01, 0.03, 0.1, 0.4)), 0.03 if kind == "json" else 0.4
    )
    maker.changes = random.choice((0, 0, 0, 2)) / max(1, records)
    maker.keeps_order = kind == "csv"
    maker.shuffles = kind != "csv" and random.random() < 0.2
    pieces = [piece.encode("utf-8", "surrogatepass") for piece in _WRITERS[kind](maker, records)]
    if random.random() < 0.05:
        pieces.insert(0, b"\xef\xbb\xbf")
    if maker.mess and random.random() < (0.1 if kind == "json" else 0.3):
        _damage(random, pieces)
    # An upper-case suffix and none tell the format as well, or its first bytes do.
    name = "records." + random.choice((kind, kind, kind, kind.upper()))
    if random.random() < 0.35:
        name += ".gz"
    return RandomFile(
        kind, name, tuple(pieces), _settings(random, style, now), _endpoint(random, style)
    )


def _endpoint(random: Random, style: Style) -> str | None:
    likely = "contacts" if style.contacts else "consents"
    return random.choices((None, likely, "contacts", "consents"), (70, 20, 1, 1))[0]


def _settings(random: Random, style: Style, now: datetime) -> Settings:
    """Return options with which most records of a style are clean."""
    rules = set(DEFAULT_RULES)
    ignored = {"date-of-consent-missing"} if "date_of_consent" not in style.order else set()
    required = {"contact_id", "correlation_id"}
    required |= set(
        ("country_iso_code zip_code" if style.contacts else "sender_id status source").split()
    )
    if random.random() < 0.9:
        ignored |= {f"invalid-{field.replace('_', '-')}" for field in required - set(style.order)}
        if len(set(style.order)) < len(style.order):
            ignored.add("duplicate-key")
        if set(style.order) & {"note", "ZIP", "x"}:
            ignored.add("unknown-field")
        if not all(sender.startswith("MG") for sender in style.senders):
            ignored.add("sender-not-messaging-service")
        if "" in style.offsets:
            ignored.add("date-of-consent-no-offset")
        if "+0200" in style.offsets:
            ignored.add("date-of-consent-unusual")
    if random.random() < 0.25:
        names = [rule.name for rule in RULES if rule.kinds]
        ignored |= set(random.sample(names, random.randint(1, 4)))
    if random.random() < 0.02:
        rules |= {random.choice(("placeholder", "contact-id-unassigned"))}
    if random.random() < 0.03:
        rules = set(random.sample(sorted(rules), random.randint(1, 6)))
    return Settings(
        iso8601.parse(f"{now:%Y-%m-%dT%H:%M:%SZ}").moment._replace(
            fraction=random.choice(("", "", "5"))
        ),
        random.choices((Profile.DOCUMENTED, Profile.LENIENT), (3, 1))[0],
        frozenset(rules - ignored),
        strict=random.random() < 0.2,
        show_values=random.random() < 0.2,
        excerpts=random.random() < 0.2,
    )


def _json_lines(maker: _Maker, records: int) -> list[str]:
    random = maker.random
    end = random.choice(("\n", "\n", "\n", "\r\n", " \n", "\t\r\n"))
    before = random.choice(("", "", "", " ", "\t"))
    as_text = random.random() < 0.1
    pieces = []
    for _ in range(records):
        text = maker.object()
        if as_text or (maker.is_messy() and random.random() < 0.05):
            text = json.dumps(text)
        line_end = end
        if maker.is_messy() and random.random() < 0.2:
            line_end = random.choice(
                ("", "\n\n", "\r", "\n \t\n", "\x0b\n", "\xa0\n", " \r\n", ",\n")
            )
        pieces.append(before + text + line_end)
    return _without_end(maker, pieces)


def _without_end(maker: _Maker, pieces: list[str]) -> list[str]:
    if pieces and maker.random.random() < 0.3:
        pieces[-1] = pieces[-1].rstrip("\r\n")
    return pieces


def _json(maker: _Maker, records: int) -> list[str]:
    random = maker.random
    between = random.choice((",", ", ", ",\n", ",\n    ", " ,\r\n\t", ",\n\n" + 30 * " "))
    start = random.choice(("[", "[\n  ", " \n[ ", '{"Items": [', '{"items":['))
    end = random.choice(("]", "\n]\n", " ] "))
    as_text = random.random() < 0.15
    style = maker.style
    if "\n" in between and random.random() < 0.5:
        indent = between[1:] + "  "
        maker.style = style._replace(
            comma="," + indent, opening="{" + indent, closing=between[1:] + "}"
        )
    pieces = []
    for number in range(records):
        text = maker.object()
        if as_text or (maker.is_messy() and random.random() < 0.1):
            text = json.dumps(text)
        comma = between if number < records - 1 else ""
        if maker.is_messy() and random.random() < 0.04:
            comma = random.choice(
                (
                    between,
                    " ",
                    ",,",
                    "\n",
                    ",\x0b",
                    ",\xa0",
                    "]",
                    ", ",
                    ",/**/",
                    ";",
                    "\r,\t",
                    ",\0",
                )
            )
        pieces.append(text + comma)
    if start[0] == "{":
        other = random.choice(
            ("", '"a": 1', f'"other": [{{"Items": [{written(style, maker.fields())}]}}]',
             f'"old": [{written(style, maker.fields())}, {written(style, maker.fields())}]')
        )  # fmt: skip
        if other and random.random() < 0.5:
            start = "{" + other + ", " + start[1:]
            other = ""
        if other:
            end = end.rstrip() + ", " + other
        if random.random() < 0.03:
            end += ', "Items": []'
        end += random.choice(("}", "\n}\n"))
    if maker.is_messy():
        end = random.choice(("", "," + end, end + " x", end + "\n" + start, end[:-1]))
    return [start, *pieces, end]


def _csv(maker: _Maker, records: int) -> list[str]:
    random = maker.random
    delimiter = random.choice((",", ",", ";", "\t"))
    end = random.choice(("\n", "\n", "\r\n"))
    columns = [column for column in maker.style.order if maker.style.order.count(column) == 1]
    extra = random.choice((0, 0, 1, 2))
    for number in range(extra):
        columns.insert(
            random.randint(0, len(columns)), random.choice(("note", f"x{number}", "name"))
        )
    if random.random() < 0.05:
        columns.append("status" if maker.style.contacts else "zip_code")
    quoting = {column: random.choice(("all", "none", "none", "none")) for column in columns}
    if random.random() < 0.3:
        quoting = dict.fromkeys(columns, random.choice(("all", "none", "some")))

    def cell(column: str, value: str) -> str:
        how = quoting[column]
        needed = any(sign in value for sign in f'{delimiter}"\r\n')
        if maker.is_messy() and random.random() < 0.1:
            how = random.choice(("all", "none", "bare", "spaced", "half"))
        if how == "bare":
            return value
        if how == "spaced":
            return random.choice((f' "{value}"', f'"{value}" ', f" {value}"))
        if how == "half":
            return random.choice((f'"{value}', f'{value}"', f'"{value}"x', f'"{value}""'))
        if how == "all" or needed or (how == "some" and random.random() < 0.5):
            return '"' + value.replace('"', '""') + '"'
        return value

    def plain_row() -> str:
        values = dict(random_fields(random, maker.style))
        return delimiter.join(str(values.get(column, "x")) for column in columns) + end

    def row(fields: Fields) -> str:
        values = dict(fields)
        cells = []
        for column in columns:
            value = values.get(column, "")
            if column not in maker.style.order:
                value = _free_text(maker, delimiter, plain_row)
            cells.append(cell(column, value if isinstance(value, str) else json.dumps(value)))
        if maker.is_messy() and random.random() < 0.05:
            cells.append(random.choice(cells))
        line_end = end
        if maker.is_messy() and random.random() < 0.1:
            line_end = random.choice(("\n", "\r\n", "\r", "\n\n", "\n" + delimiter * 3 + "\n", ""))
        text = delimiter.join(cells)
        if maker.is_messy() and random.random() < 0.1:
            text = damaged(random, text)
        return text + line_end

    header = delimiter.join(
        f'"{column}"' if random.random() < 0.1 else column for column in columns
    )
    pieces = [header + end]
    if random.random() < 0.05:
        pieces.insert(0, f"sep={delimiter}{end}")
    pieces += [row(maker.fields()) for _ in range(records)]
    return _without_end(maker, pieces)


def _free_text(maker: _Maker, delimiter: str, row: Callable[[], str]) -> str:
    """Return a cell of an unknown column."""
    random = maker.random
    if not maker.is_messy():
        return random.choice(("", "x", "a b", "Zoë", "日本", "it's", "😀 ok", "1.5"))
    return random.choice((
        f'say "{delimiter}"', "a\nb", "\n" + row(), "x\r\n" + row() + row(), delimiter, "\x7f",
        "\t", "\u2028", "\x85", "\r", '"', row()[:-5], 150 * "z", "\\", " ",
    ))  # fmt: skip


def _form(maker: _Maker, records: int) -> list[str]:
    return [
        ("&" if number else "") + f"Items={quote_plus(maker.object())}" for number in range(records)
    ]


_WRITERS = {"jsonl": _json_lines, "csv": _csv, "json": _json, "form": _form}


def _damage(random: Random, pieces: list[bytes]) -> None:
    """Change bytes anywhere in a file."""
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(pieces))
        piece = pieces[at]
        if not piece:
            continue
        place = random.randrange(len(piece))
        kind = random.random()
        if kind < 0.1:
            del pieces[at + 1 :]
            pieces[at] = piece[:place]
        elif kind < 0.4:
            pieces[at] = piece[:place] + random.randbytes(1) + piece[place + 1 :]
        elif kind < 0.6:
            odd = (b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\r", b"\n", b'"', b"\xc0\xaf", b"  ")
            pieces[at] = piece[:place] + random.choice(odd) + piece[place:]
        elif kind < 0.7:
            pieces[at] = piece[:place] + b" " * random.choice((70, 3000)) + piece[place:]
        elif kind < 0.8:
            pieces[at] = piece + piece
        else:
            pieces[at] = piece[: max(0, place - 2)] + piece[place:]
