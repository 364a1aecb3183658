"""Write consentlint/fields/_phone_table.py from the installed phonenumbers.

    python scripts/generate_phone_table.py          # write it
    python scripts/generate_phone_table.py --check  # exit 1 if it is stale

The status of a number depends on facts about its calling code alone: see
consentlint/fields/_calling_code.py.
"""

from pathlib import Path

from generated import write_or_check

from consentlint.fields import _phone_metadata as phone_metadata
from consentlint.fields import _phone_pattern as phone_pattern

TARGET = Path(__file__).resolve().parent.parent / "consentlint" / "fields" / "_phone_table.py"

HEADER = '''"""The facts about each calling code: generated, do not edit.

scripts/generate_phone_table.py writes this module from the metadata of phonenumbers, and
scripts/compare_phone_numbers.py compares the two. The values of CALLING_CODES are the
arguments of _calling_code.CallingCode, or None if phonenumbers must be asked.
_phone_pattern makes POSSIBLE_PATTERN from the same facts.
"""

'''

ROW = "tuple[tuple[int, ...], tuple[int, ...], str | None, str | None, str | None]"


def render() -> str:
    """Return the text of the module."""
    table = phone_metadata.calling_codes()
    lines = [HEADER, f'PHONENUMBERS_VERSION = "{phone_metadata.version()}"\n\n']
    lines.append("# fmt: off\n")
    lines.append(f"CALLING_CODES: dict[str, {ROW} | None] = {{\n")
    lines.extend(f'    "{code}": {facts and tuple(facts)!r},\n' for code, facts in table.items())
    lines.append(f'}}\n\nPOSSIBLE_PATTERN = "{phone_pattern.pattern(table)}"\n# fmt: on\n')
    return "".join(lines)


def main() -> int:
    """Write the file, or check that it is up to date with --check."""
    return write_or_check({TARGET: render()})


if __name__ == "__main__":
    raise SystemExit(main())
