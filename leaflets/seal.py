"""What the database keeps for us without being able to read it, and marks that only this installation can make.

Keys are derived from the installation's secret by HKDF (RFC 5869), one for each purpose: none of them opens anything
else. Whoever changes the secret asks everybody to set up their authenticator, and every provider, anew.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leaflets.domain.errors import Unavailable

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """Closes, opens and marks with keys of the installation's `secret_key`."""

    secret_key: str

    def close(self, text: str) -> str:
        """The text, sealed (Fernet: AES-128-CBC and HMAC-SHA-256)."""
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed. Raises `Unavailable` when it was sealed with another key, or altered."""
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Unavailable(
                "Something that was kept under seal cannot be opened any more.",
                "Whoever runs this site has changed its secret key: set this up again.",
            ) from error

    def mark(self, purpose: str, *parts: bytes | str | int) -> bytes:
        """32 bytes that only this installation can make of these parts (HMAC-SHA-256)."""
        said = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (_raw(part) for part in parts))
        return hmac.digest(self._key(f"mark {purpose}"), said, "sha256")

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key("seal")))

    def _key(self, purpose: str) -> bytes:
        derived = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"leaflets {purpose}".encode())
        return derived.derive(self.secret_key.encode())


def _raw(part: bytes | str | int) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode()
