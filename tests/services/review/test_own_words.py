"""Somebody who is of a campaign's team and of its office: nobody passes what they sent, while somebody else can."""

import pytest
from reviewing import WORDED, Desk
from sqlalchemy import select

from leaflets.domain.errors import Conflict
from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import State
from leaflets.services.review import absences, own_words, review_queue, under_review
from leaflets.services.roles import grants, people
from leaflets.services.studio import copies, history
from leaflets.storage.alert import Alert
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Submission, ZonePass


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


def test_what_an_approver_wrote_somebody_else_passes_and_is_asked_to(desk: Desk) -> None:
    leaflet = desk.leaflet(pledge="<p>A tram.</p>")
    desk.write(leaflet, by=desk.rita, headline="A bus at ten")
    sent = desk.send(leaflet)
    assert desk.sent(sent).asked_of_id == desk.clock.nation.id
    with desk.sessions() as session:
        told = session.scalars(select(Alert.person_id).where(Alert.sentence.contains("sent this leaflet")))
        assert set(told) == {desk.nat.id}
        own = under_review.reading(session, actor=desk.rita, submission_id=sent.id).own
        assert [each.name for each in own.instead] == ["Nat", "Olga"]
    for decide in (
        lambda: desk.pass_(sent, "headline", "pledge", by=desk.rita),
        lambda: desk.everywhere(sent, "headline", by=desk.rita),
        lambda: desk.ask_change(sent, "headline", desk.rita, suggestion="Mine"),
    ):
        with pytest.raises(Conflict, match="You wrote “Headline” yourself, so somebody else passes it: Nat or Olga"):
            decide()
    assert [each.zone for each in desk.pass_(sent, by=desk.rita).zones] == ["pledge"]
    with pytest.raises(Conflict, match="You wrote"):
        desk.pass_(sent, by=desk.rita)
    assert desk.pass_(sent, by=desk.nat).submission.state == State.APPROVED


