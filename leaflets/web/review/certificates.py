"""The certificate of an approval, to read and to take along; and the public key that shows that it is ours."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.review.approval import WORDED
from leaflets.domain.review.certificate import Certificate, PassedZone, certificate_from_json
from leaflets.domain.template import Kind, Template, Voice, Zone
from leaflets.domain.words.comparison import words_in
from leaflets.domain.words.values import tidy_value
from leaflets.services.review import certificates
from leaflets.storage.review import Approval
from leaflets.storage.signing_key import SigningKey
from leaflets.web import current
from leaflets.web.known_template import template_at

pages = Blueprint("certificates", __name__)


@pages.get("/leaflets/<int:leaflet_id>/approval/certificate")
def page(leaflet_id: int) -> ResponseReturnValue:
    """What was approved, and who passed which words, to read or to print."""
    approval = _approval(leaflet_id)
    template = template_at(approval.revision.content["template"])
    certificate = certificate_from_json(approval.certificate)
    return render_template(
        "certificate.html",
        approval=approval,
        leaflet=approval.leaflet,
        certificate=certificate,
        asked=[(zone, _words(_as_zone(zone), zone.words)) for zone in certificate.zones],
        others=_others(certificate, template),
        key=_key().public,
    )


@pages.get("/leaflets/<int:leaflet_id>/approval/certificate.json")
def download(leaflet_id: int) -> ResponseReturnValue:
    """The same, signed, for whoever has to prove it later."""
    approval = _approval(leaflet_id)
    statement = certificates.signed(
        current.session(),
        approval,
        template=template_at(approval.revision.content["template"]),
        key=_key(),
        key_address=f"{current.house().config.base_url}{url_for('certificates.public_key')}",
    )
    answer = Response(json.dumps(statement, indent=1, ensure_ascii=False) + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{approval.id}.json"'
    return answer


@pages.get("/signing-key")
def public_key() -> ResponseReturnValue:
    """The public key of this installation: what it signed can be checked with it by anybody."""
    return Response(_key().public.pem, mimetype="text/plain")


def _approval(leaflet_id: int) -> Approval:
    return certificates.of_leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)


def _as_zone(passed: PassedZone) -> Zone:
    return Zone(passed.zone, Kind(passed.kind), passed.label, "", Voice.MESSAGE, "")


def _others(certificate: Certificate, template: Template | None) -> list[tuple[str, str]]:
    """The words that no office had asked to see, by the name of their zone, in the template's order."""
    values = certificate.content.values
    seen = {zone.zone for zone in certificate.zones}
    zones = template.zones if template else ()
    read = [(zone.label, _words(zone, values.get(zone.key))) for zone in zones if zone.key not in seen]
    return [(label, words) for label, words in read if words.strip()]


def _words(zone: Zone, value: Any) -> str:
    if zone.kind not in WORDED:
        return ""
    return "".join(word.text for word in words_in(zone, tidy_value(zone, value)))


def _key() -> SigningKey:
    return SigningKey(current.house().config.data_folder)
