"""What a check finds on damaged FAT volumes, beside what fsck.fat says of them."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from core.entry import Finding, FindingKind
from core.fs.fat.driver import Fat
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import tool
from tests.support.fat import blank_fat, mtools
from tests.support.volumes import volume_of

WIDTHS = {12: 1 << 20, 16: 5 << 20, 32: 36 << 20}
SECTOR = 512


class Image:
    """A volume of clusters of one sector with some files, to be damaged byte by byte."""

    def __init__(self, path: Path, width: int) -> None:
        self.path = blank_fat(path, WIDTHS[width], "-F", str(width), "-s", "1", "-n", "HOLIDAY")
        self.width = width
        content = path.with_name("content")
        content.write_bytes(b"x" * 5000)
        mtools("mmd", self.path, "::/folder", "::/folder/inner")
        for name in ("one.txt", "a long name for two.txt", "folder/three.txt", "folder/inner/four.txt"):
            mtools("mcopy", self.path, content, f"::/{name}")
        data = self.path.read_bytes()
        self.reserved = struct.unpack_from("<H", data, 14)[0] * SECTOR
        short, wide = struct.unpack_from("<H", data, 22)[0], struct.unpack_from("<I", data, 36)[0]
        self.table_size = (short or wide) * SECTOR

    def entry(self, name: bytes) -> int:
        """Where the directory entry with that short name lies."""
        return self.path.read_bytes().index(name)

    def first(self, name: bytes) -> int:
        at = self.entry(name)
        data = self.path.read_bytes()
        high = struct.unpack_from("<H", data, at + 20)[0] if self.width == 32 else 0
        return struct.unpack_from("<H", data, at + 26)[0] | high << 16

    def put(self, at: int, data: bytes) -> None:
        with self.path.open("r+b") as file:
            file.seek(at)
            file.write(data)

    def link(self, cluster: int, value: int, tables: int = 2) -> None:
        """Sets an entry of the allocation table in both copies."""
        for table in range(tables):
            start = self.reserved + table * self.table_size
            if self.width == 12:
                data = self.path.read_bytes()
                at = start + cluster * 3 // 2
                old = struct.unpack_from("<H", data, at)[0]
                new = old & 0x000F | value << 4 if cluster & 1 else old & 0xF000 | value & 0xFFF
                self.put(at, struct.pack("<H", new & 0xFFFF))
            else:
                form = "<H" if self.width == 16 else "<I"
                self.put(start + cluster * self.width // 8, struct.pack(form, value & (1 << self.width) - 1))


def _lost(image: Image) -> None:
    mtools("mcopy", image.path, image.path.with_name("content"), "::/lost.txt")
    image.put(image.entry(b"LOST    TXT"), b"\xe5")


def _shared(image: Image) -> None:
    image.put(image.entry(b"THREE   TXT") + 26, struct.pack("<H", image.first(b"ONE     TXT")))


def _too_short(image: Image) -> None:
    image.link(image.first(b"ONE     TXT") + 3, 0xFFFFFFF)


def _too_long(image: Image) -> None:
    image.put(image.entry(b"ONE     TXT") + 28, struct.pack("<I", 100))


def _circle(image: Image) -> None:
    first = image.first(b"ONE     TXT")
    image.link(first + 5, first)


def _tables(image: Image) -> None:
    image.link(image.first(b"ONE     TXT") + 9, 0xFFFFFF8 + 1, tables=1)


def _twice(image: Image) -> None:
    mtools("mcopy", image.path, image.path.with_name("content"), "::/ONE2.TXT")
    image.put(image.entry(b"ONE2    TXT"), b"ONE     TXT")


def _name(image: Image) -> None:
    image.put(image.entry(b"ONE     TXT"), b"O\x01E")


def _parent(image: Image) -> None:
    at = image.entry(b"INNER      ")
    cluster = image.first(b"INNER      ")
    data = image.path.read_bytes()
    dots = data.index(b"..         ", at)
    while struct.unpack_from("<H", data, dots - 32 + 26)[0] != cluster:
        dots = data.index(b"..         ", dots + 1)
    image.put(dots + 26, struct.pack("<H", cluster + 1))


DAMAGES: dict[FindingKind, tuple[Callable[[Image], None], str]] = {
    FindingKind.LOST: (_lost, ""),
    FindingKind.SHARED: (_shared, "/folder/three.txt"),
    FindingKind.TOO_SHORT: (_too_short, "/one.txt"),
    FindingKind.TOO_LONG: (_too_long, "/one.txt"),
    FindingKind.CHAIN: (_circle, "/one.txt"),
    FindingKind.TABLES_DIFFER: (_tables, ""),
    FindingKind.NAME_TWICE: (_twice, "/ONE.TXT"),
    FindingKind.ENTRY: (_name, ""),
    FindingKind.PARENT: (_parent, "/folder/inner"),
}


def found(image: Image) -> list[Finding]:
    with volume_of(Fat, image.path) as volume:
        return [finding for finding in volume.check() if finding is not None]


def fsck(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([tool("fsck.fat"), "-n", path], capture_output=True, text=True, check=False)


@pytest.fixture(params=WIDTHS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Image:
    return Image(tmp_path / "stick.img", request.param)


def test_nothing_is_found_on_a_sound_volume(image: Image) -> None:
    assert found(image) == []
    assert fsck(image.path).returncode == 0


@pytest.mark.parametrize("kind", DAMAGES, ids=str)
def test_each_kind_of_damage_is_found_where_it_is(kind: FindingKind, image: Image) -> None:
    damage, path = DAMAGES[kind]
    damage(image)
    findings = [finding for finding in found(image) if finding.kind is kind]
    assert findings, [finding.kind for finding in found(image)]
    if path:
        assert path.casefold() in [finding.path.casefold() for finding in findings]
    assert fsck(image.path).returncode == 1 or kind is FindingKind.PARENT


def test_as_many_clusters_are_lost_as_fsck_says(image: Image) -> None:
    _lost(image)
    (lost,) = [finding for finding in found(image) if finding.kind is FindingKind.LOST]
    assert f"Reclaimed {lost.clusters} unused cluster" in fsck(image.path).stdout


def test_what_only_fat32_has_is_checked_too(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 32)
    image.put(6 * SECTOR + 3, b"other")
    image.put(SECTOR + 488, struct.pack("<I", 7))
    kinds = [finding.kind for finding in found(image)]
    assert kinds == [FindingKind.BOOT_SECTOR, FindingKind.FREE_COUNT]


async def test_a_check_goes_through_the_wall_and_changes_nothing(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    kinds = (FindingKind.LOST, FindingKind.SHARED, FindingKind.PARENT, FindingKind.TABLES_DIFFER)
    for kind in kinds:
        DAMAGES[kind][0](image)
    before = image.path.read_bytes()
    async with Supervisor() as supervisor:
        with await open_medium(image.path) as medium:
            async with await supervisor.open(medium) as volume:
                met = {finding.kind async for finding in volume.check()}
    assert set(kinds) <= met
    assert image.path.read_bytes() == before
