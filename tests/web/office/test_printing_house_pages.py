from clockwork import Clockwork
from site_of_scene import Site, form_fields
from sqlalchemy import select

from leaflets.domain.permissions import Role
from leaflets.services.organisation import organisations, printing_houses, settings
from leaflets.services.roles import grants
from leaflets.storage.press import Order
from leaflets.storage.printer import Printer

HOUSE = {
    "name": "Quay <i>Litho</i>",
    "address": "Unit 4\nRopery Yard",
    "standard": "x-4",
    "marks": "no",
    "ink_limit_percent": "300",
    "min_ppi": "200",
}


def _houses(site: Site) -> list[str]:
    with site.scene.sessions() as session:
        return sorted(session.scalars(select(Printer.name)))


def test_an_office_adds_a_printing_house_changes_it_retires_it_and_takes_it_up_again(
    site: Site, clock: Clockwork
) -> None:
    rita, nat = site.client(clock.rita), site.client(clock.nat)
    path = f"/offices/{clock.region.id}/printers"
    chosen = form_fields(rita.get(path).text)
    assert {name: chosen[name] for name in ("standard", "marks", "ink_limit_percent", "min_ppi")} == {
        name: HOUSE[name] for name in ("standard", "marks", "ink_limit_percent", "min_ppi")
    }
    added = site.post(rita, path, HOUSE)
    assert added.status_code == 302
    page = rita.get(added.location).text
    assert "Quay &lt;i&gt;Litho&lt;/i&gt; is added: South and every place below can order from it." in page
    assert "Unit 4, Ropery Yard" in page
    changed = site.post(rita, added.location, HOUSE | {"name": "Quay Litho", "marks": "yes", "place": "x"})
    assert changed.status_code == 302
    assert "PDF/X-4, with marks, up to 300% ink, at least 200 ppi" in rita.get(path).text
    assert "Quay Litho" in site.client(clock.agent).get(f"/leaflets/{clock.leaflet().id}/order").text
    site.post(nat, added.location, HOUSE | {"name": "Quay Litho", "place": str(clock.nation.id)})
    assert "England and every place below it can order from it" in nat.get(added.location).text
    assert rita.get(added.location).status_code == 404  # it is the nation's now
    assert site.post(nat, f"{added.location}/retire").status_code == 302
    assert "It takes no new orders." in nat.get(added.location).text
    assert "Quay Litho</a>" in nat.get(f"/offices/{clock.nation.id}/printers").text
    below = rita.get(path).text  # told, and not led to what would not open
    assert "Quay Litho <span" in below
    assert "1 retired printing house" in below
    assert "Quay Litho" not in site.client(clock.agent).get(f"/leaflets/{clock.leaflet().id}/order").text
    assert site.post(nat, f"{added.location}/take-up").status_code == 302
    record = nat.get(f"/offices/{clock.nation.id}/record").text
    for what in ("Printing house added", "Printing house changed", "Printing house retired"):
        assert what in record


def test_an_office_is_told_when_its_settings_leave_a_new_house_out(site: Site, clock: Clockwork) -> None:
    with site.scene.sessions() as session:
        chosen = [site.scene.printer.id]
        settings.set_here(session, **clock.by, node_id=clock.nation.id, name="printers", value=chosen)
    rita, path = site.client(clock.rita), f"/offices/{clock.region.id}/printers"
    page = rita.get(site.post(rita, path, HOUSE | {"name": "Left Out"}).location).text
    assert "Nobody can order from it yet: the settings of South name other printers." in page
    assert "Nobody in South can order from it." in page
    assert "Nobody can order from it here: the settings name others." in rita.get(path).text


def test_a_house_that_cannot_be_taken_comes_back_with_all_that_was_typed(site: Site, clock: Clockwork) -> None:
    rita, before = site.client(clock.rita), _houses(site)
    for changed, said in (
        ({"name": ""}, "name is missing"),
        ({"name": "=1+1"}, "begins like a formula"),
        ({"name": "press & sons"}, "Press &amp; Sons is known in your organisation already"),
        ({"address": "x" * 401}, "401 characters"),
        ({"standard": "x-9"}, "The kind of PDF is missing"),
        ({"ink_limit_percent": "12"}, "“12” cannot be the most ink"),
        ({"min_ppi": "many"}, "“many” cannot be the fewest pixels"),
        ({"min_ppi": ""}, "The fewest pixels is missing"),
    ):
        refused = site.post(rita, f"/offices/{clock.region.id}/printers", HOUSE | changed)
        assert (said, refused.status_code) == (said, 422)
        assert said in refused.text
        assert form_fields(refused.text)["min_ppi"] == (HOUSE | changed)["min_ppi"]
    assert _houses(site) == before
    press = f"/printers/{site.scene.printer.id}"
    last = site.post(site.client(clock.olga), f"{press}/retire")
    assert last.status_code == 422
    assert "Press &amp; Sons is the only printing house that Plain can order from." in last.text


