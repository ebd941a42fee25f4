"""What is set on a place, in words: who is asked, what silence means, which kits and printers, how long things take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leaflets.domain.clock.election import Nation
from leaflets.domain.organisation.settings import SILENCES
from leaflets.domain.review.approval import Asks, Office, Stage, stages_in, workflow_from_json
from leaflets.domain.review.topics import TOPICS
from leaflets.web.wording import count_of

OFFICES: Mapping[Office, str] = {Office.REGION: "The regional office", Office.NATION: "The nation’s office"}

ASKED: Mapping[Asks, str] = {
    Asks.MESSAGES: "what speaks for the party: headlines, pledges",
    Asks.ALL: "every word",
    Asks.TOPICS: "words that touch certain policy areas",
}

# Row: a field of leaflets.domain.clock.durations.Durations, and how people call it.
DURATION_WORDS: Mapping[str, str] = {
    "approval": "Approval by the office",
    "changes": "Changes that it asks for",
    "artwork_check": "Royal Mail’s look at the artwork",
    "rejection": "One rejection by Royal Mail",
    "transport": "From the printer to Royal Mail",
    "freepost_booking": "Notice of a Freepost drop-off",
    "freepost_delivery": "Freepost delivery",
    "door_to_door_booking_calendar": "Booking Door to Door",
    "door_to_door_handover": "Handover for Door to Door",
    "door_to_door_delivery_calendar": "Door to Door delivery",
    "direct_mail_delivery": "Delivery of direct mail",
    "hand_delivery_calendar": "Delivery by hand",
    "giving_out_calendar": "Giving out collected copies",
    "acting_calendar": "Time for a reader to act",
}


def unit_of(duration: str) -> str:
    """In which days a duration is counted."""
    return "days" if duration.endswith("_calendar") else "working days"


def say_setting(name: str, value: Any, *, kits: Mapping[str, str], printers: Mapping[int, str]) -> list[str]:
    """A value in sentences. `kits` and `printers` are their names by key and id."""
    if name == "workflow":
        return [say_stage(stage) for stage in workflow_from_json(value).stages] or ["Nobody is asked."]
    if name == "when-silent":
        return [f"After {count_of(value['working_days'], 'working day')}, {SILENCES[value['then']]}."]
    if name == "second-step":
        return ["Yes." if value else "No."]
    if value is None:
        return ["All of them."]
    names = kits if name == "kits" else printers
    return [", ".join(str(names.get(each, "one that is not here any more")) for each in value) or "None of them."]


def reserved_words(value: Any, nation: Nation | None) -> str:
    """The policy areas that another office than the nation's is asked for, as they are not decided in that nation."""
    stages = stages_in(workflow_from_json(value), nation) if nation else ()
    labels = [
        TOPICS[key].label.lower()
        for stage in stages
        if stage.office is Office.ORGANISATION and stage.asks is Asks.TOPICS
        for key in stage.topics
    ]
    return _listed(labels)


def say_stage(stage: Stage) -> str:
    """One stage as a sentence: `The regional office sees every word.`, say."""
    what = ASKED[stage.asks]
    if stage.asks is Asks.TOPICS:
        labels = [TOPICS[key].label.lower() for key in stage.topics]
        what = f"words that touch {_listed(labels)}" if labels else "words that touch any policy area"
    template = ", the template’s own words too" if stage.template_words else ""
    return f"{OFFICES.get(stage.office, 'The organisation’s office')} sees {what}{template}."


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
