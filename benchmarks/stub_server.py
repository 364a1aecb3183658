"""Measure the stub: requests a second on a kept connection, and memory for each stored item.

python benchmarks/stub_server.py
"""

import argparse
import time
import tracemalloc
from http.client import HTTPConnection
from random import Random
from urllib.parse import urlsplit

from submit_trial import histories

from consentlint import CONSENTS, wire
from consentlint.stub import Request, Stub
from consentlint.stub.server import StubServer

_HEADERS = {"Authorization": wire.encode_credentials("AC0", "token"), "Content-Type": wire.FORM}


def requests_per_second(items_per_request: int, seconds: float) -> float:
    """Send requests one after another on one connection, from a thread of this process."""
    [*items] = histories(items_per_request, 10_000, Random(1))
    body = wire.encode_request(items)
    with StubServer(Stub(limit=None)) as server:
        client = HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        client.connect()
        kept = client.sock
        sent, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            client.request("POST", CONSENTS.path, body, _HEADERS)
            response = client.getresponse()
            response.read()
            assert response.status == 201
            sent += 1
        elapsed = time.perf_counter() - start
        assert client.sock is kept
        client.close()
    return sent / elapsed


def bytes_per_item(requests: int) -> float:
    """Return the memory that a stub needs for each item that it has stored."""
    chance = Random(1)
    bodies = [wire.encode_request(histories(25, 10_000, chance)) for _ in range(requests)]
    stub = Stub(limit=None)
    headers = {name.lower(): value for name, value in _HEADERS.items()}
    stub.handle(Request("POST", CONSENTS.path, headers, bodies[0]))
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for body in bodies:
        assert stub.handle(Request("POST", CONSENTS.path, headers, body)).status == 201
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / (25 * requests)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="Time for each measurement.")
    options = parser.parse_args()
    for count in (1, 25):
        rate = requests_per_second(count, options.seconds)
        print(f"{rate:,.0f} requests a second with {count} item(s) each, on a kept connection")
    print(f"{bytes_per_item(400):,.0f} bytes for each stored item")
