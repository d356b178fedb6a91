"""A volume's structures with other names in them, for showing them to strangers.

What comes out is put together from what is understood: the boot sectors, the allocation table, directories
with their names replaced. Everything else comes out as zeros, so that nothing slips through.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from core.blockdev.device import BlockDevice
from core.errors import NotScrambled
from core.fs.aliases import Aliases

SECTOR = 512
MOST = 64 << 20
"""Bytes of directories."""
Piece = tuple[int, bytes]
Rename = Callable[[str], str]


class Scrambled(ABC):
    """The volume under other names. `gather` comes before all else."""

    def __init__(self, device: BlockDevice, aliases: Aliases) -> None:
        self._device = device
        self._aliases = aliases
        self._kept: list[tuple[int, int]] = []
        """(start, end) of what stays as it is, for it has no names."""
        self._room = MOST

    @abstractmethod
    def gather(self) -> Iterator[None]:
        """Looks for all names, and replaces them, step by step.

        Raises NotScrambled, and what reading the volume raises.
        """

    def alias(self, name: str) -> str:
        """Of a name, whether there is one like it on the volume or not."""
        return self._aliases.of(name)

    def reworded(self, text: str) -> str:
        """A text without the names that are on the volume."""
        return self._aliases.within(text)

    def elsewhere(self) -> list[tuple[int, int]]:
        """(offset, length) of what a journal had, and what stands in its own place here."""
        return []

    @abstractmethod
    def read(self, offset: int, length: int) -> bytes:
        """What lies there, with other names."""

    def _keep(self, start: int, length: int) -> None:
        self._kept.append((start, min(start + length, self._device.size)))


class Rewritten(Scrambled):
    """Directories are read whole, and written anew by sectors."""

    def __init__(self, device: BlockDevice, aliases: Aliases) -> None:
        super().__init__(device, aliases)
        self._written: dict[int, bytes] = {}
        """Sectors that came out otherwise, by their place."""

    def read(self, offset: int, length: int) -> bytes:
        found = bytearray()
        for sector in range(offset // SECTOR * SECTOR, offset + length, SECTOR):
            content = self._written.get(sector)
            found += self._kept_of(sector) if content is None else content
        skip = offset % SECTOR
        return bytes(found[skip : skip + length])

    @abstractmethod
    def _has_names(self, sector: bytes | bytearray) -> bool:
        """Whether a sector looks like one of a directory after all, because the boot sector lies."""

    def _kept_of(self, sector: int) -> bytes | bytearray:
        end = min(sector + SECTOR, self._device.size)
        content = bytearray(SECTOR)
        for start, stop in self._kept:
            low, high = max(start, sector), min(stop, end)
            if low < high:
                content[low - sector : high - sector] = self._device.read(low, high - low)
        return bytes(SECTOR) if self._has_names(content) else content

    @abstractmethod
    def _rename(self, pieces: list[Piece], rename: Rename) -> bytearray:
        """A directory with other names in it. Sectors of zeros may be such as nobody has read."""

    def _noted(self, name: str) -> str:
        """A renaming that changes nothing, by which names are collected."""
        self._aliases.note(name)
        return name

    def _replace(self, directories: Iterable[list[Piece]]) -> Iterator[None]:
        for content in directories:
            renamed = self._rename(content, self._aliases.of)
            at = 0
            for position, data in content:
                self._put(position, renamed[at : at + len(data)])
                at += len(data)
            yield

    def _worth(self, pieces: list[Piece]) -> list[Piece]:
        """A directory's pieces; none when nothing of it is known. Raises NotScrambled when it is too much."""
        if all(data.count(0) == len(data) for _, data in pieces):
            return []
        self._room -= sum(len(data) for _, data in pieces)
        if self._room < 0:
            raise NotScrambled("there are too many of them")
        return pieces

    def _put(self, position: int, content: bytes | bytearray) -> None:
        """Both begin and end where sectors do; what is zero is so anyway."""
        for at in range(0, len(content), SECTOR):
            sector = bytes(content[at : at + SECTOR])
            if any(sector):
                self._written[position + at] = sector


@runtime_checkable
class Scramblable(Protocol):
    """An open volume whose driver can do without its names."""

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """Of the directories that can be reached, and those that `nodes` lie in.

        Raises CorruptStructure, MediumError.
        """
