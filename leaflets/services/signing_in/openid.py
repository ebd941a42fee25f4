"""Signing in through an organisation's own provider: OpenID Connect Core 1.0, the code flow with PKCE (RFC 7636).

Whatever the provider says is checked before it is believed: who issued the token, for whom, when, with which key, in
answer to which question. Whom it may sign in, vouched.py decides.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from json import JSONDecodeError, loads
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from leaflets.domain.errors import Refused, Unavailable
from leaflets.domain.words.characters import tidy_line
from leaflets.seal import Seal
from leaflets.services.signing_in.provider_line import EndlessError, InsideError, PinnedAdapter
from leaflets.storage.signing_in import IdentityProvider

TIMEOUT_S = (3.05, 5.0)  # to connect, and between two pieces of an answer
LEEWAY_S = 60
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures that only the provider can make: never "none", never one made with the secret that we share."""

SCOPE = "openid email profile"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a provider: the address to go to, and what the answer has to bring back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of somebody, once it is believed."""

    subject: str
    email: str
    is_verified: bool
    name: str


def ask(provider: IdentityProvider, *, back: str, safe: bool) -> Question:
    """Where to send somebody, who comes back to `back`. Raises `Unavailable` when the provider does not answer.

    `safe`: over https alone, and never to an address inside our own network.
    """
    with _line(provider, back, safe=safe) as line:
        found = _discovered(line, provider, safe=safe)
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        address, state = line.create_authorization_url(
            found["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
    return Question(address, state, nonce, verifier)


def answer(
    provider: IdentityProvider,
    *,
    seal: Seal,
    now: datetime,
    back: str,
    safe: bool,
    code: str,
    nonce: str,
    verifier: str,
) -> Said:
    """What the provider says of whoever came back with `code`. Raises `Unavailable` or `Refused`, in words."""
    with _line(provider, back, safe=safe, secret=seal.open(provider.client_secret)) as line:
        found = _discovered(line, provider, safe=safe)
        token = _token(line, provider, found, code=code, verifier=verifier)
        claims = _believed(provider, token.get("id_token"), _json(line, provider, found["jwks_uri"]), nonce, now)
        if "email" not in claims and "userinfo_endpoint" in found:
            more = _json(line, provider, found["userinfo_endpoint"], bearer=str(token.get("access_token", "")))
            if more.get("sub") == claims["sub"]:  # Core 5.3.2: else it is about somebody else
                claims = {**more, **claims}
    email = str(claims.get("email", "")).strip()
    name = tidy_line(str(claims.get("name", "")))[:200] or email.partition("@")[0]
    return Said(claims["sub"], email, claims.get("email_verified") in (True, "true"), name)


@contextmanager
def _line(provider: IdentityProvider, back: str, *, safe: bool, secret: str = "") -> Iterator[OAuth2Session]:
    """What is asked through it goes nowhere else, and what goes wrong on the way is said in words."""
    line = OAuth2Session(
        provider.client_id,
        secret or None,
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",
    )
    line.trust_env = False  # neither a proxy nor a .netrc of this machine
    line.max_redirects = 0
    line.headers["Accept-Encoding"] = "identity"  # a few bytes must not unfold into many
    line.mount("https://", PinnedAdapter(safe=safe))
    line.mount("http://", PinnedAdapter(safe=safe))
    try:
        with line:
            yield line
    except InsideError as error:
        raise _odd(provider, f"{error} is not on the internet") from error
    except EndlessError as error:
        raise _odd(provider, "its answer has no end") from error


def _discovered(line: OAuth2Session, provider: IdentityProvider, *, safe: bool) -> Mapping[str, str]:
    """What the provider says of itself (Discovery 1.0 section 4.3)."""
    _check_scheme(provider, provider.issuer, safe=safe)
    found = _json(line, provider, f"{provider.issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != provider.issuer:
        raise _odd(provider, "it says that it is another provider")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str):
            raise _odd(provider, f"it does not say where its {name} is")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        if name in found:
            _check_scheme(provider, str(found[name]), safe=safe)
    methods = found.get("token_endpoint_auth_methods_supported", [])
    if "client_secret_post" in methods and "client_secret_basic" not in methods:
        line.token_endpoint_auth_method = "client_secret_post"
    return found


def _check_scheme(provider: IdentityProvider, address: str, *, safe: bool) -> None:
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in (("https",) if safe else ("https", "http")) and bool(parts.hostname)
    except ValueError:
        is_one = False
    if not is_one:
        raise _odd(provider, f"it names {address[:80]}")


def _json(line: OAuth2Session, provider: IdentityProvider, address: str, *, bearer: str = "") -> dict[str, Any]:
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        got = line.get(address, withhold_token=True, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
        found = loads(got.content) if got.status_code == 200 else None
    except (RequestException, OSError) as error:
        raise _away(provider) from error
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise _odd(provider, "its answer is no JSON") from error
    if not isinstance(found, dict):
        raise _odd(provider, f"it answers {got.status_code}")
    return found


def _token(
    line: OAuth2Session, provider: IdentityProvider, found: Mapping[str, str], *, code: str, verifier: str
) -> Mapping[str, Any]:
    try:
        token: Mapping[str, Any] = line.fetch_token(
            found["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )
    except AuthlibBaseError as error:
        raise Refused(
            f"{provider.name} does not know that sign-in any more.", "Start again.", code="openid-code"
        ) from error
    except (RequestException, OSError) as error:
        raise _away(provider) from error
    except ValueError as error:
        raise _odd(provider, "its answer is no token") from error
    return token


def _believed(
    provider: IdentityProvider, token: object, keys: Mapping[str, Any], nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an id token that is whole, fresh, and meant for us (Core 3.1.3.7)."""
    try:
        claims = dict(jwt.decode(str(token), KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims)  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _forged(provider, "its signature is not the provider’s") from error
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    moment, ends, made = now.timestamp(), claims.get("exp"), claims.get("iat")
    # Row: what must hold, and what is said when it does not.
    rules = (
        (str(claims.get("iss", "")).rstrip("/") == provider.issuer, "another provider issued it"),
        (provider.client_id in audiences, "it is meant for somebody else"),
        (len(audiences) == 1 or claims.get("azp") == provider.client_id, "it is meant for somebody else"),
        (isinstance(ends, int | float) and ends > moment - LEEWAY_S, "it is too old"),
        (isinstance(made, int | float) and made < moment + LEEWAY_S, "it comes from the future"),
        (secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()), "we asked another question"),
        (isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 255, "it does not say who you are"),
    )
    for holds, why in rules:
        if not holds:
            raise _forged(provider, why)
    return claims


def _away(provider: IdentityProvider) -> Unavailable:
    return Unavailable(
        f"{provider.name} does not answer.", "Try again in a minute, or sign in with a link by e-mail.", code="openid"
    )


def _odd(provider: IdentityProvider, why: str) -> Unavailable:
    return Unavailable(
        f"{provider.name} answers in a way that we cannot use: {why}.",
        "Sign in with a link by e-mail, and tell the administrator of your organisation.",
        code="openid",
    )


def _forged(provider: IdentityProvider, why: str) -> Refused:
    return Refused(
        f"What came back from {provider.name} does not hold: {why}.",
        "Start again. If it happens twice, sign in with a link by e-mail and tell your administrator.",
        code="openid-token",
    )
