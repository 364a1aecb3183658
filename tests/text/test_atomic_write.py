"""Writing a file whole or not at all."""

import os
from pathlib import Path

import pytest

from consentlint.text.atomic_write import atomic_write, atomic_write_bytes


@pytest.mark.parametrize("write", [atomic_write, atomic_write_bytes])
def test_the_content_is_on_the_disk_before_the_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: object
) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    seen = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append(os.fstat(descriptor).st_size))
    with write(str(path)) as file:  # type: ignore[operator]
        file.write("new text" if write is atomic_write else b"new text")
        assert path.read_text() == "old"
    assert seen == [8]
    assert path.read_text() == "new text"


def test_an_error_names_the_file_and_leaves_it_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")

    def write_to_a_full_disk() -> None:
        with atomic_write(str(path)) as file:
            file.write("new")
            raise OSError(28, "no room on the disk")

    with pytest.raises(OSError, match="disk") as caught:
        write_to_a_full_disk()
    assert caught.value.filename == str(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report"]


def test_an_error_of_a_missing_folder_does_not_name_a_temporary_file(tmp_path: Path) -> None:
    path = str(tmp_path / "nowhere" / "report")
    with pytest.raises(FileNotFoundError) as caught, atomic_write_bytes(path):
        pass
    assert caught.value.filename == path
