"""Where a name leads, asked of a name server that may never answer: nobody waits for it longer than they want to.

The system sets no limit that we could choose, and ends no look-up. So each runs in a thread of its own, of which there
are never more than a few: a name that is being looked up already is not looked up a second time, and beyond those few
names nobody waits at all.
"""

from __future__ import annotations

import socket
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any

MOST_AT_ONCE = 8
"""Names that are being looked up in one process."""

Address = tuple[socket.AddressFamily, Any]

_Name = tuple[str, int | None]
_Asked = Future[list[Address]]

_under_way: dict[_Name, _Asked] = {}
_turn = Lock()


def addresses(host: str, port: int | None, *, longest_s: float) -> list[Address]:
    """Where a name and a port lead now.

    Raises `TimeoutError` where that is not known in time, or too many other names are not; `OSError` for no name.
    """
    name = host.strip("[]"), port
    with _turn:
        asked = _under_way.get(name)
        if asked is None:
            if len(_under_way) >= MOST_AT_ONCE:
                raise TimeoutError
            asked = _Asked()
            Thread(target=_ask, args=(name, asked), daemon=True).start()
            _under_way[name] = asked
    return asked.result(max(0.0, longest_s))


def _ask(name: _Name, asked: _Asked) -> None:
    found: list[Address] | OSError
    try:
        found = [(family, place) for family, _, _, _, place in socket.getaddrinfo(*name, type=socket.SOCK_STREAM)]
    except OSError as error:
        found = error
    except UnicodeError:  # a label that is empty or too long
        found = OSError(f"{name[0]} is no name.")
    with _turn:
        del _under_way[name]  # whoever asks from now on has it looked up anew
    if isinstance(found, OSError):
        asked.set_exception(found)
    else:
        asked.set_result(found)
