import os
import resource
import signal
from collections.abc import Callable

import pikepdf
from PIL import Image
from scene import half_a_png, photo
from sqlalchemy import text

from leaflets.domain.press.schedule import Stage, WorkState
from leaflets.services.picture import pictures, shelf
from leaflets.services.press import orders
from leaflets.services.press.outcomes import WORKER_DIED
from leaflets.storage.review import Approval
from leaflets.storage.session import writing


def pdfs(press) -> list:
    """Every finished PDF that is kept."""
    return [file for file in press.blobs.incoming.parent.glob("??/*") if file.read_bytes().startswith(b"%PDF")]


def test_an_order_becomes_a_pdf(database_url: str, redis_url: str, make_press: Callable) -> None:
    press = make_press(database_url, redis_url)
    press.start()
    order = press.scene.order(press.scene.leaflet().id)
    press.ended(kind="print")
    standing = press.scene.order_standing(order.id)
    assert (standing.state, standing.reason, standing.attempts) == (WorkState.DONE, "", 1)
    with pikepdf.open(press.blobs.path(standing.order.pdf_hash)) as pdf:
        assert len(pdf.pages) == standing.order.pages == 2


def test_a_worker_presses_nothing_whose_approval_was_withdrawn(
    sqlite_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(sqlite_url, redis_url)
    order = press.scene.order(press.scene.leaflet().id)
    with press.scene.sessions() as session, writing(session):  # behind the back of whoever would have held the order
        approval = session.get_one(Approval, order.approval_id)
        approval.withdrawn_at, approval.withdrawn_because = press.scene.now, "It is not so."
    press.start()
    press.ended(kind="print")
    standing = press.scene.order_standing(order.id)
    assert standing.state is WorkState.FAILED
    assert "no longer approved. It is not so." in standing.reason


def test_a_photo_becomes_usable_and_a_proof_shows_it(sqlite_url: str, redis_url: str, make_press: Callable) -> None:
    press = make_press(sqlite_url, redis_url)
    press.start("proof")
    scene = press.scene
    with scene.sessions() as session:
        picture = pictures.receive(
            session,
            actor=scene.agent,
            now=scene.now,
            blobs=press.blobs,
            tickets=scene.tickets,
            campaign_id=scene.campaign.id,
            upload=photo(1200, 1600),
            filename="me.jpg",
        )
    press.ended(kind="picture")
    with scene.sessions() as session:
        ready = pictures.picture(
            session, actor=scene.agent, original_hash=picture.original_hash, campaign_id=scene.campaign.id
        )
    assert (ready.state, ready.width_px, ready.height_px) == ("ready", 1200, 1600)
    leaflet = scene.leaflet()
    placed = {"picture": picture.original_hash, "focus": [0.5, 0.5], "alt": "Ada at the harbour"}
    scene.save(leaflet.id, scene.edit(placed, 0, zone="portrait"))
    proof = scene.proof(leaflet.id)
    press.ended(kind="proof")
    shown = scene.proof_standing(proof.id)
    assert shown.state is WorkState.DONE
    assert not [problem for problem in shown.problems if problem.zone == "portrait" and problem.level == "error"]
    front = shown.proof.pages[0]
    with Image.open(press.blobs.path(front["hash"])) as image:
        assert image.size == (front["width_px"], front["height_px"])


def test_a_picture_taken_off_the_shelf_stops_an_order_that_was_placed_before_until_it_is_back(
    sqlite_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(sqlite_url, redis_url)
    scene = press.scene
    press.start("proof")
    by = {"actor": scene.agent, "now": scene.now, "campaign_id": scene.campaign.id}
    with scene.sessions() as session:
        digest = pictures.receive(
            session, **by, blobs=press.blobs, tickets=scene.tickets, upload=photo(1200, 1600), filename="me.jpg"
        ).original_hash
    press.ended(kind="picture")
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit({"picture": digest, "focus": [0.5, 0.5], "alt": "Ada"}, 0, zone="portrait"))
    order = scene.order(leaflet.id)
    with scene.sessions() as session:
        shelf.take_off(session, **by | {"actor": scene.helper}, original_hash=digest)
    press.start()
    press.ended(kind="print")
    stopped = scene.order_standing(order.id)
    assert stopped.state is WorkState.FAILED
    assert stopped.reason.startswith("The picture “me.jpg” was taken off the shelf by Henry: put it back")
    assert pdfs(press) == []
    with scene.sessions() as session:
        shelf.put_back(session, **by, original_hash=digest)
        orders.press_again(session, actor=scene.agent, now=scene.now, tickets=scene.tickets, order_id=order.id)
    press.ended(kind="print")
    assert scene.order_standing(order.id).state is WorkState.DONE


def test_a_photo_that_cannot_be_decoded_is_refused_with_a_reason(
    sqlite_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(sqlite_url, redis_url)
    press.start("proof")
    scene = press.scene
    with scene.sessions() as session:
        picture = pictures.receive(
            session,
            actor=scene.agent,
            now=scene.now,
            blobs=press.blobs,
            tickets=scene.tickets,
            campaign_id=scene.campaign.id,
            upload=half_a_png(1200, 1600),
            filename="me.png",
        )
    press.ended(kind="picture")
    with scene.sessions() as session:
        refused = pictures.picture(
            session, actor=scene.agent, original_hash=picture.original_hash, campaign_id=scene.campaign.id
        )
    assert refused.state == "refused"
    assert "photo" in refused.reason


def test_a_worker_killed_while_it_sets_type_costs_one_attempt_and_no_order(
    sqlite_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(sqlite_url, redis_url, template="slow")
    press.start()
    press.start()
    order = press.scene.order(press.scene.leaflet().id)
    press.kill_holder(press.running_since(Stage.TYPESETTING, kind="print"))
    assert press.scene.order_standing(order.id).state is WorkState.RUNNING
    press.let_leases_run_out()
    press.until(lambda: press.work(kind="print").state == WorkState.WAITING, what="the lease is returned")
    assert press.work(kind="print").reason == WORKER_DIED
    press.let_back_off_pass()
    press.ended(kind="print")
    standing = press.scene.order_standing(order.id)
    assert (standing.state, standing.attempts) == (WorkState.DONE, 2)
    assert [file.name for file in pdfs(press)] == [standing.order.pdf_hash[2:]]


def test_a_worker_killed_as_soon_as_it_has_claimed_loses_nothing(
    sqlite_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(sqlite_url, redis_url, template="slow")
    press.start()
    press.start()
    order = press.scene.order(press.scene.leaflet().id)
    press.until(lambda: press.work(kind="print").state == WorkState.RUNNING, what="the order is claimed")
    press.kill_holder(press.work(kind="print"))
    press.let_leases_run_out()
    press.until(lambda: press.work(kind="print").state == WorkState.WAITING, what="the lease is returned")
    press.let_back_off_pass()
    press.ended(kind="print")
    assert press.scene.order_standing(order.id).state is WorkState.DONE
    assert len(pdfs(press)) == 1


def test_a_worker_killed_while_it_writes_the_end_has_written_nothing(
    postgres_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(postgres_url, redis_url)
    press.start()
    press.start()
    order = press.scene.order(press.scene.leaflet().id)
    press.until(lambda: press.work(kind="print").state == WorkState.RUNNING, what="the order is claimed")
    with press.scene.sessions() as other:  # somebody else holds the order's row: the worker waits in its last step
        other.execute(text("SELECT id FROM press_order FOR UPDATE"))
        press.until(lambda: pdfs(press), what="the PDF is kept")
        press.kill_holder(press.running_since(Stage.STORING, kind="print"))
        other.rollback()
    assert press.scene.order_standing(order.id).order.pdf_hash is None
    press.let_leases_run_out()
    press.until(lambda: press.work(kind="print").state == WorkState.WAITING, what="the lease is returned")
    press.let_back_off_pass()
    press.ended(kind="print")
    standing = press.scene.order_standing(order.id)
    assert standing.state is WorkState.DONE
    assert press.blobs.holds(standing.order.pdf_hash)


def test_a_horse_killed_for_want_of_memory_gives_its_lease_back_at_once(
    sqlite_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(sqlite_url, redis_url, template="slow")
    press.start()
    order = press.scene.order(press.scene.leaflet().id)
    horse = press.running_since(Stage.TYPESETTING, kind="print").lease_owner.split(":")[1]
    os.kill(int(horse), signal.SIGKILL)
    press.until(lambda: press.work(kind="print").state == WorkState.WAITING, what="the lease is returned")
    press.let_back_off_pass()
    press.ended(kind="print")
    assert press.scene.order_standing(order.id).attempts == 2


def test_a_worker_that_is_asked_to_stop_finishes_what_it_does(
    sqlite_url: str, redis_url: str, make_press: Callable
) -> None:
    press = make_press(sqlite_url, redis_url, template="slow")
    worker = press.start()
    order = press.scene.order(press.scene.leaflet().id)
    press.running_since(Stage.TYPESETTING, kind="print")
    worker.terminate()
    worker.join(timeout=120)
    assert worker.exitcode == 0
    standing = press.scene.order_standing(order.id)
    assert (standing.state, standing.attempts) == (WorkState.DONE, 1)


def test_a_flushed_redis_is_ticketed_again(sqlite_url: str, redis_server, make_press: Callable) -> None:
    press = make_press(sqlite_url, redis_server.url)
    leaflet = press.scene.leaflet()
    orders = [press.scene.order(leaflet.id, quantity=quantity).id for quantity in (100, 200, 300)]
    redis_server.flush()
    press.start()
    for order in orders:
        press.ended(kind="print", subject_id=order)
        assert press.scene.order_standing(order).state is WorkState.DONE


def test_a_worker_waits_for_a_redis_that_is_down_at_boot(sqlite_url: str, redis_server, make_press: Callable) -> None:
    redis_server.stop()
    press = make_press(sqlite_url, redis_server.url)
    order = press.scene.order(press.scene.leaflet().id)
    worker = press.start()
    log = press.folder / "worker.log"
    press.until(lambda: log.exists() and "redis.away" in log.read_text(), what="the worker says that Redis is away")
    assert worker.is_alive()
    redis_server.start()
    press.ended(kind="print")
    assert press.scene.order_standing(order.id).state is WorkState.DONE


def test_a_redis_that_goes_while_a_job_runs_costs_nothing(sqlite_url: str, redis_server, make_press: Callable) -> None:
    press = make_press(sqlite_url, redis_server.url, template="slow")
    press.start()
    leaflet = press.scene.leaflet()
    first = press.scene.order(leaflet.id)
    press.running_since(Stage.TYPESETTING, kind="print")
    redis_server.stop(signal.SIGKILL)
    second = press.scene.order(leaflet.id, quantity=200)
    press.ended(kind="print", subject_id=first.id)
    standing = press.scene.order_standing(first.id)
    assert (standing.state, standing.attempts) == (WorkState.DONE, 1)
    redis_server.start()
    press.ended(kind="print", subject_id=second.id)
    assert press.scene.order_standing(second.id).state is WorkState.DONE


def test_a_disk_that_fills_is_said_and_tried_again(postgres_url: str, redis_url: str, make_press: Callable) -> None:
    press = make_press(postgres_url, redis_url)
    worker = press.start()
    press.limit_files(worker, 700_000)
    order = press.scene.order(press.scene.leaflet().id)
    press.until(lambda: press.work(kind="print").reason, what="the attempt fails")
    standing = press.scene.order_standing(order.id)
    assert standing.state is WorkState.WAITING
    assert "disk" in standing.reason
    assert pdfs(press) == []
    assert list(press.blobs.incoming.iterdir()) == [], "nothing is half written"
    press.limit_files(worker, resource.RLIM_INFINITY)
    press.let_back_off_pass()
    press.ended(kind="print")
    assert press.scene.order_standing(order.id).state is WorkState.DONE
