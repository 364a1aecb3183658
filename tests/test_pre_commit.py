"""The pre-commit hooks check records, and leave other files alone."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")


def setting(hook: str, name: str) -> str:
    """Return a setting of a hook, without a parser of YAML, which may be missing."""
    text = HOOKS.partition(f"- id: {hook}\n")[2].partition("\n- id:")[0]
    found = re.search(rf"^  {name}: (.*)$", text, re.MULTILINE)
    assert found is not None
    return found[1]


def hook_for(path: str) -> list[str]:
    """Return the hooks that pre-commit would run on a file."""
    hooks = []
    for kind in ("consents", "contacts"):
        hook = f"consentlint-{kind}"
        excluded = kind == "contacts" and re.search(setting(hook, "exclude"), path)
        if re.search(setting(hook, "files"), path) and not excluded:
            hooks.append(kind)
    return hooks


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("exports/subscribers.csv", ["consents"]),
        ("Consents.JSON", ["consents"]),
        ("a/consent-records.jsonl.gz", ["consents"]),
        ("opt_outs.csv", ["consents"]),
        ("sms-optin-2025.tsv", ["consents"]),
        ("contact_consents.csv", ["consents"]),
        ("contacts_subscribers.csv", ["consents"]),
        ("contacts.csv", ["contacts"]),
        ("consents/contacts.csv", ["contacts"]),
        ("locales/en/contact.json", ["contacts"]),
        ("package.json", []),
        ("options.json", []),
        ("adopting.json", []),
        ("consent.py", []),
        ("consents/readme.csv", []),
    ],
)
def test_a_hook_is_run_on_files_with_a_name_of_records(path: str, kinds: list[str]) -> None:
    assert hook_for(path) == kinds


@pytest.mark.parametrize("kind", ["consents", "contacts"])
def test_a_hook_that_fixes_is_like_the_one_that_checks(kind: str) -> None:
    checks, fixes = f"consentlint-{kind}", f"consentlint-{kind}-fix"
    assert setting(fixes, "entry") == f"{setting(checks, 'entry')} --fix"
    for name in ("files", "language", "require_serial"):
        assert setting(fixes, name) == setting(checks, name)
    if kind == "contacts":
        assert setting(fixes, "exclude") == setting(checks, "exclude")


@pytest.mark.skipif(sys.platform == "win32", reason="links need privileges")
def test_the_file_without_a_dot_leads_to_the_hooks() -> None:
    assert (ROOT / "pre-commit-hooks.yaml").read_text(encoding="utf-8") == HOOKS


@pytest.mark.skipif(
    not (shutil.which("pre-commit") and shutil.which("git")), reason="needs pre-commit and git"
)
def test_pre_commit_passes_good_and_other_files_and_fails_bad_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    # The same hooks, but with this interpreter: nothing is downloaded.
    command = f"entry: {sys.executable} -m consentlint check"
    hooks = HOOKS.replace("entry: consentlint check", command).replace(
        "language: python", "language: system"
    )
    # The hooks that fix files are for those who do not use the others.
    hooks = hooks.partition("# These write")[0]
    indented = "".join(f"      {line}\n" for line in hooks.splitlines())
    Path(".pre-commit-config.yaml").write_text(f"repos:\n  - repo: local\n    hooks:\n{indented}")
    Path("consentlint.toml").write_text('exclude = ["old/"]\n')
    Path(".gitignore").write_text("cache/\n")
    (tmp_path / "locales/en").mkdir(parents=True)
    (tmp_path / "old").mkdir()
    shutil.copy(ROOT / "fixtures/export/subscribers.csv", "subscribers.csv")
    shutil.copy(ROOT / "fixtures/export/contacts.csv", "contacts.csv")
    shutil.copy(ROOT / "tests/cases/J18.json", "locales/en/contact.json")
    shutil.copy(ROOT / "fixtures/with_errors/subscribers.csv", "old/subscribers.csv")
    run = ["pre-commit", "run", "--all-files"]
    environment = {"GIT_CONFIG_GLOBAL": "/dev/null", "PYTHONPATH": str(ROOT)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "-A"], check=True)
    good = subprocess.run(run, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout
    assert good.stdout.count("Passed") == 2

    shutil.copy(ROOT / "fixtures/with_errors/subscribers.csv", "opt-ins.csv")
    shutil.copy(ROOT / "fixtures/invalid/INVALID_ZIP_CODE/items.jsonl", "contacts.jsonl")
    subprocess.run(["git", "add", "-A"], check=True)
    bad = subprocess.run(run, capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert bad.stdout.count("Failed") == 2
    for name in ("opt-ins.csv", "contacts.jsonl"):
        assert re.search(rf"^{name}:", bad.stdout, re.MULTILINE)
    assert not re.search(r"^(subscribers.csv|contacts.csv|locales|old)", bad.stdout, re.MULTILINE)
