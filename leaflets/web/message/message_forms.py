"""Writing messages: the forms, what of them was typed, and what becomes of them. Nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.review.gap import GAPS
from leaflets.domain.review.message import PARTS, MessageKind
from leaflets.domain.review.reach import Choice
from leaflets.domain.review.topics import TOPICS
from leaflets.domain.words.language import LANGUAGES
from leaflets.services.message import message_aftermath, message_ends, message_library, message_making
from leaflets.services.message.message_carriers import Reached, how_far
from leaflets.services.message.message_making import NO_TOPIC
from leaflets.storage.message import Message, MessageText
from leaflets.storage.tree import Node
from leaflets.web import current
from leaflets.web.message.message_view import KINDS, carried
from leaflets.web.message.messages import message_page, path_of
from leaflets.web.message.typed_message import as_typed, draft_of, field_of, kind_of, words_of
from leaflets.web.wording import count_of

pages = Blueprint("message_forms", __name__, url_prefix="/messages")


@pages.get("/new")
def new() -> ResponseReturnValue:
    """A form for a message of the kind in the address, headline unless another is named."""
    return _new_form(kind_of(request.args.get("kind", "")), {"node": request.args.get("node", "")})


@pages.post("/new")
def make() -> ResponseReturnValue:
    """Make a message."""
    form, kind = request.form, kind_of(request.form.get("kind", ""))
    offices = _offices()
    try:
        made = message_making.make(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            node_id=_office_id(offices),
            draft=draft_of(kind, form),
        )
    except Invalid as error:
        return _new_form(kind, form, error)
    flash("The message is in the library: it may be used from now on." if not made.first_day else "It is kept.")
    return redirect(path_of(made.id))


@pages.get("/<int:message_id>/words/<language>")
def words(message_id: int, language: str) -> ResponseReturnValue:
    """A form for the words in one language: to correct them, or to say them in it for the first time."""
    found, text = _text(message_id, language)
    typed = as_typed(MessageKind(found.kind), text.words) if text else {}
    return _words_form(found, text, language, {**typed, "version": str(text.version) if text else "0"})


@pages.post("/<int:message_id>/words/<language>")
def say(message_id: int, language: str) -> ResponseReturnValue:
    """Correct the words in one language, or add it. What says the old ones is flagged and stopped."""
    found, text = _text(message_id, language)
    said = words_of(MessageKind(found.kind), request.form)
    by: dict[str, Any] = {"actor": current.actor(), "now": current.now(), "message_id": message_id}
    try:
        version = request.form.get("version", 0, type=int)
        if version == 0:
            message_making.translate(current.session(), **by, language=language, words=said)
            flash(f"The {LANGUAGES[language]} words may be used from now on.")
            return redirect(path_of(message_id))
        ended = message_ends.correct(
            current.session(),
            **by,
            language=language,
            words=said,
            because=request.form.get("because", ""),
            version=version,
            templates=current.house().library.template,
        )
    except (Invalid, Conflict) as error:
        found, text = _text(message_id, language)
        return _words_form(found, text, language, request.form, error)
    flash(f"Corrected. {_what_follows(ended)}")
    return redirect(path_of(message_id))


@pages.get("/<int:message_id>/about")
def about(message_id: int) -> ResponseReturnValue:
    """A form for what is said about a message."""
    found = _found(message_id)
    typed = {
        "title": found.title,
        "why": found.why,
        "source": found.source,
        "topic": found.topic or NO_TOPIC,
        "first_day": found.first_day.isoformat() if found.first_day else "",
        "last_day": found.last_day.isoformat() if found.last_day else "",
    }
    return _about_form(found, typed)


@pages.post("/<int:message_id>/about")
def describe(message_id: int) -> ResponseReturnValue:
    """Change what is said about a message."""
    found = _found(message_id)
    try:
        message_making.describe_again(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            message_id=message_id,
            draft=draft_of(MessageKind(found.kind), request.form),
        )
    except Invalid as error:
        return _about_form(found, request.form, error)
    flash("Kept.")
    return redirect(path_of(message_id))


@pages.post("/<int:message_id>/withdraw")
def withdraw(message_id: int) -> ResponseReturnValue:
    """Withdraw a message: what says it is flagged and stopped."""
    because = request.form.get("because", "")
    try:
        ended = message_ends.withdraw(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            message_id=message_id,
            because=because,
            templates=current.house().library.template,
        )
    except Invalid as error:
        return message_page(_found(message_id), problem=error, typed=because, status=422)
    flash(f"Withdrawn. {_what_follows(ended)}")
    return redirect(path_of(message_id))


@pages.post("/<int:message_id>/choose")
def choose(message_id: int) -> ResponseReturnValue:
    """Adopt or hide a message from above for one office, or leave it to those above again."""
    message_library.message(current.session(), actor=current.actor(), message_id=message_id)
    chosen, offices = request.form.get("choice", ""), _offices()
    if chosen not in ("", *Choice):
        raise Invalid("That cannot be chosen.", "Go back and choose again.")
    message_making.choose(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        message_id=message_id,
        node_id=_office_id(offices),
        choice=Choice(chosen) if chosen else None,
        because=request.form.get("because", ""),
    )
    flash("Kept. It holds for everybody below from now on.")
    return redirect(path_of(message_id))


def _what_follows(ended: Message) -> str:
    """What becomes of the leaflets that say it, as a sentence."""
    session = current.session()
    reached = how_far(session, ended)
    if not reached:
        return "No leaflet says it."
    number = count_of(len(reached), "leaflet")
    if message_aftermath.left(session, ended):
        return f"{number} said it. From this moment none of them prints or is approved with it."
    said = [f"{many} {step}" for step, many in carried(reached.values())]
    printed = Reached.PRINTED in reached.values()
    told = "Their campaigns are told." + (" Those that are printed are listed first." if printed else "")
    return f"{number} said it: {', '.join(said)}. {told}"


def _found(message_id: int) -> Message:
    found = message_library.message(current.session(), actor=current.actor(), message_id=message_id)
    if not message_library.may_write(current.session(), current.actor(), found):
        raise Refused("You may not change this message.", f"Ask {found.node.name}, whose message it is.")
    return found


def _text(message_id: int, language: str) -> tuple[Message, MessageText | None]:
    if language not in LANGUAGES:
        raise NotFound("Messages are in English, Welsh or Gaelic.", "Choose one of the three.")
    found = _found(message_id)
    return found, next((text for text in message_library.current(found) if text.language == language), None)


def _offices() -> Sequence[Node]:
    """Where this person writes messages. Raises `NotFound`, `Refused`."""
    session, actor = current.session(), current.actor()
    message_library.require_part(session, actor)
    if offices := message_library.offices(session, actor=actor):
        return offices
    raise Refused("You may not write messages.", "Regional and national approvers write them; ask your office.")


def _office_id(offices: Sequence[Node]) -> int:
    """The office that was chosen. Raises `Invalid` where it is none of theirs."""
    chosen = request.form.get("node", 0, type=int)
    if chosen not in {node.id for node in offices}:
        raise Invalid("Choose for whom it is.", "You write for the offices in the list.")
    return chosen


def _new_form(kind: MessageKind, typed: Mapping[str, str], problem: Invalid | None = None) -> ResponseReturnValue:
    return _form(kind, typed, problem, title="A new message", offices=_offices(), asks_words=True, asks_about=True)


def _words_form(
    found: Message,
    text: MessageText | None,
    language: str,
    typed: Mapping[str, str],
    problem: Invalid | Conflict | None = None,
) -> ResponseReturnValue:
    corrects = text is not None
    title = f"Correct the {LANGUAGES[language]} words" if corrects else f"Say it in {LANGUAGES[language]}"
    version = {"version": str(text.version) if text else "0"} if isinstance(problem, Conflict) else {}
    return _form(
        MessageKind(found.kind),
        {**typed, **version},
        problem,
        title=title,
        message=found,
        now_says=text if isinstance(problem, Conflict) else None,
        tongue=language,
        beside=[each for each in message_library.current(found) if each.language != language],
        asks_words=True,
        asks_reason=corrects,
    )


def _about_form(found: Message, typed: Mapping[str, str], problem: Invalid | None = None) -> ResponseReturnValue:
    kind = MessageKind(found.kind)
    return _form(kind, typed, problem, title="About this message", message=found, asks_about=True)


def _form(
    kind: MessageKind, typed: Mapping[str, str], problem: Invalid | Conflict | None, **asked: Any
) -> ResponseReturnValue:
    body = render_template(
        "message-form.html",
        kind=kind,
        kinds=KINDS,
        parts=[(field_of(part.key), part) for part in PARTS[kind]],
        typed=typed,
        problem=problem,
        gaps=GAPS,
        topics=TOPICS,
        languages=LANGUAGES,
        no_topic=NO_TOPIC,
        **asked,
    )
    return make_response(body, 200 if problem is None else 409 if isinstance(problem, Conflict) else 422)
