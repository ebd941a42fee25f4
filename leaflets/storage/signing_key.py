"""The installation's own key: what it signs, nobody else can have made.

An Ed25519 key (RFC 8032) in a file of the data folder that its owner alone may read, made when it is first needed.
Whoever has the public key can check a signature without asking us.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from hashlib import sha256
from os import link
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from leaflets.domain.errors import Invalid

KEY_FILE = "signing-key.pem"


class SigningKey:
    """Signs in the name of the installation whose data folder this is."""

    def __init__(self, data_folder: Path) -> None:
        self._key = _kept_key(data_folder / KEY_FILE)

    @property
    def public(self) -> PublicKey:
        """What checks its signatures."""
        return PublicKey(self._key.public_key())

    def sign(self, content: bytes) -> str:
        """The signature, in base 64. The same content gives the same signature."""
        return b64encode(self._key.sign(content)).decode()


class PublicKey:
    """The half of an installation's key that everybody may have."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    @classmethod
    def from_pem(cls, pem: str) -> PublicKey:
        """Read the text of `pem`. Raises `Invalid` when it is no Ed25519 public key."""
        with suppress(ValueError):
            key = load_pem_public_key(pem.encode())
            if isinstance(key, Ed25519PublicKey):
                return cls(key)
        raise Invalid("This is no public key of ours.", "Download it again from the installation’s /signing-key.")

    @property
    def pem(self) -> str:
        """The key as a text that openssl reads too."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def id(self) -> str:
        """A short name for the key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes."""
        return sha256(self._key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]

    def has_signed(self, content: bytes, signature: str) -> bool:
        """Whether this is the key's signature of this content."""
        try:
            self._key.verify(b64decode(signature, validate=True), content)
        except (InvalidSignature, ValueError):
            return False
        return True


def _kept_key(file: Path) -> Ed25519PrivateKey:
    """The key in `file`, made now if there is none. Two processes that start together get the same one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("wb", dir=file.parent) as draft:  # made readable by its owner alone
            draft.write(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            draft.flush()
            with suppress(FileExistsError):
                link(draft.name, file)
    with suppress(ValueError, TypeError):
        key = load_pem_private_key(file.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raise Invalid(f"{file} holds no Ed25519 key.", "Put the backup of that file back.")
