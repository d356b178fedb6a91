"""What our exFAT driver reads is what exfat-fuse wrote and what The Sleuth Kit reads."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.fs.exfat.driver import ExFat
from tests.support.disks import run, tool
from tests.support.exfat import blank_exfat, mounted, sleuthkit_reads
from tests.support.volumes import content_of, device_of, listed, volume_of, walked

CLUSTERS_OF = [(512, 512), (512, 4096), (512, 128 << 10), (1024, 1024), (2048, 8192), (4096, 4096)]
"""(sector size, cluster size)"""
NAMES = (
    "short.txt",
    "Mixed.Case",
    "fifteen letters",
    "sixteen letters!",
    "ünïcödé 数据.txt",
    "beyond the plane 😀𝄞.txt",
    "n" * 255,
    "数" * 255,
    "𝄞" * 127,
)


def fill(folder: Path, cluster_size: int, seed: int) -> dict[str, bytes]:
    """Fills a mounted volume with folders and fragmented files, and returns what should be in it."""
    chance = random.Random(seed)
    made: dict[str, bytes] = {}

    def put(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        made[name] = content

    (folder / "folder" / "inner folder").mkdir(parents=True)
    (folder / "empty folder").mkdir()
    for number, name in enumerate(NAMES):
        put(("folder/inner folder/" if number % 2 else "") + name, chance.randbytes(chance.randrange(5000)))
    for number, size in enumerate((0, 1, cluster_size - 1, cluster_size, cluster_size + 1)):
        put(f"folder/{number} bytes around a cluster", chance.randbytes(size))
    for number in range(12):
        put(f"gap{number}", chance.randbytes(cluster_size))
    for number in range(0, 12, 2):
        (folder / f"gap{number}").unlink()
        del made[f"gap{number}"]
    return made


@pytest.mark.parametrize(("sector_size", "cluster_size"), CLUSTERS_OF)
def test_every_sector_and_cluster_size_reads_as_exfat_fuse_and_sleuthkit_read_it(
    tmp_path: Path, sector_size: int, cluster_size: int
) -> None:
    size = max(3 << 20, 40 * cluster_size)
    options = ("-c", str(cluster_size), "-L", "Hälló 数据", "-b", str(cluster_size))
    image = blank_exfat(tmp_path / "stick.img", size, *options, sector_size=sector_size)
    with mounted(image, sector_size) as folder:
        made = fill(folder, cluster_size, seed=cluster_size)
    made["fragmented"] = random.Random(1).randbytes(9 * cluster_size + 17)
    with mounted(image, sector_size) as folder:  # looks for free clusters from the first on again
        (folder / "fragmented").write_bytes(made["fragmented"])
    run("fsck.exfat", "-n", image)
    with mounted(image, sector_size) as folder, device_of(image) as device:
        volume = ExFat.open(device)
        facts = volume.facts()
        assert (facts.system, facts.label, facts.block_size) == ("exFAT", "Hälló 数据", cluster_size)
        assert facts.warnings == []
        found = dict(walked(volume))
        assert sorted(found) == sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
        assert {name for name, entry in found.items() if entry.kind is Kind.FILE} == made.keys()
        for name, entry in found.items():
            peer = (folder / name).stat()
            assert entry.problem is None
            assert entry.modified is not None
            assert entry.modified // 10**9 == peer.st_mtime_ns // 10**9
            if entry.kind is Kind.FILE:
                assert entry.size == peer.st_size == len(made[name])
                assert content_of(volume, device, entry.node) == made[name]
            assert volume.stat(entry.node).entry == entry
            assert volume.lookup(0, name.partition("/")[0].upper()).name == name.partition("/")[0]
        assert len(list(volume.extents(found["fragmented"].node))) > 1
        assert not volume.facts().warnings
    if sector_size == 512:
        assert sleuthkit_reads(image) == made


@pytest.mark.parametrize("sector_size", [512, 4096])
def test_the_largest_clusters_are_read(tmp_path: Path, sector_size: int) -> None:
    image = blank_exfat(tmp_path / "stick.img", 400 << 20, "-c", "32M", sector_size=sector_size)
    made = {name: name.encode() * 1000 for name in NAMES[:3]}
    with mounted(image, sector_size) as folder:
        for name, content in made.items():
            (folder / name).write_bytes(content)
    with device_of(image) as device:
        volume = ExFat.open(device)
        assert (volume.facts().block_size, volume.facts().warnings) == (32 << 20, [])
        found = listed(volume)
        assert {name: content_of(volume, device, entry.node) for name, entry in found.items()} == made


@pytest.mark.parametrize("zone", ["UTC", "EST5", "IST-5:30", "NPT-5:45"])
def test_times_written_in_any_zone_are_read_as_the_same_moment(tmp_path: Path, zone: str) -> None:
    image = blank_exfat(tmp_path / "stick.img", 4 << 20)
    moment = 1_620_284_889 * 10**9
    with mounted(image, zone=zone) as folder:
        (folder / "file").touch()
        subprocess.run([tool("touch"), "-d", "@1620284889", folder / "file"], check=True)
    with volume_of(ExFat, image) as volume:
        assert listed(volume)["file"].modified == moment


def test_free_space_is_what_the_peer_counts(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 5 << 20, "-c", "4096")
    with mounted(image) as folder:
        fill(folder, 4096, seed=3)
    free = next(line for line in run("dump.exfat", image).splitlines() if "Free Clusters" in line)
    with volume_of(ExFat, image) as volume:
        assert volume.facts().free == int(free.split()[-1]) * 4096


def test_a_freshly_made_volume_is_empty_and_sound(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 64 << 20)
    with volume_of(ExFat, image) as volume:
        facts = volume.facts()
        assert listed(volume) == {}
        assert (facts.label, facts.warnings, facts.dirty) == ("", [], False)
        assert facts.uuid == run("blkid", "-p", "-o", "value", "-s", "UUID", image).strip()


def test_a_bitmap_packed_behind_the_table_is_found(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 64 << 20, "--pack-bitmap", "-L", "PACKED")
    with volume_of(ExFat, image) as volume:
        facts = volume.facts()
        assert (facts.label, facts.warnings) == ("PACKED", [])
        assert facts.free is not None


def test_a_folder_that_grew_is_read_to_its_end(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 16 << 20, "-c", "512")
    with mounted(image) as folder:
        for name in ("many", "other"):
            (folder / name).mkdir()
        for number in range(600):
            (folder / "many" / f"{number:04} begins a long name, longer than one piece").touch()
            (folder / "other" / f"{number}").touch()
    with volume_of(ExFat, image) as volume:
        many = listed(volume)["many"]
        assert volume.stat(many.node).facts[1] == ("Allocation", "cluster chain")
        names = list(listed(volume, many.node))
        assert names == [f"{number:04} begins a long name, longer than one piece" for number in range(600)]
        assert volume.lookup(many.node, names[-1].upper()).name == names[-1]


def test_deleted_files_are_gone(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 4 << 20)
    with mounted(image) as folder:
        for name in ("first", "second", "third"):
            (folder / name).touch()
        (folder / "second").unlink()
    with volume_of(ExFat, image) as volume:
        assert list(listed(volume)) == ["first", "third"]
        assert listed(volume)["first"].attributes == Attribute.ARCHIVE
