from pathlib import Path

import pytest
from scene import Scene
from site_of_scene import Site, form_fields

from leaflets.domain import password
from leaflets.services import leaflets, people


@pytest.fixture
def member(site: Site) -> str:
    """The address of somebody with the password `three plain words`."""
    with site.scene.sessions() as session:
        people.add_person(
            session,
            actor="a test",
            now=site.scene.now,
            name="Pia",
            email="pia@example.org",
            password_hash=password.hashed("three plain words"),
        )
    return "pia@example.org"


def test_an_address_and_its_password_sign_in_and_lead_back_to_where_one_was_going(site: Site, member: str) -> None:
    client = site.client(None)
    wanted = client.get("/library?kit=plain")
    assert wanted.headers["Location"] == "/sign-in?next=/library?kit%3Dplain"
    form = {"email": "PIA@example.org ", "password": "three plain words", "next": "/library?kit=plain"}
    answer = site.post(client, "/sign-in", form)
    assert answer.headers["Location"] == "/library?kit=plain"
    assert "Pia" in client.get("/").text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_away_from_the_site(site: Site, member: str, address: str) -> None:
    form = {"email": member, "password": "three plain words", "next": address}
    assert site.post(site.client(None), "/sign-in", form).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(site: Site, member: str) -> None:
    client = site.client(None)
    answers = [
        site.post(client, "/sign-in", {"email": email, "password": "something else"})
        for email in (member, "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("do not go together" in answer.text for answer in answers)
    assert f'value="{member}"' in answers[0].text


def test_trying_passwords_is_slowed_down_with_words(site: Site, member: str) -> None:
    client = site.client(None)
    tries = [site.post(client, "/sign-in/demo", {"person": "x"}) for _ in range(13)]
    assert [answer.status_code for answer in tries] == [302] * 12 + [429]
    assert "Wait a minute" in tries[-1].text


def test_demo_people_are_one_click_away_in_the_demo_alone(site: Site, tmp_path: Path) -> None:
    client = site.client(None)
    page = client.get("/sign-in").text
    assert "Agnes" in page
    assert "Agent of Ada" in page
    assert site.post(client, "/sign-in/demo", {"person": site.scene.agent.id}).headers["Location"] == "/"
    assert "Agnes" in client.get("/").text
    real = Site(Scene(f"sqlite:///{tmp_path / 'real.db'}"), tmp_path / "real", {"demo": False})
    assert "Agnes" not in real.client(None).get("/sign-in").text
    assert real.post(real.client(None), "/sign-in/demo", {"person": real.scene.agent.id}).status_code == 404


def test_signing_out_ends_it(site: Site) -> None:
    client = site.client(site.scene.agent)
    assert site.post(client, "/sign-out").status_code == 302
    assert client.get("/").status_code == 302


def test_words_sent_after_the_sign_in_ended_are_on_the_page_and_saved_after_signing_in(site: Site) -> None:
    leaflet = site.scene.leaflet()
    form = site.form(site.client(site.scene.agent), leaflet.id)
    client = site.client(None)
    answer = client.post(f"/leaflets/{leaflet.id}", data={**form, "z.headline": "Typed at\r\nthree in the morning"})
    assert answer.status_code == 401
    assert "three in the morning" in answer.text
    held = form_fields(answer.text)
    assert held["next"] == f"/leaflets/{leaflet.id}"
    carried = {name: text for name, text in held.items() if name.startswith(("held.", "next"))}
    again = site.post(client, "/sign-in/demo", {**carried, "person": site.scene.agent.id})
    assert again.status_code == 200
    resent = form_fields(again.text)
    assert client.post(f"/leaflets/{leaflet.id}", data=resent).status_code == 302
    with site.scene.sessions() as session:
        found = leaflets.leaflet(session, actor=site.scene.agent, leaflet_id=leaflet.id)
        assert found.values["headline"] == "Typed at three in the morning"


def test_a_wrong_password_on_that_page_loses_no_words_either(site: Site, member: str) -> None:
    held = {"held.z.headline": "Typed at three", "next": "/leaflets/1", "email": member, "password": "wrong"}
    answer = site.post(site.client(None), "/sign-in", held)
    assert answer.status_code == 422
    assert form_fields(answer.text)["held.z.headline"] == "Typed at three"


def test_a_form_with_an_old_token_comes_back_with_its_words_and_a_button(site: Site) -> None:
    leaflet = site.scene.leaflet()
    client = site.client(site.scene.agent)
    form = {**site.form(client, leaflet.id), "csrf_token": "old", "z.headline": "Typed at three"}
    answer = client.post(f"/leaflets/{leaflet.id}", data=form)
    assert answer.status_code == 400
    assert "Your words are still here" in answer.text
    resent = form_fields(answer.text)
    assert resent["z.headline"] == "Typed at three"
    assert client.post(f"/leaflets/{leaflet.id}", data=resent).status_code == 302


def test_a_form_that_another_site_sent_is_dropped(site: Site) -> None:
    leaflet = site.scene.leaflet()
    client = site.client(site.scene.agent)
    form = {"z.headline": "Planted words"}
    answer = client.post(f"/leaflets/{leaflet.id}", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert "Planted words" not in answer.text
