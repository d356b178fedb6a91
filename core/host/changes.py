"""Changes to an open volume: the asynchronous face of a driver that writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager

from core.entry import Entry, Kind
from core.errors import ProtocolViolation
from core.host.turns import Turn, at_once
from core.host.worker import Worker
from core.worker import protocol

MAX_WRITE = protocol.MAX_WRITE
_VETTED = protocol.MAX_REQUEST // 2
"""Bytes of names in one question."""


class Changes:
    """Got from `Volume.writable`. Times in nanoseconds since 1970, in the volume's own zone.

    Each change is done whole, or raises and leaves the volume as it was. Done does not yet mean that the
    medium has it: a stick that is pulled out then has the old state, never a mixture. `staged` counts the
    changes, all up to `settled` are on the medium, and all are after `flush`. All raise AlreadyExists,
    NotFound, WrongKind, NameNotAllowed, NoSpace, TooLarge, DirectoryFull, ReadOnly, and as all of a volume.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.staged = 0
        self.settled = 0
        self.under_way = 0
        """Changes that were begun and are not over."""
        self.before: Callable[[], Awaitable[None]] = _nobody
        """Awaited before each change."""
        self.after: Callable[[], object] = lambda: None
        """Called after each."""

    async def vet(self, names: Sequence[str]) -> list[str]:
        """Why the file system has no such name, for each of them, empty for those that it has.

        The words are those of `NameNotAllowed.reason`.
        """
        reasons: list[str] = []
        while len(reasons) < len(names):
            asked: list[str] = []
            room = _VETTED
            for name in names[len(reasons) : len(reasons) + protocol.VETTED]:
                room -= 4 * len(name) + 4
                if asked and room < 0:
                    break
                asked.append(name)
            reply = await self._worker.ask(protocol.Vet(id=0, names=asked))
            assert isinstance(reply, protocol.Vetted)
            if len(reply.reasons) != len(asked):
                raise ProtocolViolation("not as many reasons as names")
            reasons += reply.reasons
        return reasons

    async def create(self, parent: int, name: str, kind: Kind, modified: int | None = None) -> Entry:
        """An empty file or directory."""
        request = protocol.Create(id=0, parent=parent, name=name, kind=kind, modified=modified)
        return self._entry(await self._change(request))

    async def store(
        self,
        parent: int,
        name: str,
        source: int,
        size: int,
        *,
        replace: bool = False,
        modified: int | None = None,
        created: int | None = None,
        attributes: int | None = None,
        moved: Callable[[int], None] | None = None,
        turn: Turn = at_once,
    ) -> Entry:
        """A file with `size` bytes of an open regular file of the host: there whole, or not at all.

        `moved` hears how many of them are on the medium, for files that take a while; while `turn` does not
        return, the worker soon rests. With `replace` a file
        of that name keeps its old bytes until the new ones are whole. Cancelling the task leaves nothing.
        Raises HostReadFailed (path empty).
        """
        request = protocol.Store(
            id=0,
            parent=parent,
            name=name,
            size=size,
            replace=replace,
            modified=modified,
            created=created,
            attributes=attributes,
        )
        return self._entry(await self._change(request, source, moved=moved, turn=turn))

    async def store_all(
        self, parent: int, files: list[protocol.NewFile], sources: list[int], *, replace: bool = False
    ) -> list[Entry | None]:
        """As `store`, for at most `protocol.TOGETHER` small files, from descriptors in the same order.

        Returns their entries, None for what was not stored; that says why when it is stored alone.
        """
        request = protocol.StoreAll(id=0, parent=parent, files=files, replace=replace)
        async with self._noted():
            reply = await self._worker.ask(request, *sources)
        assert isinstance(reply, protocol.StoredAll)
        if len(reply.entries) != len(files):
            raise ProtocolViolation("entries of other files than were stored")
        self._counted(reply.staged, reply.settled)
        return reply.entries

    async def write(self, node: int, offset: int, data: bytes) -> None:
        """At most MAX_WRITE bytes into a file, in place."""
        await self._change(protocol.Write(id=0, node=node, offset=offset, data=data))

    async def truncate(self, node: int, size: int) -> None:
        await self._change(protocol.Truncate(id=0, node=node, size=size))

    async def rename(self, node: int, parent: int, name: str, *, replace: bool = False) -> Entry:
        """Another name, another directory, or both: the entry as it is then. Raises InsideItself."""
        request = protocol.Rename(id=0, node=node, parent=parent, name=name, replace=replace)
        return self._entry(await self._change(request))

    async def remove(
        self, node: int, *, recursive: bool = False, gone: Callable[[int], None] | None = None
    ) -> None:
        """A file or directory, `recursive` with all that is in it; `gone` hears how many. Raises NotEmpty."""
        await self._change(protocol.Remove(id=0, node=node, recursive=recursive), moved=gone)

    async def set_times(
        self,
        node: int,
        *,
        modified: int | None = None,
        created: int | None = None,
        accessed: int | None = None,
    ) -> None:
        """None leaves a time as it is."""
        request = protocol.SetTimes(id=0, node=node, modified=modified, created=created, accessed=accessed)
        await self._change(request)

    async def set_attributes(self, node: int, attributes: int) -> None:
        await self._change(protocol.SetAttributes(id=0, node=node, attributes=attributes))

    async def set_label(self, label: str) -> None:
        await self._change(protocol.SetLabel(id=0, label=label))

    async def flush(self) -> None:
        """Returns once everything is on the medium and the volume is marked clean, if it was when opened."""
        await self._change(protocol.Flush(id=0))

    async def _change(
        self,
        request: protocol.Change,
        *descriptors: int,
        moved: Callable[[int], None] | None = None,
        turn: Turn = at_once,
    ) -> protocol.Changed:
        async with self._noted(), aclosing(self._worker.converse(request, *descriptors)) as replies:
            async for reply in replies:
                match reply:
                    case protocol.Moved(done=done):
                        if moved is not None:
                            moved(done)
                        await turn()
                    case protocol.Changed(staged=staged, settled=settled):
                        self._counted(staged, settled)
                        return reply
        raise ProtocolViolation("a change without an end")

    @asynccontextmanager
    async def _noted(self) -> AsyncIterator[None]:
        self.under_way += 1
        try:
            await self.before()
            yield
        finally:
            self.under_way -= 1
            self.after()

    def _counted(self, staged: int, settled: int) -> None:
        """Whoever waits for the end of a long change may take several replies in one turn, and so overtake
        one that came before: what is known already stays known."""
        if settled > staged:
            raise ProtocolViolation("more changes on the medium than were made")
        self.staged, self.settled = max(self.staged, staged), max(self.settled, settled)

    def _entry(self, changed: protocol.Changed) -> Entry:
        if changed.entry is None:
            raise ProtocolViolation("a change without its entry")
        return changed.entry


async def _nobody() -> None:
    """Nobody is to know of it."""
