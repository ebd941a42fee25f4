"""Which zones a workflow asks for, whose office answers, and where a submission goes from its zones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.review.approval import (
    MOVES,
    ZONE_MOVES,
    Asks,
    Office,
    Stage,
    State,
    Workflow,
    ZoneState,
    asked_by,
    goes_to,
    needs_nobody,
    stage_from_json,
    stages_in,
    words_hash,
    workflow_from_json,
)
from leaflets.domain.template import Frame, Kind, Template, Values, Voice, Zone

ZONES = (
    Zone("headline", Kind.LINE, "Headline", "", Voice.MESSAGE, "front", default="Hello", max_chars=60),
    Zone("about", Kind.RICH, "About", "", Voice.PERSONAL, "front", max_words=60),
    Zone("ground", Kind.CHOICE, "Ground", "", Voice.MESSAGE, "front", default="white"),
    Zone("portrait", Kind.PICTURE, "Portrait", "", Voice.MESSAGE, "front", frame=Frame(50, 40)),
    Zone("imprint", Kind.IMPRINT, "Imprint", "", Voice.SYSTEM, "back"),
)
TEMPLATE = Template("small", "1.0.0", "Small", "Small.", "Test", FORMATS["a6"], ZONES, Path())
REGION = Stage(Office.REGION)


def asked(stage: Stage, values: Values) -> list[str]:
    return [each.zone.key for each in asked_by(stage, TEMPLATE, values)]


def test_a_stage_asks_for_messages_or_for_all_words_and_never_for_pictures_or_choices() -> None:
    values = {"headline": "A bus", "about": "<p>I nurse.</p>", "ground": "white", "portrait": {"picture": "0" * 64}}
    assert asked(REGION, values) == ["headline"]
    assert asked(replace(REGION, asks=Asks.ALL), values) == ["headline", "about"]


def test_a_stage_about_policy_areas_asks_for_the_words_that_touch_them() -> None:
    values = {"headline": "A bus", "about": "<p>I am a nurse in our <em>NHS</em>.</p>"}
    assert asked(Stage(Office.NATION, Asks.TOPICS, ("health",)), values) == ["about"]
    assert asked(Stage(Office.NATION, Asks.TOPICS), values) == ["headline", "about"]


def test_what_the_press_cannot_set_is_not_asked_for() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    for value in ("", None, ["a list"], deep, "x" * 100_000):
        assert asked(replace(REGION, asks=Asks.ALL), {"headline": value}) == []


def test_the_templates_own_words_need_nobody_unless_the_stage_says_so() -> None:
    (own,) = asked_by(REGION, TEMPLATE, {"headline": "Hello"})
    (typed,) = asked_by(REGION, TEMPLATE, {"headline": "Hello!"})
    assert [needs_nobody(REGION, each) for each in (own, typed)] == [True, False]
    assert not needs_nobody(replace(REGION, template_words=True), own)


def test_a_heading_that_only_counts_the_promises_came_with_the_template() -> None:
    counts = replace(ZONES[0], default="Three things I will do", fill="{things} I will do")
    says = replace(ZONES[0], fill="{things} for {area}")
    for zone, words, is_own in (
        (counts, "Three things I will do", True),
        (counts, "One thing I will do", True),
        (counts, "Four things I will do", False),
        (says, "One thing for {area}", False),
    ):
        (found,) = asked_by(REGION, replace(TEMPLATE, zones=(zone,)), {"headline": words})
        assert needs_nobody(REGION, found) is is_own, words


def test_words_have_one_name_however_their_mark_up_is_spelt_and_another_in_another_kind_of_zone() -> None:
    spelt = ("<p>A <b>bus</b></p>", "<p>A  <strong>bus</strong></p>", "A <strong>bus</strong>")
    assert len({words_hash(Kind.RICH, each) for each in spelt}) == 1
    assert words_hash(Kind.LINE, "A bus") != words_hash(Kind.RICH, "A bus")
    assert words_hash(Kind.RICH, "<p>A bus</p>") != words_hash(Kind.RICH, spelt[0])


def test_a_nations_stage_is_split_by_who_decides_it_there() -> None:
    workflow = Workflow((REGION, Stage(Office.NATION, Asks.TOPICS, ("health", "policing", "defence"))))

    def split(nation: Nation | None) -> list[tuple[str, tuple[str, ...]]]:
        return [(stage.office.value, stage.topics) for stage in stages_in(workflow, nation)[1:]]

    assert split(Nation.SCOTLAND) == [("nation", ("health", "policing")), ("organisation", ("defence",))]
    assert split(Nation.WALES) == [("nation", ("health",)), ("organisation", ("policing", "defence"))]
    assert split(None) == [("organisation", ("health", "policing", "defence"))]


def test_a_nations_stage_for_all_messages_stays_with_the_nation() -> None:
    assert stages_in(Workflow((Stage(Office.NATION),)), Nation.WALES) == (Stage(Office.NATION),)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        "region",
        [{"office": "seat"}],
        [{"office": ["region"]}],
        [{"office": "region", "zones": {}}],
        [{"office": "nation", "zones": "topics", "topics": [["health"]]}],
        [{"office": "region", "zones": "some"}],
        [{"office": "nation", "zones": "topics", "topics": ["cats"]}],
        [{"office": "nation", "topics": "health"}],
        [None],
    ],
)
def test_a_workflow_that_cannot_be_is_refused_in_words(wrong: Any) -> None:
    with pytest.raises(Invalid):
        workflow_from_json(wrong)


stages = st.builds(
    Stage,
    st.sampled_from(Office),
    st.sampled_from(Asks),
    st.lists(st.sampled_from(["health", "defence"]), unique=True).map(tuple),
    st.booleans(),
)


@given(stages)
def test_a_stage_is_read_as_it_was_written(stage: Stage) -> None:
    assert stage_from_json(stage.as_json()) == stage


@given(st.lists(st.lists(st.sampled_from(ZoneState), max_size=4), max_size=4))
def test_only_what_is_passed_at_every_stage_is_approved(zones: list[list[ZoneState]]) -> None:
    state, stage = goes_to(zones)
    everything = {each for at_stage in zones for each in at_stage}
    assert (state is State.APPROVED) == (everything <= {ZoneState.PASSED})
    assert all(each is ZoneState.PASSED for before in zones[:stage] for each in before)
    assert state in MOVES[State.WAITING] | {State.WAITING}


def test_what_has_ended_for_good_goes_nowhere_and_every_zone_can_still_be_passed() -> None:
    assert all(not MOVES[state] for state in (State.TAKEN_BACK, State.REPLACED))
    assert MOVES[State.RETURNED] == {State.WAITING}  # a slip, undone
    assert all(ZoneState.PASSED in ZONE_MOVES[state] for state in ZoneState if state is not ZoneState.PASSED)
