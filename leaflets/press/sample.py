"""A template's own sample in a brand kit: what the library shows, checks and is compared with."""

from __future__ import annotations

from leaflets.domain.press.printing import PressSpec, Purpose
from leaflets.domain.template import Kit, Template
from leaflets.press.job import Inputs, PressJob


def sample_inputs(template: Template, kit: Kit, purpose: Purpose, spec: PressSpec | None = None) -> Inputs:
    """The inputs of a render of the sample."""
    sample = template.sample
    job = PressJob(template, kit, sample.values, sample.imprint, sample.election, purpose, spec or PressSpec())
    return Inputs(job)
