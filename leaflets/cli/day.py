"""Days and nations on the command line."""

from __future__ import annotations

from datetime import date

import click

NATIONS = click.Choice(["england", "wales", "scotland", "northern-ireland"])
"""As `leaflets.domain.clock.election.Nation` writes them."""


class Day(click.ParamType[date]):
    """A day of the calendar, written year-month-day."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Only an ISO date is a day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” is no day: write it as 2025-05-01.", param, ctx)
