"""The checklist leads, step by step, to a leaflet that is ready."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.review.approval import Where
from leaflets.domain.template import Frame, Kind, Template, Voice, Zone
from leaflets.domain.words.checklist import Facts, ProofSeen, Step, StepState, checklist

ZONES = (
    Zone("headline", Kind.LINE, "Promise", "One.", Voice.MESSAGE, "front", default="Hello", max_chars=30),
    Zone("about", Kind.RICH, "About you", "You.", Voice.PERSONAL, "front", default="<p>I live here.</p>", max_words=9),
    Zone("portrait", Kind.PICTURE, "Portrait", "You.", Voice.PERSONAL, "front", required=False, frame=Frame(50, 40)),
    Zone("imprint", Kind.IMPRINT, "Imprint", "The law's.", Voice.SYSTEM, "back"),
)
TEMPLATE = Template("small", "1.0.0", "Small", "Small.", "Test", FORMATS["a6"], ZONES, Path())
WELL = Facts(
    template=TEMPLATE,
    values={"headline": "Hello", "about": "<p>I am Ada.</p>", "portrait": None},
    proof=ProofSeen(shows_this=True),
    may_order=True,
)


def next_of(facts: Facts) -> Step:
    return next(step for step in checklist(facts) if step.state is not StepState.DONE)


def test_a_leaflet_that_is_well_is_read_and_then_ready() -> None:
    assert (next_of(WELL).key, next_of(WELL).state) == ("read", StepState.OPEN)
    ready = next_of(replace(WELL, has_read=True))
    assert (ready.key, ready.state) == ("ready", StepState.OPEN)
    assert "order the PDF" in ready.sentence


def test_whoever_may_not_order_is_told_whom_to_ask() -> None:
    assert "ask Agnes" in next_of(replace(WELL, has_read=True, may_order=False, ask=("Agnes",))).sentence


def test_the_first_thing_to_do_leads_and_the_others_follow_in_order() -> None:
    bad = replace(
        WELL,
        values={"headline": "", "about": "<p>I live here.</p>", "portrait": {"picture": "a" * 64, "alt": ""}},
        untyped=frozenset({"about"}),
        undecided=frozenset({"headline"}),
        pictures={"portrait": "received"},
        imprint_missing=("the promoter’s address",),
        proof=ProofSeen(shows_this=True, problems=(Problem("overset", Level.ERROR, "Too long.", zone="about"),)),
    )
    open_steps = [step.key for step in checklist(bad) if step.state is StepState.OPEN]
    assert open_steps == ["texts", "required", "own-words", "pictures", "fits", "imprint"]
    assert (next_of(bad).zone, next_of(bad).sentence) == ("headline", "Choose between two texts in “Promise”.")
    (about,) = [step for step in checklist(bad) if step.key == "own-words"]
    assert (about.zone, about.sentence) == ("about", "Say “About you” in your own words.")


def test_the_templates_words_are_right_once_somebody_has_said_so() -> None:
    kept = replace(WELL, values={**WELL.values, "about": "<p>I live here.</p>"})
    assert next_of(replace(kept, untyped=frozenset({"about"}))).key == "own-words"
    assert next_of(kept).key == "read"


def test_nothing_is_said_to_fit_before_the_press_has_looked() -> None:
    step = next_of(replace(WELL, proof=ProofSeen(), has_read=True))
    assert (step.key, step.state) == ("fits", StepState.WAITS)
    assert "could not draw" in next_of(replace(WELL, proof=ProofSeen(failed=True))).sentence


def test_a_soft_photo_is_told_and_holds_nobody_up_and_a_far_too_small_one_does() -> None:
    def with_photo(level: Level) -> Facts:
        photo = Problem("photo-soft", level, "Portrait: the photo is soft.", zone="portrait")
        return replace(
            WELL,
            values={**WELL.values, "portrait": {"picture": "a" * 64, "alt": "Ada"}},
            pictures={"portrait": "ready"},
            proof=ProofSeen(shows_this=True, problems=(photo,)),
        )

    pictures = next(step for step in checklist(with_photo(Level.WARNING)) if step.key == "pictures")
    assert (pictures.state, [item.must for item in pictures.items]) == (StepState.DONE, [False])
    assert next_of(with_photo(Level.ERROR)).key == "pictures"


def goal(**changed: object) -> Step:
    return checklist(replace(WELL, has_read=True, **changed))[-1]  # type: ignore[arg-type]


def test_where_an_office_asks_to_see_it_the_last_step_leads_to_sending_it() -> None:
    assert (goal(where=Where.UNSENT, may_send=True).sentence, goal().does) == ("Ready: send it for approval.", "order")
    assert goal(where=Where.UNSENT, may_send=True).does == "send"
    assert goal(where=Where.CHANGED, may_send=True).sentence == "Ready: send it for approval again."
    assert goal(where=Where.UNSENT, ask=("Agnes",)).sentence == "Ready: ask Agnes to send it for approval."


def test_while_it_waits_there_is_nothing_to_do_and_once_it_is_approved_it_is_ordered() -> None:
    waits = goal(where=Where.WAITING, office="South", may_send=True)
    assert (waits.sentence, waits.state) == ("Sent for approval. It waits for South.", StepState.WAITS)
    assert goal(where=Where.APPROVED).sentence == "Approved: order the PDF."
    assert (
        goal(where=Where.APPROVED, may_order=False, ask=("Agnes",)).sentence == "Approved: ask Agnes to order the PDF."
    )
