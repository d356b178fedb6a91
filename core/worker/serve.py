"""The loop of a worker: takes requests from its socket, steps long ones in turn, says what they yield."""

from __future__ import annotations

import os
import select
import socket
from collections import OrderedDict, deque
from types import TracebackType

from core.blockdev.cache import CachedDevice
from core.blockdev.descriptor import DescriptorDevice, Shape
from core.blockdev.device import BlockDevice
from core.errors import (
    Cancelled,
    DriverCrashed,
    Fault,
    NotFound,
    ProtocolViolation,
    ReadOnly,
    RumpusError,
    UnsupportedFeature,
)
from core.fs.content import Content
from core.fs.deleted import DELETED, Remains, Undeletable
from core.fs.driver import HOLE, Driver, Extent
from core.worker import attempts, making, mending, protocol, survey
from core.worker.copying import Copying, copy_all
from core.worker.gathering import gather
from core.worker.index import Index
from core.worker.jobs import Job, Jobs, Steps
from core.worker.listing import exhuming, listing
from core.worker.protocol import Reply, Request
from core.worker.sandbox import Layers
from core.worker.scrambling import Scrambling
from core.worker.searching import Searching
from core.worker.tracing import TracedDevice
from core.worker.writing import Writing

_FULL = 64
"""Replies waiting to be sent beyond which no further request is taken."""
_IDLE = 1000
"""Milliseconds without anything to do after which changes that wait in memory are written."""
_OPEN_FILES = 8
"""Files whose extents are remembered between reads."""


