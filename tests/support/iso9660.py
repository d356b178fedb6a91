"""Bytes of ISO 9660 changed where no tool would: found by ECMA-119, without the driver's declarations."""

from __future__ import annotations

import random
import struct
from pathlib import Path

SECTOR = 2048


def both(number: int) -> bytes:
    return struct.pack("<I", number) + struct.pack(">I", number)


def record_of(image: bytearray, name: bytes) -> int:
    """Where the directory record of that plain name lies (with its version, where it has one)."""
    at = image.find(bytes([len(name)]) + name, 18 * SECTOR)
    assert at > 0, name
    return at - 32


def set_block(image: bytearray, record: int, block: int) -> None:
    image[record + 2 : record + 10] = both(block)


def set_size(image: bytearray, record: int, size: int) -> None:
    image[record + 10 : record + 18] = both(size)


def block_of(image: bytearray, record: int) -> int:
    return int.from_bytes(image[record + 2 : record + 6], "little")


def split(image: bytearray, record: int, first: int) -> None:
    """The file gets two records, as one of more than 4 GiB has them: the first for so many bytes of it."""
    length = image[record]
    size, block = int.from_bytes(image[record + 10 : record + 14], "little"), block_of(image, record)
    end = (record // SECTOR + 1) * SECTOR
    assert first % SECTOR == 0 and first < size
    following = image[record:end]
    image[record + length : end] = following[: end - record - length]
    set_size(image, record, first)
    image[record + 25] |= 0x80
    set_block(image, record + length, block + first // SECTOR)
    set_size(image, record + length, size - first)


def entry_of(image: bytearray, record: int, signature: bytes) -> int:
    """Where a system use entry of a record lies, in the record itself."""
    at = image.find(signature, record + 33, record + image[record])
    assert at > 0, signature
    return at


def fill(folder: Path) -> Path:
    """Files of every kind that a disc can have."""
    chance = random.Random(4)
    folder.mkdir()
    for size in (0, 1, 2047, 2048, 2049, 300_000):
        (folder / f"of {size} bytes.bin").write_bytes(chance.randbytes(size))
    (folder / "text").write_bytes(b"the same words again and again, " * 9000)
    with (folder / "zeros").open("wb") as file:
        file.truncate(1_000_000)
    (folder / "Grüße naïve 日本語").write_text("unicode")
    (folder / ("n" * 240)).write_bytes(b"long")
    deep = folder / "1/2/3/4/5/6/7/8/9/10/11"
    deep.mkdir(parents=True)
    (deep / "deep").write_bytes(b"far down")
    (folder / "many").mkdir()
    for number in range(700):
        (folder / "many" / f"file number {number}").write_bytes(b"x" * (number % 900))
    (folder / "link").symlink_to("many/file number 5")
    (folder / "absolute").symlink_to("/usr/share/../lib")
    (folder / "long link").symlink_to("/".join(["../some directory of a long name"] * 5))
    (folder / "secret").write_bytes(b"mode")
    (folder / "secret").chmod(0o400)
    return folder
