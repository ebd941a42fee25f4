import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from site_of_scene import Site
from werkzeug.test import TestResponse


@pytest.fixture
def leaflet(site: Site) -> int:
    return site.scene.leaflet().id


def edit(value: Any, base: int = 0, *, op_id: str = "operation-1", zone: str = "headline", **more: Any) -> Any:
    return {"op_id": op_id, "zone": zone, "value": value, "base_version": base, **more}


def send(site: Site, client: FlaskClient, path: str, body: Any, **headers: str) -> TestResponse:
    sent = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(
        path,
        data=sent,
        headers={
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-CSRFToken": site.token(client),
            **headers,
        },
    )


def test_words_go_in_and_are_answered_with_the_news(site: Site, leaflet: int) -> None:
    agent = site.client(site.scene.agent)
    body = {"tab": "tab-a", "edits": [edit("Better buses", step="step-1")], "at_zone": "headline", "cursor": 0}
    said = send(site, agent, f"/leaflets/{leaflet}/edits", body).json
    assert said["results"] == [
        {"op_id": "operation-1", "zone": "headline", "outcome": "stored", "version": 1, "message": "", "remedy": ""}
    ]
    assert said["at"] == said["news"]["at"] == site.scene.now.isoformat()
    assert said["news"]["person"] == {"id": site.scene.agent.id, "name": "Agnes"}
    assert said["news"]["look_again_ms"] == 5000
    assert site.scene.texts(leaflet)["headline"] == "Better buses"
