"""The demo's messages: what three invented parties let their leaflets say without asking, some in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leaflets.cli.demo_clock import REGION, SEEDER
from leaflets.domain.clock.election import Nation
from leaflets.domain.organisation.tree import Place

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HARBOUR, HEARTH, TOWPATH = "Harbour Alliance", "Hearth & Field", "Towpath Movement"
EVERYWHERE, ENGLAND, COAST = Place(), Place(Nation.ENGLAND), Place(Nation.ENGLAND, REGION)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a party, and its words in other languages."""

    party: str
    place: Place
    kind: str
    words: Any
    why: str
    source: str = ""
    title: str = ""
    topic: str = ""
    also: Mapping[str, Any] = field(default_factory=dict)


def _pledge(heading: str, body: str) -> dict[str, str]:
    return {"heading": heading, "body": body}


MESSAGES = (
    Said(
        HARBOUR, EVERYWHERE, "headline", "{candidate}: on your side in {area_short}",
        "A name and a place: people vote for somebody who is here.",
        also={
            "cy": "{candidate}: ar eich ochr chi yn {area_short}",
            "gd": "{candidate}: air ur taobh ann an {area_short}",
        },
    ),
    Said(
        HARBOUR, EVERYWHERE, "headline", "Only two of us can win in {area_short}",
        "Where it is close, it is the one thing that people have to know.",
        also={"cy": "Dim ond dau ohonom all ennill yn {area_short}"},
    ),
    Said(
        HARBOUR, COAST, "headline", "We will bring the last bus back to {town}",
        "Everybody on the coast has walked home once. Put in the stop that was cut.",
        title="The last bus",
    ),
    Said(
        HARBOUR, COAST, "headline", "A safe way to school by September.",
        "It has a day in it, and every parent knows the road.",
        title="A safe way to school",
    ),
    Said(
        HARBOUR, COAST, "pledge",
        _pledge("Bring the evening bus back", "One in each hour until eleven, paid for by the firm that gave it up."),
        "The heading can be seen from the doormat; the sentence says who pays.",
        title="The evening bus",
        also={"cy": _pledge("Dod â’r bws nos yn ôl", "Un bob awr tan un ar ddeg, a’r cwmni a’i collodd yn talu.")},
    ),
    Said(
        HARBOUR, ENGLAND, "pledge",
        _pledge("Open the minor injuries unit", "Eight till eight, seven days, with two nurses on each shift."),
        "A thing with opening hours is a thing that people believe.",
        title="Minor injuries",
    ),
    Said(
        HARBOUR, COAST, "pledge",
        _pledge("Keep {place} library open", "On Saturdays too, and warm. The roof is paid for already."),
        "Parents read this one twice.",
        title="The library",
    ),
    Said(
        HARBOUR, EVERYWHERE, "pledge",
        _pledge("Answer within a week", "Every letter, every message, from everybody, or we say why not."),
        "It can be checked, so it is trusted.",
        title="Answer within a week",
        also={
            "cy": _pledge("Ateb o fewn wythnos", "Pob llythyr, pob neges, gan bawb, neu fe ddywedwn pam."),
            "gd": _pledge("Freagairt an taobh a-staigh seachdain", "Gach litir, no innsidh sinn carson."),
        },
    ),
    Said(
        HARBOUR, COAST, "paragraph",
        "<p>For nine years the boats have paid for a harbour that nobody dredges. <strong>We have read the accounts."
        "</strong> The money is there; it goes somewhere else.</p>",
        "It turns anger into a thing that somebody can do.",
        title="The harbour’s money",
        topic="none",
    ),
    Said(
        HARBOUR, COAST, "number", "Six in ten boats have left the coast since 2010.",
        "One figure that people have seen with their own eyes.",
        "Kelver harbour office, landings 2010 to 2025",
        title="Six in ten boats",
        topic="none",
    ),
    Said(
        HARBOUR, COAST, "quote",
        {"words": "They came when the river was in the kitchen, and again when it was dry.", "who": "Jean, {place}"},
        "A neighbour says it better than a candidate.",
        "Jean Ollery, in writing, 3 October 2026",
        title="Jean and the river",
    ),
    Said(
        HARBOUR, EVERYWHERE, "headline", "A doctor within the week in {area_short}",
        "The wait is what people speak about at the door.",
        title="A doctor within the week",
        also={"cy": "Meddyg o fewn yr wythnos yn {area_short}"},
    ),
    Said(
        HARBOUR, EVERYWHERE, "paragraph",
        "<p>Your name goes nowhere. We use what you tell us to answer you, and delete it after the vote.</p>",
        "The law asks for it, and it reads like a promise.",
        title="What happens to their details",
        topic="none",
        also={"cy": "<p>Nid yw eich enw’n mynd i unman. Fe’i defnyddiwn i’ch ateb, a’i ddileu ar ôl y bleidlais.</p>"},
    ),
    Said(
        HEARTH, EVERYWHERE, "headline", "Room for everybody at {area_short}’s table",
        "Warm, and nobody else says it.",
    ),
    Said(
        HEARTH, EVERYWHERE, "pledge",
        _pledge("A hall in every village", "Heated in winter, with one evening a week that costs nothing."),
        "Small enough to be true.",
        title="A hall in every village",
    ),
    Said(
        TOWPATH, EVERYWHERE, "headline", "Mend the path. Mend the town.",
        "Six words, and a spade in the picture.",
        topic="none",
    ),
)  # fmt: skip


def seed_messages(session: Session, now: datetime) -> None:
    """Make them, each on its party's node, where that party stands anywhere."""
    from leaflets.domain.errors import NotFound
    from leaflets.services.message import message_making
    from leaflets.services.message.message_making import Draft
    from leaflets.services.organisation import tree

    for said in MESSAGES:
        try:
            node = tree.find(session, organisation=said.party, place=said.place)
        except NotFound:
            continue
        draft = Draft(said.kind, said.words, said.title, said.why, said.source, said.topic)
        made = message_making.make(session, actor=SEEDER, now=now, node_id=node.id, draft=draft)
        for language, words in said.also.items():
            message_making.translate(session, actor=SEEDER, now=now, message_id=made.id, language=language, words=words)
