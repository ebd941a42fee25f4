"""Who is in a leaflet at the moment, and in which zone. Redis alone knows it, and it matters only while they are there.

A tab is noted whenever it saves or asks for news, and forgotten `FORGOTTEN_AFTER_S` after the last time. One script
does both at once, by Redis's own clock. Redis away: nobody is shown, and nothing else fails or waits.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import structlog
from redis import Redis
from redis.exceptions import RedisError

FORGOTTEN_AFTER_S = 20.0
"""An open page asks for news every few seconds; one that has not for so long is closed, asleep or off the network."""

_PATIENCE_S = 0.25
_AWAY_S = 5.0
"""How long Redis is left alone after it did not answer: words must not wait for it again and again."""

_NOTE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local seen, said = KEYS[1], KEYS[2]
local forget_s = tonumber(ARGV[3])
redis.call('ZADD', seen, now, ARGV[1])
redis.call('HSET', said, ARGV[1], ARGV[2])
local gone = redis.call('ZRANGEBYSCORE', seen, '-inf', now - forget_s)
for _, tab in ipairs(gone) do
  redis.call('ZREM', seen, tab)
  redis.call('HDEL', said, tab)
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, math.ceil(forget_s * 1000)) end
return redis.call('HVALS', said)
"""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in a leaflet. A person may be there in several tabs; `zone` is empty while they are in none."""

    tab: str
    person_id: int
    name: str
    zone: str = ""


class Presence:
    """Notes who is there and says who else is. It never raises."""

    def __init__(self, redis_url: str, *, forgotten_after_s: float = FORGOTTEN_AFTER_S) -> None:
        redis = Redis.from_url(
            redis_url, socket_connect_timeout=_PATIENCE_S, socket_timeout=_PATIENCE_S, decode_responses=True
        )
        self._note = redis.register_script(_NOTE)
        self._forgotten_after_s = forgotten_after_s
        self._away_until = 0.0

    def note(self, leaflet_id: int, visitor: Visitor) -> tuple[Visitor, ...]:
        """Note that this tab is there, and answer with everybody who is, by name; nobody while Redis is away."""
        if time.monotonic() < self._away_until:
            return ()
        said = json.dumps([visitor.tab, visitor.person_id, visitor.name, visitor.zone])
        try:
            found = self._note(
                keys=[f"leaflet:{leaflet_id}:seen", f"leaflet:{leaflet_id}:said"],
                args=[visitor.tab, said, self._forgotten_after_s],
            )
        except RedisError as error:
            self._away_until = time.monotonic() + _AWAY_S
            _log.warning("presence.redis_away", error=str(error))
            return ()
        there = (Visitor(*json.loads(each)) for each in found)
        return tuple(sorted(there, key=lambda each: (each.name, each.tab)))
