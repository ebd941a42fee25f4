"""Whatever people do, in whatever order: no approval of words that nobody passed, and nothing passed is reopened.

The model is plain sets: which words the office passed in which family of leaflets, and which are approved messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from reviewing import WORDED, Desk
from sqlalchemy import select

from leaflets.domain.errors import Conflict
from leaflets.domain.review.approval import State
from leaflets.services.message import message_aftermath, message_ends, message_making, message_uses
from leaflets.services.message.message_making import Draft
from leaflets.services.press import orders
from leaflets.services.review import returning, sending
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.review import Approval, Submission, ZonePass
from leaflets.storage.session import writing

HEADLINES = ("Hello", "A bus at ten", "A tram at ten", "A boat at ten")
PLEDGES = ("<p>We will act.</p>", "<p>Every hour.</p>", "<p>Every day.</p>")
OWN = {"headline": "Hello", "pledge": "<p>We will act.</p>"}
ASKED = ("headline", "pledge")
KINDS = {"headline": "line", "pledge": "rich"}

number = st.integers(0, 3)
zone = st.sampled_from(ASKED)


@dataclass
class Known:
    """What the model knows: words that the office passed, by family; the messages there are; what was sent last."""

    passed: set[tuple[int, str, str]] = field(default_factory=set)
    messages: dict[str, int] = field(default_factory=dict)
    waits: dict[int, tuple[Submission, dict[str, str], set[str]]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)


class Approving(RuleBasedStateMachine):
    """Two leaflets in two seats, one of them with a place of its own; one office that asks for every message."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    @initialize()
    def begin(self) -> None:
        self.known = Known()
        first, second = self.desk.leaflet(), self.desk.leaflet()
        (place,) = self.desk.places(first, "Docks")
        self.leaflets = [first, second, place]
        self.family = {first.id: first.id, second.id: second.id, place.id: first.id}

    def teardown(self) -> None:
        for message_id in self.known.messages.values():
            self._withdraw(message_id)

    # What people do

    @rule(at=number, where=zone, which=number)
    def write(self, at: int, where: str, which: int) -> None:
        said = HEADLINES if where == "headline" else PLEDGES
        self.desk.write(self._leaflet(at), **{where: said[which % len(said)]})

    @rule(at=number, text=number)
    def write_own_words(self, at: int, text: int) -> None:
        self.desk.write(self._leaflet(at), street=f"Street {text}")

    @rule(at=number)
    def send(self, at: int) -> None:
        leaflet = self._leaflet(at)
        words = self._words(leaflet.id)
        before = self.known.waits.get(leaflet.id)
        sent = self.desk.send(leaflet)
        if before is not None and before[0].id == sent.id:
            return
        needed = {each for each in ASKED if not self._is_fine(leaflet.id, each, words[each])}
        if sent.state == State.WAITING:
            assert self.desk.waiting(sent) == needed
            self.known.waits[leaflet.id] = (sent, words, needed)
        else:
            assert sent.state == State.APPROVED
            assert not needed
            self.known.waits.pop(leaflet.id, None)

    @rule(at=number, where=zone)
    def pass_one(self, at: int, where: str) -> None:
        if waiting := self._waiting(at):
            leaflet_id, (sent, words, needed) = waiting
            if where in needed:
                self.desk.pass_(sent, where)
                self._note_passed(leaflet_id, where, words[where])
            elif self.desk.states(sent).get(where) == "passed":
                with pytest.raises(Conflict):
                    self.desk.pass_(sent, where)

    @rule(at=number)
    def pass_all(self, at: int) -> None:
        if waiting := self._waiting(at):
            leaflet_id, (sent, words, _) = waiting
            for zone_ in self.desk.pass_(sent).zones:
                self._note_passed(leaflet_id, zone_.zone, words[zone_.zone])
            self._forget_if_over(leaflet_id)

    @rule(at=number, where=zone)
    def pass_everywhere(self, at: int, where: str) -> None:
        waiting = self._waiting(at)
        if waiting and where in waiting[1][2]:
            leaflet_id, (sent, words, _) = waiting
            self.desk.everywhere(sent, where)
            self._note_passed(leaflet_id, where, words[where])
            for other, (_, said, needed) in list(self.known.waits.items()):
                if said[where] == words[where] and where in needed:
                    self._note_passed(other, where, said[where])

    @rule(at=number, where=zone, which=number)
    def ask_change(self, at: int, where: str, which: int) -> None:
        waiting = self._waiting(at)
        if not waiting or where not in waiting[1][2]:
            return
        leaflet_id, (sent, words, needed) = waiting
        said = HEADLINES if where == "headline" else PLEDGES
        suggested = said[which % len(said)]
        suggestion = suggested if suggested != words[where] else None
        self.desk.ask_change(sent, where, suggestion=suggestion)
        if suggestion is not None:
            self._pass_words(leaflet_id, where, suggestion, but=sent.id)
        needed.discard(where)
        self._forget_if_over(leaflet_id)

    @rule(at=number)
    def send_back(self, at: int) -> None:
        if waiting := self._waiting(at):
            leaflet_id, (sent, _, _) = waiting
            with self.desk.sessions() as session:
                returning.send_back(session, actor=self.desk.rita, because="No.", **self.desk.seen(sent))
            self.known.waits.pop(leaflet_id)

    @rule(at=number)
    def take_back(self, at: int) -> None:
        if waiting := self._waiting(at):
            leaflet_id, (sent, _, _) = waiting
            with self.desk.sessions() as session:
                sending.take_back(session, actor=self.desk.agent, now=self.desk.now, submission_id=sent.id)
            self.known.waits.pop(leaflet_id)

    @rule(at=number, where=zone)
    def take_back_a_pass(self, at: int, where: str) -> None:
        leaflet = self._leaflet(at)
        sent = self.desk.standing(leaflet).submission
        found = next((each for each in self.desk.zones(sent) if each.zone == where), None) if sent else None
        if sent is None or found is None or found.passed is None or found.passed.how in ("message", "template"):
            return
        if found.passed.taken_back_at is not None:
            return
        self.desk.take_back(sent, where)
        home = self.family[leaflet.id]
        self.known.passed.discard((home, KINDS[where], found.words))
        for other, (_, said, needed) in self.known.waits.items():
            shown = self.family[other] == home and said[where] == found.words
            if shown and self.desk.states(self.known.waits[other][0])[where] == "waiting":
                needed.add(where)
        for other, family in self.family.items():
            if family == home:
                assert not [each for each in self._good(other) if each.revision.content["values"][where] == found.words]

    @rule(at=number)
    def order(self, at: int) -> None:
        leaflet = self._leaflet(at)
        words = self._words(leaflet.id)
        fine = all(self._is_fine(leaflet.id, each, words[each]) for each in ASKED)
        covered = self.desk.covering(leaflet) is not None
        try:
            self.desk.order(leaflet)
        except orders.NotReady:
            assert not fine
            assert not covered
        else:
            assert fine or covered

    @rule(which=number)
    def approve_a_message(self, which: int) -> None:
        text = HEADLINES[which]
        if text in self.known.messages:
            return
        with self.desk.sessions() as session:
            made = message_making.make(
                session,
                actor="a test",
                now=self.desk.now,
                node_id=self.desk.clock.region.id,
                draft=Draft("headline", text, title=text, why="It works.", source="Us", topic="none"),
            )
            self.known.messages[text] = made.id

    @rule(which=number)
    def withdraw_a_message(self, which: int) -> None:
        message_id = self.known.messages.pop(HEADLINES[which], None)
        if message_id is None:
            return
        self._withdraw(message_id)
        text = HEADLINES[which]
        self.known.passed = self._standing_passes()
        for sent, said, needed in self.known.waits.values():
            if said["headline"] == text and self.desk.states(sent)["headline"] == "waiting":
                needed.add("headline")
        for leaflet_id in self.family:
            assert not [each for each in self._good(leaflet_id) if each.revision.content["values"]["headline"] == text]

    # What is always so

    @invariant()
    def nothing_is_approved_that_nobody_passed(self) -> None:
        for leaflet_id in getattr(self, "family", {}):
            for approval in self._good(leaflet_id):
                if approval.id in self.known.seen:
                    continue
                self.known.seen.add(approval.id)
                values = approval.revision.content["values"]
                assert all(self._is_fine(leaflet_id, each, values[each]) for each in ASKED)

    @invariant()
    def what_waits_waits_for_exactly_what_nobody_passed(self) -> None:
        for leaflet_id, (sent, _, needed) in getattr(self, "known", Known()).waits.items():
            assert self.desk.sent(sent).state == State.WAITING, leaflet_id
            assert self.desk.waiting(sent) == needed

    # How the model follows

    def _leaflet(self, at: int) -> Leaflet:
        return self.leaflets[at % len(self.leaflets)]

    def _waiting(self, at: int) -> tuple[int, tuple[Submission, dict[str, str], set[str]]] | None:
        leaflet_id = self._leaflet(at).id
        return (leaflet_id, self.known.waits[leaflet_id]) if leaflet_id in self.known.waits else None

    def _words(self, leaflet_id: int) -> dict[str, str]:
        with self.desk.sessions() as session:
            return dict(session.get_one(Leaflet, leaflet_id).values)

    def _is_fine(self, leaflet_id: int, where: str, words: str) -> bool:
        passed = (self.family[leaflet_id], KINDS[where], words) in self.known.passed
        return passed or words == OWN[where] or (where == "headline" and words in self.known.messages)

    def _pass_words(self, leaflet_id: int, where: str, words: str, but: int | None = None) -> None:
        self.known.passed.add((self.family[leaflet_id], KINDS[where], words))

    def _note_passed(self, leaflet_id: int, where: str, words: str) -> None:
        """Passed in a leaflet, words are passed in all that share them and wait with them."""
        self._pass_words(leaflet_id, where, words)
        for other, (_, said, needed) in list(self.known.waits.items()):
            if self.family[other] == self.family[leaflet_id] and said[where] == words:
                needed.discard(where)
                self._forget_if_over(other)

    def _forget_if_over(self, leaflet_id: int) -> None:
        waiting = self.known.waits.get(leaflet_id)
        if waiting is not None and not waiting[2]:
            assert self.desk.sent(waiting[0]).state in (State.APPROVED, State.RETURNED)
            del self.known.waits[leaflet_id]

    def _good(self, leaflet_id: int) -> list[Approval]:
        with self.desk.sessions() as session:
            good = select(Approval).where(Approval.leaflet_id == leaflet_id, Approval.withdrawn_at.is_(None))
            found = list(session.scalars(good))
            _ = [each.revision for each in found]
            return found

    def _standing_passes(self) -> set[tuple[int, str, str]]:
        with self.desk.sessions() as session:
            standing = select(ZonePass).where(ZonePass.taken_back_at.is_(None))
            return {
                known
                for known in self.known.passed
                if any(
                    (self.family.get(each.leaflet_id), each.zone_kind, each.words) == known
                    for each in session.scalars(standing)
                )
            }

    def _withdraw(self, message_id: int) -> None:
        with self.desk.sessions() as session:
            message_ends.withdraw(
                session,
                actor="a test",
                now=self.desk.now,
                message_id=message_id,
                because="Not so.",
                templates=lambda _ref: WORDED,
            )
            with writing(session):  # as the sweeper does
                message_uses.look(session, templates=lambda _ref: WORDED)
            while message_aftermath.carry_on(session, now=self.desk.now, templates=lambda _ref: WORDED):
                pass


@pytest.fixture
def desk(migrated_url: str) -> Desk:
    return Desk(migrated_url, tick=timedelta(seconds=1))


def test_whatever_people_do_only_what_was_passed_is_approved(desk: Desk) -> None:
    run_state_machine_as_test(
        lambda: Approving(desk),
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            database=None,
            report_multiple_bugs=False,
        ),
    )
