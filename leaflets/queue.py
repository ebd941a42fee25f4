"""The only sender of RQ jobs. A ticket says "do the next thing on this lane" and nothing else.

What is to be done, and in which order, stands in the database: tickets are all alike, one too many finds nothing to
do, and one too few is sent later by the sweeper. So Redis may be away, or be flushed, and nothing is lost.
"""

from __future__ import annotations

from enum import StrEnum

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from leaflets.domain.press.schedule import Lane

TICKET = "workers.ticket.do_next"
"""What a worker runs, by name: the web process never imports it."""

TICKET_LIMIT_S = 3_900
"""When RQ itself gives up on a ticket: beyond the longest render that the settings allow, which stops far sooner."""

FAILED_KEPT_S = 86_400
"""How long RQ remembers a ticket that failed, for whoever looks at its dashboard: the database knows the rest."""

_log = structlog.get_logger()


class Sent(StrEnum):
    """What became of a ticket."""

    SENT = "sent"
    REDIS_AWAY = "waiting for Redis"  # the sweeper sends it when Redis is back


class Tickets:
    """Sends tickets, one RQ queue a lane. Answers within two seconds even when Redis does not."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2)
        self._queues = {lane: queue_of(lane, self._redis) for lane in Lane}

    def send(self, lane: Lane, *, number: int = 1) -> Sent:
        """Wake a worker of that lane, or `number` times one. Call it after the commit; it never raises."""
        queue = self._queues[lane]
        try:
            for _ in range(number):
                queue.enqueue(
                    TICKET,
                    lane.value,
                    retry=Retry(max=2),
                    job_timeout=TICKET_LIMIT_S,
                    result_ttl=0,
                    failure_ttl=FAILED_KEPT_S,
                )
        except RedisError as error:
            _log.warning("ticket.redis_away", lane=lane.value, error=str(error))
            return Sent.REDIS_AWAY
        return Sent.SENT

    def waiting(self, lane: Lane) -> int | None:
        """How many tickets of that lane nobody has taken yet; `None` when Redis does not answer."""
        try:
            return self._queues[lane].count
        except RedisError:
            return None

    def answers(self) -> bool:
        """Whether Redis is there."""
        try:
            return bool(self._redis.ping())
        except RedisError:
            return False


def queue_of(lane: Lane, connection: Redis) -> Queue:
    """The RQ queue of a lane. JSON, not pickle: whoever can write to Redis must not be able to run code here."""
    return Queue(lane.value, connection=connection, serializer=JSONSerializer)
