"""A site with one of everything in it, so that each of its routes has something to lead to."""

from __future__ import annotations

from collections.abc import Mapping

from clockwork import Clockwork
from flask import url_for
from scene import photo
from site_of_scene import Site
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import Lane
from leaflets.services.clock import feeds
from leaflets.services.message import message_making
from leaflets.services.organisation import printing_houses, settings
from leaflets.services.press import outcomes
from leaflets.services.review import comments, objections, sending
from leaflets.services.roles import access_requests, grants, joining, people
from leaflets.storage.people import Campaign, Person
from leaflets.storage.tree import Node
from leaflets.web.clock.feeds import address_of


def furnish(site: Site, clock: Clockwork) -> dict[str, object]:
    """A leaflet, a proof, a picture, a finished order and so on; what the routes call each of them."""
    leaflet, clean = site.scene.leaflet(), site.scene.leaflet()
    site.scene.save(clean.id, site.scene.edit("A bus every ten minutes", 0))
    picture = site.picture(photo())
    page = {"hash": site.blobs.put(b"RIFF"), "width_px": 10, "height_px": 10}
    proof = site.scene.proof(leaflet.id)
    site.end(Lane.PROOF, outcomes.ProofDone([page], [], ()))
    order = site.scene.order(leaflet.id)
    site.end(Lane.PRESS, outcomes.PrintDone(site.blobs.put(b"%PDF-1.7"), 2, (), [page]))
    site.scene.save(leaflet.id, site.scene.edit("Better buses", 0))
    conflict = site.scene.save(leaflet.id, site.scene.edit("Warmer homes", 0), by=site.scene.helper).conflicts[0]
    with site.scene.sessions() as session:
        made = objections.make(session, actor=clock.rita, now=site.scene.now, leaflet_id=leaflet.id, words="Too late.")
        feed = feeds.new_address(session, actor=clock.olga, now=site.scene.now, node_id=clock.region.id)
        with site.app.test_request_context():
            address_in_calendar = address_of(feed)
        objection_id = made.id
        said = comments.make(session, actor=clock.rita, now=site.scene.now, leaflet_id=leaflet.id, words="Which bus?")
        comment_id = said.id
        ask = [{"office": "region", "zones": "messages"}]
        settings.set_here(session, **clock.by, node_id=clock.nation.id, name="workflow", value=ask)
        sent = sending.send(
            session,
            actor=site.scene.agent,
            now=site.scene.now,
            leaflet_id=clean.id,
            template=site.scene.template,
            anyway=True,
        )
        submission_id = sent.id
        house = printing_houses.add(session, **clock.by, node_id=clock.region.id, name="Litho", address="3 Ink Lane")
    return {
        "leaflet_id": leaflet.id,
        "edit_id": conflict.edit_id,
        "image": page["hash"],
        "proof_id": proof.id,
        "page": 1,
        "order_id": order.id,
        "campaign_id": site.scene.campaign.id,
        "picture": picture.original_hash,
        "zone": "headline",
        "upload_id": "0" * 32,
        "node_id": clock.region.id,
        "objection_id": objection_id,
        "comment_id": comment_id,
        "submission_id": submission_id,
        "election_id": clock.election.id,
        "setting": "when-silent",
        "printer_id": house.id,
        "duration": "approval",
        "step": "approved",
        "person_id": site.scene.agent.id,
        **_staff(site, clock),
        "sign_in_id": 0,
        "passkey_id": 0,
        "provider_id": 0,
        "token": address_in_calendar.rpartition("/")[2].removesuffix(".ics"),
        "name": "card",
        "version": "1.0.0",
        "file": "thumbnail.webp",
        "filename": "css/base.css",
    }


def address_of_route(site: Site, rule: Rule, known: Mapping[str, object]) -> str:
    """Where a route is, for the things that are known."""
    with site.app.test_request_context():
        return url_for(rule.endpoint, **{argument: known[argument] for argument in rule.arguments - {"stamp"}})


def _staff(site: Site, clock: Clockwork) -> dict[str, object]:
    """A role that somebody else holds, a question for one, and the address by which newcomers ask."""
    scene = site.scene
    with scene.sessions() as session:
        dora, asker = (
            people.add_person(session, **clock.by, name=name, email=f"{name.lower()}@example.org")
            for name in ("Dora", "Asker")
        )
        held = {"campaign_id": scene.campaign.id, "role": Role.HELPER}
        grant = grants.give(session, **clock.by, **held, person_id=dora.id)
        organisation = session.get_one(Campaign, scene.campaign.id).organisation_id
        asked = access_requests.ask(
            session, actor=asker, now=scene.now, words="To help.", organisation_id=organisation, **held
        )
        root = session.get_one(Node, clock.nation.parent_id)
        code = joining.renew(
            session, actor=_administrator(session, clock, root), now=scene.now, node_id=root.id
        ).join_code
        draft = message_making.Draft("headline", "We can win here", why="It is close.")
        message = message_making.make(session, **clock.by, node_id=clock.region.id, draft=draft)
        said = {"message_id": message.id, "language": "en-GB"}
        return {**said, "grant_id": grant.id, "request_id": asked.id, "join_code": code}


def _administrator(session: Session, clock: Clockwork, root: Node) -> Person:
    keeper = people.add_person(session, **clock.by, name="Keeper", email="keeper@example.org")
    grants.give(session, **clock.by, person_id=keeper.id, role=Role.ADMINISTRATOR, node_id=root.id)
    return keeper
