"""The system calls a worker may make. Everything else kills it.

No open, no socket, no exec, no fork, no ioctl: what a worker works on, it was given as descriptors.
"""

from __future__ import annotations

import mmap
import os
from typing import Any

import pyseccomp

_DRIVER = (
    # bytes of the stick, and of files that the host handed over
    *("pread64", "preadv", "preadv2", "read", "lseek", "sendfile", "copy_file_range"),
    *("write", "pwrite64", "ftruncate", "close", "fsync", "fdatasync", "sync_file_range"),
)
_DECODER = ("pread64", "read", "write", "pwrite64", "close")
"""Bytes that the host handed over, and what becomes of them."""
_COMMON = (
    # the host
    *("recvmsg", "recvfrom", "sendmsg", "sendto", "poll", "ppoll"),
    # the interpreter's memory, locks, clock and end
    *("munmap", "mremap", "brk", "madvise", "futex", "sched_yield", "restart_syscall"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "getpid", "gettid", "getrandom"),
    *("clock_gettime", "gettimeofday", "exit", "exit_group"),
)


def driver_filter() -> Any:
    """The filter, built but not loaded: building costs more than loading and needs doing only once."""
    return _filter(_DRIVER)


def decoder_filter() -> Any:
    """As `driver_filter`, for who makes pictures of bytes."""
    return _filter(_DECODER)


def _filter(own: tuple[str, ...]) -> Any:
    allow = pyseccomp.SyscallFilter(defaction=pyseccomp.KILL_PROCESS)
    for name in own + _COMMON:
        allow.add_rule(pyseccomp.ALLOW, name)
    for name in ("mmap", "mprotect"):
        not_executable = pyseccomp.Arg(2, pyseccomp.MASKED_EQ, mmap.PROT_EXEC, 0)
        allow.add_rule(pyseccomp.ALLOW, name, not_executable)
    return allow


def allow_abort(allow: Any) -> None:
    """Lets this process signal itself, so that an abort in C reads as a crash."""
    allow.add_rule(pyseccomp.ALLOW, "tgkill", pyseccomp.Arg(0, pyseccomp.EQ, os.getpid()))
