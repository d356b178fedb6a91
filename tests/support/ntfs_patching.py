"""Changes single structures of an NTFS image, by the format's documentation and not by the driver's code."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LIST, DATA, FILE_NAME, INDEX_ROOT, ALLOCATION = 0x20, 0x80, 0x30, 0x90, 0xA0
_STRIDE = 512


class Found(NamedTuple):
    """An attribute in its record."""

    at: int
    length: int
    type: int
    name: str
    non_resident: bool


class Patched:
    """An image in memory. Records and index blocks are given out, and taken back, without their fix-ups."""

    def __init__(self, image: Path) -> None:
        self.image = bytearray(image.read_bytes())
        sector, clusters = struct.unpack_from("<HB", self.image, 11)
        self.cluster = sector * clusters
        mft, self.mirror = struct.unpack_from("<QQ", self.image, 48)
        self.record_size = self._size(64)
        self.index_size = self._size(68)
        first = self.unfixed(mft * self.cluster, self.record_size)
        self.table = self.runs(first, self.attribute(first, DATA))

    def _size(self, at: int) -> int:
        value = int.from_bytes(self.image[at : at + 1], "little", signed=True)
        return 1 << -value if value < 0 else value * self.cluster

    # records ------------------------------------------------------------------------------------------------

    def place(self, number: int) -> int:
        """Where a record lies."""
        return self.place_in(self.table, number * self.record_size)

    def place_in(self, runs: list[tuple[int, int]], offset: int) -> int:
        for cluster, count in runs:
            if offset < count * self.cluster:
                return cluster * self.cluster + offset
            offset -= count * self.cluster
        raise AssertionError("beyond the runs")

    def record(self, number: int) -> bytearray:
        return self.unfixed(self.place(number), self.record_size)

    def put(self, number: int, record: bytes) -> None:
        self.fix(self.place(number), record)

    def unfixed(self, place: int, size: int) -> bytearray:
        raw = self.image[place : place + size]
        at, count = struct.unpack_from("<HH", raw, 4)
        for stride in range(1, count):
            raw[stride * _STRIDE - 2 : stride * _STRIDE] = raw[at + 2 * stride : at + 2 * stride + 2]
        return raw

    def fix(self, place: int, whole: bytes) -> None:
        raw = bytearray(whole)
        at, count = struct.unpack_from("<HH", raw, 4)
        for stride in range(1, count):
            end = stride * _STRIDE
            raw[at + 2 * stride : at + 2 * stride + 2] = raw[end - 2 : end]
            raw[end - 2 : end] = raw[at : at + 2]
        self.image[place : place + len(raw)] = raw

    def number(self, name: str) -> int:
        """The record of the file that has this name anywhere."""
        wanted = name.encode("utf-16-le")
        records = sum(count for _, count in self.table) * self.cluster // self.record_size
        for number in range(records):
            place = self.place(number)
            if self.image[place : place + 4] != b"FILE":
                continue
            record = self.record(number)
            if not record[22] & 1 or any(record[32:40]):
                continue
            for found in self.attributes(record):
                at = found.at + 24
                if found.type == FILE_NAME and record[at + 66 : at + 66 + 2 * record[at + 64]] == wanted:
                    return number
        raise AssertionError(f"no {name}")

    # attributes ---------------------------------------------------------------------------------------------

    def attributes(self, record: bytes) -> Iterator[Found]:
        at = int.from_bytes(record[20:22], "little")
        while record[at : at + 4] != b"\xff\xff\xff\xff":
            type, length, far, letters, name = struct.unpack_from("<IIBBH", record, at)
            text = bytes(record[at + name : at + name + 2 * letters]).decode("utf-16-le")
            yield Found(at, length, type, text, bool(far))
            at += length

    def attribute(self, record: bytes, type: int, name: str = "") -> Found:
        return next(found for found in self.attributes(record) if (found.type, found.name) == (type, name))

    def runs(self, record: bytes, found: Found) -> list[tuple[int, int]]:
        """(cluster, count), the cluster -1 for a hole."""
        at = found.at + int.from_bytes(record[found.at + 32 : found.at + 34], "little")
        runs: list[tuple[int, int]] = []
        cluster = 0
        while record[at]:
            wide, far = record[at] & 15, record[at] >> 4
            count = int.from_bytes(record[at + 1 : at + 1 + wide], "little")
            cluster += int.from_bytes(record[at + 1 + wide : at + 1 + wide + far], "little", signed=True)
            runs.append((cluster if far else -1, count))
            at += 1 + wide + far
        return runs

    def patch(self, number: int, found: Found, offset: int, new: bytes) -> None:
        """Bytes of an attribute, counted from its start."""
        record = self.record(number)
        record[found.at + offset : found.at + offset + len(new)] = new
        self.put(number, record)

    def patch_value(self, name: str, type: int, offset: int, new: bytes, own: str = "") -> int:
        """The same by the file's name and the attribute's. Returns the file's record."""
        number = self.number(name)
        self.patch(number, self.attribute(self.record(number), type, own), offset, new)
        return number

    def set_runs(self, number: int, packed: bytes) -> None:
        """Packed runs in place of those of a file's data, whose sizes stay."""
        found = self.attribute(self.record(number), DATA)
        at = int.from_bytes(self.record(number)[found.at + 32 : found.at + 34], "little")
        assert at + len(packed) <= found.length, "no room"
        self.patch(number, found, at, packed.ljust(found.length - at, b"\0"))

    def rebuild(self, number: int, attributes: list[bytes], base: int = 0) -> None:
        """A record of nothing but these attributes."""
        record = bytearray(self.record_size)
        record[0:4] = b"FILE"
        strides = self.record_size // _STRIDE
        sequence = int.from_bytes(self.record(number)[16:18], "little") or 1
        struct.pack_into("<HHQHHHHII", record, 4, 48, strides + 1, 0, sequence, 1, 56, 1, 0, self.record_size)
        struct.pack_into("<QHHI", record, 32, base, 100, 0, number)
        record[48:50] = b"\7\0"
        body = b"".join(attributes) + b"\xff\xff\xff\xff\0\0\0\0"
        record[56 : 56 + len(body)] = body
        struct.pack_into("<I", record, 24, 56 + len(body))
        assert len(record) == self.record_size, "too many attributes"
        self.put(number, record)

    def split(self, number: int, spare: int) -> None:
        """Moves the later half of a file's runs into another record, so that it has an attribute list."""
        record = self.record(number)
        found = self.attribute(record, DATA)
        runs = self.runs(record, found)
        half = len(runs) // 2
        assert half, "too few runs"
        first, second = self._halves(record, found, runs, half)
        self._continue(number, spare, [first], second, sum(count for _, count in runs[:half]))

    def move(self, number: int, spare: int) -> None:
        """Moves all of a file's runs into another record."""
        record = self.record(number)
        found = self.attribute(record, DATA)
        self._continue(number, spare, [], bytes(record[found.at : found.at + found.length]), 0)

    def _continue(self, number: int, spare: int, kept: list[bytes], moved: bytes, reach: int) -> None:
        """Leaves these pieces of a file's data in its record, and puts the one from `reach` on elsewhere."""
        record = self.record(number)
        sequence = int.from_bytes(record[16:18], "little")
        links = record[18:20]
        found = self.attribute(record, DATA)
        others = [
            bytes(record[each.at : each.at + each.length])
            for each in self.attributes(record)
            if each.at != found.at
        ]
        spare_sequence = int.from_bytes(self.record(spare)[16:18], "little") or 1
        own, other = number | sequence << 48, spare | spare_sequence << 48
        listed = [(each, own, 0) for each in [*others, *kept]] + [(moved, other, reach)]
        listed.sort(key=lambda each: (int.from_bytes(each[0][:4], "little"), each[2]))
        entries = b"".join(_list_entry(*each) for each in listed)
        head = struct.pack("<IIBBHHHIHH", LIST, 24 + len(entries), 0, 0, 24, 0, 90, len(entries), 24, 0)
        whole = sorted([*others, head + entries, *kept], key=lambda each: int.from_bytes(each[:4], "little"))
        self.rebuild(number, whole)
        again = self.record(number)
        again[18:20] = links
        self.put(number, again)
        self.rebuild(spare, [moved], base=own)

    def _halves(
        self, record: bytes, found: Found, runs: list[tuple[int, int]], half: int
    ) -> tuple[bytes, bytes]:
        head = bytearray(record[found.at : found.at + 64])
        start = sum(count for _, count in runs[:half])
        pieces = []
        for first, some in ((0, runs[:half]), (start, runs[half:])):
            packed = pack(some)
            piece = bytearray(head) + packed.ljust(-(-len(packed) // 8) * 8, b"\0")
            struct.pack_into("<I", piece, 4, len(piece))
            struct.pack_into("<QQH", piece, 16, first, first + sum(count for _, count in some) - 1, 64)
            if first:
                struct.pack_into("<QQQ", piece, 40, 0, 0, 0)
                struct.pack_into("<H", piece, 14, 0)
            pieces.append(bytes(piece))
        return pieces[0], pieces[1]

    # directories --------------------------------------------------------------------------------------------

    def blocks(self, number: int) -> list[int]:
        """Where the blocks of a directory's index lie, in order."""
        record = self.record(number)
        found = self.attribute(record, ALLOCATION, "$I30")
        runs = self.runs(record, found)
        size = int.from_bytes(record[found.at + 48 : found.at + 56], "little")
        return [self.place_in(runs, at) for at in range(0, size, self.index_size)]

    def block(self, place: int) -> bytearray:
        return self.unfixed(place, self.index_size)

    def entries(self, block: bytes) -> list[tuple[int, str]]:
        """(place in the block, name) of the entries of an index block; the last has no name."""
        at = 24 + int.from_bytes(block[24:28], "little")
        found: list[tuple[int, str]] = []
        while True:
            length, _, flags = struct.unpack_from("<HHH", block, at + 8)
            if flags & 2:
                return [*found, (at, "")]
            name = bytes(block[at + 82 : at + 82 + 2 * block[at + 80]])
            found.append((at, name.decode("utf-16-le", "replace")))
            at += length

    def save(self, path: Path) -> Path:
        path.write_bytes(self.image)
        return path


def pack(runs: list[tuple[int, int]]) -> bytes:
    """Runs as an attribute keeps them."""
    packed, before = b"", 0
    for cluster, count in runs:
        if cluster < 0:
            packed += b"\x04" + struct.pack("<I", count)
        else:
            packed += b"\x44" + struct.pack("<Ii", count, cluster - before)
            before = cluster
    return packed + b"\0"


def _list_entry(attribute: bytes, reference: int, first: int) -> bytes:
    type, _, _, letters, at, _, identifier = struct.unpack_from("<IIBBHHH", attribute)
    name = attribute[at : at + 2 * letters]
    length = -(-(26 + len(name)) // 8) * 8
    entry = struct.pack("<IHBBQQH", type, length, letters, 26, first, reference, identifier) + name
    return entry.ljust(length, b"\0")
