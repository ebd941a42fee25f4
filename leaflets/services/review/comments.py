"""What is said about a leaflet: at a zone, at a point of a page, or of all of it; answered, resolved.

A comment is words and nothing else: whatever looks like markup in it is shown as it was typed. What a reviewer wants
changed is a comment too (`asks_change`), with the words that they would pass (`suggestion`; taken in suggestions.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.leaflet import OP_ID, ZONE_KEY, Edit, why_not_storable
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import APPROVERS, Action
from leaflets.domain.words.free_text import free_text
from leaflets.services import access, alerts, audit, leaflets
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Comment
from leaflets.storage.session import writing

LONGEST = 2_000
"""Characters of one comment: more is a conversation, and belongs on the telephone."""

MOST_ANSWERS = 200
"""To one comment."""

FURTHEST_MM = 2_000.0
"""No page is larger."""

MOST_PAGES = 64


@dataclass(frozen=True, slots=True)
class Place:
    """What a comment is about: a zone, a point in millimetres from the top left of the trimmed page, both, or neither.

    Pages count from 1.
    """

    zone: str = ""
    page: int | None = None
    x_mm: float | None = None
    y_mm: float | None = None


def make(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    leaflet_id: int,
    words: str,
    place: Place | None = None,
    op_id: str | None = None,
    words_hash: str = "",
) -> Comment:
    """Say something about a leaflet; its team is told when somebody of an office said it.

    Sent twice with one `op_id` it is made once. Raises `Invalid` for no words, too many or no such place, `Conflict`
    for an `op_id` that was another comment's, `NotFound`, `Refused`.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.COMMENT)
        return made(
            session,
            actor,
            now,
            target,
            words,
            place=place or Place(),
            op_id=op_id,
            words_hash=words_hash,
        )


def made(
    session: Session,
    actor: Person,
    now: datetime,
    target: Leaflet,
    words: str,
    *,
    place: Place,
    op_id: str | None = None,
    submission_id: int | None = None,
    words_hash: str = "",
    asks_change: bool = False,
    suggestion: Any = None,
    telling: bool = True,
) -> Comment:
    """`make` for other services, inside their transaction and with the leaflet locked.

    `asks_change` with a `suggestion`, a value for the zone, is what a reviewer asks for; it may go without words then.
    """
    before = _sent_before(session, actor, target, op_id)
    if before is not None:
        return before
    said = _in_words(words, may_be_empty=asks_change and suggestion is not None)
    _check_place(target, place)
    _check_suggestion(place, suggestion)
    comment = Comment(
        leaflet_id=target.id,
        submission_id=submission_id,
        op_id=op_id,
        zone=place.zone,
        page=place.page,
        x_mm=place.x_mm,
        y_mm=place.y_mm,
        words=said,
        words_hash=words_hash,
        asks_change=asks_change,
        suggestion=suggestion,
        by=actor.id,
        at=now,
    )
    session.add(comment)
    session.flush()
    note(session, actor, now, "change asked" if asks_change else "comment made", comment, target)
    if telling and _is_of_an_office(session, actor, target):
        _tell(session, actor, now, target, said, alerts.team(session, target.campaign_id))
    return comment


def answer(
    session: Session, *, actor: Person, now: datetime, comment_id: int, words: str, op_id: str | None = None
) -> Comment:
    """Answer a comment; whoever has spoken there is told. An answer to an answer goes to the same comment.

    Raises as `make` does.
    """
    with writing(session):
        first, target = locked(session, actor, comment_id, Action.COMMENT)
        before = _sent_before(session, actor, target, op_id)
        if before is not None:
            return before
        said = _in_words(words)
        earlier = list(session.scalars(select(Comment).where(Comment.answers_id == first.id)))
        if len(earlier) >= MOST_ANSWERS:
            raise Invalid("This comment has all the answers it can hold.", "Resolve it, and make a new one.")
        given = Comment(
            leaflet_id=target.id,
            submission_id=first.submission_id,
            answers_id=first.id,
            suggestion=None,
            op_id=op_id,
            zone=first.zone,
            words=said,
            by=actor.id,
            at=now,
        )
        session.add(given)
        session.flush()
        note(session, actor, now, "comment answered", given, target)
        heard = {first.by, *(each.by for each in earlier)} - {actor.id}
        people = list(session.scalars(select(Person).where(Person.id.in_(heard))))
        if _is_of_an_office(session, actor, target):
            people += alerts.team(session, target.campaign_id)
        _tell(session, actor, now, target, said, people)
    return given


