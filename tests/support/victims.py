"""Samples to be damaged, in place and then made whole again: most damage is a few bytes of some megabytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.blockdev.device import BlockDevice
from tests.support.mutations import Mutant, damages
from tests.support.samples import SAMPLES, SMALL, Sample

MENDED = ("exFAT", "UDF", "UDF of a disc written once", "UDF with a metadata partition")
VICTIMS = [*((kind, False) for kind in SAMPLES), *((kind, True) for kind in MENDED)]
"""(kind of volume, whether the damage is made to look sound to the system's own checksums)"""
_SYSTEMS = {
    **dict.fromkeys(("FAT12", "FAT16", "FAT32"), "FAT"),
    **dict.fromkeys(("ext2", "ext4"), "ext"),
    **dict.fromkeys(("UFS1", "UFS2"), "UFS"),
    "HFSX": "HFS+",
}


class DamagedDevice(BlockDevice):
    """An image in memory; what is written or damaged while it is `damaged` is undone behind that."""

    def __init__(self, content: bytes, sector_size: int = 512) -> None:
        self.content = bytearray(content)
        self.size = len(content)
        self.sector_size = sector_size
        self.writes = 0
        """How often it was written to."""
        self._undo: list[tuple[int, bytes]] = []

    def locate(self, offset: int) -> None:
        self.check(offset, 0)

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        return bytes(self.content[offset : offset + length])

    def write(self, offset: int, data: bytes) -> None:
        self.check(offset, len(data))
        self.writes += 1
        self._put(offset, data)

    def _put(self, offset: int, data: bytes) -> None:
        self._undo.append((offset, bytes(self.content[offset : offset + len(data)])))
        self.content[offset : offset + len(data)] = data

    @contextmanager
    def damaged(self, mutant: Mutant) -> Iterator[None]:
        self.writes = 0
        for offset, piece in mutant.pieces:
            self._put(offset, piece)
        self.size = mutant.length
        try:
            yield
        finally:
            self.size = len(self.content)
            while self._undo:
                offset, piece = self._undo.pop()
                self.content[offset : offset + len(piece)] = piece


class Victim:
    """A sample and its damaged variants."""

    def __init__(self, kind: str, mended: bool, folder: Path) -> None:
        self.sample: Sample = SAMPLES[kind](folder, SMALL)
        self.content = self.sample.image.read_bytes()
        self._mend = self.sample.mend if mended else None
        assert self._mend is not None or not mended

    def mutants(self, count: int, seed: int) -> Iterator[Mutant]:
        for mutant in damages(self.content, count, seed):
            if self._mend is None or mutant.length < len(self.content):
                yield mutant
                continue
            image = bytearray(self.content)
            mutant.apply(image)
            self._mend(image)
            yield mutant._replace(pieces=list(_changes(self.content, image)))

    @contextmanager
    def on_disk(self, path: Path, mutant: Mutant) -> Iterator[None]:
        """The file at `path`, which has the sample, damaged."""
        start = min((at for at, _ in mutant.pieces), default=0)
        end = max((at + len(piece) for at, piece in mutant.pieces), default=0)
        damaged = bytearray(self.content[start:end])
        for at, piece in mutant.pieces:
            damaged[at - start : at - start + len(piece)] = piece
        with path.open("r+b", 0) as file:
            os.pwrite(file.fileno(), damaged, start)
            file.truncate(mutant.length)
            try:
                yield
            finally:
                os.pwrite(file.fileno(), self.content[start:end], start)
                os.pwrite(file.fileno(), self.content[mutant.length :], mutant.length)


def system_of(kind: str) -> str:
    """Which driver a kind of volume is for: by the first word of its name."""
    word = kind.split()[0]
    return _SYSTEMS.get(word, word)


def share(kind: str, each: int, least: int = 0) -> int:
    """How many mutants of a victim make `each` of its system, and at least so many."""
    return max(least, -(-each // sum(system_of(other) == system_of(kind) for other, _ in VICTIMS)))


def _changes(before: bytes, after: bytearray, step: int = 512) -> Iterator[tuple[int, bytes]]:
    for at in range(0, len(before), step):
        if before[at : at + step] != after[at : at + step]:
            yield at, bytes(after[at : at + step])
