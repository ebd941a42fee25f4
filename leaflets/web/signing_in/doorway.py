"""Letting somebody in: a new token in a browser that keeps nothing of before, and on to where they were going."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_user
from flask_wtf.csrf import generate_csrf

from leaflets.domain.errors import Unavailable
from leaflets.domain.signing_in import Way
from leaflets.services.signing_in import signed_in
from leaflets.storage.people import Person
from leaflets.web import current, rescue
from leaflets.web.refusals import wants_json


def let_in(person_id: int, way: Way, *, strong: bool = False, organisation_id: int | None = None) -> Person:
    """Sign somebody in, in this browser. What it held before is gone: token, CSRF token, an older sign-in.

    `strong` says that the way in was a second factor as well.
    """
    token = signed_in.begin(
        current.session(),
        now=current.now(),
        person_id=person_id,
        way=way,
        strong=strong,
        organisation_id=organisation_id,
        instead_of=current.token(),
        **current.device(),
    )
    session.clear()
    session.permanent = True
    begun = signed_in.of_token(current.session(), now=current.now(), token=token)
    if begun is None:
        raise Unavailable("That sign-in ended at once.", "Sign in with a link by e-mail.")
    login_user(current.SignedIn(begun, token))
    return begun.person


def on_they_go(person: Person, *, led_to: str = "") -> ResponseReturnValue:
    """The answer to somebody who was let in: their words to send again, or where they were going.

    `led_to` is where the way in itself leads; where the form says something else, that is it.
    """
    if wants_json():
        return jsonify(csrf=generate_csrf(), person=person_json(person))
    to, fields = rescue.own_path(request.form.get("next") or led_to), rescue.held()
    if fields:
        return rescue.send_again(fields, to, why="You are signed in again.")
    return redirect(to)


def person_json(person: Person) -> dict[str, Any]:
    """Somebody as a script hears of them."""
    return {"id": person.id, "name": person.name}
