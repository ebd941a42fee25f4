"""The only sender of e-mail: plain text to one SMTP server, which takes it on from there."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from leaflets.domain.errors import Unavailable

TIMEOUT_S = 5.0
PORTS = {"smtp": 587, "smtps": 465}
"""Submission with STARTTLS (RFC 6409), and implicit TLS (RFC 8314 section 3.3)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One e-mail. `message_id` stays the same when it is sent again, so that readers show it once."""

    address: str
    subject: str
    body: str
    message_id: str
    written_at: datetime


class Fate(StrEnum):
    """What became of a message."""

    SENT = "sent"
    DEFERRED = "deferred"  # 4yz: try again later (RFC 5321 section 4.2.1)
    REFUSED = "refused"  # 5yz: never


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to one message; `words` are its own."""

    fate: Fate
    words: str = ""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server of `url` (smtp:// or smtps://, with user and password if it wants them), and who the mail is from."""

    url: str
    sender: str

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Answer]]:
        """Send one after the other and say what became of each. Raises `Unavailable` when nobody answers."""
        try:
            with self._connected() as server:
                for message in messages:
                    yield message, self._send(server, message)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server does not answer: {error}.", "Letters wait until it does.") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        url = urlsplit(self.url)
        host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
        secure = ssl.create_default_context()
        over_tls = url.scheme == "smtps"
        connect = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=secure)
            if over_tls
            else smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        )
        with connect as server:
            server.ehlo()
            # A password never goes over an open line: then the server has to offer TLS.
            if not over_tls and (url.username or server.has_extn("starttls")):
                server.starttls(context=secure)
                server.ehlo()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            yield server

    def _written(self, message: Message) -> EmailMessage:
        written = EmailMessage()
        written["From"], written["To"], written["Subject"] = self.sender, message.address, message.subject
        written["Date"] = message.written_at
        written["Message-ID"] = f"<{message.message_id}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        written["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        written.set_content(message.body)
        return written

    def _send(self, server: smtplib.SMTP, message: Message) -> Answer:
        try:
            server.send_message(self._written(message))
        except smtplib.SMTPRecipientsRefused as error:
            return _judged(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            return _judged(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPNotSupportedError, ValueError) as error:  # an address that cannot be written there
            return Answer(Fate.REFUSED, str(error))
        return Answer(Fate.SENT)


def _judged(code: int, words: bytes | str) -> Answer:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Answer(Fate.REFUSED if code >= 500 else Fate.DEFERRED, f"{code} {said}")
