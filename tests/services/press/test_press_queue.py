import multiprocessing
from datetime import timedelta

import pytest
from scene import NOON, Scene
from sqlalchemy import select

from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.press.schedule import ATTEMPTS_AT_MOST, LEASE, Lane, Stage, WorkKind, WorkState
from leaflets.services import audit
from leaflets.services.press import press_queue
from leaflets.services.press.outcomes import WORKER_DIED, PrintDone, Stopped
from leaflets.services.press.press_queue import Claim, LeaseLost, Swept
from leaflets.storage.press import Work
from leaflets.storage.session import open_sessions, writing

PDF = "f" * 64
DONE = PrintDone(PDF, 2, ())


def claim(scene: Scene, worker: str = "worker 1", *, lane: Lane = Lane.PRESS, after: float = 0) -> Claim | None:
    with scene.sessions() as session:
        return press_queue.claim(session, lane=lane, worker=worker, now=NOON + timedelta(seconds=after))


def finish(scene: Scene, claimed: Claim | None, outcome: object = DONE) -> None:
    assert claimed is not None
    with scene.sessions() as session:
        press_queue.finish(session, claim=claimed, now=NOON, outcome=outcome)


def sweep(scene: Scene, *, after: timedelta) -> Swept:
    with scene.sessions() as session:
        return press_queue.sweep(session, now=NOON + after)


def ordered(scene: Scene, *, needed_in: timedelta = timedelta(days=2)) -> int:
    return scene.order(scene.leaflet().id, needed_in=needed_in).id


def test_the_most_urgent_order_is_claimed_first_whenever_it_came(scene: Scene) -> None:
    far, near, nearest = (ordered(scene, needed_in=timedelta(hours=hours)) for hours in (5, 3, 2))
    claims = [claim(scene) for _ in range(4)]
    assert [claimed and claimed.subject_id for claimed in claims] == [nearest, near, far, None]


def test_people_who_look_at_proofs_never_wait_behind_print_runs(scene: Scene) -> None:
    order = ordered(scene)
    proof = scene.proof(scene.leaflet().id)
    on_proof, on_press = claim(scene, lane=Lane.PROOF), claim(scene)
    assert on_proof is not None
    assert on_press is not None
    assert (on_proof.kind, on_proof.subject_id) == (WorkKind.PROOF, proof.id)
    assert (on_press.kind, on_press.subject_id) == (WorkKind.PRINT, order)


def test_a_finished_order_has_its_pdf_and_its_history(scene: Scene) -> None:
    order = ordered(scene)
    finish(scene, claim(scene))
    standing = scene.order_standing(order)
    assert (standing.state, standing.order.pdf_hash, standing.order.pages) == (WorkState.DONE, PDF, 2)
    assert standing.forecast is None
    with scene.sessions() as session:
        history = [(row.who, row.what) for row in audit.history(session, subject="print", subject_id=order)]
    assert history == [("Agnes", "order placed"), ("worker 1", "print running"), ("worker 1", "print done")]


def test_a_page_sees_place_stage_and_expected_finish(scene: Scene) -> None:
    first, second = ordered(scene, needed_in=timedelta(hours=2)), ordered(scene, needed_in=timedelta(hours=3))
    waiting = scene.order_standing(second).forecast
    assert waiting is not None
    assert waiting.place == 2
    claimed = claim(scene)
    assert claimed is not None
    with scene.sessions() as session:
        press_queue.renew(session, claim=claimed, now=NOON, stage=Stage.TYPESETTING)
    standing = scene.order_standing(first)
    assert (standing.state, standing.stage, standing.fraction) == (
        WorkState.RUNNING,
        "typesetting",
        Stage.TYPESETTING.fraction,
    )
    assert standing.forecast is not None
    assert standing.forecast.place == 0
    after = scene.order_standing(second).forecast
    assert after is not None
    assert after.place == 1


def test_an_expected_finish_after_the_deadline_is_said(scene: Scene) -> None:
    order = ordered(scene, needed_in=timedelta(seconds=1))
    assert scene.order_standing(order).late


def test_a_lease_that_ran_out_is_returned_and_its_holder_can_write_nothing(scene: Scene) -> None:
    order = ordered(scene)
    lost = claim(scene)
    assert sweep(scene, after=LEASE / 2) == Swept(0, 0, {Lane.PRESS: 0, Lane.PROOF: 0})
    assert sweep(scene, after=LEASE * 1.1).returned == 1
    standing = scene.order_standing(order)
    assert (standing.state, standing.reason) == (WorkState.WAITING, WORKER_DIED)
    again = claim(scene, "worker 2", after=120)
    assert again is not None
    assert again.attempt == 2
    with pytest.raises(LeaseLost):
        finish(scene, lost)
    with scene.sessions() as session, pytest.raises(LeaseLost):
        press_queue.renew(session, claim=lost, now=NOON, stage=Stage.STARTING)
    with scene.sessions() as session, pytest.raises(LeaseLost):
        press_queue.fail(session, claim=lost, now=NOON, reason="late")
    finish(scene, again, PrintDone("a" * 64, 2, ()))
    assert scene.order_standing(order).order.pdf_hash == "a" * 64


