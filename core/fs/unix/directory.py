"""Entries of directories: of variable length (4.2BSD and later), and of a number and a short name (V7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from struct import Struct as Packed
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.errors import CorruptStructure, MediumError, RumpusError
from core.fs.driver import HOLE, Extent

MOST_DAMAGE = 64
"""Damaged places in one directory after which the rest of it is given up."""
FIRST_CHUNK, CHUNK = 8 * 1024, 64 * 1024
"""Bytes of a directory read at once: little at first, so that the first names show early."""
_CROSSED, _RESUMED = 1024, 512
"""No entry crosses such a boundary (Apple's chunks are the larger ones); each chunk begins with one."""
_KINDS = {4: Kind.DIRECTORY, 8: Kind.FILE, 10: Kind.SYMLINK}
_SHORT_NAME = 14


class Named(NamedTuple):
    """A name as it stands in a directory, the number of its inode, and what kind of file it claims to be."""

    name: bytes
    number: int
    kind: Kind
    position: int


class Damage(list[RumpusError]):
    """What is wrong with a directory, the first of it first."""

    def note(self, offset: int, expected: str, found: str) -> None:
        if len(self) < MOST_DAMAGE:
            self.append(CorruptStructure("directory", offset, expected, found))


Parse = Callable[[bytes, int, Damage], list[Named]]
"""Given bytes of a directory, their position and where to note damage: what they name."""


def named(
    device: BlockDevice, extents: Iterator[Extent], block_size: int, parse: Parse, damage: Damage
) -> Iterator[list[Named]]:
    """What each piece of a directory names, without `.` and `..`. Raises no error but DeviceGone."""
    try:
        for data, position in _blocks(device, extents, block_size, damage):
            yield parse(data, position, damage)
            if len(damage) >= MOST_DAMAGE:
                return
    except (CorruptStructure, MediumError) as error:
        damage.append(error)


def _blocks(
    device: BlockDevice, extents: Iterator[Extent], size: int, damage: Damage
) -> Iterator[tuple[bytes, int]]:
    wanted = max(FIRST_CHUNK, size)
    for offset, position, length in extents:
        if position == HOLE:
            damage.note(0, "a directory without holes", f"{length} bytes at {offset}")
            continue
        end = position + length
        while position < end:
            piece = min(wanted, end - position)
            for data in blocks_of(device, position, piece, size, damage):
                if data:
                    yield data, position
                position += len(data) or min(size, end - position)
            wanted = max(CHUNK, size)


def blocks_of(device: BlockDevice, position: int, length: int, size: int, damage: Damage) -> Iterator[bytes]:
    """The blocks of a piece, empty where one cannot be read."""
    try:
        data = device.read(position, length)
    except (MediumError, CorruptStructure) as error:
        if length > size:
            for start in range(position, position + length, size):
                yield from blocks_of(device, start, min(size, position + length - start), size, damage)
            return
        damage.append(error)
        yield b""
        return
    for start in range(0, length, size):
        yield data[start : start + size]


def variable(byteorder: str, *, typed: bool) -> Parse:
    """Entries of the Fast File System: number, length, kind, length of the name, name.

    Before 4.4BSD there was no kind, and the length of the name had 16 bits (`typed` is False then).
    """
    fields = Packed(("<" if byteorder == "little" else ">") + ("IHBB" if typed else "IHH"))
    unpack = fields.unpack_from

    def parse(data: bytes, position: int, damage: Damage) -> list[Named]:
        found: list[Named] = []
        at, end = 0, len(data)
        while at + 8 <= end:
            if typed:
                number, length, kind, name_length = unpack(data, at)
            else:
                number, length, name_length = unpack(data, at)
                kind = 0
            limit = min(end, (at // _CROSSED + 1) * _CROSSED)
            if length & 3 or length < 8 or at + length > limit or (number and length < 8 + name_length):
                damage.note(position + at, "an entry inside its block", f"{length} bytes of {name_length}")
                at = (at // _RESUMED + 1) * _RESUMED
                continue
            if number:
                name = data[at + 8 : at + 8 + name_length]
                if not name:
                    damage.note(position + at, "a name", "none")
                elif name_length > 2 or name not in (b".", b".."):
                    found.append(Named(name, number, _KINDS.get(kind, Kind.OTHER), position + at))
            at += length
        return found

    return parse


def fixed(byteorder: str) -> Parse:
    """Entries of the seventh edition: a number of 16 bits and a name of at most 14 bytes."""
    fields = Packed(("<" if byteorder == "little" else ">") + f"H{_SHORT_NAME}s")

    def parse(data: bytes, position: int, damage: Damage) -> list[Named]:
        found: list[Named] = []
        at = position
        for number, padded in fields.iter_unpack(data[: len(data) // fields.size * fields.size]):
            if number:
                name = padded.partition(b"\0")[0]
                if not name:
                    damage.note(at, "a name", "none")
                elif name not in (b".", b".."):
                    found.append(Named(name, number, Kind.OTHER, at))
            at += fields.size
        return found

    return parse


def text(raw: bytes) -> str:
    """Text up to the first NUL. Bytes that are not UTF-8 are shown by their numbers."""
    return raw.partition(b"\0")[0].decode("utf-8", "backslashreplace")


def shown(raw: bytes) -> str:
    """A name with every byte in it that is no UTF-8 shown by its number, so that two names stay two."""
    name = raw.decode("utf-8", "backslashreplace")
    return name.replace("\0", "\\x00").replace("/", "\\x2f")
