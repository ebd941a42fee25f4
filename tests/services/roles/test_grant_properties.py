"""Random trees and grants: nobody sees or does what was not granted, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from granted_worlds import GIVEN, GIVES, MAKERS, OFFICES, PEOPLE, Built, Given, World, build, worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scene import NOON, Scene
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.permissions import POLICY, Action, Role
from leaflets.services import access
from leaflets.services.organisation import campaigns, tree
from leaflets.services.roles import answering, giving, grants, holdings
from leaflets.services.roles.giving import Seat
from leaflets.storage.grant import AccessRequest, Grant
from leaflets.storage.people import Person

_MANY = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@_MANY
@given(world=worlds())
def test_what_somebody_is_and_sees_is_what_was_granted_and_holds(scene: Scene, world: World) -> None:
    with scene.sessions() as session:
        built = build(session, scene, world)
        for who, person in enumerate(built.people):
            for number, campaign in enumerate(built.campaigns):
                assert access.roles_in(session, person, campaign.id) == world.in_campaign(who, number)
            for number, node in enumerate(built.nodes):
                assert access.roles_at(session, person, node) == world.at(who, number)
                assert access.granted_at(session, person, node) == world.granted_at(who, number)
            seen = {each.id for each in campaigns.campaigns_of(session, actor=person)}
            assert seen == {
                campaign.id
                for number, campaign in enumerate(built.campaigns)
                if world.in_campaign(who, number) & MAKERS
            }
            boards = {each.id for each in tree.boards_of(session, actor=person)}
            assert boards == {
                built.nodes[each.node].id for each in world.held(who) if each.node is not None and each.role in OFFICES
            }
        session.rollback()


@_MANY
@given(world=worlds(), action=st.sampled_from([action for action in Action if POLICY[action] & set(Role)]))
def test_every_action_is_open_to_whom_the_policy_names_and_to_others_it_is_not_even_there(
    scene: Scene, world: World, action: Action
) -> None:
    with scene.sessions() as session:
        built = build(session, scene, world)
        for who, person in enumerate(built.people):
            open_to = {each.id for each in campaigns.campaigns_for(session, actor=person, action=action)}
            for number, campaign in enumerate(built.campaigns):
                held = world.in_campaign(who, number)
                assert (campaign.id in open_to) == bool(held & POLICY[action])
                outcome = _outcome(session, person, action, campaign.id)
                if held:
                    assert outcome == ("open" if held & POLICY[action] else "refused")
                else:
                    assert outcome == ("refused" if _held_lately(world, who, number) else "not found")
        session.rollback()


@_MANY
@given(world=worlds())
def test_who_holds_what_is_shown_where_somebody_works_and_nowhere_else(scene: Scene, world: World) -> None:
    with scene.sessions() as session:
        built = build(session, scene, world)
        for viewer, actor in enumerate(built.people):
            for who, person in enumerate(built.people):
                theirs = [
                    grant.id
                    for each, grant in zip(world.given, built.grants, strict=True)
                    if each.person == who and each.holds and (viewer == who or world.shown(viewer, each))
                ]
                try:
                    held = holdings.of_person(session, actor=actor, person_id=person.id)
                except NotFound:
                    assert not theirs
                    assert viewer != who
                else:
                    assert sorted(each.grant.id for each in held.holdings) == sorted(theirs)
                    assert held.holdings or held.ended or viewer == who
        session.rollback()


@_MANY
@given(world=worlds(), role=st.sampled_from(sorted(MAKERS)), data=st.data())
def test_a_question_waits_for_those_who_may_give_it_and_for_nobody_else(
    scene: Scene, world: World, role: str, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(world.stands) - 1))
    asker = data.draw(st.integers(0, PEOPLE - 1))
    with scene.sessions() as session:
        built = build(session, scene, world)
        way = sorted(world.above(world.stands[number]))
        asked_of = data.draw(st.sampled_from([None, *way]))
        request = AccessRequest(
            person_id=built.people[asker].id,
            node_id=built.nodes[world.stands[number]].id,
            campaign_id=built.campaigns[number].id,
            role=Role(role),
            asked_at=NOON,
            asked_of_id=None if asked_of is None else built.nodes[asked_of].id,
            answer_by=NOON,
        )
        session.add(request)
        session.flush()
        for who, person in enumerate(built.people):
            waiting = request in answering.waiting_for(session, actor=person)
            if waiting:
                assert world.may_give(who, asker, role, None, number)
            elif who != asker:
                asked = [
                    each
                    for each in world.held(who)
                    if role in GIVES.get(each.role, ())
                    and (each.campaign == number or (asked_of is not None and each.node == asked_of))
                ]
                assert not asked
        session.rollback()


@_MANY
@given(world=worlds(), asked=st.sampled_from(GIVEN))
def test_who_may_give_what_where_is_what_the_rules_say(scene: Scene, world: World, asked: str) -> None:
    nobody = PEOPLE
    with scene.sessions() as session:
        built = build(session, scene, world)
        places = [(Seat(node=node), number, None) for number, node in enumerate(built.nodes)]
        places += [(Seat(campaign=campaign), None, number) for number, campaign in enumerate(built.campaigns)]
        for who, person in enumerate(built.people):
            for seat, node, campaign in places:
                may = {role for role in GIVEN if world.may_give(who, nobody, role, node, campaign)}
                assert set(giving.roles_to_give(session, person, seat)) - {Role.PRINTER} == may
                assert _may_give(session, person, Role(asked), seat) == world.may_change(who, asked, node, campaign)
        session.rollback()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), data=st.data())
def test_whatever_people_try_they_give_and_end_only_what_is_theirs_to_give(
    scene: Scene, world: World, data: st.DataObject
) -> None:
    """By any way of giving and ending nobody comes to more than the rules allow, and each root keeps somebody."""
    first = (Given(0, "administrator", 0, None), Given(1, "administrator", 1, None))
    world = World(world.parents, world.stands, (*first, *world.given))
    with scene.sessions() as session:
        built = build(session, scene, world)
        session.commit()
        known = list(zip(world.given, built.grants, strict=True))
        for _ in range(data.draw(st.integers(4, 10))):
            actor = data.draw(st.integers(0, PEOPLE - 1))
            if data.draw(st.booleans()):
                known = _try_to_end(session, world, built, known, actor, data)
            else:
                known = _try_to_give(session, world, built, known, actor, data)
            world = World(world.parents, world.stands, tuple(each for each, _ in known))
        for who, person in enumerate(built.people):
            for number, campaign in enumerate(built.campaigns):
                assert access.roles_in(session, person, campaign.id) == world.in_campaign(who, number)
        for root in (0, 1):
            assert any(each.role == "administrator" and each.node == root and each.holds for each in world.given)


def _try_to_give(
    session: Session, world: World, built: Built, known: list[tuple[Given, Grant]], actor: int, data: st.DataObject
) -> list[tuple[Given, Grant]]:
    to = data.draw(st.integers(0, PEOPLE - 1))
    role = data.draw(st.sampled_from(GIVEN))
    node = data.draw(st.none() | st.integers(0, len(world.parents) - 1))
    campaign = None if node is not None else data.draw(st.integers(0, len(world.stands) - 1))
    allowed = world.may_give(actor, to, role, node, campaign)
    try:
        made = grants.give(
            session,
            actor=built.people[actor],
            now=NOON,
            person_id=built.people[to].id,
            role=Role(role),
            node_id=None if node is None else built.nodes[node].id,
            campaign_id=None if campaign is None else built.campaigns[campaign].id,
        )
    except (Invalid, NotFound, Refused):
        assert not allowed
        return known
    assert allowed
    known = [(each, grant) for each, grant in known if grant.id != made.id]  # it has no end any more
    return [*known, (Given(to, role, node, campaign), made)]


def _try_to_end(
    session: Session, world: World, built: Built, known: list[tuple[Given, Grant]], actor: int, data: st.DataObject
) -> list[tuple[Given, Grant]]:
    which = data.draw(st.integers(0, len(known) - 1))
    target, grant = known[which]
    mine = target.person == actor
    allowed = mine or world.may_change(actor, target.role, target.node, target.campaign)
    is_root = target.node is not None and world.parents[target.node] is None
    others = {
        each.person
        for each, _ in known
        if each.node == target.node and each.role == target.role and each.holds and each.person != target.person
    }
    last = target.role == "administrator" and is_root and target.holds and not others
    try:
        grants.end(session, actor=built.people[actor], now=NOON, grant_id=grant.id)
    except Conflict:
        assert allowed
        assert last
        return known
    except (NotFound, Refused):
        assert not allowed
        return known
    assert allowed
    assert not last
    ended = Given(target.person, target.role, target.node, target.campaign, ended=timedelta())
    return [*known[:which], (ended, grant), *known[which + 1 :]]


def _may_give(session: Session, actor: Person, role: Role, seat: Seat) -> bool:
    try:
        giving.require_giver(session, actor, role, seat)
    except (NotFound, Refused):
        return False
    return True


def _outcome(session: Session, person: Person, action: Action, campaign_id: int) -> str:
    try:
        access.require(session, person, action, campaign_id, what="campaign")
    except NotFound:
        return "not found"
    except Refused:
        return "refused"
    return "open"


def _held_lately(world: World, who: int, campaign: int) -> bool:
    """Whether somebody had a part in it that ended within the last thirty days: they are told so."""
    way = world.above(world.stands[campaign])
    for each in world.given:
        if each.person != who or each.holds or each.role == "printer":
            continue
        over = each.ended if each.ended is not None else each.ends
        if (
            over is not None
            and -timedelta(days=30) < over <= timedelta()
            and (each.campaign == campaign or each.node in way)
        ):
            return True
    return False


def test_ids_of_another_organisation_sound_like_ids_of_nothing(scene: Scene) -> None:
    """The very words are the same, so that guessing tells nothing."""
    world = World((None, None, 1), (0, 2), (Given(0, "administrator", 0, None), Given(1, "nation", 1, None)))
    with scene.sessions() as session:
        built = build(session, scene, world)
        session.commit()
        mine, theirs = built.people[0], built.grants[1]
        for there, nowhere in (
            ({"grant_id": theirs.id}, {"grant_id": 999_999}),
            ({"campaign_id": built.campaigns[1].id}, {"campaign_id": 999_999}),
            ({"node_id": built.nodes[2].id}, {"node_id": 999_999}),
        ):
            said = []
            for ids in (there, nowhere):
                with pytest.raises(NotFound) as refused:
                    _reach(session, mine, built.people[2], ids)
                said.append(str(refused.value))
            assert said[0] == said[1]


def _reach(session: Session, actor: Person, to: Person, ids: dict[str, int]) -> None:
    if "grant_id" in ids:
        grants.end(session, actor=actor, now=NOON, **ids)
    else:
        grants.give(session, actor=actor, now=NOON, person_id=to.id, role=Role.REGION, **ids)
