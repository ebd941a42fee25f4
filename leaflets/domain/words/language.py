"""The languages that a leaflet may be written in, each by its BCP 47 tag.

The tag chooses the browser's spelling dictionary, the words by which screen readers and PDF readers speak the text
(PDF 1.7, 14.9.2, "Natural Language Specification"), and how the press breaks lines.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en-GB": "English", "cy": "Welsh", "gd": "Gaelic"}
"""Tag → how people call it."""


def named(own: str) -> Mapping[str, str]:
    """What somebody may choose for a leaflet whose template is in `own`: that one, called by its tag if need be."""
    return LANGUAGES if own in LANGUAGES else {own: own, **LANGUAGES}
