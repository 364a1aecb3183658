"""Build the wheel and the sdist twice, in different places and at different times, and compare them.

    python scripts/compare_builds.py        # exit 1 if they differ

It needs the package `build`, and a package index unless hatchling is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Any date will do, if both builds have the same.
EPOCH = "1750000000"


def copy(target: Path) -> None:
    """Copy the files of this tree that git does not ignore, with new dates."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(names).split("\0")):
        source = ROOT / name
        if not os.path.lexists(source):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target / name, follow_symlinks=False)


def build(folder: Path, umask: int) -> dict[str, str]:
    """Return the digest of each file that is built from a copy."""
    source, output = folder / "source", folder / "dist"
    copy(source)
    command = [sys.executable, "-m", "build", "--outdir", str(output), str(source)]
    if find_spec("hatchling"):
        command.append("--no-isolation")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(command, env=environment, check=True, umask=umask, stdout=subprocess.DEVNULL)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in output.iterdir()}


def main() -> int:
    """Print what is built, and whether it is the same."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first = build(Path(one), 0o022)
        second = build(Path(other) / "elsewhere", 0o077)
    for name in sorted({*first, *second}):
        is_same = first.get(name) == second.get(name)
        print(f"{'same' if is_same else 'DIFFERENT'}  {first.get(name)}  {name}")
    return int(first != second)


if __name__ == "__main__":
    raise SystemExit(main())
