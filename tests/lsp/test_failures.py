"""Whatever fails, the server continues, and shows nothing of the text."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from editor import SERVER, Editor, connected
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound
from pytest_lsp import ClientServerConfig
from sample_items import CONSENT

from consentlint.cli.server import find_setup
from consentlint.lsp import checks
from consentlint.rules import DOCUMENTATION

NUMBER = "+12025550178"
TEXT = json.dumps([{**CONSENT, "contact_id": NUMBER, "status": "x"}])
# A linter that fails if a text has a certain word, with an error that quotes the text.
FAILING = """
import os, sys
os.dup2(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), 2)
from consentlint.cli.server import find_setup
from consentlint.lsp import checks, server
check = checks.check

def failing(path, text, setup, encoding):
    print(text)
    if "FAIL" in text:
        raise {error}(text)
    return check(path, text, setup, encoding)

checks.check = failing
server.serve(find_setup)
"""


@pytest.mark.asyncio
@pytest.mark.parametrize("error", ["RuntimeError", "RecursionError", "MemoryError", "KeyError"])
async def test_a_failure_of_a_check_is_shown_without_the_text(error: str, tmp_path: Path) -> None:
    log = tmp_path / "stderr"
    command = [sys.executable, "-c", FAILING.replace("{error}", error), str(log)]
    config = ClientServerConfig(server_command=command, server_env=SERVER.server_env)
    async with connected(types.ClientCapabilities(), config) as client:
        editor = Editor(client, tmp_path)
        assert await editor.open("a.json", TEXT)
        assert not await editor.open("b.json", TEXT.replace('"x"', '"FAIL"'))
        assert not await editor.save("b.json")
        assert await editor.hover("b.json", 0, 5) == ""
        (message,) = client.messages
        assert message.message.startswith(f"consentlint has failed: {error} in <string>, line ")
        assert await editor.open("a.json", TEXT)
    # What a module prints does not reach the protocol, and nothing is logged.
    assert (
        log.read_text().replace(TEXT, "").replace(TEXT.replace('"x"', '"FAIL"'), "").split() == []
    )
    assert not any(NUMBER in each.message for each in client.messages)
    assert client.log_messages == []


def message(content: object) -> bytes:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_messages_that_are_not_understood_end_and_reveal_nothing() -> None:
    uri = f"file:///tmp/{NUMBER}.json"
    position = {"line": 0, "character": 0}
    change = {"range": {"start": position, "end": position}, "text": NUMBER}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}},
        # It is not open.
        {
            "jsonrpc": "2.0",
            "method": "textDocument/didChange",
            "params": {"textDocument": {"uri": uri, "version": 1}, "contentChanges": [change]},
        },
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"text": NUMBER}},
        {"jsonrpc": "2.0", "method": NUMBER, "params": {}},
        f'{{"jsonrpc": "2.0", {NUMBER}'.encode(),
        {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    result = subprocess.run(
        SERVER.server_command,
        input=b"".join(map(message, messages)),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    received = [
        json.loads(body) for body in re.split(rb"(?s)Content-L.*?\r\n\r\n", result.stdout)[1:]
    ]
    assert [each["id"] for each in received if "id" in each] == [1, 2]
    shown = [each["params"]["message"] for each in received if "params" in each]
    assert shown
    assert all(re.match("consentlint has failed: [A-Za-z]+ in ", each) for each in shown)
    assert NUMBER.encode() not in result.stdout


def test_the_server_ends_if_the_editor_goes_away() -> None:
    result = subprocess.run(
        SERVER.server_command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


@pytest.mark.asyncio
async def test_an_unknown_request_is_answered_without_a_message(tmp_path: Path) -> None:
    async with connected(types.ClientCapabilities()) as client:
        with pytest.raises(JsonRpcMethodNotFound):
            await client.protocol.send_request_async("textDocument/odd", {})
        assert await Editor(client, tmp_path).open("a.json", TEXT)
        assert client.messages == []


def test_a_missing_package_is_an_error_that_says_what_to_install() -> None:
    # Python raises ModuleNotFoundError for a module that is None in sys.modules.
    code = (
        "import sys; sys.modules['pygls'] = None; from consentlint.__main__ import run;"
        "sys.argv[1:] = ['server']; run()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr == (
        'Error: pygls is not installed. Run "pip install pygls", or install consentlint with the'
        ' extra "lsp".\n'
    )


def test_closed_standard_input_is_an_error() -> None:
    command = f"exec {sys.executable} -m consentlint server <&-"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert (
        result.stderr == "Error: standard input or output is closed, so no editor can be served\n"
    )


def test_a_diagnostic_leads_to_the_rule(tmp_path: Path) -> None:
    setup = find_setup(str(tmp_path / "a.json"))
    assert setup is not None
    (found,) = checks.check(str(tmp_path / "a.json"), TEXT, setup, None)
    description = found.diagnostic.code_description
    assert description is not None
    assert description.href == f"{DOCUMENTATION}rules/invalid-status/"
