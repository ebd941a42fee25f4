"""Running a render where it can do no harm: a forked child with limits on time, memory, files, and no network.

A template is data that somebody sent us. Whatever it makes the press do, the worker lives, and the person gets one
plain sentence. The child gives back only values of the domain and of `press.job`: anything else in its answer is
refused unread.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import os
import pickle
import resource
import selectors
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from leaflets.domain import errors
from leaflets.domain.errors import LeafletsError, Unavailable
from leaflets.press.seccomp import NotSupported, forbid_network

_R = TypeVar("_R")
_LOG = logging.getLogger(__name__)
_CHUNK = 1 << 20
_WATCH_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. `memory_mb` is on top of what the parent has mapped when it forks."""

    seconds: float = 60.0
    cpu_seconds: int = 60
    memory_mb: int = 1024
    file_mb: int = 200
    open_files: int = 256
    answer_mb: int = 200
    offline: bool = True


class Stopped(LeafletsError):
    """A child went over one of its limits or broke; `code` says which."""

    code = "stopped"


_SMALLER = "Try smaller pictures; if it happens again, the template is at fault: tell its designer."
# Row: the code, what happened, what to do. `Stopped` carries it to the person who waits.
_STOPPED = {
    "timed-out": (
        "Setting this leaflet took longer than {seconds:g} seconds and was stopped.",
        "Try a shorter text; if it happens again, the template is at fault: tell its designer.",
    ),
    "out-of-memory": ("Setting this leaflet needed more than {memory_mb} MB of memory and was stopped.", _SMALLER),
    "output-too-large": ("Setting this leaflet made a file of more than {file_mb} MB and was stopped.", _SMALLER),
    "crashed": (
        "Setting this leaflet broke the press.",
        "Nothing you typed is lost. Tell whoever runs this site; the press's log says more.",
    ),
}


def run_isolated(
    function: Callable[..., _R],
    /,
    *args: Any,
    limits: Limits | None = None,
    watch: Callable[[], None] | None = None,
    **kwargs: Any,
) -> _R:
    """The function's result, computed in a forked child that keeps to its `limits`.

    `watch` is called twice a second while the child works, so that whoever waits can hold a lease; what it raises
    ends the child.

    Raises what the function raises when that is one of our errors; `Stopped` with code `timed-out`,
    `out-of-memory`, `output-too-large` or `crashed`; `Unavailable` when the disk is full or the machine cannot cut
    a process off from the network.
    """
    limits = limits or Limits()
    reading, writing = os.pipe()
    _, held = _memory()
    child = os.fork()
    if child == 0:
        _child(lambda: function(*args, **kwargs), limits, writing)
    os.close(writing)
    with contextlib.suppress(OSError):
        os.setpgid(child, child)  # the child does the same: whichever comes first
    try:
        answer, over = _listen(reading, limits, watch)
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # the programs that it started too; one that has ended is not reaped yet
        _, status, used = os.wait4(child, 0)
    if over:
        raise _stopped(over, limits)
    took_mb = used.ru_maxrss / 1024 - held / 2**20  # a fork begins with what its parent holds
    result: _R = _read(answer, status, took_mb, limits)
    return result


def _listen(reading: int, limits: Limits, watch: Callable[[], None] | None) -> tuple[bytes, str]:
    """What the child says until it closes the pipe, or why we stopped listening."""
    end = time.monotonic() + limits.seconds
    answer = io.BytesIO()
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return b"", "timed-out"
            said = selector.select(min(left, _WATCH_EVERY_S))
            if watch is not None:
                watch()
            if not said:
                continue
            piece = os.read(reading, _CHUNK)
            if not piece:
                return answer.getvalue(), ""
            answer.write(piece)
            if answer.tell() > limits.answer_mb * 1_000_000:
                return b"", "output-too-large"


def _read(answer: bytes, status: int, took_mb: float, limits: Limits) -> Any:
    try:
        kind, content = _Answer(io.BytesIO(answer)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError, ImportError):
        kind, content = "ended", None
    if kind == "result":
        return content
    if kind == "error":
        class_name, message, remedy, code = content
        raise getattr(errors, class_name, Stopped)(message, remedy, code=code)
    if kind == "stopped":
        code, detail = content
        _LOG.error("a render was stopped (%s): %s", code, detail)
        raise _stopped(code, limits)
    by_signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    _LOG.error("a render ended without an answer: status %s, %.0f MB of memory", status, took_mb)
    if by_signal == signal.SIGXCPU:
        raise _stopped("timed-out", limits)
    # GLib and the C library end the process when memory cannot be had; they say no more than the signal.
    nearly_all = took_mb > 0.8 * limits.memory_mb
    raise _stopped("out-of-memory" if nearly_all and by_signal else "crashed", limits)


