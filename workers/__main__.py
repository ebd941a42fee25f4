"""`python -m workers press` or `python -m workers proof`: one worker of one lane, until it is stopped."""

from __future__ import annotations

import sys

from leaflets.domain.errors import LeafletsError
from leaflets.domain.press.schedule import Lane
from workers.foreman import Foreman


def main(arguments: list[str]) -> int:
    """Run a worker; returns the exit code. 2 means that it was called wrongly or a setting is wrong."""
    if len(arguments) != 1 or arguments[0] not in set(Lane):
        print(f"Say which lane: {' or '.join(Lane)}.", file=sys.stderr)
        return 2
    try:
        return Foreman(Lane(arguments[0])).run()
    except LeafletsError as error:
        print(f"leaflets: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
