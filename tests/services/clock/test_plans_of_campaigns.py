from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from clockwork import Clockwork
from scene import TEMPLATE, Scene
from sqlalchemy import event

from leaflets.domain.clock.durations import Confidence, Days, PrinterDays
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.landing import Landing
from leaflets.domain.clock.route import Route, Step
from leaflets.domain.clock.standing import Standing
from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import Lane, WorkState
from leaflets.domain.template import Kind, Voice, Zone
from leaflets.services import audit
from leaflets.services.clock import dispatch, durations, elections, plans
from leaflets.services.press import orders, outcomes, press_queue, wishes
from leaflets.services.roles import grants
from leaflets.storage.people import Campaign

EARLY = datetime(2027, 2, 1, 10, tzinfo=UTC)
TOO_LATE = datetime(2027, 4, 12, 10, tzinfo=UTC)


def test_a_campaign_prints_the_polling_day_of_its_election_and_begins_with_its_freepost(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    assert leaflet.polling_day == "Thursday 6 May 2027"
    assert (leaflet.landing, leaflet.route) == (Landing.BEFORE_POSTAL_VOTES, Route.FREEPOST)
    plan = clock.plan(leaflet, EARLY).plan
    assert plan is not None
    assert plan.state is Standing.ON_TIME


def test_an_election_that_nobody_has_called_gives_no_plan_and_says_so(clock: Clockwork) -> None:
    planned = clock.plan(clock.scene.leaflet(), EARLY)
    assert planned.plan is None
    assert "not known" in planned.why_not


def test_a_leaflet_for_two_elections_lands_before_the_earlier_postal_votes(scene: Scene) -> None:
    clock = Clockwork(scene, ("parl.2027-05-06", "local.harbour.2027-05-06", "mayor.harbour.2027-05-20"))
    leaflet = clock.leaflet()
    assert leaflet.polling_day == "Thursday 6 May 2027 and Thursday 20 May 2027"
    assert leaflet.route == Route.HAND_DELIVERY
    both = clock.plan(leaflet, EARLY).plan
    with clock.sessions() as session:
        rows = {row.ref: row.id for row in session.get_one(Campaign, clock.campaign.id).elections}
        with pytest.raises(Invalid, match="no freepost"):
            _choose(session, clock, leaflet.id, route=Route.FREEPOST)
        _choose(session, clock, leaflet.id, route=Route.FREEPOST, election_ids=[rows["parl.2027-05-06"]])
        _choose(session, clock, leaflet.id, election_ids=[rows["mayor.harbour.2027-05-20"]])
    later = clock.plan(leaflet, EARLY).plan
    assert clock.plan(leaflet, EARLY).leaflet.polling_day == "Thursday 20 May 2027"
    assert both is not None
    assert later is not None
    assert both.target.by < later.target.by


def _choose(session, clock, leaflet_id, **changed):  # type: ignore[no-untyped-def]
    choice = {"landing": Landing.BEFORE_POSTAL_VOTES, "on": None, "route": Route.HAND_DELIVERY, **changed}
    return plans.choose(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet_id, **choice)


def test_a_day_after_the_poll_and_a_step_of_another_way_are_refused(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    with clock.sessions() as session:
        with pytest.raises(Invalid, match="after polling day"):
            _choose(session, clock, leaflet.id, landing=Landing.ON_DATE, on=date(2027, 5, 7))
        with pytest.raises(Invalid, match="does not stand"):
            _choose(session, clock, leaflet.id, election_ids=[999])
        with pytest.raises(Invalid, match="no step"):
            plans.mark(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet.id, step=Step.PICK_UP)
        for _ in range(2):
            plans.mark(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet.id, step=Step.APPROVED)
        done = plans.plan_of(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet.id).plan
        assert done is not None
        assert done.next_step is Step.SEND_ARTWORK
        plans.mark(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet.id, step=Step.APPROVED, done=False)
        rows = [row.what for row in audit.history(session, subject="leaflet", subject_id=leaflet.id)]
    assert rows.count("step done") == 1
    assert rows[-1] == "step not done"


def test_the_deadline_of_an_order_is_the_plans_and_may_only_be_earlier(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    plan = clock.plan(leaflet, EARLY).plan
    assert plan is not None
    with pytest.raises(Invalid, match="the plan leaves no later moment"):
        clock.order(leaflet, EARLY, needed_by=datetime(2027, 4, 30, tzinfo=UTC))
    assert clock.order(leaflet, EARLY).needed_by == plan.needed_by
    wanted = datetime(2027, 2, 10, 12, tzinfo=UTC)
    assert clock.order(leaflet, EARLY, needed_by=wanted, quantity=5).needed_by == wanted
    with pytest.raises(Invalid, match="Give a date and time"):
        clock.order(clock.scene.leaflet(), EARLY)


def test_landing_after_the_postal_votes_needs_a_reason_that_stays_with_the_order(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    with pytest.raises(wishes.NeedsReason, match="after the first postal votes") as caught:
        clock.order(leaflet, TOO_LATE, going_ahead_because=" \n")
    assert caught.value.plan.state is Standing.CANNOT
    order = clock.order(leaflet, TOO_LATE, going_ahead_because="Most of our voters go to the polling station.")
    assert order.after_postal_votes
    assert order.going_ahead_because == "Most of our voters go to the polling station."
    with clock.sessions() as session:
        rows = {row.what: row for row in audit.history(session, subject="print", subject_id=order.id)}
    assert rows["going ahead late"].who == "Agnes"
    assert rows["going ahead late"].became == order.going_ahead_because


def test_an_announced_dispatch_moves_plans_and_orders_of_its_seat_at_once(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    elsewhere = clock.leaflet(clock.start("Moor"))
    with clock.sessions() as session:
        for each in (leaflet, elsewhere):
            step = Step.ARTWORK_CLEARED
            plans.mark(session, actor=clock.agent, now=EARLY, leaflet_id=each.id, step=step)
    plan = clock.plan(leaflet, EARLY).plan
    assert plan is not None
    now = plan.needed_by - timedelta(hours=2)
    here, there = clock.order(leaflet, now), clock.order(elsewhere, now)
    clock.announce(date(2027, 4, 20), now)
    assert clock.stored(here).needed_by > here.needed_by
    assert clock.stored(there).needed_by == there.needed_by
    with clock.sessions() as session:
        claimed = press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=now)
    assert claimed is not None
    assert claimed.subject_id == there.id
    planned = clock.plan(leaflet, now).plan
    assert planned is not None
    assert "Harbour Council: its website" in planned.target.source


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"first": date(2027, 5, 7)}, "after polling day"),
        ({"first": date(2027, 3, 1)}, "nominations close"),
        ({"second": date(2027, 4, 15)}, "cannot come before the first"),
        ({"said_on": date(2027, 2, 2)}, "day to come"),
        ({"said_by": " "}, "who said so"),
        ({"first": None}, "needs a day"),
    ],
)
def test_dispatch_dates_that_cannot_be_are_refused_and_not_kept(
    clock: Clockwork, changed: dict[str, object], said: str
) -> None:
    leaflet = clock.leaflet()
    before = clock.plan(leaflet, EARLY).plan
    with pytest.raises(Invalid, match=said):
        clock.announce(**{"first": date(2027, 4, 20), "now": EARLY, **changed})  # type: ignore[arg-type]
    assert clock.plan(leaflet, EARLY).plan == before


