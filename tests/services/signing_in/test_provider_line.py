"""A name that leads elsewhere when it is asked again, an answer that never ends: against real servers on loopback.

127.0.0.2 stands for the internet here, 127.0.0.1 for our own network.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from leaflets.services.signing_in import name_server, provider_line
from leaflets.services.signing_in.provider_line import InsideError, PinnedAdapter, is_outside

NAME = "login.harbour.example"
INTERNET, OURS = "127.0.0.2", "127.0.0.1"


class Served:
    """A TLS server for `NAME` on the internet, and a listener on the same port of our own network."""

    def __init__(self, folder: Path) -> None:
        self.hosts: list[str | None] = []
        self.names: list[str | None] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                served.hosts.append(self.headers["Host"])
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer((INTERNET, 0), Handler)
        self.port = self.server.server_address[1]
        self.inside = socket.create_server((OURS, self.port))
        self.inside.setblocking(False)
        self.certificate = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)  # type: ignore[assignment]
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        Thread(target=self.server.serve_forever, daemon=True).start()

    def was_asked_inside(self) -> bool:
        try:
            self.inside.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.inside.close()


def _certificate(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string(f"CN={NAME}")
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    no_secret = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_secret)
    file = folder / "provider.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(provider_line, "is_outside", lambda address: address != OURS)
    running = Served(tmp_path)
    yield running
    running.close()


def _resolves(monkeypatch: pytest.MonkeyPatch, *places: str) -> list[str]:
    """The name server says these one after the other, the last for ever; returns what it has said."""
    known, said = socket.getaddrinfo, list[str]()

    def lookup(host: str, port: int, *about: Any, **more: Any) -> Any:
        if host != NAME:
            return known(host, port, *about, **more)
        said.append(places[min(len(said), len(places) - 1)])
        return known(said[-1], port, *about, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return said


def _line(served: Served) -> requests.Session:
    line = requests.Session()
    line.trust_env = False
    line.verify = str(served.certificate)
    line.mount("https://", PinnedAdapter(safe=True))
    return line


def test_what_was_checked_is_what_is_asked_by_its_own_name(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    said = _resolves(monkeypatch, INTERNET, OURS)
    with _line(served) as line:
        assert line.get(f"https://{NAME}:{served.port}/", timeout=60).content == b"{}"
        assert (said, served.hosts, served.names) == ([INTERNET], [f"{NAME}:{served.port}"], [NAME])
        with pytest.raises(InsideError):
            line.get(f"https://{NAME}:{served.port}/", timeout=60)  # another connection, another look
    assert said == [INTERNET, OURS]
    assert not served.was_asked_inside()


def test_a_certificate_is_that_of_the_name_and_not_of_the_place(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    _resolves(monkeypatch, INTERNET)
    with _line(served) as line, pytest.raises(requests.exceptions.SSLError):
        line.get(f"https://{INTERNET}:{served.port}/", timeout=60)
    assert served.hosts == []


def test_an_answer_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_line, "LONGEST_S", 0.5)
    with socket.create_server((OURS, 0)) as listening, requests.Session() as line:
        line.mount("http://", PinnedAdapter(safe=False))
        Thread(target=_drip, args=(listening,), daemon=True).start()
        with pytest.raises(requests.ReadTimeout):
            line.get(f"http://{OURS}:{listening.getsockname()[1]}/", timeout=60)


def test_a_name_with_many_places_that_do_not_answer_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def connect(line: socket.socket, _place: Any) -> None:
        waited.append(line.gettimeout() or 0.0)
        time.sleep(waited[-1])
        raise TimeoutError

    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (OURS, 1))] * 20
    monkeypatch.setattr(provider_line, "LONGEST_S", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *about, **more: places)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with requests.Session() as line:
        line.mount("http://", PinnedAdapter(safe=False))
        with pytest.raises(requests.ConnectionError):
            line.get(f"http://{NAME}/", timeout=0.1)
    assert len(waited) <= 3


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A name server that says nothing of any name that ends in .example; the names that it was asked for."""
    known, asked, goes_on = socket.getaddrinfo, list[str](), Event()

    def lookup(host: str, *about: Any, **more: Any) -> Any:
        if host.endswith(".example"):
            asked.append(host)
            goes_on.wait(60)
            raise socket.gaierror
        return known(host, *about, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    yield asked
    goes_on.set()
    while name_server._under_way:  # what is still looked up finds the name server of the next test
        time.sleep(0.005)


def _asks(name: str, timeout: float = 0.1) -> None:
    with requests.Session() as line:
        line.trust_env = False
        line.mount("http://", PinnedAdapter(safe=False))
        with pytest.raises(requests.ConnectionError):
            line.get(f"http://{name}/", timeout=timeout)


def test_a_name_server_that_never_answers_holds_nobody_and_is_asked_once(
    silent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _asks(NAME)
    monkeypatch.setattr(provider_line, "LONGEST_S", 0.1)  # neither is all that is asked in one go held up
    _asks(NAME, timeout=30)
    assert silent == [NAME]


def test_beyond_a_few_names_that_nobody_answers_for_no_other_is_waited_for(silent: list[str]) -> None:
    for number in range(name_server.MOST_AT_ONCE):
        _asks(f"login-{number}.example", timeout=0.01)
    _asks("one-more.example", timeout=30)
    assert "one-more.example" not in silent


def _drip(listening: socket.socket) -> None:
    """A header that grows by one letter at a time, until whoever reads it has gone."""
    taken, _ = listening.accept()
    with taken, suppress(OSError):
        taken.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            taken.sendall(b"x")
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),  # carries 127.0.0.1
        ("2002:7f00:1::", False),  # so does this
        ("64:ff9b:1::7f00:1", False),  # and this, in a network that translates by itself (RFC 8215)
        ("::7f00:1", False),
        ("fec0::1", False),
        ("64:ff9b::5db8:d822", True),
    ],
)
def test_what_is_on_the_internet(address: str, expected: bool) -> None:
    assert is_outside(address) is expected
