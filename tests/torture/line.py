"""A line between two programs that a test can cut, silence, or let a stranger answer."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum

PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 53\r\nConnection: close\r\n\r\n"
    b"<!doctype html><title>Wi-Fi</title><h1>Accept us</h1>"
)
NO_LINGER = struct.pack("ii", 1, 0)  # closing resets the connection, as a line that breaks does


class Mode(StrEnum):
    """What the line does with what it is given."""

    OPEN = "open"
    CUT = "cut"  # no connection lives, none is made
    SILENT = "silent"  # connections are taken, and nothing comes out at the other end
    MUTE = "mute"  # what is asked arrives; the answer is lost
    PORTAL = "portal"  # a page of the network's own answers everything


class Line:
    """Listens at `near` and carries every connection to `far`: both addresses as `socket` wants them."""

    def __init__(self, far: tuple[str, int] | str, near: tuple[str, int] | str = ("127.0.0.1", 0)) -> None:
        self._far = far
        self._mode = Mode.OPEN
        self._living: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.socket(socket.AF_UNIX if isinstance(near, str) else socket.AF_INET)
        self._door.bind(near)
        self._door.listen(128)
        self.near = self._door.getsockname()
        threading.Thread(target=self._welcome, daemon=True).start()

    def turn(self, mode: Mode) -> None:
        """Do this from now on. What hung on the line is broken off whenever it changes."""
        self._mode = mode
        with self._lock:
            living, self._living = self._living, set()
        for each in living:
            _break(each)

    def close(self) -> None:
        """Take it down."""
        self.turn(Mode.CUT)
        self._door.close()

    def _welcome(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(caller,), daemon=True).start()

    def _carry(self, caller: socket.socket) -> None:
        if self._mode is Mode.CUT:
            _break(caller)
            return
        if self._mode is Mode.PORTAL:
            with suppress(OSError):
                caller.recv(1 << 16)
                caller.sendall(PORTAL)
            caller.close()
            return
        called = socket.socket(socket.AF_UNIX if isinstance(self._far, str) else socket.AF_INET)
        try:
            called.connect(self._far)
        except OSError:
            _break(caller)
            return
        with self._lock:
            self._living |= {caller, called}
        threading.Thread(target=self._pump, args=(called, caller, Mode.MUTE), daemon=True).start()
        self._pump(caller, called, None)

    def _pump(self, source: socket.socket, to: socket.socket, lost_when: Mode | None) -> None:
        with suppress(OSError):
            while some := source.recv(1 << 16):
                if self._mode is not Mode.SILENT and self._mode is not lost_when:
                    to.sendall(some)
        with self._lock:
            self._living -= {source, to}
        for each in (source, to):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def _break(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
