"""The elections below an office: recording when postal votes go out; moving, suspending and resuming a poll."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.constituencies import other_names
from leaflets.domain.clock.election import Kind
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation import gazetteer
from leaflets.domain.organisation.gazetteer import Entry
from leaflets.domain.permissions import Action
from leaflets.services import access
from leaflets.services.clock import dispatch, elections, polls
from leaflets.services.clock.polls import Moved, PollRow
from leaflets.storage.tree import Node
from leaflets.web import current, place_picker
from leaflets.web.place_picker import Picker
from leaflets.web.typed_day import day_of, needed_day
from leaflets.web.wording import count_of

pages = Blueprint("polls", __name__, url_prefix="/boards/<int:node_id>/elections")


@dataclass(frozen=True)
class NotTaken:
    """A form that could not be taken: whose it is, everything typed into it, and why.

    It has no `problem` while only its place is looked for.
    """

    election_id: int
    form: str
    typed: Mapping[str, str]
    problem: Invalid | None

    def of(self, election_id: int, form: str) -> bool:
        """Whether it is this one."""
        return (self.election_id, self.form) == (election_id, form)


@pages.get("")
def page(node_id: int) -> ResponseReturnValue:
    """Each election with its polling day, the postal votes that plans count with, and its forms."""
    return _page(node_id)


@pages.get("/<int:election_id>/places")
def places(node_id: int, election_id: int) -> ResponseReturnValue:
    """The places of an election that fit a few letters, for the field's script."""
    entries = _entries(_office(node_id), _poll(node_id, election_id))
    return place_picker.answer(gazetteer.look_up(entries, request.args.get("q", "")))


@pages.post("/<int:election_id>/announce")
def announce(node_id: int, election_id: int) -> ResponseReturnValue:
    """Record what a council announced of its postal votes; or, without a script, find the place first."""
    poll = _poll(node_id, election_id)
    if "find" in request.form:
        return _page(node_id, NotTaken(election_id, "announce", request.form, None))

    def record() -> None:
        entries = _entries(_office(node_id), poll)
        written, key = request.form.get("where", ""), request.form.get("place", "")
        where = gazetteer.settle(entries, typed=written, key=key).key
        missing, remedy = "The day of the first dispatch is missing.", "Give the day that the council announced."
        first = needed_day(request.form.get("first", ""), missing, remedy)
        dispatch.announce(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            election_id=election_id,
            node_id=int(where),
            council=request.form.get("council", ""),
            said_by=request.form.get("said_by", ""),
            said_on=_needed("said_on", "day on which it was said"),
            first=first,
            second=day_of(request.form.get("second", "")),
        )

    return _changed(node_id, poll, "announce", record, "What the council announced is recorded.")


@pages.post("/<int:election_id>/move")
def move(node_id: int, election_id: int) -> ResponseReturnValue:
    """Move polling day."""
    poll = _poll_to_change(node_id, election_id)

    def moved() -> None:
        to = _needed("to", "new polling day")
        if to == poll.row.polling_day:
            raise Invalid("Polling day is that day already.", "Give the new one.")
        elections.move(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            election_id=election_id,
            to=to,
            nominations_close=day_of(request.form.get("nominations_close", "")),
        )

    return _changed(node_id, poll, "move", moved, "Polling day is moved.")


@pages.post("/<int:election_id>/suspend")
def suspend(node_id: int, election_id: int) -> ResponseReturnValue:
    """Stop an election, in words that the candidates' teams will read."""
    poll, why = _poll_to_change(node_id, election_id), request.form.get("why", "")

    def stopped() -> None:
        elections.suspend(current.session(), actor=current.actor(), now=current.now(), election_id=election_id, why=why)

    return _changed(node_id, poll, "suspend", stopped, "The election is suspended.")


@pages.post("/<int:election_id>/resume")
def resume(node_id: int, election_id: int) -> ResponseReturnValue:
    """Let an election run again."""
    poll = _poll_to_change(node_id, election_id)

    def running() -> None:
        elections.resume(current.session(), actor=current.actor(), now=current.now(), election_id=election_id)

    return _changed(node_id, poll, "resume", running, "The election runs again.")


def what_moved(moved: Moved) -> str:
    """What became of the open orders, as a sentence."""
    said = [
        f"{count_of(number, 'order')} {words}"
        for number, words in (
            (moved.deadlines, "got a new deadline"),
            (moved.held, "held back"),
            (moved.put_back, "back in the queue"),
        )
        if number
    ]
    return f"{', '.join(said)}." if said else "No open order had to change."


def _office(node_id: int) -> Node:
    return access.require_at(current.session(), current.actor(), Action.SEE_BOARD, node_id)


def _poll(node_id: int, election_id: int) -> PollRow:
    return polls.one_below(
        current.session(), actor=current.actor(), now=current.now(), node_id=node_id, election_id=election_id
    )


def _poll_to_change(node_id: int, election_id: int) -> PollRow:
    """The same, for somebody who may; asked before the form is read, so that a bad form is no way around it."""
    poll = _poll(node_id, election_id)
    elections.require_change(current.session(), actor=current.actor(), row=poll.row)
    return poll


def _changed(node_id: int, poll: PollRow, form: str, change: Callable[[], None], done: str) -> ResponseReturnValue:
    """Do it and say what moved, or show the page with the problem at its form."""
    election_id = poll.row.id
    try:
        change()
    except Invalid as error:
        return _page(node_id, NotTaken(election_id, form, request.form, error))
    flash(f"{done} {what_moved(polls.moved_since(current.session(), poll.orders))}")
    return redirect(url_for("polls.page", node_id=node_id))


def _page(node_id: int, not_taken: NotTaken | None = None) -> ResponseReturnValue:
    node, found = polls.below(current.session(), actor=current.actor(), now=current.now(), node_id=node_id)
    shown = render_template(
        "elections.html",
        node=node,
        polls=found,
        not_taken=not_taken,
        pickers={poll.row.id: _picker(node, poll, not_taken) for poll in found},
        by_election=Kind.PARLIAMENT_BY,
        today=current.now().date().isoformat(),
    )
    return make_response(shown, 422 if not_taken and not_taken.problem else 200)


def _picker(node: Node, poll: PollRow, not_taken: NotTaken | None) -> Picker:
    """The field for where an announcement holds."""
    typed = not_taken.typed if not_taken and not_taken.of(poll.row.id, "announce") else {}
    source = url_for("polls.places", node_id=node.id, election_id=poll.row.id)
    return place_picker.picker(_entries(node, poll), typed, source)


def _entries(node: Node, poll: PollRow) -> list[Entry]:
    """Where it may hold: in one of the places, or in all of the office's."""
    there = [
        Entry(str(place.id), place.name, also=f"{place.code} {other_names().get(place.code, '')}")
        for place in poll.places
    ]
    if any(place.id == node.id for place in poll.places):
        return there
    return [Entry(str(node.id), f"All of {node.name}"), *there]


def _needed(field: str, what: str) -> date:
    return needed_day(request.form.get(field, ""), f"The {what} is missing.", "Give it.")
