"""The process that becomes every worker of a kind: it has imported all they need, and never touches a stick.

Started by the host before any window toolkit, with one socket. For each `Spawn` it forks a worker into fresh
namespaces and hands the host a pidfd; when a worker ends it says how. When the host goes away it takes all
workers with it.
"""

from __future__ import annotations

import codecs
import fcntl
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import msgspec

from core.worker import kernel, profile, protocol, sandbox, spawning
from core.worker.seccomp import Filter

_CODECS = ("ascii", "latin-1", "utf-8", "utf-16-le", "utf-16-be")
_DOS_CODECS = ("cp437", "cp850", "cp852", "cp858", "cp866", "cp932", "cp1251", "cp1252")

SOCKET, STDERR, DEVICE = 3, 2, 4
"""Where a worker finds what it was given."""
_EVERY = 1 << 20
"""No descriptor is as high."""


class Kind(msgspec.Struct, frozen=True):
    """What the workers of a zygote are for."""

    module: str
    """Its `serve` is what they do; with it all that they need is imported."""
    filter: Callable[[], Filter]


KINDS = {
    "driver": Kind("core.worker.serve", profile.driver_filter),
    "decoder": Kind("core.worker.decoding", profile.decoder_filter),
}


class Zygote:
    """Forks workers on request. `run` returns when the host has closed its end."""

    def __init__(self, control: socket.socket, kind: Kind) -> None:
        self._control = control
        self._kind = kind
        self._workers: dict[int, int] = {}
        """Worker id by pidfd."""
        self._selector = selectors.PollSelector()
        self._filter = kind.filter()
        self._shared = sandbox.Layers()
        """Layers around this process, which every worker inherits."""
        self._namespaces = kernel.CLONE_NEWPID

    def run(self) -> None:
        preload(self._kind.module)
        self._isolate()
        self._listen()

    def _listen(self) -> None:
        self._selector.register(self._control, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is not self._control:
                    self._bury(key.fd)
                elif not self._serve():
                    return

    def _isolate(self) -> None:
        """Empties what can be emptied once for all workers, which costs less than once for each."""
        if os.geteuid() != 0:
            self._shared.put("user namespace", sandbox.own_users)
        self._shared.put("network namespace", lambda: _unshare(kernel.CLONE_NEWNET, "no network at all"))
        self._shared.put("IPC namespace", lambda: _unshare(kernel.CLONE_NEWIPC, "no IPC of the host"))

    def _serve(self) -> bool:
        """Handles one request. False when the host is gone."""
        packet, descriptors, _, _ = socket.recv_fds(self._control, protocol.MAX_REQUEST, 3)
        if not packet:
            return False
        with _closing(descriptors):
            request = spawning.decode_spawn(packet)
            try:
                process = self._split(*descriptors) if request.splits else self._fork(request, descriptors)
                watch = _watched(process)
            except OSError as error:
                self._say(spawning.NotSpawned(id=request.id, reason=str(error)))
                return True
            self._workers[watch] = request.id
            self._selector.register(watch, selectors.EVENT_READ)
            self._say(spawning.Spawned(id=request.id, pid=process), watch)
        return True

    def _fork(self, request: spawning.Spawn, descriptors: list[int]) -> int:
        layers = sandbox.Layers(request.without)
        layers.in_force.update(self._shared.in_force)
        layers.missing.update(self._shared.missing)
        namespaces = 0 if "process namespace" in request.without else self._namespaces
        try:
            process = kernel.fork_into(namespaces)
        except OSError as error:
            if not namespaces:
                raise
            self._namespaces = 0
            self._shared.missing["process namespace"] = error.strerror or str(error)
            return self._fork(request, descriptors)
        if process == 0:
            if namespaces:
                layers.in_force["process namespace"] = "sees no other process"
            become_worker(self._kind.module, layers, self._filter, descriptors)
        return process

    def _split(self, control: int) -> int:
        """Another zygote like this one, for another process of the host: it need not import all anew."""
        process = os.fork()
        if process == 0:
            status = 1
            try:
                self._control.close()
                for watch in self._workers:
                    os.close(watch)
                self._control, self._workers = socket.socket(fileno=control), {}
                self._selector = selectors.PollSelector()
                self._listen()
                status = 0
            except (KeyboardInterrupt, BrokenPipeError, ConnectionResetError):
                pass  # as in `main`
            except BaseException as error:  # noqa: BLE001 - the last line of a process: say it and go
                _tell(error)
            finally:
                os._exit(status)
        return process

    def _bury(self, watch: int) -> None:
        ended = os.waitid(os.P_PIDFD, watch, os.WEXITED)
        assert ended is not None
        self._selector.unregister(watch)
        os.close(watch)
        status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        self._say(spawning.Exited(id=self._workers.pop(watch), status=status))

    def _say(self, news: spawning.News, *descriptors: int) -> None:
        socket.send_fds(self._control, [spawning.encode(news)], descriptors)


def preload(module: str) -> None:
    """Imports all that a locked-down worker may ever need: afterwards an import is a fatal system call."""
    for name in _CODECS + _DOS_CODECS:
        codecs.lookup(name)
    importlib.import_module(module)
    protocol.request_decoder()
    gc.freeze()
    gc.enable()


def become_worker(module: str, layers: sandbox.Layers, calls: Filter, descriptors: list[int]) -> NoReturn:
    """Keeps its own descriptors only, locks itself down, serves, and ends without the zygote's clean-up."""
    from core.blockdev.descriptor import Shape, measure

    serve = sys.modules[module].serve
    status = 1
    try:
        _keep(descriptors)
        device = DEVICE if len(descriptors) > 2 else None
        shape = measure(device) if device is not None else Shape(0)
        host = socket.socket(fileno=SOCKET)
        sandbox.lock_down(layers, calls, shape.size)
        serve(host, device, shape, layers)
        status = 0
    except BaseException as error:  # noqa: BLE001 - the last line of a process: say it and go
        _tell(error)
    finally:
        os._exit(status)


def _watched(process: int) -> int:
    """A pidfd of a child. Raises OSError, and then there is no child either."""
    try:
        return os.pidfd_open(process)
    except OSError:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        raise


def _tell(error: BaseException) -> None:
    os.write(STDERR, f"{type(error).__name__}: {error}\n".encode(errors="replace"))


def _keep(descriptors: list[int]) -> None:
    """Leaves (socket, stderr, device) at their places, /dev/null at 0 and 1, and nothing else."""
    away = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 100) for descriptor in descriptors]
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    for source, target in zip(away, (SOCKET, STDERR, DEVICE), strict=False):
        os.dup2(source, target, inheritable=False)
    os.closerange(DEVICE if len(descriptors) < 3 else DEVICE + 1, _EVERY)


def _unshare(flag: int, words: str) -> str:
    kernel.unshare(flag)
    return words


@contextmanager
def _closing(descriptors: list[int]) -> Iterator[None]:
    try:
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def main() -> None:
    control = int(sys.argv[1])
    os.closerange(3, control)
    os.closerange(control + 1, _EVERY)
    try:
        Zygote(socket.socket(fileno=control), KINDS[sys.argv[2]]).run()
    except (KeyboardInterrupt, BrokenPipeError, ConnectionResetError):
        pass
    except msgspec.MsgspecError as error:
        sys.exit(f"the host broke the protocol: {error}")
    os._exit(0)  # to take all that was imported apart would take longer than most commands, which wait for it


if __name__ == "__main__":
    main()
