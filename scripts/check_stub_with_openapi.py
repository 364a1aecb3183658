"""Test the stub with schemathesis and Twilio's own OpenAPI file.

Usage: python scripts/check_stub_with_openapi.py twilio_accounts_v1.json [SCHEMATHESIS OPTIONS]

The file is spec/json/twilio_accounts_v1.json of https://github.com/twilio/twilio-oai. It documents
no response but 201, so the errors that docs/stub.md lists are added to it. One check is left out:
according to the file, a request without items is valid, and so is one with items of any type.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from consentlint import CONSENTS, CONTACTS
from consentlint.stub import Stub
from consentlint.stub.server import StubServer

_CREDENTIALS = ("AC00000000000000000000000000000000", "a-token-for-tests")
_ERROR_STATUSES = (400, 401, 405, 413, 415, 429)
_ERROR = {
    "type": "object",
    "required": ["code", "message", "more_info", "status"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "integer"},
        "message": {"type": "string"},
        "more_info": {"type": "string", "pattern": "^https://www\\.twilio\\.com/docs/errors/"},
        "status": {"type": "integer"},
    },
}


def with_errors(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document of only the two endpoints, with their errors."""
    paths = {endpoint.path: document["paths"][endpoint.path] for endpoint in (CONSENTS, CONTACTS)}
    for path in paths.values():
        responses = path["post"]["responses"]
        for status in _ERROR_STATUSES:
            responses[str(status)] = {
                "description": "Rejected as a whole",
                "headers": responses["201"]["headers"],
                "content": {"application/json": {"schema": _ERROR}},
            }
        for response in responses.values():
            for header in response["headers"].values():
                header["required"] = True
    return {**document, "paths": paths}


def main(file: str, *options: str) -> int:
    """Return the exit code of schemathesis: 0 if no check failed."""
    program = shutil.which("schemathesis")
    if program is None:
        print("schemathesis is not installed. Run: pip install schemathesis", file=sys.stderr)
        return 2
    document = with_errors(json.loads(Path(file).read_text(encoding="utf-8")))
    with (
        tempfile.TemporaryDirectory() as folder,
        StubServer(Stub(limit=None, credentials=_CREDENTIALS)) as server,
    ):
        path = Path(folder, "openapi.json")
        path.write_text(json.dumps(document), encoding="utf-8")
        command = [program, "run", str(path), "--url", server.url, "--continue-on-failure"]
        command += [
            "--auth",
            ":".join(_CREDENTIALS),
            "--exclude-checks",
            "positive_data_acceptance",
        ]
        return subprocess.run([*command, *options], cwd=folder, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
