"""`leaflets worker`: one worker of one lane, until it is stopped."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.argument("lane", type=click.Choice(["press", "proof"]))
def worker(lane: str) -> None:
    """Run one worker: of the press, which makes PDFs for printers, or of the proofs, which people look at."""
    # The workers stand above the command line: they are started, not imported, and take this process over.
    os.execv(sys.executable, [sys.executable, "-m", "workers", lane])
