from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from clockwork import Clockwork
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reviewing import WORDED, Desk
from scene import NOON, Scene
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.organisation.tree import HOLDS, Area, Place, Tier
from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import How
from leaflets.services import audit
from leaflets.services.message import messages
from leaflets.services.organisation import moves, organisations, place_lists, places, seats, tree, tree_check
from leaflets.services.review import passing, taking_back
from leaflets.services.roles import grants, people
from leaflets.storage.alert import Alert
from leaflets.storage.people import Person
from leaflets.storage.review import Submission, ZonePass
from leaflets.storage.tree import Node


def _add(clock: Clockwork, parent: Node, tier: Tier, name: str, **more: object) -> Node:
    with clock.sessions() as session:
        grown = places.add(session, **clock.by, parent_id=parent.id, tier=tier, name=name, **more)  # type: ignore[arg-type]
        session.refresh(grown)
    return grown


def _move(session: Session, **said: Any) -> Node:
    return moves.move(session, templates=lambda ref: WORDED, **said)


def _ward(clock: Clockwork, parent: Node, name: str, code: str = "") -> Node:
    return _add(clock, parent, Tier.SEAT, name, area=Area.WARD, code=code)


def test_a_place_repeats_the_nation_and_the_path_above_it(clock: Clockwork) -> None:
    ward = _ward(clock, clock.seat, "  Castle\tWard ", "e05000001")
    assert (ward.name, ward.code, ward.area, ward.nation) == ("Castle Ward", "E05000001", "ward", "england")
    assert ward.path == f"{clock.seat.path}{ward.id}/"


def test_a_place_that_moves_takes_everything_below_with_it(clock: Clockwork) -> None:
    ward = _ward(clock, clock.seat, "Castle")
    north = _add(clock, clock.nation, Tier.REGION, "North")
    with clock.sessions() as session:
        _move(session, actor=clock.nat, now=clock.scene.now, node_id=clock.seat.id, parent_id=north.id)
    with clock.sessions() as session:
        assert session.get_one(Node, ward.id).way_down == [*north.way_down, clock.seat.id, ward.id]
        noted = {row.what: row.became for row in audit.history(session, subject="node", subject_id=clock.seat.id)}
        assert noted["place moved"] == "North"
        assert "Rita (regional approver in South)" in noted["what a move changed"]
        assert tree_check.faults(session) == []


def test_whoever_sends_or_decides_while_a_place_moves_goes_by_its_new_way(clock: Clockwork) -> None:
    north = _add(clock, clock.nation, Tier.REGION, "North")
    with clock.sessions() as session, clock.sessions() as other:
        seat = session.get_one(Node, clock.seat.id)
        session.commit()
        _move(other, **clock.by, node_id=seat.id, parent_id=north.id)
        messages.hold(session, seat)
        assert seat.way_down == [*north.way_down, seat.id]


def test_a_place_that_moves_is_locked_in_the_order_in_which_whoever_decides_below_does_it(postgres_url: str) -> None:
    clock = Desk(postgres_url).clock
    north = _add(clock, clock.nation, Tier.REGION, "North")
    said: list[str] = []
    with clock.sessions() as session:
        event.listen(session.get_bind().engine, "before_cursor_execute", lambda *about: said.append(about[2]))
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=north.id)
    locked, changed = (
        next(number for number, each in enumerate(said) if what in each) for what in ("NO KEY", "UPDATE node")
    )
    assert locked < changed


def test_plans_and_orders_follow_a_place_into_another_nation(clock: Clockwork) -> None:
    with clock.sessions() as session:
        root = tree.find(session, organisation="Plain", place=Place())
        scotland = places.add(session, **clock.by, parent_id=root.id, tier=Tier.NATION, nation=Nation.SCOTLAND)
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=scotland.id)
        assert session.get_one(Node, clock.seat.id).nation == "scotland"
    assert clock.plan(clock.leaflet(), clock.scene.now).plan is not None


def test_a_council_does_not_move_to_a_nation_where_its_election_is_not_held(scene: Scene) -> None:
    clock = Clockwork(scene, election_ids=("mayor.harbour.2027-05-06",))
    with clock.sessions() as session:
        root = tree.find(session, organisation="Plain", place=Place())
        wales = places.add(session, **clock.by, parent_id=root.id, tier=Tier.NATION, nation=Nation.WALES)
        with pytest.raises(Invalid, match="Ada for Harbour stands in an election that is not held in Wales"):
            _move(session, **clock.by, node_id=clock.seat.id, parent_id=wales.id)


