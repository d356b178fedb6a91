"""Files that were deleted: found under their names, with their bytes, and told with how sure that is."""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.entry import Deleted, Kind, Sureness
from core.errors import CorruptStructure, NotFound, Reused, RumpusError, WrongKind
from core.fs.deleted import DELETED, FreeMap, Remains, guessed
from core.fs.driver import REUSED
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import WritableDriver, removal
from tests.support.disks import run, tool
from tests.support.exfat import Stick, blank_exfat
from tests.support.fat import blank_fat, mtools
from tests.support.memory import MemoryDevice
from tests.support.mutations import mutants
from tests.support.volumes import content_of, device_of, listed, put_in, walked, writer_of

WIDTHS = {12: 2 << 20, 16: 16 << 20, 32: 64 << 20}
NAMES = (
    "a long name of a file.txt",
    "thirteen char",
    "x" * 26,
    "x" * 255,
    "Übung.txt",
    ".hidden file",
    "数据 ☃.txt",
    "Mixed.Case",
)
SHORT = ("SHORT.TXT", "lower.txt")


def contents(*names: str) -> dict[str, bytes]:
    chance = random.Random(5)
    return {name: chance.randbytes(chance.choice((0, 1, 511, 512, 3000))) for name in names}


def remains_of(volume: Fat | ExFat, node: int = 0) -> dict[str, Deleted]:
    remains = volume.remains()
    return {found.entry.name: found for batch in remains.found(node) for found in batch}


def bytes_of(volume: Fat | ExFat, found: Deleted) -> bytes:
    return content_of(volume.remains(), volume._device, found.entry.node)


def by_mtools(image: Path, files: dict[str, bytes], folder: str = "") -> None:
    source = image.with_name("source")
    for name, content in files.items():
        source.write_bytes(content)
        mtools("mcopy", image, source, f"::/{folder}{name}")


