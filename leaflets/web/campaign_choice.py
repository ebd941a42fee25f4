"""For which campaign a page works, where somebody is in many: the one that they found by a few letters, else the first.

Whoever is in a handful of campaigns chooses in a list or by a link; a helper of a whole nation has hundreds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from leaflets.domain.organisation.gazetteer import OFFERED, Entry, Unsettled, settle
from leaflets.storage.people import Campaign
from leaflets.web.place_picker import Picker, picker


@dataclass(frozen=True, slots=True)
class CampaignChoice:
    """The campaign, and the field for another one where there are many; `wrong` where what was written names none."""

    campaign: Campaign
    picker: Picker | None = None
    wrong: Unsettled | None = None
    looking: bool = False


def campaign_of(mine: Sequence[Campaign], asked: Mapping[str, str]) -> CampaignChoice:
    """What the arguments of a page say: `campaign`, an id, or what was written into the field. `mine` is not empty."""
    known = {str(each.id): each for each in mine}
    campaign = known.get(asked.get("campaign", ""), mine[0])
    if len(mine) <= OFFERED:
        return CampaignChoice(campaign)
    listed, looking, wrong = entries(mine), "find" in asked, None
    if not looking and (asked.get("where") or asked.get("place")):
        try:
            campaign = known[settle(listed, typed=asked.get("where", ""), key=asked.get("place", "")).key]
            asked = {}
        except Unsettled as error:
            wrong = error
    return CampaignChoice(campaign, picker(listed, asked, url_for("library.campaigns_found")), wrong, looking)


def entries(mine: Sequence[Campaign]) -> list[Entry]:
    """Campaigns as they are found: by their name, their candidate and their seat. The keys are ids."""
    return [
        Entry(
            str(each.id),
            each.name,
            each.election_area if each.election_area not in each.name else "",
            f"{each.candidate} {each.election_area}",
        )
        for each in mine
    ]
