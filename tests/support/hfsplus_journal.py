"""Journals of HFS+ volumes: TN1150, "Journal"."""

from __future__ import annotations

from struct import pack

SECTOR, LIST = 512, 1024
KILLED = 2**64 - 1


def checksum(data: bytes) -> int:
    sum = 0
    for byte in data:
        sum = ((sum << 8) ^ (sum + byte)) % 2**32
    return 2**32 - 1 - sum


def journal(
    transactions: list[list[tuple[int, bytes]]], size: int, start: int = SECTOR, order: str = "<"
) -> bytes:
    """A ring of `size` bytes. Its first transaction is at `start`; each has (sector, bytes) of its blocks."""
    ring = bytearray(size)
    at = start

    def put(data: bytes) -> None:
        nonlocal at
        for low in range(0, len(data), SECTOR):
            ring[at : at + SECTOR] = data[low : low + SECTOR]
            at += SECTOR
            if at == size:
                at = SECTOR

    for blocks in transactions:
        used = LIST + sum(len(data) for _, data in blocks)
        info = pack(f"{order}QII", 0, 0, 0)
        summed = pack(f"{order}HHIII", LIST // 16 - 1, len(blocks) + 1, used, 0, 0) + info
        head = summed[:8] + pack(f"{order}I", checksum(summed)) + summed[12:]
        for number, data in blocks:
            head += pack(f"{order}QII", number, len(data), 0)
        put(head.ljust(LIST, b"\0"))
        for _, data in blocks:
            put(data)
    header = pack(f"{order}IIQQQIII", 0x4A4E4C78, 0x12345678, start, at, size, LIST, 0, SECTOR)
    ring[:44] = header[:36] + pack(f"{order}I", checksum(header)) + header[40:]
    return bytes(ring)


def changes(before: bytes, after: bytes, skipped: range) -> list[tuple[int, bytes]]:
    """The sectors that differ, but for those in a range of bytes."""
    return [
        (at // SECTOR, after[at : at + SECTOR])
        for at in range(0, len(before), SECTOR)
        if before[at : at + SECTOR] != after[at : at + SECTOR] and at not in skipped
    ]
