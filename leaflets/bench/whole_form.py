"""The peer of saving words: a leaflet kept as one document, whose form is sent whole on every save.

Flask, SQLAlchemy, the same database and the same server as ours; it knows who is signed in from their cookie, keeps no
history, meets no second writer, brings no news and asks for no proof. It is what most sites do, and the least they can.
"""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, abort, jsonify, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from leaflets.storage.session import open_sessions, writing


class _Base(DeclarativeBase):
    pass


class Document(_Base):
    """A leaflet and every word in it."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[int]
    words: Mapped[dict[str, Any]] = mapped_column(JSON)


def create_app() -> Flask:
    """The site, on the database that WHOLE_FORM_DATABASE names."""
    app = Flask(__name__)
    app.secret_key = "of the bench alone"
    sessions = open_sessions(os.environ["WHOLE_FORM_DATABASE"])
    _Base.metadata.create_all(sessions.kw["bind"])

    @app.get("/health")
    def health() -> ResponseReturnValue:
        return "well"

    @app.post("/begin/<int:number>")
    def begin(number: int) -> ResponseReturnValue:
        with sessions() as database, writing(database):
            database.merge(Document(id=number, owner=number, words=request.get_json()))
        session["person"] = number
        return jsonify(saved=True)

    @app.put("/documents/<int:number>")
    def save(number: int) -> ResponseReturnValue:
        with sessions() as database, writing(database):
            document = database.get(Document, number)
            if document is None or document.owner != session.get("person"):
                abort(404)
            document.words = request.get_json()
        return jsonify(saved=True)

    return app
