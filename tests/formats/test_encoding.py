"""A file that is not UTF-8 text is named for what it is, with what to do."""

import gzip
import io
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from consentlint.model.findings import Finding

Check = Callable[..., list[Finding]]
Consent = Callable[..., dict[str, object]]

HEADER = "contact_id,correlation_id,sender_id,status,source,date_of_consent"


def zipped(*names: str, text: str = "<x/>") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, text)
    return content.getvalue()


def tarred() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("items.csv"))
    return content.getvalue()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "json", "form"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped("Index/Document.iwa"), "a Numbers workbook"),
        (zipped("subscribers.csv"), "a zip archive"),
        (gzip.compress(b"contact_id\n"), "gzipped twice"),
        (tarred(), "a tar archive"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "an HTML page"),
        (b"\xef\xbb\xbf\n<HTML>", "an HTML page"),
        (b'<?xml version="1.0"?><Workbook/>', "a table in HTML or XML"),
        (b"<table><tr><td>contact_id</td></tr></table>", "a table in HTML or XML"),
        (b"Obj\x01\x04", "an Avro file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_kind_of_file_is_named(
    check: Check, suffix: str, content: bytes, words: str
) -> None:
    name = f"x.{suffix}"
    if words == "gzipped twice":
        name, content = f"{name}.gz", gzip.compress(content)
    (finding,) = check(name, content)
    assert (finding.rule, finding.line) == ("file-encoding", 1)
    assert words in finding.message


@pytest.mark.parametrize("packed", [False, True])
def test_a_tar_archive_in_a_gz_file_is_named(check: Check, packed: bool) -> None:
    content = gzip.compress(tarred()) if packed else tarred()
    (finding,) = check("x.csv.gz" if packed else "x.csv", content)
    assert "a tar archive" in finding.message


@pytest.mark.parametrize(
    ("text", "character"),
    [("Jos\u00e9", "\u00e9"), ("O\u2019Brien", "\u2019"), ("50 \u20ac", "\u20ac")],
)
def test_a_byte_of_windows_1252_costs_its_row_and_is_named(
    check: Check, consent: Consent, tmp_path: Path, text: str, character: str
) -> None:
    rows = [",".join(map(str, consent(number).values())) for number in range(3)]
    content = f"{HEADER},note\n{rows[0]},{text}\n{rows[1]},x\n{rows[2]},y\n".encode("cp1252")
    finding = next(f for f in check("x.csv", content) if f.rule == "file-encoding")
    assert (finding.line, finding.item) == (2, 0)
    assert f'it is "{character}" in Windows-1252 (ANSI)' in finding.message
    command = finding.message[finding.message.index("iconv") :]
    if shutil.which("iconv"):
        (tmp_path / "FILE").write_bytes(content)
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
        assert f",{text}\n" in (tmp_path / "NEW_FILE").read_text(encoding="utf-8")


def test_a_byte_that_no_common_code_page_has_is_not_given_a_name(check: Check) -> None:
    (finding,) = check("x.csv", b"contact_id,status\x81\n")
    assert "Windows-1252" not in finding.message
    assert "Save the file as UTF-8" in finding.message


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.skipif(not shutil.which("iconv"), reason="iconv is not installed")
def test_the_command_for_another_encoding_converts_the_file(
    check: Check, consent: Consent, tmp_path: Path, name: str
) -> None:
    row = ",".join(map(str, consent().values()))
    content = f"{HEADER}\n{row}\n".encode(name)
    (finding,) = check("x.csv", content)
    command = finding.message[finding.message.index("iconv") :]
    (tmp_path / "FILE").write_bytes(content)
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    assert check("x.csv", (tmp_path / "NEW_FILE").read_bytes()) == []
