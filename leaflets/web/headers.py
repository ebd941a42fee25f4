"""Security headers of every answer. Scripts, styles and pictures come from this site alone; none is inline."""

from __future__ import annotations

from flask import Response

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


def add_headers(response: Response) -> Response:
    """Put them on; a page with somebody's words in it is kept by no cache but the browser's own back button."""
    response.headers.update(HEADERS)
    if current.house().config.base_url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
