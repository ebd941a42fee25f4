"""Passwords as salted hashes: scrypt (RFC 7914) with N = 2^15, r = 8, p = 3.

One of the equal choices of OWASP's Password Storage Cheat Sheet, and the one that takes 32 MB rather than 128: several
people may sign in at once on a small machine. A hash reads `scrypt$15$3$<salt>$<hash>`, so that the cost can rise
later without locking anybody out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from leaflets.domain.errors import Invalid

LEAST_CHARS = 12
MOST_CHARS = 200  # hashing a longer one would only cost time
_COST, _PASSES = 15, 3


def _scrypt(password: str, salt: bytes, cost: int, passes: int) -> bytes:
    memory = 128 * 8 * (2**cost + passes) + 2**20
    return hashlib.scrypt(password.encode(), salt=salt, n=2**cost, r=8, p=passes, maxmem=memory, dklen=32)


def hashed(password: str) -> str:
    """What to keep of a new password; raises `Invalid` when it is too short or too long."""
    if not LEAST_CHARS <= len(password) <= MOST_CHARS:
        raise Invalid(
            f"That password has {len(password)} characters.",
            f"Choose one of {LEAST_CHARS} to {MOST_CHARS}: three or four words are good.",
            code="password-length",
        )
    salt = secrets.token_bytes(16)
    return f"scrypt${_COST}${_PASSES}${salt.hex()}${_scrypt(password, salt, _COST, _PASSES).hex()}"


def matches(password: str, kept: str) -> bool:
    """Whether the password is the one behind the hash; as slow when there is none, which keeps secret who exists."""
    kept = kept if kept.startswith("scrypt$") else f"scrypt${_COST}${_PASSES}${'00' * 16}${'00' * 32}"
    _, cost, passes, salt, digest = kept.split("$")
    found = _scrypt(password[:MOST_CHARS], bytes.fromhex(salt), int(cost), int(passes))
    return hmac.compare_digest(found, bytes.fromhex(digest))
