"""Numbers with their nouns."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless the number is one."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
