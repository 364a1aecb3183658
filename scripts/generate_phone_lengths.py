"""Write consentlint/phone_lengths.py from the installed phonenumbers.

    python scripts/generate_phone_lengths.py          # write it
    python scripts/generate_phone_lengths.py --check  # exit 1 where it is stale

phonenumbers judges a number that begins with "+" and a known calling code by
two facts about that code alone: the lengths that its numbers may have, and the
pattern of the prefix that it strips. Both are read from its metadata here.
"""

import sys
from pathlib import Path

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

TARGET = Path(__file__).resolve().parent.parent / "consentlint" / "phone_lengths.py"

HEADER = '''"""What phonenumbers knows of each calling code: generated, do not edit.

Made by scripts/generate_phone_lengths.py, and held against phonenumbers by
tests/test_phone_numbers.py. Each calling code maps to the lengths, in digits
after the calling code, that a number may have, and to the pattern of the
national prefix that phonenumbers strips when it parses (None: it strips none).
"""

'''


def calling_codes() -> dict[int, tuple[tuple[int, ...], str | None]]:
    """Return the possible lengths and the stripped prefix of each calling code."""
    table = {}
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        assert metadata is not None, code
        general = metadata.general_desc
        overlap = set(general.possible_length) & set(general.possible_length_local_only)
        assert not overlap, (code, overlap)
        # Parsing needs two digits after the calling code.
        assert min(general.possible_length) >= 2, code
        table[code] = (tuple(general.possible_length), metadata.national_prefix_for_parsing)
    return table


def render() -> str:
    """Return the text of the module."""
    lines = [HEADER, f'PHONENUMBERS_VERSION = "{phonenumbers.__version__}"\n\n']
    lines.append("# fmt: off\nCALLING_CODES: dict[str, tuple[tuple[int, ...], str | None]] = {\n")
    for code, (lengths, prefix) in calling_codes().items():
        lines.append(f'    "{code}": ({lengths!r}, {prefix!r}),\n')
    lines.append("}\n# fmt: on\n")
    return "".join(lines)


def main() -> int:
    """Write the module, or with --check say whether it is up to date."""
    text = render()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") != text:
            print(f"{TARGET.name} is stale: run python scripts/generate_phone_lengths.py")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