def test_of_two_councils_in_a_seat_the_one_that_posts_first_counts(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    clock.announce(date(2027, 4, 22), EARLY)
    clock.announce(date(2027, 4, 21), EARLY)  # put right on the same day
    clock.announce(date(2027, 4, 16), EARLY, council="Moor Council")
    plan = clock.plan(leaflet, EARLY).plan
    assert plan is not None
    assert plan.target.by == date(2027, 4, 15)


def test_moving_polling_day_moves_every_open_order_and_what_leaflets_print(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    order = clock.order(leaflet, EARLY)
    clock.announce(date(2027, 4, 20), EARLY)
    with clock.sessions() as session:
        with pytest.raises(Invalid, match="Saturday"):
            elections.move(session, actor=clock.olga, now=EARLY, election_id=clock.election.id, to=date(2027, 5, 8))
        with pytest.raises(Refused):
            elections.move(session, actor=clock.rita, now=EARLY, election_id=clock.election.id, to=date(2027, 4, 15))
        elections.move(session, actor=clock.nat, now=EARLY, election_id=clock.election.id, to=date(2027, 4, 15))
    moved = clock.stored(order)
    assert moved.state == WorkState.WAITING
    assert moved.needed_by < order.needed_by
    with clock.sessions() as session:
        campaign = session.get_one(Campaign, clock.campaign.id)
        assert campaign.polling_day == "Thursday 15 April 2027"
        assert [row.ref for row in campaign.elections] == ["parl.2027-04-15"]
        assert plans.plan_of(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet.id).leaflet.polling_day == (
            "Thursday 15 April 2027"
        )
    plan = clock.plan(leaflet, EARLY).plan
    assert plan is not None
    assert not plan.question.polls[0].postal_votes.first.announced  # type: ignore[union-attr]


def test_an_order_that_would_print_the_old_polling_day_is_held_even_on_the_press(clock: Clockwork) -> None:
    names_it = (*TEMPLATE.zones, Zone("poll", Kind.ELECTION, "Election", "When.", Voice.SYSTEM, "back"))
    leaflet, template = clock.leaflet(), replace(TEMPLATE, zones=names_it)
    order = clock.order(leaflet, EARLY, template=template)
    with clock.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=EARLY)
        assert claim is not None
        elections.move(session, actor=clock.nat, now=EARLY, election_id=clock.election.id, to=date(2027, 4, 15))
        with pytest.raises(press_queue.LeaseLost):
            press_queue.finish(session, claim=claim, now=EARLY, outcome=outcomes.PrintDone("0" * 64, 2, ()))
    held = clock.stored(order)
    assert held.state == WorkState.HELD
    assert "Polling day is now Thursday 15 April 2027" in held.reason
    again = clock.order(leaflet, EARLY, template=template)
    assert again.id != order.id
    assert clock.stored(order).state == WorkState.SUPERSEDED


def test_an_election_that_is_withdrawn_holds_its_orders_until_it_runs_again(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    order = clock.order(leaflet, EARLY)
    election_id = clock.election.id
    with clock.sessions() as session:
        with pytest.raises(Invalid, match="reason"):
            elections.suspend(session, actor=clock.nat, now=EARLY, election_id=election_id, why=" ")
        elections.suspend(session, actor=clock.nat, now=EARLY, election_id=election_id, why="A candidate has died.")
        assert press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=EARLY) is None
        with pytest.raises(Conflict, match="suspended"):
            clock.order(leaflet, EARLY, quantity=7)
    held = clock.stored(order)
    assert (held.state, "A candidate has died" in held.reason) == (WorkState.HELD, True)
    assert clock.scene.order_standing(order.id).forecast is None
    with clock.sessions() as session:
        elections.resume(session, actor=clock.nat, now=EARLY, election_id=election_id)
        assert press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=EARLY) is not None


