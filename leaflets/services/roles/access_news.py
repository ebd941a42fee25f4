"""What is told of a request for access: to whoever must answer it, and to whoever asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import say
from leaflets.domain.notices import Notice
from leaflets.services import alerts
from leaflets.services.roles.answering import answerers, name_of_asked, seat_of
from leaflets.storage.grant import AccessRequest
from leaflets.storage.people import Person

PATH = "/access"
"""Where on the site it is asked and answered."""


def what(request: AccessRequest) -> str:
    """`helper of Ada for Harbour`."""
    return f"{request.role.label} of {seat_of(request).name}"


def names(people: Iterable[Person]) -> str:
    """`Agnes Pier, Rita`; or that there is nobody."""
    return ", ".join(person.name for person in people) or "nobody yet"


def tell_answerers(session: Session, now: datetime, request: AccessRequest) -> None:
    """Tell whoever must answer, and by when."""
    again = f"Since {say(request.asked_at, now)} nobody has answered. " if request.moved else ""
    alerts.tell(
        session,
        answerers(session, request),
        now=now,
        kind=Notice.ACCESS_ASKED,
        subject=f"{request.person.name} asks to be {what(request)}",
        sentence=f"{again}{request.person.name} asks to be {what(request)}: “{request.words}” "
        f"Please answer by {say(request.answer_by, now)}.",
        path=_path(request),
    )


def tell_of_move(session: Session, now: datetime, request: AccessRequest, before: str) -> None:
    """Tell the asker that those who were asked did not answer, and who is to answer now."""
    who, by = names(answerers(session, request)), say(request.answer_by, now)
    asked = (
        f"{before} was asked once more" if name_of_asked(request) == before else f"{name_of_asked(request)} was asked"
    )
    alerts.tell(
        session,
        [request.person],
        now=now,
        kind=Notice.MOVED,
        subject=f"Your request to be {what(request)}",
        sentence=f"{before} did not answer in time whether you can be {what(request)}, so {asked} ({who}), to answer "
        f"by {by}.",
        path=_path(request),
    )


def settle(session: Session, now: datetime, request: AccessRequest) -> None:
    """Nobody is asked any more: what asked them leaves their pages."""
    alerts.settled(session, now=now, kind=Notice.ACCESS_ASKED, path=_path(request))


def tell_answer(session: Session, actor: Person, now: datetime, request: AccessRequest) -> None:
    """Tell the asker what was answered, and why."""
    is_given = request.state == "given"
    given = f"{actor.name} made you {what(request)}."
    refused = f"{actor.name} did not make you {what(request)}, because: {request.answer}"
    alerts.tell(
        session,
        [request.person],
        now=now,
        kind=Notice.ACCESS_ANSWERED,
        subject=f"Your request to be {what(request)}",
        sentence=given if is_given else refused,
        path=seat_of(request).path if is_given else _path(request),
    )


def _path(request: AccessRequest) -> str:
    return f"{PATH}#request-{request.id}"
