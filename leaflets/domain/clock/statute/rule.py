"""The shape of a statutory rule: one event, counted in one way, by one law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from leaflets.domain.clock.working_days import Skips


class Event(StrEnum):
    """What happens; the value is the key in every JSON answer."""

    DISSOLUTION = "dissolution"
    WRIT = "writ"
    NOTICE_EARLIEST = "notice_of_election_earliest"
    NOTICE = "notice_of_election"
    NOMINATIONS_EARLIEST = "close_of_nominations_earliest"
    NOMINATIONS_LATEST = "close_of_nominations_latest"
    NOMINATIONS = "close_of_nominations"
    WITHDRAWAL = "withdrawal"
    ELECTION_AGENT = "appoint_election_agent"
    SOPN = "sopn"
    SOPN_OBJECTIONS = "sopn_if_objections"
    REGISTER = "register_to_vote"
    POSTAL = "postal_vote_application"
    PROXY = "proxy_vote_application"
    ABSENT = "absent_vote_application"
    VOTER_CERTIFICATE = "voter_authority_certificate"
    POLLING_AGENTS = "appoint_polling_agents"
    LOST_PACK = "lost_postal_pack_from"
    EMERGENCY_PROXY = "emergency_proxy"
    EXPENSES = "expenses_return"

    @property
    def label(self) -> str:
        """What a person reads in a table."""
        return _TITLES[self]


_TITLES = {
    Event.DISSOLUTION: "Parliament is dissolved",
    Event.WRIT: "Writ received",
    Event.NOTICE_EARLIEST: "Notice of election, earliest",
    Event.NOTICE: "Notice of election, at the latest",
    Event.NOMINATIONS_EARLIEST: "Nominations close, earliest",
    Event.NOMINATIONS_LATEST: "Nominations close, at the latest",
    Event.NOMINATIONS: "Nominations close",
    Event.WITHDRAWAL: "Last withdrawal of a candidate",
    Event.ELECTION_AGENT: "Election agent appointed",
    Event.SOPN: "Statement of persons nominated",
    Event.SOPN_OBJECTIONS: "Statement of persons nominated, if there were objections",
    Event.REGISTER: "Register to vote",
    Event.POSTAL: "Apply for a postal vote",
    Event.PROXY: "Apply for a proxy vote",
    Event.ABSENT: "Apply for an absent vote (postal or proxy)",
    Event.VOTER_CERTIFICATE: "Apply for a Voter Authority Certificate",
    Event.POLLING_AGENTS: "Polling and counting agents appointed",
    Event.LOST_PACK: "Lost postal packs replaced from",
    Event.EMERGENCY_PROXY: "Emergency proxy",
    Event.EXPENSES: "Return of election expenses",
}


class Counted(StrEnum):
    """From where, and in which days; the value finishes "the 19th …"."""

    BEFORE_POLL = "working day before polling day"
    BEFORE_NOMINATIONS = "working day before nominations close"
    AFTER_NOMINATIONS = "working day after nominations close"
    AFTER_RESULT = "day after the result is declared"
    AFTER_POLL = "day after polling day"
    ON_POLL = "polling day itself"
    WITH_NOMINATIONS = "the day on which nominations close"
    GIVEN = "the day fixed by the returning officer"


_NEVER = "weekends, Christmas Eve, Christmas Day, Good Friday"


@dataclass(frozen=True)
class Rule:
    """One row: the event, how it is counted, its hour (Europe/London; None for the whole day), and the law.

    `skips` says which days are not counted; where the count is in calendar days, on which days the end may not fall.
    `first_poll` and `last_poll` bound the polling days to which the row applies, both included.
    """

    event: Event
    days: int
    counted: Counted
    skips: Skips
    at: time | None
    source: str
    note: str = ""
    first_poll: date = date.min
    last_poll: date = date.max

    def applies(self, polling_day: date) -> bool:
        """Whether this row is the law for that polling day."""
        return self.first_poll <= polling_day <= self.last_poll

    @property
    def words(self) -> str:
        """The rule as a sentence fragment: how it is counted and which days are skipped."""
        match self.counted:
            case Counted.ON_POLL | Counted.WITH_NOMINATIONS | Counted.GIVEN:
                said = self.counted.value
            case Counted.AFTER_RESULT | Counted.AFTER_POLL:
                said = f"{_ordinal(self.days)} {self.counted}, moved on past {_NEVER} and {self.skips}"
            case _:
                said = f"{_ordinal(self.days)} {self.counted}, not counting {_NEVER} and {self.skips}"
        return f"{said}; {self.note}" if self.note else said


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
