"""What an editor offers to do: fixes of findings, and one of all that can be fixed safely."""

from collections.abc import Iterator, Sequence

from lsprotocol.types import (
    ClientCapabilities,
    CodeAction,
    CodeActionKind,
    CodeActionParams,
    OptionalVersionedTextDocumentIdentifier,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from consentlint.lsp.documents import Checked

FIX_ALL = f"{CodeActionKind.SourceFixAll.value}.consentlint"
"""The kind of the action that fixes all; an editor may be set to run it on each save."""


def actions_for(
    checked: Checked, params: CodeActionParams, capabilities: ClientCapabilities
) -> Iterator[CodeAction]:
    """Yield the fixes of the findings in a range, and the one of all.

    Args:
        checked: the document.
        params: what the editor asks for.
        capabilities: what it can do.

    Yields:
        Actions; the one that fixes all has no edit yet.
    """
    uri, asked, only = params.text_document.uri, params.range, params.context.only
    for diagnostic, fix in checked.found:
        if fix is None or not fix.edits or not _is_wanted(CodeActionKind.QuickFix.value, only):
            continue
        where = diagnostic.range
        if where.start <= asked.end and asked.start <= where.end:
            yield CodeAction(
                fix.title if fix.safe else f"Unsafe fix: {fix.title}",
                CodeActionKind.QuickFix,
                [diagnostic],
                is_preferred=fix.safe,
                edit=edit_of(uri, checked.version, fix.edits, capabilities),
            )
    if _is_wanted(FIX_ALL, only) and any(each.fix and each.fix.safe for each in checked.found):
        yield CodeAction("Apply all safe fixes", FIX_ALL, data=uri)


def edit_of(
    uri: str, version: int | None, edits: Sequence[TextEdit], capabilities: ClientCapabilities
) -> WorkspaceEdit:
    """Return edits of a document, of this version only if the editor supports versions."""
    workspace = capabilities.workspace
    support = workspace and workspace.workspace_edit
    if not (support and support.document_changes):
        return WorkspaceEdit(changes={uri: edits})
    identifier = OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    return WorkspaceEdit(document_changes=[TextDocumentEdit(identifier, edits)])


def can_resolve(capabilities: ClientCapabilities) -> bool:
    """Tell whether the editor asks for the edits of an action when they are needed."""
    document = capabilities.text_document
    support = document and document.code_action and document.code_action.resolve_support
    return bool(support and "edit" in support.properties)


def _is_wanted(kind: str, only: Sequence[CodeActionKind | str] | None) -> bool:
    """Tell whether an editor asks for actions of a kind, or of one that contains it."""
    if only is None:
        return True
    asked = (each.value if isinstance(each, CodeActionKind) else each for each in only)
    return any(f"{kind}.".startswith(f"{each}.") for each in asked)
