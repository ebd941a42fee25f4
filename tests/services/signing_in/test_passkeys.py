from datetime import timedelta
from typing import Any

import pytest
from scene import NOON, Scene
from soft_key import SoftKey

from leaflets.domain.errors import Conflict, Refused
from leaflets.seal import Seal
from leaflets.services import audit
from leaflets.services.signing_in import challenge, passkeys
from leaflets.services.signing_in.passkeys import Door, Shown
from leaflets.storage.people import Person
from leaflets.storage.signing_in import Passkey

SITE = "https://leaflets.example.org"
DOOR = Door(SITE, Seal("x" * 32))


def _make(scene: Scene, key: SoftKey, *, who: Person | None = None) -> Passkey:
    with scene.sessions() as session:
        actor = who or scene.agent
        made = key.make(passkeys.offer(session, actor=actor, now=NOON, door=DOOR))
        return passkeys.keep(session, actor=actor, now=NOON, door=DOOR, credential=made, name=" A  telephone ")


def _show(scene: Scene, credential: dict[str, Any], **changed: Any) -> Shown:
    with scene.sessions() as session:
        return passkeys.show(session, **{"now": NOON, "door": DOOR, "credential": credential, **changed})


def _asked() -> dict[str, Any]:
    return passkeys.ask(now=NOON, door=DOOR)


def test_a_passkey_that_was_made_here_says_whose_it_is(scene: Scene) -> None:
    key = SoftKey(SITE)
    assert _make(scene, key).name == "A telephone"
    shown = _show(scene, key.show(_asked()))
    assert (shown.passkey.person_id, shown.strong) == (scene.agent.id, True)
    key.verifies = False
    assert not _show(scene, key.show(_asked())).strong


def test_an_answer_that_was_given_before_is_refused(scene: Scene) -> None:
    key = SoftKey(SITE)
    _make(scene, key)
    credential = key.show(_asked())
    _show(scene, credential)
    with pytest.raises(Refused, match="used already"):
        _show(scene, credential)


def test_an_answer_that_comes_too_late_or_to_a_question_of_somebody_else_is_refused(scene: Scene) -> None:
    key = SoftKey(SITE)
    _make(scene, key)
    late = NOON + challenge.LASTS
    with pytest.raises(Refused, match="took too long"):
        _show(scene, key.show(_asked()), now=late)
    foreign = passkeys.ask(now=NOON, door=Door(SITE, Seal("y" * 32)))
    with pytest.raises(Refused, match="took too long"):
        _show(scene, key.show(foreign))
    with scene.sessions() as session:
        to_make = passkeys.offer(session, actor=scene.agent, now=NOON, door=DOOR)
    with pytest.raises(Refused, match="took too long"):
        _show(scene, key.show({**to_make, "rpId": to_make["rp"]["id"]}))


def test_a_passkey_from_another_origin_is_refused_and_says_where_it_was_shown(scene: Scene) -> None:
    key = SoftKey(SITE)
    _make(scene, key)
    key.origin = "https://leaflets.example.org.evil.example"
    with pytest.raises(Refused, match=r"shown at https://leaflets\.example\.org\.evil\.example, not here"):
        _show(scene, key.show(_asked()))
    with pytest.raises(Refused, match="not here"):
        _make(scene, SoftKey("http://leaflets.example.org"))


def test_a_passkey_for_another_host_is_refused(scene: Scene) -> None:
    key = SoftKey(SITE)
    _make(scene, key)
    with pytest.raises(Refused, match="could not be checked"):
        _show(scene, key.show({**_asked(), "rpId": "example.org"}))


def test_a_counter_that_goes_back_is_refused_and_noted(scene: Scene) -> None:
    key = SoftKey(SITE)
    made = _make(scene, key)
    _show(scene, key.show(_asked()))
    key.count = 0
    with pytest.raises(Refused, match="it may have been copied"):
        _show(scene, key.show(_asked()))
    with scene.sessions() as session:
        noted = [row.what for row in audit.history(session, subject="person", subject_id=scene.agent.id)]
        assert "passkey refused: its counter went back" in noted
        assert session.get_one(Passkey, made.id).sign_count == 1


def test_a_key_that_does_not_count_is_good_every_time(scene: Scene) -> None:
    key = SoftKey(SITE)
    _make(scene, key)
    for _ in range(2):
        assert _show(scene, key.show(_asked(), counts=False)).passkey.person_id == scene.agent.id


def test_an_unknown_and_a_removed_passkey_are_refused_in_the_same_words(scene: Scene) -> None:
    key, stranger = SoftKey(SITE), SoftKey(SITE)
    made = _make(scene, key)
    with pytest.raises(Refused) as unknown:
        _show(scene, stranger.show(_asked()))
    with scene.sessions() as session:
        with pytest.raises(Conflict):
            passkeys.remove(session, actor=scene.helper, now=NOON, passkey_id=made.id)
        passkeys.remove(session, actor=scene.agent, now=NOON, passkey_id=made.id)
    with pytest.raises(Refused) as removed:
        _show(scene, key.show(_asked()))
    assert str(unknown.value) == str(removed.value)


def test_a_passkey_that_names_another_person_is_refused(scene: Scene) -> None:
    key, of_helper = SoftKey(SITE), SoftKey(SITE)
    _make(scene, key)
    _make(scene, of_helper, who=scene.helper)
    key.handle = of_helper.handle
    with pytest.raises(Refused, match="another person"):
        _show(scene, key.show(_asked()))
    with pytest.raises(Refused, match="somebody else’s"):
        _show(scene, of_helper.show(_asked()), person=scene.agent)


def test_one_passkey_is_kept_for_one_person(scene: Scene) -> None:
    key = SoftKey(SITE)
    _make(scene, key)
    with pytest.raises(Conflict):
        _make(scene, key, who=scene.helper)


def test_what_is_no_passkey_at_all_is_refused_in_words(scene: Scene) -> None:
    good = SoftKey(SITE).show(_asked())
    for nonsense in (
        {},
        {"response": 7},
        {"response": {"clientDataJSON": "?"}},
        {"response": {"clientDataJSON": "e30"}},
    ):
        with pytest.raises(Refused):
            _show(scene, nonsense)
    key = SoftKey(SITE)
    _make(scene, key)
    for part in ("signature", "authenticatorData", "userHandle"):
        credential = key.show(_asked())
        credential["response"] = {**credential["response"], part: None}
        with pytest.raises(Refused):
            _show(scene, credential)
    assert good


@pytest.mark.parametrize(
    ("address", "takes"),
    [
        ("https://leaflets.example.org", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://[::1]:8000", False),
        ("http://leaflets.example.org", False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(address: str, takes: bool) -> None:
    assert Door(address, DOOR.seal).takes_passkeys is takes


def test_a_question_that_nobody_answered_costs_no_row_and_used_ones_are_forgotten(scene: Scene) -> None:
    from sqlalchemy import func, select

    from leaflets.storage.signing_in import UsedChallenge

    key = SoftKey(SITE)
    _make(scene, key)
    later = NOON + timedelta(hours=1)
    _show(scene, key.show(passkeys.ask(now=later, door=DOOR)), now=later)
    with scene.sessions() as session:
        assert session.scalar(select(func.count()).select_from(UsedChallenge)) == 1
