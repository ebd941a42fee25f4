"""Security headers of every answer. Scripts, styles and pictures come from this site alone; none is inline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from leaflets.web import current

# Content Security Policy Level 3 (W3C); the rest as OWASP's Secure Headers Project advises.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


STAMPED = "public, max-age=31536000, immutable"
UNSTAMPED = "public, max-age=86400"  # the fonts, which style sheets name without a stamp


def add_headers(response: Response) -> Response:
    """Put them on; a page with somebody's words in it is kept by no cache but the browser's own back button."""
    response.headers.update(HEADERS)
    if current.house().config.base_url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = STAMPED if "v" in request.args else UNSTAMPED
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def stamp_static(app: Flask) -> None:
    """Put the time of its last change into the address of each static file, so that a browser may keep it for good."""

    @app.url_defaults
    def _stamp(endpoint: str, values: dict[str, Any]) -> None:
        file = Path(app.static_folder or "") / values.get("filename", "")
        if endpoint == "static" and "v" not in values and file.is_file():
            values["v"] = int(file.stat().st_mtime)
