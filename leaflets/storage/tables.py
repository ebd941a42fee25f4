"""Every table, in one import: what a migration compares the database with."""

from leaflets.storage import audit, leaflet, people, picture, press, printer
from leaflets.storage.base import Base

__all__ = ["Base", "audit", "leaflet", "people", "picture", "press", "printer"]
