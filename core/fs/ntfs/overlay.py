"""System compression: files whose bytes are packed into a stream of their own, as Windows packs its own.

[MS-FSCC] section 2.1.2 has the reparse point, wimlib's "Windows Imaging format" the stream: where each chunk
ends, and the chunks. A chunk that would not become smaller is stored as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import UnsupportedFeature
from core.fs.driver import HOLE
from core.fs.ntfs import contents, lzx, xpress
from core.fs.ntfs.file import Value
from core.fs.ntfs.runs import RunMap

STREAM = "WofCompressedData"
_TABLE_AT_ONCE = 4096
"""Chunks whose ends are read together."""
_WIDE = 1 << 32
"""Files from this size on have ends of 8 bytes."""
_Unpack = Callable[[bytes, int, int], bytes]
_METHODS: dict[int, tuple[int, _Unpack]] = {
    0: (4096, xpress.unpacked),
    1: (lzx.CHUNK, lzx.unpacked),
    2: (8192, xpress.unpacked),
    3: (16384, xpress.unpacked),
}
"""Bytes of a chunk, and what unpacks one."""


class Packed(NamedTuple):
    """The stream with its map, and the size of what is packed in it."""

    value: Value
    size: int
    chunk: int
    unpack: _Unpack
    device: BlockDevice
    cluster_size: int
    runs: RunMap

    def read(self, offset: int, length: int) -> bytes:
        """Raises CorruptStructure, MediumError."""
        value = self.value
        if length < 0 or offset + length > value.valid:
            expected = f"a place in the {value.valid} bytes that are packed"
            raise value.record.corrupt(value.attribute.at, expected, f"{length} at {offset}")
        if value.resident is not None:
            return value.record.value(value.resident)[offset : offset + length]
        pieces: list[bytes] = []
        while length:
            index, within = divmod(offset, self.cluster_size)
            if index >= self.runs.end:
                raise value.record.corrupt(value.attribute.at, "clusters of the packed bytes", "fewer")
            _, cluster, count = self.runs.find(index)
            piece = min(length, count * self.cluster_size - within)
            if cluster == HOLE:
                pieces.append(bytes(piece))
            else:
                pieces.append(self.device.read(cluster * self.cluster_size + within, piece))
            offset += piece
            length -= piece
        return b"".join(pieces)

    def position(self, offset: int) -> int:
        """Where a byte lies on the volume, for telling of it."""
        if self.value.resident is not None:
            return self.value.record.position
        index, within = divmod(offset, self.cluster_size)
        cluster = self.runs.find(index).cluster
        return max(cluster, 0) * self.cluster_size + within


def opened(value: Value, size: int, method: int, device: BlockDevice, cluster_size: int) -> Packed:
    """Raises UnsupportedFeature, CorruptStructure, MediumError, NotFound."""
    if method not in _METHODS:
        raise UnsupportedFeature(f"system compression, method {method}")
    contents.refuse(value)
    if contents.is_computed(value):
        raise UnsupportedFeature("a compressed stream of system compression")
    runs = RunMap()
    if value.resident is None:
        for run in value.runs():
            if not runs.add(run):
                break
    return Packed(value, size, *_METHODS[method], device, cluster_size, runs)


def computed(packed: Packed, start: int) -> Iterator[bytes]:
    """The bytes from `start` on, chunk by chunk. Raises CorruptStructure, MediumError."""
    chunk, size = packed.chunk, packed.size
    number, chunks = start // chunk, -(-size // chunk)
    width = 8 if size >= _WIDE else 4
    first = (chunks - 1) * width
    while number < chunks:
        stop = min(number + _TABLE_AT_ONCE, chunks)
        ends = _ends(packed, number, stop, chunks, width)
        for begin, end in pairwise(ends):
            wanted = min(chunk, size - number * chunk)
            if not begin < end <= begin + wanted:
                expected = f"a chunk of at most {wanted} bytes"
                raise packed.value.record.corrupt(packed.value.attribute.at, expected, f"{begin} to {end}")
            raw = packed.read(first + begin, end - begin)
            if len(raw) < wanted:
                raw = packed.unpack(raw, wanted, packed.position(first + begin))
            yield raw[max(0, start - number * chunk) :]
            number += 1


def _ends(packed: Packed, number: int, stop: int, chunks: int, width: int) -> list[int]:
    """Where chunk `number` begins behind the table, and where each up to `stop` ends."""
    begin = max(number - 1, 0)
    raw = packed.read(begin * width, (min(stop, chunks - 1) - begin) * width)
    ends = [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]
    if number == 0:
        ends.insert(0, 0)
    if stop == chunks:
        ends.append(packed.value.size - (chunks - 1) * width)
    return ends
