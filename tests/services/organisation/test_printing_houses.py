from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clockwork import Clockwork
from scene import Scene
from site_of_scene import LIBRARY, config_for

from leaflets.catalogue import load_library
from leaflets.domain.clock.durations import Confidence, Days, PrinterDays
from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.permissions import Role
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.services import audit
from leaflets.services.clock import durations, plans
from leaflets.services.organisation import houses_known, organisations, printing_houses, settings, tree_check
from leaflets.services.press import orders
from leaflets.services.roles import grants
from leaflets.storage.blobs import Blobs
from leaflets.storage.people import Person
from leaflets.storage.printer import Printer
from leaflets.storage.tree import Node
from workers import gather
from workers.room import Room

EARLY = datetime(2027, 2, 8, 10, tzinfo=UTC)
LANE = "1 Ink Lane, Harbour HR1 2BB"


def _add(clock: Clockwork, node: Node, name: str, actor: Person | None = None) -> Printer:
    by = clock.by | ({"actor": actor} if actor else {})
    with clock.sessions() as session:
        return printing_houses.add(session, **by, node_id=node.id, name=name, address=LANE)


def _offered(clock: Clockwork, node: Node) -> list[str]:
    with clock.sessions() as session:
        return [house.name for house in houses_known.offered_at(session, session.get_one(Node, node.id))]


def _of_others(clock: Clockwork) -> Printer:
    """A printing house of another organisation."""
    with clock.sessions() as session:
        root = organisations.add(session, **clock.by, name="Vivid", administrator="Vic", email="vic@example.org")
        return printing_houses.add(session, **clock.by, node_id=root.id, name="Secret Litho", address=LANE)


def _keep(clock: Clockwork, house: Printer, actor: Person | None = None, **changed: Any) -> Printer:
    by = clock.by | ({"actor": actor} if actor else {})
    said = {"name": house.name, "address": house.address, "spec": house.spec} | changed
    with clock.sessions() as session:
        return printing_houses.change(session, **by, printer_id=house.id, **said)


def test_a_house_is_offered_at_its_place_and_below_and_nowhere_else(clock: Clockwork) -> None:
    clock.start("Fell", region="North")
    own = _add(clock, clock.region, "Southern Litho", clock.rita)
    assert _offered(clock, clock.seat) == ["Press & Sons", "Southern Litho"]
    assert _offered(clock, clock.nation) == ["Press & Sons"]
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="printers", value=[own.id])
    assert _offered(clock, clock.seat) == ["Southern Litho"]
    _keep(clock, own, actor=clock.nat, node_id=clock.nation.id)
    assert _offered(clock, clock.nation) == ["Press & Sons", "Southern Litho"]
    with pytest.raises(Invalid, match="does not lie above"):
        _keep(clock, own, node_id=clock.seat.id)


def test_a_name_is_one_organisations_and_another_may_have_the_same(clock: Clockwork) -> None:
    for node, remedy in ((clock.region, "Open it from the list"), (clock.nation, "Open it from the list")):
        with pytest.raises(Conflict, match="Press & Sons is known in your organisation already") as refusal:
            _add(clock, node, " press &  sons ")
        assert remedy in refusal.value.remedy
    _add(clock, clock.region, "Secret Litho")
    _of_others(clock)
    with clock.sessions() as session, pytest.raises(Invalid, match="Several organisations"):
        houses_known.named(session, "Secret Litho")


def test_nothing_of_another_organisations_house_is_told_or_can_be_used(clock: Clockwork) -> None:
    theirs, leaflet = _of_others(clock), clock.leaflet()
    with pytest.raises(orders.NotReady) as refusal:
        clock.order(leaflet, EARLY, printer_id=theirs.id)
    assert [problem.code for problem in refusal.value.problems] == ["printer-missing"]
    with clock.sessions() as session:
        assert houses_known.around(session, session.get_one(Node, clock.nation.id)) != []
        with pytest.raises(Invalid, match="not known here"):
            settings.set_here(session, **clock.by, node_id=clock.nation.id, name="printers", value=[theirs.id])
        held = {"role": Role.PRINTER, "printer_id": theirs.id, "node_id": clock.nation.id}
        with pytest.raises(Invalid, match="not known here"):
            grants.give(session, **clock.by, person_id=clock.scene.stranger.id, **held)
        for id_ in (theirs.id, 9999):
            with pytest.raises(NotFound, match="There is no such printing house"):
                printing_houses.retire(session, actor=clock.olga, now=clock.scene.now, printer_id=id_)


def test_a_plan_proposes_a_quicker_house_of_its_own_organisation_and_never_anothers(clock: Clockwork) -> None:
    own, theirs, leaflet = _add(clock, clock.region, "Quick Litho"), _of_others(clock), clock.leaflet()
    says = Days(1, "its owner", date(2027, 1, 4), Confidence.PRIMARY)
    with clock.sessions() as session:
        for house in (own, theirs):
            hours = PrinterDays(house.name, days=says)
            durations.set_printer_days(session, **clock.by, printer_id=house.id, hours=hours)
        said = ""
        for day in range(25):
            now = clock.scene.now + timedelta(days=day)
            plan = plans.plan_of(session, actor=clock.agent, now=now, leaflet_id=leaflet.id).plan
            said += " ".join(remedy.sentence for remedy in plan.remedies) if plan else ""
    assert "Print at Quick Litho" in said
    assert "Secret" not in said


