import random
from datetime import timedelta

from scene import NOON, Scene
from sqlalchemy import select, text

from leaflets.domain.press.schedule import GRACE, PATIENCE, Lane, Urgency, WorkKind, WorkState, rank, urgency
from leaflets.services.press import press_queue, turn
from leaflets.storage.press import Work
from leaflets.storage.session import writing

HOUR = timedelta(hours=1)


def clones(scene: Scene, urgencies: list[Urgency]) -> dict[int, Urgency]:
    """As many rows of one order, the only ones that wait; by their id."""
    order = scene.order(scene.leaflet().id)
    with scene.sessions() as session, writing(session):
        first = press_queue.latest(session, WorkKind.PRINT, order.id)
        assert first is not None
        names = {column.name for column in Work.__table__.columns} - {"id", "urgent_at", "lost_at"}
        same = {name: getattr(first, name) for name in names}
        rows = [Work(**same, urgent_at=each.urgent_at, lost_at=each.lost_at) for each in urgencies]
        session.add_all(rows)
        first.state = WorkState.SUPERSEDED
        session.flush()
        return {row.id: each for row, each in zip(rows, urgencies, strict=True)}


def test_the_database_claims_in_exactly_the_order_of_the_policy(scene: Scene) -> None:
    chance = random.Random(7)
    urgencies = []
    for _ in range(120):
        placed = NOON - chance.uniform(0, 50) * HOUR
        urgencies.append(urgency(placed + chance.uniform(-20, 90) * HOUR, chance.uniform(1, 900), placed))
    left = clones(scene, urgencies)
    classes = {(each.lost_at <= NOON, each.urgent_at <= NOON) for each in urgencies}
    assert classes == {(True, True), (False, True), (False, False)}, "lost, aged, and neither"
    now = NOON
    while left:
        first = min(left, key=lambda number: (rank(left[number], now), number))
        with scene.sessions() as session:
            row = session.get_one(Work, first)
            assert session.scalar(select(Work.id).where(turn.before(row, now)).limit(1)) is None
            claimed = press_queue.claim(session, lane=Lane.PRESS, worker="worker 1", now=now)
        assert claimed is not None
        assert claimed.work_id == first
        del left[first]
        now += chance.uniform(0, 0.5) * HOUR


def test_a_claim_looks_at_the_ends_of_three_indexes_and_sorts_nothing(scene: Scene) -> None:
    clones(scene, [urgency(NOON + n * HOUR, 60, NOON - n * HOUR) for n in range(50)])
    seen = []
    for where, by in turn._classes(Lane.PRESS, NOON):
        query = select(Work.id).where(*where).order_by(by, Work.id).limit(1)
        with scene.sessions() as session:
            postgresql = session.get_bind().dialect.name == "postgresql"
            if postgresql:  # so few rows fit on one page, which is cheaper to read whole
                session.execute(text("SET enable_seqscan = off"))
                session.execute(text("SET enable_bitmapscan = off"))
            sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = session.execute(text(f"EXPLAIN {'' if postgresql else 'QUERY PLAN '}{sql}")).all()
        seen.append(str(plan))
        assert "sort" not in str(plan).lower()
        assert "B-TREE" not in str(plan)
    assert ["ix_press_job_claim" in seen[0], "ix_press_job_aged" in seen[1], "ix_press_job_lost" in seen[2]] == [
        True
    ] * 3


def test_a_deadline_that_is_moved_changes_the_very_next_claim(scene: Scene) -> None:
    near, far = (scene.order(scene.leaflet().id, needed_in=hours * HOUR).id for hours in (5, 9))
    with scene.sessions() as session, writing(session):
        assert press_queue.rerank(session, {far: NOON + 3 * HOUR, 999: NOON}) == 1
    with scene.sessions() as session:
        claimed = press_queue.claim(session, lane=Lane.PRESS, worker="worker 1", now=NOON)
        assert claimed is not None
        assert claimed.subject_id == far
        left = press_queue.claim(session, lane=Lane.PRESS, worker="worker 1", now=NOON)
        assert left is not None
        assert left.subject_id == near


def test_an_order_that_became_lost_and_is_moved_later_is_in_time_again(scene: Scene) -> None:
    order = scene.order(scene.leaflet().id, needed_in=HOUR).id
    with scene.sessions() as session, writing(session):
        press_queue.rerank(session, {order: NOON + 3 * HOUR})
    with scene.sessions() as session:
        work = press_queue.latest(session, WorkKind.PRINT, order)
    assert work is not None
    assert rank(Urgency(work.urgent_at, work.lost_at), NOON + 2 * HOUR) < NOON + 2 * HOUR + PATIENCE
    assert work.lost_at > NOON + 2 * HOUR
    assert work.lost_at < NOON + 3 * HOUR + GRACE


def test_the_outlook_lists_open_orders_in_turn_and_names_who_is_at_risk(scene: Scene) -> None:
    hours = (7, 3, 5)
    seventh, third, fifth = (scene.order(scene.leaflet().id, needed_in=each * HOUR).id for each in hours)
    tight = scene.order(scene.leaflet().id, needed_in=timedelta(minutes=10)).id
    with scene.sessions() as session:
        press_queue.claim(session, lane=Lane.PRESS, worker="worker 1", now=NOON)
        seen = press_queue.outlook(session, now=NOON, workers=1)
    assert [(each.number, each.place) for each in seen.orders] == [(tight, 0), (third, 1), (fifth, 2), (seventh, 3)]
    assert [each.number for each in seen.at_risk] == [tight]
    assert seen.everything_makes_it
    assert seen.workers_needed == 1


def test_the_place_that_a_page_shows_is_the_place_in_the_outlook(scene: Scene) -> None:
    orders = [scene.order(scene.leaflet().id, needed_in=each * HOUR).id for each in (7, 3, 30, 5)]
    later = NOON + 4 * HOUR
    with scene.sessions() as session:
        seen = press_queue.outlook(session, now=later, workers=1)
        shown = {}
        for order in orders:
            work = press_queue.latest(session, WorkKind.PRINT, order)
            assert work is not None
            expected = press_queue.forecast_of(session, work, now=later)
            assert expected is not None
            shown[order] = expected.place
    assert shown == {each.number: each.place for each in seen.orders}
