import json

from redis import Redis
from scene import NOWHERE

from leaflets.domain.press.schedule import Lane
from leaflets.queue import Sent, Tickets, queue_of


def test_a_ticket_is_plain_json_that_says_only_which_lane(redis_url: str) -> None:
    tickets = Tickets(redis_url)
    assert tickets.send(Lane.PROOF) is Sent.SENT
    with Redis.from_url(redis_url) as connection:
        job = queue_of(Lane.PROOF, connection).jobs[0]
        assert json.loads(job.data) == ["workers.ticket.do_next", None, ["proof"], {}]
    assert (tickets.waiting(Lane.PROOF), tickets.waiting(Lane.PRESS)) == (1, 0)


def test_a_redis_that_is_away_is_reported_and_never_raised() -> None:
    tickets = Tickets(NOWHERE)
    assert tickets.send(Lane.PRESS) is Sent.REDIS_AWAY
    assert tickets.waiting(Lane.PRESS) is None
    assert not tickets.answers()