def test_a_lease_that_is_renewed_does_not_run_out(scene: Scene) -> None:
    ordered(scene)
    claimed = claim(scene)
    assert claimed is not None
    with scene.sessions() as session:
        press_queue.renew(session, claim=claimed, now=NOON + LEASE * 0.9, stage=Stage.STARTING)
    assert sweep(scene, after=LEASE * 1.5).returned == 0


def test_three_failures_stop_an_order_with_the_reason_where_people_see_it(scene: Scene) -> None:
    order = ordered(scene)
    after = 0.0
    for attempt in range(1, ATTEMPTS_AT_MOST + 1):
        claimed = claim(scene, after=after)
        assert claimed is not None
        assert claimed.attempt == attempt
        with scene.sessions() as session:
            again = press_queue.fail(session, claim=claimed, now=NOON, reason="The disk is full.")
        assert claim(scene) is None, "it waits before it is tried again"
        after += 3_600
    assert again is None
    standing = scene.order_standing(order)
    assert (standing.state, standing.reason) == (WorkState.FAILED, "The disk is full.")
    assert claim(scene, after=after) is None


def test_an_order_that_waits_for_its_next_attempt_says_when_and_why(scene: Scene) -> None:
    order = ordered(scene)
    claimed = claim(scene)
    assert claimed is not None
    with scene.sessions() as session:
        again = press_queue.fail(session, claim=claimed, now=NOON, reason="The disk is full.")
    standing = scene.order_standing(order)
    assert (standing.again_at, standing.reason) == (again, "The disk is full.")


def test_a_worker_that_dies_three_times_over_an_order_stops_it(scene: Scene) -> None:
    order = ordered(scene)
    for hours in range(ATTEMPTS_AT_MOST):
        assert claim(scene, after=hours * 3_600) is not None
        sweep(scene, after=timedelta(hours=hours + 0.5))
    standing = scene.order_standing(order)
    assert (standing.state, standing.reason) == (WorkState.FAILED, WORKER_DIED)


def test_what_would_fail_again_is_not_tried_again(scene: Scene) -> None:
    order = ordered(scene)
    problem = Problem("font-not-embedded", Level.ERROR, "A font is missing.", page=1)
    finish(scene, claim(scene), Stopped("A font is missing.", (problem,)))
    standing = scene.order_standing(order)
    assert (standing.state, standing.attempts) == (WorkState.FAILED, 1)
    assert standing.problems == (problem,)
    assert sweep(scene, after=timedelta(days=1)).open[Lane.PRESS] == 0


def test_estimates_are_learnt_from_the_last_renders_of_a_template(scene: Scene) -> None:
    for _ in range(3):
        ordered(scene)
        claimed = claim(scene)
        assert claimed is not None
        with scene.sessions() as session:
            press_queue.finish(session, claim=claimed, now=NOON + timedelta(seconds=42), outcome=DONE)
    order = ordered(scene)
    with scene.sessions() as session:
        work = press_queue.latest(session, WorkKind.PRINT, order)
    assert work is not None
    assert work.estimate_s == 42


def test_two_hundred_rows_claimed_by_four_processes_go_to_one_each(scene: Scene) -> None:
    order = scene.order(scene.leaflet().id)
    with scene.sessions() as session:
        with writing(session):
            first = session.get_one(Work, press_queue.latest(session, WorkKind.PRINT, order.id).id)
            names = {column.name for column in Work.__table__.columns} - {"id"}
            wanted = {name: getattr(first, name) for name in names}
            session.add_all(Work(**wanted) for _ in range(199))
            session.flush()
        ids = set(session.scalars(select(Work.id)))
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(4) as processes:
        taken = processes.starmap(_claim_work, [(scene.url, f"worker {number}") for number in range(4)])
    claimed = [work_id for share in taken for work_id in share]
    assert len(claimed) == len(set(claimed)) == 200
    assert set(claimed) == ids


def _claim_work(url: str, worker: str) -> list[int]:
    sessions, claimed = open_sessions(url), []
    while True:
        with sessions() as session:
            taken = press_queue.claim(session, lane=Lane.PRESS, worker=worker, now=NOON)
        if taken is None:
            return claimed
        claimed.append(taken.work_id)
