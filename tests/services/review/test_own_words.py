"""Somebody who is of a campaign's team and of its office: nobody passes what they sent, while somebody else can."""

import pytest
from reviewing import Desk
from sqlalchemy import select

from leaflets.domain.errors import Conflict
from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import State
from leaflets.services.review import absences, review_queue, under_review
from leaflets.services.roles import grants
from leaflets.storage.alert import Alert
from leaflets.storage.grant import Grant
from leaflets.storage.people import Person
from leaflets.storage.review import ZonePass


@pytest.fixture
def desk(database_url: str) -> Desk:
    made = Desk(database_url)
    help_out(made, made.rita)
    return made


def help_out(desk: Desk, person: Person) -> None:
    with desk.sessions() as session:
        grants.give(
            session,
            actor="a test",
            now=desk.now,
            person_id=person.id,
            role=Role.AGENT,
            campaign_id=desk.clock.campaign.id,
        )


def leave(desk: Desk, *people: Person) -> None:
    with desk.sessions() as session:
        for person in people:
            held = session.scalars(select(Grant.id).where(Grant.person_id == person.id, Grant.node_id.is_not(None)))
            for grant_id in held.all():
                grants.end(session, actor="a test", now=desk.now, grant_id=grant_id)


def test_what_an_approver_sends_goes_to_somebody_else_who_is_told(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"), by=desk.rita)
    assert desk.sent(sent).asked_of_id == desk.clock.nation.id
    with desk.sessions() as session:
        told = session.scalars(select(Alert.person_id).where(Alert.sentence.contains("sent this leaflet")))
        assert set(told) == {desk.nat.id}
        assert [
            each.name for each in under_review.reading(session, actor=desk.rita, submission_id=sent.id).instead
        ] == ["Nat", "Olga"]
        assert review_queue.next_after(session, actor=desk.rita, submission_id=0) is None
    for decide in (desk.pass_, lambda each, by: desk.ask_change(each, "headline", by, suggestion="Mine")):
        with pytest.raises(Conflict) as refusal:
            decide(sent, by=desk.rita)
        assert refusal.value.code == "own-words"
        assert "Nat" in refusal.value.message
    assert desk.pass_(sent, by=desk.nat).submission.state == State.APPROVED


def test_passing_the_same_words_elsewhere_leaves_out_what_one_sent(desk: Desk) -> None:
    own = desk.send(desk.leaflet(headline="A bus at ten"), by=desk.rita)
    other = desk.send(desk.leaflet(headline="A bus at ten"))
    assert desk.everywhere(other, "headline").elsewhere == 0
    assert desk.sent(own).state == State.WAITING


def test_whoever_is_alone_passes_their_own_and_the_certificate_says_so(desk: Desk) -> None:
    leave(desk, desk.nat, desk.olga)
    leaflet = desk.leaflet(headline="A bus at ten")
    assert desk.pass_(desk.send(leaflet, by=desk.rita)).submission.state == State.APPROVED
    approval = desk.covering(leaflet)
    assert approval is not None
    assert "sent it themselves" in str(approval.certificate)


def test_while_the_others_are_away_one_is_alone(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"), by=desk.rita)
    today = desk.now.date()
    with desk.sessions() as session:
        for person in (desk.nat, desk.olga):
            absences.note(session, actor=person, now=desk.now, first_day=today, last_day=today)
    # Rita is not of the nation's office, which is asked; but the stage is her own region's.
    desk.pass_(sent, by=desk.rita)
    with desk.sessions() as session:
        assert {each.because for each in session.scalars(select(ZonePass).where(ZonePass.by == desk.rita.id))} == {
            "They sent it themselves: nobody else could answer that day."
        }
