"""What a field may hold: named cases, each a strategy, on either side of the border."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

Values = st.SearchStrategy[object]

Value = TypeVar("Value")

ABSENT = object()
"""Stands for the value of a field that the item does not have."""


class Case(NamedTuple):
    """One way to fill a field."""

    name: str
    values: Values
    is_near: bool = False
    """Whether it is one edit away from the border between what is taken and what is not."""

    def __repr__(self) -> str:
        # Hypothesis shows what it has drawn from, and all of it would be thousands of words.
        return f"<{self.name}>"


class Cases(NamedTuple):
    """All ways to fill a field. The plainest comes first, for that is what shrinking ends in."""

    taken: tuple[Case, ...]
    refused: tuple[Case, ...]

    def near(self) -> "Cases":
        """Return those near the border, and the plainest that is taken."""
        return Cases(
            (self.taken[0], *(case for case in self.taken[1:] if case.is_near)),
            tuple(case for case in self.refused if case.is_near),
        )


def cases(taken: Iterable[Case], refused: Iterable[Case], takes: Callable[[object], bool]) -> Cases:
    """Return the cases of a field, held against the linter's own test of its values.

    Few values ever fail it. An edit may turn one good value into another: a digit less
    is a possible number in some countries.
    """
    return Cases(
        tuple(case._replace(values=case.values.filter(takes)) for case in taken),
        tuple(
            case._replace(values=case.values.filter(lambda value: not takes(value)))
            for case in refused
        ),
    )


def value_of(among: Sequence[Case]) -> Values:
    """Return values of these cases, all as likely as each other."""
    return st.sampled_from(among).flatmap(lambda case: case.values)


def unmixed(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Return the same values, of which no two examples share more than chance has it.

    Of six examples Hypothesis makes five by copying parts of one to other places in it. That
    only repeats what the fields hold, and hides most of what there is. It leaves alone what
    is drawn for a list of elements that must differ.
    """
    return st.lists(values, min_size=1, max_size=1, unique_by=id).map(lambda only: only[0])


_LOOK_ALIKES = str.maketrans(
    {
        "0": "O",
        "1": "l",
        "5": "S",
        "-": "\N{EN DASH}",
        "+": "\N{FULLWIDTH PLUS SIGN}",
        ":": "\N{RATIO}",
        **dict(zip("aceiopsxACEHKMOPTX", "асеіорѕхАСЕНКМОРТХ", strict=True)),  # Cyrillic
    }
)
_ZEROS = "\N{FULLWIDTH DIGIT ZERO}\N{ARABIC-INDIC DIGIT ZERO}\N{DEVANAGARI DIGIT ZERO}"
_SPACES = " \t\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}"


def spoiled(good: st.SearchStrategy[str], *, is_required: bool = True) -> tuple[Case, ...]:
    """Return what people do to texts of any field."""
    absent = (Case("missing", st.just(ABSENT)),) if is_required else ()
    return (
        *absent,
        Case("null", st.none()),
        Case("an empty text", st.just("")),
        Case("of another type", st.one_of(st.just(value=True), good.map(listed), good.map(wrapped))),
        Case("a space around it", st.builds(spaced, good, st.sampled_from(_SPACES), st.booleans()), is_near=True),
        Case("a line break after it", good.map("{}\n".format), is_near=True),
        Case("a look-alike in it", edited(good, look_alike), is_near=True),
    )  # fmt: skip


def with_digits_of_another_script(good: st.SearchStrategy[str]) -> Case:
    """Return texts of which one digit, or each, is a digit of another script than ASCII's."""
    return Case(
        "a digit of another script",
        st.builds(_in_script, good, st.sampled_from(_ZEROS), st.none() | st.integers(0, 40)),
        is_near=True,
    )


def edited(good: st.SearchStrategy[str], edit: Callable[[str, int], str]) -> st.SearchStrategy[str]:
    """Return texts with an edit at some place; the edit may count places beyond the end."""
    return st.builds(edit, good, st.integers(0, 40))


def look_alike(text: str, place: int) -> str:
    """Return a text of which one character is another that looks like it."""
    places = [at for at, each in enumerate(text) if ord(each) in _LOOK_ALIKES]
    if not places:
        return text
    at = places[place % len(places)]
    return text[:at] + text[at].translate(_LOOK_ALIKES) + text[at + 1 :]


def listed(value: object) -> object:
    """Return a value in an array."""
    return [value]


def wrapped(value: object) -> object:
    """Return a value in an object."""
    return {"value": value}


def spaced(text: str, space: str, is_before: bool) -> str:
    """Return a text with a space before it or after it."""
    return space + text if is_before else text + space


def _in_script(text: str, zero: str, place: int | None) -> str:
    places = [at for at, each in enumerate(text) if each.isdigit()]
    if place is not None and places:
        places = [places[place % len(places)]]
    return "".join(
        chr(ord(zero) + int(each)) if at in places else each for at, each in enumerate(text)
    )
