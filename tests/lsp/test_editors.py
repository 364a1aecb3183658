"""What docs/editors.md tells readers to configure works."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema.validators import validator_for
from sample_items import CONSENT

from consentlint.cli import main
from consentlint.fields import schemas

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "editors.md").read_text(encoding="utf-8")
SCHEMAS = (DOCS / "schemas.md").read_text(encoding="utf-8")
HEADER = ",".join(CONSENT)
ROW = ",".join(CONSENT.values())
TEXT = f'\ufeffname,{HEADER}\r\n"😀 é",{ROW.replace("opt-in", "Opt In")}\r\n'
# Wait for diagnostics, apply all safe fixes, and write the file.
STEPS = """
local function found() return #vim.diagnostic.get(0) end
local first = vim.wait(60000, function() return found() > 0 end, 50)
for _, each in ipairs(vim.diagnostic.get(0)) do
  local line = vim.api.nvim_buf_get_lines(0, each.lnum, each.lnum + 1, true)[1]
  print(each.code .. ": " .. line:sub(each.col + 1, each.end_col))
end
vim.lsp.buf.code_action({ context = { only = { "source.fixAll" } }, apply = true })
vim.wait(60000, function() return vim.bo.modified end, 50)
vim.cmd("write")
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def has_neovim() -> bool:
    if not shutil.which("nvim"):
        return False
    shown = subprocess.run(["nvim", "--version"], capture_output=True, text=True, check=True).stdout
    match = re.match(r"NVIM v0\.([0-9]+)", shown)
    return match is not None and int(match[1]) >= 11


@pytest.mark.skipif(not has_neovim(), reason="Neovim 0.11 is not installed")
@pytest.mark.parametrize("number", [0, 1])
def test_neovim_shows_findings_and_applies_fixes(number: int, tmp_path: Path) -> None:
    command = f'cmd = {{ "{sys.executable}", "-m", "consentlint", "server" }}'
    configuration = blocks("lua")[number]
    assert 'cmd = { "consentlint", "server" }' in configuration
    configuration = configuration.replace('cmd = { "consentlint", "server" }', command)
    (tmp_path / "init.lua").write_text(configuration)
    (tmp_path / "steps.lua").write_text(STEPS)
    file = tmp_path / "subscribers.csv"
    file.write_bytes(TEXT.encode())
    homes = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    result = subprocess.run(
        ["nvim", "--headless", "-u", "init.lua", file.name, "-S", "steps.lua", "-c", "qall!"],
        cwd=tmp_path,
        env={**os.environ, **homes},
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    assert "invalid-status: Opt In" in result.stderr
    assert file.read_bytes() == TEXT.replace("Opt In", "opt-in").encode()


def test_the_configurations_are_valid() -> None:
    for text in blocks("json"):
        assert json.loads(text)
    for text in blocks("toml"):
        tomllib.loads(text)


def test_each_schema_is_listed_and_written_by_the_commands() -> None:
    table = SCHEMAS.partition("| schema | describes |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line]
    names = re.findall("`([a-z-]+)`", " ".join(cells))
    assert sorted(names) == sorted([*schemas.NAMES, "config"])
    commands = re.findall("^consentlint (schema .*) > ", PAGE, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        schema = json.loads(CliRunner().invoke(main, command.split()).stdout)
        validator_for(schema).check_schema(schema)
