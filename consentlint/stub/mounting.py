"""Put a stub on a server that a test already has."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING

from consentlint.model.endpoints import ENDPOINTS
from consentlint.stub.stub import Stub

if TYPE_CHECKING:
    import werkzeug
    from pytest_httpserver import HTTPServer


def mount(httpserver: HTTPServer, stub: Stub) -> None:
    """Serve a stub on a server of pytest-httpserver, with the expectations of the test.

    Its requests go to the paths of the API, such as `/v1/Consents/Bulk`, until the server is
    cleared, which the fixture `httpserver` does before each test. docs/stub.md lists what a
    stub cannot do on such a server.

    Args:
        httpserver: The server, usually the fixture `httpserver`.
        stub: The stub.
    """
    from consentlint.stub.exchange import handle

    def respond(request: werkzeug.Request) -> werkzeug.Response:
        connection = request.environ["werkzeug.socket"]

        def wait(seconds: float) -> None:
            # A client that disconnects ends the delay, because it blocks all other requests.
            select.select([connection], [], [], seconds)

        return handle(stub, request, wait)

    for endpoint in ENDPOINTS.values():
        httpserver.expect_request(endpoint.path).respond_with_handler(respond)