def test_what_somebody_of_the_campaign_suggests_and_takes_themselves_another_looks_at(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    desk.ask_change(desk.send(leaflet), "headline", suggestion="A bus at nine")
    desk.write(leaflet, by=desk.rita, headline="A bus at nine")
    assert desk.waiting(desk.send(leaflet)) == {"headline"}


def test_words_are_of_whoever_changed_them_last(desk: Desk) -> None:
    leaflet = desk.leaflet()
    desk.write(leaflet, by=desk.rita, headline="A bus at ten")
    desk.write(leaflet, headline="A bus at eleven")
    assert desk.pass_(desk.send(leaflet), by=desk.rita).submission.state == State.APPROVED


def test_the_words_of_a_place_are_of_whoever_wrote_them_there_or_in_what_it_shares(desk: Desk) -> None:
    main = desk.leaflet(street="Quay Street")
    desk.write(main, by=desk.rita, headline="A bus at ten", pledge="<p>A tram.</p>")
    [place] = desk.places(main, "Docks")
    with desk.sessions() as session:
        known = {"actor": desk.agent, "now": desk.now, "template": WORDED}
        copies.choose_local(session, **known, leaflet_id=main.id, zones=["street", "pledge"])
    desk.write(place, pledge="<p>A tram to the docks.</p>")
    sent = desk.send(place)
    with desk.sessions() as session:
        submission = session.get_one(Submission, sent.id)
        written = own_words.of(session, desk.rita, submission).written
        assert {zone.zone for zone in submission.zones if zone.id in written} == {"headline"}


def test_words_keep_their_writer_when_somebody_else_splits_a_zone_between_places(desk: Desk) -> None:
    main = desk.leaflet(pledge="<p>A tram.</p>")
    desk.write(main, by=desk.rita, headline="A bus at ten")
    [place] = desk.places(main, "Docks")
    known = {"now": desk.now, "template": WORDED, "leaflet_id": main.id}
    for actor, local in ((desk.agent, ["headline"]), (desk.rita, ["headline", "pledge"])):
        with desk.sessions() as session:
            copies.choose_local(session, actor=actor, **known, zones=local)
    assert written_by_rita(desk, desk.send(place)) == {"headline"}


def test_words_keep_their_writer_when_somebody_else_brings_them_back(desk: Desk) -> None:
    leaflet = desk.leaflet()
    desk.write(leaflet, by=desk.rita, headline="A bus at ten")
    with desk.sessions() as session:
        then = history.newest(session, session.get_one(Leaflet, leaflet.id))
        assert then is not None
    desk.write(leaflet, headline="A bus at eleven")
    assert written_by_rita(desk, desk.send(leaflet)) == set()
    with desk.sessions() as session:
        history.restore(session, actor=desk.agent, now=desk.now, leaflet_id=leaflet.id, edit_id=then)
    assert written_by_rita(desk, desk.send(leaflet)) == {"headline"}
    with desk.sessions() as session:
        named = {"campaign_id": leaflet.campaign_id, "template": WORDED, "kit": desk.scene.kit}
        copy = copies.duplicate(session, actor=desk.agent, now=desk.now, leaflet_id=leaflet.id, **named)
    assert written_by_rita(desk, desk.send(copy)) == {"headline"}


def written_by_rita(desk: Desk, sent: Submission) -> set[str]:
    with desk.sessions() as session:
        submission = session.get_one(Submission, sent.id)
        written = own_words.of(session, desk.rita, submission).written
        return {zone.zone for zone in submission.zones if zone.id in written}


def test_the_same_words_are_counted_and_passed_where_they_are_of_others(desk: Desk) -> None:
    with desk.sessions() as session:
        colleague = people.add_person(session, **desk.clock.by, name="Rhea", email="rhea@example.org")
        held = {"person_id": colleague.id, "role": Role.REGION, "node_id": desk.clock.region.id}
        grants.give(session, **desk.clock.by, **held)
    wrote, other, first = desk.leaflet(), desk.leaflet(headline="A bus at ten"), desk.leaflet(headline="A bus at ten")
    desk.write(wrote, by=desk.rita, headline="A bus at ten")
    own, beside = desk.send(desk.leaflet(headline="A bus at ten"), by=desk.rita), desk.send(wrote)
    sent, elsewhere = desk.send(first), desk.send(other)
    with desk.sessions() as session:
        alike = {
            row.submission_id: (row.words[0].alike, row.words[0].own)
            for row in review_queue.queue(session, actor=desk.rita, now=desk.now).rows
        }
        assert under_review.reading(session, actor=desk.rita, submission_id=sent.id).alike == {"headline": 1}
        assert review_queue.count(session, desk.rita) == 3
        assert review_queue.count(session, colleague) == 4
        assert review_queue.next_after(session, actor=desk.rita, submission_id=elsewhere.id) == sent.id
    assert alike == {own.id: (0, True), beside.id: (0, True), sent.id: (1, False), elsewhere.id: (1, False)}
    assert desk.everywhere(sent, "headline").elsewhere == 1
    assert (desk.sent(own).state, desk.sent(beside).state) == (State.WAITING, State.WAITING)


def test_what_only_its_writer_can_pass_is_passed_and_the_certificate_says_so(desk: Desk) -> None:
    leave(desk, desk.nat, desk.olga)
    leaflet = desk.leaflet()
    desk.write(leaflet, by=desk.rita, headline="A bus at ten")
    assert desk.pass_(desk.send(leaflet)).submission.state == State.APPROVED
    approval = desk.covering(leaflet)
    assert approval is not None
    assert "They wrote it themselves: nobody else could answer that day." in str(approval.certificate)


def test_what_one_of_two_wrote_and_the_other_sent_its_writer_is_asked_for_and_passes(desk: Desk) -> None:
    help_out(desk, desk.nat)
    leave(desk, desk.olga)
    for writer, sender, office in (
        (desk.rita, desk.nat, desk.clock.region),
        (desk.nat, desk.rita, desk.clock.nation),
    ):
        leaflet = desk.leaflet()
        desk.write(leaflet, by=writer, headline="A bus at ten")
        sent = desk.send(leaflet, by=sender)
        assert desk.sent(sent).asked_of_id == office.id
        with pytest.raises(Conflict, match=f"You sent this yourself, so somebody else passes it: {writer.name}"):
            desk.pass_(sent, by=sender)
        assert desk.pass_(sent, by=writer).submission.state == State.APPROVED
