"""Reads copied files again from both sides, from the media and not from memory, and compares them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path

from core.entry import Entry, Zone
from core.errors import Cancelled, DeviceGone, Differs, HostReadFailed, NotFound, RumpusError
from core.host import names, verifying
from core.host.accounts import Account, Doing, account
from core.host.jobs import Fate, Job, Progress, Tracked, TransferState
from core.host.loading import Elsewhere, read_at
from core.host.receipts import Item, Receipt
from core.host.uncaching import Uncached, uncache
from core.host.volume import Volume
from core.worker.protocol import MAX_READ

_TOGETHER = 16
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK


@dataclass(frozen=True)
class Pair:
    """A file that is on both sides. `path` is raw."""

    path: str
    entry: Entry
    """On the stick."""
    other: Path | Elsewhere
    """On the host, or on another stick."""
    of: Tracked
    """The file of the job that copied it."""


class Check(Job):
    """`receipt` has what came of each file. What differs is a problem with a MediumError.

    `anew`: the volume was opened anew after the copy, perhaps with other files in the same places. `word`
    puts errors into words for the receipt.
    """

    def __init__(
        self,
        volume: Volume,
        pairs: Sequence[Pair],
        receipt: Receipt,
        *,
        anew: bool = False,
        word: Callable[[RumpusError], str] = str,
        checked: Callable[[Pair, Item], None] = lambda pair, item: None,
    ) -> None:
        super().__init__()
        self.uses = volume.uses
        self.receipt = receipt
        self._volume = volume
        self._pairs = tuple(pairs)
        self._anew = anew
        self._word = word
        self._checked = checked
        self._items: dict[Tracked, Item] = {}
        self._current: Tracked | None = None

    @property
    def what(self) -> str:
        return f"checking {self.progress.current}".strip()

    def safe(self) -> list[str]:
        return [names.shown(pair.path) for pair in self._pairs if self.fate(pair.of) is Fate.ARRIVED]

    def missing(self) -> list[str]:
        return [names.shown(pair.path) for pair in self._pairs if self.fate(pair.of) is not Fate.ARRIVED]

    def files(self) -> Sequence[Tracked]:
        return [pair.of for pair in self._pairs]

    def fate(self, file: Tracked) -> Fate:
        """ARRIVED is what is the same on both sides."""
        item = self._items.get(file)
        if item is not None:
            return Fate.ARRIVED if item.verified else Fate.FAILED
        return Fate.UNDER_WAY if file is self._current else Fate.WAITING

    def account(self) -> Account:
        current = self.progress.current
        return account(
            Doing.CHECKING,
            current,
            self._pairs,
            lambda pair: self.fate(pair.of) is Fate.ARRIVED,
            lambda pair: pair.path,
        )

    async def _copy(self) -> None:
        self.state = TransferState.RUNNING
        sizes = [pair.entry.size for pair in self._pairs]
        self.progress = Progress(len(sizes), 0, sum(sizes), 0)
        self.receipt.waiting += len(sizes)
        self._changed()
        try:
            self.receipt.note_read(await _forget(self._volume))
            for other in {pair.other.volume for pair in self._pairs if isinstance(pair.other, Elsewhere)}:
                if other is not self._volume and await _forget(other) is Uncached.KEPT:
                    self.receipt.from_memory += sum(_lies_in(pair, other) for pair in self._pairs)
            for batch in _batches(self._pairs, alone=self._anew):
                await self._turn()
                await self._take(batch[0]) if len(batch) == 1 else await self._take_together(batch)
        finally:
            self.receipt.ended = datetime.now(UTC)
            self._current = None

    async def _take(self, pair: Pair) -> None:
        self._current = pair.of
        self._count(current=pair.path)
        counted = 0

        def moved(done: int) -> None:
            nonlocal counted
            self._count(bytes=done - counted)
            counted = done

        try:
            self._note(pair, await self._compare(pair, moved), None, counted)
        except RumpusError as error:
            self._note(pair, "", error, counted)

    async def _take_together(self, batch: list[Pair]) -> None:
        """Small files, each read at once from both sides: round trips would take longer than they."""
        self._current = batch[0].of
        self._count(current=batch[0].path)
        ours = await self._at_host(_read_all, [pair.other for pair in batch])
        theirs = await asyncio.gather(
            *(self._volume.read(pair.entry.node, 0, pair.entry.size) for pair in batch),
            return_exceptions=True,
        )
        for pair, here, there in zip(batch, ours, theirs, strict=True):
            try:
                self._note(pair, self._same(pair, here, there), None, 0)
            except RumpusError as error:
                self._note(pair, "", error, 0)

    def _same(
        self, pair: Pair, here: tuple[bytes, Uncached] | RumpusError, there: bytes | BaseException
    ) -> str:
        """The digest of both. Raises what came in the way of either, Differs."""
        if isinstance(here, RumpusError):
            raise here
        if isinstance(there, BaseException):
            raise there
        data, way = here
        self.receipt.from_memory += way is Uncached.KEPT
        verifying.must_be_same(there, data)
        _must_agree(pair.entry.size, len(data))
        return blake2b(data).hexdigest()

    def _note(self, pair: Pair, digest: str, error: RumpusError | None, counted: int) -> None:
        """What came of one file. Raises the error again when there will be nothing of the others either."""
        why = ""
        if error is not None:
            if isinstance(error, DeviceGone | Cancelled) or self._volume.ended.done():
                raise error
            self._trouble(pair.path, error, pair.of)
            why = "the two differ" if isinstance(error, Differs) else self._word(error)
        item = Item(
            names.shown(pair.path),
            pair.entry.size,
            _iso(pair.entry.modified, self._volume.facts.zone),
            digest,
            not why,
            names.shown(why),
            names.shown(str(pair.other) if isinstance(pair.other, Path) else pair.other.entry.name),
        )
        self._items[pair.of] = item
        self.receipt.items.append(item)
        self.receipt.waiting -= 1
        self._checked(pair, item)
        self._count(files=1, bytes=pair.entry.size - counted)

    async def _compare(self, pair: Pair, moved: Callable[[int], None]) -> str:
        if self._anew:
            await self._recognise(pair)
        if isinstance(pair.other, Elsewhere):
            _must_agree(pair.entry.size, pair.other.entry.size)
            return await verifying.compare(
                self._volume, pair.entry, partial(_read_elsewhere, pair.other), moved, self._turn
            )
        with ExitStack() as opened:
            descriptor, way = await self._at_host(_open, pair.other, opened)
            self.receipt.from_memory += way is Uncached.KEPT
            _must_agree(pair.entry.size, os.fstat(descriptor).st_size)
            read: Callable[[int, int], Awaitable[bytes]] = partial(self._at_host, read_at, descriptor)
            return await verifying.compare(self._volume, pair.entry, read, moved, self._turn)

    async def _recognise(self, pair: Pair) -> None:
        """Raises NotFound where there is something else now."""
        there = (await self._volume.stat(pair.entry.node)).entry
        if (there.kind, there.size) != (pair.entry.kind, pair.entry.size):
            raise NotFound(pair.path)


def _batches(pairs: Sequence[Pair], *, alone: bool) -> Iterator[list[Pair]]:
    """Small files of the host in company, everything else by itself; in order."""
    batch: list[Pair] = []
    for pair in pairs:
        if alone or pair.entry.size > MAX_READ or not isinstance(pair.other, Path):
            if batch:
                yield batch
                batch = []
            yield [pair]
            continue
        batch.append(pair)
        if len(batch) == _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


async def _forget(volume: Volume) -> Uncached:
    await volume.flush()
    return await volume.forget()


async def _read_elsewhere(place: Elsewhere, offset: int, length: int) -> bytes:
    starts = range(offset, offset + length, MAX_READ)
    end = offset + length
    pieces = await asyncio.gather(
        *(place.volume.read(place.entry.node, start, min(MAX_READ, end - start)) for start in starts)
    )
    return b"".join(pieces)


def _lies_in(pair: Pair, volume: Volume) -> bool:
    return isinstance(pair.other, Elsewhere) and pair.other.volume is volume


def _must_agree(size: int, other: int) -> None:
    if size != other:
        raise Differs(min(size, other), abs(size - other))


def _read_all(paths: Sequence[Path]) -> list[tuple[bytes, Uncached] | HostReadFailed]:
    """At most a byte more than MAX_READ of each, which tells that it is too long."""
    found: list[tuple[bytes, Uncached] | HostReadFailed] = []
    for path in paths:
        try:
            with ExitStack() as opened:
                descriptor, way = _open(path, opened)
                found.append((read_at(descriptor, 0, MAX_READ + 1), way))
        except HostReadFailed as error:
            found.append(error)
    return found


def _open(path: Path, opened: ExitStack) -> tuple[int, Uncached]:
    """For reading from the disk, as far as the kernel can be told so. Raises HostReadFailed."""
    try:
        descriptor = os.open(path, _READ)
        opened.callback(os.close, descriptor)
        os.fdatasync(descriptor)
        return descriptor, uncache(descriptor)
    except OSError as error:
        raise HostReadFailed(str(path), error.errno or 0) from error


def _iso(time: int | None, zone: Zone) -> str:
    if time is None:
        return ""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time // 1000)
    except OverflowError:
        return ""
    return (moment if zone is Zone.UTC else moment.replace(tzinfo=None)).isoformat()
