from pathlib import Path

from scene import NOON, Scene

from leaflets.domain.schedule import Lane
from leaflets.queue import Tickets
from leaflets.storage.blobs import Blobs
from leaflets.storage.session import open_sessions
from workers.sweeper import sweep


def test_rows_without_a_ticket_get_one_each_and_no_more(database_url: str, redis_url: str, tmp_path: Path) -> None:
    scene = Scene(database_url)  # whose own tickets reach nobody
    leaflet = scene.leaflet()
    for quantity in (100, 200, 300):
        scene.order(leaflet.id, quantity=quantity)
    scene.proof(leaflet.id)
    tickets = Tickets(redis_url)
    for _ in range(2):
        sweep(scene.sessions, tickets, Blobs(tmp_path), NOON)
        assert (tickets.waiting(Lane.PRESS), tickets.waiting(Lane.PROOF)) == (3, 1)


def test_a_sweep_leaves_a_redis_or_a_database_that_is_away_for_the_next(sqlite_url: str, tmp_path: Path) -> None:
    scene = Scene(sqlite_url)
    scene.order(scene.leaflet().id)
    sweep(scene.sessions, scene.tickets, Blobs(tmp_path), NOON)
    nowhere = open_sessions(f"sqlite:///{tmp_path / 'nowhere' / 'leaflets.db'}", pooled=False)
    sweep(nowhere, scene.tickets, Blobs(tmp_path), NOON)
