"""The plan of a leaflet and of a campaign: what to do by when, what would still work, and a picture of time."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.clock.route import Step
from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.services import leaflets
from leaflets.services.clock import feeds, plans
from leaflets.services.organisation import campaigns, houses_known
from leaflets.services.review import objections
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current, navigation
from leaflets.web.clock.feeds import address_of
from leaflets.web.clock.plan_view import choices_of, chosen_of, ways_out
from leaflets.web.clock.timeline import Entry, campaign_timeline, leaflet_timeline
from leaflets.web.clock.timeline_layout import across, down
from leaflets.web.typed_id import ids_of

pages = Blueprint("plans", __name__)


@pages.get("/leaflets/<int:leaflet_id>/plan")
def page(leaflet_id: int) -> ResponseReturnValue:
    """What to do next and by when, the picture, and every date."""
    return plan_page(leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id))


@pages.post("/leaflets/<int:leaflet_id>/plan")
def choose(leaflet_id: int) -> ResponseReturnValue:
    """Choose what the leaflet is for and how it travels; a remedy that names a printer leads on to the order."""
    target = leaflets.leaflet(
        current.session(), actor=current.actor(), leaflet_id=leaflet_id, action=Action.EDIT_LEAFLET
    )
    try:
        chosen = chosen_of(request.form)
        plans.choose(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            landing=chosen.landing,
            on=chosen.on,
            route=chosen.route,
            election_ids=_elections_of(target),
        )
    except Invalid as error:
        return plan_page(target, problem=error, typed=request.form, status=422)
    flash("The plan is counted again.")
    printer = request.form.get("printer", "")
    if printer.isdecimal() and current.may(Action.ORDER_PRINT, target.campaign_id):
        return redirect(url_for("orders.form", leaflet_id=leaflet_id, printer=printer))
    return redirect(url_for("plans.page", leaflet_id=leaflet_id))


@pages.post("/leaflets/<int:leaflet_id>/plan/<step>")
def mark(leaflet_id: int, step: str) -> ResponseReturnValue:
    """Say that a step is done, or that it is not after all."""
    if step not in list(Step):
        raise Invalid("There is no such step.", "Go back to the plan and use its buttons.")
    plans.mark(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        leaflet_id=leaflet_id,
        step=Step(step),
        done=request.form.get("done") == "yes",
    )
    return redirect(url_for("plans.page", leaflet_id=leaflet_id, _anchor="steps"))


@pages.get("/campaigns/<int:campaign_id>/timeline")
def campaign(campaign_id: int) -> ResponseReturnValue:
    """All leaflets of a campaign in one picture, and the address for people's calendars."""
    session, actor, now = current.session(), current.actor(), current.now()
    found = campaigns.campaign(session, actor=actor, campaign_id=campaign_id)
    board = plans.campaign_board(session, actor=actor, now=now, campaign_id=campaign_id)
    entries = [
        Entry(
            f"leaflet-{row.leaflet.id}", row.leaflet.title, url_for("plans.page", leaflet_id=row.leaflet.id), row.plan
        )
        for row in board.rows
        if row.plan
    ]
    timeline = campaign_timeline(found.name, entries, now) if entries else None
    feed = feeds.feed_of(session, actor=actor, campaign_id=campaign_id)
    return render_template(
        "campaign-timeline.html",
        campaign=found,
        tabs=navigation.campaign_ways(session, actor, found.id),
        board=board,
        timeline=timeline,
        lying=across(timeline) if timeline else None,
        upright=down(timeline) if timeline else None,
        feed=address_of(feed) if feed else None,
    )


def _elections_of(target: Leaflet) -> list[int]:
    """Those that are ticked; a form without the boxes changes nothing."""
    if "which-elections" not in request.form:
        return [row.id for row in target.elections]
    return ids_of(request.form.getlist("election"))


def plan_page(
    target: Leaflet,
    *,
    problem: Invalid | None = None,
    typed: Mapping[str, str] | None = None,
    not_taken: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page. `typed` are choices, `not_taken` words of an objection or answer, that `problem` stands against."""
    session, actor, now = current.session(), current.actor(), current.now()
    found = plans.plan_of(session, actor=actor, now=now, leaflet_id=target.id)
    timeline = leaflet_timeline(found.plan, target.title) if found.plan else None
    shown = render_template(
        "plan.html",
        leaflet=target,
        planned=found,
        plan=found.plan,
        by_approval=plans.by_approval(session, target),
        ways_out=ways_out(found.plan, houses_known.offered_at(session, target.campaign.node)) if found.plan else [],
        choices=choices_of(target, found, typed),
        problem=problem,
        not_taken=not_taken or {},
        timeline=timeline,
        lying=across(timeline) if timeline else None,
        upright=down(timeline) if timeline else None,
        objections=objections.of_leaflet(session, actor=actor, leaflet_id=target.id),
        may_edit=current.may(Action.EDIT_LEAFLET, target.campaign_id),
        may_order=current.may(Action.ORDER_PRINT, target.campaign_id),
        may_object=current.may(Action.OBJECT, target.campaign_id),
        may_answer=current.may(Action.ANSWER_OBJECTION, target.campaign_id),
    )
    return make_response(shown, status)
