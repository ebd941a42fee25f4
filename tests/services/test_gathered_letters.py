"""Forty events are not forty mails: what is gathered comes together, on a real mail server, as each person chose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clockwork import Clockwork
from hypothesis import given
from hypothesis import strategies as st
from mail_server import Letterbox

from leaflets.domain.clock.moments import in_london
from leaflets.domain.notices import MORNING, NOTICES, Notice, Pace, chosen, paces_of, posted_at
from leaflets.mail import MailServer
from leaflets.services import alerts, outbox
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person

NOW = datetime(2027, 2, 1, 10, 17, tzinfo=UTC)
SITE = "https://leaflets.example.org"


def choose(clock: Clockwork, person: Person, **chosen: Pace) -> None:
    with clock.sessions() as session:
        paces = {Notice[name]: pace for name, pace in chosen.items()}
        alerts.choose(session, actor=person, choices=paces)


def tell(clock: Clockwork, person: Person, kind: Notice, sentence: str, leaflet: Leaflet | None = None) -> None:
    with clock.sessions.begin() as session:
        alerts.tell(
            session,
            [person],
            now=NOW,
            kind=kind,
            subject=f"{NOTICES[kind].label}: {leaflet.title if leaflet else ''}",
            sentence=sentence,
            leaflet=session.get_one(Leaflet, leaflet.id) if leaflet else None,
            path="" if leaflet else "/access",
        )


def send(clock: Clockwork, box: Letterbox, now: datetime) -> list[str]:
    """The bodies of the mails that go out at that moment."""
    before = len(box.letters)
    with clock.sessions() as session:
        outbox.send(session, server=MailServer(box.url, "leaflets@example.org"), base_url=SITE, now=now)
    return [letter.get_content().replace("\r\n", "\n") for letter in box.letters[before:]]


def test_forty_comments_of_an_hour_come_in_one_mail_a_line_each_by_leaflet(
    clock: Clockwork, letters: Letterbox
) -> None:
    first, second = clock.leaflet(), clock.leaflet()
    for number in range(20):
        tell(clock, clock.agent, Notice.COMMENT, f"Nat says {number}.", first)
        tell(clock, clock.agent, Notice.COMMENT, f"Rita says {number % 10}.", second)
    assert send(clock, letters, NOW + timedelta(minutes=42)) == []
    mails = send(clock, letters, NOW + timedelta(minutes=43))
    assert len(mails) == 1
    lines = [line for line in mails[0].splitlines() if line.startswith("- ")]
    assert len(lines) == 30  # what Rita says twice is read once
    assert mails[0].count(f"{SITE}/leaflets/{first.id}\n") == 1
    assert f"{SITE}/account/notices" in mails[0]
    assert letters.letters[0]["Subject"] == "Comment: Tiny, and 29 more"
    assert send(clock, letters, NOW + timedelta(hours=5)) == []


def test_more_than_one_claim_takes_still_comes_in_one_mail(clock: Clockwork, letters: Letterbox) -> None:
    for number in range(outbox.AT_ONCE + 20):
        tell(clock, clock.agent, Notice.COMMENT, f"Nat says {number}.", None)
    mails = send(clock, letters, NOW + timedelta(hours=1))
    assert len(mails) == 1
    assert f"And {outbox.AT_ONCE + 20 - outbox.LINES} more" in mails[0]


def test_each_hears_as_they_chose_and_what_is_urgent_leads(clock: Clockwork, letters: Letterbox) -> None:
    leaflet = clock.leaflet()
    choose(clock, clock.agent, COMMENT=Pace.DAILY, OBJECTION=Pace.DAILY)
    choose(clock, clock.rita, COMMENT=Pace.NEVER, OBJECTION=Pace.NOWHERE)
    choose(clock, clock.nat, COMMENT=Pace.AT_ONCE)
    for person in (clock.agent, clock.rita, clock.nat):
        tell(clock, person, Notice.COMMENT, "Olga comments.", leaflet)
        tell(clock, person, Notice.OBJECTION, "Olga objects.", leaflet)
    assert len(send(clock, letters, NOW)) == 1
    assert [letter["To"] for letter in letters.letters] == ["nat@example.org"]
    assert send(clock, letters, NOW + timedelta(hours=20)) == []
    morning = send(clock, letters, datetime(2027, 2, 2, 7, 30, tzinfo=UTC))
    assert len(morning) == 1
    assert morning[0].index("Olga objects.") < morning[0].index("Olga comments.")
    with clock.sessions() as session:
        assert [alert.kind for alert in alerts.unseen(session, actor=clock.rita)] == [Notice.COMMENT]
        assert len(alerts.unseen(session, actor=clock.agent)) == 2


def test_a_letter_without_a_kind_is_never_put_together_with_another(clock: Clockwork, letters: Letterbox) -> None:
    from leaflets.storage.alert import Letter

    tell(clock, clock.agent, Notice.OBJECTION, "Rita objects.", clock.leaflet())
    with clock.sessions.begin() as session:
        secret = {"subject": "Your way in", "body": "Here it is.", "path": "/sign-in/secret", "message_id": "one"}
        moments = {"written_at": NOW, "not_before": NOW}
        session.add(Letter(person_id=clock.agent.id, address=clock.agent.email, **secret, **moments))
    mails = send(clock, letters, NOW)
    assert len(mails) == 2
    assert mails[0].strip() == f"Here it is.\n\n{SITE}/sign-in/secret"


@given(
    st.integers(0, 700 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from(Pace),
)
def test_a_letter_goes_out_soon_and_a_daily_one_in_the_morning_in_london_whatever_the_clocks_do(
    now: datetime, pace: Pace
) -> None:
    goes = posted_at(pace, now)
    if pace in (Pace.NEVER, Pace.NOWHERE):
        assert goes is None
        return
    assert goes is not None
    assert (
        timedelta()
        <= goes - now
        <= {Pace.AT_ONCE: timedelta(), Pace.HOURLY: timedelta(hours=1)}.get(pace, timedelta(hours=25))
    )
    if pace is Pace.DAILY:
        assert in_london(goes).time() == MORNING


def test_every_kind_can_be_chosen_and_nonsense_is_as_if_nobody_had() -> None:
    assert set(NOTICES) == set(Notice)
    for kind, rule in NOTICES.items():
        assert chosen(kind, "yearly") is rule.pace
        assert (Pace.NOWHERE in paces_of(kind)) is not rule.urgent
    assert chosen(Notice.CANNOT, Pace.NOWHERE) is Pace.AT_ONCE
