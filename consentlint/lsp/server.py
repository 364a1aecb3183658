"""The server: what it publishes to an editor, and what it answers."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from traceback import extract_tb
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from consentlint._version import __version__
from consentlint.lsp import checks
from consentlint.lsp.actions import FIX_ALL, actions_for, can_resolve, edit_of
from consentlint.lsp.documents import (
    Checked,
    document_at,
    may_have_records,
    open_document,
    path_of,
)
from consentlint.lsp.hover import explain, hover
from consentlint.lsp.positions import encode
from consentlint.lsp.setup import FindSetup, SetupError
from consentlint.text.masking import printable

MAX_BYTES = 5_000_000
"""A larger text is not checked."""

# In seconds; a check begins when nothing has been typed for so long.
_PAUSE = 0.3

T = TypeVar("T")


class Server(LanguageServer):
    """A language server.

    Args:
        find_setup: finds the options of a file.
    """

    def __init__(self, find_setup: FindSetup) -> None:
        super().__init__("consentlint", __version__)
        self._find_setup = find_setup
        self._checked: dict[str, tuple[int | None, Checked | None]] = {}
        self._shown: dict[str, str] = {}

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Show that a message of the editor failed; the text of the error may quote it."""
        if isinstance(error, JsonRpcMethodNotFound):
            # The editor gets this answer. It may ask for more than a server offers.
            return
        self._show("", types.MessageType.Error, _failure(error))

    def check(self, uri: str) -> Checked | None:
        """Check a document, and publish what is found."""
        document = document_at(self.workspace, uri)
        if document is None or not may_have_records(document):
            return None
        checked = self.guarded(uri, lambda: self._check(document))
        self._checked[uri] = document.version, checked
        if checked is not None:
            self._shown.pop(uri, None)
        self._publish(uri, document.version, checked)
        return checked

    def checked(self, uri: str) -> Checked | None:
        """Return what is found in the present text of a document, None if it is not checked."""
        document = document_at(self.workspace, uri)
        version, checked = self._checked.get(uri, (None, None))
        if document is None or (uri in self._checked and version == document.version):
            return checked
        return self.check(uri)

    def close(self, uri: str) -> None:
        """Forget a document, and what was found in it."""
        self._checked.pop(uri, None)
        self._shown.pop(uri, None)
        self._publish(uri, None, None)

    def fix_all(self, uri: str) -> types.WorkspaceEdit | None:
        """Return the edits of all safe fixes of a document."""
        checked = self.checked(uri)
        if checked is None:
            return None
        edits = checks.fix_all(checked.path, checked.text, checked.setup, self._encoding)
        return edit_of(uri, checked.version, edits, self.client_capabilities)

    def hover(self, uri: str, position: types.Position) -> types.Hover | None:
        """Return what is to be shown about the field at a position."""
        checked = self.checked(uri)
        if checked is None:
            return None
        options = checked.setup.options
        shown = hover(checked.path, checked.text, options, self._encoding, position)
        rules = [
            str(diagnostic.code)
            for diagnostic, _ in checked.found
            if diagnostic.code and diagnostic.range.start <= position <= diagnostic.range.end
        ]
        if shown is not None and rules:
            assert isinstance(shown.contents, types.MarkupContent)
            shown.contents.value += f"\n\n---\n\n{explain(rules)}"
        return shown

    def guarded(self, uri: str, function: Callable[[], T]) -> T | None:
        """Call a function; if it fails, the user sees a message, and the server continues."""
        try:
            return function()
        except SetupError as error:
            self._show(uri, types.MessageType.Error, f"consentlint: {error}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the server must continue
            self._show(uri, types.MessageType.Error, _failure(error))
        return None

    @property
    def _encoding(self) -> str | None:
        return self.workspace.position_encoding

    def _check(self, document: TextDocument) -> Checked | None:
        path = path_of(document.uri, self.workspace.root_path)
        text = document.source
        if len(text) > MAX_BYTES or len(encode(text)) > MAX_BYTES:
            if not checks.is_unrelated(text):
                message = (
                    f"{printable(os.path.basename(path))} has more than"
                    f" {MAX_BYTES // 1_000_000} MB, so consentlint doesn't check it in the editor."
                    " Run consentlint check."
                )
                self._show(document.uri, types.MessageType.Info, message)
            return None
        setup = self._find_setup(path)
        if setup is None:
            return None
        found = checks.check(path, text, setup, self._encoding)
        return Checked(path, text, document.version, setup, found)

    def _publish(self, uri: str, version: int | None, checked: Checked | None) -> None:
        diagnostics = [] if checked is None else [each.diagnostic for each in checked.found]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, diagnostics, version)
        )

    def _show(self, uri: str, kind: types.MessageType, message: str) -> None:
        """Show a message about a document, unless it is shown already."""
        if self._shown.get(uri) != message:
            self._shown[uri] = message
            self.window_show_message(types.ShowMessageParams(kind, message))


def _failure(error: Exception) -> str:
    """Return what to say about an error of the program, without its text: that may quote values."""
    frame = extract_tb(error.__traceback__)[-1]
    return (
        f"consentlint has failed: {type(error).__name__} in"
        f" {os.path.basename(frame.filename)}, line {frame.lineno}. Report it as a bug."
    )


def _on_open(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    open_document(server.workspace, params.text_document)
    server.check(params.text_document.uri)


async def _on_change(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    changed = params.text_document
    await asyncio.sleep(_PAUSE)
    document = document_at(server.workspace, changed.uri)
    if document is not None and document.version == changed.version:
        server.checked(changed.uri)


def _on_save(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    # The configuration may have changed meanwhile.
    server.check(params.text_document.uri)


def _on_close(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    server.close(params.text_document.uri)


def _on_hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    uri = params.text_document.uri
    return server.guarded(uri, lambda: server.hover(uri, params.position))


def _on_code_action(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri, capabilities = params.text_document.uri, server.client_capabilities
    checked = server.checked(uri)
    if checked is None:
        return []
    actions = server.guarded(uri, lambda: list(actions_for(checked, params, capabilities))) or []
    if not can_resolve(capabilities):
        actions = [_on_resolve(server, each) if each.edit is None else each for each in actions]
    return actions


def _on_resolve(server: Server, action: types.CodeAction) -> types.CodeAction:
    uri = str(action.data)
    action.edit = server.guarded(uri, lambda: server.fix_all(uri))
    return action


def create_server(find_setup: FindSetup) -> Server:
    """Return a server that is not started.

    Args:
        find_setup: finds the options of a file.
    """
    server = Server(find_setup)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_on_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_on_change)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_on_save)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_on_close)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_on_hover)
    kinds = [types.CodeActionKind.QuickFix, FIX_ALL]
    options = types.CodeActionOptions(code_action_kinds=kinds, resolve_provider=True)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_on_code_action)
    server.feature(types.CODE_ACTION_RESOLVE)(_on_resolve)
    return server


def serve(find_setup: FindSetup) -> None:
    """Serve an editor on standard input and output until it disconnects.

    Args:
        find_setup: finds the options of a file.
    """
    # pygls logs messages, and with them the text of files.
    logging.disable()
    output = sys.stdout.buffer
    # Only messages of the protocol may be written to it.
    sys.stdout = sys.stderr
    create_server(find_setup).start_io(sys.stdin.buffer, output)
