"""Stop requests to the real API before they leave this process."""

import os
import socket
import sys
from collections.abc import Iterator
from typing import Any, Self

import pytest

_PREFIX, _SUFFIX = "accounts.", ".twilio.com"
"""Between them, Twilio's libraries insert the edge and the region."""


class Guard:
    """A context in which the name of the real API is not resolved.

    All HTTP libraries of Python resolve names with `socket.getaddrinfo`, asyncio's too. The
    variables `no_proxy` keep them from leaving that to a proxy.
    """

    def __init__(self) -> None:
        self.attempts: list[str] = []
        """A message for each request that was stopped."""
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> Self:
        """Begin to stop requests."""
        resolve = socket.getaddrinfo

        def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
            name = name.lower().rstrip(".")
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                self.attempts.append(_message(name))
                # Not an Exception: the code under test must not handle it, or retry.
                pytest.fail(self.attempts[-1], pytrace=False)
            return resolve(host, *args, **kwargs)

        self._patch.setattr(socket, "getaddrinfo", guarded)
        bypass = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
        for variable in ("no_proxy", "NO_PROXY"):
            hosts = ",".join(filter(None, [bypass, "127.0.0.1", _SUFFIX]))
            self._patch.setenv(variable, hosts)
        return self

    def __exit__(self, *args: object) -> None:
        """Resolve all names again."""
        self._patch.undo()


def _message(host: str) -> str:
    caller = next(_own_frames(), "")
    return (
        f"A request to {host} was stopped{f' ({caller})' if caller else ''}."
        " Is your client pointed at consent_stub_url?"
    )


def _own_frames() -> Iterator[str]:
    """Yield where the request was sent, without the frames of libraries."""
    frame = sys._getframe(1)  # noqa: SLF001 - inspect is slow to import
    libraries = (os.path.dirname(os.__file__), os.path.dirname(__file__))
    while frame := frame.f_back:  # type: ignore[assignment]
        file = frame.f_code.co_filename
        if not file.startswith((*libraries, "<")) and "site-packages" not in file:
            yield f"{os.path.basename(file)}:{frame.f_lineno}, in {frame.f_code.co_name}"
