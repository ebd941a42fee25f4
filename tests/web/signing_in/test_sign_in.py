from datetime import timedelta
from pathlib import Path

import pytest
from clockwork import Clockwork
from scene import Scene
from site_of_scene import Site, form_fields
from sqlalchemy import select

from leaflets.services.signing_in import sign_in
from leaflets.storage.signing_in import SignInLink


@pytest.fixture
def code(site: Site) -> str:
    """A sign-in code of Agnes."""
    with site.scene.sessions() as session:
        return sign_in.make_code(session, actor="a test", now=site.scene.now, email="AGNES@example.org ")


def test_a_link_fills_in_the_form_and_one_click_leads_to_where_one_was_going(site: Site, code: str) -> None:
    client = site.client(None)
    wanted = client.get("/library?kit=plain")
    assert wanted.headers["Location"] == "/sign-in?next=/library?kit%3Dplain"
    assert form_fields(client.get(f"/sign-in?code={code}").text)["code"] == code
    assert client.get("/").status_code == 302  # opening the link signs nobody in
    answer = site.post(client, "/sign-in", {"code": code, "next": "/library?kit=plain"})
    assert answer.headers["Location"] == "/library?kit=plain"
    assert "Agnes" in client.get("/").text


def test_the_whole_link_may_be_pasted(site: Site, code: str) -> None:
    form = {"code": f" https://leaflets.example.org/sign-in?code={code} "}
    assert site.post(site.client(None), "/sign-in", form).headers["Location"] == "/"


def test_a_link_works_once(site: Site, code: str) -> None:
    assert site.post(site.client(None), "/sign-in", {"code": code}).status_code == 302
    again = site.post(site.client(None), "/sign-in", {"code": code})
    assert again.status_code == 422
    assert "Ask for a new one" in again.text


def test_a_link_of_more_than_an_hour_ago_lets_nobody_in(site: Site) -> None:
    with site.scene.sessions() as session:
        old = site.scene.now - timedelta(hours=1, seconds=1)
        code = sign_in.make_code(session, actor="a test", now=old, email="agnes@example.org")
    assert site.post(site.client(None), "/sign-in", {"code": code}).status_code == 422


@pytest.mark.parametrize(
    "typed", ["", "x" * 22, "https://leaflets.example.org/sign-in", "\N{SNOWMAN}" * 30, "a" * 5000]
)
def test_what_is_no_link_is_refused_in_words(site: Site, typed: str) -> None:
    answer = site.post(site.client(None), "/sign-in", {"code": typed})
    assert answer.status_code == 422
    assert "does not sign anybody in" in answer.text


def test_a_code_is_not_kept_in_the_clear(site: Site, code: str) -> None:
    with site.scene.sessions() as session:
        kept = session.scalars(select(SignInLink)).all()
    assert [len(link.code_hash) for link in kept] == [64]
    assert code not in kept[0].code_hash


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"),
        *("//[", "/\t/evil.example", "/library\r\nSet-Cookie: a=b", "/\N{ZERO WIDTH SPACE}/evil.example"),
    ],
)
def test_signing_in_never_leads_away_from_the_site(site: Site, code: str, address: str) -> None:
    form = {"code": code, "next": address}
    assert site.post(site.client(None), "/sign-in", form).headers["Location"] == "/"


def test_trying_again_and_again_is_slowed_down_with_words(site: Site) -> None:
    client = site.client(None)
    tries = [site.post(client, "/sign-in", {"code": "no such code"}) for _ in range(13)]
    assert [answer.status_code for answer in tries] == [422] * 12 + [429]
    assert "Wait a minute" in tries[-1].text


def test_demo_people_are_one_click_away_in_the_demo_alone(site: Site, tmp_path: Path) -> None:
    client = site.client(None)
    page = client.get("/sign-in").text
    assert "Agnes" in page
    group = page.split("<h3>Ada</h3>")[1].split("<h3>")[0]
    assert "<strong>Agnes</strong><span>Agent</span>" in group
    assert "<strong>Stella</strong>" not in group
    assert site.post(client, "/sign-in/demo", {"person": site.scene.agent.id}).headers["Location"] == "/"
    assert "Agnes" in client.get("/").text
    real = Site(Scene(f"sqlite:///{tmp_path / 'real.db'}"), tmp_path / "real", {"demo": False})
    assert "Agnes" not in real.client(None).get("/sign-in").text
    assert real.post(real.client(None), "/sign-in/demo", {"person": real.scene.agent.id}).status_code == 404


def test_signing_out_ends_it(site: Site) -> None:
    client = site.client(site.scene.agent)
    assert site.post(client, "/sign-out").status_code == 302
    assert client.get("/").status_code == 302


def test_words_sent_after_the_sign_in_ended_are_on_the_page_and_sent_after_signing_in(site: Site) -> None:
    leaflet, rita = site.scene.leaflet(), Clockwork(site.scene).rita
    path = f"/leaflets/{leaflet.id}/objections"
    client = site.client(None)
    answer = client.post(path, data={"words": "Typed at\r\nthree in the morning"})
    assert answer.status_code == 401
    assert "three in the morning</blockquote>" in answer.text
    held = form_fields(answer.text)
    assert held["next"] == path
    carried = {name: text for name, text in held.items() if name.startswith(("held.", "next"))}
    again = site.post(client, "/sign-in/demo", {**carried, "person": rita.id})
    assert again.status_code == 200
    assert form_fields(again.text)["words"] == "Typed at\r\nthree in the morning"


def test_a_wrong_link_on_that_page_loses_no_words_either(site: Site) -> None:
    held = {"held.words": "Typed at three", "next": "/leaflets/1/objections", "code": "wrong"}
    answer = site.post(site.client(None), "/sign-in", held)
    assert answer.status_code == 422
    assert form_fields(answer.text)["held.words"] == "Typed at three"


def test_a_form_with_an_old_token_comes_back_with_its_words_and_a_button(site: Site) -> None:
    client = site.client(site.scene.agent)
    answer = client.post("/leaflets/1/objections", data={"csrf_token": "old", "words": "Typed at three"})
    assert answer.status_code == 400
    assert "Your words are still here" in answer.text
    assert form_fields(answer.text)["words"] == "Typed at three"


def test_a_form_that_another_site_sent_is_dropped(site: Site) -> None:
    client = site.client(site.scene.agent)
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post("/leaflets/1/objections", data={"words": "Planted words"}, headers=headers)
    assert answer.status_code == 400
    assert "Planted words" not in answer.text
