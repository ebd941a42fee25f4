"""The site over a small campaign in a real database, and people who are signed in to it."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2.bccache import Bucket, BytecodeCache
from opened_once import LIBRARY, open_once, our_library
from scene import Scene, keep_warm
from werkzeug.test import TestResponse

from leaflets.app import create_app
from leaflets.config import Config
from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import Lane
from leaflets.domain.signing_in import Way
from leaflets.services.picture import pictures
from leaflets.services.press import outcomes, press_queue
from leaflets.services.roles import grants, people
from leaflets.services.signing_in import signed_in
from leaflets.storage.blobs import Blobs
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture
from leaflets.web import current
from leaflets.web.picture.pictures import PictureLimits

_FIELD = re.compile(
    r'<(?:input|button)[^>]*?\bname="(?P<name>[^"]+)"[^>]*?\bvalue="(?P<value>[^"]*)"(?P<checked>[^>]*\bchecked)?[^>]*>'
    r'|<textarea[^>]*?\bname="(?P<area>[^"]+)"[^>]*>\n?(?P<text>[^<]*)</textarea>'
)

open_once()


class _Compiled(BytecodeCache):
    """Templates that were compiled for one site, kept for the next: a test opens a site of its own."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self.kept.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def config_for(scene: Scene, folder: Path, **changes: Any) -> Config:
    """Settings of a site on the scene's database, with its files under `folder`."""
    config = Config(
        secret_key="x" * 32,
        database_url=scene.url,
        redis_url=scene.redis_url,
        data_folder=folder,
        library_folder=LIBRARY,
        demo=True,
    )
    return replace(config, **changes)


@dataclass
class Site:
    """`client(person)` is a browser in which that person is signed in; `client(None)` one where nobody is."""

    scene: Scene
    folder: Path
    settings: Mapping[str, Any] = field(default_factory=dict)
    app: Flask = field(init=False)
    candidate: Person = field(init=False)

    def __post_init__(self) -> None:
        library = our_library()
        self.scene.template, self.scene.kit = library.template("card"), library.kit("plain")
        self.app = create_app(config_for(self.scene, self.folder, **self.settings), clock=lambda: self.scene.now)
        self.app.testing = True
        self.app.jinja_env.bytecode_cache = _Compiled()
        keep_warm(current.house_of(self.app).sessions)
        with self.scene.sessions() as session:
            by: dict[str, Any] = {"actor": "a test", "now": self.scene.now}
            self.candidate = people.add_person(session, **by, name="Ada", email="ada@example.org")
            grants.give(
                session, **by, campaign_id=self.scene.campaign.id, person_id=self.candidate.id, role=Role.CANDIDATE
            )
            session.refresh(self.candidate)

    @property
    def blobs(self) -> Blobs:
        return Blobs(self.folder / "blobs")

    def client(self, person: Person | None) -> FlaskClient:
        client = self.app.test_client()
        if person is not None:
            with self.scene.sessions() as database:
                token = signed_in.begin(database, now=self.scene.now, person_id=person.id, way=Way.LINK)
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = token, True
        return client

    def token(self, client: FlaskClient) -> str:
        """A CSRF token that this browser may send, as if a page of ours had given it."""
        with client.session_transaction() as session:
            kept = session.setdefault("csrf_token", "of this browser")
        signer = URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token")
        return str(signer.dumps(kept))

    def post(self, client: FlaskClient, path: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        """Send a form as the page itself would."""
        return client.post(path, data={"csrf_token": self.token(client), **(data or {})})

    def send(self, client: FlaskClient, path: str, body: object, **headers: str) -> TestResponse:
        """Send JSON as the studio's script does; bytes and text go as they are."""
        sent = body if isinstance(body, (bytes, str)) else json.dumps(body)
        kinds = {"Accept": "application/json", "Content-Type": "application/json"}
        return client.post(path, data=sent, headers={**kinds, "X-CSRFToken": self.token(client), **headers})

    def save(self, client: FlaskClient, leaflet_id: int, words: Mapping[str, Any]) -> TestResponse:
        """Open a leaflet, and write these words into its zones."""
        known = client.get(f"/leaflets/{leaflet_id}/state").get_json()["words"]
        edits = [
            {
                "op_id": f"{time.monotonic_ns()}-{zone}",
                "zone": zone,
                "value": value,
                "base_version": known[zone]["version"],
            }
            for zone, value in words.items()
        ]
        return self.send(client, f"/leaflets/{leaflet_id}/edits", {"tab": "a-test", "edits": edits})

    def picture(self, photo: io.BytesIO, filename: str = "portrait.jpg") -> Picture:
        """A picture of the campaign, fit to use: what a worker would have made of it is there."""
        with self.scene.sessions() as session:
            kept = pictures.receive(
                session,
                actor=self.scene.agent,
                now=self.scene.now,
                blobs=self.blobs,
                tickets=self.scene.tickets,
                campaign_id=self.scene.campaign.id,
                upload=photo,
                filename=filename,
                limits=PictureLimits(),
            )
            self.end(Lane.PROOF, outcomes.PictureDone(kept.original_hash, kept.original_hash, 400, 320))
            session.refresh(kept)
        return kept

    def end(self, lane: Lane, outcome: outcomes.Outcome) -> None:
        """Do the next thing on a lane as a worker would, with this outcome."""
        with self.scene.sessions() as session:
            claim = press_queue.claim(session, lane=lane, worker="a test", now=self.scene.now)
            assert claim is not None
            press_queue.finish(session, claim=claim, now=self.scene.now, outcome=outcome)


def one_edit(value: Any, base: int = 0, *, op_id: str = "operation-1", zone: str = "headline", **more: Any) -> Any:
    """One edit as the studio's script sends it."""
    return {"op_id": op_id, "zone": zone, "value": value, "base_version": base, **more}


def form_fields(html: str) -> dict[str, str]:
    """What a browser would send of the forms of this page, without its buttons."""
    from html import unescape

    fields = {}
    for found in _FIELD.finditer(html):
        tag = found[0]
        if tag.startswith("<button") or 'type="file"' in tag:
            continue
        if 'type="radio"' in tag and not re.search(r"\bchecked\b", tag):
            continue
        name = found["name"] or found["area"]
        fields[unescape(name)] = unescape(found["value"] if found["name"] else found["text"])
    return fields
