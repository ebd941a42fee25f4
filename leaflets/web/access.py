"""The access rule of every route. The application does not start while a route has none, or a rule has no route.

The guard settles who must be signed in. What a person's role in the campaign concerned allows is settled by the
service that does the work, from the same policy (leaflets.domain.permissions), because only it knows the campaign.
"""

from __future__ import annotations

import hmac

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid, Refused
from leaflets.domain.permissions import OPERATOR, SIGNED_IN, STRONG, Action, may, needs_role
from leaflets.web import current
from leaflets.web.refusals import wants_json
from leaflets.web.signing_in import second_step, signin

RULES: dict[str, Action] = {
    "static": Action.SEE_PUBLIC_PAGE,
    "signin.page": Action.SEE_PUBLIC_PAGE,
    "signin.sign_in": Action.SEE_PUBLIC_PAGE,
    "signin.ask": Action.SEE_PUBLIC_PAGE,
    "signin.sign_in_demo": Action.SEE_PUBLIC_PAGE,
    "signin.sign_out": Action.SEE_PUBLIC_PAGE,
    "openid.ways": Action.SEE_PUBLIC_PAGE,
    "openid.start": Action.SEE_PUBLIC_PAGE,
    "openid.back": Action.SEE_PUBLIC_PAGE,
    "providers.page": Action.KEEP_SIGN_IN,
    "providers.keep": Action.KEEP_SIGN_IN,
    "providers.close": Action.KEEP_SIGN_IN,
    "providers.domain": Action.SEE_PUBLIC_PAGE,
    "passkeys.ask": Action.SEE_PUBLIC_PAGE,
    "passkeys.sign_in": Action.SEE_PUBLIC_PAGE,
    "passkeys.offer": Action.KEEP_ACCOUNT,
    "passkeys.keep": Action.KEEP_ACCOUNT,
    "passkeys.remove": Action.KEEP_ACCOUNT,
    "second_step.page": Action.KEEP_ACCOUNT,
    "second_step.show": Action.KEEP_ACCOUNT,
    "second_step.show_passkey": Action.KEEP_ACCOUNT,
    "second_step.set_up": Action.KEEP_ACCOUNT,
    "second_step.confirm": Action.KEEP_ACCOUNT,
    "second_step.new_codes": Action.KEEP_ACCOUNT,
    "second_step.remove": Action.KEEP_ACCOUNT,
    "account.page": Action.KEEP_ACCOUNT,
    "account.end": Action.KEEP_ACCOUNT,
    "account.end_others": Action.KEEP_ACCOUNT,
    "account.end_of": Action.KEEP_SIGN_IN,
    "figures.health": Action.SEE_PUBLIC_PAGE,
    "figures.metrics": Action.READ_METRICS,
    "home.page": Action.SEE_LIBRARY,
    "library.page": Action.SEE_LIBRARY,
    "library.template": Action.SEE_LIBRARY,
    "library.picture": Action.SEE_PUBLIC_PAGE,
    "library.campaigns_found": Action.SEE_LIBRARY,
    "library.start": Action.START_LEAFLET,
    "first_leaflet.page": Action.SEE_LIBRARY,
    "first_leaflet.make": Action.START_LEAFLET,
    "studio.page": Action.SEE_LEAFLET,
    "studio.state": Action.SEE_LEAFLET,
    "studio_checklist.read": Action.ASK_PROOF,
    "studio_language.choose": Action.EDIT_LEAFLET,
    "words.edits": Action.EDIT_LEAFLET,
    "words.news": Action.SEE_LEAFLET,
    "words.settle": Action.EDIT_LEAFLET,
    "words.title": Action.EDIT_LEAFLET,
    "copies.page": Action.SEE_LEAFLET,
    "copies.duplicate": Action.START_LEAFLET,
    "copies.add_places": Action.EDIT_LEAFLET,
    "copies.name_place": Action.EDIT_LEAFLET,
    "copies.choose_local": Action.EDIT_LEAFLET,
    "copies.move": Action.EDIT_LEAFLET,
    "studio_proof.standing": Action.SEE_LEAFLET,
    "studio_proof.page_image": Action.SEE_LEAFLET,
    "steps.own": Action.SEE_LEAFLET,
    "steps.earlier": Action.SEE_LEAFLET,
    "history.page": Action.SEE_LEAFLET,
    "history.compare": Action.SEE_LEAFLET,
    "history.picture": Action.SEE_LEAFLET,
    "history.draw": Action.ASK_PROOF,
    "history.restore": Action.EDIT_LEAFLET,
    "history.take_back": Action.EDIT_LEAFLET,
    "history.name": Action.EDIT_LEAFLET,
    "proofs.image": Action.SEE_LEAFLET,
    "pictures.page": Action.SEE_PICTURE,
    "pictures.upload": Action.ADD_PICTURE,
    "pictures.proxy": Action.SEE_PICTURE,
    "pictures.shelf_of": Action.SEE_PICTURE,
    "pictures.one": Action.SEE_PICTURE,
    "pictures.describe": Action.KEEP_SHELF,
    "pictures.take_off": Action.KEEP_SHELF,
    "pictures.put_back": Action.KEEP_SHELF,
    "pictures.replace": Action.KEEP_SHELF,
    "uploads.abilities": Action.ADD_PICTURE,
    "uploads.begin": Action.ADD_PICTURE,
    "uploads.standing": Action.ADD_PICTURE,
    "uploads.carry_on": Action.ADD_PICTURE,
    "uploads.drop": Action.ADD_PICTURE,
    "uploads.instead": Action.ADD_PICTURE,
    "orders.form": Action.ORDER_PRINT,
    "orders.place": Action.ORDER_PRINT,
    "orders.page": Action.SEE_ORDER,
    "orders.standing": Action.SEE_ORDER,
    "orders.again": Action.ORDER_PRINT,
    "orders.image": Action.SEE_ORDER,
    "orders.download": Action.DOWNLOAD_PRINT,
    "plans.page": Action.SEE_LEAFLET,
    "plans.choose": Action.EDIT_LEAFLET,
    "plans.mark": Action.EDIT_LEAFLET,
    "plans.campaign": Action.SEE_LEAFLET,
    "people.of_campaign": Action.SEE_PEOPLE,
    "people.give_in_campaign": Action.GIVE_ROLE,
    "people.of_office": Action.SEE_OFFICE,
    "people.give_at_office": Action.GIVE_OFFICE,
    "people.end": Action.GIVE_ROLE,
    "people.change_end": Action.GIVE_ROLE,
    "people.page": Action.SEE_PEOPLE,
    "asking.page": Action.ASK_ACCESS,
    "asking.places": Action.ASK_ACCESS,
    "asking.ask": Action.ASK_ACCESS,
    "asking.take_back": Action.ASK_ACCESS,
    "asking.give": Action.GIVE_ROLE,
    "asking.refuse": Action.GIVE_ROLE,
    "asking.renew": Action.GIVE_OFFICE,
    "asking.door": Action.SEE_PUBLIC_PAGE,
    "asking.come": Action.SEE_PUBLIC_PAGE,
    "house_orders.page": Action.SEE_HOUSE_ORDERS,
    "certificates.page": Action.SEE_APPROVAL,
    "certificates.download": Action.SEE_APPROVAL,
    "certificates.public_key": Action.SEE_PUBLIC_PAGE,
    "record.page": Action.SEE_AUDIT,
    "places.page": Action.SEE_PLACES,
    "places.add": Action.GROW_TREE,
    "places.add_seats": Action.GROW_TREE,
    "places.rename": Action.GROW_TREE,
    "places.move": Action.GROW_TREE,
    "places.move_places": Action.GROW_TREE,
    "places.remove": Action.GROW_TREE,
    "place_lists.download": Action.SEE_PLACES,
    "place_lists.check": Action.GROW_TREE,
    "place_lists.add": Action.GROW_TREE,
    "place_lists.undo": Action.GROW_TREE,
    "office_settings.page": Action.SEE_PLACES,
    "office_settings.change": Action.SET_HERE,
    "office_settings.change_duration": Action.SET_DURATIONS,
    "printing_houses.page": Action.SEE_PLACES,
    "printing_houses.add": Action.KEEP_PRINTERS,
    "printing_houses.house": Action.SEE_PLACES,
    "printing_houses.change": Action.KEEP_PRINTERS,
    "printing_houses.say_days": Action.KEEP_PRINTERS,
    "printing_houses.retire": Action.KEEP_PRINTERS,
    "printing_houses.take_up": Action.KEEP_PRINTERS,
    "office_campaigns.new": Action.START_CAMPAIGN,
    "office_campaigns.seats": Action.START_CAMPAIGN,
    "office_campaigns.start": Action.START_CAMPAIGN,
    "office_campaigns.details": Action.KEEP_CAMPAIGN,
    "office_campaigns.change": Action.KEEP_CAMPAIGN,
    "boards.page": Action.SEE_BOARD,
    "boards.press": Action.SEE_BOARD,
    "polls.page": Action.SEE_BOARD,
    "polls.places": Action.SEE_BOARD,
    "polls.announce": Action.SEE_BOARD,  # an agent, who may announce, has no board to do it on
    "polls.move": Action.MOVE_ELECTION,
    "polls.suspend": Action.MOVE_ELECTION,
    "polls.resume": Action.MOVE_ELECTION,
    "objections.make": Action.OBJECT,
    "objections.answer": Action.ANSWER_OBJECTION,
    "messages.library": Action.SEE_MESSAGES,
    "messages.page": Action.SEE_MESSAGES,
    "message_forms.new": Action.WRITE_MESSAGE,
    "message_forms.make": Action.WRITE_MESSAGE,
    "message_forms.words": Action.WRITE_MESSAGE,
    "message_forms.say": Action.WRITE_MESSAGE,
    "message_forms.about": Action.WRITE_MESSAGE,
    "message_forms.describe": Action.WRITE_MESSAGE,
    "message_forms.withdraw": Action.WRITE_MESSAGE,
    "message_forms.choose": Action.WRITE_MESSAGE,
    "studio_messages.offers": Action.SEE_LEAFLET,
    "alerts.seen": Action.SEE_ALERTS,
    "absences.page": Action.KEEP_ACCOUNT,
    "absences.note": Action.KEEP_ACCOUNT,
    "absences.come_back": Action.KEEP_ACCOUNT,
    "waiting.page": Action.SEE_WAITING,
    "objections.of_office": Action.SEE_BOARD,
    "notices.page": Action.KEEP_ACCOUNT,
    "notices.choose": Action.KEEP_ACCOUNT,
    "review_queue.page": Action.SEE_QUEUE,
    "review_queue.next_one": Action.SEE_QUEUE,
    "approvals.page": Action.REVIEW,
    "approvals.pictures": Action.REVIEW,
    "approvals.draw": Action.REVIEW,
    "approvals.pass_": Action.REVIEW,
    "approvals.ask_change": Action.REVIEW,
    "approvals.send_back": Action.REVIEW,
    "approvals.undo": Action.REVIEW,
    "leaflet_approval.page": Action.SEE_APPROVAL,
    "leaflet_approval.send": Action.SEND_FOR_REVIEW,
    "leaflet_approval.take_back": Action.SEND_FOR_REVIEW,
    "leaflet_approval.take_back_pass": Action.REVIEW,
    "studio_approval.send": Action.SEND_FOR_REVIEW,
    "studio_approval.take_back": Action.SEND_FOR_REVIEW,
    "comments.make": Action.COMMENT,
    "comments.answer": Action.COMMENT,
    "comments.resolve": Action.COMMENT,
    "comments.reopen": Action.COMMENT,
    "comments.take": Action.EDIT_LEAFLET,
    "feeds.of_campaign": Action.SEE_LEAFLET,
    "feeds.of_board": Action.SEE_BOARD,
    "feeds.read": Action.READ_CALENDAR,
}


