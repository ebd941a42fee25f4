"""Approving words: which offices are asked for which zones, and where a submission goes from there.

A workflow is a list of stages, one after the other; as JSON (the setting `workflow` of a node):

    [{"office": "region", "zones": "messages"},
     {"office": "nation", "zones": "topics", "topics": ["health", "schools"], "template_words": false}]

`office` is whose approvers are asked. `zones` says for what: the zones that speak for the party (messages, the
default), every zone with words (all), or those whose words touch a policy area (topics: the named ones, or any where
none is named). `template_words` asks for the template's own words too, which somebody approved with the template.

Words are approved, not files: pictures, their crops and the choice of a layout never need an office. What was passed
is passed by content, under `words_hash`. No stages at all is the default: then whatever is sent is approved at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import canonical_json, hash_of
from leaflets.domain.review.topics import TOPICS, Answerer, answerer, touched
from leaflets.domain.template import Kind, Template, Values, Voice, Zone
from leaflets.domain.words import prose
from leaflets.domain.words.comparison import words_in
from leaflets.domain.words.first_leaflet import shipped
from leaflets.domain.words.values import usable


class Office(StrEnum):
    """Whose approvers a stage asks. Nobody writes `organisation` into a workflow: a nation's stage leads there."""

    REGION = "region"
    NATION = "nation"
    ORGANISATION = "organisation"  # for what no nation decides for itself, and where there is no nation


class Asks(StrEnum):
    """For which zones a stage asks its office."""

    MESSAGES = "messages"
    ALL = "all"
    TOPICS = "topics"


class State(StrEnum):
    """How a submission stands. The value is stored."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"  # with what is to be changed
    TAKEN_BACK = "taken-back"  # by those who sent it
    REPLACED = "replaced"  # by newer words of the same leaflet


class ZoneState(StrEnum):
    """How one zone stands at one stage. The value is stored."""

    WAITING = "waiting"
    PASSED = "passed"
    ASKED = "asked"  # a change of it was asked for


class How(StrEnum):
    """How words came to be passed. The value is stored."""

    PERSON = "person"  # somebody of the office read them
    APPLIED = "applied"  # the same words were passed in another leaflet, and somebody of the office said: here too
    SUGGESTED = "suggested"  # somebody of the office wrote them
    MESSAGE = "message"  # they are one of the library's messages, within what it allows
    TEMPLATE = "template"  # they came with the template, and nobody has touched them
    DEEMED = "deemed"  # nobody answered in time, and the office had said what then


LASTING = frozenset({How.PERSON, How.APPLIED, How.SUGGESTED, How.DEEMED})
"""What an office decided: it holds for the same words until it is taken back. The rest is judged anew each time."""


class Where(StrEnum):
    """Where a leaflet stands with its approvers, as its content is now."""

    UNASKED = "unasked"  # nobody asks to see it, and nobody has sent it
    UNSENT = "unsent"
    WAITING = "waiting"
    CHANGED = "changed"  # it was sent or approved, and its content is another one since
    RETURNED = "returned"
    APPROVED = "approved"


MOVES: Mapping[State, frozenset[State]] = {
    State.WAITING: frozenset({State.APPROVED, State.RETURNED, State.TAKEN_BACK, State.REPLACED}),
    State.APPROVED: frozenset({State.RETURNED}),  # what had been passed was taken back
    State.RETURNED: frozenset({State.WAITING}),  # by whoever had decided, a moment later: it was a slip
    State.TAKEN_BACK: frozenset(),
    State.REPLACED: frozenset(),
}
"""Where a submission may go from where it stands."""

ZONE_MOVES: Mapping[ZoneState, frozenset[ZoneState]] = {
    ZoneState.WAITING: frozenset({ZoneState.PASSED, ZoneState.ASKED}),
    ZoneState.PASSED: frozenset({ZoneState.WAITING, ZoneState.ASKED}),  # both take the pass back
    ZoneState.ASKED: frozenset({ZoneState.PASSED, ZoneState.WAITING}),  # the latter undoes it
}
"""Where a zone may go from where it stands."""

WORDED = frozenset({Kind.LINE, Kind.RICH, Kind.ITEMS, Kind.QR, Kind.CHART})
"""Kinds of zone that hold words for a reader."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One office asked for some zones. `topics` are keys of policy areas; none means any."""

    office: Office
    asks: Asks = Asks.MESSAGES
    topics: tuple[str, ...] = ()
    template_words: bool = False

    def as_json(self) -> dict[str, Any]:
        """What `stage_from_json` reads."""
        return {
            "office": self.office.value,
            "zones": self.asks.value,
            "topics": list(self.topics),
            "template_words": self.template_words,
        }


