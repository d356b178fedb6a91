"""An open volume: the asynchronous face of the worker that runs its driver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from core.entry import Deleted, Details, Entry, Finding, Kind, VolumeFacts
from core.errors import NotFound, ProtocolViolation, RumpusError, WrongKind
from core.host import searching
from core.host.aliases import Aliases
from core.host.changes import Changes
from core.host.offloop import off_loop
from core.host.repairing import Repair
from core.host.turns import Turn, at_once
from core.host.uncaching import Uncached
from core.host.uses import Uses
from core.host.worker import Worker
from core.worker import protocol
from core.worker.protocol import Copied, Located, Reply, Request

MOST_ENTRIES = 4_000_000
"""Entries a single directory may list before its worker is taken to be making them up."""
DEEPEST = 1024
"""Components a path may have."""


class Volume:
    """Owns its worker: close it, or use it with `async with`.

    Every method raises errors of the taxonomy only. A damaged file or folder raises and leaves the volume
    usable; when the worker itself is gone, `ended` has the reason and every further call raises it.
    """

    def __init__(self, worker: Worker, facts: VolumeFacts, partition: int, layers: dict[str, str]) -> None:
        self._worker = worker
        self.facts = facts
        self.partition = partition
        self.layers = layers
        """The walls around this volume's driver, by name, each with what it does."""
        self.pid = worker.process
        self.uses = Uses()
        """The jobs that are at work on it; those of its whole stick where it belongs to one."""
        self.uncache: Callable[[], Uncached] = lambda: Uncached.KEPT
        """Lets the kernel forget what it read from the medium."""
        self._changes: Changes | None = None

    async def __aenter__(self) -> Volume:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def ended(self) -> asyncio.Future[RumpusError | None]:
        """Resolves when the worker is gone: with the reason, or None after `close`."""
        return self._worker.ended

    @property
    def operations(self) -> tuple[Request, ...]:
        """What was asked of it last, oldest first."""
        return self._worker.operations

    async def close(self) -> None:
        await self._worker.close()

    @property
    def root(self) -> Entry:
        return Entry("", self.facts.root, Kind.DIRECTORY)

    async def describe(self) -> VolumeFacts:
        """The facts anew: with what was found wrong since the volume was opened, and what is free now."""
        reply = await self._ask(protocol.Describe(id=0))
        assert isinstance(reply, protocol.Opened)
        self.facts = reply.facts
        return reply.facts

    async def entries(self, node: int) -> AsyncGenerator[list[Entry], None]:
        """The entries of a directory, at most 512 at a time, in the order they lie on the medium.

        What can be read is yielded before the error about the rest is raised.
        """
        count = 0
        async with aclosing(self._worker.converse(protocol.List(id=0, node=node))) as replies:
            async for reply in replies:
                assert isinstance(reply, protocol.Entries)
                count += len(reply.entries)
                if count > MOST_ENTRIES:
                    raise ProtocolViolation(f"more than {MOST_ENTRIES} entries in one directory")
                yield reply.entries

    async def deleted(self, node: int) -> AsyncGenerator[list[Deleted], None]:
        """What was deleted in a folder, or what is left in a deleted one, and how sure that is.

        `entries`, `stat`, `read` and `copy` take the nodes of what is found. Raises UnsupportedFeature.
        """
        count = 0
        async with aclosing(self._worker.converse(protocol.ListDeleted(id=0, node=node))) as replies:
            async for reply in replies:
                assert isinstance(reply, protocol.Exhumed)
                count += len(reply.deleted)
                if count > MOST_ENTRIES:
                    raise ProtocolViolation(f"more than {MOST_ENTRIES} deleted entries in one directory")
                yield reply.deleted

    async def check(self) -> AsyncGenerator[Finding, None]:
        """Everything on the volume that contradicts its specification. Raises UnsupportedFeature."""
        count = 0
        async with aclosing(self._worker.converse(protocol.Check(id=0))) as replies:
            async for reply in replies:
                assert isinstance(reply, protocol.Findings)
                for finding in reply.findings:
                    count += 1
                    if count > MOST_ENTRIES:
                        raise ProtocolViolation(f"more than {MOST_ENTRIES} findings")
                    yield finding

    async def search(self, text: str, node: int | None = None) -> AsyncGenerator[searching.Found, None]:
        """Everything below a directory (None: the root) whose name has all words of the text, as it is found.

        Words may be in quotation marks; one with `*` or `?` stands for a whole name. Neither case nor accents
        matter. The worker keeps the names, so the next search costs no reading; a text without words finds
        nothing, and gathers them. A folder that cannot be read is told and passed over. Leaving early ends
        the search. Raises DeviceGone, and what ends the volume.
        """
        start = self.facts.root if node is None else node
        async with aclosing(searching.search(self._worker, start, text)) as found:
            async for piece in found:
                yield piece

    async def lookup(self, node: int, name: str) -> Entry:
        """The entry of that name, as the file system compares names. Raises NotFound, WrongKind."""
        if len(name) > 1024:
            raise NotFound(name)
        reply = await self._ask(protocol.Lookup(id=0, node=node, name=name))
        assert isinstance(reply, protocol.Found)
        return reply.entry

    async def resolve(self, path: str) -> Entry:
        """The entry at a path from the root; "" and "/" are the root. Links are not followed.

        Raises NotFound with the part of the path that exists no more, WrongKind when a part is no directory.
        """
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if len(parts) > DEEPEST:
            raise NotFound(path[:200])
        entry = self.root
        for depth, part in enumerate(parts):
            if entry.kind is not Kind.DIRECTORY:
                raise WrongKind("/".join(parts[:depth]), "directory")
            try:
                entry = await self.lookup(entry.node, part)
            except NotFound:
                raise NotFound("/".join(parts[: depth + 1])) from None
        return entry

    async def stat(self, node: int) -> Details:
        reply = await self._ask(protocol.Stat(id=0, node=node))
        assert isinstance(reply, protocol.Known)
        return reply.details

    async def read_link(self, node: int) -> str:
        reply = await self._ask(protocol.Link(id=0, node=node))
        assert isinstance(reply, protocol.Target)
        return reply.target

    async def read(self, node: int, offset: int, length: int) -> bytes:
        """At most `length` bytes (128 KiB at the most) of a file; fewer only at its end or before damage."""
        length = min(length, protocol.MAX_READ)
        reply = await self._ask(protocol.Read(id=0, node=node, offset=offset, length=length))
        assert isinstance(reply, protocol.Data)
        if len(reply.data) > length:
            raise ProtocolViolation("more bytes than were asked for")
        return reply.data

    async def locate(self, node: int, offset: int) -> Located:
        """Where a file's bytes from `offset` on lie, some thousand pieces at a time.

        The pieces follow each other and lie inside the file; where they lie on the volume is only said.
        """
        reply = await self._ask(protocol.Locate(id=0, node=node, offset=offset))
        assert isinstance(reply, Located)
        expected = None
        for piece in reply.pieces or ():
            end = piece.offset + piece.length
            fits = piece.offset <= offset < end if expected is None else piece.offset == expected
            if not fits or not piece.length or end > reply.size:
                raise ProtocolViolation("pieces of a file that do not follow each other")
            expected = end
        if reply.pieces == [] and offset < reply.size:
            raise ProtocolViolation("a file without pieces")
        return reply

    async def copy(
        self,
        node: int,
        descriptor: int,
        moved: Callable[[int], None] | None = None,
        turn: Turn = at_once,
    ) -> Copied:
        """Writes a file's bytes into an empty regular file of the host, inside the worker.

        `moved` hears the bytes done so far; while `turn` does not return, the worker soon rests. What could
        not be read is left as holes, listed in the result.
        Cancelling the task cancels the copy. Raises HostWriteFailed (path empty), and as everything here.
        """
        async with aclosing(self._worker.converse(protocol.Copy(id=0, node=node), descriptor)) as replies:
            async for reply in replies:
                match reply:
                    case protocol.Moved(done=done):
                        if moved is not None:
                            moved(done)
                        await turn()
                    case Copied():
                        return reply
        raise ProtocolViolation("a copy without an end")

    async def copy_all(self, files: Sequence[tuple[int, int]]) -> list[bool]:
        """As `copy`, for at most `protocol.TOGETHER` small files, each a (node, descriptor).

        Returns which are whole. What is not says why when it is copied alone.
        """
        request = protocol.CopyAll(id=0, nodes=[node for node, _ in files])
        reply = await self._worker.ask(request, *(descriptor for _, descriptor in files))
        assert isinstance(reply, protocol.CopiedAll)
        if len(reply.sizes) != len(files):
            raise ProtocolViolation("outcomes of other files than were asked for")
        return [size is not None for size in reply.sizes]

    async def gather(self, files: Sequence[tuple[int, int]]) -> list[bytes | None]:
        """The whole of at most `protocol.GATHERED` very small files, each a (node, size), which together
        have at most `protocol.MAX_GATHERED` bytes.

        None for a file that has not that size or cannot be read: it says why when it is copied alone.
        Only of the first of them, one at least, where it takes long.
        """
        request = protocol.Gather(id=0, nodes=[node for node, _ in files])
        reply = await self._ask(request)
        assert isinstance(reply, protocol.Gathered)
        if not 1 <= len(reply.contents) <= len(files):
            raise ProtocolViolation("contents of other files than were asked for")
        return [
            content if content is not None and len(content) == size else None
            for content, (_, size) in zip(reply.contents, files, strict=False)
        ]

    async def writable(self, descriptor: int) -> Changes:
        """Hands the worker a descriptor that can write (`Medium.for_writing`); the caller closes its own.

        What was open stays so. Raises ReadOnly when the driver cannot write or the volume is not fit for it.
        """
        reply = await self._worker.ask(protocol.Writable(id=0), descriptor)
        assert isinstance(reply, protocol.Opened)
        self.facts = reply.facts
        self._changes = Changes(self._worker)
        return self._changes

    async def flush(self) -> None:
        """Returns once everything that was changed is on the medium. Raises what the driver raises."""
        if self._changes is not None:
            await self._changes.flush()

    async def forget(self) -> Uncached:
        """What is read from now on comes from the medium: neither the worker nor the kernel keeps any of it,
        as far as the kernel can be told so. What was changed must have been flushed."""
        await self._ask(protocol.Forget(id=0))
        return await off_loop(self.uncache, undo=lambda _: None)

    def repair(self) -> Repair:
        """The means to repair it, for a volume that nobody changes meanwhile."""
        return Repair(self._worker, self.uses)

    def aliases(self) -> Aliases:
        """Other names for those on it, for strangers to see."""
        return Aliases(self._worker)

    async def _ask(self, request: Request) -> Reply:
        return await self._worker.ask(request)
