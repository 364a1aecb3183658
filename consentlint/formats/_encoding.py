"""Name a file that is not UTF-8 text by its first bytes."""

CONVERT = "For an export of another program, run: consentlint convert --inspect FILE"
"""What to do about a file that is not a list of items; a report names the file."""

_TAR = (b"ustar", 257)

_TABLES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    (b"PAR1", "parquet"),
    (b"ARROW1\x00\x00", "arrow"),
    # A stream begins with the length of a message, after this.
    (b"\xff\xff\xff\xff", "arrow"),
)
_ZIPPED_WORKBOOKS = (b"oasis.opendocument.spreadsheet", b"[Content_Types].xml", b"xl/")
TABLE_SUFFIXES = (
    *(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    *(".parquet", ".arrow", ".arrows", ".feather", ".ipc"),
)
"""The suffixes of workbooks, Parquet and Arrow files."""

_SIGNATURES = (
    (b"\x1f\x8b", "is gzipped twice. Unpack it once with gunzip"),
    (b"BZh", "is a bzip2 archive. Unpack it first, or use gzip"),
    (b"\xfd7zXZ\x00", "is an xz archive. Unpack it first, or use gzip"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive. Unpack it first, or use gzip"),
    (b"Rar!\x1a\x07", "is a RAR archive. Unpack it first, or use gzip"),
    (b"\x28\xb5\x2f\xfd", "is a zstd archive. Unpack it first, or use gzip"),
    (b"Obj\x01", "is an Avro file. Export it as CSV or JSON Lines"),
    (b"FEA1", "is a Feather file of version 1. Export it as CSV or JSON Lines"),
    (b"SQLite format 3\x00", "is an SQLite database. Export the table as CSV"),
    (b"%PDF-", "is a PDF document. Export the data as CSV"),
    (b"{\\rtf", "is an RTF document. Export the data as CSV UTF-8"),
)
_MARKUP = (
    ((b"<!doctype html", b"<html"), "is an HTML page. Check that the download needs no login"),
    ((b"<table", b"<?xml", b"<workbook"), "is a table in HTML or XML. Export it as CSV UTF-8"),
)
# Of the first file in an archive.
_ZIP_HEAD = 4096


def table_kind(head: bytes) -> str | None:
    """Return the kind of table that the first bytes of a file show.

    Returns:
        "workbook", "parquet" or "arrow"; None for another file.
    """
    if head.startswith(b"PK\x03\x04"):
        is_workbook = any(name in head[:_ZIP_HEAD] for name in _ZIPPED_WORKBOOKS)
        return "workbook" if is_workbook else None
    for signature, kind in _TABLES:
        if head.startswith(signature):
            return kind
    return None


def binary_format(head: bytes) -> str | None:
    """Return what a file is and what to do if its first bytes show that it is not text."""
    if head.startswith(b"PK\x03\x04"):
        if b"Index/" in head[:_ZIP_HEAD]:
            return "is a Numbers workbook. Export it as CSV UTF-8"
        return "is a zip archive. Unpack it first, or use gzip"
    for signature, message in _SIGNATURES:
        if head.startswith(signature):
            return message
    name, offset = _TAR
    if head.startswith(name, offset):
        return "is a tar archive. Unpack it first"
    start = head[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for tags, message in _MARKUP:
        if start.startswith(tags):
            return message
    return None


def encoding_error(head: bytes) -> str | None:
    """Return why the first bytes of a file show that it is not UTF-8, or None."""
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return f"is UTF-32 text. {_converted('UTF-32')}"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"is UTF-16 text. {_converted('UTF-16')}"
    # ASCII text in UTF-16 has a zero byte in every second place.
    start = head[:64]
    zeros = start.count(0)
    if zeros >= max(1, len(start) // 3) and len(set(start)) > 2:
        name = "UTF-16BE" if start[::2].count(0) > start[1::2].count(0) else "UTF-16LE"
        return f"looks like UTF-16 text. {_converted(name)}"
    if zeros:
        return "contains zero bytes, so it is not text. Check that it is the right file."
    return None


def not_utf_8(byte: int) -> str:
    """Return the message for a byte that is not UTF-8."""
    text = bytes((byte,)).decode("cp1252", "replace")
    if text == "\N{REPLACEMENT CHARACTER}":
        return (
            f"byte 0x{byte:02x} is not UTF-8. Save the file as UTF-8 (in spreadsheets: CSV UTF-8)."
        )
    return (
        f'byte 0x{byte:02x} is not UTF-8; it is "{text}" in Windows-1252 (ANSI).'
        f" {_converted('WINDOWS-1252')}"
    )


def _converted(name: str) -> str:
    command = f"iconv -f {name} -t UTF-8 FILE > NEW_FILE"
    return f"Save it as UTF-8 (in spreadsheets: CSV UTF-8), or run: {command}"