@dataclass(frozen=True, slots=True)
class Workflow:
    """The stages that a leaflet goes through, in order. None: nobody is asked."""

    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One zone that a stage asks for: its tidy words, their name, and the policy areas that they touch."""

    zone: Zone
    words: Any
    words_hash: str
    topics: tuple[str, ...]
    is_template: bool


def workflow_from_json(value: Any) -> Workflow:
    """The workflow that a setting holds. Raises `Invalid`, saying what is wrong with it."""
    if not isinstance(value, list):
        raise Invalid("A workflow is a list of stages.", "Say which office is asked, one after the other.")
    return Workflow(tuple(stage_from_json(stage) for stage in value))


def stage_from_json(value: Any) -> Stage:
    """One stage. Raises `Invalid`."""
    if not isinstance(value, Mapping) or value.get("office") not in list(Office):
        raise Invalid("A stage says which office is asked.", f"Choose from: {Office.REGION}, {Office.NATION}.")
    asks = value.get("zones", Asks.MESSAGES)
    if asks not in list(Asks):
        raise Invalid(f"“{asks}” does not say which words are asked for.", f"Choose from: {', '.join(Asks)}.")
    topics = value.get("topics") or []
    if not isinstance(topics, list) or any(topic not in list(TOPICS) for topic in topics):
        raise Invalid("A stage names a policy area that is not known.", f"Choose from: {', '.join(TOPICS)}.")
    return Stage(Office(value["office"]), Asks(asks), tuple(dict.fromkeys(topics)), value.get("template_words") is True)


def stages_in(workflow: Workflow, nation: Nation | None) -> tuple[Stage, ...]:
    """The stages as they are asked in a nation: by what is decided there, the nation's office answers or the root.

    A nation's stage for policy areas is split into the areas that the nation answers for and those it does not.
    """
    found: list[Stage] = []
    for stage in workflow.stages:
        if stage.office is not Office.NATION:
            found.append(stage)
        elif nation is None:
            found.append(_of(stage, Office.ORGANISATION, stage.topics))
        elif stage.asks is not Asks.TOPICS:
            found.append(stage)
        else:
            wanted = stage.topics or tuple(TOPICS)
            own = tuple(key for key in wanted if answerer(key, nation) is Answerer.NATION)
            reserved = tuple(key for key in wanted if key not in own)
            found += [_of(stage, Office.NATION, own)] if own else []
            found += [_of(stage, Office.ORGANISATION, reserved)] if reserved else []
    return tuple(dict.fromkeys(found))


def asked_by(stage: Stage, template: Template, values: Values) -> list[Asked]:
    """The zones that a stage asks its office to see, in the template's order. `values` are tidy.

    What the press cannot set is left out: it is neither sent nor printed. The template's own words are among them,
    marked: `needs_nobody` says whether they need somebody.
    """
    found = []
    for zone in template.zones:
        value = values.get(zone.key)
        if zone.kind not in WORDED or not usable(zone, value):
            continue
        topics = touched("".join(word.text for word in words_in(zone, value)))
        if _is_asked(stage, zone, topics):
            is_template = canonical_json(value) in map(canonical_json, shipped(zone))
            found.append(Asked(zone, value, words_hash(zone.kind, value), topics, is_template))
    return found


def needs_nobody(stage: Stage, asked: Asked) -> bool:
    """Whether a zone says what came with the template, and the stage leaves that to whoever approved the template."""
    return asked.is_template and not stage.template_words


def words_hash(kind: Kind, tidy_value: Any) -> str:
    """The name of words in a kind of zone: equal words have an equal name. Mark-up is hashed in its one spelling."""
    said = tidy_value
    if kind is Kind.RICH and isinstance(said, str):
        said = prose.write_html(prose.read_html(said))
    return hash_of([kind.value, said])


def goes_to(stages: Sequence[Collection[ZoneState]]) -> tuple[State, int]:
    """Where a submission stands by its zones, stage by stage, and at which stage.

    It waits at the first stage where a zone waits; it is returned from one where nothing waits and a change was asked
    for; where every zone of every stage is passed it is approved, and the stage is the number of them.
    """
    for number, zones in enumerate(stages):
        if ZoneState.WAITING in zones:
            return State.WAITING, number
        if ZoneState.ASKED in zones:
            return State.RETURNED, number
    return State.APPROVED, len(stages)


def _of(stage: Stage, office: Office, topics: tuple[str, ...]) -> Stage:
    return Stage(office, stage.asks, topics, stage.template_words)


def _is_asked(stage: Stage, zone: Zone, topics: Collection[str]) -> bool:
    if stage.asks is Asks.ALL:
        return True
    if stage.asks is Asks.MESSAGES:
        return zone.voice is Voice.MESSAGE
    return bool(set(topics) & set(stage.topics)) if stage.topics else bool(topics)
