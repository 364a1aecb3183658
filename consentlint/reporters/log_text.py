"""Text for the log of a CI system, which reads commands from it."""


def inert(text: str) -> str:
    """Return lines of a report that are never a command of GitHub Actions.

    A command begins a line with `::`, after white space, or is `##[…]` anywhere in it.
    """
    if "::" not in text and "##[" not in text:
        return text
    lines = text.replace("##[", "# #[").split("\n")
    return "\n".join(f"./{line}" if line.lstrip().startswith("::") else line for line in lines)
