"""What people are told of, how urgent each kind is, and when a letter about it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from leaflets.domain.clock.moments import DAY, at, in_london

MORNING = time(7, 30)
"""When the letter of a day is sent, by London's clock: before the office opens, and after anybody's alarm clock."""

_HOUR = timedelta(hours=1)


class Notice(StrEnum):
    """What something that is told is about. The value is stable: it is stored."""

    PLAN = "plan"
    CANNOT = "cannot-make-it"
    ORDER_STOPPED = "order-stopped"
    ASKED = "approval-asked"
    REMINDER = "reminder"
    MOVED = "moved-on"
    ANSWERED = "approval-answered"
    CHANGE = "change-asked"
    COMMENT = "comment"
    OBJECTION = "objection"
    MESSAGE = "message-withdrawn"
    ACCESS_ASKED = "access-asked"
    ACCESS_ANSWERED = "access-answered"
    ROLE = "role-given"
    STANDS_IN = "stands-in"


class Pace(StrEnum):
    """How somebody hears of a kind of thing by e-mail. `NOWHERE` keeps it off the page as well."""

    AT_ONCE = "at-once"
    HOURLY = "hourly"
    DAILY = "daily"
    NEVER = "never"
    NOWHERE = "nowhere"

    @property
    def label(self) -> str:
        """What a person chooses."""
        return _PACES[self]


_PACES = {
    Pace.AT_ONCE: "At once",
    Pace.HOURLY: "Once an hour, together",
    Pace.DAILY: "Once a day, together",
    Pace.NEVER: "Only on the page",
    Pace.NOWHERE: "Not at all",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind: what stands before its sentence, what it is in words, and how it is mailed where nobody chose.

    `urgent` stays on the page whatever somebody chooses. `many` is what several of one kind are called, after their
    number, where they read as one line.
    """

    label: str
    words: str
    pace: Pace
    many: str
    urgent: bool = False


NOTICES: dict[Notice, Rule] = {
    Notice.CANNOT: Rule(
        "Cannot make it", "A leaflet cannot make it in time", Pace.AT_ONCE, "leaflets cannot make it", True
    ),
    Notice.ORDER_STOPPED: Rule("Order stopped", "An order was stopped", Pace.AT_ONCE, "orders were stopped", True),
    Notice.PLAN: Rule(
        "Time", "A leaflet’s time becomes tight, or it is late", Pace.AT_ONCE, "leaflets are tight or late"
    ),
    Notice.OBJECTION: Rule("Objection", "A leaflet is objected to, or that is answered", Pace.AT_ONCE, "objections"),
    Notice.MESSAGE: Rule(
        "Message", "A message you use is withdrawn or corrected", Pace.AT_ONCE, "messages were withdrawn or corrected"
    ),
    Notice.REMINDER: Rule(
        "Still waits", "Something has waited long for you", Pace.AT_ONCE, "things still wait for you"
    ),
    Notice.ASKED: Rule(
        "To approve", "A leaflet waits for your approval", Pace.HOURLY, "leaflets wait for your approval"
    ),
    Notice.MOVED: Rule(
        "Moved on",
        "Nobody answered in time, or its seat was moved, and it went to somebody else or passed",
        Pace.HOURLY,
        "leaflets have moved on",
    ),
    Notice.ANSWERED: Rule("Answered", "Your leaflet is approved or sent back", Pace.AT_ONCE, "leaflets were answered"),
    Notice.CHANGE: Rule("Change asked", "A change of your words is asked for", Pace.AT_ONCE, "changes are asked for"),
    Notice.COMMENT: Rule("Comment", "Somebody comments, or answers you", Pace.HOURLY, "comments"),
    Notice.ACCESS_ASKED: Rule("Access", "Somebody asks you for access", Pace.AT_ONCE, "people ask for access"),
    Notice.ACCESS_ANSWERED: Rule(
        "Access", "Your own request for access is answered", Pace.AT_ONCE, "answers about access"
    ),
    Notice.ROLE: Rule("Role", "A role is given to you, or ends", Pace.AT_ONCE, "roles were given or ended"),
    Notice.STANDS_IN: Rule("Stands in", "You are to answer for somebody who is away", Pace.AT_ONCE, "people are away"),
}
"""In the order in which somebody chooses among them; the most urgent first."""


def paces_of(notice: Notice) -> tuple[Pace, ...]:
    """What may be chosen for a kind: whatever is urgent stays on the page."""
    return tuple(pace for pace in Pace if pace is not Pace.NOWHERE or not NOTICES[notice].urgent)


def chosen(notice: Notice, said: str | None) -> Pace:
    """The pace of a kind: as somebody said, where that may be said of it, else as it is where nobody chose."""
    return Pace(said) if said in paces_of(notice) else NOTICES[notice].pace


def posted_at(pace: Pace, now: datetime) -> datetime | None:
    """When a letter that is written now goes out; None when it is not mailed.

    What is gathered goes with everything else of its hour, on the next full hour, or of its day, the next morning in
    London.
    """
    match pace:
        case Pace.AT_ONCE:
            return now
        case Pace.HOURLY:
            return now.replace(minute=0, second=0, microsecond=0) + _HOUR
        case Pace.DAILY:
            today = in_london(now).date()
            this_morning = at(today, MORNING)
            return this_morning if now < this_morning else at(today + DAY, MORNING)
        case _:
            return None
