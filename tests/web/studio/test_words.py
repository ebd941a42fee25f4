import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from scene import Scene
from site_of_scene import Site, one_edit
from sqlalchemy import delete, event, select

from leaflets.domain.errors import Unavailable
from leaflets.services.press import proofs
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import ZoneEdit
from leaflets.storage.session import writing


@pytest.fixture
def leaflet(site: Site) -> int:
    return site.scene.leaflet().id


def batch(*edits: Any, tab: str = "tab-a", **more: Any) -> dict[str, Any]:
    return {"tab": tab, "edits": list(edits), **more}


def test_words_go_in_and_are_answered_with_the_news(site: Site, leaflet: int) -> None:
    agent = site.client(site.scene.agent)
    said = site.send(agent, f"/leaflets/{leaflet}/edits", batch(one_edit("Better buses"), at_zone="headline")).json
    assert said["results"] == [
        {"op_id": "operation-1", "zone": "headline", "outcome": "stored", "version": 1, "message": "", "remedy": ""}
    ]
    news = said["news"]
    assert said["at"] == news["at"] == site.scene.now.isoformat()
    assert news["person"] == {"id": site.scene.agent.id, "name": "Agnes"}
    assert news["conflicts"] == []
    assert news["look_again_ms"] == 5000
    assert site.scene.texts(leaflet)["headline"] == "Better buses"


def test_two_tabs_hear_of_each_other_and_of_their_two_texts(
    migrated_sqlite_url: str, tmp_path: Any, redis_url: str
) -> None:
    site = Site(Scene(migrated_sqlite_url, redis_url), tmp_path)
    leaflet, agent, helper = site.scene.leaflet().id, site.client(site.scene.agent), site.client(site.scene.helper)
    path = f"/leaflets/{leaflet}"
    cursor = agent.get(f"{path}/state").json["cursor"]
    one = site.send(agent, f"{path}/edits", batch(one_edit("Better buses"), at_zone="headline", cursor=cursor)).json
    assert one["news"]["words"] == {}
    two = batch(one_edit("Cleaner beaches", op_id="operation-2"), tab="tab-b", at_zone="story", cursor=cursor)
    said = site.send(helper, f"{path}/edits", two).json
    assert (said["results"][0]["outcome"], said["results"][0]["version"]) == ("conflict", 0)
    assert {name: said["news"]["words"]["headline"][name] for name in ("value", "version", "by")} == {
        "value": "Better buses",
        "version": 1,
        "by": "Agnes",
    }
    heard = agent.get(f"{path}/news?tab=tab-a&zone=headline&cursor={one['news']['cursor']}").json
    assert heard["words"] == {}
    assert [(each["offered"], each["stored"]) for each in heard["conflicts"]] == [("Cleaner beaches", "Better buses")]
    assert [(each["name"], each["zone"], each["me"]) for each in heard["people"]] == [
        ("Agnes", "headline", True),
        ("Henry", "story", False),
    ]
    assert heard["look_again_ms"] == 2000
    choice = {"take": "offered", "tab": "tab-a", "cursor": heard["cursor"], "seen_version": 1}
    chosen = site.send(agent, f"{path}/conflicts/{heard['conflicts'][0]['edit_id']}", choice).json["news"]
    assert chosen["conflicts"] == []
    assert chosen["words"]["headline"]["value"] == "Cleaner beaches"
    assert site.send(agent, f"{path}/conflicts/999", choice).status_code == 404


def test_a_number_that_comes_with_other_words_is_refused_alone(site: Site, leaflet: int) -> None:
    agent, path = site.client(site.scene.agent), f"/leaflets/{leaflet}/edits"
    site.send(agent, path, batch(one_edit("One")))
    other = batch(
        one_edit("Two", 1), one_edit("Three", 1, op_id="operation-2"), one_edit("Three", 1, op_id="operation-2")
    )
    results = site.send(agent, path, other).json["results"]
    assert [(each["outcome"], each["version"]) for each in results] == [("refused", 0), ("stored", 2), ("stored", 2)]
    assert "sent with this number before" in results[0]["message"]
    assert "stays on this device" in results[0]["remedy"]


def test_two_hundred_thousand_words_are_handed_back_and_take_no_other_with_them(site: Site, leaflet: int) -> None:
    agent, path = site.client(site.scene.agent), f"/leaflets/{leaflet}/edits"
    huge = one_edit("word " * 200_000, op_id="operation-2", zone="story")
    results = site.send(agent, path, batch(huge, one_edit("Better buses"))).json["results"]
    assert [each["outcome"] for each in results] == ["refused", "stored"]
    assert "far too long for a leaflet" in results[0]["message"]


