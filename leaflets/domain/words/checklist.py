"""What is left to do until a leaflet can be sent for approval, in the order in which it is best done.

It leads and never blocks: whoever may order can order with steps still open, as long as nothing keeps the press from
printing. A step is open while something in it has to be done; what would only make the leaflet better is told beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.review.approval import Where
from leaflets.domain.template import Kind, Template, Values, Zone
from leaflets.domain.words.starting_words import stand_ins
from leaflets.domain.words.values import check_values


class StepState(StrEnum):
    """How a step stands."""

    DONE = "done"
    OPEN = "open"
    WAITS = "waits"  # for the press, or for the steps before it


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do at one place. `must` is false where it would only be better."""

    words: str
    zone: str | None = None
    must: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `sentence` says the next thing to do in it; `zone` is where that is.

    `does` is what the last one leads to: to order it, to send it for approval, or to wait (nothing).
    """

    key: str
    label: str
    state: StepState
    sentence: str
    items: tuple[Item, ...] = ()
    does: str = ""

    @property
    def zone(self) -> str | None:
        """Where the next thing to do is; `None` when that is no zone."""
        return next((item.zone for item in sorted(self.items, key=lambda item: not item.must) if item.zone), None)


@dataclass(frozen=True, slots=True)
class ProofSeen:
    """The newest proof: whether it shows the words as they are, whether it broke, and what the press remarked."""

    shows_this: bool = False
    failed: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the steps are judged by.

    `values` are tidy. `untyped` are the zones that nobody has saved words in yet, `undecided` those in which two texts
    wait. `pictures` say of the picture in each zone: "ready", "received", or anything else when it cannot be used.
    `has_read`: whoever looks has read every word of exactly this. `may_order`: they may order it too; else `ask` are
    the names of those who may. `where` is how it stands with its approvers, `office` the one that is asked now; of
    those who may not order, some `may_send` it.
    """

    template: Template
    values: Values
    untyped: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    pictures: Mapping[str, str] | None = None
    imprint_missing: tuple[str, ...] = ()
    proof: ProofSeen = ProofSeen()
    has_read: bool = False
    may_order: bool = False
    ask: tuple[str, ...] = ()
    where: Where = Where.UNASKED
    office: str = ""
    may_send: bool = False


ORDER, SEND = "order", "send"
"""What the last step leads to."""

_TOO_MUCH = frozenset({"far-too-long", "too-many-items", "overset"})


def checklist(facts: Facts) -> tuple[Step, ...]:
    """Every step, in order, and within a step as a reader meets the zones. The next is the first that is not done."""
    order = [panel.key for panel in facts.template.format.panels]
    zones = tuple(sorted(facts.template.zones, key=lambda zone: order.index(zone.panel)))
    read = replace(facts, template=replace(facts.template, zones=zones))
    remarks = check_values(read.template, facts.values)
    steps = [_step(row, read, tuple(row.items(read, remarks))) for row in _ROWS]
    open_before = any(step.state is not StepState.DONE for step in steps)
    return (*steps, *_end(facts, open_before))


@dataclass(frozen=True, slots=True)
class _Row:
    """A step: what is found for it, and the sentence for one thing to do and for several."""

    key: str
    label: str
    one: str
    several: str
    items: Callable[[Facts, Iterable[Problem]], Iterable[Item]]
    needs_proof: bool = False


def _step(row: _Row, facts: Facts, items: tuple[Item, ...]) -> Step:
    musts = [item for item in items if item.must]
    if not musts and row.needs_proof and not facts.proof.shows_this:
        broke = "The press could not draw this: change something, or ask whoever runs the site."
        said = broke if facts.proof.failed else "The press is looking whether everything fits."
        return Step(row.key, row.label, StepState.WAITS, said, items)
    if not musts:
        return Step(row.key, row.label, StepState.DONE, "", items)
    labels = {zone.key: zone.label for zone in facts.template.zones}
    said = row.one if len(musts) == 1 else row.several
    label = labels.get(musts[0].zone or "", "")
    return Step(row.key, row.label, StepState.OPEN, said.format(label=label, count=len(musts)), items)


def _texts(facts: Facts, _remarks: Iterable[Problem]) -> Iterable[Item]:
    for zone in facts.template.zones:
        if zone.key in facts.undecided:
            yield Item(f"Two people changed “{zone.label}”: choose one text.", zone.key)


def _required(_facts: Facts, remarks: Iterable[Problem]) -> Iterable[Item]:
    for remark in remarks:
        if remark.level is Level.ERROR and remark.code not in _TOO_MUCH:
            yield Item(remark.message, remark.zone)