def test_an_order_that_stopped_is_not_pressed_again_while_its_election_is_suspended(clock: Clockwork) -> None:
    order = clock.order(clock.leaflet(), EARLY)
    with clock.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=EARLY)
        assert claim is not None
        press_queue.finish(session, claim=claim, now=EARLY, outcome=outcomes.Stopped("The file is broken."))
        elections.suspend(session, actor=clock.nat, now=EARLY, election_id=clock.election.id, why="A court says so.")
        again = {"actor": clock.agent, "now": EARLY, "tickets": clock.scene.tickets, "order_id": order.id}
        assert orders.press_again(session, **again).state == WorkState.HELD
        assert press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=EARLY) is None


def test_a_poll_that_is_over_leaves_the_leaflet_to_the_one_ahead(scene: Scene) -> None:
    clock = Clockwork(scene, ("parl.2027-05-06", "parl.2027-06-17"))
    between = clock.plan(clock.leaflet(), datetime(2027, 5, 7, 9, tzinfo=UTC)).plan
    assert between is not None
    assert between.target.poll.polling_day == date(2027, 6, 17)


def test_a_poll_that_moves_onto_another_becomes_one_with_it(scene: Scene) -> None:
    clock = Clockwork(scene, ("parl.2027-05-06", "parl.2027-05-13"))
    clock.leaflet()
    with clock.sessions() as session:
        first = session.get_one(Campaign, clock.campaign.id).elections[0]
        elections.move(session, actor=clock.nat, now=EARLY, election_id=first.id, to=date(2027, 5, 13))
    with clock.sessions() as session:
        campaign = session.get_one(Campaign, clock.campaign.id)
        assert [row.ref for row in campaign.elections] == ["parl.2027-05-13"]
        assert campaign.polling_day == "Thursday 13 May 2027"


def test_nominations_of_a_by_election_are_checked_against_the_laws_window(scene: Scene) -> None:
    clock = Clockwork(scene, ("parl.harbour.by.2027-05-06",))
    with clock.sessions() as session:
        with pytest.raises(Invalid, match="Nominations cannot close"):
            elections.set_nominations(
                session, actor=clock.nat, now=EARLY, election_id=clock.election.id, day=date(2027, 3, 1)
            )
        elections.set_nominations(
            session, actor=clock.nat, now=EARLY, election_id=clock.election.id, day=date(2027, 4, 9)
        )
    assert clock.plan(clock.leaflet(), EARLY).plan is not None


