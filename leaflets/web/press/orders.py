"""Orders: choosing a printer, watching the press, and taking the PDF away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.permissions import Action
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.words.starting_words import untouched
from leaflets.services import leaflets
from leaflets.services.clock import plans
from leaflets.services.organisation import houses_known
from leaflets.services.press import house_orders, orders, proofs, wishes
from leaflets.services.review import objections
from leaflets.services.roles import people
from leaflets.services.studio import readiness
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Order
from leaflets.web import current
from leaflets.web.images import Image, kept_image, sides_of
from leaflets.web.press.proofs import images_of as proof_images
from leaflets.web.press.proofs import proof_view
from leaflets.web.typed_day import day_of, hour_of
from leaflets.web.typed_id import id_of
from leaflets.web.wording import UK

pages = Blueprint("orders", __name__)

USUAL_QUANTITY = "5000"
USUAL_DAYS, USUAL_HOUR = 2, time(17, 0)


@pages.get("/leaflets/<int:leaflet_id>/order")
def form(leaflet_id: int) -> ResponseReturnValue:
    """Printer, number, and by when; what stands in the way, if anything does."""
    target = _orderable(leaflet_id)
    typed = {"quantity": USUAL_QUANTITY, "printer": request.args.get("printer", "")}
    return _form(target, typed)


@pages.post("/leaflets/<int:leaflet_id>/order")
def place(leaflet_id: int) -> ResponseReturnValue:
    """Order the PDF."""
    target = _orderable(leaflet_id)
    typed = request.form
    wish, wrong = _wish_of(leaflet_id, typed)
    if wrong:
        return _form(target, typed, wrong=wrong, status=422)
    try:
        placed = orders.place(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            tickets=current.house().tickets,
            leaflet_id=leaflet_id,
            template=current.house().library.template(target.template_ref),
            going_ahead_because=typed.get("because", ""),
            **wish,
        )
    except (Invalid, Conflict) as error:
        return _form(target, typed, wrong=[error], status=422)
    return redirect(url_for("orders.page", order_id=placed.id))


@pages.get("/orders/<int:order_id>")
def page(order_id: int) -> ResponseReturnValue:
    """Where an order stands; the page looks again by itself."""
    return _standing("order.html", order_id)


@pages.get("/orders/<int:order_id>/standing")
def standing(order_id: int) -> ResponseReturnValue:
    """The parts of that page that change, alone."""
    return _standing("parts/order-news.html", order_id)


@pages.post("/orders/<int:order_id>/again")
def again(order_id: int) -> ResponseReturnValue:
    """Put an order that stopped back into the queue."""
    orders.press_again(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        tickets=current.house().tickets,
        order_id=order_id,
    )
    return redirect(url_for("orders.page", order_id=order_id))


@pages.get("/orders/<int:order_id>/leaflet.pdf")
def download(order_id: int) -> ResponseReturnValue:
    """The PDF for the printer, under a name that still makes sense in a mailbox."""
    order = orders.to_take_away(current.session(), actor=current.actor(), order_id=order_id)
    if not order.pdf_hash:
        raise NotFound("This PDF is not made yet.", "The page of the order says when it will be.")
    answer = send_file(
        current.house().blobs.path(order.pdf_hash),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=_file_name(order),
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@pages.get("/orders/<int:order_id>/<int:page>.webp")
def image(order_id: int, page: int) -> ResponseReturnValue:
    """One side of the finished PDF, as it is in the file."""
    order = orders.order(current.session(), actor=current.actor(), order_id=order_id)
    if not 1 <= page <= len(order.images):
        raise NotFound("There is no picture of that side.", "The page of the order shows what there is.")
    return kept_image(order.images[page - 1]["hash"])


def images_of(order: Order) -> list[Image]:
    """The sides of an order's finished PDF; none before it is made."""
    address = partial(url_for, "orders.image", order_id=order.id)
    return sides_of(order.images, order.leaflet.title, lambda side: address(page=side))


def _orderable(leaflet_id: int) -> Leaflet:
    return leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id, action=Action.ORDER_PRINT)


def _wish_of(leaflet_id: int, typed: Mapping[str, str]) -> tuple[dict[str, Any], list[Invalid | Conflict]]:
    """What the form asks for, and everything in it that cannot be, so that nobody has to send it three times."""
    wish: dict[str, Any] = {}
    wrong: list[Invalid | Conflict] = []
    for name, read in (("printer_id", _printer_of), ("quantity", _quantity_of), ("needed_by", _moment_of)):
        try:
            wish[name] = read(typed)
        except Invalid as error:
            wrong.append(error)
    if wrong and "printer_id" in wish:
        missing = wishes.needs_reason(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            printer_id=wish["printer_id"],
            because=typed.get("because", ""),
        )
        wrong += [missing] if missing else []
    return wish, wrong


def _printer_of(typed: Mapping[str, str]) -> int:
    chosen = id_of(typed.get("printer", ""))
    if chosen is None:
        raise Invalid(
            "No printer is chosen.", "Choose one: the law wants its name and address on paper.", code="printer"
        )
    return chosen