def test_what_waits_for_approval_is_asked_of_the_office_that_stands_above_it_now(migrated_url: str) -> None:
    desk = Desk(migrated_url)
    clock, sent = desk.clock, desk.send(desk.leaflet(headline="Better buses"))
    assert sent.asked_of_id == clock.region.id
    north = _add(clock, clock.nation, Tier.REGION, "North")
    desk.ask([{"office": "region"}], north.id)
    with clock.sessions() as session:
        norah = people.add_person(session, **clock.by, name="Norah", email="norah@example.org")
        grants.give(session, **clock.by, person_id=norah.id, role=Role.REGION, node_id=north.id)
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=north.id)
        moved = session.get_one(Submission, sent.id)
        assert (moved.state, moved.asked_of_id, moved.stages[0]["office_id"]) == ("waiting", north.id, north.id)
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=clock.region.id)
        assert session.get_one(Submission, sent.id).asked_of_id == clock.region.id


def test_what_waits_follows_the_workflow_of_the_place_it_moves_to_and_what_was_passed_stays_passed(
    migrated_url: str,
) -> None:
    desk = Desk(migrated_url)
    clock = desk.clock
    sent = desk.send(desk.leaflet(headline="Better buses", pledge="<p>By May.</p>", greeting="Hello"))
    desk.pass_(sent, "headline")
    north = _add(clock, clock.nation, Tier.REGION, "North")
    desk.ask([{"office": "region", "zones": "all"}], north.id)
    with clock.sessions() as session:
        norah = people.add_person(session, **clock.by, name="Norah", email="norah@example.org")
        grants.give(session, **clock.by, person_id=norah.id, role=Role.REGION, node_id=north.id)
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=north.id)
        moved = session.get_one(Submission, sent.id)
        assert {each.zone: each.state for each in moved.zones} == {
            "headline": "passed",
            "pledge": "waiting",
            "greeting": "waiting",
        }
        said = "Harbour lies in North now, and North is asked instead of South."
        told = session.execute(select(Person.name, Alert.sentence).join(Person, Person.id == Alert.person_id)).all()
        assert {name for name, sentence in told if sentence == said} == {"Rita", "Agnes"}
        assert any(name == "Norah" and "2 places need your eyes" in sentence for name, sentence in told)
        rows = audit.history(session, subject="leaflet", subject_id=sent.leaflet_id)
        assert ("approval moved with its place", "North") in [(row.what, row.became) for row in rows]
        norah = session.get_one(Person, norah.id)
        seen: dict[str, Any] = {"actor": norah, "now": clock.scene.now, "submission_id": sent.id}
        content_hash = moved.revision.content_hash
        taking_back.take_back_pass(session, **seen, zone="headline", because="Which buses?")
        assert {each.state for each in moved.zones if each.zone == "headline"} == {"waiting"}
        passing.pass_all(session, **seen, content_hash=content_hash)
        assert moved.state == "approved"


def test_the_silence_of_an_office_that_a_seat_has_left_passes_nothing_for_the_next(migrated_url: str) -> None:
    desk = Desk(migrated_url)
    clock, sent = desk.clock, desk.send(desk.leaflet(headline="Better buses", pledge="<p>By May.</p>"))
    desk.pass_(sent, "headline")
    north = _add(clock, clock.nation, Tier.REGION, "North")
    desk.ask([{"office": "region"}], north.id)
    with clock.sessions() as session:
        session.execute(update(ZonePass).where(ZonePass.how == How.PERSON).values(how=How.DEEMED))
        session.commit()
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=north.id)
    assert desk.waiting(sent) == {"headline", "pledge"}


def test_whoever_was_asked_for_an_empty_office_above_is_asked_no_more_once_the_seat_has_left_them(
    migrated_url: str,
) -> None:
    desk = Desk(migrated_url, workflow=[])
    clock = desk.clock
    desk.ask([{"office": "nation"}], clock.nation.id)
    north = _add(clock, clock.nation, Tier.REGION, "North")
    with clock.sessions() as session:
        for empty in (clock.nat, clock.olga):
            grants.end(session, **clock.by, grant_id=grants.held_by(session, empty.id)[0].id)
        norah = people.add_person(session, **clock.by, name="Norah", email="norah@example.org")
        grants.give(session, **clock.by, person_id=norah.id, role=Role.REGION, node_id=north.id)
    sent = desk.send(desk.leaflet(headline="Better buses"))
    assert sent.asked_of_id == clock.region.id
    with clock.sessions() as session:
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=north.id)
        assert session.get_one(Submission, sent.id).asked_of_id == north.id


