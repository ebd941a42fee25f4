from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from leaflets.cli import main
from leaflets.cli.demo_clock import election_standing
from leaflets.domain.clock.standing import Standing
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import State
from leaflets.services import alerts
from leaflets.services.clock import plans
from leaflets.services.organisation import tree
from leaflets.services.press import house_orders
from leaflets.services.review import objections, review_queue
from leaflets.services.roles import answering, people
from leaflets.services.studio import history
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Submission
from leaflets.storage.session import open_sessions


def test_the_demo_shows_a_leaflet_on_time_a_tight_and_a_late_one_and_an_objection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (("DEMO", "1"), ("DATA", str(tmp_path)), ("REDIS_URL", "redis://127.0.0.1:1/0")):
        monkeypatch.setenv(f"LEAFLETS_{name}", value)
    for said in ("The demo is ready", "in the database already"):
        result = CliRunner().invoke(main, ["demo"], catch_exceptions=False)
        assert said in result.output
    with open_sessions(f"sqlite:///{tmp_path / 'leaflets.db'}")() as session:
        officer, answers = (people.known(session, f"{who}@demo.example") for who in ("ruth.fell", "noel.hart"))
        (region,) = tree.boards_of(session, actor=officer)
        board = plans.board(session, actor=officer, now=datetime.now(UTC), node_id=region.id)
        assert {row.plan.state for row in board.rows if row.plan} == {Standing.ON_TIME, Standing.TIGHT, Standing.LATE}
        assert any(row.plan and "on the telephone" in row.plan.target.source for row in board.rows)
        assert len(objections.waiting_for(session, actor=answers)) == 1
        told = {alert.state for alert in alerts.unseen(session, actor=officer) if alert.kind == Notice.PLAN}
        assert told == {Standing.TIGHT, Standing.LATE}
        assert [each.role for each in answering.waiting_for(session, actor=officer)] == [Role.REGION]
        assert house_orders.houses_of(session, actor=people.known(session, "piet.galley@demo.example"))
        waits = review_queue.queue(session, actor=officer, now=datetime.now(UTC))
        assert [(row.seat, max(each.alike for each in row.words)) for row in waits.rows] == [
            ("Lowerby", 2),
            ("Cawder Bridge", 2),
            ("Thornwick", 2),
        ]
        assert [row.seat for row in review_queue.queue(session, actor=answers, now=datetime.now(UTC)).rows] == [
            "Stanner"
        ]
        states = set(session.scalars(select(Submission.state)))
        assert states == {State.WAITING, State.RETURNED, State.APPROVED}
        here, there = session.query(Leaflet).filter(Leaflet.place != "").order_by(Leaflet.id)
        assert (here.place, there.place, there.variant_of_id) == ("Ferry Hill", "Saltmarsh", here.id)
        assert here.values["headline"] != there.values["headline"]
        assert here.values["about"] == there.values["about"]
        maker = session.get_one(Person, here.created_by)
        named = [version.name for version in history.versions(session, actor=maker, leaflet_id=here.id).versions]
        assert "Before the agent’s changes" in named


@pytest.mark.parametrize("standing", [Standing.ON_TIME, Standing.TIGHT, Standing.LATE])
def test_all_through_a_year_there_is_an_election_for_which_a_leaflet_stands_so(standing: Standing) -> None:
    first = datetime(2026, 11, 21, 9, tzinfo=UTC)
    without = [day for day in range(0, 365, 3) if not election_standing(first + timedelta(days=day), standing, "Quay")]
    assert without == []
