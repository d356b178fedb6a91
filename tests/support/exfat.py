"""exFAT volumes: made by mkfs.exfat and filled by exfat-fuse, or written byte by byte where no tool would.

What is written here follows the specification and shares no declaration with the driver.
"""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.disks import run, sparse, tool
from tests.support.mounts import served

READ_ONLY, DIRECTORY, ARCHIVE = 0x01, 0x10, 0x20
UPCASE = struct.pack("<4H", 0xFFFF, ord("a"), 0, 0)[:4] + struct.pack("<26H", *range(ord("A"), ord("Z") + 1))
"""A compressed table of nothing but the mandatory letters."""


@contextlib.contextmanager
def attached(image: Path, sector_size: int = 512) -> Iterator[str]:
    """The path of a writable loop device over an image. Skips where this user may not make one."""
    command = [tool("losetup"), "--find", "--show", "--sector-size", str(sector_size), str(image)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"losetup: {made.stderr.strip()}")
    device = made.stdout.strip()
    try:
        yield device
    finally:
        with open(device, "rb") as block:  # noqa: PTH123 - what was written to it is in the image after this
            os.fsync(block.fileno())
        run("losetup", "--detach", device)


def blank_exfat(path: Path, size: int, *options: str, sector_size: int = 512) -> Path:
    """A freshly made volume that takes all of a sparse image."""
    sparse(path, size)
    if sector_size == 512:
        run("mkfs.exfat", *options, path)
    else:
        with attached(path, sector_size) as device:
            run("mkfs.exfat", *options, device)
    return path


@contextlib.contextmanager
def mounted(image: Path, sector_size: int = 512, zone: str = "UTC") -> Iterator[Path]:
    """The volume as exfat-fuse shows it, writable. Skips where there is no FUSE for this user."""
    with (
        attached(image, sector_size) as device,
        served(image, "mount.exfat-fuse", device, environment={"TZ": zone}) as folder,
    ):
        yield folder


def sleuthkit_reads(image: Path) -> dict[str, bytes]:
    """The files as `fls` and `icat` read them."""
    files: dict[str, bytes] = {}
    for line in run("fls", "-r", "-p", "-u", "-F", "-f", "exfat", image).splitlines():
        kind, _, rest = line.partition(" ")
        number, _, name = rest.partition(":\t")
        if kind == "r/r" and not name.startswith("$") and "(Volume Label Entry)" not in name:
            content = subprocess.run([tool("icat"), "-f", "exfat", image, number], capture_output=True)
            files[name] = content.stdout
    return files


