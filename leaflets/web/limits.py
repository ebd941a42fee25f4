"""How often one visitor may try: the doors that somebody could lean on.

Whoever has the right link, passkey or code is let in however often others tried and failed: at those doors it is the
failures that are counted (`failed`), after the look.
"""

from __future__ import annotations

from typing import NoReturn

from flask import Flask, abort, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from leaflets.web import current

SIGN_IN = "12 per minute; 100 per hour"  # failures
SIGN_IN_DEMO = "120 per minute"  # invented people: nothing to guess
SIGN_IN_LINK = "30 per minute; 300 per hour"  # of one address: an office on its first evening
SECOND_STEP = "5 per 5 minutes; 15 per hour; 40 per day"  # failures: one of six digits is right once in 300,000 times
BRING_IN = "60 per minute; 400 per hour"  # each mails a way in
JOIN = "6 per minute; 40 per hour"  # newcomers of one address: an office on its first evening
PASSKEY = "60 per minute"  # of one address
UPLOAD = "60 per minute; 600 per hour"
PIECE = "1200 per minute"  # pieces of uploads: an album on a fast line, and never a long file on a slow one

_HERE = "tries counted in this process"


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
    app.extensions[_HERE] = FixedWindowRateLimiter(MemoryStorage())
    limiter.init_app(app)


def failed(door: str, allowed: str) -> None:
    """Count one failure of this visitor at a door; the answer is 429 when there were more than `allowed`."""
    hits = [_hit(limit, door) for limit in parse_many(allowed)]
    if not all(hits):
        too_many()


def too_many() -> NoReturn:
    """Answer that there were too many tries."""
    abort(429)


def has_tries(door: str, allowed: str) -> bool:
    """Whether this visitor may still try: for a door whose codes are so short that a flood could guess one."""
    try:
        return all(limiter.limiter.test(limit, door, who()) for limit in parse_many(allowed))
    except RedisError:
        return all(_here().test(limit, door, who()) for limit in parse_many(allowed))


def _hit(limit: RateLimitItem, door: str) -> bool:
    try:
        return limiter.limiter.hit(limit, door, who())
    except RedisError:
        return _here().hit(limit, door, who())


def _here() -> FixedWindowRateLimiter:
    counted: FixedWindowRateLimiter = current_app.extensions[_HERE]
    return counted
