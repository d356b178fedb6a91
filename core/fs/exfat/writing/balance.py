"""Changes to a set of entries of which the first is in another sector than the rest.

The file entry has a checksum of the whole set (section 6.3.3). So that a change to the other sector is whole
once that alone is written, the reserved bytes of the stream extension, which nobody may interpret (section
7.6), make up for the difference.
"""

from __future__ import annotations

from core.fs.exfat.checksums import rolling_16

_RESERVED = (2, 6, 7, 16, 17)
"""And 18 and 19: counted from the start of the stream extension."""
_LAST = 18
_TRIALS = 512


def balanced(primary: bytes, secondaries: bytes) -> bytes | None:
    """Secondary entries that have the checksum of this file entry; None for about one in seven.

    Each reserved byte moves the checksum by a multiple of a power of two, and these leave gaps.
    """
    wanted = int.from_bytes(primary[2:4], "little")
    start = rolling_16(primary[:2] + primary[4:])
    for byte in reversed(secondaries[_LAST + 2 :]):
        wanted = _rotated_left(wanted - byte & 0xFFFF)
    changed = bytearray(secondaries)
    for trial in range(_TRIALS):
        spread = (trial * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 24
        for at, place in enumerate(_RESERVED):
            changed[place] = spread >> 8 * at & 0xFF
        total = start
        for byte in changed[:_LAST]:
            total = (_rotated_right(total) + byte) & 0xFFFF
        total = _rotated_right(total)
        # With the first of the last two bytes at either end, even and odd, the second reaches what can be.
        for byte in (0, 1, 254, 255):
            last = wanted - _rotated_right(total + byte & 0xFFFF) & 0xFFFF
            if last < 256:
                changed[_LAST : _LAST + 2] = bytes((byte, last))
                return bytes(changed)
    return None


def _rotated_right(total: int) -> int:
    return total >> 1 | (total & 1) << 15


def _rotated_left(total: int) -> int:
    return (total << 1 | total >> 15) & 0xFFFF
