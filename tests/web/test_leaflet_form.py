import io
import re
from typing import Any

import pytest
from scene import photo
from site_of_scene import Site

from leaflets.domain.permissions import Role
from leaflets.services import audit, campaigns, leaflets
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person


@pytest.fixture
def leaflet(site: Site) -> Leaflet:
    return site.scene.leaflet()


def values(site: Site, leaflet: Leaflet) -> dict[str, Any]:
    with site.scene.sessions() as session:
        return leaflets.leaflet(session, actor=site.scene.agent, leaflet_id=leaflet.id).values


def versions(site: Site, leaflet: Leaflet) -> dict[str, int]:
    with site.scene.sessions() as session:
        found = leaflets.leaflet(session, actor=site.scene.agent, leaflet_id=leaflet.id)
        return {text.zone: text.version for text in found.zones}


def test_saving_an_untouched_form_changes_nothing(site: Site, leaflet: Leaflet) -> None:
    before = values(site, leaflet)
    answer = site.save(site.client(site.scene.agent), leaflet.id, {})
    assert answer.status_code == 302
    assert values(site, leaflet) == before
    assert set(versions(site, leaflet).values()) == {0}


def test_each_kind_of_zone_is_saved_as_typed_and_the_page_says_when(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    typed = {
        "z.headline": "A surgery you can reach",
        "z.story": "I **teach** here.\n\n- Buses\n- Books",
        "z.points.0.heading": "Crossing",
        "z.points.1.heading": "Library",
        "z.points.1.body": "Open on Saturdays",
        "z.answer.url": "https://example.org/ask",
        "z.result.0.label": "2019",
        "z.result.0.number": "1,250",
        "z.result.1.label": "2023",
        "z.result.1.number": "12 %",
        "z.result.source": "The council",
        "z.tone": "dark",
    }
    answer = site.save(client, leaflet.id, typed)
    assert answer.status_code == 302
    found = values(site, leaflet)
    assert found["headline"] == "A surgery you can reach"
    assert found["story"] == "<p>I <strong>teach</strong> here.</p><ul><li>Buses</li><li>Books</li></ul>"
    assert found["points"][1] == {"heading": "Library", "body": "Open on Saturdays"}
    assert found["answer"]["url"] == "https://example.org/ask"
    assert found["result"] == {"labels": ["2019", "2023"], "numbers": [1250.0, 12.0], "source": "The council"}
    assert found["tone"] == "dark"
    assert versions(site, leaflet)["second"] == 0
    assert "Saved 13:00." in client.get(f"/leaflets/{leaflet.id}").text  # noon in UTC is one o'clock in April


def test_a_form_sent_twice_is_saved_once(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    form = {**site.form(client, leaflet.id), "csrf_token": site.token(client), "z.headline": "Cleaner beaches"}
    for _ in range(2):
        assert client.post(f"/leaflets/{leaflet.id}", data=form).status_code == 302
    assert versions(site, leaflet)["headline"] == 1


def test_going_back_and_changing_the_words_again_is_not_taken_for_the_same_edit(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    form = {**site.form(client, leaflet.id), "csrf_token": site.token(client)}
    client.post(f"/leaflets/{leaflet.id}", data={**form, "z.headline": "Cleaner beaches"})
    client.post(f"/leaflets/{leaflet.id}", data={**form, "z.headline": "Cleaner beaches, safer seas"})
    page = client.get(f"/leaflets/{leaflet.id}").text
    assert "Two people changed this" in page
    assert "Cleaner beaches, safer seas" in page


def test_two_people_at_one_zone_see_both_texts_and_one_of_them_chooses(site: Site, leaflet: Leaflet) -> None:
    agent, helper = site.client(site.scene.agent), site.client(site.scene.helper)
    form = {**site.form(helper, leaflet.id), "csrf_token": site.token(helper)}
    site.save(agent, leaflet.id, {"z.headline": "The agent's words", "z.second": "Another of the agent's"})
    helper.post(f"/leaflets/{leaflet.id}", data={**form, "z.headline": "The helper's words"})
    page = helper.get(f"/leaflets/{leaflet.id}").text
    assert "The agent&#39;s words" in page
    assert "The helper&#39;s words" in page
    assert "Agnes" in page
    found = values(site, leaflet)
    assert (found["headline"], found["second"]) == ("The agent's words", "Another of the agent's")
    chosen = page.split('value="mine:headline:')[1].split('"')[0]
    site.save(helper, leaflet.id, {"then": f"mine:headline:{chosen}"})
    assert values(site, leaflet)["headline"] == "The helper's words"
    assert "Two people changed this" not in helper.get(f"/leaflets/{leaflet.id}").text


def test_beside_save_stands_that_two_texts_wait_and_choosing_one_leads_back_to_its_field(
    site: Site, leaflet: Leaflet
) -> None:
    agent, helper = site.client(site.scene.agent), site.client(site.scene.helper)
    form = {**site.form(helper, leaflet.id), "csrf_token": site.token(helper)}
    site.save(agent, leaflet.id, {"z.headline": "The agent's words"})
    helper.post(f"/leaflets/{leaflet.id}", data={**form, "z.headline": "The helper's words"})
    page = helper.get(f"/leaflets/{leaflet.id}").text
    bar = page.split('class="bar"')[1]
    assert re.search(r', but <a [^>]*href="#conflict-headline">choose between two texts</a>', bar)
    assert 'id="conflict-headline" tabindex="-1"' in page
    assert re.search(r'<input id="in-headline"[^>]* two-texts-headline" aria-invalid="true"', page)
    ordering = agent.get(f"/leaflets/{leaflet.id}/order").text
    assert '#zone-headline">Two people changed “Headline”: choose one text first.' in ordering
    chosen = page.split('value="mine:headline:')[1].split('"')[0]
    answer = site.save(helper, leaflet.id, {"then": f"mine:headline:{chosen}"})
    assert answer.headers["Location"] == f"/leaflets/{leaflet.id}#zone-headline"
    field = helper.get(f"/leaflets/{leaflet.id}").text.split('id="zone-headline"')[1].split('id="zone-')[0]
    assert "Chosen: this text of “Headline” is the one that prints." in field
    assert "Two people changed" not in agent.get(f"/leaflets/{leaflet.id}/order").text


def test_a_leaflet_gets_another_name_and_a_stale_page_does_not_take_it_back(site: Site, leaflet: Leaflet) -> None:
    client, helper = site.client(site.scene.agent), site.client(site.scene.helper)
    stale = {**site.form(helper, leaflet.id), "csrf_token": site.token(helper)}
    site.save(client, leaflet.id, {"title": " For Ward  Road "})
    assert "<h1>For Ward Road</h1>" in client.get(f"/leaflets/{leaflet.id}").text
    helper.post(f"/leaflets/{leaflet.id}", data={**stale, "z.headline": "Other words"})
    assert "<h1>For Ward Road</h1>" in client.get(f"/leaflets/{leaflet.id}").text
    answer = site.save(client, leaflet.id, {"title": "  ", "z.second": "Kept beside it"})
    assert answer.status_code == 422
    assert "A leaflet needs a name." in answer.text
    assert values(site, leaflet)["second"] == "Kept beside it"
    with site.scene.sessions() as session:
        (renamed,) = [row for row in audit.history(session, subject="leaflet", subject_id=leaflet.id) if row.was]
        assert (renamed.what, renamed.was, renamed.became) == ("leaflet renamed", leaflet.title, "For Ward Road")


def test_a_second_leaflet_of_one_name_in_a_campaign_is_numbered(site: Site, leaflet: Leaflet) -> None:
    assert [site.scene.leaflet().title for _ in range(2)] == [f"{leaflet.title} 2", f"{leaflet.title} 3"]


def test_a_helper_is_told_whom_to_ask_for_the_order(site: Site, leaflet: Leaflet) -> None:
    asked = "When the words are right, ask Agnes to order the PDF."
    assert asked in site.client(site.scene.helper).get(f"/leaflets/{leaflet.id}").text
    assert asked not in site.client(site.scene.agent).get(f"/leaflets/{leaflet.id}").text


BAD = [
    ("z.headline", "x" * 400, "400 characters where 200 fit"),
    ("z.story", "word " * 300, "300 words where 200 fit"),
    ("z.headline", "", "Nothing here yet"),
    ("z.answer.url", "javascript:alert(1)", "not one a telephone can open"),
    ("z.tone", "purple", "is not one of the options"),
]


@pytest.mark.parametrize(("name", "typed", "said"), BAD, ids=[said for _, _, said in BAD])
def test_what_breaks_a_limit_is_kept_and_the_problem_stands_at_its_field(
    site: Site, leaflet: Leaflet, name: str, typed: str, said: str
) -> None:
    client = site.client(site.scene.agent)
    assert site.save(client, leaflet.id, {name: typed, "z.second": "Kept beside it"}).status_code == 302
    page = client.get(f"/leaflets/{leaflet.id}").text
    zone = name.split(".")[1]
    field = page.split(f'id="zone-{zone}"')[1].split('id="zone-')[0]
    assert said in field
    assert values(site, leaflet)["second"] == "Kept beside it"
    if typed:
        assert typed.strip()[:20] in str(values(site, leaflet)[zone])


def test_characters_that_nobody_sees_go_and_the_words_stay(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    typed = {"z.headline": "Hid\u202eden\x07 words\r\nhere", "z.story": "A \x00bell\u200b"}
    site.save(client, leaflet.id, typed)
    assert values(site, leaflet)["headline"] == "Hidden words here"
    assert values(site, leaflet)["story"] == "<p>A bell</p>"


def test_numbers_that_are_none_are_kept_and_told(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    site.save(client, leaflet.id, {"z.result.0.label": "2019", "z.result.0.number": "many"})
    assert values(site, leaflet)["result"]["numbers"] == ["many"]
    assert 'value="many"' in client.get(f"/leaflets/{leaflet.id}").text


SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_script_in_every_text_zone_is_shown_as_words(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    names = ["z.headline", "z.second", "z.story", "z.points.0.heading", "z.points.0.body", "z.answer.url"]
    names += ["z.answer.label", "z.result.0.label", "z.result.0.number", "z.result.source", "z.tone"]
    site.save(client, leaflet.id, dict.fromkeys(names, SCRIPT))
    for path in (f"/leaflets/{leaflet.id}", f"/leaflets/{leaflet.id}/order", "/"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in client.get(f"/leaflets/{leaflet.id}").text


def test_script_in_names_of_people_campaigns_and_files_is_shown_as_words(site: Site) -> None:
    client = site.client(site.scene.agent)
    site.picture(photo(), f"{SCRIPT[:40]}.jpg")
    start = {"campaign": site.scene.campaign.id, "kit": "plain", "title": SCRIPT}
    answer = site.post(client, "/library/card/1.0.0/start", start)
    pages = [answer.headers["Location"], "/", f"/campaigns/{site.scene.campaign.id}/pictures"]
    for path in pages:
        assert "<script>alert" not in client.get(path).text


def test_a_row_can_be_taken_out_without_scripts(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    three = {f"z.points.{number}.heading": f"Point {number}" for number in range(3)}
    site.save(client, leaflet.id, three)
    answer = site.save(client, leaflet.id, {"then": "drop:points:1"})
    assert answer.headers["Location"] == f"/leaflets/{leaflet.id}#zone-points"
    assert [row["heading"] for row in values(site, leaflet)["points"]] == ["Point 0", "Point 2"]


def test_there_is_always_room_for_one_more_row_up_to_the_limit(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    assert 'name="z.points.1.heading"' in client.get(f"/leaflets/{leaflet.id}").text
    site.save(client, leaflet.id, {f"z.points.{number}.heading": "Point" for number in range(3)})
    assert 'name="z.points.3.heading"' not in client.get(f"/leaflets/{leaflet.id}").text


def test_a_photo_goes_into_its_zone_and_is_being_prepared(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    answer = site.save(client, leaflet.id, {"z.portrait.file": (photo(), "me.jpg"), "z.portrait.alt": "Ada"})
    assert answer.status_code == 302
    assert values(site, leaflet)["portrait"]["alt"] == "Ada"
    assert "“me.jpg” has arrived and is being prepared" in client.get(f"/leaflets/{leaflet.id}").text


def test_a_focal_point_decides_which_part_is_bright(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    picture = site.picture(photo())
    chosen = {"z.portrait.picture": picture.original_hash, "z.portrait.alt": "Ada"}
    site.save(client, leaflet.id, chosen)
    site.save(client, leaflet.id, {"z.portrait.focus_x": "0", "z.portrait.focus_y": "100"})
    assert values(site, leaflet)["portrait"]["focus"] == [0.0, 1.0]
    # 400 × 320 pixels in a frame of 60 × 80 mm: 240 pixels wide, and at the left edge
    assert "M0.0 0.0V320.0H240.0V0.0Z" in client.get(f"/leaflets/{leaflet.id}").text


def test_a_pdf_as_a_photo_is_refused_at_its_field_and_everything_else_is_saved(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    file = io.BytesIO(b"%PDF-1.7\n" + b"x" * 5000)
    answer = site.save(client, leaflet.id, {"z.portrait.file": (file, "me.jpg"), "z.headline": "Kept all the same"})
    assert answer.status_code == 422
    field = answer.text.split('id="zone-portrait"')[1].split('id="zone-')[0]
    assert "This is a PDF" in field
    assert "Kept all the same" in answer.text
    assert values(site, leaflet)["headline"] == "Kept all the same"
    assert values(site, leaflet)["portrait"] is None


def test_a_picture_of_another_campaign_cannot_be_put_into_a_zone(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    site.save(client, leaflet.id, {"z.portrait.picture": "f" * 64})
    page = client.get(f"/leaflets/{leaflet.id}/order").text
    assert "cannot be used: choose another one" in page


def test_words_too_large_to_keep_stay_on_the_page(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    answer = site.save(client, leaflet.id, {"z.headline": "y" * 250_000})
    assert answer.status_code == 422
    assert "far too long for a leaflet" in answer.text
    assert "y" * 250_000 in answer.text


def test_a_form_with_nonsense_in_its_hidden_fields_loses_no_words(site: Site, leaflet: Leaflet) -> None:
    client = site.client(site.scene.agent)
    nonsense = {
        "base.headline": "-1e9",
        "was.headline": "",
        "page": "'",
        "then": "drop:nothing:x",
        "z.headline": "Kept",
    }
    assert site.save(client, leaflet.id, nonsense).status_code == 302
    assert values(site, leaflet)["headline"] == "Kept"


def test_a_person_of_two_campaigns_sees_both_shelves(site: Site, leaflet: Leaflet) -> None:
    person: Person = site.scene.agent
    with site.scene.sessions() as session:
        first = campaigns.campaign(session, actor=person, campaign_id=site.scene.campaign.id)
        by: dict[str, Any] = {"actor": "a test", "now": site.scene.now}
        content = leaflets.content_of(leaflets.leaflet(session, actor=person, leaflet_id=leaflet.id))
        second = campaigns.start_campaign(
            session,
            **by,
            organisation=first.organisation.name,
            name="Bella",
            kit="plain",
            election=content.election,
            imprint=content.imprint,
        )
        campaigns.add_member(session, **by, campaign_id=second.id, person_id=person.id, role=Role.AGENT)
    page = site.client(person).get("/").text
    assert "Nothing here yet" in page.split("Bella")[1]
    assert f'href="/leaflets/{leaflet.id}"' in page
