"""How often one visitor may try: the doors that somebody could lean on."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from leaflets.web import current

SIGN_IN = "12 per minute; 100 per hour"
SIGN_IN_DEMO = "120 per minute"  # invented people: nothing to guess
UPLOAD = "60 per minute; 600 per hour"
PIECE = "1200 per minute"  # pieces of uploads: an album on a fast line, and never a long file on a slow one


def who() -> str:
    """The person, or the address of somebody who is not signed in: one busy office shares one address."""
    person = current.somebody()
    return f"person:{person.id}" if person else get_remote_address()


limiter = Limiter(key_func=who)


def count_tries(app: Flask, redis_url: str) -> None:
    """Count in Redis, for all web processes together; in each one's own memory while Redis is away."""
    app.config.update(
        RATELIMIT_STORAGE_URI=redis_url,
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 1, "socket_timeout": 1},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    limiter.init_app(app)
