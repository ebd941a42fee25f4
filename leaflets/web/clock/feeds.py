"""Calendar feeds: a private address for each person, and the file behind it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from leaflets.domain.errors import NotFound
from leaflets.services.clock import feeds
from leaflets.storage.calendar_feed import CalendarFeed
from leaflets.web import current
from leaflets.web.clock.calendar_file import Dated, calendar_file

pages = Blueprint("feeds", __name__)


def address_of(feed: CalendarFeed) -> str:
    """The whole address of a feed, to be pasted into a calendar."""
    return f"{_site()}{url_for('feeds.read', token=_signer().dumps([feed.id, feed.serial]))}"


@pages.post("/campaigns/<int:campaign_id>/calendar")
def of_campaign(campaign_id: int) -> ResponseReturnValue:
    """A new private address of a campaign's dates."""
    feeds.new_address(current.session(), actor=current.actor(), now=current.now(), campaign_id=campaign_id)
    flash("Here is your private calendar address. An older one no longer works.")
    return redirect(url_for("plans.campaign", campaign_id=campaign_id, _anchor="calendar"))


@pages.post("/boards/<int:node_id>/calendar")
def of_board(node_id: int) -> ResponseReturnValue:
    """A new private address of a region's or a nation's dates."""
    feeds.new_address(current.session(), actor=current.actor(), now=current.now(), node_id=node_id)
    flash("Here is your private calendar address. An older one no longer works.")
    return redirect(url_for("boards.page", node_id=node_id, _anchor="calendar"))


@pages.get("/calendar/<token>.ics")
def read(token: str) -> ResponseReturnValue:
    """The file, to whoever holds the address, for as long as its person may see the dates."""
    try:
        feed_id, serial = _signer().loads(token)
    except (BadSignature, TypeError, ValueError):
        raise NotFound("There is no such calendar.", "Copy the whole address from the page of the campaign.") from None
    found = feeds.read(current.session(), now=current.now(), feed_id=feed_id, serial=serial)
    dated = [
        Dated(
            row.leaflet.id,
            row.leaflet.title,
            row.seat or row.leaflet.campaign.name,
            f"{_site()}{url_for('plans.page', leaflet_id=row.leaflet.id)}",
            row.plan,
        )
        for row in found.board.rows
        if row.plan
    ]
    host = urlsplit(_site()).hostname or "leaflets"
    file = calendar_file(found.name, dated, host=host, sequence=found.sequence, changed_at=found.changed_at)
    answer = Response(file, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = "inline; filename=leaflets.ics"
    answer.add_etag()
    return answer.make_conditional(request)


def _site() -> str:
    return current.house().config.base_url.rstrip("/")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current.house().config.secret_key, salt="calendar-feed")