def resolve(session: Session, *, actor: Person, now: datetime, comment_id: int) -> Comment:
    """Say that a comment needs nothing more; said twice it changes nothing. Raises `NotFound` or `Refused`."""
    with writing(session):
        first, target = locked(session, actor, comment_id, Action.COMMENT)
        if first.resolved_at is None:
            first.resolved_at, first.resolved_by = now, actor.id
            note(session, actor, now, "comment resolved", first, target)
    return first


def reopen(session: Session, *, actor: Person, now: datetime, comment_id: int) -> Comment:
    """Say that a comment does need something. Raises `NotFound` or `Refused`."""
    with writing(session):
        first, target = locked(session, actor, comment_id, Action.COMMENT)
        if first.resolved_at is not None:
            first.resolved_at = first.resolved_by = None
            note(session, actor, now, "comment reopened", first, target)
    return first


def comment(session: Session, *, actor: Person, comment_id: int, action: Action = Action.COMMENT) -> Comment:
    """One comment, for somebody who may do `action` to its leaflet. Raises `NotFound` or `Refused`."""
    found = session.get(Comment, comment_id)
    if found is None:
        raise access.not_found("comment")
    access.require(session, actor, action, found.leaflet.campaign_id, what="comment")
    return found


def locked(session: Session, actor: Person, comment_id: int, action: Action) -> tuple[Comment, Leaflet]:
    """For other services: what began the thread, and its leaflet, locked for somebody who may do `action` to it."""
    found = session.get(Comment, comment_id)
    if found is None:
        raise access.not_found("comment")
    try:
        target = leaflets.locked(session, actor, found.leaflet_id, action)
    except NotFound:
        raise access.not_found("comment") from None
    first_id = found.answers_id or found.id
    first = session.get_one(Comment, first_id, populate_existing=True)
    return first, target


def _sent_before(session: Session, actor: Person, target: Leaflet, op_id: str | None) -> Comment | None:
    if op_id is None:
        return None
    if not OP_ID.fullmatch(op_id):
        raise Invalid("This comment has no proper number.", "Reload the page and send it again.")
    before = session.scalar(select(Comment).where(Comment.op_id == op_id))
    if before is not None and (before.leaflet_id, before.by) != (target.id, actor.id):
        raise Conflict("Another comment was sent with this number before.", "Send it again.")
    return before


def _in_words(typed: str, *, may_be_empty: bool = False) -> str:
    said = free_text(typed, "A comment", longest=LONGEST)
    if not said and not may_be_empty:
        raise Invalid("A comment needs words.", "Write what you want to say.")
    return said


def _check_place(target: Leaflet, place: Place) -> None:
    if place.zone and not (ZONE_KEY.fullmatch(place.zone) and place.zone in target.values):
        raise Invalid("This leaflet has no such zone.", "Reload the page and choose one that it has.")
    point = (place.page, place.x_mm, place.y_mm)
    if point == (None, None, None):
        return
    if place.page is None or place.x_mm is None or place.y_mm is None or not 1 <= place.page <= MOST_PAGES:
        raise Invalid("That is no point of a page.", "Point at a page, then write.")
    if not all(isfinite(mm) and 0 <= mm <= FURTHEST_MM for mm in (place.x_mm, place.y_mm)):
        raise Invalid("That point is not on the page.", "Point at a page, then write.")


def _check_suggestion(place: Place, suggestion: Any) -> None:
    if suggestion is None:
        return
    if not place.zone:
        raise Invalid("Words are suggested for a zone.", "Choose the zone, then write them.")
    if wrong := why_not_storable(Edit("suggestion", place.zone, suggestion, 0)):
        raise Invalid(*wrong)


def _is_of_an_office(session: Session, person: Person, target: Leaflet) -> bool:
    return not APPROVERS.isdisjoint(access.roles_in(session, person, target.campaign_id))


def _tell(session: Session, actor: Person, now: datetime, target: Leaflet, said: str, people: list[Person]) -> None:
    alerts.tell(
        session,
        [person for person in people if person.id != actor.id],
        now=now,
        leaflet=target,
        kind=Notice.COMMENT,
        subject=f"{actor.name} on {target.title}",
        sentence=f"{actor.name}: {said}",
    )


def note(session: Session, actor: Person, now: datetime, what: str, comment: Comment, target: Leaflet) -> None:
    """The audit row of something that was done to a comment."""
    where = comment.zone or (f"page {comment.page}" if comment.page else "")
    audit.of_leaflet(session, actor, now, what, target, became=f"comment {comment.id}{': ' if where else ''}{where}")
