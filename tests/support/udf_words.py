"""What descriptors of UDF are made of: tags with their sums, texts and times."""

from __future__ import annotations

import struct
from binascii import crc_hqx
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

ZONE = 60
_KINDS = {1, 2, 5, 6, 8, 9, 256, 258, 259, 261, 266}


def tagged(kind: int, block: int, body: bytes, version: int = 3) -> bytes:
    head = struct.pack("<HHBBHHHI", kind, version, 0, 0, 0, crc_hqx(body, 0), len(body), block)
    return head[:4] + bytes([sum(head) & 0xFF]) + head[5:] + body


def entity(name: bytes, suffix: bytes = b"") -> bytes:
    return struct.pack("<B23s8s", 0, name, suffix)


def compressed(text: str) -> bytes:
    try:
        return b"\x08" + text.encode("latin-1")
    except UnicodeEncodeError:
        return b"\x10" + text.encode("utf-16-be")


def dstring(text: str, length: int) -> bytes:
    raw = compressed(text)
    return raw.ljust(length - 1, b"\0") + bytes([len(raw)])


def stamp(seconds: int) -> bytes:
    """In a zone of its own, an hour before UTC."""
    local = datetime.fromtimestamp(seconds, UTC) + timedelta(minutes=ZONE)
    numbers = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    return struct.pack("<HhBBBBBBBB", 1 << 12 | ZONE, *numbers, 0, 0, 0)


def mender(block_size: int) -> Callable[[bytearray], None]:
    """Makes the tags of a damaged volume agree with what is behind them."""

    def mend(image: bytearray) -> None:
        for at in range(0, len(image) - 16, block_size):
            if int.from_bytes(image[at : at + 2], "little") in _KINDS:
                seal(image, at)
        at = image.find(b"\x01\x01\x03\x00")
        while 0 <= at <= len(image) - 16:
            seal(image, at)
            at = image.find(b"\x01\x01\x03\x00", at + 4)

    return mend


def seal(image: bytearray, at: int) -> None:
    length = int.from_bytes(image[at + 10 : at + 12], "little")
    image[at + 8 : at + 10] = crc_hqx(bytes(image[at + 16 : at + 16 + length]), 0).to_bytes(2, "little")
    image[at + 4] = (sum(image[at : at + 4]) + sum(image[at + 5 : at + 16])) & 0xFF