class Service:
    """One device, at most one open volume on it, and the requests about them."""

    def __init__(self, host: socket.socket, device: BlockDevice | None) -> None:
        self._host = host
        self._device = device
        self._volume: BlockDevice | None = None
        self._driver: Driver | None = None
        self._remains: Remains | None = None
        """What was deleted on the volume, until something is changed on it."""
        self._chosen = protocol.Open(id=0)
        self._writing: Writing | None = None
        self._writes_through: int | None = None
        """The descriptor that can write, which stays open."""
        self._failure: Exception | None = None
        """What went wrong when changes were written while nobody waited for them."""
        self._repairs = mending.Repairs()
        self._scrambling = Scrambling()
        self._files: OrderedDict[int, Content] = OrderedDict()
        self._index: Index | None = None
        """The names on the volume, once somebody has searched."""
        self._jobs = Jobs(self._say, self._fail)
        self._outbox: deque[bytes] = deque()

    def run(self) -> None:
        """Serves until the host closes its end."""
        poll = select.poll()
        poll.register(self._host, select.POLLIN)
        while True:
            wanted = select.POLLIN if len(self._outbox) < _FULL else 0
            if self._outbox:
                wanted |= select.POLLOUT
            poll.modify(self._host, wanted)
            ready = poll.poll(0 if self._may_step() else self._patience())
            if not ready and not self._may_step():
                self._rest()
            events = ready[0][1] if ready else 0
            if events & select.POLLIN:
                if not self._take():
                    return
            elif events & (select.POLLHUP | select.POLLERR):
                return
            if events & select.POLLOUT:
                self._send()
            if self._may_step():
                self._jobs.step()

    def _may_step(self) -> bool:
        return not self._outbox and self._jobs.may_step

    def _patience(self) -> int | None:
        return _IDLE if self._writing is not None and self._writing.waiting and not self._failure else None

    def _rest(self) -> None:
        """Nothing was asked for a while."""
        assert self._writing is not None
        try:
            self._writing.flush()
        except Exception as error:  # noqa: BLE001 - whoever flushes next hears of it
            self._failure = error

    # the socket ---------------------------------------------------------------------------------------------

    def _take(self) -> bool:
        packet, descriptors, _, _ = socket.recv_fds(self._host, protocol.MAX_REQUEST, protocol.TOGETHER)
        if not packet:
            return False
        request = protocol.decode_request(packet)
        try:
            job = self._start(request, descriptors)
        except Exception as error:  # noqa: BLE001 - a driver's bug is reported, not fatal
            self._fail(request.id, error)
            job = None
        if job is not None:
            self._jobs.add(request.id, job)
        else:
            for descriptor in descriptors:
                if descriptor != self._writes_through:
                    os.close(descriptor)
        return True

    def _say(self, reply: Reply) -> None:
        self._outbox.append(protocol.encode(reply))
        self._send()

    def _send(self) -> None:
        while self._outbox:
            try:
                self._host.send(self._outbox[0], socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except BlockingIOError:
                return
            self._outbox.popleft()

    def _fail(self, request: int, error: Exception) -> None:
        if not isinstance(error, RumpusError):
            error = DriverCrashed(f"{type(error).__name__}: {error}"[:1000], describe(error.__traceback__))
        self._say(protocol.Failed(id=request, fault=Fault.of(error)))

    # requests -----------------------------------------------------------------------------------------------

    def _start(self, request: Request, descriptors: list[int]) -> Job | None:
        """Answers a short request at once; the job of a long one."""
        match request:
            case protocol.More(target=target, count=count):
                self._jobs.credit(target, count)
            case protocol.Cancel(target=target):
                self._jobs.stop(target, Cancelled())
            case protocol.List():
                self._jobs.spare()
                return Job(
                    listing(request.id, self._source(request.node).entries(request.node)), protocol.CREDIT
                )
            case protocol.ListDeleted():
                self._jobs.spare()
                return Job(exhuming(request.id, self._deleted().found(request.node)), protocol.CREDIT)
            case protocol.Copy():
                self._jobs.spare()
                assert self._volume is not None
                (destination,) = descriptors
                copying = Copying(self._source(request.node), self._volume, destination)
                return Job(copying.run(request.id, request.node), protocol.MOVES, descriptors)
            case protocol.CopyAll():
                self._jobs.spare()
                assert self._volume is not None
                return Job(
                    copy_all(request, self._source, self._volume, descriptors), descriptors=descriptors
                )
            case protocol.Gather():
                self._jobs.spare()
                assert self._volume is not None
                return Job(gather(request, self._source, self._volume))
            case protocol.Walk():
                self._jobs.spare()
                return Job(None for _ in self._opened().extents(request.node))
            case protocol.Trace():
                self._trace(request.id)
            case protocol.Format():
                self._jobs.spare()
                return Job(making.make(self._present(), request), protocol.MOVES)
            case protocol.Check():
                self._jobs.spare()
                if self._writing is not None:
                    self._writing.flush()
                return Job(mending.check(request.id, self._opened()), protocol.CREDIT)
            case protocol.Repair():
                self._jobs.spare()
                self._only_read()
                self._opened()
                return Job(self._repairs.plan(request, self._present(), self._chosen), protocol.CREDIT)
            case protocol.Apply():
                self._jobs.spare()
                self._only_read()
                (self._writes_through,) = descriptors
                return Job(self._apply(request, self._writes_through), protocol.MOVES)
            case protocol.Scramble():
                self._jobs.spare()
                driver, volume = self._opened(), self._volume
                assert volume is not None
                return Job(self._scrambling.run(request, driver, volume))
            case protocol.Search():
                self._jobs.spare()
                searching = Searching(request, self._indexed(request.node))
                return Job(searching.run(), protocol.CREDIT)
            case protocol.Writable():
                self._say(self._become_writable(request, *descriptors))
            case protocol.Store():
                self._jobs.spare()
                return Job(self._writable().store(request, *descriptors), protocol.MOVES, descriptors)
            case protocol.StoreAll():
                self._jobs.spare()
                return Job(self._writable().store_all(request, descriptors), descriptors=descriptors)
            case protocol.Remove(recursive=True):
                self._jobs.spare()
                return Job(self._writable().remove(request), protocol.MOVES)
            case _:
                self._say(self._answer(request))
        return None

    def _answer(self, request: Request) -> Reply:
        match request:
            case protocol.Look():
                return protocol.Looked(id=request.id, survey=survey.look(self._present()))
            case protocol.Open():
                self._volume, self._driver = survey.open_volume(self._present(), request)
                self._chosen, self._remains, self._index = request, None, None
                return protocol.Opened(id=request.id, facts=self._driver.facts())
            case protocol.Describe():
                return protocol.Opened(id=request.id, facts=self._opened().facts())
            case protocol.Forget():
                self._present().forget()
                return protocol.Opened(id=request.id, facts=self._opened().facts())
            case protocol.Lookup():
                return protocol.Found(id=request.id, entry=self._opened().lookup(request.node, request.name))
            case protocol.Stat():
                return protocol.Known(id=request.id, details=self._source(request.node).stat(request.node))
            case protocol.Link():
                return protocol.Target(id=request.id, target=self._opened().read_link(request.node))
            case protocol.Read():
                data = self._file(request.node).read(request.offset, request.length)
                return protocol.Data(id=request.id, data=data)
            case protocol.Locate():
                content = self._file(request.node)
                pieces = content.located(request.offset, protocol.EXTENTS)
                return protocol.Located(id=request.id, size=content.size, pieces=_pieces(pieces))
            case (
                protocol.Create()
                | protocol.Write()
                | protocol.Truncate()
                | protocol.Rename()
                | protocol.Remove()
                | protocol.SetTimes()
                | protocol.SetAttributes()
                | protocol.SetLabel()
                | protocol.Flush()
            ):
                return self._writable().change(request)
            case protocol.Vet():
                return protocol.Vetted(id=request.id, reasons=self._writable().vet(request.names))
            case protocol.Alias() | protocol.Disguise():
                return self._scrambling.answer(request)
            case protocol.Attempt():
                return attempts.attempt(request)
        raise AssertionError(f"no answer to {request}")

    def _present(self) -> BlockDevice:
        if self._device is None:
            raise NotFound("device")
        return self._device

    def _trace(self, request: int) -> None:
        def say(offset: int, length: int) -> None:
            # At once, and not behind what waits: the read that follows may be the end of this process.
            self._host.send(protocol.encode(protocol.Touched(id=request, offset=offset, length=length)))

        self._device = TracedDevice(self._present(), say)

    def _opened(self) -> Driver:
        if self._driver is None:
            raise NotFound("open volume")
        return self._driver

    def _source(self, node: int) -> Driver | Remains:
        """What a file or folder is read from: the volume, or what was deleted on it."""
        return self._deleted() if node & DELETED else self._opened()

    def _deleted(self) -> Remains:
        if self._remains is None:
            driver = self._opened()
            if not isinstance(driver, Undeletable):
                raise UnsupportedFeature(f"deleted files of {driver.name}")
            self._remains = driver.remains()
        return self._remains

    def _become_writable(self, request: protocol.Writable, descriptor: int) -> Reply:
        """Opens the volume anew over a descriptor that can write. Nodes stay what they are."""
        if self._writing is not None:
            raise ProtocolViolation("writable twice")
        present = self._present()
        device = CachedDevice(DescriptorDevice(descriptor, present.size, present.sector_size, writable=True))
        volume, driver = survey.open_writable(device, self._chosen)
        self._device, self._volume, self._driver = device, volume, driver
        self._writing, self._writes_through, self._remains = Writing(driver, volume), descriptor, None
        self._files.clear()
        self._index = None
        return protocol.Opened(id=request.id, facts=driver.facts())

    def _only_read(self) -> None:
        """Raises ReadOnly for a volume that changes are made to, or that a repair was begun on."""
        if self._writes_through is not None:
            raise ReadOnly("it is being changed; open it anew to repair it")

    def _apply(self, request: protocol.Apply, descriptor: int) -> Steps:
        """Writes the planned repair, and opens the volume anew."""
        present = self._present()
        device = CachedDevice(DescriptorDevice(descriptor, present.size, present.sector_size, writable=True))
        self._driver = None  # what it knows of the volume is no longer true
        self._files.clear()
        yield from self._repairs.apply(request, survey.chosen_window(device, self._chosen))
        self._device = device
        self._volume, self._driver = survey.open_volume(device, self._chosen)

    def _writable(self) -> Writing:
        if self._writing is None:
            raise ReadOnly("it was opened for reading only")
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        self._files.clear()  # what is known of a file's place may no longer be true
        self._remains = self._index = None
        return self._writing

    def _indexed(self, node: int) -> Index:
        if self._index is None or self._index.broken or self._index.node != node:
            self._index = Index(self._opened(), node)
        return self._index

    def _file(self, node: int) -> Content:
        content = self._files.pop(node, None)
        if content is None:
            assert self._volume is not None
            content = Content(self._source(node), self._volume, node)
        self._files[node] = content
        if len(self._files) > _OPEN_FILES:
            self._files.popitem(last=False)
        return content


def _pieces(extents: list[Extent] | None) -> list[protocol.Piece] | None:
    if extents is None:
        return None
    return [
        protocol.Piece(offset, None if position == HOLE else position, length)
        for offset, position, length in extents
    ]


def describe(trace: TracebackType | None) -> str:
    """Where an error came from. The traceback module would open the source files, which is forbidden here."""
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename}:{trace.tb_lineno} in {code.co_qualname}")
        trace = trace.tb_next
    return "\n".join(lines[-64:])


def serve(host: socket.socket, descriptor: int | None, shape: Shape, layers: Layers) -> None:
    """Reports that the walls stand and serves until the host closes its end."""
    device: BlockDevice | None = None
    if descriptor is not None:
        device = CachedDevice(DescriptorDevice(descriptor, *shape))
    ready = protocol.Ready(id=0, layers=layers.in_force, missing=layers.missing)
    host.send(protocol.encode(ready))
    Service(host, device).run()
