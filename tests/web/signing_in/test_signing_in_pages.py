"""The door, somebody's own page, and the second step, as pages and as JSON."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from clockwork import Clockwork
from crooked_provider import CrookedProvider
from flask.testing import FlaskClient
from mail_server import Letterbox
from pyotp import TOTP
from scene import Scene
from site_of_scene import Site, form_fields
from soft_key import SoftKey
from sqlalchemy import select

from leaflets.domain.permissions import Role
from leaflets.domain.signing_in import Way
from leaflets.seal import Seal
from leaflets.services.roles import grants
from leaflets.services.signing_in import authenticator, providers, sign_in, signed_in
from leaflets.storage.alert import Letter
from leaflets.storage.people import Person
from leaflets.storage.signing_in import LinkRequest, SignInSession

HOST = "https://leaflets.example.org"


@pytest.fixture
def mailing(migrated_sqlite_url: str, tmp_path: Path, box: Letterbox) -> Site:
    """A site that sends mail."""
    box.letters.clear()
    settings = {"smtp_url": box.url, "mail_from": "leaflets@example.org", "demo": False}
    return Site(Scene(migrated_sqlite_url), tmp_path / "data", settings)


def _first_letter(box: Letterbox) -> str:
    end = time.monotonic() + 60
    while not box.letters and time.monotonic() < end:
        time.sleep(0.02)
    return str(box.letters[0].get_content())


def _code(site: Site, email: str = "agnes@example.org") -> str:
    with site.scene.sessions() as session:
        return sign_in.make_code(session, actor="a test", now=site.scene.now, email=email)


def _set_up(site: Site, person: Person) -> TOTP:
    """Give somebody a second step."""
    seal, now = Seal("x" * 32), site.scene.now
    with site.scene.sessions() as session:
        totp = TOTP(authenticator.offer(session, actor=person, now=now, seal=seal, site="Leaflets").secret)
        earlier = now.timestamp() - authenticator.STEP_S
        authenticator.confirm(session, actor=person, now=now, seal=seal, typed=totp.at(int(earlier)))
    return totp


def test_whoever_asks_for_a_link_is_answered_the_same_whoever_has_the_address(mailing: Site, box: Letterbox) -> None:
    pages = []
    for email in ("nobody@example.org", "agnes@example.org"):
        client = mailing.client(None)
        answer = mailing.post(client, "/sign-in/link", {"email": email, "next": "/library"})
        assert answer.status_code == 200
        assert "If somebody here has the address" in answer.text
        pages.append(re.sub(r'value="[^"]{40,}"', "", answer.text).replace(email, "…"))
        said = mailing.send(client, "/sign-in/link", {"email": email})
        assert (said.status_code, said.json) == (200, {"asked": True})
    assert pages[0] == pages[1]
    link = re.search(r"http\S+/sign-in\?code=\S+", _first_letter(box))
    assert link
    assert {str(letter["To"]) for letter in box.letters} == {"agnes@example.org"}
    code = parse_qs(urlsplit(link[0]).query)["code"][0]
    page = mailing.client(None).get(f"/sign-in?code={code}")
    assert "Sign in as Agnes" in page.text
    assert form_fields(page.text)["next"] == "/library"


def test_a_sign_in_page_that_stood_open_overnight_still_sends_its_letter(mailing: Site, box: Letterbox) -> None:
    form = {"csrf_token": "of yesterday", "email": "agnes@example.org", "held.words": "Typed at three"}
    answer = mailing.client(None).post("/sign-in/link", data=form)
    assert answer.status_code == 200
    assert form_fields(answer.text)["held.words"] == "Typed at three"
    assert "Hello Agnes" in _first_letter(box)


def test_another_site_that_asks_for_a_link_plants_no_words(mailing: Site) -> None:
    answer = mailing.client(None).post(
        "/sign-in/link",
        data={"email": "agnes@example.org", "held.words": "Of another site"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert "Of another site" not in answer.text


def test_what_is_no_address_comes_back_as_it_was_typed(mailing: Site) -> None:
    answer = mailing.post(mailing.client(None), "/sign-in/link", {"email": "agnes@", "held.words": "Typed at three"})
    assert answer.status_code == 422
    fields = form_fields(answer.text)
    assert (fields["email"], fields["held.words"]) == ("agnes@", "Typed at three")


def test_a_site_without_mail_says_so_and_asks_nobody_to_wait_for_a_letter(site: Site) -> None:
    client = site.client(None)
    assert "Your e-mail address" not in client.get("/sign-in").text
    answer = site.post(client, "/sign-in/link", {"email": "agnes@example.org"})
    assert answer.status_code == 422
    assert "This site sends no e-mail" in answer.text
    with site.scene.sessions() as session:
        assert session.query(LinkRequest).count() == 0


def test_a_used_link_offers_a_fresh_one_without_saying_whose_it_was(mailing: Site, box: Letterbox) -> None:
    code = _code(mailing)
    mailing.post(mailing.client(None), "/sign-in", {"code": code})
    page = mailing.client(None).get(f"/sign-in?code={code}")
    assert "That link is used up" in page.text
    assert "Agnes" not in page.text
    assert mailing.post(mailing.client(None), "/sign-in/link", {"code": code}).status_code == 200
    assert "Hello Agnes" in _first_letter(box)


def test_whoever_has_the_right_link_is_let_in_after_any_number_of_wrong_ones(site: Site) -> None:
    code, client = _code(site), site.client(None)
    tries = [site.post(client, "/sign-in", {"code": "wrong"}).status_code for _ in range(20)]
    assert tries[-1] == 429
    assert site.post(client, "/sign-in", {"code": code}).status_code == 302


def test_signing_in_leaves_nothing_of_before_in_the_browser(site: Site) -> None:
    client = site.client(site.scene.helper)
    with client.session_transaction() as session:
        before, session["planted"] = session["_user_id"], "by somebody else"
    token = site.token(client)
    site.post(client, "/sign-in", {"code": _code(site)})
    with client.session_transaction() as session:
        assert session["_user_id"] != before
        assert "planted" not in session
    assert client.post("/account/sign-ins/end-others", data={"csrf_token": token}).status_code == 400
    with site.scene.sessions() as session:
        assert signed_in.of_token(session, now=site.scene.now, token=before) is None


def test_a_link_for_somebody_else_asks_before_it_signs_them_in_here(site: Site) -> None:
    client = site.client(site.scene.helper)
    page = client.get(f"/sign-in?code={_code(site)}").text
    assert "This browser is signed in as Henry" in page
    own = client.get(f"/sign-in?code={_code(site, 'henry@example.org')}&next=/library")
    assert own.headers["Location"] == "/library"


def test_a_sign_in_that_is_ended_is_over_at_the_very_next_request(site: Site) -> None:
    here, there = site.client(site.scene.agent), site.client(site.scene.agent)
    page = here.get("/account").text
    assert "this one" in page
    with site.scene.sessions() as session:
        other = session.query(SignInSession).order_by(SignInSession.id.desc()).first()
        assert other
    assert site.post(here, f"/account/sign-ins/{other.id}/end").status_code == 302
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/sign-in", headers={"Accept": "application/json"}).get_json()["person"] is None


def test_an_administrator_signs_somebody_out_everywhere(site: Site) -> None:
    clock, agent = Clockwork(site.scene), site.client(site.scene.agent)
    with site.scene.sessions() as session:
        grants.give(
            session, **clock.by, node_id=clock.region.id, person_id=site.scene.stranger.id, role=Role.ADMINISTRATOR
        )
    keeper = site.client(site.scene.stranger)
    path = f"/people/{site.scene.agent.id}/sign-ins/end"
    assert site.post(site.client(site.candidate), path).status_code == 403
    assert site.post(keeper, path, {"next": "/account"}).headers["Location"] == "/account"
    assert agent.get("/account").status_code == 302


def test_a_decision_asks_for_the_second_step_once_and_loses_no_word_meanwhile(site: Site) -> None:
    clock = Clockwork(site.scene)
    totp, leaflet = _set_up(site, clock.rita), clock.leaflet()
    client = site.client(clock.rita)
    path = f"/leaflets/{leaflet.id}/objections"
    asked = site.post(client, path, {"words": "This is too late"})
    assert asked.status_code == 403
    held = form_fields(asked.text)
    assert (held["held.words"], held["next"]) == ("This is too late", path)
    wrong = site.post(client, "/sign-in/second-step", {**held, "code": "000000"})
    assert wrong.status_code == 422
    assert form_fields(wrong.text)["held.words"] == "This is too late"
    shown = site.post(client, "/sign-in/second-step", {**held, "code": totp.at(site.scene.now)})
    assert form_fields(shown.text)["words"] == "This is too late"
    assert site.post(client, path, {"words": "This is too late"}).status_code == 302
    other = site.client(clock.rita)
    assert site.send(other, path, {}).get_json()["code"] == "second-step"


@pytest.mark.parametrize("what", ["people", "join-address", "settings/durations/approval"])
def test_whatever_an_office_decides_asks_for_the_second_step(site: Site, what: str) -> None:
    clock = Clockwork(site.scene)
    _set_up(site, clock.nat)
    form = {"email": "a@example.org", "reason": "In a hurry"}
    asked = site.post(site.client(clock.nat), f"/offices/{clock.nation.id}/{what}", form)
    assert asked.status_code == 403
    assert "second step" in asked.text.lower()


def test_wrong_digits_have_to_wait_and_nobody_else_with_them(site: Site) -> None:
    _set_up(site, site.scene.agent)
    totp = _set_up(site, site.scene.helper)
    client = site.client(site.scene.agent)
    tries = [site.post(client, "/sign-in/second-step", {"code": "000000"}).status_code for _ in range(7)]
    assert tries == [422] * 5 + [429] * 2
    other = site.client(site.scene.helper)
    assert site.post(other, "/sign-in/second-step", {"code": totp.at(site.scene.now)}).status_code == 302


def test_removing_the_second_step_asks_for_it_first(site: Site) -> None:
    totp, client = _set_up(site, site.scene.agent), site.client(site.scene.agent)
    assert site.post(client, "/account/second-step/remove").headers["Location"].startswith("/sign-in/second-step")
    site.post(client, "/sign-in/second-step", {"code": totp.at(site.scene.now)})
    assert "recovery codes" in site.post(client, "/account/second-step/codes").text
    assert site.post(client, "/account/second-step/remove").headers["Location"] == "/account"
    assert "Set it up with a telephone" in client.get("/account").text


def _passkey(site: Site, client: FlaskClient) -> SoftKey:
    key = SoftKey(HOST)
    made = key.make(site.send(client, "/account/passkeys/ask", {}).get_json())
    assert site.send(client, "/account/passkeys", {"credential": made, "name": "Key"}).get_json() == {"kept": True}
    return key


def test_a_passkey_signs_in_and_counts_as_the_second_step(migrated_sqlite_url: str, tmp_path: Path) -> None:
    site = Site(Scene(migrated_sqlite_url), tmp_path / "data", {"base_url": HOST})
    site.app.config.update(SESSION_COOKIE_SECURE=False)
    key = _passkey(site, site.client(site.scene.agent))
    _set_up(site, site.scene.agent)
    client = site.client(None)
    asked = site.send(client, "/sign-in/passkey/ask", {}).get_json()
    said = site.send(client, "/sign-in/passkey", {"credential": key.show(asked)}).get_json()
    assert said["person"]["name"] == "Agnes"
    assert client.get("/sign-in/second-step").headers["Location"] == "/"
    for _ in range(20):
        wrong = site.send(site.client(None), "/sign-in/passkey", {"credential": {}})
    assert wrong.status_code == 429
    fresh = key.show(site.send(client, "/sign-in/passkey/ask", {}).get_json())
    assert site.send(site.client(None), "/sign-in/passkey", {"credential": fresh}).status_code == 200
    for nonsense in ([], "x", {"credential": 7}, {}):
        assert site.send(client, "/sign-in/passkey", nonsense).status_code in (422, 429)


def test_whom_an_organisation_vouched_for_makes_no_keys_of_their_own(site: Site) -> None:
    with site.scene.sessions() as session:
        token = signed_in.begin(
            session,
            now=site.scene.now,
            person_id=site.scene.agent.id,
            way=Way.PROVIDER,
            organisation_id=site.scene.campaign.organisation_id,
        )
    client = site.client(None)
    with client.session_transaction() as browser:
        browser["_user_id"] = token
    assert "Your organisation signed you in" in client.get("/account").text
    for path in ("/account/passkeys/ask", "/account/passkeys"):
        assert site.send(client, path, {"credential": {}}).status_code == 403
    assert client.get("/account/second-step").status_code == 403


@pytest.fixture
def crooked(site: Site) -> Iterator[tuple[CrookedProvider, int]]:
    """A provider of the scene's organisation."""
    clock = Clockwork(site.scene)
    root = clock.seat.way_down[0]
    with CrookedProvider(site.scene.now.timestamp) as running, site.scene.sessions() as session:
        grants.give(session, **clock.by, node_id=root, person_id=clock.olga.id, role=Role.ADMINISTRATOR)
        kept = providers.keep(
            session,
            actor=clock.olga,
            now=site.scene.now,
            node_id=root,
            seal=Seal("x" * 32),
            safe=False,
            name="Harbour account",
            issuer=running.issuer,
            client_id="leaflets",
            client_secret="a secret",
            domains="example.org",
        )
        [path] = session.scalars(select(Letter.path).where(Letter.address == "postmaster@example.org"))
        postmaster = site.client(None)
        assert "sign in people at example.org?" in postmaster.get(path).text
        assert "There is nothing left for you to do" in postmaster.get(site.post(postmaster, path).location).text
        yield running, kept.id