def _stopped(code: str, limits: Limits) -> LeafletsError:
    if code == "disk-full":
        return Unavailable(
            "The disk is full, so the leaflet could not be written.", "Nothing is lost; free some space."
        )
    if code == "not-offline":
        return Unavailable(
            "This machine cannot cut a render off from the network.",
            "Run the workers on Linux (x86_64 or arm64) with seccomp, or set Limits(offline=False) and firewall them.",
        )
    message, remedy = _STOPPED[code]
    sizes = {name: getattr(limits, name) for name in ("seconds", "memory_mb", "file_mb")}
    return Stopped(message.format(**sizes), remedy, code=code)


class _Plainly(pickle.Pickler):
    """Writes a member of an enumeration as its class and value. Python before 3.11.4 writes a call of `getattr`."""

    def reducer_override(self, given: Any) -> Any:
        return (type(given), (given.value,)) if isinstance(given, Enum) else NotImplemented


def _said(answer: tuple[str, Any]) -> bytes:
    written = io.BytesIO()
    _Plainly(written).dump(answer)
    return written.getvalue()


class _Answer(pickle.Unpickler):
    """Reads values of ours and plain ones; a class from anywhere else could run code on the worker."""

    def find_class(self, module: str, name: str) -> Any:
        ours = module.startswith(("leaflets.domain.", "leaflets.press.")) and "." not in name
        if ours or (module, name) in _PLAIN:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no answer")


_PLAIN = frozenset(
    {("pathlib", "PosixPath"), ("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")}
)


def _child(work: Callable[[], Any], limits: Limits, writing: int) -> NoReturn:
    """Everything that happens after the fork. Never returns into the parent's code."""
    answer: tuple[str, Any]
    try:
        _confine(limits, writing)
        answer = ("result", work())
        said = _said(answer)
    except NotSupported as unsupported:
        said = pickle.dumps(("stopped", ("not-offline", str(unsupported))))
    except LeafletsError as error:
        known = type(error).__name__ if hasattr(errors, type(error).__name__) else type(error).__base__.__name__  # type: ignore[union-attr]
        said = pickle.dumps(("error", (known, error.message, error.remedy, error.code)))
    except MemoryError:
        said = pickle.dumps(("stopped", ("out-of-memory", "MemoryError")))
    except BaseException as error:  # the child must answer, whatever broke
        code = _OS_CODES.get(error.errno or 0, "crashed") if isinstance(error, OSError) else "crashed"
        said = pickle.dumps(("stopped", (code, traceback.format_exc())))
    with contextlib.suppress(OSError):
        left = memoryview(said)
        while left:
            left = left[os.write(writing, left) :]
    os._exit(0)


_OS_CODES = {errno.EFBIG: "output-too-large", errno.ENOSPC: "disk-full", errno.EDQUOT: "disk-full"}


def _confine(limits: Limits, writing: int) -> None:
    os.setpgid(0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    _drop_descriptors(writing)
    mapped, _ = _memory()
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_mb * 1_000_000),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_AS, mapped + limits.memory_mb * 1_000_000),
    ):
        hard = resource.getrlimit(what)[1]
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (wanted, hard if what == resource.RLIMIT_CPU else wanted))
    forbid_network(required=limits.offline)


def _drop_descriptors(keep: int) -> None:
    """Point every inherited descriptor but the pipe at nothing: databases and Redis are not for a render."""
    nothing = os.open(os.devnull, os.O_RDWR)
    open_now = Path("/proc/self/fd")
    for number in [int(entry.name) for entry in open_now.iterdir()] if open_now.is_dir() else range(3, 256):
        if number > 2 and number not in (keep, nothing):
            with contextlib.suppress(OSError):
                os.fstat(number)
                os.dup2(nothing, number)


def _memory() -> tuple[int, int]:
    """The bytes of our address space now, and those of them that are in memory (proc(5), statm)."""
    try:
        mapped, held = Path("/proc/self/statm").read_text(encoding="ascii").split()[:2]
    except OSError:
        return 1_000_000_000, 0
    return int(mapped) * resource.getpagesize(), int(held) * resource.getpagesize()
