"""Every table, in one import: what a migration compares the database with."""

from leaflets.storage import (
    alert,
    audit,
    calendar_feed,
    durations,
    election,
    grant,
    leaflet,
    message,
    objection,
    people,
    picture,
    press,
    printer,
    review,
    signing_in,
    tree,
)
from leaflets.storage.base import Base

__all__ = [
    "Base",
    "alert",
    "audit",
    "calendar_feed",
    "durations",
    "election",
    "grant",
    "leaflet",
    "message",
    "objection",
    "people",
    "picture",
    "press",
    "printer",
    "review",
    "signing_in",
    "tree",
]
