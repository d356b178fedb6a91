"""The checksums of ext4: ext4, "Checksums"."""

from __future__ import annotations

import zlib

import google_crc32c

START = 0xFFFFFFFF

_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def _crc16_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)


_CRC16 = _crc16_table()


def crc32c(seed: int, data: bytes) -> int:
    """CRC-32C going on from `seed`, without the usual form's inversions before and after."""
    return int(google_crc32c.extend(seed ^ START, data)) ^ START


def crc16(data: bytes) -> int:
    """CRC-16 (polynomial 0x8005, reflected) from 0xFFFF on, as group descriptors had it before CRC-32C."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC16[(crc ^ byte) & 0xFF]
    return crc


def crc32_forward(seed: int, data: bytes) -> int:
    """CRC-32 with the highest bit first, going on from `seed`: of old journals' transactions.

    It is the usual one with every byte, the seed and the result read backwards.
    """
    return _backwards(zlib.crc32(data.translate(_REVERSED), _backwards(seed) ^ START) ^ START)


def _backwards(value: int) -> int:
    return int.from_bytes(value.to_bytes(4, "little").translate(_REVERSED), "big")