def test_in_another_nation_its_own_office_answers_anew_and_where_nobody_asks_it_is_approved(migrated_url: str) -> None:
    desk = Desk(migrated_url)
    clock = desk.clock
    sent = desk.send(desk.leaflet(headline="Better buses", pledge="<p>By May.</p>"))
    desk.pass_(sent, "headline")
    with clock.sessions() as session:
        root = tree.find(session, organisation="Plain", place=Place())
        wales = places.add(session, **clock.by, parent_id=root.id, tier=Tier.NATION, nation=Nation.WALES)
        quiet = places.add(session, **clock.by, parent_id=clock.nation.id, tier=Tier.REGION, name="Quiet")
        wena = people.add_person(session, **clock.by, name="Wena", email="wena@example.org")
        grants.give(session, **clock.by, person_id=wena.id, role=Role.NATION, node_id=wales.id)
        wales_id, quiet_id = wales.id, quiet.id
    desk.ask([{"office": "nation"}], wales_id)
    with clock.sessions() as session:
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=wales_id)
        moved = session.get_one(Submission, sent.id)
        assert {each.state for each in moved.zones} == {"waiting"}
        assert moved.asked_of_id == wales_id
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=quiet_id)
        assert moved.state == "approved"


def test_a_change_that_was_asked_for_goes_home_from_a_place_where_nobody_asks_to_see_it(migrated_url: str) -> None:
    desk = Desk(migrated_url)
    clock = desk.clock
    sent = desk.send(desk.leaflet(headline="Better buses", pledge="<p>By May.</p>"))
    desk.ask_change(sent, "headline")
    quiet = _add(clock, clock.nation, Tier.REGION, "Quiet")
    with clock.sessions() as session:
        _move(session, **clock.by, node_id=clock.seat.id, parent_id=quiet.id)
    moved = desk.sent(sent)
    assert moved.state == "returned"
    assert "a change was asked for in: Headline" in moved.ended_because


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (lambda c: (c.region, Tier.NATION, "Wales", {"nation": Nation.WALES}), "cannot hang directly below a region"),
        (lambda c: (c.seat, Tier.REGION, "Inner", {}), "A region cannot hang directly below a seat"),
        (lambda c: (c.region, Tier.SEAT, "Quay", {}), "has to say what it is"),
        (lambda c: (c.region, Tier.SEAT, " \n ", {"area": Area.WARD}), "needs its name"),
        (lambda c: (c.region, Tier.SEAT, "=1+1", {"area": Area.WARD}), "begins like a formula"),
        (lambda c: (c.region, Tier.SEAT, "\uff1d1+1", {"area": Area.WARD}), "begins like a formula"),
        (lambda c: (c.region, Tier.SEAT, "Qu\u202eay", {"area": Area.WARD}), "nobody can see"),
        (lambda c: (c.region, Tier.SEAT, "Quay" * 60, {"area": Area.WARD}), "200 is the most"),
        (lambda c: (c.region, Tier.SEAT, "Quay", {"area": Area.WARD, "code": "E05;DROP"}), "not an official code"),
        (lambda c: (c.region, Tier.SEAT, "harbour", {"area": Area.WARD}), "below South already"),
    ],
)
def test_what_cannot_hang_there_is_refused_in_words(
    clock: Clockwork, what: Callable[[Clockwork], tuple[Node, Tier, str, dict[str, object]]], error: str
) -> None:
    parent, tier, name, more = what(clock)
    with pytest.raises((Invalid, Conflict), match=error):
        _add(clock, parent, tier, name, **more)


