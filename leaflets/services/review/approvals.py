"""Approving leaflets: everything that pages and programs do about it, in one place.

sending      send, take_back
passing      pass_zones, pass_all, same_words, pass_everywhere
taking_back  take_back_pass
returning    ask_change, send_back
approved     covering, standing
approving    withdraw: for whoever finds out that something must not be printed after all
"""

from __future__ import annotations

from leaflets.domain.review.approval import Where
from leaflets.services.review.approved import Standing, covering, standing
from leaflets.services.review.approving import withdraw
from leaflets.services.review.decisions import Overtaken
from leaflets.services.review.judgement import NotReady
from leaflets.services.review.passing import Passed, pass_all, pass_everywhere, pass_zones, same_words
from leaflets.services.review.returning import ask_change, send_back
from leaflets.services.review.sending import StepsOpen, open_steps, send, take_back
from leaflets.services.review.taking_back import take_back_pass

__all__ = [
    "NotReady",
    "Overtaken",
    "Passed",
    "Standing",
    "StepsOpen",
    "Where",
    "ask_change",
    "covering",
    "open_steps",
    "pass_all",
    "pass_everywhere",
    "pass_zones",
    "same_words",
    "send",
    "send_back",
    "standing",
    "take_back",
    "take_back_pass",
    "withdraw",
]
