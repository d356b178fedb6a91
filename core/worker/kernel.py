"""The few kernel calls that Python's `os` does not wrap, by their names in the kernel's manual pages."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Any

from core.worker import seccomp

CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
PR_SET_MDWE = 65
PR_MDWE_REFUSE_EXEC_GAIN = 1

SYNC_FILE_RANGE_WRITE = 2
SYNC_FILE_RANGE_WRITE_AND_WAIT = 7

_CAPABILITY_VERSION_3 = 0x2008_0522

_libc = ctypes.CDLL(None, use_errno=True)
_locked_libc = ctypes.PyDLL(None, use_errno=True)
"""The same library, called without letting go of the interpreter lock: what `clone` needs."""


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def number(name: str) -> int:
    """The number of a system call on this architecture. Raises OSError ENOSYS when it has none."""
    found = seccomp.number(name)
    if found < 0:
        raise OSError(38, f"no system call {name} here")
    return found


def syscall(call: str, *arguments: Any) -> int:
    """Raises OSError."""
    return _checked(_libc.syscall(ctypes.c_long(number(call)), *arguments))


def prctl(option: int, argument: int) -> None:
    """Raises OSError."""
    _checked(_libc.prctl(option, ctypes.c_ulong(argument), 0, 0, 0))


def unshare(flags: int) -> None:
    """Raises OSError."""
    _checked(_libc.unshare(flags))


def sync_file_range(descriptor: int, offset: int, length: int, flags: int) -> None:
    """Raises OSError."""
    _checked(_libc.sync_file_range(descriptor, ctypes.c_int64(offset), ctypes.c_int64(length), flags))


def drop_capabilities() -> None:
    """Empties all three capability sets of this process. Raises OSError."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(header, (ctypes.c_uint32 * 6)()))


def fork_into(namespaces: int) -> int:
    """`os.fork` into new namespaces (CLONE_NEW… flags). Raises OSError when the kernel refuses them.

    `unshare` cannot put the caller itself into a new process namespace, and a second fork would make the
    zygote no longer the worker's parent, so `clone` is called as fork would call it. Safe only in a process
    with a single thread, which the zygote is.
    """
    if not namespaces:
        return os.fork()
    flags = ctypes.c_ulong(namespaces | signal.SIGCHLD)
    clone = ctypes.c_long(number("clone"))
    ctypes.pythonapi.PyOS_BeforeFork()
    child = _locked_libc.syscall(clone, flags, None, None, None, None)
    if child == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    return _checked(child)
