"""Equal ids, and equal pairs of contact and sender, have equal keys."""

from random import Random

from consentlint.fast_path.keys import id_key, id_keys, pair_key, pair_keys, sender_key

_NUMBERS = ("19999999999", "12", "999999999999999", "441234567890")


def test_letter_case_does_not_count_in_hexadecimal_ids() -> None:
    assert id_key("ab" * 16) == id_key("AB" * 16)
    assert id_key("zb" * 16) != id_key("ZB" * 16)
    assert id_key(" 1" * 16) != id_key("0123" * 8)


def test_ids_of_any_text_have_a_key() -> None:
    texts = ["", "x", "é" * 32, "\ud800", "0" * 31, "0" * 32, "0" * 33, "ab" * 15 + "a\n"]
    keys = [id_key(text) for text in texts]
    assert len({*keys}) == len(texts)
    assert all(0 <= key < 1 << 64 for key in keys)


def test_different_ids_rarely_share_a_key() -> None:
    random = Random(1)
    halves = [f"{random.getrandbits(64):016x}" for _ in range(1_000)]
    ids = {half + other for half in halves for other in (half, half[::-1], "0" * 16, halves[0])}
    ids |= {other + half for half in halves for other in ("0" * 16, halves[0])}
    ids |= {f"{number:032x}" for number in range(1, 1_000)}
    assert len({id_key(each) for each in ids}) == len(ids)


def test_keys_of_columns_are_those_of_each() -> None:
    random = Random(2)
    ids = [random.randbytes(16) for _ in range(100)]
    assert list(id_keys(b"".join(ids))) == [id_key(each.hex()) for each in ids]
    assert not id_keys(b"")
    senders = ["12345", "MG" + "0" * 32, "+18005550123", "rcs:shop"]
    pairs = pair_keys([number.encode() for number in _NUMBERS], map(sender_key, senders))
    assert list(pairs) == [
        pair_key(f"+{number}", sender) for number, sender in zip(_NUMBERS, senders, strict=True)
    ]
    assert not pair_keys([], [])


def test_keys_of_pairs_are_of_64_bits() -> None:
    for sender in map(str, range(1_000)):
        assert 1 <= sender_key(sender) < 1 << 63
        assert pair_key("+999999999999999", sender) < 1 << 64
    assert sender_key("MGAB") == sender_key("MGab")
