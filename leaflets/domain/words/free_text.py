"""What people say to each other in a box: a comment, a reason, a note, an objection, an answer."""

from __future__ import annotations

from leaflets.domain.errors import Invalid
from leaflets.domain.words.characters import tidy_text


def free_text(typed: str, what: str, *, longest: int) -> str:
    """What somebody wrote, tidied; it may be nothing. `what` is what it is, with its article: `A comment`.

    Raises `Invalid` where it has more than `longest` characters.
    """
    said = tidy_text(typed).strip()
    if len(said) > longest:
        raise Invalid(f"{what} of {len(said):,} characters is too long.", f"Say it in {longest:,}.")
    return said
