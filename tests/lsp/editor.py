"""An editor, for tests: a client of pytest-lsp that keeps the texts of its documents."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from editing import apply_edits
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

PUBLISH = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
# What is in the environment of the tests, such as PYTHONPATH, is for the server, too.
SERVER = ClientServerConfig(
    server_command=[sys.executable, "-m", "consentlint", "server"],
    server_env=dict(os.environ),
)


@asynccontextmanager
async def connected(
    capabilities: types.ClientCapabilities, config: ClientServerConfig = SERVER
) -> AsyncIterator[LanguageClient]:
    """Start a server, connect to it, and end it."""
    client = await config.start()
    assert isinstance(client, LanguageClient)
    await client.initialize_session(types.InitializeParams(capabilities=capabilities))
    yield client
    await client.shutdown_session()
    await client.stop()


class Editor:
    """Opens, changes and saves documents.

    Args:
        client: the connection to a server.
        folder: where the documents are.
    """

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def send_open(self, name: str, text: str, language: str = "") -> None:
        language = language or Path(name).suffix[1:]
        self.texts[name], self.versions[name] = text, 1
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def open(self, name: str, text: str, language: str = "") -> Sequence[types.Diagnostic]:
        self.send_open(name, text, language)
        return await self.published(name)

    async def change(self, name: str, *edits: types.TextEdit) -> Sequence[types.Diagnostic]:
        """Apply edits that refer to the present text, one after the other from the end."""
        self.send_change(name, *edits)
        return await self.published(name)

    def send_change(self, name: str, *edits: types.TextEdit) -> None:
        self.texts[name] = apply_edits(self.texts[name], edits)
        self.versions[name] += 1
        changes = [
            types.TextDocumentContentChangePartial(edit.range, edit.new_text) for edit in edits
        ]
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(
                    uri=self.uri(name), version=self.versions[name]
                ),
                changes,
            )
        )

    async def save(self, name: str) -> Sequence[types.Diagnostic]:
        identifier = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier))
        return await self.published(name)

    async def close(self, name: str) -> Sequence[types.Diagnostic]:
        identifier = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))
        return await self.published(name)

    async def published(self, name: str) -> Sequence[types.Diagnostic]:
        # A server that fails would let a test wait for ever.
        async with asyncio.timeout(60):
            await self.client.wait_for_notification(PUBLISH)
        return self.client.diagnostics[self.uri(name)]

    async def hover(self, name: str, line: int, character: int) -> str:
        """Return the shown Markdown, empty if nothing is shown."""
        shown = await self.client.text_document_hover_async(
            types.HoverParams(
                types.TextDocumentIdentifier(self.uri(name)), types.Position(line, character)
            )
        )
        if shown is None:
            return ""
        assert isinstance(shown.contents, types.MarkupContent)
        return shown.contents.value

    async def actions(
        self, name: str, where: types.Range, only: Sequence[str] | None = None
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only)
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(self.uri(name)), where, context)
        )
        actions = [action for action in found or () if isinstance(action, types.CodeAction)]
        assert len(actions) == len(found or ())
        return actions

    async def fix_all(self, name: str) -> str:
        """Return the text with the edits of the action that fixes all."""
        kind = types.CodeActionKind.SourceFixAll
        (action,) = await self.actions(name, whole(), [kind])
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        return self.edited(name, action.edit)

    def edited(self, name: str, edit: types.WorkspaceEdit | None) -> str:
        """Return the text of a document with an edit of the server."""
        assert edit is not None
        if edit.changes is not None:
            return apply_edits(self.texts[name], edit.changes[self.uri(name)])
        (change,) = edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.uri == self.uri(name)
        assert change.text_document.version == self.versions[name]
        edits: list[Any] = list(change.edits)
        return apply_edits(self.texts[name], edits)


def whole() -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(1_000_000, 0))


def at(line: int, start: int, end: int) -> types.Range:
    return types.Range(types.Position(line, start), types.Position(line, end))