def test_a_house_moved_by_hand_into_another_organisation_is_found(clock: Clockwork) -> None:
    theirs = _of_others(clock)
    with clock.sessions.begin() as session:
        assert tree_check.faults(session) == []
        session.get_one(Printer, theirs.id).node_id = clock.region.id
        session.flush()
        assert [fault.code for fault in tree_check.faults(session)] == ["printer-elsewhere"]
        session.rollback()


def test_an_office_keeps_its_own_houses_and_not_those_above_it(clock: Clockwork) -> None:
    press = clock.scene.printer
    with pytest.raises(NotFound):
        _keep(clock, press, actor=clock.rita, address="9 New Street")
    with pytest.raises(Refused):
        _add(clock, clock.region, "Mine", clock.agent)
    assert _keep(clock, press, actor=clock.olga, address="9 New Street\n Harbour,\nHR1 9ZZ").address == (
        "9 New Street, Harbour, HR1 9ZZ"
    )


def test_what_was_ordered_stays_as_it_was_ordered_and_a_new_order_has_the_new_address(clock: Clockwork) -> None:
    leaflet, press = clock.leaflet(), clock.scene.printer
    old = clock.order(leaflet, EARLY)
    assert clock.order(leaflet, EARLY).id == old.id
    _keep(clock, press, address="9 New Street", spec=PressSpec(standard=Standard.X1A, marks=True))
    new = clock.order(leaflet, EARLY)
    assert new.id != old.id
    with clock.sessions() as session:
        old, new = session.merge(old), session.merge(new)
        assert (old.printer_address, old.press_spec) == ("2 Ink Lane, Harbour HR1 2BB", PressSpec())
        assert (new.printer_address, new.press_spec.standard) == ("9 New Street", Standard.X1A)
        assert (old.is_as_printer_is, new.is_as_printer_is) == (False, True)
        assert old.printer.address == "9 New Street"


def test_the_press_prints_the_house_of_the_day_of_the_order(migrated_sqlite_url: str, tmp_path: Path) -> None:
    library = load_library(LIBRARY)
    scene = Scene(migrated_sqlite_url, template=library.template("card"), kit=library.kit("plain"))
    order = scene.order(scene.leaflet().id)
    with scene.sessions() as session:
        said: dict[str, Any] = {"actor": "a test", "now": scene.now, "printer_id": scene.printer.id}
        spec = PressSpec(standard=Standard.X1A, min_ppi=150)
        printing_houses.change(session, **said, name="Press & Daughters", address="9 New Street", spec=spec)
        room = Room(config_for(scene, tmp_path), library, scene.sessions, Blobs(tmp_path))
        job = gather.order_inputs(session, room, order.id).job
    assert (job.imprint.printer, job.imprint.printer_address) == ("Press & Sons", "2 Ink Lane, Harbour HR1 2BB")
    assert job.spec == PressSpec()


def test_a_retired_house_takes_no_new_orders_keeps_the_old_and_comes_back(clock: Clockwork) -> None:
    leaflet, press = clock.leaflet(), clock.scene.printer
    with clock.sessions() as session, pytest.raises(Conflict, match="the only printing house that Plain can order"):
        printing_houses.retire(session, **clock.by, printer_id=press.id)
    _add(clock, clock.nation, "Southern Litho")
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="printers", value=[press.id])
    root = clock.by | {"printer_id": press.id}
    with clock.sessions() as session, pytest.raises(Conflict, match="Plain can order from"):
        printing_houses.retire(session, **root)
    with clock.sessions() as session:
        node = session.get_one(Node, clock.nation.way_down[0])
    _add(clock, node, "Third Press")
    with clock.sessions() as session, pytest.raises(Conflict, match="the only printing house that South can order"):
        printing_houses.retire(session, **root)
    order = clock.order(leaflet, EARLY)
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="printers", value=None)
        printing_houses.retire(session, **root)
        printing_houses.retire(session, **root)
    assert _offered(clock, clock.seat) == ["Southern Litho", "Third Press"]
    with pytest.raises(Invalid, match="Press & Sons takes no new orders"):
        clock.order(leaflet, EARLY, quantity=7)
    assert clock.stored(order).printer_id == press.id
    with pytest.raises(Conflict, match="known in your organisation") as refusal:
        _add(clock, clock.nation, "Press & Sons")
    assert "take it up again" in refusal.value.remedy
    with clock.sessions() as session:
        printing_houses.take_up(session, **root)
        noted = [row.what for row in audit.history(session, subject="printer", subject_id=press.id)]
        assert noted == ["printer added", "printer retired", "printer taken up again"]
    assert clock.order(leaflet, EARLY, quantity=7).printer_id == press.id


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": " "}, "name is missing"),
        ({"name": "=HYPERLINK()"}, "begins like a formula"),
        ({"name": "x" * 201}, "201 characters; 200"),
        ({"name": "Press\u202e"}, "nobody can see"),
        ({"address": "\n ,"}, "address is missing"),
        ({"address": "x" * 401}, "401 characters; 400"),
    ],
)
def test_what_cannot_stand_in_an_imprint_is_refused(clock: Clockwork, said: dict[str, str], why: str) -> None:
    with clock.sessions() as session, pytest.raises(Invalid, match=why):
        printing_houses.add(session, **clock.by, node_id=clock.region.id, **({"name": "Litho", "address": LANE} | said))
