from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from mail_server import Letterbox
from scene import NOON, Scene
from sqlalchemy import select

from leaflets.domain.errors import Invalid, Refused, Unavailable
from leaflets.mail import MailServer
from leaflets.services import outbox
from leaflets.services.signing_in import sign_in
from leaflets.storage.alert import Letter
from leaflets.storage.signing_in import LinkRequest, SignInLink

HOUR = timedelta(hours=1)


def _letters(scene: Scene) -> list[Letter]:
    with scene.sessions() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def _code(letter: Letter) -> str:
    return parse_qs(urlsplit(letter.path).query)["code"][0]


def test_a_link_is_mailed_to_whoever_is_known_and_nothing_to_anybody_else(scene: Scene) -> None:
    with scene.sessions() as session:
        for email in ("AGNES@example.org", "nobody@example.org"):
            sign_in.mail_link(
                session, now=NOON, email=email, next_path="/library", why="Rita asks you in.", subject="Rita\r\nasks"
            )
    [letter] = _letters(scene)
    assert letter.address == "agnes@example.org"
    assert letter.subject == "Rita asks"
    assert letter.body.startswith("Hello Agnes,\n\nRita asks you in.\n\nOpen the address below")
    with scene.sessions() as session:
        link = sign_in.use_code(session, now=NOON, typed=_code(letter))
        assert (link.person_id, link.next_path) == (scene.agent.id, "/library")


def test_who_asks_is_noted_before_anybody_looks_whether_they_are_known(scene: Scene) -> None:
    with scene.sessions() as session:
        for email in ("agnes@example.org", "nobody@example.org"):
            sign_in.request_link(session, now=NOON, email=email, next_path="/library")
        assert len(session.scalars(select(LinkRequest)).all()) == 2
    assert _letters(scene) == []
    with scene.sessions() as session:
        assert sign_in.answer_requests(session, now=NOON) == 2
        assert sign_in.answer_requests(session, now=NOON) == 0
        assert session.scalars(select(LinkRequest)).all() == []
    assert [letter.address for letter in _letters(scene)] == ["agnes@example.org"]


def test_what_is_no_address_is_refused_in_words(scene: Scene) -> None:
    with scene.sessions() as session:
        for typed in ("", "agnes", "agnes@", "@example.org", "a b@example.org", f"{'a' * 320}@example.org"):
            with pytest.raises(Invalid, match="address"):
                sign_in.request_link(session, now=NOON, email=typed)


def test_a_newer_link_leaves_the_older_ones_good_until_they_are_used_or_old(scene: Scene) -> None:
    with scene.sessions() as session:
        for minute in (0, 1):
            sign_in.mail_link(session, now=NOON + timedelta(minutes=minute), email="agnes@example.org")
        first, second = (_code(letter) for letter in _letters(scene))
        sign_in.use_code(session, now=NOON + timedelta(minutes=2), typed=second)
        sign_in.use_code(session, now=NOON + timedelta(minutes=3), typed=first)
        with pytest.raises(Refused):
            sign_in.use_code(session, now=NOON + timedelta(minutes=4), typed=first)


def test_looking_at_a_link_uses_nothing_up(scene: Scene) -> None:
    with scene.sessions() as session:
        code = sign_in.make_code(session, actor="a test", now=NOON, email="agnes@example.org")
        for _ in range(3):
            assert sign_in.peek(session, now=NOON, typed=f"https://x.example/sign-in?code={code}")
        assert sign_in.peek(session, now=NOON + HOUR, typed=code) is None
        assert sign_in.use_code(session, now=NOON, typed=code)
        assert sign_in.peek(session, now=NOON, typed=code) is None


def test_a_flood_of_questions_puts_few_letters_into_one_mailbox_and_each_holds_a_good_link(scene: Scene) -> None:
    with scene.sessions() as session:
        for second in range(0, 3600, 20):
            now = NOON + timedelta(seconds=second)
            sign_in.request_link(session, now=now, email="agnes@example.org")
            sign_in.answer_requests(session, now=now)
        letters = _letters(scene)
        assert 3 <= len(letters) <= 12
        for letter in letters[-3:]:
            assert sign_in.use_code(session, now=NOON + timedelta(seconds=3590), typed=_code(letter))


def test_one_click_asks_for_a_fresh_link_in_place_of_an_old_one(scene: Scene) -> None:
    with scene.sessions() as session:
        code = sign_in.make_code(session, actor="a test", now=NOON, email="agnes@example.org", next_path="/library")
        later = NOON + 2 * HOUR
        sign_in.request_another(session, now=later, typed=code)
        sign_in.request_another(session, now=later, typed="x" * 22)
        [asked] = session.scalars(select(LinkRequest))
        assert (asked.email, asked.next_path) == ("agnes@example.org", "/library")


def test_no_link_is_lost_while_the_mail_server_is_away_and_each_forgets_its_code_when_it_is_sent(
    scene: Scene, box: Letterbox
) -> None:
    box.letters.clear()
    away, there = (MailServer(url, "leaflets@example.org") for url in ("smtp://127.0.0.1:1", box.url))
    with scene.sessions() as session:
        sign_in.mail_link(session, now=NOON, email="agnes@example.org")
        with pytest.raises(Unavailable):
            outbox.send(session, server=away, base_url="https://x.example", now=NOON, secrets_alone=True)
        [waiting] = _letters(scene)
        later = waiting.not_before
        assert outbox.send(session, server=there, base_url="https://x.example", now=later) == 1
    assert f"https://x.example{waiting.path}" in box.letters[0].get_content()
    [sent] = _letters(scene)
    assert (sent.path, sent.sent_at) == ("", later)


def test_a_link_that_is_too_old_to_be_good_is_not_mailed(scene: Scene, box: Letterbox) -> None:
    box.letters.clear()
    server = MailServer(box.url, "leaflets@example.org")
    with scene.sessions() as session:
        sign_in.mail_link(session, now=NOON, email="agnes@example.org")
        later = NOON + HOUR + timedelta(seconds=1)
        assert outbox.send(session, server=server, base_url="https://x.example", now=later) == 0
    assert box.letters == []
    assert _letters(scene)[0].path == ""


def test_a_path_that_is_too_long_to_keep_leads_to_the_first_page(scene: Scene) -> None:
    with scene.sessions() as session:
        sign_in.mail_link(session, now=NOON, email="agnes@example.org", next_path="/" + "a" * 400)
        assert session.scalars(select(SignInLink)).one().next_path == ""