def stamp(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    return (year - 1980) << 25 | month << 21 | day << 16 | hour << 11 | minute << 5 | second // 2


def sum_16(data: bytes, skip: tuple[int, ...] = ()) -> int:
    total = 0
    for index, byte in enumerate(data):
        if index not in skip:
            total = ((0x8000 if total & 1 else 0) + (total >> 1) + byte) & 0xFFFF
    return total


def sum_32(data: bytes, skip: tuple[int, ...] = ()) -> int:
    total = 0
    for index, byte in enumerate(data):
        if index not in skip:
            total = ((0x80000000 if total & 1 else 0) + (total >> 1) + byte) & 0xFFFFFFFF
    return total


def sealed(entries: bytes) -> bytes:
    """A set of entries with its number of secondary ones and its checksum put in."""
    entries = entries[:1] + bytes([len(entries) // 32 - 1]) + entries[2:]
    return entries[:2] + struct.pack("<H", sum_16(entries, (2, 3))) + entries[4:]


def file_set(
    name: str,
    size: int = 0,
    first: int = 0,
    contiguous: bool = False,
    valid: int | None = None,
    attributes: int = ARCHIVE,
    modified: tuple[int, int, int] = (stamp(2024, 2, 29, 13, 14, 16), 150, 0x80),
    extra: bytes = b"",
    hashed: int | None = None,
) -> bytes:
    """A sound set for a file: 0x85, 0xC0 and 0xC1s, then `extra`. `modified`: stamp, 10 ms, UTC offset."""
    raw = name.encode("utf-16-le", "surrogatepass")
    when, hundredths, offset = modified
    if hashed is None:
        hashed = sum_16(name.upper().encode("utf-16-le", "surrogatepass"))
    file = struct.pack(
        "<BBHHHIIIBBBBB7x", 0x85, 0, 0, attributes, 0, when, when, when, hundredths, hundredths, *[offset] * 3
    )
    flags = 0x03 if contiguous else 0x01
    valid = size if valid is None else valid
    stream = struct.pack("<BBxBHxxQ4xIQ", 0xC0, flags, len(raw) // 2, hashed, valid, first, size)
    pieces = [raw[at : at + 30].ljust(30, b"\0") for at in range(0, len(raw), 30)]
    return sealed(file + stream + b"".join(b"\xc1\0" + piece for piece in pieces) + extra)


class Stick:
    """A volume as bytes in `data`, written as it is told to; nothing checks that it makes sense.

    `folders` has the clusters of each directory by its path, the root's by "".
    """

    def __init__(
        self,
        sector_size: int = 512,
        cluster_size: int = 4096,
        clusters: int = 300,
        upcase: bytes = UPCASE,
        label: str = "",
        root_clusters: int = 1,
    ) -> None:
        self.sector_size, self.cluster_size, self.clusters = sector_size, cluster_size, clusters
        table_sectors = -(-(clusters + 2) * 4 // sector_size)
        self.table = 24 * sector_size
        self.heap = self.table + table_sectors * sector_size
        volume = self.heap + clusters * cluster_size
        self.data = bytearray(volume)
        self._free = 2
        self._taken: list[int] = []
        self._sets: list[list[int]] = []
        self.bitmap: list[int] = []
        self.set_entry(0, 0xFFFFFFF8)
        self.set_entry(1, 0xFFFFFFFF)
        bitmap_size = -(-clusters // 8)
        self.bitmap = self.allocate(bitmap_size)
        self.upcase = self.allocate(len(upcase))
        self.put(self.upcase, upcase)
        self.folders = {"": self.allocate(root_clusters * cluster_size)}
        self._used = {"": 0}
        if label:
            text = label.encode("utf-16-le").ljust(22, b"\0")
            self.add_slots("", struct.pack("<BB22s8x", 0x83, len(label), text))
        self.add_slots("", struct.pack("<BB18xIQ", 0x81, 0, self.bitmap[0], bitmap_size))
        self.add_slots("", struct.pack("<B3xI12xIQ", 0x82, sum_32(upcase), self.upcase[0], len(upcase)))
        boot = bytearray(512)
        boot[:11] = b"\xeb\x76\x90EXFAT   "
        struct.pack_into(
            "<QQIIIIIIHHBBBBB",
            boot,
            64,
            0,
            volume // sector_size,
            24,
            table_sectors,
            self.heap // sector_size,
            clusters,
            self.folders[""][0],
            0x12345678,
            0x0100,
            0,
            sector_size.bit_length() - 1,
            (cluster_size // sector_size).bit_length() - 1,
            1,
            0x80,
            0xFF,
        )
        boot[120:510] = b"\xf4" * 390
        boot[510:512] = b"\x55\xaa"
        self.data[:512] = boot
        for sector in range(1, 9):
            end = (sector + 1) * sector_size
            self.data[end - 4 : end] = b"\0\0\x55\xaa"
        self.seal_boot()
        self.copy_boot()

    # the boot regions

    def set_boot(self, at: int, data: bytes, backup: bool = False) -> None:
        """Changes a boot sector and leaves the checksum of its region wrong."""
        at += 12 * self.sector_size if backup else 0
        self.data[at : at + len(data)] = data

    def seal_boot(self) -> None:
        checked = bytes(self.data[: 11 * self.sector_size])
        sector = struct.pack("<I", sum_32(checked, (106, 107, 112))) * (self.sector_size // 4)
        self.data[11 * self.sector_size : 12 * self.sector_size] = sector

    def copy_boot(self) -> None:
        length = 12 * self.sector_size
        self.data[length : 2 * length] = self.data[:length]

    # clusters

    def position(self, cluster: int) -> int:
        return self.heap + (cluster - 2) * self.cluster_size

    def set_entry(self, cluster: int, value: int) -> None:
        struct.pack_into("<I", self.data, self.table + 4 * cluster, value)

    def allocate(self, size: int, scattered: bool = False, linked: bool = True) -> list[int]:
        """Clusters for so many bytes, marked as taken; every other one when scattered."""
        count, step = -(-size // self.cluster_size), 2 if scattered else 1
        found = list(range(self._free, self._free + count * step, step))
        self._free += count * step
        assert self._free <= self.clusters + 2
        if linked and found:
            for cluster, following in zip(found, [*found[1:], 0xFFFFFFFF], strict=True):
                self.set_entry(cluster, following)
        self._taken += found
        bits = sum(1 << (cluster - 2) for cluster in self._taken)
        self.put(self.bitmap, bits.to_bytes(-(-self.clusters // 8), "little"))
        return found

    def put(self, clusters: list[int], content: bytes) -> None:
        for number, cluster in enumerate(clusters):
            piece = content[number * self.cluster_size : (number + 1) * self.cluster_size]
            at = self.position(cluster)
            self.data[at : at + len(piece)] = piece

    # directories

    def add_slots(self, folder: str, slots: bytes) -> int:
        """Puts entries at the end of a directory and returns where the first of them lies."""
        at = self._used[folder]
        self._used[folder] += len(slots)
        places = [self.place(folder, at + number) for number in range(0, len(slots), 32)]
        for number, place in enumerate(places):
            self.data[place : place + 32] = slots[32 * number : 32 * number + 32]
        self._sets.append(places)
        return places[0]

    def mend(self, image: bytearray) -> None:
        """Makes the checksums of a damaged copy true: of its boot regions, and of the sets written here."""
        size = self.sector_size
        for start in (0, 12 * size):
            if len(image) >= start + 12 * size:
                checked = bytes(image[start : start + 11 * size])
                image[start + 11 * size : start + 11 * size + 4] = struct.pack(
                    "<I", sum_32(checked, (106, 107, 112))
                )
        for places in self._sets:
            slots = b"".join(image[place : place + 32] for place in places)
            if len(slots) == 32 * len(places) and slots[0] == 0x85:
                struct.pack_into("<H", image, places[0] + 2, sum_16(slots, (2, 3)))

    def used(self, folder: str) -> int:
        """Bytes of entries in a directory."""
        return self._used[folder]

    def place(self, folder: str, at: int) -> int:
        """Where byte `at` of a directory lies."""
        number, within = divmod(at, self.cluster_size)
        return self.position(self.folders[folder][number]) + within

    def add_file(
        self,
        path: str,
        content: bytes = b"",
        *,
        contiguous: bool = False,
        scattered: bool = False,
        valid: int | None = None,
        **fields: object,
    ) -> int:
        """A file with its clusters. Returns where its set lies; `fields` go to `file_set`."""
        folder, _, name = path.rpartition("/")
        clusters = self.allocate(len(content), scattered, linked=not contiguous)
        self.put(clusters, content)
        first = clusters[0] if clusters else 0
        slots = file_set(
            name,
            len(content),
            first,
            contiguous=contiguous and bool(clusters),
            valid=valid,
            **fields,  # type: ignore[arg-type]
        )
        return self.add_slots(folder, slots)

    def add_folder(
        self, path: str, clusters: int = 1, *, contiguous: bool = False, scattered: bool = False
    ) -> int:
        folder, _, name = path.rpartition("/")
        size = clusters * self.cluster_size
        self.folders[path] = self.allocate(size, scattered, linked=not contiguous)
        self._used[path] = 0
        first = self.folders[path][0]
        slots = file_set(name, size, first, contiguous=contiguous, attributes=DIRECTORY)
        return self.add_slots(folder, slots)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.data)
        return path
