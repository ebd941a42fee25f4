"""Taking the words that a reviewer suggests: an ordinary edit of the zone, and the end of the comment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.leaflet import OP_ID, Act, canonical_json
from leaflets.domain.permissions import Action
from leaflets.services.review import comments
from leaflets.services.studio import words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Comment
from leaflets.storage.session import writing


def take(
    session: Session, *, actor: Person, now: datetime, comment_id: int, op_id: str, base_version: int | None = None
) -> Comment:
    """Put the suggested words into the zone, as an edit that can be undone; the comment is resolved by it.

    `base_version` is that of the words which the person saw. Where the zone says the suggestion already, and however
    often it is sent, the words stay as they are. Raises `Conflict` where somebody has changed the zone since, `Invalid`
    for a comment that suggests nothing, `NotFound`, `Refused`.
    """
    if not OP_ID.fullmatch(op_id):
        raise Invalid("This change has no proper number.", "Reload the page, then take the suggestion again.")
    with writing(session):
        comment, target = comments.locked(session, actor, comment_id, Action.EDIT_LEAFLET)
        if comment.suggestion is None or not comment.zone:
            raise Invalid("This comment suggests no words.", "Change the words yourself, then answer it.")
        if comment.taken_at is not None and comment.resolved_at is not None:
            return comment
        _put(session, actor, now, target, comment, op_id, base_version)
        comment.taken_at = now
        comment.resolved_at, comment.resolved_by = now, actor.id
        comments.note(session, actor, now, "suggestion taken", comment, target)
    return comment


def _put(
    session: Session,
    actor: Person,
    now: datetime,
    target: Leaflet,
    comment: Comment,
    op_id: str,
    base_version: int | None,
) -> None:
    text = next((each for each in target.texts if each.zone == comment.zone), None)
    if text is not None and canonical_json(text.value) == canonical_json(comment.suggestion):
        return
    if base_version is not None and text is not None and base_version != text.version:
        raise Conflict("These words were changed a moment ago.", "Look at them, then take the suggestion again.")
    words.put(session, actor, now, target, {comment.zone: comment.suggestion}, act=Act.TYPED, step=op_id[:56])
    target.changed_at = now