def test_durations_of_an_office_hold_below_it_and_the_nearest_wins(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    order = clock.order(leaflet, EARLY)
    quick = Days(1, "Rita on the telephone", date(2027, 2, 1), Confidence.PRIMARY)
    with clock.sessions() as session:
        by = {"session": session, "now": EARLY}
        durations.set_duration(
            **by, actor="a test", node_id=clock.nation.id, name="approval", days=replace(quick, count=9)
        )
        assert _approval(session, clock, leaflet.id) == 9
        durations.set_duration(**by, actor=clock.rita, node_id=clock.region.id, name="approval", days=quick)
        assert _approval(session, clock, leaflet.id) == 1
        with pytest.raises(Refused):
            durations.set_duration(**by, actor=clock.agent, node_id=clock.region.id, name="approval", days=quick)
        with pytest.raises(Invalid, match="no duration"):
            durations.set_duration(**by, actor=clock.rita, node_id=clock.region.id, name="lunch", days=quick)
        hours = PrinterDays("ignored", replace(quick, count=3), time(15), open_weekdays=frozenset(range(6)))
        durations.set_printer_days(**by, actor="a test", printer_id=clock.scene.printer.id, hours=hours)
    assert clock.stored(order).needed_by > order.needed_by


def _approval(session, clock, leaflet_id):  # type: ignore[no-untyped-def]
    plan = plans.plan_of(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet_id).plan
    return plan.question.durations.approval.count


def test_a_board_shows_what_hangs_below_it_by_slack_in_a_fixed_number_of_questions(clock: Clockwork) -> None:
    first = clock.leaflet()
    asked = []
    with clock.sessions() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *_: asked.append(1))
        plans.board(session, actor=clock.rita, now=EARLY, node_id=clock.region.id)
    few = len(asked)
    moor, wales = clock.start("Moor"), clock.start("Afon", region="Gwent", nation=Nation.WALES)
    urgent = clock.leaflet(moor)
    clock.leaflet(wales)
    with clock.sessions() as session:
        for leaflet in (clock.leaflet(), clock.leaflet(moor)):
            _choose(session, clock, leaflet.id, landing=Landing.BEFORE_POLLING_DAY)
        asked.clear()
        board = plans.board(session, actor=clock.rita, now=EARLY, node_id=clock.region.id)
    assert len(asked) <= few
    assert [row.leaflet.id for row in board.rows][:2] == [first.id, urgent.id]
    assert {(row.region, row.seat) for row in board.rows} == {("South", "Harbour"), ("South", "Moor")}
    assert board.counts[Standing.ON_TIME] == len(board.rows) == 4
    with clock.sessions() as session:
        assert len(plans.board(session, actor=clock.olga, now=EARLY, node_id=board.node.parent_id).rows) == 4  # type: ignore
        with pytest.raises(NotFound):
            plans.board(session, actor=clock.scene.stranger, now=EARLY, node_id=clock.region.id)
        with pytest.raises(Refused):
            plans.board(session, actor=clock.agent, now=EARLY, node_id=clock.region.id)
        with pytest.raises(NotFound):
            plans.board(session, actor=clock.rita, now=EARLY, node_id=wales.node_id)  # type: ignore[arg-type]


def test_an_office_sits_only_where_there_is_one(clock: Clockwork) -> None:
    with clock.sessions() as session, pytest.raises(Invalid, match="Nobody can be region"):
        grants.give(session, **clock.by, node_id=clock.seat.id, person_id=clock.rita.id, role=Role.REGION)


@pytest.mark.parametrize("wide", ["region", "nation"])
def test_an_agent_announces_for_their_own_seat_and_not_for_those_around_it(clock: Clockwork, wide: str) -> None:
    day = clock.election.polling_day - timedelta(days=20)
    clock.announce(day, EARLY, actor=clock.agent)
    with pytest.raises((Refused, NotFound)):
        clock.announce(day, EARLY, actor=clock.agent, node_id=getattr(clock, wide).id)


def test_nobody_announces_for_another_organisation(clock: Clockwork) -> None:
    with clock.sessions() as session, pytest.raises(NotFound):
        dispatch.announce(
            session,
            actor=clock.scene.stranger,
            now=EARLY,
            election_id=clock.election.id,
            node_id=clock.seat.id,
            council="Harbour",
            said_by="me",
            said_on=EARLY.date(),
            first=date(2027, 4, 20),
        )
