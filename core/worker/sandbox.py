"""Locks the current process down, layer on layer, before the first byte of a stick is read.

Each layer stands by itself. A layer that this machine does not give is reported, not raised: the host knows
which ones it cannot do without.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable, Collection, Iterator

from core.worker import kernel, landlock, profile
from core.worker.seccomp import Filter

MEMORY = 512 * 1024 * 1024
"""Address space a worker may take, of which the interpreter and its libraries are some 60 MiB."""
DESCRIPTORS = 64
NOBODY = 65534
_FARTHEST = 1 << 62
"""Bytes: a sparse image may claim more than a limit can express."""


class Layers:
    """What stands and what is missing, as it is reported to the host."""

    def __init__(self, without: Collection[str] = ()) -> None:
        self.in_force: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self._without = without

    def put(self, name: str, build: Callable[[], str]) -> None:
        if name in self._without:
            self.missing[name] = "left out on request"
            return
        with self.reported(name):
            self.in_force[name] = build()

    @contextlib.contextmanager
    def reported(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.missing[name] = (error.strerror or str(error))[:200]


def lock_down(layers: Layers, calls: Filter, device_size: int) -> None:
    """Puts every layer around this process; `calls` is the seccomp filter of its profile.

    The order matters: what needs rights comes before the rights go, seccomp comes last because it forbids the
    calls that the others need.
    """
    if os.geteuid() == 0:
        layers.put("unprivileged user", _become_nobody)
    if "user namespace" not in layers.in_force:
        layers.put("user namespace", own_users)
    layers.put("resource limits", lambda: _limit(device_size))
    layers.put("no core, no tracing", _hide)
    layers.put("capabilities", _drop_capabilities)
    layers.put("no_new_privs", _no_new_privileges)
    layers.put("no executable memory", _no_executable_memory)
    layers.put("Landlock", landlock.forbid_everything)
    layers.put("seccomp", lambda: _filter(calls))


def _become_nobody() -> str:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    return "runs as nobody"


def own_users() -> str:
    """Before it is inherited: who has no place in a namespace cannot make another one."""
    kernel.unshare(kernel.CLONE_NEWUSER)
    return "no user of the host exists in it"


def _limit(device_size: int) -> str:
    largest_file = min(max(4 * device_size, 1 << 30), _FARTHEST)
    for which, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_FSIZE, largest_file),
    ):
        _, hard = resource.getrlimit(which)
        bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (bounded, bounded))
    return f"memory {MEMORY >> 20} MiB, {DESCRIPTORS} descriptors, no processes, no core file"


def _hide() -> str:
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    return "memory closed to other programs, ends with its parent"


def _drop_capabilities() -> str:
    kernel.drop_capabilities()
    return "none left"


def _no_new_privileges() -> str:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    return "no program can raise its rights"


def _no_executable_memory() -> str:
    """Since Linux 6.3. The interpreter needs none, and injected code could not run without it."""
    kernel.prctl(kernel.PR_SET_MDWE, kernel.PR_MDWE_REFUSE_EXEC_GAIN)
    return "what is written to memory never becomes a program"


def _filter(calls: Filter) -> str:
    profile.allow_abort(calls)
    calls.load()
    return "no open, socket, exec, fork or ioctl; a try is fatal"
