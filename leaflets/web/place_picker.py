"""Choosing one of many places: what the field shows where no script runs, and the answer to the letters of its script.

Few places are simply shown, each with its button. Of many, the field takes a few letters: a script lists what fits
while they are written, without one the button beside it does. A form sends what is written (`where`) and which place
was chosen (`place`); `gazetteer.settle` says what that means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import jsonify
from flask.typing import ResponseReturnValue

from leaflets.domain.organisation.gazetteer import OFFERED, Entry, Found, chosen, look_up


@dataclass(frozen=True, slots=True)
class Picker:
    """A field for a place. `source` answers its script; `offered` are shown with a button each, `chosen` is pressed.

    `more` counts those that fit as well; with `near` nothing fits, and what is offered only resembles it.
    """

    source: str
    typed: str
    chosen: str
    offered: Sequence[Entry]
    few: bool = False
    more: int = 0
    near: bool = False


def picker(entries: Sequence[Entry], typed: Mapping[str, str], source: str) -> Picker:
    """The field for one of these places, with what was written and chosen before."""
    written, key = typed.get("where", "").strip(), typed.get("place", "")
    pressed = key if (named := chosen(entries, key)) else ""
    if len(entries) <= OFFERED:
        return Picker(source, "", pressed, entries, few=True)
    if named and written in ("", named.name):
        return Picker(source, named.name, pressed, (named,))
    found = look_up(entries, written)
    if named and named not in found.entries:
        pressed = ""
    return Picker(
        source, written, pressed, found.offered, more=len(found.entries) - len(found.offered), near=found.near
    )


def answer(found: Found) -> ResponseReturnValue:
    """What fits, as the script reads it."""
    places = [{"key": each.key, "name": each.name, "detail": each.detail} for each in found.offered]
    return jsonify(near=found.near, count=len(found.entries), places=places)
