"""The line to an organisation's own provider: to addresses on the internet alone, for a short while, for a few bytes.

An administrator types where the provider is, so it must not make us look into our own network. A name server may say
one address to whoever checks and another to whoever connects; here a name is looked up once, for each connection, what
it says is checked, and the connection goes to that very address. Certificate and Host are still those of the name.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import time
from collections.abc import Iterable
from functools import partial
from threading import Timer
from typing import Any

from requests import ConnectionError as NoAnswer
from requests import PreparedRequest, ReadTimeout, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from leaflets.services.signing_in import name_server
from leaflets.services.signing_in.name_server import Address

MOST_BYTES = 1 << 18
"""Of one answer."""

LONGEST_S = 12.0
"""All that is asked in one go: somebody waits for it, and others behind them."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052 section 2.1
_GIVEN_OUT = ipaddress.ip_network("2000::/3")  # all that IANA gives out as global; what else is not, has too many names


class InsideError(Exception):
    """A name that leads into our own network. No `OSError`: what asks again after one of those must not."""


class EndlessError(Exception):
    """An answer of more than `MOST_BYTES`."""


class PinnedAdapter(HTTPAdapter):
    """Connects to what a name was found to be, and ends what takes too long. `safe` allows the internet alone."""

    def __init__(self, *, safe: bool) -> None:
        super().__init__()
        self._safe = safe
        self._ends = time.monotonic() + LONGEST_S

    def get_connection_with_tls_context(self, *about: Any, **more: Any) -> HTTPConnectionPool:
        """The pool of a host, whose connections are pinned."""
        pool = super().get_connection_with_tls_context(*about, **more)
        kind = _PinnedHTTPS if pool.scheme == "https" else _PinnedHTTP
        pool.ConnectionCls = partial(kind, safe=self._safe, ends=self._ends)  # type: ignore[assignment]
        return pool

    def send(self, request: PreparedRequest, *about: Any, **more: Any) -> Response:
        """The whole answer. Raises `InsideError`, `EndlessError`, and what requests raises."""
        answer = super().send(request, *about, **{**more, "stream": True})
        try:
            body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        except (HTTPError, OSError) as error:
            answer.raw.close()
            raise NoAnswer(error, request=request) from error
        if time.monotonic() >= self._ends:  # cut off, a header may look as if it had come to its end
            raise ReadTimeout(request=request)
        if len(body) > MOST_BYTES:
            answer.raw.close()
            raise EndlessError
        answer.raw = io.BytesIO(body)
        return answer


class _Pinned(HTTPConnection):
    """A connection whose name is looked up once, and which is cut off at a moment, whatever it is doing then."""

    def __init__(self, *about: Any, safe: bool, ends: float, **more: Any) -> None:
        super().__init__(*about, **more)
        self._safe = safe
        self._ends = ends
        self._cut: Timer | None = None
        self._handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        longest_s = self.timeout if isinstance(self.timeout, int | float) else LONGEST_S
        found = name_server.addresses(self.host, self.port, longest_s=min(longest_s, self._ends - time.monotonic()))
        if self._safe and not all(is_outside(place[0]) for _, place in found):
            raise InsideError(self.host)
        line = _connected(found, longest_s, self._ends)
        # A second handle on the same connection: it can be cut off through it while a read waits on the first.
        self._handle = line.dup()
        self._cut = Timer(max(0.0, self._ends - time.monotonic()), partial(_cut_off, self._handle))
        self._cut.daemon = True
        self._cut.start()
        return line

    def close(self) -> None:
        if self._cut and self._handle:
            self._cut.cancel()
            self._handle.close()
        super().close()


class _PinnedHTTP(_Pinned):
    """The same, as it is."""


class _PinnedHTTPS(_Pinned, HTTPSConnection):
    """The same, over TLS."""


def is_outside(address: str) -> bool:
    """Whether an IP address is on the internet, and so is every address that it may carry inside."""
    found = ipaddress.ip_address(address)
    carried: list[Any] = [found]
    if isinstance(found, ipaddress.IPv6Address):
        carried += [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in _NAT64:
            carried.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        elif found not in _GIVEN_OUT and found.ipv4_mapped is None:
            return False
    return all(each.is_global and not each.is_multicast for each in carried if each is not None)


def _connected(found: Iterable[Address], longest_s: float, ends: float) -> socket.socket:
    """A line to the first of these places that answers: none is waited for longer than that, nor all beyond `ends`."""
    failed: OSError = OSError("The name leads nowhere.")
    for family, place in found:
        if (left := ends - time.monotonic()) <= 0:
            raise TimeoutError
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(min(left, longest_s))
            line.connect(place)
        except OSError as error:
            line.close()
            failed = error
        else:
            return line
    raise failed


def _cut_off(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended meanwhile