def test_a_council_and_a_constituency_below_one_place_may_share_a_name_and_are_told_apart(clock: Clockwork) -> None:
    council = _add(clock, clock.region, Tier.SEAT, "Moor", area=Area.COUNCIL)
    constituency = _add(clock, clock.region, Tier.SEAT, "Moor", area=Area.CONSTITUENCY)
    for area in (Area.COUNCIL, Area.CONSTITUENCY):
        with pytest.raises(Conflict, match="moor is below South already"):
            _add(clock, clock.region, Tier.SEAT, "moor", area=area)
    there = {"nation": Nation.ENGLAND, "region": "South", "seat": "Moor"}
    with clock.sessions() as session:
        found = tree.find(session, organisation="Plain", place=Place(**there, area=Area.COUNCIL))
        assert found.id == council.id
        with pytest.raises(Invalid, match="Moor is a constituency and a council below South"):
            tree.find(session, organisation="Plain", place=Place(**there))
        with pytest.raises(NotFound):
            tree.find(session, organisation="Plain", place=Place(**there, area=Area.WARD))
        rows = "name,kind,parent\nMoor,council,South\nMoor,constituency,South\nEast,ward,Moor\n"
        said = {"actor": clock.nat, "node_id": clock.nation.id, "data": rows.encode()}
        assert place_lists.add(session, now=NOON, **said) == 1
        ward = session.scalars(select(Node).where(Node.name == "East")).one()
        assert ward.parent_id == council.id != constituency.id
        again = said | {"data": b"name,kind,parent\nMoor,seat,South\n"}
        _, growth = place_lists.preview(session, **again)
        assert [fault.words for fault in growth.faults] == ["2 places are called Moor there."]


def test_a_code_and_a_nation_are_in_an_organisation_once(clock: Clockwork) -> None:
    _ward(clock, clock.seat, "Castle", "E05000001")
    with pytest.raises(Conflict, match="the code of Castle already"):
        _ward(clock, clock.region, "Keep", "E05000001")
    with clock.sessions() as session:
        root = tree.find(session, organisation="Plain", place=Place())
    with pytest.raises(Conflict, match="England is there already"):
        _add(clock, root, Tier.NATION, "Old England", nation=Nation.ENGLAND)


def test_nothing_hangs_below_itself(clock: Clockwork) -> None:
    inner = _add(clock, clock.region, Tier.REGION, "Inner South")
    with clock.sessions() as session:
        for parent in (clock.region, inner):
            with pytest.raises(Invalid, match="cannot hang below itself"):
                _move(session, **clock.by, node_id=clock.region.id, parent_id=parent.id)


def test_another_organisations_places_are_not_there(clock: Clockwork) -> None:
    with clock.sessions() as session:
        other = organisations.add(session, **clock.by, name="Rival", administrator="Xenia", email="xenia@example.org")
        xenia = session.scalars(select(Person).where(Person.name == "Xenia")).one()
        england = places.add(
            session, actor=xenia, now=clock.scene.now, parent_id=other.id, tier=Tier.NATION, nation=Nation.ENGLAND
        )
        for actor in (xenia, clock.nat, "a test"):
            with pytest.raises(NotFound):
                _move(session, actor=actor, now=clock.scene.now, node_id=clock.seat.id, parent_id=england.id)
        with pytest.raises(NotFound):
            places.rename(session, actor=xenia, now=clock.scene.now, node_id=clock.seat.id, name="Ours")


def test_a_region_grows_within_itself_and_moves_nothing_out(clock: Clockwork) -> None:
    north = _add(clock, clock.nation, Tier.REGION, "North")
    with clock.sessions() as session:
        by = {"actor": clock.rita, "now": clock.scene.now}
        quay = places.add(session, **by, parent_id=clock.region.id, tier=Tier.SEAT, name="Quay", area=Area.WARD)
        assert quay.nation == "england"
        with pytest.raises(NotFound):
            _move(session, **by, node_id=quay.id, parent_id=north.id)
        with pytest.raises((Refused, NotFound)):
            places.add(session, **by, parent_id=clock.nation.id, tier=Tier.REGION, name="East")


def test_a_renamed_nation_is_still_found_by_what_it_is(clock: Clockwork) -> None:
    with clock.sessions() as session:
        places.rename(session, **clock.by, node_id=clock.nation.id, name="Plain Albion")
        assert tree.find(session, organisation="Plain", place=Place(Nation.ENGLAND, "South")).id == clock.region.id
        with pytest.raises(Invalid):
            places.rename(session, **clock.by, node_id=clock.nation.id, name="")


