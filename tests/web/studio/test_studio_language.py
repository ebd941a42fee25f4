"""The door through which a leaflet's language is chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from site_of_scene import Site
from werkzeug.test import TestResponse


def choose(site: Site, client: FlaskClient, leaflet_id: int, body: Any) -> TestResponse:
    headers = {"Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": site.token(client)}
    return client.post(f"/leaflets/{leaflet_id}/language", data=json.dumps(body), headers=headers)


def test_the_studio_offers_three_languages_and_keeps_the_one_that_is_chosen(site: Site) -> None:
    leaflet_id, client = site.scene.leaflet().id, site.client(site.scene.helper)
    assert choose(site, client, leaflet_id, {"language": "cy"}).json == {"language": "cy"}
    state = client.get(f"/leaflets/{leaflet_id}/state").json
    assert state["leaflet"]["language"] == "cy"
    assert [one["name"] for one in state["leaflet"]["languages"]] == ["English", "Welsh", "Gaelic"]


@pytest.mark.parametrize("body", [{}, {"language": 7}, {"language": "tlh"}, {"language": "cy\0"}, None, ["cy"]])
def test_what_is_no_language_of_ours_is_refused_in_words_and_changes_nothing(site: Site, body: Any) -> None:
    leaflet_id, client = site.scene.leaflet().id, site.client(site.scene.agent)
    answer = choose(site, client, leaflet_id, body)
    assert (answer.status_code, answer.json["code"]) == (422, "language")
    assert answer.json["remedy"]
    assert client.get(f"/leaflets/{leaflet_id}/state").json["leaflet"]["language"] == "en-GB"
