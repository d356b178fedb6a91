"""exFAT's checksums: each byte is added to the sum rotated right by one bit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.fs.slots import SLOT_LENGTH

_SUM_AT = (2, 3)
"""Where a set of entries keeps its own checksum, which is left out of it."""
_FEW = 8
"""Sets up to which it is faster to take them one by one."""
_LANE = 3
"""Bytes for each of the sums that are worked on at once: 16 bits and room for a carry."""


def rolling_16(data: Iterable[int]) -> int:
    """The name hash: section 7.6.4."""
    total = 0
    for byte in data:
        total = ((total >> 1 | (total & 1) << 15) + byte) & 0xFFFF
    return total


def rolling_32(data: Iterable[int]) -> int:
    """The checksum of a boot region and of an up-case table: sections 3.4 and 7.2.2."""
    total = 0
    for byte in data:
        total = ((total >> 1 | (total & 1) << 31) + byte) & 0xFFFFFFFF
    return total


def of_sets(data: bytes, slots: Collection[int], length: int) -> list[int]:
    """The checksums (section 6.3.3) of sets of `length` entries each, that begin at these slots of `data`.

    Those of many sets lie side by side in one large number, so that each step is one for all of them.
    """
    size = length * SLOT_LENGTH
    sets = [data[slot * SLOT_LENGTH : slot * SLOT_LENGTH + size] for slot in slots]
    if len(sets) <= _FEW:
        return [rolling_16(entries[:2] + entries[4:]) for entries in sets]
    joined = b"".join(sets)
    ones = int.from_bytes(b"\1\0\0" * len(sets), "little")
    low, all_bits = ones * 0x7FFF, ones * 0xFFFF
    lanes = bytearray(_LANE * len(sets))
    sums = 0
    for at in range(size):
        if at in _SUM_AT:
            continue
        lanes[::_LANE] = joined[at::size]
        sums = ((sums >> 1 & low | (sums & ones) << 15) + int.from_bytes(lanes, "little")) & all_bits
    found = sums.to_bytes(len(lanes), "little")
    return [lower | upper << 8 for lower, upper in zip(found[::_LANE], found[1::_LANE], strict=True)]
