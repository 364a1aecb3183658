"""Named cases of field values. Each is a strategy for values that are all valid or all invalid."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

Values = st.SearchStrategy[object]

Value = TypeVar("Value")

ABSENT = object()
"""The value of a field that an item does not have."""


class Case(NamedTuple):
    """A named way to fill a field."""

    name: str
    values: Values
    is_boundary: bool = False
    """Whether the values are one edit away from the boundary between valid and invalid."""

    def __repr__(self) -> str:
        # Hypothesis prints the repr of what it samples from; the default is thousands of words.
        return f"<{self.name}>"


class FieldCases(NamedTuple):
    """All cases of a field, with the simplest one first, because examples shrink to it."""

    valid: tuple[Case, ...]
    invalid: tuple[Case, ...]

    def boundary(self) -> "FieldCases":
        """Return the cases near the boundary, and the simplest valid one."""
        return FieldCases(
            (self.valid[0], *(case for case in self.valid[1:] if case.is_boundary)),
            tuple(case for case in self.invalid if case.is_boundary),
        )


def field_cases(
    valid: Iterable[Case], invalid: Iterable[Case], is_valid: Callable[[object], bool]
) -> FieldCases:
    """Return cases whose values are filtered by the linter's own check.

    The filter rejects few values. It is needed because an edit may turn one valid value into
    another: in some countries, a number with a digit less is possible as well.
    """
    return FieldCases(
        tuple(case._replace(values=case.values.filter(is_valid)) for case in valid),
        tuple(
            case._replace(values=case.values.filter(lambda value: not is_valid(value)))
            for case in invalid
        ),
    )


def value_of(cases: Sequence[Case]) -> Values:
    """Return values of these cases, each with the same probability."""
    return st.sampled_from(cases).flatmap(lambda case: case.values)


def without_splicing(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Return the same values, without parts that Hypothesis copies within an example.

    Hypothesis makes five of six examples by copying parts of an example to other positions in
    it. That only repeats field values, and hides most of the variety. Hypothesis does not do
    this inside a list of unique elements.
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


def common_mistakes(valid: st.SearchStrategy[str], *, is_required: bool = True) -> tuple[Case, ...]:
    """Return the cases of mistakes that are common in any field."""
    absent = (Case("missing", st.just(ABSENT)),) if is_required else ()
    return (
        *absent,
        Case("null", st.none()),
        Case("an empty string", st.just("")),
        Case("another type", st.one_of(st.just(value=True), valid.map(in_list), valid.map(in_object))),
        Case("a surrounding space", st.builds(with_space, valid, st.sampled_from(_SPACES), st.booleans()), is_boundary=True),
        Case("a trailing line break", valid.map("{}\n".format), is_boundary=True),
        Case("a look-alike character", edited(valid, with_look_alike), is_boundary=True),
    )  # fmt: skip


def non_ascii_digits(valid: st.SearchStrategy[str]) -> Case:
    """Return the case of strings with one digit, or all digits, of another script."""
    return Case(
        "digits of another script",
        st.builds(_with_digits, valid, st.sampled_from(_ZEROS), st.none() | st.integers(0, 40)),
        is_boundary=True,
    )


def edited(
    valid: st.SearchStrategy[str], edit: Callable[[str, int], str]
) -> st.SearchStrategy[str]:
    """Return strings with an edit at a random index, which may exceed the length."""
    return st.builds(edit, valid, st.integers(0, 40))


def with_look_alike(text: str, index: int) -> str:
    """Return a string with one character replaced by one that looks like it."""
    indexes = [i for i, character in enumerate(text) if ord(character) in _LOOK_ALIKES]
    if not indexes:
        return text
    index = indexes[index % len(indexes)]
    return text[:index] + text[index].translate(_LOOK_ALIKES) + text[index + 1 :]


def in_list(value: object) -> object:
    """Return a value in an array."""
    return [value]


def in_object(value: object) -> object:
    """Return a value in an object."""
    return {"value": value}


def with_space(text: str, space: str, is_before: bool) -> str:
    """Return a string with a space before or after it."""
    return space + text if is_before else text + space


def _with_digits(text: str, zero: str, index: int | None) -> str:
    indexes = [i for i, character in enumerate(text) if character.isdigit()]
    if index is not None and indexes:
        indexes = [indexes[index % len(indexes)]]
    return "".join(
        chr(ord(zero) + int(character)) if i in indexes else character
        for i, character in enumerate(text)
    )
