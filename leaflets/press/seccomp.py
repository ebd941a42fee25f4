"""No network for a process, by a seccomp filter (Linux, Documentation/userspace-api/seccomp_filter.rst).

The filter refuses, with "operation not permitted", every system call that opens, reaches or answers a connection,
and two ways round it. It holds for the process and all that it starts, and cannot be taken off.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9

_RETURN_ALLOW = 0x7FFF0000
_RETURN_EPERM = 0x00050000 | 1
_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # offsets in struct seccomp_data
_X32_CALLS = 0x40000000

# Row: machine, its audit architecture (linux/audit.h), and the numbers (asm/unistd.h) of socket, connect, bind,
# listen, accept, accept4, sendto, sendmsg, sendmmsg; then io_uring_setup and ptrace, the two ways round.
_CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (41, 42, 49, 50, 43, 288, 44, 46, 307, 425, 101)),
    "aarch64": (0xC00000B7, (198, 203, 200, 201, 202, 242, 206, 211, 269, 425, 117)),
}


class NotSupported(Exception):
    """This machine has no such filter, or does not let us set one."""


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def filter_of(machine: str) -> list[tuple[int, int, int, int]]:
    """The filter as BPF instructions (code, jump if true, jump if false, operand). Raises `NotSupported`."""
    if machine not in _CALLS:
        raise NotSupported(f"no filter is written for {machine}")
    architecture, calls = _CALLS[machine]
    refused = [*((_JUMP_EQUAL, call) for call in calls), (_JUMP_AT_LEAST, _X32_CALLS)]
    checks = [(code, len(refused) - index, 0, operand) for index, (code, operand) in enumerate(refused)]
    return [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _RETURN_EPERM),
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
        *checks,
        (_RETURN, 0, 0, _RETURN_ALLOW),
        (_RETURN, 0, 0, _RETURN_EPERM),
    ]


def forbid_network(*, required: bool = True) -> None:
    """Cut this process off from the network for good, and let it die with its parent.

    Raises `NotSupported` when that cannot be done and is `required`.
    """
    if not sys.platform.startswith("linux"):
        if required:
            raise NotSupported(f"{sys.platform} has no seccomp")
        return
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = (ctypes.c_int, *([ctypes.c_ulong] * 4))
    prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if not required:
        return
    instructions = [_Instruction(*row) for row in filter_of(platform.machine())]
    rows = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), rows)
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0
    ):
        raise NotSupported(os.strerror(ctypes.get_errno()))
