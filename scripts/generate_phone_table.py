"""Write consentlint/fields/_phone_table.py from the installed phonenumbers.

    python scripts/generate_phone_table.py          # write it
    python scripts/generate_phone_table.py --check  # exit 1 where it is stale

phonenumbers judges a number that begins with "+" and a known calling code by
facts about that code alone, which consentlint.fields._phone_metadata reads from it.
"""

import sys
from pathlib import Path

from consentlint.fields import _phone_metadata as phone_metadata
from consentlint.fields import _phone_pattern as phone_pattern

TARGET = Path(__file__).resolve().parent.parent / "consentlint" / "fields" / "_phone_table.py"

HEADER = '''"""What phonenumbers knows of each calling code: generated, do not edit.

Made by scripts/generate_phone_table.py, and held against phonenumbers by
tests/test_phone_numbers.py. Each calling code maps to the lengths, in digits
after the calling code, at which a number stands as it is, to the lengths at
which it does unless it begins with the national prefix, and to the pattern of
that prefix (None: no number is changed by it). POSSIBLE_PATTERN is the same as
a regular expression: see phone_pattern.py.
"""

'''


def render() -> str:
    """Return the text of the module."""
    table = phone_metadata.calling_codes()
    lines = [HEADER, f'PHONENUMBERS_VERSION = "{phone_metadata.version()}"\n\n']
    lines.append("# fmt: off\n")
    lines.append(
        "CALLING_CODES: dict[str, tuple[tuple[int, ...], tuple[int, ...], str | None]] = {\n"
    )
    lines.extend(f'    "{code}": {row!r},\n' for code, row in table.items())
    lines.append(f'}}\n\nPOSSIBLE_PATTERN = "{phone_pattern.pattern(table)}"\n# fmt: on\n')
    return "".join(lines)


def main() -> int:
    """Write the module, or with --check say whether it is up to date."""
    text = render()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") != text:
            print(f"{TARGET.name} is stale: run python scripts/generate_phone_table.py")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