@pytest.fixture(params=WIDTHS)
def fat(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    width = request.param
    return blank_fat(tmp_path / "stick.img", WIDTHS[width], "-F", str(width), "-s", "1")


def icat(image: Path, number: str) -> bytes:
    return subprocess.run([tool("icat"), "-r", image, number], capture_output=True, check=True).stdout


def by_sleuthkit(image: Path) -> dict[str, bytes]:
    """The deleted files as `fls` and `icat -r` have them, by their paths."""
    found = {}
    for line in run("fls", "-r", "-p", "-d", "-F", image).splitlines():
        kind, _, rest = line.partition(" ")
        number, _, path = rest.removeprefix("* ").partition(":\t")
        if kind == "r/r":
            found[path] = icat(image, number)
    return found


def test_what_mdel_removed_is_found_under_its_names_with_its_bytes(fat: Path) -> None:
    files = contents(*NAMES)
    mtools("mmd", fat, "::/folder")
    by_mtools(fat, files, "folder/")
    mtools("mdel", fat, *(f"::/folder/{name}" for name in files))
    with device_of(fat) as device:
        volume = Fat.open(device)
        assert remains_of(volume) == {}
        found = remains_of(volume, listed(volume)["folder"].node)
        assert {name: bytes_of(volume, each) for name, each in found.items()} == files
        assert all(each.name_whole for each in found.values())
        assert {each.sureness for each in found.values()} == {Sureness.GOOD, Sureness.LIKELY}
        assert all(each.entry.modified and each.entry.kind is Kind.FILE for each in found.values())


def test_the_first_character_of_a_short_name_is_lost(fat: Path) -> None:
    files = contents(*SHORT)
    by_mtools(fat, files)
    mtools("mdel", fat, *(f"::/{name}" for name in files))
    with device_of(fat) as device:
        volume = Fat.open(device)
        found = remains_of(volume)
        assert {name: bytes_of(volume, each) for name, each in found.items()} == {
            "_HORT.TXT": files["SHORT.TXT"],
            "_ower.txt": files["lower.txt"],
        }
        assert not any(each.name_whole for each in found.values())


def test_sleuthkit_finds_the_same_files(fat: Path) -> None:
    files = contents(*NAMES, *SHORT)
    mtools("mmd", fat, "::/kept", "::/a folder that goes", "::/a folder that goes/inner")
    by_mtools(fat, files, "kept/")
    by_mtools(fat, files, "a folder that goes/inner/")
    mtools("mdel", fat, *(f"::/kept/{name}" for name in files))
    mtools("mdeltree", fat, "::/a folder that goes")
    with device_of(fat) as device:
        volume = Fat.open(device)
        ours = dict(deleted_in(volume, volume.remains(), [(0, ""), (listed(volume)["kept"].node, "kept/")]))
    assert ours == by_sleuthkit(fat)
    assert len(ours) > len(files)  # of a deleted folder, what lies in its first cluster


def deleted_in(
    volume: Fat | ExFat, remains: Remains, folders: list[tuple[int, str]]
) -> Iterator[tuple[str, bytes]]:
    while folders:
        node, path = folders.pop()
        for batch in remains.found(node):
            for found in batch:
                if found.entry.kind is Kind.DIRECTORY:
                    folders.append((found.entry.node, f"{path}{found.entry.name}/"))
                else:
                    yield path + found.entry.name, bytes_of(volume, found)


@pytest.mark.parametrize("system", ["fat", "exfat"])
def test_what_rumpus_removed_is_found_again_with_all_its_folders(tmp_path: Path, system: str) -> None:
    image = tmp_path / "stick.img"
    writing: type[WritableDriver] = FatWriter if system == "fat" else ExFatWriter
    reading: type[Fat | ExFat] = Fat if system == "fat" else ExFat
    if system == "fat":
        blank_fat(image, 64 << 20, "-s", "8")
    else:
        blank_exfat(image, 4 << 20, "-c", "512")
    files = contents(*NAMES)
    with writer_of(writing, image) as (writer, device):
        top = writer.create(0, "a folder that goes", Kind.DIRECTORY)
        inner = writer.create(top.node, "an inner folder", Kind.DIRECTORY)
        for name, content in files.items():
            put_in(writer, device, inner.node, name, content)
        writer.flush()
        for _ in removal(writer, top):
            pass
        writer.flush()
    with device_of(image) as device:
        volume = reading.open(device)
        ours = dict(deleted_in(volume, volume.remains(), [(0, "")]))
    above = "a folder that goes/an inner folder/"
    assert ours == {above + name: content for name, content in files.items()}


def test_a_scattered_file_of_exfat_follows_the_chain_that_is_still_there() -> None:
    content = random.Random(1).randbytes(5 * 512 - 7)
    stick = Stick(cluster_size=512)
    place = stick.add_file("scattered", content, scattered=True)
    volume = deleted_by_hand(stick, place)
    found = remains_of(volume)["scattered"]
    assert found.sureness is Sureness.GOOD
    assert bytes_of(volume, found) == content


def deleted_by_hand(stick: Stick, place: int, *, chain: bool = True) -> ExFat:
    """As a kernel deletes: the bits of use go, the clusters are free, the chain may stay."""
    for slot in range(place, place + 32 * (stick.data[place + 1] + 1), 32):
        stick.data[slot] &= 0x7F
    own = 2 + len(stick.bitmap)  # the root directory comes third
    stick.put(stick.bitmap, ((1 << own) - 1).to_bytes(len(stick.bitmap) * stick.cluster_size, "little"))
    if not chain:
        for cluster in range(2 + own, stick.clusters + 2):
            stick.set_entry(cluster, 0)
    return ExFat.open(MemoryDevice(bytes(stick.data)))


@pytest.mark.parametrize("contiguous", [False, True])
def test_without_a_chain_a_file_of_exfat_is_sure_only_where_its_set_says_that_it_lay_in_a_row(
    contiguous: bool,
) -> None:
    content = random.Random(1).randbytes(5 * 512 - 7)
    stick = Stick(cluster_size=512)
    place = stick.add_file("file", content, contiguous=contiguous, valid=len(content))
    volume = deleted_by_hand(stick, place, chain=False)
    found = remains_of(volume)["file"]
    assert found.sureness is (Sureness.GOOD if contiguous else Sureness.LIKELY)
    assert bytes_of(volume, found) == content


def test_a_set_that_was_changed_since_is_doubtful() -> None:
    stick = Stick(cluster_size=512)
    place = stick.add_file("file", b"content", contiguous=True)
    stick.data[place + 8] ^= 1
    assert remains_of(deleted_by_hand(stick, place))["file"].sureness is Sureness.DOUBTFUL


def test_what_was_never_written_of_a_deleted_file_is_zeros() -> None:
    stick = Stick(cluster_size=512)
    place = stick.add_file("file", b"c" * 2000, contiguous=True, valid=700)
    volume = deleted_by_hand(stick, place)
    assert bytes_of(volume, remains_of(volume)["file"]) == b"c" * 700 + bytes(1300)


def test_clusters_that_other_files_have_are_told_and_never_given_out(fat: Path) -> None:
    """The stick is full, so that what comes must go where the deleted file was."""
    old = {"first": b"1" * 512 * 3, "second": b"2" * 512 * 3, "third": b"3" * 512 * 3}
    with writer_of(FatWriter, fat) as (writer, device):
        for name, content in old.items():
            put_in(writer, device, 0, f"{name} of the old files", content)
        put_in(writer, device, 0, "ballast", bytes(writer.facts().free or 0))
        for name in old:
            writer.remove(listed(writer)[f"{name} of the old files"].node)
        writer.flush()
        put_in(writer, device, 0, "NEW1", b"n" * 512)  # takes the first cluster of the first
        for number, count in ((2, 2), (3, 1)):
            put_in(writer, device, 0, f"NEW{number}", b"n" * 512 * count)
        writer.flush()
    with device_of(fat) as device:
        volume = Fat.open(device)
        found = {each.entry.name.split()[0]: each for each in remains_of(volume).values()}
        remains = volume.remains()
        told = {name: each.sureness for name, each in found.items()}
        assert told == {"second": Sureness.PARTLY, "third": Sureness.LIKELY}
        extents = list(remains.extents(found["second"].entry.node))
        assert [(offset, length, position == REUSED) for offset, position, length in extents] == [
            (0, 512, True),
            (512, 1024, False),
        ]
        with pytest.raises(Reused):
            bytes_of(volume, found["second"])
        assert bytes_of(volume, found["third"]) == old["third"]


def test_a_folder_whose_clusters_were_reused_is_not_walked(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 2 << 20, "-F", "12", "-s", "1")
    mtools("mmd", image, "::/a folder that goes")
    mtools("mdeltree", image, "::/a folder that goes")
    with writer_of(FatWriter, image) as (writer, device):
        put_in(writer, device, 0, "NEW", bytes(writer.facts().free or 0))
        writer.flush()
    with device_of(image) as device:
        volume = Fat.open(device)
        (found,) = remains_of(volume).values()
        assert (found.entry.name, found.name_whole) == (
            "a folder that",
            False,
        )  # NEW has the last piece of it
        assert found.sureness is Sureness.GONE
        with pytest.raises(CorruptStructure):
            list(volume.remains().found(found.entry.node))


def test_half_a_cluster_number_is_found_again_by_what_the_file_begins_with(tmp_path: Path) -> None:
    """Windows zeros the upper half of it when it deletes on FAT32."""
    image = blank_fat(tmp_path / "stick.img", 200 << 20, "-F", "32", "-s", "1")
    pictures = {f"picture {number}.png": b"\x89PNG\r\n\x1a\n" + bytes([number]) * 900 for number in range(3)}
    with writer_of(FatWriter, image) as (writer, device):
        writer._clusters.space.next = 2 * 65536 + 77
        for name, content in {**pictures, "kept.png": b"", "notes.dat": b"d" * 900}.items():
            put_in(writer, device, 0, name, content or b"k")
        for name in (*pictures, "notes.dat"):
            writer.remove(listed(writer)[name].node)
        writer.flush()
    data = bytearray(image.read_bytes())
    root = 32 * 512 + 2 * struct.unpack_from("<I", data, 36)[0] * 512
    for at in range(root, root + 16 * 32 * 4, 32):
        if data[at] == 0xE5 and data[at + 11] != 0x0F:
            data[at + 20 : at + 22] = bytes(2)
    volume = Fat.open(MemoryDevice(bytes(data)))
    found = remains_of(volume)
    assert {name: bytes_of(volume, found[name]) for name in pictures} == pictures
    assert {found[name].sureness for name in pictures} == {Sureness.LIKELY}
    assert found["_otes.dat"].sureness is Sureness.DOUBTFUL


def test_a_node_of_what_is_there_is_none_of_what_was_deleted(fat: Path) -> None:
    by_mtools(fat, {"there.txt": b"there", "gone.txt": b"gone"})
    mtools("mdel", fat, "::/gone.txt")
    with device_of(fat) as device:
        volume = Fat.open(device)
        remains = volume.remains()
        there, gone = listed(volume)["there.txt"], next(iter(remains_of(volume).values())).entry
        for node in (there.node | DELETED, DELETED, 2**63 - 1, DELETED | 0xFFFFFF):
            with pytest.raises(NotFound):
                remains.stat(node)
        with pytest.raises(WrongKind):
            list(remains.found(gone.node))
        with pytest.raises(WrongKind):
            list(remains.found(there.node))


def test_a_guess_goes_around_what_others_have() -> None:
    free = FreeMap(
        2, 22, lambda first, count: bytes(number % 5 != 0 for number in range(first, first + count))
    )
    assert list(guessed(free, 3, 6)) == [(3, 2), (6, 4)]
    assert list(guessed(free, 5, 6)) == [(5, 6)]
    assert list(guessed(free, 19, 6)) == [(19, 1), (21, 1), (22, 4)]


@pytest.mark.parametrize("system", ["fat", "exfat"])
def test_damaged_volumes_have_an_answer_or_an_error_of_the_taxonomy(tmp_path: Path, system: str) -> None:
    image = tmp_path / "stick.img"
    files = contents(*NAMES, *SHORT)
    writing: type[WritableDriver] = FatWriter if system == "fat" else ExFatWriter
    reading: type[Fat | ExFat] = Fat if system == "fat" else ExFat
    if system == "fat":
        blank_fat(image, 1 << 20, "-F", "12", "-s", "1")
    else:
        blank_exfat(image, 3 << 20, "-c", "512")
    with writer_of(writing, image) as (writer, device):
        for above in ("a folder that goes", "a folder that stays"):
            folder = writer.create(0, above, Kind.DIRECTORY)
            for name, content in files.items():
                put_in(writer, device, folder.node, name, content)
            writer.flush()
            for entry in list(listed(writer, folder.node).values())[::2]:
                writer.remove(entry.node)
        for _ in removal(writer, listed(writer)["a folder that goes"]):
            pass
        writer.flush()
    seen = 0
    for _, damaged in mutants(image.read_bytes(), 200, seed=7):
        device = MemoryDevice(damaged)
        try:
            volume = reading.open(device)
            folders = [entry.node for _, entry in walked(volume) if entry.kind is Kind.DIRECTORY]
            remains = volume.remains()
        except RumpusError:
            continue
        waiting = [(node, 0) for node in (0, *folders)]
        while waiting:
            node, depth = waiting.pop()
            try:
                for batch in remains.found(node):
                    for found in batch:
                        seen += 1
                        found.entry.name.encode()
                        if found.entry.kind is Kind.DIRECTORY and depth < 3:
                            waiting.append((found.entry.node, depth + 1))
                        elif found.entry.size < 1 << 20:
                            look_at(remains, device, found)
            except RumpusError:
                continue
    assert seen > 1000


def look_at(remains: Remains, device: MemoryDevice, found: Deleted) -> None:
    try:
        extents = list(remains.extents(found.entry.node))
        assert sum(extent.length for extent in extents) == found.entry.size
        content_of(remains, device, found.entry.node)
    except RumpusError:
        return
