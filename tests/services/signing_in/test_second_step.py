from datetime import timedelta

import pytest
from clockwork import Clockwork
from pyotp import TOTP
from scene import NOON, Scene

from leaflets.domain.errors import Conflict, Refused
from leaflets.domain.permissions import Role
from leaflets.domain.signing_in import Way
from leaflets.seal import Seal
from leaflets.services.organisation import settings
from leaflets.services.roles import grants
from leaflets.services.signing_in import authenticator, second_step, signed_in
from leaflets.services.signing_in.second_step import Asks
from leaflets.storage.people import Person
from leaflets.storage.signing_in import Authenticator, RecoveryCode

SEAL = Seal("x" * 32)
STEP = timedelta(seconds=authenticator.STEP_S)


def _set_up(scene: Scene) -> tuple[TOTP, list[str]]:
    with scene.sessions() as session:
        by = {"actor": scene.agent, "now": NOON, "seal": SEAL}
        offered = authenticator.offer(session, **by, site="Leaflets")
        assert offered == authenticator.offer(session, **by, site="Leaflets")
        totp = TOTP(offered.secret)
        return totp, authenticator.confirm(session, **by, typed=totp.at(NOON))


def _check(scene: Scene, typed: str, *, after: timedelta = timedelta()) -> None:
    with scene.sessions() as session:
        authenticator.check(session, actor=scene.agent, now=NOON + after, seal=SEAL, typed=typed)


def test_digits_go_once_and_a_clock_may_be_half_a_minute_off(scene: Scene) -> None:
    totp, _ = _set_up(scene)
    with pytest.raises(Refused, match="used already"):
        _check(scene, totp.at(NOON))  # they confirmed it
    _check(scene, f" {totp.at(NOON + 2 * STEP)[:3]} {totp.at(NOON + 2 * STEP)[3:]}", after=STEP)
    with pytest.raises(Refused):
        _check(scene, totp.at(NOON + STEP), after=STEP)  # older than those used last
    _check(scene, totp.at(NOON + 4 * STEP), after=5 * STEP)
    for far in (8, 12):
        with pytest.raises(Refused):
            _check(scene, totp.at(NOON + far * STEP), after=10 * STEP)


def test_a_recovery_code_goes_once_however_it_is_copied_from_paper(scene: Scene) -> None:
    _, codes = _set_up(scene)
    assert len(set(codes)) == authenticator.RECOVERY_CODES
    _check(scene, codes[0].upper().replace("-", " "))
    with pytest.raises(Refused):
        _check(scene, codes[0])
    with scene.sessions() as session:
        assert authenticator.codes_left(session, scene.agent.id) == authenticator.RECOVERY_CODES - 1
        kept = [row.code_hash for row in session.query(RecoveryCode)]
        assert not any(code.replace("-", "") in "".join(kept) for code in codes)
        fresh = authenticator.new_codes(session, actor=scene.agent, now=NOON, seal=SEAL)
    with pytest.raises(Refused):
        _check(scene, codes[1])
    _check(scene, fresh[1])


def test_the_secret_is_kept_under_seal_and_nothing_is_asked_before_it_is_confirmed(scene: Scene) -> None:
    with scene.sessions() as session:
        by = {"actor": scene.agent, "now": NOON, "seal": SEAL}
        offered = authenticator.offer(session, **by, site="Leaflets")
        assert offered.secret not in session.get_one(Authenticator, scene.agent.id).secret
        assert authenticator.of(session, scene.agent.id) is None
        with pytest.raises(Refused):
            authenticator.confirm(session, **by, typed="000000")
        with pytest.raises(Conflict):
            authenticator.check(session, **by, typed="000000")
    _set_up(scene)
    with scene.sessions() as session, pytest.raises(Conflict):
        authenticator.offer(session, **by, site="Leaflets")


def _asks(scene: Scene, person: Person, *, strong: bool = False) -> Asks:
    with scene.sessions() as session:
        token = signed_in.begin(session, now=NOON, person_id=person.id, way=Way.LINK, strong=strong)
        found = signed_in.of_token(session, now=NOON, token=token)
        assert found
        return second_step.asks(session, sign_in=found)


def test_it_is_asked_of_whoever_has_one_until_it_was_shown(scene: Scene) -> None:
    assert _asks(scene, scene.agent) is Asks.NOTHING
    _set_up(scene)
    assert _asks(scene, scene.agent) is Asks.SHOW
    assert _asks(scene, scene.agent, strong=True) is Asks.NOTHING
    with scene.sessions() as session:
        authenticator.remove(session, actor=scene.agent, now=NOON)
        authenticator.remove(session, actor=scene.agent, now=NOON)
    assert _asks(scene, scene.agent) is Asks.NOTHING


def test_an_organisation_may_ask_it_of_its_approvers_and_of_nobody_else(scene: Scene) -> None:
    clock = Clockwork(scene)
    with scene.sessions() as session:
        by = {"actor": "a test", "now": NOON}
        grants.give(session, **by, node_id=clock.nation.id, person_id=clock.nat.id, role=Role.ADMINISTRATOR)
        settings.set_here(session, actor=clock.nat, now=NOON, node_id=clock.nation.id, name="second-step", value=True)
    assert _asks(scene, clock.rita) is Asks.SET_UP
    assert _asks(scene, clock.rita, strong=True) is Asks.NOTHING
    assert _asks(scene, scene.agent) is Asks.NOTHING
    assert _asks(scene, clock.olga) is Asks.NOTHING  # above where it is asked