def check_every_route(app: Flask) -> None:
    """Raise `Invalid`, naming the route, when one has no rule or a rule has no route."""
    endpoints = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    for endpoint, path in endpoints.items():
        if endpoint not in RULES:
            raise Invalid(
                f"The route {path} ({endpoint}) has no access rule.",
                "Give it one in leaflets/web/access.py.",
                code="route-without-rule",
            )
    for endpoint in RULES.keys() - endpoints.keys():
        raise Invalid(
            f"The access rule of {endpoint} has no route.",
            "Take it out of leaflets/web/access.py.",
            code="rule-without-route",
        )


def guard() -> ResponseReturnValue | None:
    """Before each request: let it through, or answer with the way in. An address nobody serves is left to the 404."""
    if request.endpoint is None:
        return None
    action = RULES[request.endpoint]
    if may(action, ()) or may(action, _standings()) or (needs_role(action) and current.somebody()):
        return second_step.asked() if action in STRONG else None
    if action is Action.READ_METRICS:
        raise Refused(f"You may not {action.value}.", "Send the token in LEAFLETS_METRICS_TOKEN as a bearer token.")
    if wants_json() or (request.method == "GET" and request.headers.get("HX-Request")):
        abort(401)
    return signin.ask_to_sign_in()


def _standings() -> set[str]:
    standings = set()
    if current.somebody():
        standings.add(SIGNED_IN)
    token, sent = current.house().config.metrics_token, request.authorization
    if token and sent and sent.type == "bearer" and hmac.compare_digest(sent.token or "", token):
        standings.add(OPERATOR)
    return standings
