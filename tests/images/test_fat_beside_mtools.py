"""What our FAT driver reads is what mtools reads, on volumes that mkfs.fat made."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.entry import Attribute, Kind
from core.fs.driver import Options
from core.fs.fat.driver import Fat
from tests.support.fat import blank_fat, mtools
from tests.support.volumes import content_of, device_of, listed, volume_of, walked

CLUSTER_SIZES = [512 << power for power in range(8)]
CLUSTERS = {12: 2000, 16: 5000, 32: 70_000}
NAMES = (
    "short.txt",
    "UPPER.TXT",
    "Mixed.Case",
    "a much longer name than 8.3 allows.jpeg",
    "ünïcödé 数据.txt",
)


def filled(image: Path, folder: Path, cluster_size: int, seed: int) -> dict[str, bytes]:
    """Fills a volume with folders and fragmented files, and returns what should be in it."""
    chance = random.Random(seed)
    made: dict[str, bytes] = {}

    def put(name: str, content: bytes) -> None:
        source = folder / "source"
        source.write_bytes(content)
        mtools("mcopy", image, "-o", source, "::/" + name)
        made[name] = content

    mtools("mmd", image, "::/folder", "::/folder/inner folder", "::/empty folder")
    for number, name in enumerate(NAMES):
        put(("folder/inner folder/" if number % 2 else "") + name, chance.randbytes(chance.randrange(5000)))
    sizes = (0, 1, cluster_size - 1, cluster_size, cluster_size + 1)
    for number, size in enumerate(sizes):
        put(f"folder/{number} bytes around a cluster", chance.randbytes(size))
    for number in range(12):
        put(f"gap{number}", chance.randbytes(cluster_size))
    for number in range(0, 12, 2):
        mtools("mdel", image, f"::/gap{number}")
        del made[f"gap{number}"]
    begin_again(image)
    put("fragmented", chance.randbytes(cluster_size * 9 + 17))
    return made


def begin_again(image: Path) -> None:
    """Lets the next file fill the gaps, where FAT32's FSInfo sector would send it behind everything."""
    with image.open("r+b") as file:
        for sector_size in (512, 1024, 2048, 4096):
            file.seek(sector_size)
            if file.read(4) == b"RRaA":
                file.seek(sector_size + 492)
                file.write(b"\x02\0\0\0")


