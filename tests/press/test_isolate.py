import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leaflets.domain.errors import Invalid, LeafletsError, Unavailable
from leaflets.domain.press.problem import Level, Problem
from leaflets.press import isolate, seccomp
from leaflets.press.isolate import Limits, Stopped, run_isolated

SMALL = Limits(seconds=20, cpu_seconds=20, memory_mb=200, file_mb=1, answer_mb=2)


def test_a_result_comes_back_whole() -> None:
    def work(word: str) -> tuple[Problem, ...]:
        return (Problem("overset", Level.ERROR, word, 1),)

    assert run_isolated(work, "too long", limits=SMALL) == (Problem("overset", Level.ERROR, "too long", 1),)


def test_an_error_of_ours_is_raised_as_it_was() -> None:
    class Special(Invalid):
        code = "special"

    def work() -> None:
        raise Special("It is wrong.", "Put it right.")

    with pytest.raises(Invalid) as raised:
        run_isolated(work, limits=SMALL)
    assert (raised.value.message, raised.value.remedy, raised.value.code) == (
        "It is wrong.",
        "Put it right.",
        "special",
    )


def _loop() -> None:
    while True:
        pass


def _sleep() -> None:
    time.sleep(60)


def _eat() -> None:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def _recurse() -> None:
    _recurse()


def _segfault() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _leave() -> None:
    os._exit(3)


def _flood() -> bytes:
    return os.urandom(3_000_000)


def _object() -> object:
    return subprocess.Popen


@pytest.mark.parametrize(
    ("work", "limits", "code"),
    [
        (_sleep, Limits(seconds=0.2), "timed-out"),
        (_loop, Limits(seconds=60, cpu_seconds=1), "timed-out"),
        (_eat, SMALL, "out-of-memory"),
        (_recurse, SMALL, "crashed"),
        (_segfault, SMALL, "crashed"),
        (_leave, SMALL, "crashed"),
        (_flood, SMALL, "output-too-large"),
        (_object, SMALL, "crashed"),
    ],
)
def test_each_way_to_go_wrong_has_its_own_sentence(
    work: object, limits: Limits, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL), pytest.raises(Stopped) as raised:
        run_isolated(work, limits=limits)  # type: ignore[arg-type]
    assert raised.value.code == code
    assert raised.value.message.startswith("Setting this leaflet")
    assert raised.value.remedy
    assert run_isolated(lambda: "still here", limits=SMALL) == "still here"


def test_what_a_stopped_child_had_started_is_stopped_with_it(tmp_path: Path) -> None:
    def work() -> None:
        program = subprocess.Popen(["sleep", "600"])
        (tmp_path / "new").write_text(str(program.pid))
        (tmp_path / "new").rename(tmp_path / "pid")
        program.wait()

    for seconds in (1, 10, 60):  # as long as a busy machine needs to start it
        with pytest.raises(Stopped):
            run_isolated(work, limits=Limits(seconds=seconds))
        if (tmp_path / "pid").exists():
            break
    assert _has_ended(int((tmp_path / "pid").read_text()))


def _has_ended(process: int) -> bool:
    for _ in range(500):
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_file_may_not_grow_beyond_its_limit(tmp_path: Path) -> None:
    def work() -> None:
        (tmp_path / "large").write_bytes(bytes(2_000_000))

    with pytest.raises(Stopped) as raised:
        run_isolated(work, limits=SMALL)
    assert raised.value.code == "output-too-large"


def test_a_full_disk_is_said_to_be_full() -> None:
    def work() -> None:
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    with pytest.raises(Unavailable, match="disk is full"):
        run_isolated(work, limits=SMALL)


def test_a_render_cannot_reach_the_network() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]

        def call() -> str:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=2)
            except PermissionError:
                return "refused"
            return "connected"

        assert run_isolated(call, limits=SMALL) == "refused"
        assert run_isolated(call, limits=Limits(offline=False)) == "connected"

        def call_from_a_program() -> int:
            code = f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=2)"
            return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode

        assert run_isolated(call_from_a_program, limits=SMALL) == 1


def test_an_inherited_connection_is_out_of_reach() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def work() -> int:
            return os.write(ours.fileno(), b"DROP TABLE")

        run_isolated(work, limits=SMALL)
        theirs.setblocking(False)
        with pytest.raises(BlockingIOError):
            theirs.recv(10)


def test_a_machine_without_such_a_filter_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    with pytest.raises(Unavailable, match="cannot cut a render off from the network") as raised:
        run_isolated(lambda: 1, limits=SMALL)
    assert "offline=False" in raised.value.remedy
    assert run_isolated(lambda: 1, limits=Limits(offline=False)) == 1


def test_the_filter_of_each_machine_refuses_every_call_it_lists() -> None:
    for machine, (architecture, calls) in seccomp._CALLS.items():
        program = seccomp.filter_of(machine)
        for call in (*calls, 0x40000000 + 1):
            assert _run_filter(program, architecture, call) == 0x50001, (machine, call)
        assert _run_filter(program, architecture, 0) == 0x7FFF0000
        assert _run_filter(program, 0x40000003, calls[0]) == 0x50001, "another architecture's numbers"


def _run_filter(program: list[tuple[int, int, int, int]], architecture: int, call: int) -> int:
    accumulator = at = 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == 0x20:
            accumulator = {0: call, 4: architecture}[operand]
        elif code == 0x15:
            at += if_true if accumulator == operand else if_false
        elif code == 0x35:
            at += if_true if accumulator >= operand else if_false
        else:
            return operand


def test_a_child_dies_with_its_worker(tmp_path: Path) -> None:
    code = f"""
import os, time, pathlib
from leaflets.press.isolate import run_isolated, Limits
def work():
    pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
    time.sleep(60)
run_isolated(work)
"""
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=Path(isolate.__file__).parents[2])
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.02)
    child = int((tmp_path / "pid").read_text())
    worker.kill()
    worker.wait()
    assert _has_ended(child)


def test_errors_are_for_people() -> None:
    for code in ("timed-out", "out-of-memory", "output-too-large", "crashed", "disk-full", "not-offline"):
        error = isolate._stopped(code, Limits())
        assert isinstance(error, LeafletsError)
        assert "{" not in str(error)


def test_what_the_worker_holds_is_not_counted_against_a_render() -> None:
    ballast = b"x" * 170_000_000
    with pytest.raises(Stopped) as raised:
        run_isolated(_segfault, limits=SMALL)
    assert raised.value.code == "crashed"
    assert len(ballast) > 0.8 * SMALL.memory_mb * 1_000_000
