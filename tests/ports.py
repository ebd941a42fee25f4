"""Ports for servers of our own."""

from __future__ import annotations

import random
import socket
from contextlib import closing

_ANY = random.SystemRandom()


def free_port() -> int:
    """A port of the loopback that nobody has.

    It lies below those that a machine gives to connections as they come, so that none of them has it by the time that
    a server begins to listen, or listens again after a test has killed it.
    """
    while True:
        port = _ANY.randrange(20_000, 32_000)
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
