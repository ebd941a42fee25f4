import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen

from clockwork import Clockwork
from mail_server import Letterbox
from reviewing import Desk
from scene import NOON, Scene
from sqlalchemy import select

from leaflets.catalogue import load_library
from leaflets.config import ROOT
from leaflets.domain.notices import Notice
from leaflets.domain.press.schedule import Lane
from leaflets.mail import MailServer
from leaflets.queue import Tickets
from leaflets.storage.alert import Alert
from leaflets.storage.blobs import Blobs
from leaflets.storage.review import Submission
from leaflets.storage.session import open_sessions
from workers.sweeper import read_messages, sweep, tell


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


def test_a_sweep_leaves_a_redis_or_a_database_that_is_away_for_the_next(
    migrated_sqlite_url: str, redis_url: str, tmp_path: Path
) -> None:
    scene = Scene(migrated_sqlite_url)
    scene.order(scene.leaflet().id)
    sweep(scene.sessions, scene.tickets, Blobs(tmp_path), NOON)
    nowhere = open_sessions(f"sqlite:///{tmp_path / 'nowhere' / 'leaflets.db'}", pooled=False)
    sweep(nowhere, scene.tickets, Blobs(tmp_path), NOON)
    back = Tickets(redis_url)
    sweep(scene.sessions, back, Blobs(tmp_path), NOON)
    assert back.waiting(Lane.PRESS) == 1


def test_a_sweep_tells_people_and_outlives_a_mail_server_that_is_away(migrated_sqlite_url: str, tmp_path: Path) -> None:
    clock = Clockwork(Scene(migrated_sqlite_url))
    leaflet = clock.leaflet()
    plan = clock.plan(leaflet, NOON).plan
    assert plan is not None
    late = plan.latest_safe + timedelta(days=1)
    with Letterbox() as box:
        for url in ("smtp://127.0.0.1:1", box.url):
            tell(clock.sessions, MailServer(url, "leaflets@example.org"), "https://leaflets.example.org", late)
            late += timedelta(minutes=2)
        assert [letter["To"] for letter in box.letters] == ["agnes@example.org", "rita@example.org"]
    nowhere = open_sessions(f"sqlite:///{tmp_path / 'nowhere' / 'leaflets.db'}", pooled=False)
    tell(nowhere, None, "", late)


def test_a_leaflet_that_somebody_writes_in_is_no_reason_to_sweep_again_at_once(migrated_sqlite_url: str) -> None:
    scene = Scene(migrated_sqlite_url)
    scene.leaflet()
    library = load_library(ROOT / "library")
    assert not read_messages(scene.sessions, library, NOON)
    assert not read_messages(scene.sessions, library, NOON)


SWEEPS = """
import sys
from datetime import datetime
from leaflets.storage.session import open_sessions
from workers.sweeper import tell
now = datetime.fromisoformat(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
tell(open_sessions(sys.argv[1], pooled=False, clock=lambda: now), None, "", now)
"""


def _sweeping(url: str, now: datetime) -> Popen[str]:
    process = Popen([sys.executable, "-c", SWEEPS, url, now.isoformat()], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_processes_that_sweep_at_once_and_one_that_is_killed_ask_again_once_for_each(postgres_url: str) -> None:
    desk = Desk(postgres_url)
    desk.scene.now = monday = datetime(2027, 2, 1, 10, tzinfo=UTC)
    for number in range(4):
        desk.send(desk.leaflet(headline=f"A bus at {number}"))
    sweeps = [_sweeping(postgres_url, monday + timedelta(hours=4)) for _ in range(3)]
    for process in sweeps:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    sweeps[0].kill()
    last = _sweeping(postgres_url, monday + timedelta(hours=4, minutes=1))
    for process in (*sweeps, last):
        with process:
            process.communicate("" if process in sweeps else "go\n", timeout=120)
    assert [process.returncode for process in (*sweeps[1:], last)] == [0, 0, 0]
    with desk.sessions() as session:
        reminders = session.scalars(select(Alert).where(Alert.kind == Notice.REMINDER)).all()
        counts = set(session.scalars(select(Submission.reminded)))
    assert len(reminders) == 4
    assert len({alert.leaflet_id for alert in reminders}) == 4
    assert counts == {1}