def test_no_tree_gets_too_deep_by_adding_or_moving(clock: Clockwork) -> None:
    deep = clock.region
    for number in range(9):
        deep = _add(clock, deep, Tier.REGION, f"Level {number}")
    other = _add(clock, clock.nation, Tier.REGION, "North")
    _add(clock, other, Tier.REGION, "Far North")
    with pytest.raises(Invalid, match="more than 12 levels"):
        _add(clock, deep, Tier.REGION, "Deeper")
    with clock.sessions() as session, pytest.raises(Invalid, match="more than 12 levels"):
        _move(session, **clock.by, node_id=other.id, parent_id=deep.id)


def test_two_moves_at_once_make_no_loop(clock: Clockwork) -> None:
    north, east = (_add(clock, clock.nation, Tier.REGION, name) for name in ("North", "East"))

    def move(pair: tuple[int, int]) -> bool:
        with clock.sessions() as session:
            try:
                _move(session, **clock.by, node_id=pair[0], parent_id=pair[1])
            except (Invalid, Conflict):
                return False
            return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(move, [(north.id, east.id), (east.id, north.id)])) == [False, True]
    with clock.sessions() as session:
        assert tree_check.faults(session) == []


def test_only_a_place_on_which_nothing_was_built_is_taken_out(clock: Clockwork) -> None:
    ward = _ward(clock, clock.seat, "Castle")
    with clock.sessions() as session:
        by = {"actor": clock.rita, "now": clock.scene.now}
        assert places.remove(session, **by, node_id=ward.id).id == clock.seat.id
        assert session.get(Node, ward.id) is None
        for node in (clock.seat, clock.region):
            with pytest.raises(Conflict, match="cannot be taken out"):
                places.remove(session, **by, node_id=node.id)
        root = tree.find(session, organisation="Plain", place=Place())
        with pytest.raises(Conflict, match="the top of the tree"):
            places.remove(session, **clock.by, node_id=root.id)
        assert tree_check.faults(session) == []


def test_the_constituencies_of_a_nation_are_added_once_and_matched_by_code_or_name(clock: Clockwork) -> None:
    _add(clock, clock.region, Tier.SEAT, "ALDERSHOT", area=Area.CONSTITUENCY)
    with clock.sessions() as session:
        added = seats.add_missing(session, actor=clock.nat, now=clock.scene.now, node_id=clock.nation.id)
        assert added == 542
        aldershot = session.scalars(select(Node).where(Node.code == "E14001063")).one()
        assert (aldershot.parent_id, aldershot.name) == (clock.region.id, "ALDERSHOT")
        assert seats.add_missing(session, actor=clock.nat, now=clock.scene.now, node_id=clock.nation.id) == 0
        root = tree.find(session, organisation="Plain", place=Place())
        assert sum(seats.add_all_missing(session, **clock.by, organisation=root).values()) == 107
        assert tree_check.faults(session) == []
        with pytest.raises(Invalid, match="no nation"):
            seats.add_missing(session, **clock.by, node_id=clock.region.id)


def test_what_was_changed_by_hand_is_found_in_words_and_mended_where_it_can_be(clock: Clockwork) -> None:
    ward = _ward(clock, clock.seat, "Castle")
    with clock.sessions() as session:
        other = organisations.add(session, **clock.by, name="Rival", administrator="Xenia", email="xenia@example.org")
        root = tree.find(session, organisation="Plain", place=Place())
    by_hand = {
        "wrong-path": (ward.id, {"path": "/9/"}),
        "wrong-nation": (clock.seat.id, {"nation": "wales"}),
        "cyclic": (clock.region.id, {"parent_id": ward.id}),
        "orphaned": (clock.region.id, {"parent_id": None}),
        "wrong-organisation": (clock.region.id, {"organisation_id": other.organisation_id}),
        "wrong-tier": (clock.seat.id, {"tier": "nation", "nation": "england"}),
        "two-roots": (other.id, {"organisation_id": root.organisation_id}),
    }
    for code, (node_id, values) in by_hand.items():
        with clock.sessions() as session:
            session.execute(update(Node).where(Node.id == node_id).values(**values))
            found = tree_check.faults(session)
            assert code in {fault.code for fault in found}, code
            assert all(fault.words and fault.remedy for fault in found)
            session.rollback()
    with clock.sessions.begin() as session:
        session.execute(update(Node).where(Node.id == ward.id).values(path="/9/", nation="wales"))
    with clock.sessions() as session:
        assert tree_check.mend(session, **clock.by) == 1
        assert tree_check.faults(session) == []


