from dataclasses import replace

from leaflets.domain.organisation.moving import Holding, Kind, Surroundings, Waiting, changes, named
from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import State

RITA = Holding(1, "Rita", Role.REGION, "South")
PIA = Holding(2, "Pia", Role.PRINTER, "South", 7, "Quay Print")
NORA = Holding(3, "Nora", Role.REGION, "North")
SENT = Waiting("A bus", "South", State.WAITING, frozenset({"Headline"}))
BEFORE = Surroundings((RITA, PIA), frozenset({("Quay Print", 4)}), {"Quay Print": 2}, {}, {5: "Ferries"}, {9: SENT})
AFTER = Surroundings((NORA,), frozenset(), {"Quay Print": 2}, {}, {6: "Trains"}, {9: replace(SENT, office="North")})


def said(after: Surroundings, kind: Kind) -> list[str]:
    return [each.sentence for each in changes("Harbour", BEFORE, after) if each.kind is kind]


def test_who_loses_and_gains_sight_is_said_in_words() -> None:
    assert said(AFTER, Kind.PEOPLE) == [
        "Pia (printer in South) sees no new orders of Harbour. Orders that Quay Print has been given stay visible to "
        "them.",
        "Rita (regional approver in South) no longer sees or passes the leaflets of Harbour.",
        "Nora (regional approver in North) sees and passes the leaflets of Harbour.",
    ]


def test_who_holds_the_same_role_above_both_places_is_not_named() -> None:
    same = replace(RITA, office="North")
    assert not [words for words in said(replace(AFTER, people=(same, PIA)), Kind.PEOPLE) if "Rita" in words]


def test_houses_orders_and_messages_are_said() -> None:
    assert said(AFTER, Kind.HOUSES) == ["Quay Print is no longer offered. 2 open orders with it go on."]
    assert said(AFTER, Kind.MESSAGES) == [
        "“Ferries” is no longer offered; words that say it are looked at by a person.",
        "“Trains” is offered from then on.",
    ]
    held = replace(AFTER, held={3: "“A bus”. Its polling day is no more."})
    assert said(held, Kind.HOUSES)[-1] == "An order is held: “A bus”. Its polling day is no more."


def test_what_waits_elsewhere_and_what_has_to_be_passed_again_is_said() -> None:
    again = replace(SENT, office="North", zones=frozenset({"Headline", "Pledge", "Reply"}))
    assert said(replace(AFTER, waiting={9: again}), Kind.APPROVALS) == [
        "“A bus” waits for North instead of South.",
        "“A bus”: “Pledge” and “Reply” have to be passed again.",
    ]
    approved = replace(SENT, state=State.APPROVED, zones=frozenset())
    assert said(replace(AFTER, waiting={9: approved}), Kind.APPROVALS) == [
        "“A bus” is approved at once: nobody there has to see it."
    ]


def test_many_leaflets_are_counted_and_a_change_has_another_name() -> None:
    many = replace(BEFORE, waiting={n: replace(SENT, title=f"Leaflet {n}") for n in range(8)})
    moved = replace(AFTER, waiting={n: replace(SENT, title=f"Leaflet {n}", office="North") for n in range(8)})
    [words] = [each.sentence for each in changes("Harbour", many, moved) if each.kind is Kind.APPROVALS]
    assert words.startswith("“Leaflet 0”, “Leaflet 1”")
    assert words.endswith("“Leaflet 4” and 3 more wait for North instead of South.")
    assert named(changes("Harbour", many, moved)) != named(changes("Harbour", BEFORE, AFTER))
    assert changes("Harbour", BEFORE, BEFORE) == ()