def _there(client: FlaskClient, crooked: tuple[CrookedProvider, int]) -> str:
    """Off to the provider: the state that it has to bring back."""
    provider, number = crooked
    sent = client.get(f"/sign-in/with/{number}?next=/library").headers["Location"]
    provider.saw(sent)
    return parse_qs(urlsplit(sent).query)["state"][0]


def test_the_way_back_from_a_provider_is_gone_once_and_in_the_browser_that_went(
    site: Site, crooked: tuple[CrookedProvider, int]
) -> None:
    client = site.client(None)
    state = _there(client, crooked)
    stolen = site.client(None).get(f"/sign-in/back?state={state}&code=x")
    assert (stolen.status_code, "not begun in this browser" in stolen.text) == (422, True)
    assert client.get(f"/sign-in/back?state={state}&code=x").headers["Location"] == "/library"
    assert "Henry" in client.get("/account").text
    again = client.get(f"/sign-in/back?state={state}&code=x")
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("error=access_denied", "did not sign you in"),
        ("code=x&iss=https://elsewhere.example", "another provider"),
    ],
)
def test_what_a_provider_says_instead_is_said_in_words(
    site: Site, crooked: tuple[CrookedProvider, int], query: str, words: str
) -> None:
    client = site.client(None)
    answer = client.get(f"/sign-in/back?state={_there(client, crooked)}&{query}")
    assert answer.status_code == 422
    assert words in answer.text


def test_the_provider_of_a_domain_is_shown_whoever_has_the_address(
    site: Site, crooked: tuple[CrookedProvider, int]
) -> None:
    client = site.client(None)
    for email in ("agnes@example.org", "nobody@EXAMPLE.org"):
        ways = client.get(f"/sign-in/ways?email={email}&next=/library").get_json()["ways"]
        assert ways == [{"name": "Harbour account", "path": f"/sign-in/with/{crooked[1]}?next=/library"}]
    assert client.get("/sign-in/ways?email=x@elsewhere.example").get_json() == {"ways": []}
    assert "Sign in with Harbour account" in site.post(client, "/sign-in/link", {"email": "x@example.org"}).text
    assert client.get("/sign-in/with/999").status_code == 422
