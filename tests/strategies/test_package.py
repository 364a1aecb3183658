"""The public names, the cost of importing them, and the error without Hypothesis."""

import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint import CONTACTS, reason_codes, strategies
from consentlint.model.endpoints import CONSENTS
from consentlint.model.item_types import Consent, Contact

ROOT = Path(__file__).resolve().parents[2]


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def entry_point() -> EntryPoint:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ((name, value),) = project["entry-points"]["hypothesis"].items()
    return EntryPoint(name, value, "hypothesis")


def test_the_public_names() -> None:
    assert strategies.__all__ == [
        "ExpectedFile",
        "ExpectedItem",
        "ExpectedRequest",
        "flagged_items",
        "invalid_items",
        "invalid_requests",
        "mixed_files",
        "mixed_requests",
        "near_misses",
        "valid_files",
        "valid_items",
        "valid_requests",
    ]
    assert all(hasattr(strategies, name) for name in strategies.__all__)


def test_no_strategy_builds_the_unicode_table_of_hypothesis(tmp_path: Path) -> None:
    """Hypothesis builds it in a fresh checkout, which would fail the health check for slowness."""
    code = f"""
from hypothesis import HealthCheck, configuration, given, settings
configuration.set_hypothesis_home_dir({str(tmp_path)!r})
from consentlint.strategies import mixed_requests
options = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
options(given(mixed_requests(), mixed_requests(kind="contacts"))(lambda consents, contacts: None))()
"""
    result = run(code)
    assert result.returncode == 0, result.stderr
    assert not list(tmp_path.rglob("codec-*"))


def test_without_hypothesis_the_error_says_what_to_install() -> None:
    code = "import sys; sys.modules['hypothesis'] = None; import consentlint.strategies"
    result = run(code)
    assert result.returncode == 1
    assert (
        'ImportError: consentlint.strategies needs Hypothesis. Run "pip install hypothesis", or'
        ' install consentlint with the extra "pytest".\n' in result.stderr
    )


def test_importing_the_package_does_not_load_the_strategies() -> None:
    code = """
import sys, consentlint, consentlint.model.item_types
consentlint.check_item
print([name for name in sys.modules if name in ("hypothesis", "phonenumbers", "consentlint.strategies")])
"""
    assert run(code).stdout == "[]\n"


def test_the_hypothesis_plugin_does_not_load_the_strategies() -> None:
    code = f"""
import sys
from importlib.metadata import EntryPoint
import hypothesis
EntryPoint('consentlint', {entry_point().value!r}, 'hypothesis').load()()
print([name for name in sys.modules if name in ("phonenumbers", "consentlint.strategies")])
"""
    result = run(code)
    assert result.stdout == "[]\n", result.stderr


def test_items_can_be_generated_from_their_types() -> None:
    entry_point().load()()

    @settings(max_examples=20)
    @given(st.from_type(Consent), st.from_type(Contact))
    def check(consent: Consent, contact: Contact) -> None:
        assert reason_codes(consent) == reason_codes(contact, kind=CONTACTS) == []

    check()


def test_the_types_have_the_fields_of_the_endpoints() -> None:
    for item_type, endpoint in ((Consent, CONSENTS), (Contact, CONTACTS)):
        assert tuple(item_type.__annotations__) == endpoint.fields
    assert Consent.__optional_keys__ == {"date_of_consent"}
