import re
from datetime import timedelta
from typing import Any

import pytest
from scene import Scene
from site_of_scene import Site

from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.press.schedule import Lane
from leaflets.services import leaflets
from leaflets.services.press import outcomes
from leaflets.storage.leaflet import Leaflet, ProofRead


@pytest.fixture
def leaflet(site: Site) -> Leaflet:
    return site.scene.leaflet()


def order_form(scene: Scene, **changes: str) -> dict[str, Any]:
    return {"printer": str(scene.printer.id), "quantity": "5,000", "day": "2027-04-03", "time": "17:00", **changes}


def test_the_form_says_what_the_imprint_will_be_and_proposes_a_deadline(site: Site, leaflet: Leaflet) -> None:
    page = site.client(site.scene.agent).get(f"/leaflets/{leaflet.id}/order").text
    assert "“Printed by Press &amp; Sons, 2 Ink Lane, Harbour HR1 2BB. Promoted by Agnes Pier" in page
    assert 'value="2027-04-03"' in page
    assert 'value="17:00"' in page


def test_the_form_says_so_while_nobody_has_read_every_word_as_it_is_now(site: Site, leaflet: Leaflet) -> None:
    address, said = f"/leaflets/{leaflet.id}/order", "Nobody has said yet that they have read every word"
    client = site.client(site.scene.agent)
    assert said in client.get(address).text
    with site.scene.sessions() as session:
        content = leaflets.content_of(session.get_one(Leaflet, leaflet.id)).content_hash
        session.add(ProofRead(leaflet_id=leaflet.id, content_hash=content, by=site.scene.helper.id, at=site.scene.now))
        session.commit()
    assert said not in client.get(address).text
    site.save(client, leaflet.id, {"headline": "Words that nobody has read"})
    assert said in client.get(address).text
    assert site.post(client, address, order_form(site.scene)).status_code == 302


def test_an_order_is_placed_in_british_time_and_its_page_says_where_it_stands(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    answer = site.post(client, f"/leaflets/{leaflet.id}/order", order_form(site.scene))
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).text
    assert "Next in the queue" in page
    assert "Ready about 13:00" in page or "Ready about" in page
    assert 'title="Saturday 3 April 2027, 17:00 BST"' in page
    assert "Sat 3 Apr, 5pm, in 2 days" in page
    assert "5,000" in page
    assert 'http-equiv="refresh"' in page


