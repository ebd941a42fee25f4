from datetime import timedelta

import pytest
from scene import Scene
from sqlalchemy import select

from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.leaflet import Outcome
from leaflets.domain.permissions import Role
from leaflets.services.review import comments, suggestions, threads
from leaflets.services.review.comments import Place
from leaflets.services.roles import grants, people
from leaflets.services.studio import steps
from leaflets.storage.alert import Alert
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Comment


def _approver(scene: Scene, organisation_role: Role = Role.NATION) -> Person:
    with scene.sessions() as session:
        by = {"actor": "a test", "now": scene.now}
        rhea = people.add_person(session, **by, name="Rhea", email="rhea@example.org")
        node_id = scene.campaign.node_id
        assert node_id is not None
        grants.give(session, **by, person_id=rhea.id, role=organisation_role, node_id=node_id)
        session.refresh(rhea)
        return rhea


def _made(
    scene: Scene, leaflet_id: int, words: str, *, by: Person, place: Place | None = None, **more: object
) -> Comment:
    with scene.sessions() as session:
        made = comments.make(
            session,
            actor=by,
            now=scene.now,
            leaflet_id=leaflet_id,
            words=words,
            place=place,
            **more,  # type: ignore[arg-type]
        )
        session.refresh(made)
        return made


def _asked(scene: Scene, leaflet_id: int, by: Person, suggestion: object) -> Comment:
    """What a reviewer's "ask for a change" leaves behind."""
    from leaflets.domain.permissions import Action
    from leaflets.services import leaflets
    from leaflets.storage.session import writing

    with scene.sessions() as session:
        with writing(session):
            target = leaflets.locked(session, by, leaflet_id, Action.COMMENT)
            made = comments.made(
                session,
                by,
                scene.now,
                target,
                "",
                place=Place(zone="headline"),
                asks_change=True,
                suggestion=suggestion,
            )
        session.refresh(made)
        return made


def test_a_comment_is_pinned_to_a_zone_or_to_a_point_or_to_the_whole(scene: Scene) -> None:
    leaflet = scene.leaflet()
    _made(scene, leaflet.id, "Too loud", by=scene.agent, place=Place(zone="headline"))
    _made(scene, leaflet.id, "This corner is empty", by=scene.helper, place=Place(page=2, x_mm=100.5, y_mm=20))
    _made(scene, leaflet.id, "Lovely", by=scene.helper)
    with scene.sessions() as session:
        found = threads.threads_of(session, session.get_one(Leaflet, leaflet.id))
        said = [(each.comment.zone, each.comment.page, each.comment.x_mm, each.comment.words) for each in found]
    assert said == [
        ("headline", None, None, "Too loud"),
        ("", 2, 100.5, "This corner is empty"),
        ("", None, None, "Lovely"),
    ]


def test_a_comment_sent_twice_is_made_once(scene: Scene) -> None:
    leaflet = scene.leaflet()
    first = _made(scene, leaflet.id, "Once", by=scene.agent, op_id="operation-1")
    again = _made(scene, leaflet.id, "Once", by=scene.agent, op_id="operation-1")
    assert first.id == again.id
    with pytest.raises(Conflict):
        _made(scene, leaflet.id, "Mine", by=scene.helper, op_id="operation-1")


def test_script_in_a_comment_is_kept_as_the_text_it_is(scene: Scene) -> None:
    leaflet = scene.leaflet()
    made = _made(scene, leaflet.id, "<script>alert(1)</script>\x00 and \u202eeivom", by=scene.agent)
    assert made.words == "<script>alert(1)</script> and eivom"


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 2001])
def test_a_comment_without_words_or_with_far_too_many_is_handed_back(scene: Scene, words: str) -> None:
    leaflet = scene.leaflet()
    with pytest.raises(Invalid):
        _made(scene, leaflet.id, words, by=scene.agent)


@pytest.mark.parametrize(
    "place",
    [
        Place(zone="no-such-zone"),
        Place(zone="HEAD; --"),
        Place(page=0, x_mm=1, y_mm=1),
        Place(page=1),
        Place(page=1, x_mm=float("nan"), y_mm=1),
        Place(page=1, x_mm=-1, y_mm=1),
        Place(x_mm=3, y_mm=4),
    ],
)
def test_a_comment_on_nothing_is_handed_back(scene: Scene, place: Place) -> None:
    leaflet = scene.leaflet()
    with pytest.raises(Invalid):
        _made(scene, leaflet.id, "Here", by=scene.agent, place=place)


