"""What an attacker who has taken over a driver would try first. Doctor runs each in a worker of its own.

An attempt that goes through is answered `Allowed`. One that the kernel refuses is answered with its errno,
unless the refusal was fatal, which the host sees as the worker's death.
"""

from __future__ import annotations

import errno
import mmap
import os
import socket
from collections.abc import Callable

from core.worker import kernel, protocol

_OWN = (0, 1, 2, 3)
"""Descriptors a probe worker has: /dev/null twice, its stderr, its socket."""
_PTRACE_ATTACH = 16


def attempt(request: protocol.Attempt) -> protocol.Reply:
    try:
        _ATTEMPTS[request.what]()
    except MemoryError:
        return protocol.Refused(id=request.id, errno=errno.ENOMEM)
    except OSError as error:
        return protocol.Refused(id=request.id, errno=error.errno or 0)
    return protocol.Allowed(id=request.id)


def _open() -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _socket() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outside:
        outside.connect(("127.0.0.1", 9))


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _exec() -> None:
    os.execv("/bin/true", ["true"])


def _ptrace() -> None:
    kernel.syscall("ptrace", _PTRACE_ATTACH, _neighbour(), 0, 0)


def _steal() -> None:
    """Any descriptor lying about, then the one of the process next door."""
    for descriptor in range(1024):
        if descriptor not in _OWN:
            try:
                os.lseek(descriptor, 0, os.SEEK_CUR)
            except OSError as error:
                if error.errno == errno.EBADF:
                    continue
            return
    neighbour = kernel.syscall("pidfd_open", _neighbour(), 0)
    kernel.syscall("pidfd_getfd", neighbour, 3, 0)


def _neighbour() -> int:
    """The parent; in a process namespace of its own the worker is number 1 and can only guess at a second."""
    return os.getppid() or 2


def _executable_memory() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _memory() -> None:
    bytearray(8 << 30)


_ATTEMPTS: dict[str, Callable[[], None]] = {
    "open": _open,
    "socket": _socket,
    "fork": _fork,
    "exec": _exec,
    "ptrace": _ptrace,
    "steal": _steal,
    "mmap-exec": _executable_memory,
    "memory": _memory,
}
