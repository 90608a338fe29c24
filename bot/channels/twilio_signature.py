"""Whether a request comes from Twilio: the X-Twilio-Signature header.

The signed URL is the one configured at Twilio. It is put together from the configured public base and the raw
request target, never from the request's own idea of its URL: a proxy may change scheme and host, and a
decoded path is not the path that was signed.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import parse_qs

SIGNATURE_HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"

_ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
_OVER_SOCKET = {"http": "ws", "https": "wss"}
_DEFAULT_PORTS = {"http": "80", "ws": "80", "https": "443", "wss": "443"}
_PORT = re.compile(r":\d+\Z")


def signature(url: str, params: Iterable[tuple[str, str]], token: str, algorithm: str = "sha1") -> str:
    """The base64 HMAC over the URL and the parameters of a form.

    Names in code-point order, each followed by its value; the distinct values of a repeated name in their
    order; a blank value leaves the name alone. `algorithm` is a hash of hashlib.
    """
    signed = url + "".join(name + value for name, value in sorted(set(params)))
    return base64.b64encode(hmac.digest(_bytes(token), _bytes(signed), algorithm)).decode()


def is_from_twilio(
    *,
    tokens: str | Sequence[str],
    public_base_url: str,
    raw_path_qs: str,
    headers: Mapping[str, str],
    params: Iterable[tuple[str, object]] = (),
    body: bytes | None = None,
) -> bool:
    """Whether one of the tokens signed this request. Never raises, whatever a stranger sends.

    `tokens` are the secrets that may have signed: the account's auth token, both during a rotation, or the
    secrets of shared keys. `public_base_url` is scheme, host and path prefix as configured at Twilio;
    `raw_path_qs` the request target as received, percent-encoding and all. A form's fields go into `params`,
    all of them, with repeats and blanks; the raw body of anything else goes into `body`; a GET has neither.
    """
    given = _header(headers, SIGNATURE_HEADER)
    algorithm = _ALGORITHMS.get(_algorithm_named(_header(headers, SETTINGS_HEADER)))
    fields = _texts(params)
    if not given or algorithm is None or fields is None or not _covers(raw_path_qs, body):
        return False
    is_handshake = _header(headers, "Upgrade").lower() == "websocket"
    urls = list(_urls(public_base_url, raw_path_qs, is_handshake=is_handshake))
    expected = (signature(url, fields, token, algorithm) for token in _secrets(tokens) for url in urls)
    return any(hmac.compare_digest(_bytes(one), _bytes(given)) for one in expected)


def _secrets(tokens: str | Sequence[str]) -> Sequence[str]:
    # Anyone can sign with an empty token: a setting left blank must open nothing.
    return [token for token in ([tokens] if isinstance(tokens, str) else tokens) if token]


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


def _algorithm_named(settings: str) -> str:
    """The algorithm of `key=…,algorithm=HMAC_SHA256`; without one it is SHA-1 over the auth token."""
    named = dict(part.partition("=")[::2] for part in settings.replace(" ", "").split(","))
    return (named.get("algorithm") or "HMAC_SHA1").upper()


def _texts(params: Iterable[tuple[str, object]]) -> list[tuple[str, str]] | None:
    """The fields of the form; None if one is a file, which Twilio never sends."""
    fields = list(params)
    texts = [(name, value) for name, value in fields if isinstance(value, str)]
    return texts if len(texts) == len(fields) else None


def _covers(raw_path_qs: str, body: bytes | None) -> bool:
    """A raw body counts only with its SHA-256 in the signed URL: the signature itself does not see it."""
    if body is None:
        return True
    digests = parse_qs(raw_path_qs.partition("?")[2]).get("bodySHA256")
    if digests is None:
        return not body
    return hmac.compare_digest(_bytes(digests[0].lower()), hashlib.sha256(body).hexdigest().encode())


def _urls(public_base_url: str, raw_path_qs: str, *, is_handshake: bool) -> Iterator[str]:
    """Every URL Twilio may have signed: with the port and without, a handshake with one more slash."""
    scheme, _, rest = public_base_url.partition("://")
    if is_handshake:
        scheme = _OVER_SOCKET.get(scheme, scheme)
    authority, slash, prefix = rest.partition("/")
    for host in _hosts(scheme, authority.rpartition("@")[2]):
        base = f"{scheme}://{host}{slash}{prefix}".rstrip("/")
        yield base + raw_path_qs
        if scheme in _OVER_SOCKET.values():
            path, mark, query = raw_path_qs.partition("?")
            yield f"{base}{path}/{mark}{query}"


def _hosts(scheme: str, host: str) -> tuple[str, str]:
    bare = _PORT.sub("", host)
    return bare, host if host != bare else f"{host}:{_DEFAULT_PORTS.get(scheme, '')}"


def _bytes(text: str) -> bytes:
    # A header may hold any byte, and aiohttp decodes it to surrogates: they must not raise here.
    return text.encode("utf-8", "surrogatepass")
