import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from scene import Scene, photo
from site_of_scene import Site, form_fields
from sqlalchemy.exc import OperationalError

from leaflets.domain.errors import Unavailable
from leaflets.services import leaflets, people
from leaflets.web import headers


def test_an_address_that_leads_nowhere_says_so_and_leads_back(site: Site) -> None:
    answer = site.client(site.scene.agent).get("/leaflets/12345x")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert 'href="/library"' in answer.text


def test_a_leaflet_that_is_not_there_and_one_of_others_look_alike(site: Site) -> None:
    leaflet = site.scene.leaflet()
    client = site.client(site.scene.stranger)
    theirs, none = (client.get(f"/leaflets/{number}") for number in (leaflet.id, leaflet.id + 1))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert "or you are not part of its campaign" in theirs.text


def test_a_helper_who_would_order_is_told_whom_to_ask(site: Site) -> None:
    leaflet = site.scene.leaflet()
    answer = site.client(site.scene.helper).get(f"/leaflets/{leaflet.id}/order")
    assert answer.status_code == 403
    assert "Ask the agent or the candidate" in answer.text


def test_a_helper_is_shown_no_button_that_would_be_refused(site: Site) -> None:
    leaflet = site.scene.leaflet()
    helper, agent = (
        site.client(who).get(f"/leaflets/{leaflet.id}").text for who in (site.scene.helper, site.candidate)
    )
    assert 'value="order"' in agent
    assert 'value="order"' not in helper
    assert "ask Agnes to order the PDF" in helper


def test_an_upload_above_the_limit_is_answered_with_the_limit_and_what_to_do(sqlite_url: str, tmp_path: Path) -> None:
    site = Site(Scene(sqlite_url), tmp_path)
    leaflet, client = site.scene.leaflet(), site.client(site.scene.agent)
    answer = client.post(
        f"/leaflets/{leaflet.id}",
        input_stream=io.BytesIO(bytes(62 << 20)),
        content_length=62 << 20,
        content_type="multipart/form-data; boundary=a-photo",
    )
    assert answer.status_code == 413
    assert "60 MB is the most" in answer.text
    assert "your words are still in the form" in answer.text


def test_something_unforeseen_gives_a_page_with_a_number_and_no_traceback(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("gone"))

    client = site.client(None)
    monkeypatch.setattr(people, "people", broken)
    site.app.testing = False
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "request " in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (Unavailable("The database does not answer.", "Try again in a minute."), 503, "The database does not answer"),
        (RuntimeError("secret"), 500, "Something broke on our side"),
    ],
    ids=["the database is gone", "something unforeseen"],
)
def test_a_form_that_could_not_be_saved_comes_back_with_its_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, said: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise fault

    leaflet, client = site.scene.leaflet(), site.client(site.scene.agent)
    form = {**site.form(client, leaflet.id), "csrf_token": site.token(client), "z.headline": "Typed on a bad night"}
    site.app.testing = False
    with monkeypatch.context() as patched:
        patched.setattr(leaflets, "save_edits", broken)
        answer = client.post(f"/leaflets/{leaflet.id}", data=form)
    assert answer.status_code == status
    assert said in answer.text
    assert "secret" not in answer.text
    resent = form_fields(answer.text)
    assert resent["z.headline"] == "Typed on a bad night"
    assert client.post(f"/leaflets/{leaflet.id}", data=resent).status_code == 302
    with site.scene.sessions() as session:
        found = leaflets.leaflet(session, actor=site.scene.agent, leaflet_id=leaflet.id)
        assert found.values["headline"] == "Typed on a bad night"


def test_a_full_disk_keeps_a_photo_out_and_no_words(site: Site) -> None:
    leaflet, client = site.scene.leaflet(), site.client(site.scene.agent)
    (site.folder / "blobs").mkdir(parents=True, exist_ok=True)
    (site.folder / "blobs" / "incoming").write_text("a file where a folder should be, as a disk that is broken")
    answer = site.save(client, leaflet.id, {"z.portrait.file": (photo(), "me.jpg"), "z.headline": "Kept"})
    assert answer.status_code == 422
    assert "could not write your photo to its disk" in answer.text
    with site.scene.sessions() as session:
        assert leaflets.leaflet(session, actor=site.scene.agent, leaflet_id=leaflet.id).values["headline"] == "Kept"


def test_every_page_carries_the_headers_that_keep_strangers_out(site: Site) -> None:
    client = site.client(site.scene.agent)
    for path in ("/", "/library", "/sign-out", "/no-such-page", "/health"):
        answer = client.get(path)
        for name, value in headers.HEADERS.items():
            assert answer.headers[name] == value, path
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "'unsafe" not in headers.POLICY


def test_no_page_has_a_script_or_a_style_of_its_own(site: Site) -> None:
    leaflet = site.scene.leaflet()
    client = site.client(site.scene.agent)
    for path in ("/", "/library", "/library/card/1.0.0", f"/leaflets/{leaflet.id}", f"/leaflets/{leaflet.id}/order"):
        page = client.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src=')


def test_cookies_are_for_this_site_over_https_alone_when_it_is_served_so(sqlite_url: str, tmp_path: Path) -> None:
    site = Site(Scene(sqlite_url), tmp_path, {"base_url": "https://leaflets.example.org"})
    answer = site.app.test_client().get("/sign-in", base_url="https://leaflets.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_with_redis_away_every_page_says_that_proofs_wait_and_still_works(site: Site) -> None:
    leaflet = site.scene.leaflet()
    client = site.client(site.scene.agent)
    answer = site.save(client, leaflet.id, {"z.headline": "Written on a bad night", "then": "proof"})
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).text
    assert "The press is out of reach at the moment" in page
    assert "Written on a bad night" in page
    assert "The proof is next in the queue" in page
    assert json.loads(client.get("/health").text) == {"database": "well", "press": "away"}


def test_with_redis_there_no_page_says_otherwise(sqlite_url: str, tmp_path: Path, redis_url: str) -> None:
    site = Site(Scene(sqlite_url, redis_url), tmp_path)
    assert "out of reach" not in site.client(site.scene.agent).get("/").text


def test_a_template_taken_out_of_the_library_leaves_the_shelf_standing(site: Site, tmp_path: Path) -> None:
    kept = site.scene.leaflet()
    site.scene.template = replace(site.scene.template, version="9.9.9")
    lost = site.scene.leaflet()
    client = site.client(site.scene.agent)
    shelf = client.get("/").text
    assert f'href="/leaflets/{kept.id}"' in shelf
    assert "card@9.9.9 is no longer in the library" in shelf
    answer = client.get(f"/leaflets/{lost.id}")
    assert answer.status_code == 404
    assert "has no version 9.9.9" in answer.text