def test_a_loop_made_by_hand_stops_no_check_and_is_left_to_a_person(clock: Clockwork) -> None:
    with clock.sessions.begin() as session:
        session.execute(update(Node).where(Node.id == clock.region.id).values(parent_id=clock.seat.id))
    with clock.sessions() as session:
        assert tree_check.mend(session, **clock.by) == 0
        assert {fault.code for fault in tree_check.faults(session)} >= {"cyclic"}


_MOVES = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "rename"]), st.integers(0, 30), st.integers(0, 30), st.sampled_from(Tier)
    ),
    max_size=25,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_MOVES)
def test_whatever_is_added_moved_and_renamed_the_tree_stays_a_tree(
    scene: Scene, moves: list[tuple[str, int, int, Tier]]
) -> None:
    with scene.sessions() as session:
        by = {"actor": "a test", "now": scene.now}
        root = tree.find(session, organisation="Plain", place=Place())
        there = [root.id]
        for number, (verb, one, other, tier) in enumerate(moves):
            here, elsewhere = there[one % len(there)], there[other % len(there)]
            try:
                if verb == "add":
                    nation = list(Nation)[other % 4] if tier is Tier.NATION else None
                    name = "" if nation else f"Place {number}"
                    area = Area.WARD if tier is Tier.SEAT else None
                    grown = places.add(session, **by, parent_id=here, tier=tier, name=name, nation=nation, area=area)
                    there.append(grown.id)
                elif verb == "move":
                    _move(session, **by, node_id=here, parent_id=elsewhere)
                elif here != root.id:
                    places.rename(session, **by, node_id=here, name=f"Renamed {number}")
            except (Invalid, Conflict, NotFound):
                pass
        assert tree_check.faults(session) == []
        rows = {row.id: row for row in session.scalars(select(Node))}
        assert all(Tier(row.tier) in HOLDS[Tier(rows[row.parent_id].tier)] for row in rows.values() if row.parent_id)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.integers(0, 5), max_size=2), asked=st.integers(0, 5))
def test_only_a_grant_on_the_way_up_lets_anybody_grow(clock: Clockwork, chosen: set[int], asked: int) -> None:
    now = clock.scene.now
    with clock.sessions() as session:
        root = tree.find(session, organisation="Plain", place=Place())
        regions = {each.name: each for each in session.scalars(select(Node).where(Node.tier == Tier.REGION))}
        north = regions.get("North") or places.add(
            session, **clock.by, parent_id=clock.nation.id, tier=Tier.REGION, name="North"
        )
        nodes = [root, clock.nation, clock.region, clock.seat, north, root]
        person = people.add_person(
            session, **clock.by, name="Gwen", email=f"gwen{len(people.people(session))}@example.org"
        )
        for each in chosen:
            grants.give(session, **clock.by, person_id=person.id, role=Role.ADMINISTRATOR, node_id=nodes[each].id)
        target = nodes[asked]
        may = any(target.path.startswith(nodes[each].path) for each in chosen)
        if may:
            places.rename(session, actor=person, now=now, node_id=target.id, name=target.name)
        else:
            with pytest.raises(NotFound):
                places.rename(session, actor=person, now=now, node_id=target.id, name=target.name)


def test_two_organisations_may_have_one_name_and_neither_hears_of_the_other(clock: Clockwork) -> None:
    with clock.sessions() as session:
        known = {"administrator": "Xenia", "email": "xenia@example.org"}
        with pytest.raises(Conflict, match="Plain is there already"):  # whoever runs the machine may know
            organisations.add(session, **clock.by, name="Plain", **known)
        other = organisations.add(session, **clock.by, name="Rival", **known)
        xenia = session.scalars(select(Person).filter_by(email="xenia@example.org")).one()
        places.rename(session, actor=xenia, now=clock.scene.now, node_id=other.id, name="Plain")
        with pytest.raises(
            Invalid, match=f"2 organisations are called Plain. Say which: .*“Plain #{other.organisation_id}”"
        ):
            tree.find(session, organisation="Plain", place=Place())
        found = tree.find(session, organisation=f"Plain #{other.organisation_id}", place=Place())
        assert found.id == other.id
