"""The language server tells an editor what `check` would report for the text in it."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from click.testing import CliRunner
from editor import SERVER, Editor, at, connected, whole
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities
from sample_items import CONSENT, CONTACT

from consentlint.cli import main

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FILES = sorted(
    path for path in FIXTURES.rglob("*.*") if path.suffix in (".json", ".jsonl", ".csv", ".form")
)
HEADER = ",".join(CONSENT)
ROW = ",".join(CONSENT.values())
NUMBER = "12025550178"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_lsp.fixture(config=SERVER, scope="module")
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    capabilities = client_capabilities("visual-studio-code")
    await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities))
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient, tmp_path: Path) -> Editor:
    client.messages.clear()
    return Editor(client, tmp_path)


def consents(*changes: dict[str, object]) -> str:
    """Return a JSON file of consents with these changes, one item a line."""
    items = []
    for number, change in enumerate(changes):
        base = {
            **CONSENT,
            "contact_id": f"+1415555{number:04d}",
            "correlation_id": f"{number:032x}",
        }
        items.append(json.dumps({**base, **change}, ensure_ascii=False))
    return "[\n" + ",\n".join(items) + "\n]\n"


def units(text: str) -> int:
    """Return how many UTF-16 code units a text has."""
    return len(text.encode("utf-16-le")) // 2


def reported(path: Path, *options: str) -> list[dict[str, Any]]:
    """Return what `check` reports."""
    arguments = ["check", str(path), "--output-format", "json", *options]
    findings: list[dict[str, Any]] = json.loads(CliRunner().invoke(main, arguments).stdout)[
        "findings"
    ]
    return findings


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
async def test_diagnostics_are_the_findings_of_check(editor: Editor, file: Path) -> None:
    text, findings = file.read_bytes().decode(), reported(file)
    lines = text.split("\n")
    editor.folder = file.parent
    shown = await editor.open(file.name, text)
    assert [(each.code, each.message) for each in shown] == [
        (each["rule"], each["message"]) for each in findings
    ]
    for each, finding in zip(shown, findings, strict=True):
        for position, prefix in ((each.range.start, ""), (each.range.end, "end_")):
            line, column = finding[f"{prefix}line"], finding[f"{prefix}column"]
            assert position == types.Position(line - 1, units(lines[line - 1][: column - 1]))
        assert str(each.severity).lower().endswith(finding["severity"])
        assert each.source == "consentlint"


async def test_columns_count_utf_16_units(editor: Editor) -> None:
    text = consents({}).replace("{", '{"😀é": 1, ')
    text = text.replace('"opt-in"', '"Opt In"')
    diagnostics = await editor.open("a.json", text)
    (found,) = [each for each in diagnostics if each.code == "invalid-status"]
    line = text.splitlines()[1]
    start = line.index('"Opt In"') + 1
    assert found.range == at(1, start, start + len('"Opt In"'))


async def test_columns_count_what_the_editor_asks_for(tmp_path: Path) -> None:
    text = '[{"😀": 1, "contact_id": "x", "zip_code": ""}]'
    starts = {}
    for encoding in ("utf-8", "utf-16", "utf-32"):
        general = types.GeneralClientCapabilities(position_encodings=[encoding])
        async with connected(types.ClientCapabilities(general=general)) as client:
            editor = Editor(client, tmp_path)
            diagnostics = await editor.open("contacts.json", text)
        starts[encoding] = {
            each.range.start.character for each in diagnostics if each.code == "invalid-contact-id"
        }
    index = text.index('"x"')
    assert starts == {"utf-8": {index + 3}, "utf-16": {index + 1}, "utf-32": {index}}


async def test_a_byte_order_mark_and_crlf_move_nothing(editor: Editor) -> None:
    text = f"\ufeff{HEADER}\r\n{ROW}\r\n{ROW.replace('opt-in', 'Opt In')}\r\n"
    diagnostics = await editor.open("a.csv", text)
    (found,) = [each for each in diagnostics if each.code == "invalid-status"]
    start = ROW.index("opt-in")
    assert found.range == at(2, start, start + len("Opt In"))


async def test_the_text_in_the_editor_counts_and_not_the_file(editor: Editor) -> None:
    (editor.folder / "a.json").write_text(consents({"status": "on disk"}))
    (found,) = await editor.open("a.json", consents({"status": "Opt In"}))
    assert '"Opt In"' in found.message
    (found,) = await editor.open("no-such-file.json", consents({"source": "fax"}))
    assert found.code == "invalid-source"


async def test_a_change_is_checked_after_a_pause(editor: Editor) -> None:
    text = consents({"status": "opt-in"})
    assert not await editor.open("a.json", text)
    start = text.splitlines()[1].index("opt-in")
    for word in ("o", "op", "opt"):
        editor.send_change(
            "a.json",
            types.TextEdit(at(1, start, start + 6 if word == "o" else start + len(word) - 1), word),
        )
    (found,) = await editor.published("a.json")
    assert found.range == at(1, start - 1, start + 4)
    assert '"opt"' in found.message


async def test_a_change_after_an_unusual_line_end_is_where_the_editor_says(editor: Editor) -> None:
    text = consents({"note": "a\u2028b\x85c"}, {})
    await editor.open("a.json", text)
    start = text.split("\n")[2].index("opt-in")
    diagnostics = await editor.change("a.json", types.TextEdit(at(2, start, start + 6), "Opt In"))
    assert [each.range for each in diagnostics if each.code == "invalid-status"] == [
        at(2, start - 1, start + 7)
    ]
    # Programs disagree about such lines, so nothing is offered that might change another place.
    assert await editor.actions("a.json", whole()) == []


async def test_broken_json_is_one_finding_until_it_is_fixed(editor: Editor) -> None:
    (found,) = await editor.open("a.json", '[\n{"contact_id": "+14155552671",}\n]')
    assert (found.code, found.range.start.line) == ("file-malformed", 1)
    text = '[\n{"contact_id": "+14155552671"}\n]'
    edit = types.TextEdit(at(1, len(text.splitlines()[1]) - 1, len(text.splitlines()[1])), "")
    diagnostics = await editor.change("a.json", edit)
    assert "file-malformed" not in {each.code for each in diagnostics}


async def test_a_closed_document_has_no_diagnostics(editor: Editor) -> None:
    assert await editor.open("a.json", consents({"status": "x"}))
    assert not await editor.close("a.json")
    assert await editor.hover("a.json", 1, 5) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name": "x", "version": "1.0.0", "status": "x"}'),
        (
            "consents-file.json",
            '{"$schema": "https://json-schema.org/draft/2020-12/schema", "contact_id": 1}',
        ),
        ("new.json", ""),
        ("new.csv", "\n"),
    ],
)
async def test_a_file_without_records_has_no_diagnostics(
    editor: Editor, name: str, text: str
) -> None:
    assert not await editor.open(name, text)
    assert editor.client.messages == []


async def test_a_language_that_cannot_hold_records_is_not_checked(editor: Editor) -> None:
    editor.send_open("a.py", 'item = {"contact_id": "x", "status": "x"}', "python")
    # The next diagnostics are those of the other document.
    assert await editor.open("a.json", consents({"status": "x"}))
    assert editor.uri("a.py") not in editor.client.diagnostics


async def test_a_document_without_a_suffix_is_checked_if_the_editor_knows_its_language(
    editor: Editor,
) -> None:
    assert await editor.open("Untitled-1", consents({"status": "x"}), "json")
    assert await editor.open("Untitled-2", f"{HEADER}\n{ROW}x\n", "csv (semicolon)")


async def test_a_text_of_more_than_5_mb_is_not_checked_and_the_user_learns_it_once(
    editor: Editor,
) -> None:
    text = consents({"status": "x", "padding": "x" * 6_000_000})
    assert not await editor.open("big.json", text)
    (message,) = editor.client.messages
    assert message.type is types.MessageType.Info
    assert message.message == (
        "big.json has more than 5 MB, so consentlint doesn't check it in the editor. Run consentlint check."
    )
    assert not await editor.change("big.json", types.TextEdit(at(0, 0, 0), " "))
    assert len(editor.client.messages) == 1
    assert not await editor.open("other.json", json.dumps({"x": "x" * 6_000_000}))
    assert len(editor.client.messages) == 1


async def test_not_more_than_a_thousand_findings_are_shown(editor: Editor) -> None:
    text = f"{HEADER}\n" + "".join(f"{ROW}\n" for _ in range(1_501))
    diagnostics = await editor.open("a.csv", text)
    assert len(diagnostics) == 1_001
    total = len(reported_text(editor.folder / "a.csv", text))
    assert (
        diagnostics[-1].message
        == f"Not shown: {total - 1_000:,} more findings. To see all, run consentlint check."
    )
    assert diagnostics[-1].severity is types.DiagnosticSeverity.Information


async def test_numbers_are_masked_in_all_that_is_shown(editor: Editor) -> None:
    text = consents(
        {"contact_id": f"+1 {NUMBER[1:4]} 555 0178"},
        {"date_of_consent": f"tel {NUMBER}"},
        {NUMBER: 1},
    )
    diagnostics = await editor.open("a.json", text)
    assert len(diagnostics) == 3
    actions = await editor.actions("a.json", whole())
    assert actions
    shown = [each.message for each in diagnostics] + [each.title for each in actions]
    for line, found in enumerate(diagnostics, 1):
        shown.append(await editor.hover("a.json", line, found.range.start.character + 1))
    assert not [each for each in shown if NUMBER in re.sub("[^0-9]", "", each)]


@pytest.mark.parametrize(
    ("name", "text", "line", "value"),
    [
        ("a.json", consents({}), 1, "website"),
        ("a.json", json.dumps([json.dumps(CONSENT)]), 0, "website"),
        ("a.jsonl", json.dumps(CONSENT), 0, "website"),
        ("a.csv", f"\ufeff{HEADER}\r\n{ROW}\r\n", 0, "source"),
        ("a.csv", f'\ufeffemoji,{HEADER}\r\n"😀,",{ROW}\r\n', 1, "website"),
        ("a.tsv", f"{HEADER}\n{ROW}".replace(",", "\t"), 1, "website"),
    ],
)
async def test_a_field_is_described_from_the_schema(
    editor: Editor, name: str, text: str, line: int, value: str
) -> None:
    await editor.open(name, text)
    before = text.split("\n")[line].partition(value)[0]
    shown = await editor.hover(name, line, units(before) + 2)
    assert shown.startswith("**Source** (`source`)\n\nHow the consent was given or withdrawn.")
    assert "\n- `website`: On a web page or in an app.\n" in shown


async def test_other_keys_and_columns_are_not_described(editor: Editor) -> None:
    text = json.dumps({**CONSENT, "other": "x"})
    await editor.open("a.json", text)
    assert await editor.hover("a.json", 0, text.index('"other"') + 2) == ""
    await editor.open("a.csv", f"other,{HEADER}\nx,{ROW}\n")
    assert await editor.hover("a.csv", 1, 0) == ""
    assert await editor.hover("a.csv", 9, 0) == ""


async def test_an_invalid_value_is_explained_by_its_rule(editor: Editor) -> None:
    text = consents({"status": "Opt In"})
    (found,) = await editor.open("a.json", text)
    shown = await editor.hover("a.json", 1, found.range.start.character + 1)
    assert shown.startswith("**Status** (`status`)")
    assert "**invalid-status**: The `status` is not exactly `opt-in` or `opt-out`." in shown


async def test_a_safe_fix_is_offered_at_its_finding(editor: Editor) -> None:
    text = consents({"status": "Opt In"}, {"source": "Website"})
    (status, source) = await editor.open("a.json", text)
    (action, everything) = await editor.actions("a.json", status.range)
    assert (action.title, action.kind) == ('Write "opt-in".', types.CodeActionKind.QuickFix)
    assert action.is_preferred
    assert list(action.diagnostics or ()) == [status]
    assert editor.edited("a.json", action.edit) == text.replace("Opt In", "opt-in")
    assert (everything.title, everything.kind) == (
        "Apply all safe fixes",
        "source.fixAll.consentlint",
    )
    assert (await editor.actions("a.json", source.range))[0].title == 'Write "website".'


async def test_an_editor_gets_only_the_kind_of_actions_that_it_asks_for(editor: Editor) -> None:
    await editor.open("a.json", consents({"status": "Opt In"}))
    for only, count in (
        (["quickfix"], 1),
        (["source"], 1),
        (["source.fixAll"], 1),
        (["source.fixAll.consentlint"], 1),
        (["source.fixAll.other"], 0),
        (["refactor"], 0),
    ):
        assert len(await editor.actions("a.json", whole(), only)) == count, only


async def test_an_unsafe_fix_says_so_and_is_not_part_of_all(editor: Editor) -> None:
    (editor.folder / "consentlint.toml").write_text('time-of-day = "12:00:00Z"')
    text = consents({"date_of_consent": "2025-06-02"}, {"status": "Opt In"})
    diagnostics = await editor.open("a.json", text)
    (action,) = await editor.actions("a.json", diagnostics[0].range, ["quickfix"])
    assert action.title.startswith("Unsafe fix: ")
    assert not action.is_preferred
    assert editor.edited("a.json", action.edit) == text.replace(
        '2025-06-02"', '2025-06-02T12:00:00Z"'
    )
    assert await editor.fix_all("a.json") == text.replace("Opt In", "opt-in")


async def test_a_missing_id_gets_a_new_one(editor: Editor) -> None:
    text = consents({"correlation_id": None})
    (found,) = await editor.open("a.json", text)
    (action, _) = await editor.actions("a.json", found.range)
    (item,) = json.loads(editor.edited("a.json", action.edit))
    assert len(item["correlation_id"]) == 32


async def test_an_action_after_a_change_is_for_the_changed_text(editor: Editor) -> None:
    text = consents({"status": "Opt In"})
    await editor.open("a.json", text)
    editor.send_change("a.json", types.TextEdit(at(0, 0, 0), "\n\n"))
    assert await editor.fix_all("a.json") == "\n\n" + text.replace("Opt In", "opt-in")
    (found,) = editor.client.diagnostics[editor.uri("a.json")]
    assert found.range.start.line == 3


async def test_an_editor_that_knows_no_versions_gets_plain_edits(tmp_path: Path) -> None:
    text = consents({"status": "Opt In"})
    async with connected(types.ClientCapabilities()) as client:
        editor = Editor(client, tmp_path)
        await editor.open("a.json", text)
        actions = await editor.actions("a.json", whole())
        assert [editor.edited("a.json", each.edit) for each in actions] == [
            text.replace("Opt In", "opt-in")
        ] * 2
        assert all(each.edit and each.edit.document_changes is None for each in actions)


async def test_the_nearest_configuration_applies_and_is_read_again_on_save(editor: Editor) -> None:
    folder = editor.folder
    (folder / "consentlint.toml").write_text('ignore = ["invalid-source"]')
    (folder / "old").mkdir()
    text = consents({"status": "Opt In", "source": "fax"})
    assert [each.code for each in await editor.open("a.json", text)] == ["invalid-status"]
    (folder / "consentlint.toml").write_text(
        'exclude = ["a.json"]\n[per-file-ignores]\n"old/" = "invalid-status"'
    )
    assert not await editor.save("a.json")
    assert [each.code for each in await editor.open("old/b.json", text)] == ["invalid-source"]
    (folder / "old" / "consentlint.toml").write_text(
        'kind = "contacts"\nselect = ["unknown-field"]'
    )
    assert {each.code for each in await editor.save("old/b.json")} == {"unknown-field"}


async def test_an_invalid_configuration_is_shown_once(editor: Editor) -> None:
    (editor.folder / "consentlint.toml").write_text("stict = true")
    assert not await editor.open("a.json", consents({"status": "x"}))
    assert not await editor.save("a.json")
    (message,) = editor.client.messages
    assert message.type is types.MessageType.Error
    assert message.message.endswith(
        'consentlint.toml: unknown option "stict". Did you mean "strict"?'
    )
    (editor.folder / "consentlint.toml").write_text("strict = true")
    assert await editor.save("a.json")


async def test_what_a_baseline_allows_is_not_shown(editor: Editor) -> None:
    text = consents({"status": "x"}, {"status": "y"}, {"source": "z"})
    (editor.folder / "a.json").write_text(text)
    (editor.folder / "consentlint.toml").write_text('baseline = "baseline.json"')
    allowed = {"version": 1, "files": {"a.json": {"invalid-status": 2}}}
    (editor.folder / "baseline.json").write_text(json.dumps(allowed))
    assert [each.code for each in await editor.open("a.json", text)] == ["invalid-source"]
    assert len(reported(editor.folder / "a.json")) == 3


async def test_a_contact_is_checked_as_one(editor: Editor) -> None:
    (found,) = await editor.open("a.json", json.dumps([{**CONTACT, "zip_code": "1"}]))
    assert found.code == "invalid-zip-code"


def reported_text(path: Path, text: str) -> list[dict[str, Any]]:
    path.write_text(text, encoding="utf-8")
    return reported(path)
