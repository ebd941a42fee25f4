import pytest
from clockwork import Clockwork
from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.organisation.settings import effective
from leaflets.domain.review.approval import workflow_from_json
from leaflets.services import audit, leaflets
from leaflets.services.organisation import houses_known, printing_houses, settings
from leaflets.storage.people import Campaign
from leaflets.storage.tree import Node

REGION = {"office": "region", "zones": "messages", "topics": [], "template_words": False}
NATION = {"office": "nation", "zones": "topics", "topics": ["health"], "template_words": False}


def _set(clock: Clockwork, node: Node, name: str, value: object) -> object:
    with clock.sessions() as session:
        return settings.set_here(session, **clock.by, node_id=node.id, name=name, value=value)


def _at(clock: Clockwork, node: Node | None, name: str) -> object:
    with clock.sessions() as session:
        return settings.of(session, session.get(Node, node.id) if node else None, name)


def test_where_nobody_has_said_anything_the_default_holds(clock: Clockwork) -> None:
    assert _at(clock, clock.seat, "workflow") == []
    assert _at(clock, None, "kits") is None
    assert _at(clock, clock.seat, "when-silent") == {"then": "next", "working_days": 1}


def test_a_stage_set_below_is_added_to_those_above_and_drops_none(clock: Clockwork) -> None:
    _set(clock, clock.nation, "workflow", [NATION])
    assert _set(clock, clock.region, "workflow", [REGION]) == [REGION, NATION]
    assert _at(clock, clock.seat, "workflow") == [REGION, NATION]
    assert _at(clock, clock.nation, "workflow") == [NATION]
    every = {**NATION, "zones": "all", "topics": []}
    assert _set(clock, clock.region, "workflow", [every]) == [every]
    _set(clock, clock.nation, "workflow", None)
    assert _at(clock, clock.region, "workflow") == [every]


def test_sets_are_narrowed_and_never_widened(clock: Clockwork) -> None:
    _set(clock, clock.nation, "kits", ["a", "b"])
    assert _set(clock, clock.region, "kits", ["b"]) == ["b"]
    with pytest.raises(Invalid, match="A place above South does not allow that"):
        _set(clock, clock.region, "kits", ["b", "c"])
    _set(clock, clock.nation, "kits", ["a"])  # said later, and it holds at once
    assert _at(clock, clock.seat, "kits") == []


def test_silence_counts_as_a_yes_only_where_all_above_say_so(clock: Clockwork) -> None:
    _set(clock, clock.nation, "when-silent", {"then": "nation", "working_days": 2})
    with pytest.raises(Invalid, match="does not allow"):
        _set(clock, clock.region, "when-silent", {"then": "deemed", "working_days": 2})
    with pytest.raises(Invalid, match="does not allow"):
        _set(clock, clock.region, "when-silent", {"then": "next", "working_days": 3})
    assert _set(clock, clock.region, "when-silent", {"then": "next", "working_days": 1})
    _set(clock, clock.region, "when-silent", None)
    _set(clock, clock.nation, "when-silent", {"then": "deemed", "working_days": 3})
    with pytest.raises(Invalid, match="does not allow"):
        _set(clock, clock.region, "when-silent", {"then": "deemed", "working_days": 1})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("workflow", "region"),
        ("workflow", [{"office": "cabinet"}]),
        ("workflow", [{"office": "region", "topics": ["ghosts"]}]),
        ("when-silent", {"then": "panic", "working_days": 1}),
        ("when-silent", {"then": "next", "working_days": 0}),
        ("when-silent", {"then": "next", "working_days": True}),
        ("kits", []),
        ("kits", [1]),
        ("printers", ["1"]),
        ("printers", [999]),
        ("second-step", "yes"),
        ("curfew", True),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(clock: Clockwork, name: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        _set(clock, clock.region, name, value)
    assert refused.value.message
    assert refused.value.remedy


def test_an_office_sets_its_own_and_what_it_did_is_written_down(clock: Clockwork) -> None:
    by = {"now": clock.scene.now, "name": "kits", "value": ["plain"]}
    with clock.sessions() as session:
        settings.set_here(session, actor=clock.rita, node_id=clock.region.id, **by)
        with pytest.raises(NotFound):
            settings.set_here(session, actor=clock.rita, node_id=clock.nation.id, **by)
        (row,) = [
            row for row in audit.history(session, subject="node", subject_id=clock.region.id) if "setting" in row.what
        ]
        assert (row.who, row.became) == ("Rita", "kits: ['plain']")


def test_a_page_knows_what_is_said_here_and_what_comes_from_where(clock: Clockwork) -> None:
    _set(clock, clock.nation, "workflow", [NATION])
    _set(clock, clock.region, "workflow", [REGION])
    with clock.sessions() as session:
        region = session.get_one(Node, clock.region.id)
        standing = next(each for each in settings.here(session, region) if each.setting.name == "workflow")
        assert standing.said_here == [REGION]
        assert [(each.node.name, each.value) for each in standing.said_above] == [("England", [NATION])]
        assert (standing.holds_above, standing.holds) == ([NATION], [REGION, NATION])


def test_only_allowed_kits_start_leaflets_and_only_allowed_printers_are_ordered_from(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    _set(clock, clock.region, "kits", ["other"])
    with clock.sessions() as session:
        kept = settings.kits_of(session, session.get_one(Campaign, clock.campaign.id))
        assert kept == ["other"]
        with pytest.raises(Invalid, match="may not be used in Ada for Harbour"):
            leaflets.start_leaflet(
                session,
                actor=clock.agent,
                now=clock.scene.now,
                campaign_id=clock.campaign.id,
                template=clock.scene.template,
                kit=clock.scene.kit,
            )
    with clock.sessions() as session:
        other = printing_houses.add(session, **clock.by, node_id=clock.region.id, name="Other", address="3 Ink Lane")
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="printers", value=[other.id])
        seat = session.get_one(Node, clock.seat.id)
        assert [printer.name for printer in houses_known.offered_at(session, seat)] == ["Other"]
    with pytest.raises(Invalid, match="Press & Sons may not be ordered from here"):
        clock.order(leaflet, clock.scene.now)


_STAGE = st.fixed_dictionaries(
    {
        "office": st.sampled_from(["region", "nation"]),
        "zones": st.sampled_from(["messages", "all", "topics"]),
        "topics": st.lists(st.sampled_from(["health", "schools"]), unique=True, max_size=2),
        "template_words": st.booleans(),
    }
)


@given(said=st.lists(st.lists(_STAGE, max_size=3), min_size=1, max_size=4))
def test_however_workflows_are_nested_whoever_is_asked_above_is_asked_below(
    said: list[list[dict[str, object]]],
) -> None:
    for depth in range(1, len(said)):
        above, below = effective("workflow", said[:depth]), effective("workflow", said[: depth + 1])
        asked = [(stage.office, stage.asks) for stage in workflow_from_json(below).stages]
        for stage in workflow_from_json(above).stages:
            assert (stage.office, stage.asks) in asked or (stage.office, "all") in asked
        offices = [stage["office"] for stage in below]
        assert offices == sorted(offices, key=["region", "nation"].index)


_SILENCE = st.fixed_dictionaries(
    {"then": st.sampled_from(["next", "nation", "deemed"]), "working_days": st.integers(1, 10)}
)


@given(said=st.lists(_SILENCE, min_size=1, max_size=4))
def test_however_silences_are_nested_nothing_passes_by_itself_unless_the_top_says_so(
    said: list[dict[str, object]],
) -> None:
    holds = effective("when-silent", said)
    assert holds["then"] != "deemed" or all(each["then"] == "deemed" for each in said)
