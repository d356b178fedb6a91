"""A zygote that was launched, and its process."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from typing import NamedTuple

from core.host.igniting import ignite


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
    nothing of the terminal. Raises OSError."""
    return taken(ignite(kind, quiet=quiet))


def taken(ignited: tuple[int, int, int]) -> Launched:
    """One that `ignite` has started."""
    process, watch, control = ignited
    return Launched(Process(process, watch), socket.socket(fileno=control))
