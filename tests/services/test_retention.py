from datetime import timedelta

import pytest
from scene import NOON, Scene
from sqlalchemy import select

from leaflets.domain.notices import Notice
from leaflets.domain.signing_in import Way
from leaflets.services import alerts, retention
from leaflets.services.signing_in import sign_in, signed_in
from leaflets.storage.alert import Alert, Letter
from leaflets.storage.audit import AuditRow
from leaflets.storage.signing_in import SignInLink, SignInSession

DAY = timedelta(days=1)


def _rows(scene: Scene) -> tuple[int, ...]:
    with scene.sessions() as session:
        return tuple(session.query(table).count() for table in (Letter, Alert, SignInLink, SignInSession))


def _fill(scene: Scene) -> None:
    """Two of each kind; the second of each is not over."""
    with scene.sessions.begin() as session:
        for _ in range(2):
            told = {"now": NOON, "kind": Notice.CANNOT, "subject": "Late", "sentence": "It is late."}
            alerts.tell(session, [scene.agent], **told, path="/")  # type: ignore[arg-type]
    with scene.sessions() as session:
        sign_in.make_code(session, actor="a test", now=NOON, email=scene.agent.email)
        sign_in.make_code(session, actor="a test", now=NOON + 200 * DAY, email=scene.agent.email)
        signed_in.begin(session, now=NOON, person_id=scene.agent.id, way=Way.LINK)
        signed_in.begin(session, now=NOON + 200 * DAY, person_id=scene.agent.id, way=Way.LINK)
        first = session.scalars(select(Letter).order_by(Letter.id)).first()
        seen = session.scalars(select(Alert.id).order_by(Alert.id)).first()
        assert first is not None
        assert seen is not None
        first.ended_at = NOON
        session.commit()
        alerts.seen(session, actor=scene.agent, now=NOON, alert_ids=[seen])


def _forget(scene: Scene, after: timedelta) -> dict[str, int]:
    with scene.sessions() as session:
        return retention.forget(session, now=NOON + after)


def test_what_is_over_is_kept_for_its_time_and_then_goes_and_nothing_else(scene: Scene) -> None:
    _fill(scene)
    assert _forget(scene, 30 * DAY) == {}
    assert _forget(scene, 31 * DAY) == {"letters": 1, "alerts": 1}
    assert _rows(scene) == (1, 1, 2, 2)
    assert _forget(scene, 45 * DAY) == {"sign-ins": 1}  # fourteen days good, thirty days kept
    assert _forget(scene, 91 * DAY) == {"links": 1}
    assert _forget(scene, 200 * DAY) == {}
    assert _rows(scene) == (1, 1, 1, 1)
    with scene.sessions() as session:
        noted = session.scalars(select(AuditRow.subject).where(AuditRow.what == "forgotten")).all()
    assert noted == ["letters", "alerts", "sign-ins", "links"]


def test_much_goes_in_small_transactions_and_what_is_left_the_next_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(retention, "MOST_BATCHES", 2)
    with scene.sessions() as session:
        for _ in range(7):
            signed_in.begin(session, now=NOON, person_id=scene.agent.id, way=Way.LINK)
        signed_in.end_others(session, actor=scene.agent, now=NOON, kept_id=0)
    assert [_forget(scene, 31 * DAY).get("sign-ins") for _ in range(3)] == [4, 3, None]


def test_what_another_worker_is_removing_is_left_to_it(postgres_url: str) -> None:
    scene = Scene(postgres_url)
    _fill(scene)
    with scene.sessions() as holding:
        holding.execute(select(SignInSession.id).where(SignInSession.began_at == NOON).with_for_update())
        assert _forget(scene, 45 * DAY) == {"letters": 1, "alerts": 1}
    assert _forget(scene, 45 * DAY) == {"sign-ins": 1}
