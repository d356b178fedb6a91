"""The tag in front of every descriptor: what it is, where it belongs, and whether it is whole."""

from __future__ import annotations

from binascii import crc_hqx

from core.errors import CorruptStructure
from core.fs.udf.structures import TAG_LENGTH, TAG_PACKED


def identifier(raw: bytes | memoryview, at: int = 0) -> int:
    """What the tag says it is, unchecked; 0 where there is none."""
    return int.from_bytes(raw[at : at + 2], "little")


def verify(raw: bytes, structure: str, position: int, block: int | None, *wanted: int) -> int:
    """The identifier of the descriptor that begins `raw`: ECMA-167, 3/7.2.

    `block` is where it belongs, None where that is not to be held against it. Raises CorruptStructure.
    """
    if len(raw) < TAG_LENGTH:
        raise CorruptStructure(structure, position, "a tag", f"{len(raw)} bytes")
    found, _, checksum, _, crc, length, place = TAG_PACKED.unpack_from(raw)
    if wanted and found not in wanted:
        raise CorruptStructure(structure, position, f"tag {wanted[0]}", str(found))
    total = (sum(raw[:TAG_LENGTH]) - checksum) & 0xFF
    if total != checksum:
        raise CorruptStructure(structure, position + 4, f"checksum {total}", str(checksum))
    if TAG_LENGTH + length > len(raw):
        raise CorruptStructure(structure, position + 10, f"at most {len(raw)} bytes", str(length))
    computed = crc_hqx(raw[TAG_LENGTH : TAG_LENGTH + length], 0)
    if computed != crc:
        raise CorruptStructure(structure, position + 8, f"CRC {computed:#06x}", f"{crc:#06x}")
    if block is not None and place != block:
        raise CorruptStructure(structure, position + 12, f"block {block}", str(place))
    return int(found)
