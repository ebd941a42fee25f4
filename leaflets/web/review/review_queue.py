"""What waits for an office: the least slack first, and the way from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import NotFound
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import APPROVERS, SIGNED_IN, Action, require
from leaflets.domain.review.approval import ZoneState
from leaflets.services.review import absences, review_queue, under_review
from leaflets.services.review.review_queue import Row, Whose
from leaflets.services.roles import grants
from leaflets.web import current
from leaflets.web.images import Image
from leaflets.web.press.proofs import images_of
from leaflets.web.review.review_words import zones_words

pages = Blueprint("review_queue", __name__)


@dataclass(frozen=True, slots=True)
class Waits:
    """One line of the queue: `what` needs a person, in words; `alike` other leaflets wait with the same words.

    `own` says, where it is their own, what whoever looks did: `sent` it, or `wrote` all that waits.
    """

    row: Row
    picture: Image | None
    what: str
    alike: int
    own: str


@pages.get("/approvals")
def page() -> ResponseReturnValue:
    """What waits for the offices in which somebody sits, and with `whose=below` for those below them."""
    _require_office()
    whose = Whose.BELOW if request.args.get("whose") == Whose.BELOW else Whose.MINE
    office = request.args.get("office", type=int)
    queue = review_queue.queue(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        whose=whose,
        office_id=office,
        late=request.args.get("late") == "yes",
        find=request.args.get("find", "")[:100],
        page=request.args.get("page", default=1, type=int) or 1,
    )
    proofs = under_review.proofs_of(current.session(), [row.submission_id for row in queue.rows])
    lines = []
    for row in queue.rows:
        proof = proofs.get(row.submission_id)
        labels = [words.label for words in row.words]
        alike = max((words.alike for words in row.words), default=0)
        picture = images_of(proof, row.title)[0] if proof and proof.pages else None
        lines.append(Waits(row, picture, zones_words(labels), alike, _own(row)))
    kept = {name: request.args[name] for name in ("whose", "office", "late", "find") if request.args.get(name)}
    return render_template(
        "queue.html",
        queue=queue,
        lines=lines,
        kept=kept,
        whose=whose,
        office=office,
        has_below=_has_below(),
        stands_in=absences.standing_in(current.session(), actor=current.actor(), now=current.now()),
    )


@pages.get("/approvals/next")
def next_one() -> ResponseReturnValue:
    """On to what waits after a submission in the order of the queue; to the queue itself when nothing does."""
    _require_office()
    after = request.args.get("after", default=0, type=int)
    following = review_queue.next_after(current.session(), actor=current.actor(), submission_id=after)
    if following is None:
        if not review_queue.count(current.session(), current.actor()):
            flash("That was the last: nothing waits for you.")
        return redirect(url_for("review_queue.page"))
    return redirect(url_for("approvals.page", submission_id=following))


def _own(row: Row) -> str:
    if row.sent_by == current.actor().id:
        return "sent"
    own = [words.own for words in row.words if words.state is ZoneState.WAITING]
    return "wrote" if own and all(own) else ""


def _has_below() -> bool:
    """Whether there are offices below those in which somebody sits: a region has none."""
    mine = grants.held_by(current.session(), current.actor().id)
    return any(grant.node and grant.role in APPROVERS and grant.node.tier != Tier.REGION for grant in mine)


def _require_office() -> None:
    """Pass in silence for somebody who approves anywhere. Raises `NotFound` for who has no role, `Refused`."""
    held = {str(grant.role) for grant in grants.held_by(current.session(), current.actor().id) if not grant.printer_id}
    if not held:
        raise NotFound("There is no such page, or you have no part in it.", "Ask your organisation for an office.")
    require(Action.SEE_QUEUE, held | {SIGNED_IN})
