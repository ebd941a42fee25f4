"""Processes of our own, forked from one that has everything loaded: they start in no time."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.connection import Connection

from reviewing import WORDED

from leaflets.catalogue.library import Library
from leaflets.domain.press.schedule import Lane
from leaflets.press.run import preload
from leaflets.services.message import message_ends
from leaflets.storage.people import Person
from leaflets.storage.session import open_sessions
from workers import sweeper
from workers.foreman import Foreman

preload()

processes = multiprocessing.get_context("forkserver")
_LIBRARY = Library((WORDED,), ())


def work(lane: str, env: Mapping[str, str], log: str) -> None:
    """What `python -m workers` does, sweeping twice a second instead of twice a minute."""
    os.setsid()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.environ.update(env)
    sys.exit(Foreman(Lane(lane), sweep_every_s=0.5).run())


def withdraw_message(begins: Connection, url: str, now: datetime, message_id: int, person_id: int) -> None:
    """What the site does when somebody withdraws a message."""
    with open_sessions(url, pooled=False, clock=lambda: now)() as session:
        actor = session.get_one(Person, person_id)
        begins.send("begins")
        message_ends.withdraw(
            session,
            actor=actor,
            now=now,
            message_id=message_id,
            because="It is not so.",
            templates=_LIBRARY.template,
        )


def read_messages(begins: Connection, url: str, now: datetime, batches: int) -> None:
    """What a worker does about messages in a sweep that takes so many batches of leaflets."""
    sweeper.MOST_BATCHES = batches
    sessions = open_sessions(url, pooled=False, clock=lambda: now)
    begins.send("begins")
    sweeper.read_messages(sessions, _LIBRARY, now)
