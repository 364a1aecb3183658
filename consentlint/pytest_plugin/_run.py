"""The fixtures of the stub that are set up in a run of pytest."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from consentlint.pytest_plugin._guard import Guard
    from consentlint.stub import Stub
    from consentlint.stub.server import StubServer


class Run:
    """The fixtures that are set up in this run of pytest, and who uses them."""

    def __init__(self) -> None:
        self.item: pytest.Item | None = None
        self.fixtures: list[tuple[Any, Any]] = []
        self.holders = 0
        """The number of live fixtures of a wider scope that requested one of ours."""
        self.options: dict[str, Any] = {}
        """The options of the stub that is set up."""
        self.servers: list[StubServer] = []
        """The servers whose stubs are live, or were until the end of the test."""
        self.stubs: list[Stub] = []
        self.guard: Guard | None = None
        self.has_failed = False

    def release(self) -> None:
        """Note that a fixture of a wider scope has ended."""
        self.holders -= 1

    def start(self, item: pytest.Item) -> None:
        """Note that a test begins."""
        self.item = item
        self.has_failed = False
        if not self.holders:
            self.servers, self.stubs, self.guard = [], [], None

    def end(self) -> None:
        """End our fixtures, and those that depend on them, unless a wider scope holds them."""
        while self.fixtures and not self.holders:
            definition, request = self.fixtures.pop()
            definition.finish(request)
