"""An OpenID provider that can be made to lie, to dawdle and to be rude: a real one, on a port of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

_KEY = RSAKey.generate_key(2048, parameters={"kid": "its own", "use": "sig"})
_OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "its own", "use": "sig"})


class CrookedProvider:
    """Honest until a test changes `claims`, `discovery`, `forge`, `broken` or `dawdle_s`. `nonce` is what it saw."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.claims: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.forge = False
        self.algorithm = "RS256"
        self.broken: dict[str, tuple[int, bytes]] = {}
        self.dawdle_s = 0.0
        self.nonce = ""
        self.asked: list[dict[str, list[str]]] = []
        self._clock = clock
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._answer(self)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                provider.asked.append(parse_qs(self.rfile.read(length).decode()))
                provider._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> CrookedProvider:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def saw(self, address: str) -> None:
        """Somebody was sent to this address: what it asks is answered next."""
        self.nonce = parse_qs(urlsplit(address).query)["nonce"][0]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path = urlsplit(request.path).path
        time.sleep(self.dawdle_s)
        status, body = self.broken.get(path) or (200, json.dumps(self._page(path)).encode())
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _page(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.discovery,
            }
        if path == "/keys":
            return KeySet([_KEY]).as_dict(private=False)
        return {"access_token": "an access token", "token_type": "Bearer", "id_token": self._token()}

    def _token(self) -> str:
        now = int(self._clock())
        claims = {
            "iss": self.issuer,
            "aud": "leaflets",
            "sub": "subject-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "henry@example.org",
            "email_verified": True,
            "name": "Henry",
            **self.claims,
        }
        header = {"alg": self.algorithm, "kid": "its own"}
        return jwt.encode(header, claims, _OTHER_KEY if self.forge else _KEY)
