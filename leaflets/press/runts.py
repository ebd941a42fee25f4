"""Paragraphs that do not end with one short word on a line of its own (a runt, as typesetters say)."""

from __future__ import annotations

import re

_LAST_WORD = re.compile(r" ([^\s<>]{1,6}(?:</(?:strong|em|a)>)?</(?:p|li)>)")


def no_runts(html: str) -> str:
    """Clean rich text whose short last words are bound to the word before by a no-break space."""
    return _LAST_WORD.sub("\u00a0\\1", html)
