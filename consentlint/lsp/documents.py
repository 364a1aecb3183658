"""The texts that an editor has open, and what was found in them."""

import os
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lsprotocol.types import TextDocumentItem
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument, Workspace

from consentlint.formats import format_of_name
from consentlint.lsp.checks import Found
from consentlint.lsp.setup import Setup

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# The names that editors have for the formats; files have other suffixes, too.
_LANGUAGES = re.compile(r"json|jsonl|jsonlines|ndjson|tsv|(?:dynamic )?csv(?: \(.*\))?")


class Checked(NamedTuple):
    """A version of a text, and what was found in it."""

    path: str
    """The absolute path of the file, which may not exist."""
    text: str
    version: int | None
    setup: Setup
    found: list[Found]


class Document(TextDocument):
    """A text whose lines end as the protocol says.

    pygls also ends them after characters such as U+2028, so that an edit of a part of the text would
    change another part.
    """

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the text, with their ends."""
        return _LINE.findall(self.source)


def open_document(workspace: Workspace, opened: TextDocumentItem) -> None:
    """Keep the text of a document that the editor has opened."""
    workspace.text_documents[unquote(opened.uri)] = Document(
        opened.uri,
        opened.text,
        opened.version,
        opened.language_id,
        position_codec=workspace.position_codec,
    )


def document_at(workspace: Workspace, uri: str) -> TextDocument | None:
    """Return the document that the editor has open, None if it has been closed."""
    found: TextDocument | None = workspace.text_documents.get(unquote(uri))
    return found


def may_have_records(document: TextDocument) -> bool:
    """Tell whether a document is in a format that can be checked."""
    is_known = _LANGUAGES.fullmatch(document.language_id or "") is not None
    return is_known or format_of_name(path_of(document.uri, "")) is not None


def path_of(uri: str, root: str | None) -> str:
    """Return the absolute path of a document.

    Args:
        uri: its address.
        root: the directory of a document that is not saved yet.
    """
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return path or os.path.join(os.path.abspath(root or ""), os.path.basename(urlsplit(uri).path))
