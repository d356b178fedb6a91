"""Where the bytes of a file lie: ECMA-119, 6.4."""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.driver import Extent
from core.fs.iso9660.records import Record, Section


def extents(record: Record, block_size: int, end: int) -> Iterator[Extent]:
    """Covering exactly its size. What is sound comes first; raises CorruptStructure at the device's `end`."""
    last: Extent | None = None
    reached = 0
    for position, length in _pieces(record, block_size):
        sound = max(0, min(length, end - position))
        if sound and last is not None and last.position + last.length == position:
            last = Extent(last.offset, last.position, last.length + sound)
        elif sound:
            if last is not None:
                yield last
            last = Extent(reached, position, sound)
        reached += sound
        if sound < length:
            if last is not None:
                yield last
            found = f"{length} bytes at {position}"
            raise CorruptStructure("directory record", record.position, "a file on the volume", found)
    if last is not None:
        yield last


def read(device: BlockDevice, record: Record, block_size: int, offset: int, length: int) -> bytes:
    """Bytes of the file as it is stored. Raises CorruptStructure, MediumError."""
    pieces: list[bytes] = []
    for start, position, size in extents(record, block_size, device.size):
        if start + size <= offset:
            continue
        within = offset - start
        taken = min(size - within, length)
        pieces.append(device.read(position + within, taken))
        offset += taken
        length -= taken
        if not length:
            break
    if length:
        raise CorruptStructure(
            "directory record", record.position, f"{length} bytes more", "the end of the file"
        )
    return b"".join(pieces)


def _pieces(record: Record, block_size: int) -> Iterator[tuple[int, int]]:
    """(position, length) of each."""
    for section in record.sections:
        if section.unit:
            yield from _interleaved(section, block_size)
        elif section.size:
            yield section.block * block_size, section.size


def _interleaved(section: Section, block_size: int) -> Iterator[tuple[int, int]]:
    position, left = section.block * block_size, section.size
    while left:
        length = min(section.unit * block_size, left)
        yield position, length
        position += (section.unit + section.gap) * block_size
        left -= length
