"""Update sequences: what shows that all sectors of a structure were written together.

NTFS, "Fixup". The last two bytes of every stride of 512 bytes were exchanged for one number; what they were
stands behind that number near the start of the structure.
"""

from __future__ import annotations

from core.errors import CorruptStructure
from core.fs.ntfs.structures import STRIDE


def mended(raw: bytes, structure: str, position: int) -> bytes:
    """A structure as it was before it was written. Raises CorruptStructure."""
    at, count = int.from_bytes(raw[4:6], "little"), int.from_bytes(raw[6:8], "little")
    strides = len(raw) // STRIDE
    if count != strides + 1 or at < 8 or at & 1 or at + 2 * count > STRIDE - 2:
        raise CorruptStructure(
            structure, position + 4, f"{strides + 1} update sequence numbers", f"{count} at {at}"
        )
    number = raw[at : at + 2]
    data = bytearray(raw)
    end = STRIDE
    for old in range(at + 2, at + 2 * count, 2):
        if raw[end - 2 : end] != number:
            found = raw[end - 2 : end].hex(" ")
            raise CorruptStructure(
                structure, position + end - 2, f"update sequence number {number.hex(' ')}", found
            )
        data[end - 2 : end] = raw[old : old + 2]
        end += STRIDE
    return bytes(data)
