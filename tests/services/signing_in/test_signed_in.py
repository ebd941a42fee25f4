from datetime import timedelta

import pytest
from clockwork import Clockwork
from scene import NOON, Scene
from sqlalchemy import event

from leaflets.domain.errors import Conflict, NotFound, Refused
from leaflets.domain.permissions import Role
from leaflets.domain.signing_in import Way, device_in_words
from leaflets.services.roles import grants, people
from leaflets.services.signing_in import signed_in
from leaflets.storage.people import Campaign
from leaflets.storage.signing_in import SignInSession

MINUTE = timedelta(minutes=1)


def _begin(scene: Scene, **more: object) -> str:
    with scene.sessions() as session:
        given = {"now": NOON, "person_id": scene.agent.id, "way": Way.LINK, **more}
        return signed_in.begin(session, **given)  # type: ignore[arg-type]


def _who(scene: Scene, token: str, *, after: timedelta = timedelta()) -> str | None:
    with scene.sessions() as session:
        found = signed_in.of_token(session, now=NOON + after, token=token)
        return found.person.name if found else None


def test_a_token_is_good_for_fourteen_days_and_kept_as_a_hash(scene: Scene) -> None:
    token = _begin(scene)
    assert _who(scene, token) == "Agnes"
    assert _who(scene, token, after=signed_in.LASTS - MINUTE) == "Agnes"
    assert _who(scene, token, after=signed_in.LASTS) is None
    assert _who(scene, f"{token}x") is None
    with scene.sessions() as session:
        assert token not in session.query(SignInSession).one().token_hash


def test_one_request_asks_the_database_once(scene: Scene) -> None:
    token, asked = _begin(scene), []
    with scene.sessions() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
        found = signed_in.of_token(session, now=NOON, token=token)
        assert found
        assert found.person.email == "agnes@example.org"
        assert len([words for words in asked if words.startswith("SELECT")]) == 1
        signed_in.seen(session, now=NOON + 4 * MINUTE, sign_in=found, device="", address="")
        assert not [words for words in asked if words.startswith("UPDATE")]


def test_that_somebody_is_still_there_is_noted_every_few_minutes(scene: Scene) -> None:
    token = _begin(scene)
    with scene.sessions() as session:
        found = signed_in.of_token(session, now=NOON, token=token)
        assert found
        later = NOON + signed_in.SEEN_EVERY
        signed_in.seen(session, now=later, sign_in=found, device="Firefox on Android", address="203.0.113.7")
        [place] = signed_in.places(session, actor=scene.agent, now=later)
        session.refresh(place)
        assert (place.seen_at, place.device, place.address) == (later, "Firefox on Android", "203.0.113.7")


def test_ending_one_leaves_the_others_and_ending_the_others_leaves_this_one(scene: Scene) -> None:
    here, there, third = (_begin(scene) for _ in range(3))
    of_helper = _begin(scene, person_id=scene.helper.id)
    with scene.sessions() as session:
        ours = {token: signed_in.of_token(session, now=NOON, token=token) for token in (here, there, third)}
        ids = {token: found.id for token, found in ours.items() if found}
        with pytest.raises(Conflict):
            signed_in.end(session, actor=scene.helper, now=NOON, sign_in_id=ids[there])
        signed_in.end(session, actor=scene.agent, now=NOON, sign_in_id=ids[there])
        signed_in.end(session, actor=scene.agent, now=NOON, sign_in_id=ids[there])
    assert [_who(scene, token) for token in (here, there, third)] == ["Agnes", None, "Agnes"]
    with scene.sessions() as session:
        signed_in.end_others(session, actor=scene.agent, now=NOON, kept_id=ids[here])
    assert [_who(scene, token) for token in (here, third, of_helper)] == ["Agnes", None, "Henry"]


def test_signing_in_anew_ends_what_the_browser_had_before(scene: Scene) -> None:
    before = _begin(scene)
    after = _begin(scene, person_id=scene.helper.id, instead_of=before)
    assert (_who(scene, before), _who(scene, after)) == (None, "Henry")


def test_an_administrator_ends_the_sign_ins_of_those_below_and_of_nobody_else(scene: Scene) -> None:
    clock = Clockwork(scene)
    token = _begin(scene)
    with scene.sessions.begin() as session:
        session.get_one(Campaign, scene.campaign.id).node_id = clock.seat.id
    with scene.sessions() as session:
        by = {"actor": "a test", "now": NOON}
        keeper = people.add_person(session, **by, name="Karl", email="karl@example.org")
        grants.give(session, **by, node_id=clock.region.id, person_id=keeper.id, role=Role.ADMINISTRATOR)
        for actor, error in ((scene.stranger, NotFound), (scene.helper, Refused), (clock.rita, Refused)):
            with pytest.raises(error):
                signed_in.end_all_of(session, actor=actor, now=NOON, person_id=scene.agent.id)
        with pytest.raises(NotFound):
            signed_in.end_all_of(session, actor=keeper, now=NOON, person_id=scene.stranger.id)
        assert signed_in.of_token(session, now=NOON, token=token)
        signed_in.end_all_of(session, actor=keeper, now=NOON, person_id=scene.agent.id)
    assert _who(scene, token) is None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(sent: str, words: str) -> None:
    assert device_in_words(sent) == words
