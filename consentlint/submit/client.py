"""Send one request over HTTP. The only module that uses urllib3.

The secret never leaves this module: no message, exception or repr contains it.
"""

import ipaddress
import os
import re
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import urllib3
from urllib3 import exceptions

from consentlint import wire
from consentlint._version import __version__
from consentlint.submit.delivery import MAX_IN_FLIGHT
from consentlint.submit.options import SubmitError
from consentlint.submit.responses import HttpResult
from consentlint.text.masking import shown

_CONNECT_SECONDS = 10.0
# The limit of the API itself is three seconds (GUIDE); that of a proxy may be longer.
_READ_SECONDS = 30.0
_MAX_RESPONSE_BYTES = 1024 * 1024
_VARIABLES = {"TWILIO_ACCOUNT_SID": "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY": "TWILIO_API_SECRET"}
_PRINTABLE = re.compile("[!-~]+").fullmatch
_CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# The first that applies. The messages of the library itself may contain the URL of a proxy.
_FAILURES: tuple[tuple[type[Exception], HttpResult], ...] = (
    (exceptions.NameResolutionError, HttpResult(None, failure="host not found", is_unsent=True)),
    (exceptions.ProxyError, HttpResult(None, failure="proxy failed")),
    (exceptions.NewConnectionError, HttpResult(None, failure="no connection", is_unsent=True)),
    (exceptions.TimeoutError, HttpResult(None, failure="request timed out")),
    (exceptions.SSLError, HttpResult(None, failure="TLS error")),
    (Exception, HttpResult(None, failure="connection lost")),
)


@dataclass(frozen=True)
class Credentials:
    """A user name and its secret. No representation shows the secret."""

    username: str
    _secret: str = field(repr=False)
    variable: str
    """The environment variable that the secret came from."""

    @property
    def header(self) -> str:
        """The value of the Authorization header."""
        return wire.encode_credentials(self.username, self._secret)

    def redact(self, text: str) -> str:
        """Remove the secret, in every form in which it was sent, from text of a server."""
        for secret in (self._secret, quote(self._secret, safe=""), self.header.split()[1]):
            text = text.replace(secret, "•••")
        return text

    def __reduce__(self) -> str:
        raise TypeError("credentials cannot be pickled")


class Address(NamedTuple):
    """The base URL that requests are sent to."""

    base_url: str
    is_loopback: bool


def credentials_from_environment() -> Credentials:
    """Return the credentials in the environment: those of the account, or else an API key.

    Raises:
        SubmitError: they are missing, incomplete or malformed.
    """
    for names in _VARIABLES.items():
        found = {name: os.environ[name] for name in names if os.environ.get(name)}
        for name, value in found.items():
            if not _PRINTABLE(value):
                raise SubmitError(
                    f"{name} contains white space or non-ASCII characters. Copy the value again."
                )
        if ":" in found.get(names[0], ""):
            raise SubmitError(f"{names[0]} contains a colon, which is not allowed.")
        if len(found) == 2:
            return Credentials(found[names[0]], found[names[1]], names[1])
        for present in found:
            (missing,) = {*names} - {present}
            raise SubmitError(f"{present} is set but {missing} is not; both are required.")
    choices = ", or ".join(" and ".join(pair) for pair in _VARIABLES.items())
    raise SubmitError(f"No credentials found. Set the environment variables {choices}.")


def parse_base_url(base_url: str) -> Address:
    """Parse and check a base URL.

    Raises:
        SubmitError: it is malformed, or would send credentials unencrypted.
    """
    try:
        parts = urlsplit(base_url)
        # The port must be a number.
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or not re.fullmatch("(?i:https?)://[^@?#]+", base_url) or not _PRINTABLE(base_url):
        raise SubmitError(
            "The base URL must be https:// and the name of a host, and may have a port and a path."
            " It must have no credentials (set them as environment variables), query or fragment."
        )
    is_loopback = host == "localhost"
    with suppress(ValueError):
        is_loopback |= ipaddress.ip_address(host).is_loopback
    if parts.scheme == "http" and not is_loopback:
        raise SubmitError(
            "Plain http would send credentials and phone numbers unencrypted, so use https. Only"
            " this machine may be addressed by http (such as http://127.0.0.1:8080)."
        )
    return Address(base_url.rstrip("/"), is_loopback)


def describe_fatal_error(error: wire.ApiError, credentials: Credentials) -> str:
    """Return why the run stopped, in Twilio's words and ours."""
    message = shown(credentials.redact(error.message.rstrip(".")), 200)
    if error.status == 0:
        return f"Stopped: {message}."
    text = f"Stopped: HTTP {error.status}"
    if error.code is not None:
        text += f", Twilio error {error.code}"
    if message:
        text += f": {message}"
    (name,) = (name for name, secret in _VARIABLES.items() if secret == credentials.variable)
    hint = {
        3: "Redirects are not followed. Pass the final URL as --base-url.",
        400: "The API rejected the request as a whole.",
        401: f"Check {name} and {credentials.variable}.",
        403: "The credentials are valid, but not allowed to use this API.",
        404: "The account may not be enabled for this API: ask Twilio, or check --base-url.",
    }
    return f"{text}. {hint.get(error.status, hint.get(error.status // 100, ''))}".rstrip()


