"""Launches the zygote. Apart, and with few imports: all others take as long as the zygote takes to start."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
from typing import NamedTuple

_ROOT = __file__.rsplit("/", 3)[0]
_START = (
    # Nothing of what is imported is garbage, and to look for some takes a tenth of the time.
    "import gc; gc.disable(); "
    "import sys; sys.path.insert(0, sys.argv.pop()); from core.worker.zygote import main; main()"
)


class Process:
    """A zygote: a child of ours, or of a zygote that has split it off, or of the command that went into the
    background. Owns `watch`, its pidfd, until it is waited for."""

    def __init__(self, pid: int, watch: int) -> None:
        self.pid = pid
        self.watch = watch

    def poll(self) -> int | None:
        """None while it runs, then as `os.waitstatus_to_exitcode`; 0 where it is not for us to know."""
        return self._status(os.WNOHANG)

    def wait(self) -> None:
        if self.watch != -1:
            self._status(0)
            os.close(self.watch)
            self.watch = -1

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.watch, signal.SIGKILL)

    def _status(self, how: int) -> int | None:
        try:
            ended = os.waitid(os.P_PIDFD, self.watch, os.WEXITED | how)
        except ChildProcessError:
            waiting = select.poll()
            waiting.register(self.watch, select.POLLIN)
            return 0 if waiting.poll(0 if how & os.WNOHANG else None) else None
        if ended is None:
            return None
        return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


class Launched(NamedTuple):
    """The zygote's process, and the host's end of the socket that it serves until that is closed."""

    process: Process
    control: socket.socket


def launch(kind: str = "driver", *, quiet: bool = False) -> Launched:
    """A zygote of that kind of workers ("driver", "decoder"). Does not wait for it. With `quiet` it keeps
    nothing of the terminal. Raises OSError.

    What this process has inherited, it inherits too, and closes; our own descriptors close by themselves.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    try:
        with theirs:
            watch = os.pidfd_open(pid := _spawned(theirs.fileno(), kind, quiet=quiet))
    except OSError:
        ours.close()
        raise
    return Launched(Process(pid, watch), ours)


def _spawned(control: int, kind: str, *, quiet: bool) -> int:
    silenced = (1, 2) if quiet else (1,)
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-c", _START, str(control), kind, _ROOT],
        {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            *((os.POSIX_SPAWN_OPEN, output, os.devnull, os.O_WRONLY, 0) for output in silenced),
            (os.POSIX_SPAWN_DUP2, control, control),  # onto itself: it stays open
        ],
        setsid=True,
        setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
    )
