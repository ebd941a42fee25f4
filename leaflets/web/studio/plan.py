"""The deadline as the studio shows it: one sentence, always in view."""

from __future__ import annotations

from typing import Any

from flask import url_for

from leaflets.services.clock import plans
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current
from leaflets.web.clock.plan_view import STATE_CLASS, brief
from leaflets.web.wording import capitalised


def plan_json(target: Leaflet) -> dict[str, Any]:
    """How the leaflet stands: `{state, state_class, sentence, brief, url, remarks}`.

    `brief` is the sentence for a place with little room; `remarks` are `{code, sentence, source}`. Where no plan can
    be counted, the sentence says why.
    """
    found = plans.plan_of(current.session(), actor=current.actor(), now=current.now(), leaflet_id=target.id)
    url = url_for("plans.page", leaflet_id=target.id)
    if found.plan is None:
        said = {"state": "No plan yet", "state_class": "suspended", "sentence": found.why_not, "brief": found.why_not}
        return {**said, "url": url, "remarks": []}
    return {
        "state": capitalised(found.plan.state),
        "state_class": STATE_CLASS[found.plan.state],
        "sentence": found.plan.sentence,
        "brief": brief(found.plan),
        "url": url,
        "remarks": [
            {"code": remark.code, "sentence": remark.sentence, "source": remark.source} for remark in found.plan.remarks
        ],
    }
