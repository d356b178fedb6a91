"""Files that the system has packed ("decmpfs"): in an attribute, or in the resource fork in chunks.

Apple documents it by <sys/decmpfs.h>, whose structure this is; the chunks' table as Apple's tools write it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from struct import Struct as Packed
from typing import NamedTuple

from core.errors import CorruptStructure, UnsupportedFeature
from core.fs.mac.forks import Bytes

ATTRIBUTE = "com.apple.decmpfs"
HEADER_PACKED = Packed("<4sIQ")
"""Magic, method, size of the file. Little-endian, as all of it but the resource fork's own header."""
MAGIC = b"fpmc"
CHUNK = 65536
_PLAIN, _ZLIB_INLINE, _ZLIB_CHUNKS = 1, 3, 4
_STORED = 0x0F
"""In the first byte of what is stored as it is, where packed bytes begin with 0x78."""
_MOST_CHUNKS = 1 << 22
_LARGEST_INLINE = 1 << 24
_NAMES = {
    5: "de-duplicated file",
    7: "LZVN compression",
    8: "LZVN compression",
    9: "uncompressed attribute",
    10: "uncompressed resource fork",
    11: "LZFSE compression",
    12: "LZFSE compression",
    13: "LZBITMAP compression",
    14: "LZBITMAP compression",
}
_RESOURCE_PACKED = Packed(">II")
"""Where a resource fork's data begin, and its map."""


class Packing(NamedTuple):
    """How a file is packed. `value` is what follows the header in the attribute."""

    method: int
    size: int
    value: bytes
    position: int


def parsed(value: bytes, position: int) -> Packing:
    """Raises CorruptStructure."""
    if len(value) < HEADER_PACKED.size or value[:4] != MAGIC:
        raise CorruptStructure("compression", position, f"the magic {MAGIC.hex(' ')}", value[:4].hex(" "))
    _, method, size = HEADER_PACKED.unpack_from(value)
    if size >= 1 << 62:
        raise CorruptStructure("compression", position + 8, "the size of a file", str(size))
    return Packing(method, size, value[HEADER_PACKED.size :], position)


def refuse(packing: Packing) -> None:
    """Raises UnsupportedFeature by the method's name."""
    if packing.method not in (_PLAIN, _ZLIB_INLINE, _ZLIB_CHUNKS):
        raise UnsupportedFeature(_NAMES.get(packing.method, f"compression method {packing.method}"))


def computed(packing: Packing, resource: Bytes | None, start: int) -> Iterator[bytes]:
    """The file's bytes from `start` on. Raises CorruptStructure, MediumError."""
    if packing.method == _ZLIB_CHUNKS:
        yield from _chunks(packing, resource, start)
        return
    whole = packing.value
    if packing.method == _ZLIB_INLINE:
        if packing.size > _LARGEST_INLINE:
            expected = f"at most {_LARGEST_INLINE} bytes in an attribute"
            raise CorruptStructure("compression", packing.position + 8, expected, str(packing.size))
        whole = _unpacked(whole, packing.size, packing.position)
    if len(whole) < packing.size:
        expected = f"{packing.size} bytes"
        raise CorruptStructure("compression", packing.position, expected, str(len(whole)))
    if start < packing.size:
        yield whole[start : packing.size]


def _chunks(packing: Packing, resource: Bytes | None, start: int) -> Iterator[bytes]:
    if packing.size == 0:
        return
    if resource is None or resource.size == 0:
        raise CorruptStructure("compression", packing.position, "a resource fork", "none")
    base, _ = _RESOURCE_PACKED.unpack(resource.read(0, 8))
    base += 4  # behind the length of the one resource that there is
    chunks = -(-packing.size // CHUNK)
    told = int.from_bytes(resource.read(base, 4), "little")
    if told < chunks or chunks > _MOST_CHUNKS:
        where = resource.position(base)
        raise CorruptStructure("compression", where, f"{chunks} chunks", str(told))
    for number in range(start // CHUNK, chunks):
        entry = resource.read(base + 4 + 8 * number, 8)
        offset, length = int.from_bytes(entry[:4], "little"), int.from_bytes(entry[4:], "little")
        wanted = min(CHUNK, packing.size - number * CHUNK)
        where = resource.position(base + offset)
        if not 0 < length <= 2 * CHUNK:
            raise CorruptStructure("compression", where, "a chunk of some bytes", str(length))
        piece = _unpacked(resource.read(base + offset, length), wanted, where)
        yield piece[max(0, start - number * CHUNK) :]


def _unpacked(raw: bytes, size: int, position: int) -> bytes:
    """Exactly `size` bytes."""
    if raw and raw[0] & 0x0F == _STORED:
        found = raw[1:]
    else:
        try:
            found = zlib.decompressobj().decompress(raw, size + 1) if raw else b""
        except zlib.error as error:
            raise CorruptStructure("compression", position, "packed bytes", str(error)) from error
    if len(found) != size:
        raise CorruptStructure("compression", position, f"{size} bytes", f"{len(found)}")
    return found
