"""Reads copied files again from both sides, from the media and not from memory, and compares them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from core.entry import Entry, Zone
from core.errors import Cancelled, DeviceGone, HostReadFailed, RumpusError
from core.host import names, verifying
from core.host.accounts import Account, Doing, account
from core.host.jobs import Job, Progress, TransferState
from core.host.loading import read_at
from core.host.receipts import Item, Receipt
from core.host.volume import Volume

_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK


@dataclass(frozen=True)
class Pair:
    """A file that is on both sides. `path` is raw."""

    path: str
    entry: Entry
    """On the stick."""
    other: Path
    """On the host."""


class Check(Job):
    """`receipt` has what came of each file. What differs is a problem with a MediumError."""

    def __init__(
        self,
        volume: Volume,
        pairs: Sequence[Pair],
        receipt: Receipt,
        *,
        checked: Callable[[Pair, Item], None] = lambda pair, item: None,
    ) -> None:
        super().__init__()
        self.uses = volume.uses
        self.receipt = receipt
        self._volume = volume
        self._pairs = tuple(pairs)
        self._checked = checked
        self._good: set[Pair] = set()

    @property
    def what(self) -> str:
        return f"checking {self.progress.current}".strip()

    def safe(self) -> list[str]:
        return [names.shown(pair.path) for pair in self._pairs if pair in self._good]

    def missing(self) -> list[str]:
        return [names.shown(pair.path) for pair in self._pairs if pair not in self._good]

    def account(self) -> Account:
        current = self.progress.current
        return account(
            Doing.CHECKING, current, self._pairs, lambda pair: pair in self._good, lambda pair: pair.path
        )

    async def _copy(self) -> None:
        self.state = TransferState.RUNNING
        sizes = [pair.entry.size for pair in self._pairs]
        self.progress = Progress(len(sizes), 0, sum(sizes), 0)
        self._changed()
        try:
            await self._volume.flush()
            await self._volume.forget()
            for pair in self._pairs:
                await self._turn()
                await self._take(pair)
            self.receipt.complete = True
        finally:
            self.receipt.ended = datetime.now(UTC)

    async def _take(self, pair: Pair) -> None:
        self._count(current=pair.path)
        counted = 0

        def moved(done: int) -> None:
            nonlocal counted
            self._count(bytes=done - counted)
            counted = done

        digest, why = "", ""
        try:
            digest = await self._compare(pair, moved)
        except RumpusError as error:
            if isinstance(error, DeviceGone | Cancelled) or self._volume.ended.done():
                raise
            self._trouble(pair.path, error)
            why = "the two differ" if isinstance(error, verifying.Differs) else str(error)
        else:
            self._good.add(pair)
        item = Item(
            names.shown(pair.path),
            pair.entry.size,
            _iso(pair.entry.modified, self._volume.facts.zone),
            digest,
            not why,
            names.shown(why),
        )
        self.receipt.items.append(item)
        self._checked(pair, item)
        self._count(files=1, bytes=pair.entry.size - counted)

    async def _compare(self, pair: Pair, moved: Callable[[int], None]) -> str:
        opened: list[int] = []
        try:
            await self._at_host(lambda: opened.append(_open(pair.other)))
            size = os.fstat(opened[0]).st_size
            if size != pair.entry.size:
                raise verifying.Differs(min(size, pair.entry.size), abs(size - pair.entry.size))
            read = partial(self._at_host, read_at, opened[0])
            return await verifying.compare(self._volume, pair.entry, read, moved, self._turn)
        finally:
            for descriptor in opened:
                os.close(descriptor)


def _open(path: Path) -> int:
    """For reading from the disk, as far as the kernel can be told so. Raises HostReadFailed."""
    try:
        descriptor = os.open(path, _READ)
        os.fdatasync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError as error:
        raise HostReadFailed(str(path), error.errno or 0) from error
    return descriptor


def _iso(time: int | None, zone: Zone) -> str:
    if time is None:
        return ""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time // 1000)
    except OverflowError:
        return ""
    return (moment if zone is Zone.UTC else moment.replace(tzinfo=None)).isoformat()