@pytest.mark.parametrize("cluster_size", CLUSTER_SIZES)
@pytest.mark.parametrize("width", CLUSTERS)
def test_every_width_and_cluster_size_reads_as_mtools_reads_it(
    tmp_path: Path, width: int, cluster_size: int
) -> None:
    options = ("-F", str(width), "-s", str(cluster_size // 512), "-n", "HOLIDAY")
    image = blank_fat(tmp_path / "stick.img", CLUSTERS[width] * cluster_size + (1 << 18), *options)
    made = filled(image, tmp_path, cluster_size, seed=width * cluster_size)
    out = tmp_path / "out"
    out.mkdir()
    mtools("mcopy", image, "-s", "-n", "-m", "::/", out)
    with device_of(image) as device:
        volume = Fat.open(device)
        facts = volume.facts()
        assert (facts.system, facts.label, facts.block_size) == (f"FAT{width}", "HOLIDAY", cluster_size)
        assert (facts.warnings, facts.dirty) == ([], False)
        found = dict(walked(volume))
        assert sorted(found) == sorted(str(path.relative_to(out)) for path in out.rglob("*"))
        assert {name for name, entry in found.items() if entry.kind is Kind.FILE} == made.keys()
        for name, entry in found.items():
            assert entry.problem is None
            peer = (out / name).stat()
            if entry.kind is Kind.FILE:
                assert entry.size == peer.st_size == len(made[name])
                assert entry.modified == peer.st_mtime_ns
                assert content_of(volume, device, entry.node) == (out / name).read_bytes() == made[name]
            assert volume.stat(entry.node).entry == entry
            assert volume.lookup(0, name.partition("/")[0]).name == name.partition("/")[0]
        assert len(list(volume.extents(found["fragmented"].node))) > 1


@pytest.mark.parametrize("sector_size", [512, 1024, 2048, 4096])
def test_volumes_of_other_sector_sizes_are_read(tmp_path: Path, sector_size: int) -> None:
    image = blank_fat(tmp_path / "stick.img", 400 << 20, "-F", "32", "-S", str(sector_size), "-s", "1")
    made = filled(image, tmp_path, sector_size, seed=sector_size)
    with device_of(image) as device:
        volume = Fat.open(device)
        found = {name: entry for name, entry in walked(volume) if entry.kind is Kind.FILE}
        assert {name: content_of(volume, device, entry.node) for name, entry in found.items()} == made


@pytest.mark.parametrize("width", CLUSTERS)
def test_free_space_is_what_mtools_counts(tmp_path: Path, width: int) -> None:
    image = blank_fat(tmp_path / "stick.img", CLUSTERS[width] * 1024 + (1 << 18), "-F", str(width), "-s", "2")
    filled(image, tmp_path, 1024, seed=1)
    last = mtools("mdir", image, "::/").decode().splitlines()[-2]
    free = int("".join(character for character in last if character.isdigit()))
    with volume_of(Fat, image) as volume:
        assert volume.facts().free == free
        assert volume._table.free() == free // 1024


def test_attributes_and_case_bits_are_read(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    names = ["a.txt", "B.txt", "c.TXT", "D.TXT"]
    for name in names:
        mtools("mcopy", image, "/dev/null", f"::/{name}")
    mtools("mattrib", image, "+r", "+h", "+s", "-a", "::/a.txt")
    with volume_of(Fat, image) as volume:
        found = listed(volume)
        assert list(found) == names
        wanted = Attribute.READ_ONLY | Attribute.HIDDEN | Attribute.SYSTEM
        assert found["a.txt"].attributes == wanted
        assert found["D.TXT"].attributes == Attribute.ARCHIVE


@pytest.mark.parametrize(("code_page", "name"), [(850, "ÉTÉ.TXT"), (866, "ПРИВЕТ.TXT"), (437, "ÄÖÜ.TXT")])
def test_short_names_are_read_in_the_code_page_that_is_asked_for(
    tmp_path: Path, code_page: int, name: str
) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    mtools("mcopy", image, "/dev/null", f"::/{name}", code_page=code_page)
    # Without its long name only the bytes in the code page are left.
    content = bytearray(image.read_bytes())
    short = content.index(name.partition(".")[0].encode(f"cp{code_page}").ljust(8) + b"TXT")
    for slot in range(short - 64, short, 32):
        if content[slot + 11] == 0x0F:
            content[slot] = 0xE5
    image.write_bytes(content)
    with volume_of(Fat, image, Options(f"cp{code_page}")) as volume:
        assert list(listed(volume)) == [name]
        assert volume.lookup(0, name.lower()).name == name


def test_deleted_entries_are_gone_and_short_names_find_their_files(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20)
    for name in ("first long name.txt", "second long name.txt"):
        mtools("mcopy", image, "/dev/null", f"::/{name}")
    mtools("mdel", image, "::/first long name.txt")
    with volume_of(Fat, image) as volume:
        assert list(listed(volume)) == ["second long name.txt"]
        assert volume.lookup(0, "SECOND~1.TXT").name == "second long name.txt"
        assert volume.lookup(0, "SECOND LONG NAME.txt").name == "second long name.txt"


def test_a_volume_without_a_label_in_its_root_has_none(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 4 << 20, "-n", "OLDNAME")
    mtools("mlabel", image, "-c", "::")
    with volume_of(Fat, image) as volume:
        assert volume.facts().label == ""
    mtools("mlabel", image, "::New Name")
    with volume_of(Fat, image) as volume:
        assert volume.facts().label == "NEW NAME"
