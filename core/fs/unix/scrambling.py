"""What the volumes of the family have in common under other names: inodes, directories and links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from struct import Struct as Packed
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.errors import NotFound
from core.fs.driver import HOLE
from core.fs.retelling import DAMAGE, Retold, Seal, Span, masked, numbers, until_nul
from core.fs.unix.driver import UnixDriver
from core.fs.unix.inode import Inode

_CROSSED, _RESUMED = 1024, 512
_SHORT = 16
_LARGEST, _LONGEST_LINK = 64 << 20, 4096


class Block(NamedTuple):
    """What is understood of a block of a directory: the names in it, and the numbers of their inodes."""

    told: bytearray
    spans: list[Span]
    numbers: list[int]


class Superblock(NamedTuple):
    """Where one is, or would be; `fields` are places and lengths of texts in it."""

    position: int
    length: int
    is_one: Callable[[bytes], bool]
    fields: tuple[tuple[int, int], ...]
    seal: Seal | None = None
    changed: Callable[[bytearray], None] = lambda told: None


class System(NamedTuple):
    """What the systems differ in."""

    open: Callable[[BlockDevice], UnixDriver]
    """The same volume on another device."""
    superblocks: Sequence[Superblock]
    inode_length: int
    map_at: int
    decode: Callable[[bytes, int], tuple[Inode, bytes | None]]
    """An inode by its bytes and their position, and what it leads to when that stands in it."""
    parse: Callable[[bytes], Block]
    inode_block: int = 0
    """Bytes in which inodes lie together, and are read; 0 where each is read alone."""
    more: Sequence[int] = ()
    """Places of such blocks besides."""
    look: Callable[[UnixDriver], object] = lambda volume: None
    """Reads what `facts` and `inodes` do not, and has no names."""


class UnixScrambled(Retold):
    """Nodes are inode numbers."""

    def __init__(self, device: BlockDevice, system: System, seed: bytes, nodes: Sequence[int]) -> None:
        super().__init__(device, seed)
        self._system = system
        self._waiting = list(nodes)

    def _walk(self) -> Iterator[None]:
        system = self._system
        for one in system.superblocks:
            with suppress(*DAMAGE):
                self._superblock(one)
        for place in system.more:
            with suppress(*DAMAGE):
                self._slots(place, system.inode_block)
        volume = system.open(self._device)
        with self._keeping():
            system.look(volume)
            volume.facts()
        self._waiting.append(volume.ROOT)
        seen: set[int] = set()
        while self._waiting:
            number = self._waiting.pop()
            if number not in seen:
                seen.add(number)
                with suppress(*DAMAGE):
                    yield from self._file(volume, number)
                yield

    def _superblock(self, one: Superblock) -> None:
        if one.position < 0 or one.position + one.length > self._device.size:
            return
        old = self._device.read(one.position, one.length)
        if not one.is_one(old):
            return
        new = numbers(old, *one.fields)
        spans = []
        for at, most in one.fields:
            length = until_nul(old, at, most)
            new[at : at + most] = old[at : at + length].ljust(most, b"\0")
            spans.append(Span(at, length, separator="/"))
        one.changed(new)
        self._told(one.position, old, new, spans, one.seal)

    def _file(self, volume: UnixDriver, number: int) -> Iterator[None]:
        with self._keeping():
            inode = volume.inodes([number])[number]
        if isinstance(inode, NotFound):
            return
        if not isinstance(inode, Inode):
            raise inode
        length = self._system.inode_block or self._system.inode_length
        unit = self._system.inode_block
        start = inode.position // unit * unit if unit else inode.position
        self._slots(start, length)
        pieces: list[tuple[int, int]] = []
        left = _LARGEST
        with self._keeping(), suppress(*DAMAGE):
            if volume.target(inode) is None or inode.kind is not Kind.SYMLINK:
                for extent in volume.mapped(inode):
                    if extent.position != HOLE:
                        pieces.append((extent.position, extent.length))
                        left -= extent.length
                    if left < 0 and inode.kind is not Kind.FILE:
                        break
        if inode.kind is Kind.DIRECTORY:
            for position, length in pieces:
                for at in range(position, position + length, volume.block_size):
                    with suppress(*DAMAGE):
                        size = min(volume.block_size, position + length - at)
                        self._block(at, self._device.read(at, size))
                    yield
        elif inode.kind is Kind.SYMLINK and inode.size <= _LONGEST_LINK:
            raw = b"".join(self._device.read(*piece) for piece in pieces)
            self._told(pieces, raw, raw, [Span(0, until_nul(raw, 0, len(raw)), separator="/")])

    def _block(self, position: int, old: bytes) -> None:
        block = self._system.parse(old)
        self._waiting += block.numbers
        self._told(position, old, block.told, block.spans)

    def _slots(self, start: int, length: int) -> None:
        raw = self._device.read(start, length)
        size = self._system.inode_length
        for at in range(0, length - size + 1, size):
            self._slot(raw[at : at + size], start + at)

    def _slot(self, old: bytes, position: int) -> None:
        new = bytearray(masked(old))
        spans = []
        inode, target = self._system.decode(old, position)
        if target is not None and inode.kind is Kind.SYMLINK:
            at = self._system.map_at
            new = numbers(old, (at, len(inode.map)))
            new[at : at + len(inode.map)] = target.ljust(len(inode.map), b"\0")
            spans.append(Span(at, until_nul(target, 0, len(target)), separator="/"))
        self._told(position, old, new, spans)


def variable(byteorder: str, *, typed: bool) -> Callable[[bytes], Block]:
    """As `core.fs.unix.directory.variable`."""
    fields = Packed(("<" if byteorder == "little" else ">") + ("IHBB" if typed else "IHH"))

    def parse(data: bytes) -> Block:
        told, spans, found = bytearray(len(data)), list[Span](), list[int]()
        at, end = 0, len(data)
        while at + 8 <= end:
            told[at : at + 8] = masked(data[at : at + 8])
            number, length, *kinds = fields.unpack_from(data, at)
            name_length = kinds[-1]
            limit = min(end, (at // _CROSSED + 1) * _CROSSED)
            if length & 3 or length < 8 or at + length > limit or (number and length < 8 + name_length):
                at = (at // _RESUMED + 1) * _RESUMED
                continue
            if number:
                name = data[at + 8 : at + 8 + name_length]
                told[at + 8 : at + 8 + len(name)] = name
                if name not in (b"", b".", b".."):
                    spans.append(Span(at + 8, len(name)))
                    found.append(number)
            at += length
        return Block(told, spans, found)

    return parse


def fixed(byteorder: str) -> Callable[[bytes], Block]:
    """As `core.fs.unix.directory.fixed`."""
    order = "little" if byteorder == "little" else "big"

    def parse(data: bytes) -> Block:
        told, spans, found = bytearray(len(data)), list[Span](), list[int]()
        for at in range(0, len(data) - _SHORT + 1, _SHORT):
            number = int.from_bytes(data[at : at + 2], order)  # type: ignore[arg-type]
            if not number:
                continue
            length = until_nul(data, at + 2, _SHORT - 2)
            told[at : at + 2 + length] = data[at : at + 2 + length]
            if data[at + 2 : at + 2 + length] not in (b"", b".", b".."):
                spans.append(Span(at + 2, length))
                found.append(number)
        return Block(told, spans, found)

    return parse