WRONG = [
    ({"printer": ""}, "No printer is chosen"),
    ({"printer": "9" * 5000}, "Choose one: the law wants its name"),
    ({"printer": "99"}, "Choose a printer"),
    ({"quantity": "lots"}, "not a whole number"),
    ({"quantity": "0"}, "0 copies cannot be ordered"),
    ({"quantity": "9" * 30}, "not a whole number"),
    ({"day": "31 April"}, "not a day of the calendar"),
    ({"day": "2026-04-03"}, "cannot be needed before now"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG, ids=[said for _, said in WRONG])
def test_an_order_that_cannot_be_says_why_and_keeps_what_was_typed(
    site: Site, leaflet: Leaflet, changes: dict[str, str], said: str
) -> None:
    client = site.client(site.scene.agent)
    typed = order_form(site.scene, **{"time": "16:45", **changes})
    answer = site.post(client, f"/leaflets/{leaflet.id}/order", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="16:45"' in answer.text


def test_everything_wrong_with_the_form_is_said_at_once(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    typed = order_form(site.scene, printer="", quantity="0", day="2026-04-03")
    page = site.post(client, f"/leaflets/{leaflet.id}/order", typed).text
    for said in ("3 things to put right", "No printer is chosen", "0 copies cannot be", "cannot be needed before now"):
        assert said in page
    assert re.search(r'name="quantity"[^>]*aria-invalid="true"', page)
    assert re.search(r'name="day"[^>]*aria-invalid="true"', page)


def test_the_form_says_what_the_newest_proof_said_and_what_changed_since(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    site.scene.proof(leaflet.id)
    page = {"hash": site.blobs.put(b"RIFF"), "width_px": 10, "height_px": 14}
    overset = Problem("overset", Level.ERROR, "“Headline” is 4 mm too long.", 1, None, "headline")
    site.end(Lane.PROOF, outcomes.ProofDone([page], [], (overset,)))
    form = client.get(f"/leaflets/{leaflet.id}/order").text.split("Which printer")[0]
    assert "It cannot be printed like this" in form
    assert f'<a href="/leaflets/{leaflet.id}#zone-headline">“Headline” is 4 mm too long.</a>' in form
    assert "changed words since" not in form
    site.scene.now += timedelta(minutes=1)
    site.save(client, leaflet.id, {"headline": "Shorter"})
    form = client.get(f"/leaflets/{leaflet.id}/order").text.split("Which printer")[0]
    assert "You have changed words since the proof you looked at." in form
    assert "It cannot be printed like this" not in form


def test_starting_words_that_nobody_changed_are_told_before_they_are_printed(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    said = "You have not changed any of the starting words about yourself and your place."
    site.save(client, leaflet.id, {"headline": "The office's message, changed"})
    assert said in client.get(f"/leaflets/{leaflet.id}/order").text
    site.save(client, leaflet.id, {"story": "I was born here."})
    assert said not in client.get(f"/leaflets/{leaflet.id}/order").text


def test_a_leaflet_that_is_not_ready_says_what_is_missing_and_leads_there(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    site.save(client, leaflet.id, {"headline": ""})
    page = client.get(f"/leaflets/{leaflet.id}/order").text
    assert f'<a href="/leaflets/{leaflet.id}#zone-headline">Headline: nothing here yet' in page
    assert "Order the PDF</button>" not in page
    assert site.post(client, f"/leaflets/{leaflet.id}/order", order_form(site.scene)).status_code == 422


def test_a_finished_order_gives_the_pdf_under_a_telling_name(site: Site, leaflet: Leaflet) -> None:
    order = site.scene.order(leaflet.id)
    site.end(Lane.PRESS, outcomes.PrintDone(site.blobs.put(b"%PDF-1.7 made"), 2, ()))
    client = site.client(site.scene.helper)
    page = client.get(f"/orders/{order.id}").text
    assert "Your PDF is ready" in page
    assert "Send this file to Press &amp; Sons." in page
    assert "2 Ink Lane, Harbour HR1 2BB. Say that you want 100 copies." in page
    with client.get(f"/orders/{order.id}/leaflet.pdf") as answer:
        assert answer.data == b"%PDF-1.7 made"
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"] == f"attachment; filename=card-ada-a5-order-{order.id}.pdf"
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_an_order_shows_its_own_words_whatever_was_proofed_since(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    proof = site.scene.proof(leaflet.id)
    picture = {"width_px": 10, "height_px": 14}
    site.end(Lane.PROOF, outcomes.ProofDone([{"hash": site.blobs.put(b"RIFF proof"), **picture}], [], ()))
    order = site.scene.order(leaflet.id)
    assert f'src="/proofs/{proof.id}/1.webp"' in client.get(f"/orders/{order.id}").text
    site.save(client, leaflet.id, {"headline": "Other words"})
    site.scene.proof(leaflet.id)
    site.end(Lane.PROOF, outcomes.ProofDone([{"hash": site.blobs.put(b"RIFF newer"), **picture}], [], ()))
    assert "/proofs/" not in client.get(f"/orders/{order.id}").text
    sides = [{"hash": site.blobs.put(b"RIFF file"), **picture}]
    site.end(Lane.PRESS, outcomes.PrintDone(site.blobs.put(b"%PDF-1.7"), 2, (), sides))
    news = client.get(f"/orders/{order.id}/standing").text
    assert 'id="order-picture" class="order-picture" hx-swap-oob="true"' in news
    for page in (news, client.get(f"/orders/{order.id}").text, client.get("/").text):
        assert f'src="/orders/{order.id}/1.webp"' in page
    with client.get(f"/orders/{order.id}/1.webp") as answer:
        assert (answer.data, answer.mimetype) == (b"RIFF file", "image/webp")
    assert client.get(f"/orders/{order.id}/2.webp").status_code == 404


def test_an_order_that_stopped_says_why_what_to_do_and_can_be_tried_again(site: Site, leaflet: Leaflet) -> None:
    order = site.scene.order(leaflet.id)
    problem = Problem("overset", Level.ERROR, "“Headline” is 4 mm too long: take some words out.", 1, None, "headline")
    site.end(Lane.PRESS, outcomes.Stopped("The words do not fit.", (problem,)))
    client = site.client(site.scene.agent)
    page = client.get(f"/orders/{order.id}").text
    assert "The press stopped" in page
    assert "The words do not fit." in page
    assert "4 mm too long" in page
    assert f'href="/leaflets/{leaflet.id}#zone-headline"' in page
    assert site.post(client, f"/orders/{order.id}/again").status_code == 302
    assert "Next in the queue" in client.get(f"/orders/{order.id}").text


def test_the_queue_is_told_in_words_and_a_late_order_too(site: Site, leaflet: Leaflet) -> None:
    for quantity in (100, 200):
        site.scene.order(leaflet.id, quantity=quantity)
    last = site.scene.order(leaflet.id, quantity=300, needed_in=timedelta(seconds=1))
    client = site.client(site.scene.agent)
    page = client.get(f"/orders/{last.id}/standing").text
    assert "in the queue" in page
    assert "it will be late" in page
    assert "Third in the queue" in client.get("/orders/2").text


def test_a_pdf_that_is_not_made_yet_is_no_empty_file(site: Site, leaflet: Leaflet) -> None:
    order = site.scene.order(leaflet.id)
    answer = site.client(site.scene.agent).get(f"/orders/{order.id}/leaflet.pdf")
    assert answer.status_code == 404
    assert "not made yet" in answer.text
