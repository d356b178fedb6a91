"""The system calls a worker may make. Everything else kills it.

No open, no socket, no exec, no fork, no ioctl: what a worker works on, it was given as descriptors.
"""

from __future__ import annotations

import mmap
import os

from core.worker import seccomp

_DRIVER = (
    # bytes of the stick, and of files that the host handed over
    *("pread64", "preadv", "preadv2", "lseek", "sendfile", "copy_file_range"),
    *("write", "pwrite64", "ftruncate", "close", "fdatasync", "sync_file_range"),
)
_DECODER = ("pread64", "write", "pwrite64", "close")
"""Bytes that the host handed over, and what becomes of them."""
_COMMON = (
    # the host: descriptors come from it, and none goes there
    *("recvmsg", "sendto", "poll", "ppoll"),
    # the interpreter's memory, locks, clock and end
    *("munmap", "mremap", "brk", "madvise", "futex", "sched_yield", "restart_syscall"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "getpid", "gettid", "getrandom"),
    *("clock_gettime", "gettimeofday", "exit", "exit_group"),
)


def driver_filter() -> seccomp.Filter:
    """The filter, built but not loaded: building costs more than loading and needs doing only once."""
    return _filter(_DRIVER)


def decoder_filter() -> seccomp.Filter:
    """As `driver_filter`, for who makes pictures of bytes."""
    return _filter(_DECODER)


def _filter(own: tuple[str, ...]) -> seccomp.Filter:
    calls = seccomp.Filter()
    for name in own + _COMMON:
        calls.allow(name)
    for name in ("mmap", "mprotect"):
        calls.allow(name, seccomp.Condition(2, seccomp.MASKED_EQ, mmap.PROT_EXEC, 0))
    return calls


def allow_abort(calls: seccomp.Filter) -> None:
    """Lets this process signal itself, so that an abort in C reads as a crash."""
    calls.allow("tgkill", seccomp.Condition(0, seccomp.EQ, os.getpid()))
