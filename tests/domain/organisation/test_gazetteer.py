"""Places found as people write them, among the 650 constituencies of the UK."""

from __future__ import annotations

import pytest

from leaflets.constituencies import constituencies
from leaflets.domain.organisation.gazetteer import Entry, Unsettled, look_up, settle

SEATS = [Entry(each.code, each.name, "", f"{each.also} {each.code} {each.nation.label}") for each in constituencies()]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ynys mon", "Ynys Môn"),
        ("ANGLESEY", "Ynys Môn"),
        ("Brighton Kemptown & Peace", "Brighton Kemptown and Peacehaven"),
        ("holborn and st", "Holborn and St Pancras"),
        ("st pancras", "Holborn and St Pancras"),
        ("gogledd caer", "Cardiff North"),
        ("glyndŵr", "Montgomeryshire and Glyndwr"),
        ("merthyr tudful", "Merthyr Tydfil and Aberdare"),
        ("E14001063", "Aldershot"),
        ("rochford southend", "Southend East and Rochford"),
        ("Westen Isles", "Na h-Eileanan an Iar"),
        ("devon south", "South Devon"),
    ],
)
def test_a_seat_is_found_by_what_people_write(typed: str, name: str) -> None:
    found = look_up(SEATS, typed).offered
    assert found[0].name == name


def test_names_come_before_places_that_only_lie_there() -> None:
    entries = [Entry("1", "Cardiff West", "", "Wales"), Entry("2", "New Wales"), Entry("3", "Wales Bridge")]
    assert [each.key for each in look_up(entries, "wales").entries] == ["3", "2", "1"]
    assert not look_up(entries, " & ").entries


def test_what_names_one_place_alone_is_taken_and_anything_else_offers_what_there_is() -> None:
    assert settle(SEATS, typed="  aldershot ").name == "Aldershot"
    assert settle(SEATS, typed="newport", key=_code("Newport West and Islwyn")).name == "Newport West and Islwyn"
    with pytest.raises(Unsettled, match="2 of them fit “Newport”") as several:
        settle(SEATS, typed="Newport", key=_code("Aldershot"))
    assert {each.name for each in several.value.found.entries} == {"Newport East", "Newport West and Islwyn"}
    with pytest.raises(Unsettled, match="Nothing here is called “Aldershott”") as near:
        settle(SEATS, typed="Aldershott")
    assert near.value.found.offered[0].name == "Aldershot"
    with pytest.raises(Unsettled, match="does not say yet where"):
        settle(SEATS, typed=" ", key="nothing")
    with pytest.raises(Unsettled, match="Nothing here is called “" + "x" * 60 + "”"):
        settle(SEATS, typed="x" * 10_000)


def _code(name: str) -> str:
    return next(each.key for each in SEATS if each.name == name)
