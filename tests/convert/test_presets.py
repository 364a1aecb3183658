"""Each preset converts a made-up export of its vendor, and the linter accepts the items."""

import json
import os
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from consentlint.cli import main
from consentlint.convert.mapping import (
    PRESETS,
    ColumnMapping,
    load_mapping,
    load_preset,
    missing_options,
)
from consentlint.convert.mapping import _validator as mapping_validator
from consentlint.stub import Stub
from consentlint.stub.server import StubServer
from consentlint.text.package_data import read_data

ROOT = Path(__file__).resolve().parent.parent.parent
EXPORTS = ROOT / "examples" / "exports"
GOLDEN = Path(__file__).parent / "golden"
SENDER = "MG9752274e9e519418a7406176694466fa"
CONSTANTS = ("--set", f"sender_id={SENDER}", "--set", "source=website")
NOW = "2026-01-01T00:00:00Z"
POSTSCRIPT = ("postscript_active.csv", "postscript_unsubscribed.csv")

OPTIONS: dict[str, tuple[str, ...]] = {
    "attentive": (
        *("--status", "Subscribed=opt-in", "--status", "Unsubscribed=opt-out"),
        *(
            "--status",
            "true=opt-out",
            "--status",
            "false=leave-out",
            "--status",
            "Pending=leave-out",
        ),
    ),
    "constant-contact": ("--time-of-day", "12:00Z"),
    "omnisend": ("--timezone", "UTC"),
    "postscript": (
        *("--region", "US", "--set", f"status=opt-in:{POSTSCRIPT[0]}"),
        *("--set", f"status=opt-out:{POSTSCRIPT[1]}"),
    ),
    "salesforce-mobileconnect": ("--lost-plus", "--date-format", "MDY"),
}
"""What a preset requires of the user."""


def exports_of(preset: str) -> list[str]:
    if preset == "postscript":
        return list(POSTSCRIPT)
    name = "klaviyo" if preset.startswith("klaviyo") else preset.replace("-", "_")
    return [f"{name}.csv"]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENTLINT_ID_KEY", "a key of the tests")
    monkeypatch.chdir(EXPORTS)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_converts_the_export_of_its_vendor(
    preset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "items.jsonl"
    shutil.copytree(EXPORTS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    code, _, summary = run(
        *("convert", *exports_of(preset), "--preset", preset, "-o", output.name, "--now", NOW),
        *(*CONSTANTS, *OPTIONS.get(preset, ()), "--stable-ids"),
    )

    assert code == 0, summary
    found = output.read_text() + summary
    golden = GOLDEN / f"{preset}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(found)
    assert found == golden.read_text()
    checked, report, _ = run("check", str(output), "--now", NOW)
    assert (checked, " error " in report) == (0, False)
    items = [json.loads(line) for line in output.read_text().splitlines()]
    sent = sorted((item["contact_id"], item["status"]) for item in items)
    assert sorted(stored_by_submit(output, monkeypatch)) == sent


def stored_by_submit(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return the contact and the status of each item that the stub stores when a file is submitted."""
    stub = Stub()
    with StubServer(stub) as server:
        monkeypatch.setenv("CONSENTLINT_BASE_URL", server.url)
        monkeypatch.setenv("XDG_STATE_HOME", str(path.parent / "state"))
        monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC0")
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", "sesame")
        code, output, errors = run("submit", str(path), "--yes")
    assert code == 0, output + errors
    return [
        (str(item["contact_id"]), str(item["status"]))
        for request in stub.received
        for item, result in zip(request.items, request.response_items, strict=True)
        if not result.error_messages
    ]


@pytest.mark.parametrize("preset", PRESETS)
def test_inspect_recognizes_the_export_of_a_vendor(preset: str) -> None:
    code, report, _ = run("convert", *exports_of(preset), "--inspect")
    assert code == 0
    assert f"--preset {preset}" in report


@pytest.mark.parametrize("preset", PRESETS)
def test_a_mapping_that_is_written_for_a_preset_is_valid(preset: str, tmp_path: Path) -> None:
    path = str(tmp_path / "m.toml")
    export = exports_of(preset)[0]
    assert run("convert", export, "--preset", preset, "--inspect", "--write-mapping", path)[0] == 0
    written, given = load_mapping(path), load_preset(preset)
    scalars = [key for key in given if not isinstance(given[key], dict)]
    assert [written[key] for key in scalars] == [given[key] for key in scalars]
    assert dict(ColumnMapping.of(written).columns) == dict(ColumnMapping.of(given).columns)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_a_mapping_with_facts_about_the_export(preset: str) -> None:
    document = tomllib.loads(read_data("convert", "presets", f"{preset}.toml"))
    about = document.pop("preset")
    assert list(mapping_validator().iter_errors(document)) == []
    assert about.pop("name") == preset
    assert set(about) <= {"title", "about", "detect", "optional", "requires", "may_need", "notes"}
    assert {"title", "about", "detect"} <= set(about)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_never_decides_the_sender_or_the_source(preset: str) -> None:
    missing = "\n".join(missing_options(load_preset(preset)))
    assert "sender_id=MG" in missing
    assert "Twilio Console" in missing
    assert "source=WORD" in missing


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_reads_no_column_of_another_channel(preset: str) -> None:
    mapping = ColumnMapping.of(load_preset(preset))
    names = [name.casefold() for names in mapping.columns.values() for name in names]
    assert not [name for name in names if "mail" in name or "whatsapp" in name]


def test_every_preset_is_listed() -> None:
    files = (ROOT / "consentlint/convert/presets").glob("*.toml")
    assert sorted(file.stem for file in files) == list(PRESETS)


def test_klaviyo_asks_which_consent_is_meant() -> None:
    code, _, message = run(
        "convert", *exports_of("klaviyo-marketing"), "--preset", "klaviyo", "-o", "-"
    )
    assert code == 2
    assert "--preset klaviyo-marketing or --preset klaviyo-transactional" in message


@pytest.mark.parametrize(
    "file", sorted((ROOT / "examples/mappings").glob("*.toml")), ids=lambda file: file.stem
)
def test_an_example_of_a_mapping_is_valid_and_leaves_sender_and_source_to_the_user(
    file: Path,
) -> None:
    missing = "\n".join(missing_options(load_mapping(str(file))))
    assert "sender_id=MG" in missing
    assert "source=WORD" in missing