def _own_words(facts: Facts, _remarks: Iterable[Problem]) -> Iterable[Item]:
    for zone in stand_ins(facts.template, facts.values):
        if zone.key in facts.untyped:
            yield Item(f"{zone.label}: still the template’s words.", zone.key)


def _pictures(facts: Facts, remarks: Iterable[Problem]) -> Iterable[Item]:
    states = facts.pictures or {}
    for zone in facts.template.zones:
        if zone.kind is not Kind.PICTURE:
            continue
        if zone.key in states and states[zone.key] != "ready":
            yield Item(_not_ready(zone, states[zone.key]), zone.key)
        elif zone.key not in states and not zone.required:
            yield Item(f"{zone.label}: a picture would make it stronger.", zone.key, must=False)
        for remark in remarks:
            if remark.zone == zone.key and remark.code == "alt-missing":
                yield Item(remark.message, zone.key)
        for remark in facts.proof.problems:
            if remark.zone == zone.key and remark.code not in _TOO_MUCH and zone.key in states:
                yield Item(remark.message, zone.key, must=remark.level is Level.ERROR)


def _not_ready(zone: Zone, state: str) -> str:
    if state == "received":
        return f"{zone.label}: the picture is still being prepared."
    return f"{zone.label}: this picture cannot be used. Choose another one."


def _fits(facts: Facts, remarks: Iterable[Problem]) -> Iterable[Item]:
    pictures = {zone.key for zone in facts.template.zones if zone.kind is Kind.PICTURE}
    told = set()
    for remark in (*remarks, *facts.proof.problems):
        from_press = remark in facts.proof.problems and remark.zone not in pictures
        if remark.level is not Level.ERROR or not (from_press or remark.code in _TOO_MUCH):
            continue
        if remark.zone is None or remark.zone not in told:
            yield Item(remark.message, remark.zone)
        told.add(remark.zone)


def _imprint(facts: Facts, _remarks: Iterable[Problem]) -> Iterable[Item]:
    zone = next((zone.key for zone in facts.template.zones if zone.kind is Kind.IMPRINT), None)
    for missing in facts.imprint_missing:
        yield Item(f"The imprint lacks {missing}.", zone)


_ROWS = (
    _Row("texts", "Two texts settled", "Choose between two texts in “{label}”.",
         "Two texts wait in {count} places: begin with “{label}”.", _texts),
    _Row("required", "Every place filled", "“{label}” still needs something.",
         "{count} places still need something: begin with “{label}”.", _required),
    _Row("own-words", "In your own words", "Say “{label}” in your own words.",
         "Say {count} places in your own words: begin with “{label}”.", _own_words),
    _Row("pictures", "Pictures ready", "The picture in “{label}” needs a look.",
         "{count} things about the pictures need a look: begin with “{label}”.", _pictures),
    _Row("fits", "Everything fits", "“{label}” does not fit on the page yet.",
         "{count} places do not fit on the page yet: begin with “{label}”.", _fits, needs_proof=True),
    _Row("imprint", "Imprint complete", "Ask the agent to complete the imprint: the law wants it on paper.",
         "Ask the agent to complete the imprint: the law wants it on paper.", _imprint),
)  # fmt: skip


def _end(facts: Facts, open_before: bool) -> tuple[Step, Step]:
    """Reading, which comes when all else is done, and the goal."""
    if facts.has_read and facts.proof.shows_this:
        read = Step("read", "Every word read", StepState.DONE, "")
    else:
        state = StepState.WAITS if open_before or not facts.proof.shows_this else StepState.OPEN
        read = Step("read", "Every word read", state, "Read the pages as if you had never seen them.")
    ready = not open_before and read.state is StepState.DONE
    said, does = _goal(facts)
    state = StepState.OPEN if ready and does else StepState.WAITS
    return read, Step("ready", "Ready to send for approval", state, said, does=does)


def _goal(facts: Facts) -> tuple[str, str]:
    """What is to be done once all else is, and what that leads to."""
    them = " or ".join(facts.ask) or "the agent or the candidate"
    if facts.where is Where.WAITING:
        return f"Sent for approval. It waits for {facts.office or 'the office'}.", ""
    if facts.where in (Where.UNASKED, Where.APPROVED):
        begin = "Approved" if facts.where is Where.APPROVED else "Ready"
        if not facts.may_order:
            return f"{begin}: ask {them} to order the PDF.", ORDER
        return f"{begin}: order the PDF{', or have it read once more' if begin == 'Ready' else ''}.", ORDER
    if not facts.may_send:
        return f"Ready: ask {them} to send it for approval.", SEND
    again = facts.where in (Where.RETURNED, Where.CHANGED)
    return f"Ready: send it for approval{' again' if again else ''}.", SEND