def _quantity_of(typed: Mapping[str, str]) -> int:
    said = re.sub(r"[\s,]", "", typed.get("quantity", ""))
    if not (said.isascii() and said.isdecimal() and len(said) < 12):
        raise Invalid("How many copies is not a whole number.", "Write it in figures, such as 5000.", code="quantity")
    wishes.check_quantity(int(said))
    return int(said)


def _moment_of(typed: Mapping[str, str]) -> datetime | None:
    """The moment that somebody asks for; None where they leave it to the plan."""
    day = day_of(typed.get("day", ""), code="needed-by")
    if day is None:
        return None
    local = datetime.combine(day, hour_of(typed.get("time", ""), code="needed-by"), UK)
    wishes.check_moment(local, current.now())
    return local


def _form(
    target: Leaflet, typed: Mapping[str, str], *, wrong: Sequence[Invalid | Conflict] = (), status: int = 200
) -> ResponseReturnValue:
    session, actor, library = current.session(), current.actor(), current.house().library
    template = library.template(target.template_ref)
    printers = houses_known.offered_at(session, target.campaign.node)
    usual = printers[0].id if len(printers) == 1 else target.printer_id
    chosen = typed.get("printer") or str(usual or "")
    planned = {
        printer.id: plans.plan_of(session, actor=actor, now=current.now(), leaflet_id=target.id, printer_id=printer.id)
        for printer in printers
    }
    found = orders.before_order(
        session,
        actor=actor,
        leaflet_id=target.id,
        template=template,
        printer_id=printers[0].id if printers else None,
    )
    imprint = leaflets.content_of(target).imprint
    imprints = {
        printer.id: replace(imprint, printer=printer.name, printer_address=printer.address).sentence
        for printer in printers
    }
    shown = render_template(
        "order-form.html",
        leaflet=target,
        template=template,
        printers=printers,
        imprints=imprints,
        chosen=chosen,
        typed=typed,
        wrong=wrong,
        wrong_fields={error.code for error in wrong},
        unread=not readiness.is_read(session, target=target),
        untouched=untouched(template, target.values),
        planned=planned,
        own=plans.plan_of(session, actor=actor, now=current.now(), leaflet_id=target.id),
        after_postal_votes=any(each.plan and each.plan.after_postal_votes for each in planned.values()),
        proposal=_proposal() if any(each.plan is None for each in planned.values()) else None,
        blocking=_errors(found),
        proof=proof_view(target),
        today=current.now().astimezone(UK).date().isoformat(),
    )
    return make_response(shown, status)


def _proposal() -> dict[str, str]:
    """A day and an hour to begin with, where no plan gives them."""
    soon = current.now().astimezone(UK) + timedelta(days=USUAL_DAYS)
    return {"day": soon.date().isoformat(), "time": USUAL_HOUR.isoformat("minutes")}


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level is Level.ERROR]


def _standing(page_name: str, order_id: int) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    stands = orders.standing(session, actor=actor, now=current.now(), order_id=order_id)
    target = stands.order.leaflet
    template = current.house().library.template(target.template_ref)
    in_campaign = current.may(Action.SEE_LEAFLET, target.campaign_id)  # its printer is not
    return make_response(
        render_template(
            page_name,
            standing=stands,
            why_not_hand_out=orders.why_not_hand_out(session, stands.order),
            order=stands.order,
            leaflet=target,
            template=template,
            in_campaign=in_campaign,
            house_reads=in_campaign and house_orders.are_read(session, stands.order),
            images=images_of(stands.order) or (_proof_of_same_words(stands.order) if in_campaign else []),
            file_name=_file_name(stands.order),
            may_order=current.may(Action.ORDER_PRINT, target.campaign_id),
            may_download=orders.may_download(session, actor=actor, order=stands.order),
            may_keep_record=orders.may_keep_record(session, actor=actor, order=stands.order),
            placed_by=people.person(session, stands.order.placed_by),
            objections=objections.of_leaflet(session, actor=actor, leaflet_id=target.id) if in_campaign else [],
            may_object=current.may(Action.OBJECT, target.campaign_id),
            may_answer=current.may(Action.ANSWER_OBJECTION, target.campaign_id),
            is_open=stands.state in (WorkState.WAITING, WorkState.RUNNING),
        )
    )


def _proof_of_same_words(order: Order) -> list[Image]:
    """What the PDF will look like: the newest proof, if it shows the very words that were ordered."""
    shown = proofs.latest(current.session(), actor=current.actor(), leaflet_id=order.leaflet_id)
    if shown is None or shown.revision_id != order.revision_id:
        return []
    return proof_images(shown, order.leaflet.title)


def _file_name(order: Order) -> str:
    """`introduction-riverside-a5-order-12.pdf`: what, where, how large, and which."""
    leaflet = order.leaflet
    format_ = current.house().library.template(leaflet.template_ref).format.key
    words = f"{leaflet.title} {leaflet.campaign.name} {format_} order {order.id}"
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:100] + ".pdf"
