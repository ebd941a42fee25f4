"""What was said about a leaflet, as conversations: each comment with its answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from leaflets.storage.leaflet import Leaflet
from leaflets.storage.review import Comment


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and what was answered to it, the first answer first."""

    comment: Comment
    answers: tuple[Comment, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.comment.resolved_at is None


def threads_of(session: Session, target: Leaflet) -> list[Thread]:
    """Everything said about a leaflet, the oldest first; the caller has seen to it that it may be seen."""
    said = (
        select(Comment)
        .where(Comment.leaflet_id == target.id)
        .order_by(Comment.id)
        .options(joinedload(Comment.author), joinedload(Comment.resolver))
    )
    firsts: list[Comment] = []
    answers: dict[int, list[Comment]] = defaultdict(list)
    for comment in session.scalars(said):
        if comment.answers_id is None:
            firsts.append(comment)
        else:
            answers[comment.answers_id].append(comment)
    return [Thread(comment, tuple(answers[comment.id])) for comment in firsts]
