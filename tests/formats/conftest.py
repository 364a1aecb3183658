"""What the tests of formats share: files of any content, read or checked, and a clean item."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from linting import Event, findings_in, items_in

from consentlint.fields import iso8601
from consentlint.model.findings import Finding
from consentlint.model.settings import ReadOptions, Settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    """When the tests take place."""
    return NOW


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The default settings, at a fixed time."""
    return Settings(now=iso8601.from_unix(NOW.timestamp()))


@pytest.fixture(scope="session")
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str | bytes], Path]:
    """Writes a file, text as UTF-8, and returns its path."""
    folder = tmp_path_factory.mktemp("files")

    def written(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture(scope="session")
def check(
    write: Callable[[str, str | bytes], Path], settings: Settings
) -> Callable[..., list[Finding]]:
    """Returns the findings of a file; keywords other than `excerpts` go to `ReadOptions`."""

    def findings(
        name: str, content: str | bytes, *, excerpts: bool = False, **options: object
    ) -> list[Finding]:
        path = str(write(name, content))
        wanted = settings._replace(excerpts=excerpts, show_values=excerpts)
        return findings_in(path, wanted, ReadOptions(**options))  # type: ignore[arg-type]

    return findings


@pytest.fixture(scope="session")
def read(write: Callable[[str, str | bytes], Path]) -> Callable[..., list[Event]]:
    """Returns the items of a file, in the format that is named, or that its name shows."""

    def events(name: str, content: str | bytes, format_name: str | None = None) -> list[Event]:
        return items_in(str(write(name, content)), format_name)

    return events


@pytest.fixture(scope="session")
def consent() -> Callable[..., dict[str, object]]:
    """Returns a consent that is clean except for what the test changes."""

    def item(number: int = 0, **changes: object) -> dict[str, object]:
        return {
            "contact_id": f"+141555526{70 + number}",
            "correlation_id": f"5f0c2e7f4a9d4c27b1d0c9f3e2a7b6{16 + number:02x}",
            "sender_id": "MG9752274e9e519418a7406176694466fa",
            "status": "opt-in",
            "source": "website",
            "date_of_consent": "2025-06-02T15:30:00Z",
        } | changes

    return item


@pytest.fixture(scope="session")
def contact() -> Callable[..., dict[str, object]]:
    """Returns a contact that is clean except for what the test changes."""

    def item(number: int = 0, **changes: object) -> dict[str, object]:
        return {
            "contact_id": f"+141555526{70 + number}",
            "correlation_id": f"5f0c2e7f4a9d4c27b1d0c9f3e2a7b6{16 + number:02x}",
            "country_iso_code": "US",
            "zip_code": "94105",
        } | changes

    return item
