"""Giving, ending, asking and answering, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from clockwork import Clockwork
from sqlalchemy import event, select

from leaflets.domain.clock.moments import say
from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.permissions import Role
from leaflets.domain.signing_in import Way
from leaflets.services import access, audit, leaflets
from leaflets.services.roles import (
    access_requests,
    answering,
    appointments,
    giving,
    grants,
    holdings,
    joining,
    people,
    people_below,
)
from leaflets.services.signing_in import signed_in
from leaflets.storage.alert import Alert, Letter
from leaflets.storage.grant import AccessRequest, Grant
from leaflets.storage.people import Campaign, Organisation, Person
from leaflets.storage.tree import Node


def bring_in(clock: Clockwork, actor: Person, email: str = "dana@example.org", **changed: Any) -> Grant:
    wish = {
        "name": "Dana",
        "role": Role.HELPER,
        "reason": "writes well",
        "campaign_id": clock.campaign.id,
        **changed,
    }
    with clock.sessions() as session:
        grant = appointments.bring_in(session, actor=actor, now=clock.scene.now, email=email, **wish)
        session.refresh(grant)
        return grant


def ask(clock: Clockwork, asker: Person, **changed: Any) -> AccessRequest:
    wish = {"role": Role.HELPER, "words": "To help.", "campaign_id": clock.campaign.id, **changed}
    with clock.sessions() as session:
        organisation_id = session.get_one(Campaign, clock.campaign.id).organisation_id
        return access_requests.ask(
            session, actor=asker, now=clock.scene.now, **{"organisation_id": organisation_id, **wish}
        )


def told(clock: Clockwork, person: Person) -> list[str]:
    with clock.sessions() as session:
        return list(session.scalars(select(Alert.sentence).where(Alert.person_id == person.id).order_by(Alert.id)))


def letters(clock: Clockwork, email: str) -> list[Letter]:
    with clock.sessions() as session:
        return list(session.scalars(select(Letter).where(Letter.address == email).order_by(Letter.id)))


def root_of(clock: Clockwork) -> Node:
    with clock.sessions() as session:
        return session.get_one(Node, clock.nation.parent_id)


def newcomer(clock: Clockwork, name: str) -> Person:
    with clock.sessions() as session:
        person = people.add_person(session, **clock.by, name=name, email=f"{name.lower()}@example.org")
        session.refresh(person)
        return person


def test_an_agent_brings_in_a_helper_by_their_address_without_asking_anybody(clock: Clockwork) -> None:
    grant = bring_in(clock, clock.agent, ends_on=date(2027, 5, 6))
    assert grants.last_day(grant) == date(2027, 5, 6)
    assert grant.ends_at == datetime(2027, 5, 6, 23, 0, tzinfo=UTC), "midnight in London, in summer"
    (letter,) = letters(clock, "dana@example.org")
    assert letter.path.startswith("/sign-in?code=")
    assert "by mistake" not in letter.body
    assert (
        "Agnes has brought you in as helper of Ada for Harbour, until Thu 6 May, because: writes well." in letter.body
    )
    with clock.sessions() as session:
        dana = session.get_one(Person, grant.person_id)
        assert access.roles_in(session, dana, clock.campaign.id) == {Role.HELPER}
        assert [row.what for row in audit.history(session, subject="campaign", subject_id=clock.campaign.id)][-1] == (
            "role given"
        )


def test_somebody_known_keeps_their_name_and_hears_of_it_on_the_page_too(clock: Clockwork) -> None:
    grant = bring_in(clock, clock.agent, "HENRY@example.org", name="Somebody else")
    assert grant.person_id == clock.scene.helper.id
    assert told(clock, clock.scene.helper) == ["Agnes made you helper of Ada for Harbour, because: writes well."]
    with clock.sessions() as session:
        assert session.get_one(Person, grant.person_id).name == "Henry"


def test_somebody_whom_only_others_know_goes_by_the_name_that_was_typed_until_they_sign_in(clock: Clockwork) -> None:
    stella = clock.scene.stranger
    for nameless in (stella.email, "nobody@example.org"):
        with pytest.raises(Invalid, match="needs a name and an e-mail address"):
            bring_in(clock, clock.agent, nameless, name=" ")
    bring_in(clock, clock.agent, stella.email, name="Dana")
    again = bring_in(clock, clock.agent, stella.email, name="", role=Role.DESIGNER)

    def names() -> set[str]:
        with clock.sessions() as session:
            ada = holdings.roll_of_campaign(session, actor=clock.agent, campaign_id=clock.campaign.id)
            seat = people_below.below(session, actor=clock.rita, node=session.get_one(Node, clock.seat.id))
            held = holdings.of_person(session, actor=clock.agent, person_id=stella.id)
            met = {each.name for each in ada.holders if each.person.id == stella.id}
            return met | {held.name, session.get_one(Grant, again.id).holder} | {seat[0].first[-1][1]}

    assert names() == {"Dana"}
    with clock.sessions() as session:
        assert holdings.of_person(session, actor=stella, person_id=stella.id).name == "Stella"
        signed_in.begin(session, now=clock.scene.now, person_id=stella.id, way=Way.LINK)
    assert names() == {"Stella"}


def test_bringing_in_again_changes_the_end_and_gives_nothing_twice(clock: Clockwork) -> None:
    first = bring_in(clock, clock.agent)
    again = bring_in(clock, clock.agent, ends_on=date(2027, 4, 30))
    assert again.id == first.id
    assert grants.last_day(again) == date(2027, 4, 30)


def test_what_cannot_be_given_is_said_and_nobody_is_added(clock: Clockwork) -> None:
    cases: tuple[tuple[dict[str, Any], type[Exception], str], ...] = (
        ({"role": Role.AGENT}, Refused, "may not make anybody agent"),
        ({"reason": "  "}, Invalid, "reason is missing"),
        ({"reason": "x" * 501}, Invalid, "501 characters"),
        ({"name": ""}, Invalid, "needs a name"),
        ({"email": "no address"}, Invalid, "not an e-mail address"),
        ({"email": "a@b\nBcc: c@d"}, Invalid, "not an e-mail address"),
        ({"ends_on": date(2027, 3, 31)}, Invalid, "over already"),
        ({"email": "agnes@example.org"}, Refused, "Nobody gives a role to themselves"),
        ({"campaign_id": 999}, NotFound, "no such campaign"),
    )
    for changed, error, said in cases:
        with pytest.raises(error, match=said):
            bring_in(clock, clock.agent, **changed)
    with clock.sessions() as session:
        assert people.person_by_email(session, "dana@example.org") is None


def test_a_role_that_ends_in_the_middle_of_the_work_says_who_ended_it_and_why(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    grant = bring_in(clock, clock.agent)
    with clock.sessions() as session:
        dana = session.get_one(Person, grant.person_id)
        leaflets.leaflet(session, actor=dana, leaflet_id=leaflet.id)
        appointments.end(session, actor=clock.agent, now=clock.scene.now, grant_id=grant.id, because="it is done")
        with pytest.raises(
            Refused, match=r"no longer helper of Ada for Harbour: Agnes ended it on .*, because: it is done"
        ):
            leaflets.leaflet(session, actor=dana, leaflet_id=leaflet.id)
        clock.scene.now += timedelta(days=31)
        with pytest.raises(NotFound):
            leaflets.leaflet(session, actor=dana, leaflet_id=leaflet.id)
    assert told(clock, dana) == ["Agnes ended your role of helper in Ada for Harbour, because: it is done."]


def test_a_role_ends_by_itself_after_its_last_day_and_says_so(clock: Clockwork) -> None:
    grant = bring_in(clock, clock.agent, ends_on=date(2027, 4, 2))
    with clock.sessions() as session:
        dana = session.get_one(Person, grant.person_id)
        clock.scene.now = datetime(2027, 4, 2, 22, 59, tzinfo=UTC)
        assert access.roles_in(session, dana, clock.campaign.id)
        clock.scene.now = datetime(2027, 4, 2, 23, 0, tzinfo=UTC)
        with pytest.raises(Refused, match="Fri 2 Apr was its last day"):
            holdings.roll_of_campaign(session, actor=dana, campaign_id=clock.campaign.id)
        with pytest.raises(Conflict, match="has ended"):
            appointments.change_end(
                session, actor=clock.agent, now=clock.scene.now, grant_id=grant.id, ends_on=date(2027, 5, 6)
            )


def test_an_end_is_moved_and_taken_away_and_each_is_told(clock: Clockwork) -> None:
    grant = bring_in(clock, clock.agent)
    with clock.sessions() as session:
        by: dict[str, Any] = {"actor": clock.agent, "now": clock.scene.now, "grant_id": grant.id}
        moved = appointments.change_end(session, **by, ends_on=date(2027, 4, 9))
        assert grants.last_day(moved) == date(2027, 4, 9)
        assert appointments.change_end(session, **by, ends_on=None).ends_at is None
        own = grants.held_by(session, clock.agent.id)[-1]
        with pytest.raises(Refused, match="may not make anybody agent"):
            appointments.change_end(session, **{**by, "grant_id": own.id}, ends_on=None)
        dana = session.get_one(Person, grant.person_id)
    assert told(clock, dana) == [
        "Agnes changed until when you are helper of Ada for Harbour, until Fri 9 Apr.",
        "Agnes changed until when you are helper of Ada for Harbour.",
    ]


def test_the_last_administrator_stays_until_there_is_another(clock: Clockwork) -> None:
    root, first, second = root_of(clock), newcomer(clock, "First"), newcomer(clock, "Second")
    with clock.sessions() as session:
        held = {"role": Role.ADMINISTRATOR, "node_id": root.id}
        one = grants.give(session, **clock.by, person_id=first.id, **held)
        by: dict[str, Any] = {"actor": first, "now": clock.scene.now}
        with pytest.raises(Conflict, match="last administrator of Plain"):
            appointments.end(session, **by, grant_id=one.id, because="")
        soon = grants.give(session, **by, person_id=second.id, **held, ends_at=clock.scene.now + timedelta(days=1))
        assert appointments.end(session, **by, grant_id=one.id, because="").ended_at == clock.scene.now
        with pytest.raises(Conflict, match="last administrator"):
            grants.end(session, actor=second, now=clock.scene.now, grant_id=soon.id)


def test_a_page_of_people_says_whence_each_role_comes_and_what_may_be_changed(clock: Clockwork) -> None:
    with clock.sessions() as session:
        roll = holdings.roll_of_campaign(session, actor=clock.agent, campaign_id=clock.campaign.id)
        shown = [
            (holder.person.name, each.grant.role, each.from_above.name if each.from_above else "", each.may_change)
            for holder in roll.holders
            for each in holder.holdings
        ]
        assert shown == [
            ("Agnes", Role.AGENT, "", False),
            ("Rita", Role.REGION, "South", False),
            ("Nat", Role.NATION, "England", False),
            ("Olga", Role.NATION, "Plain", False),
        ]
        assert roll.gives == (Role.HELPER, Role.DESIGNER)
        office = holdings.roll_of_office(session, actor=clock.nat, node_id=clock.region.id)
        assert [each.may_change for holder in office.holders for each in holder.holdings] == [True, False, False]
        for node, named in ((clock.seat, "Ada for Harbour"), (clock.region, "Harbour")):
            (below,) = people_below.below(session, actor=clock.nat, node=node)
            assert (below.place.name, below.first, below.more) == (named, ((Role.AGENT, "Agnes"),), 0)
        (office,) = people_below.below(session, actor=clock.nat, node=clock.nation)
        assert (office.first, office.more) == (((Role.REGION, "Rita"),), 0), "an office has those who sit in it"
        with pytest.raises(NotFound):
            holdings.roll_of_office(session, actor=clock.scene.stranger, node_id=clock.region.id)


def test_a_question_goes_to_the_nearest_who_may_answer_and_is_answered_with_one_click(clock: Clockwork) -> None:
    asker = newcomer(clock, "Nina")
    request = ask(clock, asker)
    assert (request.asked_of_id, say(request.answer_by, clock.scene.now)) == (None, "Fri 2 Apr, 5pm")
    assert told(clock, clock.agent) == [
        "Nina asks to be helper of Ada for Harbour: “To help.” Please answer by Fri 2 Apr, 5pm."
    ]
    assert ask(clock, asker).id == request.id, "asking twice asks once"
    with clock.sessions() as session:
        assert [each.id for each in answering.waiting_for(session, actor=clock.agent)] == [request.id]
        assert not answering.waiting_for(session, actor=clock.rita), "it is not hers yet"
        grant = access_requests.give(session, actor=clock.agent, now=clock.scene.now, request_id=request.id)
        assert (grant.role, grant.reason) == (Role.HELPER, "asked for it: To help.")
        assert not answering.waiting_for(session, actor=clock.agent)
        with pytest.raises(Conflict, match="Agnes gave it meanwhile"):
            access_requests.refuse(
                session, actor=clock.rita, now=clock.scene.now, request_id=request.id, because="Too late."
            )
    assert told(clock, asker) == ["Agnes made you helper of Ada for Harbour."]


def test_who_asks_for_the_agents_place_is_answered_by_the_office(clock: Clockwork) -> None:
    request = ask(clock, newcomer(clock, "Nina"), role=Role.AGENT)
    with clock.sessions() as session:
        assert [person.name for person in answering.answerers(session, request)] == ["Rita"]
        with pytest.raises(Refused, match="may not make anybody agent"):
            access_requests.give(session, actor=clock.agent, now=clock.scene.now, request_id=request.id)


def test_a_question_that_nobody_answers_goes_up_office_by_office_and_everybody_hears(clock: Clockwork) -> None:
    asker = newcomer(clock, "Nina")
    request = ask(clock, asker)
    offices = []
    for _ in range(5):
        clock.scene.now = request.answer_by
        with clock.sessions() as session:
            assert access_requests.move_on(session, now=clock.scene.now - timedelta(seconds=1)) == 0
            assert access_requests.move_on(session, now=clock.scene.now) == 1
            request = session.get_one(AccessRequest, request.id)
            offices.append((request.asked_of.name if request.asked_of else "", request.moved))
    assert offices == [("South", 1), ("England", 2), ("Plain", 3), ("Plain", 3), ("Plain", 3)]
    assert len(told(clock, asker)) == 5
    assert told(clock, asker)[0].startswith("Ada for Harbour did not answer in time whether you can be helper")
    assert "South was asked (Rita)" in told(clock, asker)[0]
    assert "asked once more" in told(clock, asker)[-1]
    assert len(told(clock, clock.rita)) == 1
    with clock.sessions() as session:
        assert answering.waiting_for(session, actor=clock.agent), "who was passed over may still answer"
        said = access_requests.refuse(
            session, actor=clock.agent, now=clock.scene.now, request_id=request.id, because="We are enough."
        )
        assert said.state == "refused"
    assert told(clock, asker)[-1] == "Agnes did not make you helper of Ada for Harbour, because: We are enough."


def test_a_tight_campaign_answers_sooner(clock: Clockwork) -> None:
    clock.leaflet()
    clock.scene.now = datetime(2027, 4, 9, 9, 0, tzinfo=UTC)
    with clock.sessions() as session:
        where = giving.seat(session, campaign_id=clock.campaign.id)
        usual = answering.due_by(session, giving.Seat(node=clock.seat), clock.scene.now)
        assert clock.scene.now + timedelta(hours=2) <= answering.due_by(session, where, clock.scene.now) < usual


def test_what_cannot_be_asked_is_said(clock: Clockwork) -> None:
    cases: tuple[tuple[dict[str, Any], type[Exception], str], ...] = (
        ({"words": " "}, Invalid, "not a word of why"),
        ({"words": "x" * 1001}, Invalid, "1001 characters"),
        ({"role": Role.REGION}, Invalid, "Nobody can be regional approver of a campaign"),
        ({"organisation_id": None}, NotFound, "no such campaign"),
        ({"campaign_id": None, "node_id": 999}, NotFound, "no such board"),
    )
    asker = newcomer(clock, "Nina")
    for changed, error, said in cases:
        with pytest.raises(error, match=said):
            ask(clock, asker, **changed)


def test_nobody_answers_their_own_question_nor_one_of_another_organisation(clock: Clockwork) -> None:
    own = ask(clock, clock.agent, role=Role.CANDIDATE)
    with clock.sessions() as session:
        by: dict[str, Any] = {"now": clock.scene.now, "request_id": own.id}
        with pytest.raises(Refused, match="own request"):
            access_requests.give(session, actor=clock.agent, **by)
        with pytest.raises(NotFound):
            access_requests.refuse(session, actor=clock.scene.stranger, **by, because="No.")
        with pytest.raises(NotFound):
            access_requests.take_back(session, actor=clock.rita, **by)
        with pytest.raises(Invalid, match="needs its reason"):
            access_requests.refuse(session, actor=clock.rita, **by, because=" ")
        assert access_requests.take_back(session, actor=clock.agent, **by).state == "taken-back"
        with pytest.raises(Conflict, match="Agnes took it back"):
            access_requests.give(session, actor=clock.rita, **by)


def test_a_newcomer_with_the_address_is_mailed_a_way_in_and_a_new_address_ends_the_old(clock: Clockwork) -> None:
    root, keeper = root_of(clock), newcomer(clock, "Keeper")
    with clock.sessions() as session:
        grants.give(session, **clock.by, person_id=keeper.id, role=Role.ADMINISTRATOR, node_id=root.id)
        organisation = session.get_one(Organisation, root.organisation_id)
        old = organisation.join_code
        assert old, "every organisation begins with one"
        assert joining.organisation_of(session, old).name == "Plain"
        come: dict[str, Any] = {"now": clock.scene.now, "code": old}
        joining.come(session, **come, name="Nina", email="nina@example.org")
        joining.come(session, **come, name="Mallory", email="agnes@example.org")
        with pytest.raises(Invalid, match="not a name"):
            joining.come(session, **come, name="See https://evil.example", email="x@example.org")
        with pytest.raises(Refused):
            joining.renew(session, actor=clock.agent, now=clock.scene.now, node_id=root.id)
        new = joining.renew(session, actor=keeper, now=clock.scene.now, node_id=root.id).join_code
        assert new
        assert new != old
        with pytest.raises(NotFound):
            joining.organisation_of(session, old)
        assert people.known(session, "agnes@example.org").name == "Agnes"
        assert not grants.held_by(session, people.known(session, "nina@example.org").id)
    assert "You asked to work with Plain" in letters(clock, "nina@example.org")[0].body


def test_a_role_that_ends_while_the_people_are_read_breaks_no_page(clock: Clockwork) -> None:
    dana, ended = bring_in(clock, clock.agent), list[Grant]()

    def end_meanwhile(*call: Any) -> None:
        if "role_grant.given_at" in call[2] and not ended:
            ended.append(dana)
            with clock.sessions() as session:
                appointments.end(session, actor=clock.agent, now=clock.scene.now, grant_id=dana.id, because="moved")

    with clock.sessions() as session:
        event.listen(session.get_bind(), "after_cursor_execute", end_meanwhile)
        holdings.roll_of_campaign(session, actor=clock.agent, campaign_id=clock.campaign.id)
        event.remove(session.get_bind(), "after_cursor_execute", end_meanwhile)
    assert ended
