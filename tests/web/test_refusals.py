import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from clockwork import Clockwork
from scene import Scene
from site_of_scene import Site, form_fields, one_edit
from sqlalchemy.exc import OperationalError

from leaflets.domain.errors import Unavailable
from leaflets.services.review import objections
from leaflets.services.roles import people
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


def test_an_upload_above_the_limit_is_answered_with_the_limit_and_what_to_do(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    site = Site(Scene(migrated_sqlite_url), tmp_path)
    answer = site.client(site.scene.agent).post(
        f"/campaigns/{site.scene.campaign.id}/pictures",
        input_stream=io.BytesIO(bytes(62 << 20)),
        content_length=62 << 20,
        content_type="multipart/form-data; boundary=a-photo",
    )
    assert answer.status_code == 413
    assert "60 MB is the most" in answer.text
    assert "choose fewer pictures or smaller ones" in answer.text


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
def test_a_form_that_could_not_be_taken_comes_back_with_its_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, said: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise fault

    leaflet, rita = site.scene.leaflet(), Clockwork(site.scene).rita
    client, path = site.client(rita), f"/leaflets/{leaflet.id}/objections"
    site.app.testing = False
    with monkeypatch.context() as patched:
        patched.setattr(objections, "make", broken)
        answer = site.post(client, path, {"words": "Typed on a bad night"})
    assert answer.status_code == status
    assert said in answer.text
    assert "secret" not in answer.text
    assert form_fields(answer.text)["words"] == "Typed on a bad night"


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
        scripts = re.findall(r"<script[^>]*>", page)
        assert all("src=" in script or 'type="application/json"' in script for script in scripts)


def test_cookies_are_for_this_site_over_https_alone_when_it_is_served_so(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    site = Site(Scene(migrated_sqlite_url), tmp_path, {"base_url": "https://leaflets.example.org"})
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
    body = {"tab": "tab-a", "look": "screen", "edits": [one_edit("Written on a bad night")]}
    said = site.send(client, f"/leaflets/{leaflet.id}/edits", body).get_json()
    assert said["results"][0]["outcome"] == "stored"
    assert (said["news"]["people"], said["news"]["proof"]["state"]) == ([], "waiting")
    page = client.get(f"/leaflets/{leaflet.id}").text
    assert "The press is out of reach at the moment" in page
    assert "Written on a bad night" in page
    assert json.loads(client.get("/health").text) == {"database": "well", "press": "away"}


def test_with_redis_there_no_page_says_otherwise(migrated_sqlite_url: str, tmp_path: Path, redis_url: str) -> None:
    site = Site(Scene(migrated_sqlite_url, redis_url), tmp_path)
    assert "out of reach" not in site.client(site.scene.agent).get("/").text


def test_a_template_taken_out_of_the_library_leaves_the_shelf_standing(site: Site, tmp_path: Path) -> None:
    kept = site.scene.leaflet()
    site.scene.template = replace(site.scene.template, version="9.9.9")
    lost = site.scene.leaflet()
    client = site.client(site.scene.agent)
    shelf = client.get("/").text
    assert f'href="/leaflets/{kept.id}"' in shelf
    assert "card@9.9.9 is no longer in the library" in shelf
    words = client.get(f"/leaflets/{lost.id}")
    assert words.status_code == 200
    assert str(lost.values["headline"]) in words.text
