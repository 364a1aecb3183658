"""Write generated files, or report which are stale; what the scripts that generate files share."""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_or_check(files: Mapping[Path, str | None]) -> int:
    """Write the files that differ, or with --check name them.

    Args:
        files: the text of each file by its path; None for a file that must not exist.

    Returns:
        The exit code: 1 if --check is passed and a file is stale, otherwise 0.
    """
    is_check = "--check" in sys.argv[1:]
    script = Path(sys.argv[0]).name
    stale = 0
    for path, text in files.items():
        content = None if text is None else text.encode()
        if content == (path.read_bytes() if path.exists() else None):
            continue
        if is_check:
            print(f"{path.relative_to(ROOT).as_posix()} is stale. Run: python scripts/{script}")
            stale = 1
        elif content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return stale
