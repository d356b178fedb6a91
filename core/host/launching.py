"""Launches the zygote. Apart, and with few imports: all others take as long as the zygote takes to start."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv.pop()); from core.worker.zygote import main; main()"


class Split:
    """A zygote that another one has split off: a process that is none of our children.

    Owns `watch`, its pidfd, until it is waited for.
    """

    def __init__(self, pid: int, watch: int) -> None:
        self.pid = pid
        self.watch = watch

    def poll(self) -> int | None:
        return 0 if self._gone(0) else None

    def wait(self) -> int:
        if self.watch != -1:
            self._gone(None)
            os.close(self.watch)
            self.watch = -1
        return 0

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.watch, signal.SIGKILL)

    def _gone(self, milliseconds: int | None) -> bool:
        ended = select.poll()
        ended.register(self.watch, select.POLLIN)
        return bool(ended.poll(milliseconds))


class Launched(NamedTuple):
    """The zygote's process, and the host's end of the socket that it serves until that is closed."""

    process: subprocess.Popen[bytes] | Split
    control: socket.socket


def launch(kind: str = "driver", *, quiet: bool = False) -> Launched:
    """A zygote of that kind of workers ("driver", "decoder"). Does not wait for it. With `quiet` it keeps
    nothing of the terminal. Raises OSError."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(theirs.fileno()), kind, str(_ROOT)],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if quiet else None,
            start_new_session=True,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        )
    return Launched(process, ours)