def test_of_two_who_change_a_house_at_once_the_second_hears_what_the_first_did(site: Site, clock: Clockwork) -> None:
    rita, nat = site.client(clock.rita), site.client(clock.nat)
    house = site.post(rita, f"/offices/{clock.region.id}/printers", HOUSE | {"name": "Quay Litho"}).location
    seen = {"seen": form_fields(rita.get(house).text)["seen"]}
    first = HOUSE | seen | {"name": "Quay Litho", "address": "2 New Road"}
    assert [site.post(rita, house, first).status_code for _ in range(2)] == [302, 302]  # a double click is no change
    second = HOUSE | seen | {"name": "Quay Print", "address": "Unit 4"}
    told = site.post(nat, house, second)
    assert "Somebody has changed it since you opened the page. It says now: Quay Litho, 2 New Road" in told.text
    fields = form_fields(told.text)
    assert (fields["name"], fields["address"]) == ("Quay Print", "Unit 4")
    assert "Quay Litho" in _houses(site)
    assert site.post(nat, house, second | {"seen": fields["seen"]}).status_code == 302
    assert "Quay Print" in _houses(site)


def test_nobody_finds_a_house_of_another_organisation_by_its_number(site: Site, clock: Clockwork) -> None:
    with site.scene.sessions() as session:
        root = organisations.add(session, **clock.by, name="Vivid", administrator="Vic", email="vic@example.org")
        theirs = printing_houses.add(session, **clock.by, node_id=root.id, name="Secret Litho", address="3 Ink Lane")
    olga, leaflet = site.client(clock.olga), clock.leaflet()
    for path in (f"/printers/{theirs.id}", "/printers/9999"):
        answers = [olga.get(path), *(site.post(olga, f"{path}{verb}", HOUSE) for verb in ("", "/retire", "/take-up"))]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert "There is no such printing house" in answers[0].text
    order = {"printer": str(theirs.id), "quantity": "100", "day": "", "time": ""}
    refused = site.post(site.client(clock.agent), f"/leaflets/{leaflet.id}/order", order)
    assert "Secret" not in refused.text
    for path in ("printers", "settings", "people"):
        assert "Secret" not in olga.get(f"/offices/{clock.nation.parent_id}/{path}").text


def test_an_order_says_that_its_house_has_changed_since(site: Site, clock: Clockwork) -> None:
    leaflet, press = site.scene.leaflet(), site.scene.printer
    order, olga = site.scene.order(leaflet.id), site.client(clock.olga)
    path = f"/printers/{press.id}"
    site.post(olga, path, form_fields(olga.get(path).text) | {"address": "9 New Street", "standard": "x-1a"})
    shown = olga.get(path).text
    assert "1 open order prints what this house was when it was placed." in shown
    page = site.client(site.scene.agent).get(f"/orders/{order.id}").text
    assert "The imprint of this order says “Press &amp; Sons, 2 Ink Lane, Harbour HR1 2BB”" in page
    assert "It wants its PDFs otherwise now." in page
    assert "PDF/X-4" in page
    with site.scene.sessions() as session:
        assert session.get_one(Order, order.id).printer_address == "2 Ink Lane, Harbour HR1 2BB"


def test_a_house_leads_to_bringing_in_its_people_and_says_who_sees_its_orders(site: Site, clock: Clockwork) -> None:
    nat, press = site.client(clock.olga), site.scene.printer
    page = nat.get(f"/printers/{press.id}").text
    assert "Nobody of the house signs in here" in page
    bring = f"/offices/{press.node_id}/people?role=printer&printer={press.id}"
    assert bring.replace("&", "&amp;") in page
    form = nat.get(bring).text
    assert f'<option value="{press.id}" selected>' in form
    assert form_fields(form)["role"] == "printer"
    with site.scene.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="printers", value=[press.id])
        held = {"role": Role.PRINTER, "printer_id": press.id, "node_id": clock.region.id}
        grants.give(session, **clock.by, person_id=site.scene.stranger.id, **held, reason="prints for us")
    page = nat.get(f"/printers/{press.id}").text
    assert "<strong>Stella</strong>: what South and every place below it ordered here." in page
    assert f'<a href="/offices/{clock.region.id}/settings#printers">South</a>' in page


def test_an_office_says_how_long_its_printer_takes_and_nothing_typed_is_lost(site: Site, clock: Clockwork) -> None:
    olga, path = site.client(clock.olga), f"/printers/{site.scene.printer.id}"
    assert "7 working days from a PDF that came by noon" in olga.get(path).text
    said: dict[str, str | list[str]] = {
        "count": "4",
        "cut_off": "15:00",
        "opens": "08:00",
        "closes": "18:00",
        "weekday": ["0", "1", "2", "3", "4", "5"],
        "closed": "2027-04-06",
        "source": "its owner",
        "as_of": "2027-04-01",
    }
    for changed, problem in (
        ({"count": "soon"}, "is not a whole number"),
        ({"cut_off": "07:00"}, "hours do not fit together"),
        ({"weekday": []}, "has no open day"),
        ({"closed": "Easter"}, "“Easter” is not a day"),
        ({"source": " "}, "A duration needs its source"),
    ):
        refused = site.post(olga, f"{path}/days", said | changed)
        assert (problem, refused.status_code) == (problem, 422)
        assert problem in refused.text
        assert form_fields(refused.text)["opens"] == "08:00"
    assert site.post(olga, f"{path}/days", said).status_code == 302
    page = olga.get(path).text
    assert "4 working days from a PDF that came by 3pm" in page
    assert "Saturday, 8am to 6pm, not on bank holidays. Its owner (1 April 2027)." in page
    assert site.post(site.client(clock.rita), f"{path}/days", said).status_code == 404
