"""Run the commands in documents, and compare what they print with what the documents show.

python scripts/run_documents.py [FILE...]             # fail if a command prints something else
python scripts/run_documents.py --update [FILE...]    # write what the commands print

A block of type `console` or `sh` is run if the mark `<!-- run -->` is above it. In `console`, "$ "
begins a command, "> " continues it, and other lines are what it prints; its exit code is 0, or that
of the mark `<!-- run: exit 1 -->` for the last command of the block. A block of type `sh` is one
script. The blocks of a document run one after the other in a new directory that has `examples/` and
`fixtures/`.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(
    r"(?P<mark><!-- run(?:: exit (?P<code>\d+))? -->\n)```(?P<kind>console|sh)\n"
    r"(?P<text>.*?)\n```\n",
    re.DOTALL,
)


class WrongExitCode(Exception):
    """A command has another exit code than the document says."""


def run(document: str) -> str:
    """Return a document with what its commands print.

    Raises:
        WrongExitCode: a command has another exit code than the document says.
    """
    with TemporaryDirectory() as folder:
        for name in ("examples", "fixtures"):
            shutil.copytree(ROOT / name, Path(folder, name))
        return BLOCK.sub(lambda match: _run_block(match, folder), document)


def _run_block(match: re.Match[str], folder: str) -> str:
    expected = int(match["code"] or 0)
    if match["kind"] == "sh":
        _run_command(match["text"], folder, expected)
        return match[0]
    lines = []
    commands = list(_commands(match["text"]))
    for command in commands:
        lines += command
        script = "\n".join(line[2:] for line in command)
        output = _run_command(script, folder, expected if command is commands[-1] else 0)
        lines += output.splitlines()
    block = "\n".join(lines)
    return f"{match['mark']}```console\n{block}\n```\n"


def _commands(text: str) -> Iterator[Sequence[str]]:
    """Yield the lines of each command of a block."""
    lines: list[str] = []
    for line in [*text.splitlines(), "$ "]:
        if line.startswith("> ") and lines:
            lines.append(line)
            continue
        if lines:
            yield lines
        lines = [line] if line.startswith("$ ") and line != "$ " else []


def _run_command(script: str, folder: str, expected: int) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "HOME": folder, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode != expected:
        raise WrongExitCode(
            f"exit code {result.returncode}, expected {expected}:\n{script}\n{result.stdout}"
        )
    return result.stdout.rstrip()


def main() -> int:
    """Run the documents, and report or write what differs."""
    update = "--update" in sys.argv[1:]
    names = [name for name in sys.argv[1:] if name != "--update"]
    failed = 0
    for path in map(Path, names or [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]):
        shown = path.read_text(encoding="utf-8")
        try:
            printed = run(shown)
        except WrongExitCode as error:
            print(f"{path}: {error}")
            failed = 1
            continue
        if update:
            path.write_text(printed, encoding="utf-8")
        elif printed != shown:
            failed = 1
            texts = (text.splitlines(keepends=True) for text in (shown, printed))
            sys.stdout.writelines(difflib.unified_diff(*texts, f"{path}", "printed"))
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