EVERY_PLANE = "".join(chr(plane * 0x10000 + 0x61) for plane in range(17)) + "\0\x7f\u202e\ud83d\ufffe 🗳️ Ŵ"


def test_every_character_comes_back_as_it_was_typed(database_url: str, tmp_path: Any) -> None:
    site = Site(Scene(database_url), tmp_path)
    leaflet, agent = site.scene.leaflet().id, site.client(site.scene.agent)
    said = site.send(agent, f"/leaflets/{leaflet}/edits", batch(one_edit(EVERY_PLANE))).json
    assert said["results"][0]["outcome"] == "stored"
    assert agent.get(f"/leaflets/{leaflet}/state").json["words"]["headline"]["value"] == EVERY_PLANE
    heard = agent.get(f"/leaflets/{leaflet}/news?tab=tab-b").json
    assert heard["words"]["headline"]["value"] == EVERY_PLANE
    assert agent.get(f"/leaflets/{leaflet}").status_code == 200
    site.app.extensions["leaflets"].sessions.kw["bind"].dispose()


BAD = {
    "a page of a captive portal": b"<html><body>Welcome to the hotel</body></html>",
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "no end of brackets": b"[" * 200_000,
    "a number of five thousand digits": b"9" * 5_000,
    "a list": "[]",
    "no tab": json.dumps({"edits": []}),
    "a tab of odd characters": json.dumps({"tab": "tab a\0", "edits": []}),
    "edits that are a text": json.dumps({"tab": "tab-a", "edits": "all"}),
    "an edit without a zone": json.dumps({"tab": "tab-a", "edits": [{"op_id": "operation-1", "value": ""}]}),
    "a version that is a text": json.dumps(batch({**one_edit("x"), "base_version": "0"})),
    "no known act": json.dumps(batch({**one_edit("x"), "act": "shouted"})),
    "no known look": json.dumps(batch(one_edit("x"), look="inside out")),
    "too many edits": json.dumps(batch(*(one_edit("x", op_id=f"operation-{number}") for number in range(51)))),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_what_is_not_as_agreed_is_answered_in_words_and_changes_nothing(site: Site, leaflet: int, body: Any) -> None:
    answer = site.send(site.client(site.scene.agent), f"/leaflets/{leaflet}/edits", body)
    assert answer.status_code == 422
    assert "is not what the studio sends" in answer.json["message"]
    assert "stays on this device" in answer.json["remedy"]
    assert answer.json["code"] in ("not-json", "not-as-agreed")
    assert site.scene.texts(leaflet)["headline"] == site.scene.template.zones[0].default


NOT_STORABLE = [
    {"op_id": "short"},
    {"op_id": "half a character \ud83d"},
    {"zone": "No Zone"},
    {"base_version": -1},
    {"base_version": 2**40},
    {"step": "x" * 65},
    {"value": float("nan")},
    {"value": float("inf")},
]


@pytest.mark.parametrize("odd", NOT_STORABLE)
def test_an_edit_that_cannot_be_stored_takes_no_other_with_it(site: Site, leaflet: int, odd: dict[str, Any]) -> None:
    sent = batch({**one_edit("x"), **odd}, one_edit("Better buses", op_id="operation-2"))
    results = site.send(site.client(site.scene.agent), f"/leaflets/{leaflet}/edits", sent).json["results"]
    assert [each["outcome"] for each in results] == ["refused", "stored"]
    assert results[0]["message"]
    assert results[0]["remedy"]


@pytest.mark.parametrize("asked", ["", "tab=", "tab=a%00", "tab=a&cursor=x", "tab=a&cursor=-1", "tab=a&look=odd"])
def test_a_question_for_news_that_makes_no_sense_is_answered_in_words(site: Site, leaflet: int, asked: str) -> None:
    answer = site.client(site.scene.agent).get(
        f"/leaflets/{leaflet}/news?{asked}", headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["code"]) == (422, "not-as-agreed")


def test_more_than_a_leaflet_can_hold_is_turned_away_as_json(site: Site, leaflet: int) -> None:
    answer = site.send(site.client(site.scene.agent), f"/leaflets/{leaflet}/edits", b" " * (17 << 20))
    assert (answer.status_code, answer.json["code"]) == (413, "413")
    assert "paste only the part" in answer.json["remedy"]


def test_somebody_whose_access_just_ended_is_told_so_and_nothing_is_stored(site: Site, leaflet: int) -> None:
    helper, path = site.client(site.scene.helper), f"/leaflets/{leaflet}"
    assert site.send(helper, f"{path}/edits", batch(one_edit("Better buses"))).status_code == 200
    with site.scene.sessions() as session, writing(session):
        session.execute(delete(Grant).where(Grant.person_id == site.scene.helper.id))
    late = batch(one_edit("Better buses now", 1, op_id="operation-2"))
    for answer in (
        site.send(helper, f"{path}/edits", late),
        site.send(helper, f"{path}/edits", b"not even JSON"),
        site.send(helper, f"{path}/title", {"title": "Mine"}),
        helper.get(f"{path}/news?tab=tab-a", headers={"Accept": "application/json"}),
    ):
        assert answer.status_code == 404
        assert "or you are not part of its campaign" in answer.json["message"]
    assert site.scene.texts(leaflet)["headline"] == "Better buses"


def test_a_script_that_is_signed_out_or_has_an_old_token_is_told_by_number(site: Site, leaflet: int) -> None:
    path, agent = f"/leaflets/{leaflet}/edits", site.client(site.scene.agent)
    nobody = site.send(site.client(None), path, batch(one_edit("x")))
    assert (nobody.status_code, nobody.json["code"]) == (401, "401")
    old = site.send(agent, path, batch(one_edit("x")), **{"X-CSRFToken": "old"})
    assert (old.status_code, old.json["code"]) == (400, "csrf")
    token = agent.get(f"/leaflets/{leaflet}/news?tab=tab-a").json["csrf"]
    assert site.send(agent, path, batch(one_edit("x")), **{"X-CSRFToken": token}).status_code == 200


def test_moments_are_the_server_s_however_wrong_a_device_s_clock_is(site: Site, leaflet: int) -> None:
    wrong = datetime(2031, 1, 1, tzinfo=timezone(timedelta(hours=9))).isoformat()
    sent = batch(one_edit("Better buses", at=wrong), at=wrong)
    said = site.send(site.client(site.scene.agent), f"/leaflets/{leaflet}/edits", sent).json
    assert said["at"] == site.scene.now.isoformat()
    with site.scene.sessions() as session:
        row = session.scalars(select(ZoneEdit).filter_by(op_id="operation-1")).one()
    assert row.at == site.scene.now.astimezone(UTC)


def test_a_leaflet_gets_another_title_and_never_an_empty_one(site: Site, leaflet: int) -> None:
    agent, path = site.client(site.scene.agent), f"/leaflets/{leaflet}/title"
    assert site.send(agent, path, {"title": "  Spring \n leaflet "}).json == {"title": "Spring leaflet"}
    for bad in ("", " \u200b ", "x" * 201):
        answer = site.send(agent, path, {"title": bad})
        assert (answer.status_code, answer.json["code"]) == (422, "title")
    assert site.send(agent, path, {"title": None}).json["code"] == "not-as-agreed"


def test_words_are_acknowledged_whatever_else_is_broken(
    site: Site, leaflet: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise Unavailable("The press is on fire.", "Wait.")

    monkeypatch.setattr(proofs, "ask", broken)
    monkeypatch.setattr(proofs, "news", broken)
    site.app.testing = False
    said = site.send(
        site.client(site.scene.agent), f"/leaflets/{leaflet}/edits", batch(one_edit("x"), look="screen")
    ).json
    assert said["results"][0]["outcome"] == "stored"
    assert "proof" not in said["news"]
    assert said["news"]["cursor"] > 0


def test_a_save_is_a_handful_of_statements(site: Site, leaflet: int) -> None:
    agent, path = site.client(site.scene.agent), f"/leaflets/{leaflet}/edits"
    site.send(agent, path, batch(one_edit("first")))
    statements: list[str] = []
    engine = site.app.extensions["leaflets"].sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *passed: statements.append(passed[2]))
    site.send(agent, path, batch(one_edit("second", 1, op_id="operation-2")))
    assert len(statements) <= 20, "\n".join(statements)


def test_news_ask_once_how_a_leaflet_stands(site: Site, leaflet: int) -> None:
    agent, path = site.client(site.scene.agent), f"/leaflets/{leaflet}/news?tab=tab-a"
    agent.get(path)
    statements: list[str] = []
    engine = site.app.extensions["leaflets"].sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *passed: statements.append(passed[2]))
    agent.get(path)
    assert sum("FROM approval" in each for each in statements) == 1
    assert len(statements) <= 40, "\n".join(statements)
