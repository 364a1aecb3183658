"""Named cases of field values, and the mistakes that are common in any field."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from consentlint.cases._choices import Choices, Make

ABSENT = object()
"""The value of a field that an item does not have."""


class Case(NamedTuple):
    """A named way to fill a field, with values that are all valid or all invalid."""

    name: str
    make: Make[Any]
    is_boundary: bool = False
    """Whether the values are one edit away from the boundary between valid and invalid."""


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
        tuple(case._replace(make=matching(case.make, is_valid)) for case in valid),
        tuple(
            case._replace(make=matching(case.make, lambda value: not is_valid(value)))
            for case in invalid
        ),
    )


def matching(make: Make[Any], condition: Callable[[Any], bool]) -> Make[Any]:
    """Return the same values without those that do not meet a condition."""
    return lambda choices: choices.matching(make, condition)


def one_of(*values: object) -> Make[Any]:
    """Return one of these values."""
    return lambda choices: choices.choice(values)


def made(make: Make[Any], *changes: Callable[[Any], object]) -> Make[Any]:
    """Return values that one of these functions changes."""
    return lambda choices: choices.choice(changes)(make(choices))


def edited(make: Make[str], edit: Callable[[str, int], str]) -> Make[str]:
    """Return strings with an edit at a random index, which may exceed the length."""
    return lambda choices: edit(make(choices), choices.integer(0, 40))


def joined(template: str, *parts: Make[Any] | Sequence[object]) -> Make[str]:
    """Return a template filled with made values, or with one of some values each."""
    makes = [part if callable(part) else one_of(*part) for part in parts]
    return lambda choices: template.format(*(make(choices) for make in makes))


_LOOK_ALIKES = str.maketrans(
    {
        "0": "O",
        "1": "l",
        "5": "S",
        "9": "g",
        "-": "\N{EN DASH}",
        "+": "\N{FULLWIDTH PLUS SIGN}",
        ":": "\N{RATIO}",
        **dict(zip("aceiopsxACEHKMOPTX", "асеіорѕхАСЕНКМОРТХ", strict=True)),  # Cyrillic
    }
)
_ZEROS = "\N{FULLWIDTH DIGIT ZERO}\N{ARABIC-INDIC DIGIT ZERO}\N{DEVANAGARI DIGIT ZERO}"
_SPACES = " \t\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}"


def common_mistakes(valid: Make[str], *, is_required: bool = True) -> tuple[Case, ...]:
    """Return the cases of mistakes that are common in any field."""
    absent = (Case("missing", one_of(ABSENT)),) if is_required else ()
    return (
        *absent,
        Case("null", one_of(None)),
        Case("an empty string", one_of("")),
        # Not {"value": …}: the linter takes such a first item for the shape of the whole file.
        Case("another type", made(valid, lambda _: True, lambda v: [v], lambda v: {"raw": v})),
        Case("a surrounding space", _with_space(valid), is_boundary=True),
        Case("a trailing line break", made(valid, "{}\n".format), is_boundary=True),
        Case("a look-alike character", edited(valid, _with_look_alike), is_boundary=True),
    )


def _with_space(valid: Make[str]) -> Make[str]:
    def make(choices: Choices) -> str:
        space = choices.choice(_SPACES)
        return choices.choice(("{1}{0}", "{0}{1}")).format(valid(choices), space)

    return make


def non_ascii_digits(valid: Make[str]) -> Case:
    """Return the case of strings with one digit, or all digits, of another script."""

    def make(choices: Choices) -> str:
        text, zero = valid(choices), ord(choices.choice(_ZEROS))
        indexes = [index for index, character in enumerate(text) if character.isdigit()]
        if choices.boolean():
            indexes = indexes[: 1 + choices.integer(0, 40) % max(1, len(indexes))][-1:]
        return "".join(
            chr(zero + int(character)) if index in indexes else character
            for index, character in enumerate(text)
        )

    return Case("digits of another script", make, is_boundary=True)


def _with_look_alike(text: str, index: int) -> str:
    """Return a string with one character replaced by one that looks like it."""
    indexes = [i for i, character in enumerate(text) if ord(character) in _LOOK_ALIKES]
    if not indexes:
        return text
    return replaced(text, indexes[index % len(indexes)], lambda it: it.translate(_LOOK_ALIKES))


def with_inner_space(text: str, index: int) -> str:
    """Return a string with a space between two of its characters."""
    index = 1 + index % (len(text) - 1)
    return f"{text[:index]} {text[index:]}"


def replaced(text: str, index: int, replace: Callable[[str], str]) -> str:
    """Return a string in which one character is replaced."""
    return text[:index] + replace(text[index]) + text[index + 1 :]
