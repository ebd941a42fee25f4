"""Which campaigns the first page shows to somebody who is in hundreds: a page of them, or those found by a few letters.

Where there are more than a page holds, those whose leaflets were changed last come first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leaflets.domain.organisation.gazetteer import LONGEST, look_up
from leaflets.services import leaflets
from leaflets.storage.people import Campaign
from leaflets.web import current
from leaflets.web.campaign_choice import entries
from leaflets.web.typed_id import id_of

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Shelves:
    """The campaigns of one page, which of how many pages it is, and what was looked for.

    `found` counts those that fit; `near` says that none does, and these only resemble it. `many` says that there are
    more than a page holds.
    """

    campaigns: Sequence[Campaign]
    many: bool = False
    search: str = ""
    found: int = 0
    near: bool = False
    page: int = 1
    pages: int = 1


def shelves_of(mine: Sequence[Campaign], asked: Mapping[str, str]) -> Shelves:
    """What the arguments of the page say: `q`, some letters, and `page`, its number."""
    if len(mine) <= MOST_AT_ONCE:
        return Shelves(mine)
    search, near, found = asked.get("q", "").strip()[:LONGEST], False, list(mine)
    if search:
        known, fits = {str(each.id): each for each in mine}, look_up(entries(mine), search)
        found, near = [known[each.key] for each in fits.entries], fits.near
    else:
        changed = leaflets.last_changed(current.session(), [each.id for each in mine])
        found.sort(key=lambda each: -changed[each.id].timestamp() if each.id in changed else 0.0)
    pages = max(1, -(-len(found) // MOST_AT_ONCE))
    page = min(max(id_of(asked.get("page", "")) or 1, 1), pages)
    shown = found[(page - 1) * MOST_AT_ONCE : page * MOST_AT_ONCE]
    return Shelves(shown, True, search, len(found), near, page, pages)
