"""Send one request over HTTP, and return what came back. Here alone urllib3 is known.

The secret stays in here: no message, exception or repr holds it.
"""

import ipaddress
import os
import re
import ssl
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import urllib3

from consentlint import wire
from consentlint._version import __version__
from consentlint.submit.answers import Reply

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
"""The API's own limit is three seconds (GUIDE); a proxy's may be longer."""
IN_FLIGHT = 5
_LARGEST_ANSWER = 1024 * 1024
_PAIRS = (
    ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    ("TWILIO_API_KEY", "TWILIO_API_SECRET"),
)
_CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_HIDDEN = "•••"


class Misconfigured(Exception):
    """The request cannot be sent like this; the message says what to change."""


class Credentials:
    """A user name and its secret, which nothing shows."""

    __slots__ = ("_secret", "username", "variable")

    def __init__(self, username: str, secret: str, variable: str) -> None:
        self.username = username
        self._secret = secret
        self.variable = variable
        """The environment variable that the secret came from."""

    @property
    def header(self) -> str:
        """The value of the header Authorization."""
        return wire.encode_credentials(self.username, self._secret)

    def without_secret(self, text: str) -> str:
        """Return a text from outside without the secret, in whatever form it was sent."""
        for known in (self._secret, quote(self._secret, safe=""), self.header.split()[1]):
            text = text.replace(known, _HIDDEN)
        return text

    def __repr__(self) -> str:
        """Return where they came from."""
        return f"<credentials from {self.variable}>"

    def __reduce__(self) -> str:
        """Refuse to be pickled."""
        raise TypeError("credentials are not written anywhere")


class Address(NamedTuple):
    """Where requests are sent."""

    base_url: str
    is_loopback: bool


def credentials_from_environment() -> Credentials:
    """Return the credentials that the environment holds, those of the account first.

    Raises:
        Misconfigured: it holds none, half of a pair, or what cannot be one.
    """
    for name, secret_name in _PAIRS:
        pair = [os.environ.get(variable, "") for variable in (name, secret_name)]
        for variable, value in zip((name, secret_name), pair, strict=True):
            if value and not re.fullmatch("[!-~]+", value):
                words = "holds white space, or what is no ASCII character: was it cut or pasted?"
                raise Misconfigured(f"{variable} {words}")
        if ":" in pair[0]:
            raise Misconfigured(f"{name} has a colon in it, which no user name has")
        if all(pair):
            return Credentials(pair[0], pair[1], secret_name)
        if any(pair):
            missing = secret_name if pair[0] else name
            other = name if pair[0] else secret_name
            raise Misconfigured(f"{missing} is not set, and {other} is: it takes both")
    choices = ", or ".join(" and ".join(pair) for pair in _PAIRS)
    raise Misconfigured(f"there are no credentials: set {choices} in the environment")


def checked_address(base_url: str) -> Address:
    """Return where a base URL leads.

    Raises:
        Misconfigured: it is none, or would let others read what is sent.
    """
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise Misconfigured("the base URL is no URL") from None
    if not re.fullmatch("[!-~]+", base_url) or parts.scheme not in ("http", "https") or not host:
        raise Misconfigured("the base URL must begin with https:// and a host")
    if "@" in parts.netloc:
        raise Misconfigured("the base URL must hold no credentials: they come from the environment")
    if parts.query or parts.fragment or "?" in base_url or "#" in base_url:
        raise Misconfigured("the base URL must have no query and no fragment")
    is_loopback = _is_loopback(host)
    if parts.scheme == "http" and not is_loopback:
        raise Misconfigured(
            "plain http would show the credentials and all numbers to others: use https (http is"
            " for this machine alone, such as http://127.0.0.1:8080)"
        )
    return Address(base_url.rstrip("/"), is_loopback)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Client:
    """Sends requests to one path; it may be used by several threads.

    Args:
        address: where.
        path: the endpoint's.
        credentials: with what.
        read_seconds: how long an answer may take.

    Raises:
        Misconfigured: the proxy, or the bundle of certificates, that the environment names
            cannot be used.
    """

    def __init__(
        self,
        address: Address,
        path: str,
        credentials: Credentials,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._url = address.base_url + path
        self._credentials = credentials
        self._pool = _pool(address, read_seconds)

    def send(self, body: bytes) -> Reply:
        """Send a request and return what came back; no failure raises."""
        headers = {
            "Authorization": self._credentials.header,
            "Content-Type": wire.FORM,
            "Accept": wire.JSON,
            "User-Agent": f"consentlint/{__version__}",
        }
        try:
            response = self._pool.request(
                wire.METHOD,
                self._url,
                body=body,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
            )
            content = response.read(_LARGEST_ANSWER + 1)
            if len(content) > _LARGEST_ANSWER:
                # What is left of it is not read, so the connection is of no use.
                response.close()
                return Reply(None, failure="the answer is longer than any of the API")
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return _failure(error)
        return Reply(response.status, content, response.headers.get("Retry-After"))

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()


def _pool(address: Address, read_seconds: float) -> urllib3.PoolManager:
    host = urlsplit(address.base_url).hostname or ""
    scheme = urlsplit(address.base_url).scheme
    bundle = next((os.environ[name] for name in _CA_BUNDLES if os.environ.get(name)), None)
    try:
        # Without a bundle, SSL_CERT_FILE and SSL_CERT_DIR hold, or what the system trusts.
        context = ssl.create_default_context()
        if bundle:
            is_folder = os.path.isdir(bundle)
            context.load_verify_locations(
                cafile=None if is_folder else bundle, capath=bundle if is_folder else None
            )
    except OSError:
        raise Misconfigured(
            "the certificates that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names cannot be read"
        ) from None
    settings: dict[str, Any] = {
        "maxsize": IN_FLIGHT,
        "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
        "ssl_context": context,
    }
    proxies = getproxies_environment()
    proxy = proxies.get(scheme) or proxies.get("all")
    # What goes to this machine goes nowhere else.
    if not proxy or address.is_loopback or proxy_bypass(host):
        return urllib3.PoolManager(**settings)
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    try:
        parts = urllib3.util.parse_url(proxy)
        if parts.auth:
            settings["proxy_headers"] = urllib3.make_headers(proxy_basic_auth=parts.auth)
        return urllib3.ProxyManager(parts._replace(auth=None).url, **settings)
    except (urllib3.exceptions.HTTPError, ValueError):
        raise Misconfigured("the proxy that the environment names cannot be used") from None


def _failure(error: Exception) -> Reply:
    """Return why there is no answer; the library's words may hold the URL of a proxy."""
    errors = urllib3.exceptions
    causes: list[BaseException] = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        if cause in causes:
            break
        causes.append(cause)
    causes += [part for cause in causes for part in cause.args if isinstance(part, BaseException)]
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            words = f"the certificate of the server is not trusted: {cause.verify_message}"
            return Reply(None, failure=words, is_hopeless=True)
    if any(isinstance(cause, errors.NameResolutionError) for cause in causes):
        return Reply(None, failure="the host was not found")
    if isinstance(error, errors.ProxyError):
        return Reply(None, failure="the proxy cannot be used")
    if any(isinstance(cause, errors.NewConnectionError) for cause in causes):
        return Reply(None, failure="there was no connection")
    if isinstance(error, errors.TimeoutError):
        return Reply(None, failure="the answer did not come in time")
    if isinstance(error, errors.SSLError):
        return Reply(None, failure="the encrypted connection failed")
    return Reply(None, failure="the connection was lost")
