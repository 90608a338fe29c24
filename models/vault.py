"""Keys made from SECRET_KEY, one per use: sealing what rests, peppering PINs, fingerprinting codes."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_LINK_SEAL = 12


class Vault:
    """Everything that needs the installation's secret. Never logged, never stored."""

    def __init__(self, secret_key: str) -> None:
        self._sealing = AESGCM(_derived(secret_key, b"seal"))
        self._pepper = _derived(secret_key, b"pin pepper")
        self._codes = _derived(secret_key, b"redemption codes")
        self._links = _derived(secret_key, b"links")

    def seal(self, plain: bytes, about: str) -> bytes:
        """AES-256-GCM under a fresh nonce; opens only with the same `about`."""
        nonce = os.urandom(_NONCE)
        return nonce + self._sealing.encrypt(nonce, plain, about.encode())

    def unseal(self, sealed: bytes, about: str) -> bytes | None:
        """What was sealed, or None when it was sealed with another key or for another use."""
        try:
            return self._sealing.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
        except InvalidTag:
            return None

    def peppered(self, pin: str) -> bytes:
        """The PIN as the password hash sees it: a stolen table without the pepper cannot be guessed through."""
        return hmac.digest(self._pepper, pin.encode(), hashlib.sha256)

    def fingerprint(self, tenant: str, code: str) -> bytes:
        """What is stored of a redemption code."""
        return hmac.digest(self._codes, f"{tenant}:{code}".encode(), hashlib.sha256)

    def sealed_link(self, named: bytes) -> bytes:
        """The 96 bits that show a link to be ours, whatever it names."""
        return hmac.digest(self._links, named, hashlib.sha256)[:_LINK_SEAL]


def _derived(secret_key: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"regulars " + use).derive(secret_key.encode())
