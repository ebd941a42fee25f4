"""The library of templates and brand kits: read from library/, checked at boot, looked up by name."""

from leaflets.catalogue.library import Library, load_library
from leaflets.catalogue.source import Fault, ManifestError

__all__ = ["Fault", "Library", "ManifestError", "load_library"]