def test_a_stranger_learns_nothing_of_a_comment(scene: Scene) -> None:
    leaflet = scene.leaflet()
    made = _made(scene, leaflet.id, "Ours", by=scene.agent)
    with scene.sessions() as session:
        known = {"actor": scene.stranger, "now": scene.now}
        for comment_id in (made.id, made.id + 1):
            with pytest.raises(NotFound, match="There is no such comment"):
                comments.answer(session, **known, comment_id=comment_id, words="Hello")
            with pytest.raises(NotFound, match="There is no such comment"):
                comments.resolve(session, **known, comment_id=comment_id)


def test_answers_stand_under_the_comment_they_answer_and_whoever_spoke_there_is_told(scene: Scene) -> None:
    leaflet, rhea = scene.leaflet(), _approver(scene)
    made = _made(scene, leaflet.id, "Which school?", by=rhea, place=Place(zone="headline"))
    with scene.sessions() as session:
        given = comments.answer(session, actor=scene.agent, now=scene.now, comment_id=made.id, words="Quay Street")
        later = comments.answer(session, actor=rhea, now=scene.now, comment_id=given.id, words="Thank you")
        [thread] = threads.threads_of(session, session.get_one(Leaflet, leaflet.id))
        assert [each.id for each in thread.answers] == [given.id, later.id]
        told = session.scalars(select(Alert).where(Alert.kind == "comment").order_by(Alert.id)).all()
        who = {(each.person_id, each.sentence) for each in told}
    assert (rhea.id, "Agnes: Quay Street") in who
    assert (scene.agent.id, "Rhea: Which school?") in who
    assert all(person != rhea.id for person, sentence in who if sentence.startswith("Rhea"))


def test_resolved_and_reopened_it_is_said_by_whom(scene: Scene) -> None:
    leaflet = scene.leaflet()
    made = _made(scene, leaflet.id, "Which school?", by=scene.agent)
    with scene.sessions() as session:
        comments.resolve(session, actor=scene.helper, now=scene.now, comment_id=made.id)
        comments.resolve(session, actor=scene.agent, now=scene.now + timedelta(hours=1), comment_id=made.id)
        [thread] = threads.threads_of(session, session.get_one(Leaflet, leaflet.id))
        assert not thread.is_open
        assert (thread.comment.resolved_by, thread.comment.resolved_at) == (scene.helper.id, scene.now)
        comments.reopen(session, actor=scene.agent, now=scene.now, comment_id=made.id)
        [thread] = threads.threads_of(session, session.get_one(Leaflet, leaflet.id))
        assert thread.is_open


def test_a_suggestion_taken_is_an_edit_like_any_other_and_can_be_undone(scene: Scene) -> None:
    leaflet, rhea = scene.leaflet(), _approver(scene)
    asked = _asked(scene, leaflet.id, rhea, "A dentist for Quay Street")
    with scene.sessions() as session:
        for _ in range(2):
            taken = suggestions.take(
                session, actor=scene.agent, now=scene.now, comment_id=asked.id, op_id="operation-9", base_version=0
            )
        assert taken.taken_at == taken.resolved_at == scene.now
    assert scene.texts(leaflet.id)["headline"] == "A dentist for Quay Street"
    with scene.sessions() as session:
        [step] = steps.steps(session, actor=scene.agent, leaflet_id=leaflet.id).undo
        assert [(each.zone, each.before) for each in step.changes] == [("headline", "Hello")]


def test_a_suggestion_is_not_put_over_words_that_nobody_looked_at(scene: Scene) -> None:
    leaflet, rhea = scene.leaflet(), _approver(scene)
    asked = _asked(scene, leaflet.id, rhea, "A dentist for Quay Street")
    saved = scene.save(leaflet.id, scene.edit("Mine, a second ago", 0), by=scene.helper)
    assert saved.results[0].outcome is Outcome.STORED
    with scene.sessions() as session, pytest.raises(Conflict):
        suggestions.take(
            session, actor=scene.agent, now=scene.now, comment_id=asked.id, op_id="operation-9", base_version=0
        )
    assert scene.texts(leaflet.id)["headline"] == "Mine, a second ago"


def test_a_reviewer_writes_nobodys_leaflet_by_taking_their_own_suggestion(scene: Scene) -> None:
    leaflet, rhea = scene.leaflet(), _approver(scene)
    asked = _asked(scene, leaflet.id, rhea, "A dentist for Quay Street")
    with scene.sessions() as session, pytest.raises(Refused):
        suggestions.take(session, actor=rhea, now=scene.now, comment_id=asked.id, op_id="operation-9")
    assert scene.texts(leaflet.id)["headline"] == "Hello"


def test_a_suggestion_that_no_zone_could_hold_is_handed_back(scene: Scene) -> None:
    leaflet, rhea = scene.leaflet(), _approver(scene)
    with pytest.raises(Invalid):
        _asked(scene, leaflet.id, rhea, "x" * 300_000)
