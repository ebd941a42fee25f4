"""One line for each request in the log, with a number that its error page shows too."""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from leaflets.web import current

log = structlog.get_logger("leaflets.web")


class RequestLog:
    """Counts and times requests in `figures`, and logs each when it is answered."""

    def __init__(self, figures: CollectorRegistry) -> None:
        self._answered = Counter(
            "leaflets_requests", "Requests answered", ["endpoint", "method", "status"], registry=figures
        )
        self._seconds = Histogram("leaflets_request_seconds", "Seconds to an answer", ["endpoint"], registry=figures)

    def watch(self, app: Flask) -> None:
        """Follow every request of `app`."""
        app.before_request(self._begin)
        app.after_request(self._end)

    def _begin(self) -> None:
        g.began, g.request_number = time.perf_counter(), secrets.token_hex(4)
        structlog.contextvars.bind_contextvars(request=g.request_number)

    def _end(self, response: Response) -> Response:
        seconds, endpoint = time.perf_counter() - g.began, request.endpoint or "nowhere"
        self._answered.labels(endpoint, request.method, response.status_code).inc()
        self._seconds.labels(endpoint).observe(seconds)
        if endpoint != "static":
            person = current.somebody()
            log.info(
                "request.answered",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
                person=person.id if person else None,
            )
        structlog.contextvars.unbind_contextvars("request")
        return response
