from concurrent.futures import ThreadPoolExecutor

import pytest
from reviewing import WORDED, Desk
from scene import Scene
from sqlalchemy import func, select

from leaflets.domain.clock.route import Step
from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State, Where
from leaflets.services import alerts
from leaflets.services.clock import plans
from leaflets.services.press import orders
from leaflets.services.review import decisions, judgement, returning, sending, under_review
from leaflets.services.roles import grants, people
from leaflets.services.studio import readiness
from leaflets.storage.alert import Alert
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, Submission, ZonePass
from leaflets.storage.session import writing


def codes(refusal: pytest.ExceptionInfo[judgement.NotReady]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def told(desk: Desk, person: Person) -> list[str]:
    with desk.sessions() as session:
        return [alert.kind for alert in alerts.unseen(session, actor=person)]


# Sending


def test_the_plan_waits_for_the_approval_of_newer_words_and_knows_when_the_old_ones_are_back(desk: Desk) -> None:
    def steps() -> set[str]:
        with desk.sessions() as session:
            return {each.step for each in session.get_one(Leaflet, leaflet.id).steps_done}

    leaflet = desk.leaflet(headline="Warmer homes")
    desk.pass_(desk.send(leaflet))
    desk.write(leaflet, headline="Colder homes")
    newer = desk.send(leaflet)
    assert steps() == {Step.SEND_FOR_APPROVAL}
    with desk.sessions() as session:
        sending.take_back(session, actor=desk.agent, now=desk.now, submission_id=newer.id)
    desk.write(leaflet, headline="Warmer homes")
    desk.send(leaflet)
    assert steps() == {Step.SEND_FOR_APPROVAL, Step.APPROVED}


def test_what_was_noted_by_hand_before_an_office_was_asked_is_taken_back_by_hand(migrated_url: str) -> None:
    desk = Desk(migrated_url, [])
    leaflet = desk.leaflet()
    asked = {"actor": desk.agent, "now": desk.now, "leaflet_id": leaflet.id, "step": Step.APPROVED}
    with desk.sessions() as session:
        plans.mark(session, **asked)
        desk.ask([{"office": "region"}])
        assert not plans.mark(session, **asked, done=False).steps_done
        with pytest.raises(Conflict, match="noted when it happens here"):
            plans.mark(session, **asked)


def test_only_the_zones_that_speak_for_the_party_wait_and_the_templates_own_words_need_nobody(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", greeting="Hello from Ada"))
    assert sent.state == State.WAITING
    assert desk.states(sent) == {"headline": "waiting", "pledge": "passed"}
    assert desk.sent(sent).asked_of_id == desk.clock.region.id


def test_where_nobody_asks_to_see_it_what_is_sent_is_approved_at_once(desk: Desk) -> None:
    desk.ask([])
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    assert sent.state == State.APPROVED
    assert desk.standing(leaflet).where is Where.APPROVED
    assert desk.covering(leaflet) is not None


def test_a_leaflet_that_says_only_the_templates_words_is_approved_on_the_spot(desk: Desk) -> None:
    leaflet = desk.leaflet()
    assert desk.send(leaflet).state == State.APPROVED
    assert desk.order(leaflet).approval_id is not None


def test_sending_twice_is_sending_once(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    assert desk.send(leaflet).id == desk.send(leaflet).id


def test_what_would_not_print_is_not_sent(desk: Desk) -> None:
    with pytest.raises(judgement.NotReady) as refusal:
        desk.send(desk.leaflet(headline=""))
    assert codes(refusal) == ["required"]


def test_an_open_checklist_is_said_before_it_is_sent_anyway(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    with pytest.raises(sending.StepsOpen) as refusal:
        desk.send(leaflet, anyway=False)
    assert [step.key for step in refusal.value.steps] == ["fits", "read"]
    assert desk.send(leaflet, anyway=True).state == State.WAITING


def test_words_that_changed_since_the_sender_looked_are_not_sent(desk: Desk) -> None:
    with pytest.raises(Conflict):
        desk.send(desk.leaflet(headline="A bus at ten"), content_hash="0" * 64)


def test_a_designer_sends_nothing_and_a_stranger_learns_nothing(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    with desk.sessions() as session:
        designer = people.add_person(session, actor="a test", now=desk.now, name="Dora", email="dora@example.org")
        grants.give(
            session,
            actor="a test",
            now=desk.now,
            person_id=designer.id,
            role=Role.DESIGNER,
            campaign_id=desk.clock.campaign.id,
        )
    with pytest.raises(Refused):
        desk.send(leaflet, by=designer)
    with pytest.raises(NotFound):
        desk.send(leaflet, by=desk.scene.stranger)


def test_the_office_is_told_once_and_the_plan_is_the_deadline(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    plan = desk.clock.plan(leaflet, desk.now).plan
    approved = plan.step(Step.APPROVED) if plan else None
    assert approved is not None
    assert sent.decide_by == approved.latest
    with desk.sessions() as session:
        told = session.scalars(select(Alert).where(Alert.person_id == desk.rita.id)).all()
    assert [alert.path for alert in told] == [f"/approvals/{sent.id}"]


def test_what_was_told_of_a_leaflet_leaves_the_page_when_it_is_over(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    assert told(desk, desk.rita) == [Notice.ASKED]
    desk.ask_change(sent, "headline", words="Say which bus.")
    assert told(desk, desk.rita) == []  # nothing waits for her any more
    assert set(told(desk, desk.agent)) == {Notice.CHANGE, Notice.ANSWERED}
    desk.write(leaflet, headline="The 10.40 bus")
    again = desk.send(leaflet)
    assert told(desk, desk.agent) == []  # what was asked for is sent
    desk.pass_(again)
    assert (told(desk, desk.rita), told(desk, desk.agent)) == ([], [Notice.ANSWERED])


def test_what_is_sent_stays_as_it_was_sent_until_it_is_sent_again(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    desk.write(leaflet, headline="A bus at eleven")
    assert next(zone.words for zone in desk.zones(sent)) == "A bus at ten"
    assert desk.standing(leaflet).where is Where.CHANGED
    again = desk.send(leaflet)
    assert desk.sent(sent).state == State.REPLACED
    assert again.state == State.WAITING
    assert desk.standing(leaflet).where is Where.WAITING


def test_what_was_taken_back_waits_no_more(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    with desk.sessions() as session:
        sending.take_back(session, actor=desk.agent, now=desk.now, submission_id=sent.id)
    assert desk.standing(leaflet).where is Where.UNSENT
    with pytest.raises(decisions.Overtaken, match="took it back"):
        desk.pass_(sent)
    assert desk.send(leaflet).id != sent.id


# Passing


def test_passing_all_approves_and_the_steps_of_the_plan_are_done(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>")
    sent = desk.send(leaflet)
    desk.pass_(sent)
    assert desk.sent(sent).state == State.APPROVED
    with desk.sessions() as session:
        found = session.get_one(Leaflet, leaflet.id)
        assert {step.step for step in found.steps_done} == {Step.SEND_FOR_APPROVAL, Step.APPROVED}
    approval = desk.covering(leaflet)
    assert approval is not None
    assert approval.certificate
    assert desk.order(leaflet).approval_id == approval.id


def test_a_zone_at_a_time_is_as_good_as_all(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>"))
    desk.pass_(sent, "headline")
    assert desk.sent(sent).state == State.WAITING
    assert desk.waiting(sent) == {"pledge"}
    desk.pass_(sent, "pledge")
    assert desk.sent(sent).state == State.APPROVED


def test_changing_the_headline_reopens_the_headline_alone(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>")
    desk.pass_(desk.send(leaflet))
    desk.write(leaflet, headline="A bus at eleven")
    assert desk.covering(leaflet) is None
    again = desk.send(leaflet)
    assert desk.waiting(again) == {"headline"}


def test_changing_what_is_no_message_reopens_nothing_and_an_order_is_approved_on_the_spot(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    desk.pass_(desk.send(leaflet))
    first = desk.covering(leaflet)
    desk.write(leaflet, greeting="Ada here")
    order = desk.order(leaflet)
    assert order.approval_id not in (None, first.id if first else None)


def test_going_back_to_words_that_were_passed_needs_nobody(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    desk.pass_(desk.send(leaflet))
    desk.write(leaflet, headline="A bus at eleven")
    desk.write(leaflet, headline="A bus at ten")
    assert desk.send(leaflet).state == State.APPROVED


def test_what_changed_a_second_ago_is_refused_and_shows_the_change(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    desk.write(leaflet, headline="A tram at ten")
    again = desk.send(leaflet)
    with pytest.raises(decisions.Overtaken) as refusal:
        desk.pass_(sent)
    assert refusal.value.newer_id == again.id
    assert (refusal.value.before["headline"], refusal.value.after["headline"]) == ("A bus at ten", "A tram at ten")
    with pytest.raises(decisions.Overtaken):
        desk.pass_(again, content_hash="0" * 64)


def test_the_second_of_two_reviewers_hears_what_the_first_did(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>"))
    desk.pass_(sent, "headline")
    with pytest.raises(Conflict, match="Rita passed this already"):
        desk.pass_(sent, "headline", by=desk.nat)
    both = desk.pass_(sent, "headline", "pledge", by=desk.nat)
    assert [zone.zone for zone in both.before] == ["headline"]
    assert [zone.zone for zone in both.zones] == ["pledge"]
    with pytest.raises(decisions.Overtaken, match="Nat passed the last of it"):
        desk.pass_(sent)


def test_a_role_that_ends_mid_review_passes_nothing_more_and_what_was_passed_stays(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>"))
    desk.pass_(sent, "headline")
    with desk.sessions() as session:
        grant = session.scalars(select(Grant).where(Grant.person_id == desk.rita.id)).one()
        grants.end(session, actor="a test", now=desk.now, grant_id=grant.id)
    with pytest.raises(Refused, match="no longer regional approver"):
        desk.pass_(sent, "pledge")
    assert desk.states(sent) == {"headline": "passed", "pledge": "waiting"}
    with desk.sessions() as session:
        assert session.scalars(select(ZonePass.by).where(ZonePass.zone == "headline")).one() == desk.rita.id


def test_the_campaign_passes_nothing_of_its_own(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    with pytest.raises(Refused):
        desk.pass_(sent, by=desk.agent)


def test_an_office_of_another_region_or_organisation_learns_nothing(desk: Desk, migrated_url: str) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    elsewhere = desk.clock.start("Fells", region="North")
    with desk.sessions() as session:
        north = people.add_person(session, actor="a test", now=desk.now, name="Nora", email="nora@example.org")
        node = session.get_one(Campaign, elsewhere.id).node
        assert node is not None
        grants.give(
            session,
            actor="a test",
            now=desk.now,
            person_id=north.id,
            role=Role.REGION,
            node_id=node.way_down[-2],
        )
    with pytest.raises(NotFound):
        desk.pass_(sent, by=north)


# The same words elsewhere


def test_the_same_words_are_passed_wherever_they_wait(desk: Desk) -> None:
    seats = [desk.clock.start(f"Seat {number}") for number in range(3)]
    first, *others = [desk.send(desk.leaflet(seat, headline="A bus at ten")) for seat in seats]
    different = desk.send(desk.leaflet(headline="A tram at ten"))
    with desk.sessions() as session:
        assert under_review.reading(session, actor=desk.rita, submission_id=first.id).alike == {"headline": 2}
    assert desk.everywhere(first, "headline").elsewhere == 2
    assert {desk.sent(sent).state for sent in (first, *others)} == {State.APPROVED}
    assert desk.sent(different).state == State.WAITING


def test_the_same_words_are_not_passed_where_the_reviewer_does_not_answer(desk: Desk) -> None:
    north = desk.clock.start("Fells", region="North")
    desk.ask([{"office": "region"}], desk.clock.nation.id)
    here, there = (desk.send(desk.leaflet(seat, headline="A bus at ten")) for seat in (None, north))
    assert desk.sent(there).asked_of_id == desk.clock.nation.id  # nobody sits in the North
    assert desk.everywhere(here, "headline").elsewhere == 0
    assert desk.sent(there).state == State.WAITING


def test_words_that_places_share_are_passed_once_for_all(desk: Desk) -> None:
    main = desk.leaflet(headline="A bus at ten", street="Quay Street")
    sent = [desk.send(leaflet) for leaflet in (main, *desk.places(main, "Docks", "Fort"))]
    assert desk.pass_(sent[1]).elsewhere == 2
    assert {desk.sent(each).state for each in sent} == {State.APPROVED}
    assert desk.send(desk.places(main, "Hill")[0]).state == State.APPROVED


# Asking for a change


def test_a_change_of_the_last_zone_sends_it_back_and_what_was_passed_stays(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>")
    sent = desk.send(leaflet)
    desk.ask_change(sent, "headline")
    assert desk.sent(sent).state == State.WAITING
    desk.pass_(sent, "pledge")
    assert desk.sent(sent).state == State.RETURNED
    assert "Headline" in desk.sent(sent).ended_because
    assert desk.standing(leaflet).where is Where.RETURNED
    desk.write(leaflet, headline="Buses")
    assert desk.waiting(desk.send(leaflet)) == {"headline"}


def test_taking_the_suggested_words_needs_no_second_look(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    desk.ask_change(desk.send(leaflet), "headline", suggestion="A bus at ten, every day")
    desk.write(leaflet, headline="A bus at ten, every day")
    assert desk.send(leaflet).state == State.APPROVED


def test_a_suggestion_that_the_zone_cannot_hold_is_refused_and_nothing_is_asked(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    for suggestion in (["no", "line"], "", "A bus at ten"):
        with pytest.raises(Invalid):
            desk.ask_change(sent, "headline", suggestion=suggestion)
    assert desk.states(sent)["headline"] == "waiting"


def test_what_another_reviewer_asked_to_change_is_passed_only_knowingly(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>"))
    desk.ask_change(sent, "headline")
    with pytest.raises(Conflict, match="Rita has asked for a change of “Headline”"):
        desk.pass_(sent, "headline", by=desk.nat)
    desk.pass_(sent, by=desk.nat, although_asked=True)
    assert desk.sent(sent).state == State.APPROVED


def test_passing_the_rest_leaves_alone_what_a_change_was_asked_of(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>"))
    desk.ask_change(sent, "headline")
    desk.pass_(sent)
    assert desk.states(sent) == {"headline": "asked", "pledge": "passed"}
    assert desk.sent(sent).state == State.RETURNED


def test_sending_back_needs_a_reason(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    with desk.sessions() as session:
        with pytest.raises(Invalid):
            returning.send_back(session, actor=desk.rita, because=" ", **desk.seen(sent))
        returning.send_back(session, actor=desk.rita, because="Not before the manifesto.", **desk.seen(sent))
    assert desk.sent(sent).ended_because == "Not before the manifesto."
    with desk.sessions() as session:
        assert not session.get_one(Leaflet, leaflet.id).steps_done


# Stages and offices


def test_a_second_office_is_asked_when_the_first_has_passed_it(migrated_url: str) -> None:
    desk = Desk(migrated_url, workflow=[{"office": "region"}, {"office": "nation", "zones": "topics"}])
    sent = desk.send(desk.leaflet(headline="Save the NHS", pledge="<p>A seat at the table.</p>"))
    assert desk.sent(sent).asked_of_id == desk.clock.region.id
    desk.pass_(sent)
    assert desk.sent(sent).asked_of_id == desk.clock.nation.id
    with pytest.raises(Conflict, match="waits for England"):
        desk.pass_(sent)
    desk.pass_(sent, by=desk.nat)
    assert desk.sent(sent).state == State.APPROVED
    assert [(zone.zone, zone.stage) for zone in desk.zones(sent)] == [("headline", 0), ("pledge", 0), ("headline", 1)]


def test_a_second_click_of_who_sits_above_both_offices_counts_only_for_the_one_they_saw(migrated_url: str) -> None:
    desk = Desk(migrated_url, workflow=[{"office": "region"}, {"office": "nation", "zones": "topics"}])
    sent = desk.send(desk.leaflet(headline="Save the NHS"))
    desk.pass_(sent, by=desk.nat, stage=0)
    for again in (desk.pass_, desk.everywhere):
        with pytest.raises(decisions.Overtaken, match="gone on to the England office"):
            again(sent, "headline", by=desk.nat, stage=0)
    with pytest.raises(decisions.Overtaken, match="gone on"):
        desk.ask_change(sent, "headline", by=desk.nat, stage=0)
    assert desk.waiting(sent) == {"headline"}
    desk.pass_(sent, by=desk.nat, stage=1)
    assert desk.sent(sent).state == State.APPROVED


def test_what_no_nation_decides_for_itself_goes_to_the_root(migrated_url: str) -> None:
    desk = Desk(migrated_url, workflow=[{"office": "nation", "zones": "topics"}])
    sent = desk.send(desk.leaflet(headline="An army we can trust"))
    assert desk.sent(sent).asked_of_id == desk.clock.region.way_down[0]
    with pytest.raises(Conflict):
        desk.pass_(sent, by=desk.nat)
    desk.pass_(sent, by=desk.olga)
    assert desk.sent(sent).state == State.APPROVED


def test_words_about_none_of_the_policy_areas_ask_nobody(migrated_url: str) -> None:
    desk = Desk(migrated_url, workflow=[{"office": "nation", "zones": "topics", "topics": ["health"]}])
    assert desk.send(desk.leaflet(headline="A bus at ten")).state == State.APPROVED


def test_where_nobody_sits_the_next_above_is_asked(desk: Desk) -> None:
    with desk.sessions() as session:
        for grant in session.scalars(select(Grant).where(Grant.person_id == desk.rita.id)).all():
            grants.end(session, actor="a test", now=desk.now, grant_id=grant.id)
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    assert desk.sent(sent).asked_of_id == desk.clock.nation.id
    with desk.sessions() as session:
        told = session.scalars(select(Alert.sentence).where(Alert.person_id == desk.nat.id)).one()
    assert "Nobody sits in South" in told


def test_where_nobody_sits_anywhere_nothing_is_sent_and_it_is_said(desk: Desk) -> None:
    with desk.sessions() as session:
        offices = select(Grant).where(Grant.role.in_((Role.REGION, Role.NATION)))
        for grant in session.scalars(offices).all():
            grants.end(session, actor="a test", now=desk.now, grant_id=grant.id)
    with pytest.raises(Conflict, match="Nobody approves leaflets in South") as refusal:
        desk.send(desk.leaflet(headline="A bus at ten"))
    assert refusal.value.code == "nobody-there"
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0


# Only what is approved prints


def test_what_waits_is_not_ordered_and_it_says_for_whom(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    desk.send(leaflet)
    with pytest.raises(orders.NotReady) as refusal:
        desk.order(leaflet)
    assert codes(refusal) == ["not-approved"]
    assert "South has not passed “Headline”" in refusal.value.problems[0].message
    with desk.sessions() as session:
        told = orders.before_order(
            session, actor=desk.agent, leaflet_id=leaflet.id, template=WORDED, printer_id=desk.scene.printer.id
        )
    assert "not-approved" in [problem.code for problem in told]


def test_a_pass_that_is_taken_back_holds_the_order_until_it_is_passed_again(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    desk.pass_(sent)
    order = desk.order(leaflet)
    desk.take_back(sent, "headline")
    held = desk.clock.stored(order)
    assert held.state == WorkState.HELD
    assert "took back “Headline”: It is not so." in held.reason
    assert desk.covering(leaflet) is None
    with pytest.raises(orders.NotReady):
        desk.order(leaflet)
    again = desk.send(leaflet)
    assert again.id != sent.id
    assert desk.waiting(again) == {"headline"}
    desk.pass_(again)
    assert desk.clock.stored(order).state == WorkState.WAITING


def test_what_was_sent_again_stays_sent_when_an_older_approval_falls(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    first = desk.send(leaflet)
    desk.pass_(first)
    desk.write(leaflet, pledge="<p>Every hour.</p>")
    again = desk.send(leaflet)
    desk.take_back(first, "headline")
    assert desk.waiting(again) == {"headline", "pledge"}
    with desk.sessions() as session:
        done = {step.step for step in session.get_one(Leaflet, leaflet.id).steps_done}
    assert done == {Step.SEND_FOR_APPROVAL}


def test_a_pass_that_is_taken_back_while_it_waits_reopens_its_zone(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", pledge="<p>A bus, every hour.</p>"))
    desk.pass_(sent, "headline")
    desk.take_back(sent, "headline")
    assert desk.waiting(sent) == {"headline", "pledge"}


def test_an_order_that_stopped_is_not_pressed_again_once_its_approval_is_gone(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    desk.pass_(sent)
    order = desk.order(leaflet)
    with desk.sessions() as session, writing(session):
        session.get_one(Order, order.id).state = WorkState.FAILED
    desk.take_back(sent, "headline")
    with pytest.raises(orders.NotReady) as refusal:
        desk.order_again(order)
    assert codes(refusal) == ["not-approved"]


def test_a_leaflet_of_before_the_tree_is_ordered_as_ever(migrated_url: str) -> None:
    scene = Scene(migrated_url)
    order = scene.order(scene.leaflet().id)
    with scene.sessions() as session:
        approval = session.get_one(Approval, order.approval_id)
        assert approval.submission_id is None
        assert not approval.withdrawn_at


@pytest.mark.parametrize("pledge", ["<p>We will act.</p>", "<p>Every hour.</p>"], ids=["to-the-end", "one-of-two"])
def test_two_reviewers_who_pass_at_once_never_pass_twice(desk: Desk, pledge: str) -> None:
    seats = [desk.clock.start(f"Seat {number}") for number in range(4)]
    sent = [desk.send(desk.leaflet(seat, headline="A bus at ten", pledge=pledge)) for seat in seats]

    def everywhere(number: int) -> str:
        try:
            desk.everywhere(sent[number], "headline", by=(desk.rita, desk.nat)[number % 2])
        except Conflict as refusal:
            return refusal.code
        return "passed"

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(everywhere, range(4)))
    assert heard.count("passed") == 1
    assert set(heard) <= {"passed", "overtaken", "passed-already"}
    with desk.sessions() as session:
        passed = select(func.count()).select_from(ZonePass).where(ZonePass.zone == "headline")
        assert session.scalar(passed) == 4
        is_all = pledge == WORDED.zone("pledge").default
        assert session.scalar(select(func.count()).select_from(Approval)) == (4 if is_all else 0)


def test_the_checklist_leads_to_the_office_only_where_it_has_to_look(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")

    def goal() -> str:
        with desk.sessions() as session:
            target = session.get_one(Leaflet, leaflet.id)
            steps, _ = readiness.steps(session, actor=desk.agent, target=target, template=WORDED)
            return steps[-1].does

    assert goal() == "send"
    sent = desk.send(leaflet)
    assert goal() == ""
    desk.ask_change(sent, "headline", suggestion="A bus at ten, daily")
    assert goal() == "send"
    desk.write(leaflet, headline="A bus at ten, daily")
    assert goal() == "order"


def test_asking_twice_with_one_number_asks_once(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    seen = desk.seen(sent)
    first, second = (desk.ask_change(sent, "headline", op_id="press-of-a-button", **seen) for _ in range(2))
    assert first.id == second.id


def test_a_suggestion_of_a_kind_that_nothing_holds_is_refused(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(Invalid):
        desk.ask_change(sent, "headline", suggestion=deep)