class _Abortable:
    """A connection that is known to the thread that uses it."""

    def connect(self) -> None:
        threading.current_thread().connection = self  # type: ignore[attr-defined]
        super().connect()  # type: ignore[misc]

    def request(self, *args: Any, **options: Any) -> None:
        threading.current_thread().connection = self  # type: ignore[attr-defined]
        super().request(*args, **options)  # type: ignore[misc]


def _abortable(pool: type[urllib3.HTTPConnectionPool]) -> type[urllib3.HTTPConnectionPool]:
    connection = type("_Connection", (_Abortable, pool.ConnectionCls), {})
    return type("_Pool", (pool,), {"ConnectionCls": connection})


class ApiClient:
    """Sends requests. Several threads may share it.

    Raises:
        SubmitError: the environment names an unusable proxy or certificate bundle.
    """

    def __init__(
        self, address: Address, credentials: Credentials, read_seconds: float = _READ_SECONDS
    ) -> None:
        self._base_url = address.base_url
        self._headers = {
            "Authorization": credentials.header,
            "Content-Type": wire.FORM,
            "Accept": wire.JSON,
            # A small compressed response can be of any size.
            "Accept-Encoding": "identity",
            "User-Agent": f"consentlint/{__version__}",
        }
        self._pool = _pool(address, read_seconds)
        self._pool.pool_classes_by_scheme = {
            "http": _abortable(urllib3.HTTPConnectionPool),
            "https": _abortable(urllib3.HTTPSConnectionPool),
        }

    def send(self, path: str, body: bytes) -> HttpResult:
        """Send a request and return the result. A failure is returned, not raised."""
        try:
            response = self._pool.request(
                wire.METHOD,
                self._base_url + path,
                body=body,
                headers=self._headers,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
            content = b""
            while piece := response.read(_MAX_RESPONSE_BYTES + 1 - len(content)):
                content += piece
            if len(content) > _MAX_RESPONSE_BYTES:
                # The rest is not read, so the connection cannot be reused.
                response.close()
                return HttpResult(None, failure="response too long")
            response.release_conn()
        except (exceptions.HTTPError, OSError, ValueError) as error:
            return _describe_failure(error)
        return HttpResult(response.status, content, response.headers.get("Retry-After"))

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()


def abort(thread: threading.Thread) -> None:
    """Cut the connection that a thread waits for, so that the thread ends."""
    with suppress(OSError, AttributeError):
        # Not the method of a TLS socket, which its own thread is using.
        socket.socket.shutdown(thread.connection.sock, socket.SHUT_RDWR)  # type: ignore[attr-defined]


def _pool(address: Address, read_seconds: float) -> urllib3.PoolManager:
    parts = urlsplit(address.base_url)
    variable = next((name for name in _CA_BUNDLES if os.environ.get(name)), "SSL_CERT_FILE")
    # Without a bundle: SSL_CERT_FILE and SSL_CERT_DIR, or the certificates of the system.
    bundle = os.environ[variable] if variable in _CA_BUNDLES else None
    folder = bundle if bundle and os.path.isdir(bundle) else None
    try:
        context = ssl.create_default_context(cafile=None if folder else bundle, capath=folder)
    except OSError:
        raise SubmitError(f"Cannot read the certificates in {variable}.") from None
    settings: dict[str, Any] = {
        "maxsize": MAX_IN_FLIGHT,
        "timeout": urllib3.Timeout(connect=_CONNECT_SECONDS, read=read_seconds),
        "ssl_context": context,
    }
    proxies = getproxies_environment()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    # A proxy must not see requests to this machine.
    if not proxy or address.is_loopback or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(**settings)
    try:
        url = urllib3.util.parse_url(proxy if "://" in proxy else f"http://{proxy}")
        if url.auth:
            settings["proxy_headers"] = urllib3.make_headers(proxy_basic_auth=url.auth)
        return urllib3.ProxyManager(url._replace(auth=None).url, **settings)
    except (exceptions.HTTPError, ValueError):
        raise SubmitError(
            "The proxy in the environment (HTTPS_PROXY or ALL_PROXY) is not a valid URL."
        ) from None


def _describe_failure(error: Exception) -> HttpResult:
    """Return why there is no response."""
    causes: list[BaseException] = [error]
    for cause in causes:
        nested = (cause.__cause__, cause.__context__, *cause.args)
        causes += [
            each for each in nested if isinstance(each, BaseException) and each not in causes
        ]
        if isinstance(cause, ssl.SSLCertVerificationError):
            failure = f"the server's certificate is not trusted: {cause.verify_message}"
            return HttpResult(None, failure=failure, is_unsent=True, is_permanent=True)
    return next(
        result for kind, result in _FAILURES if any(isinstance(cause, kind) for cause in causes)
    )
