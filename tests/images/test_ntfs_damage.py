"""NTFS volumes damaged on purpose, each in one structure: everything else can still be read."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev.cache import CachedDevice
from core.blockdev.fault import FaultyDevice
from core.entry import Attribute, Entry, Kind
from core.errors import (
    CorruptStructure,
    MediumError,
    NotAFileSystem,
    NotFound,
    RumpusError,
    UnsupportedFeature,
)
from core.fs.content import Content
from core.fs.driver import HOLE
from core.fs.ntfs import lznt1
from core.fs.ntfs.driver import Ntfs
from core.fs.registry import recognise
from core.worker.copying import Copying
from core.worker.protocol import Copied
from tests.support.memory import MemoryDevice
from tests.support.ntfs import COMPRESSED, ROOT, SHORT_NAME, blank_ntfs, mounted, set_attributes, words
from tests.support.ntfs_patching import ALLOCATION, DATA, FILE_NAME, INDEX_ROOT, Patched

MANY = 400
_chance = random.Random(7)
CONTENT = {
    "small": b"in its record",
    "whole": _chance.randbytes(50_000),
    "pieces": _chance.randbytes(24 * 4096),
    "packed": words(_chance, 400_000),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    image = blank_ntfs(tmp_path_factory.mktemp("sound") / "stick.img", 8 << 20, "-L", "HOLIDAY")
    with mounted(image) as folder:
        for name in ("small", "whole"):
            (folder / name).write_bytes(CONTENT[name])
        with (folder / "pieces").open("wb", 0) as one, (folder / "other").open("wb", 0) as other:
            for at in range(0, len(CONTENT["pieces"]), 4096):
                for file in (one, other):
                    file.write(CONTENT["pieces"][at : at + 4096])
                    os.fsync(file.fileno())
        (folder / "for packed").mkdir()
        set_attributes(folder / "for packed", COMPRESSED)
        (folder / "for packed" / "packed").write_bytes(CONTENT["packed"])
        (folder / "for packed" / "packed").rename(folder / "packed")
        (folder / "many").mkdir()
        for number in range(MANY):
            (folder / "many" / f"{number:04} with a long name").touch()
        (folder / "folder/inner").mkdir(parents=True)
    return image


@pytest.fixture
def patched(sound: Path) -> Patched:
    return Patched(sound)


def opened(image: Patched | bytes | bytearray) -> Ntfs:
    return Ntfs.open(_device(image))


def _device(image: Patched | bytes | bytearray) -> CachedDevice:
    content = bytes(image.image if isinstance(image, Patched) else image)
    return CachedDevice(MemoryDevice(content))


def listed(volume: Ntfs, path: str = "") -> tuple[dict[str, Entry], RumpusError | None]:
    """What a folder has, and the error that its listing ended with."""
    node = ROOT
    for name in [name for name in path.split("/") if name]:
        node = volume.lookup(node, name).node
    found: dict[str, Entry] = {}
    try:
        for batch in volume.entries(node):
            found |= {entry.name: entry for entry in batch}
    except RumpusError as error:
        return found, error
    return found, None


def content_of(image: Patched | bytes | bytearray, name: str) -> bytes:
    device = _device(image)
    volume = Ntfs.open(device)
    content = Content(volume, device, volume.lookup(ROOT, name).node)
    whole = b""
    while len(whole) < content.size:
        whole += content.read(len(whole), content.size - len(whole))
    return whole


def problems(found: dict[str, Entry]) -> set[str]:
    return {name for name, entry in found.items() if entry.problem is not None}


def all_is_there(image: Patched | bytes | bytearray, but: str = "") -> None:
    for name, content in CONTENT.items():
        if name != but:
            assert content_of(image, name) == content
    found, error = listed(opened(image), "many")
    assert error is None and len(found) == MANY and not problems(found)


# the boot sector --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "new"),
    [
        (0, bytes(512)),
        (3, b"WRONG   "),
        (11, b"\x01\x00"),
        (13, b"\x00"),
        (13, b"\x81"),
        (40, bytes(8)),
        (48, b"\xff" * 8),
        (64, b"\x81"),
        (68, b"\x00"),
        (510, b"\0\0"),
    ],
)
def test_a_broken_boot_sector_is_replaced_by_its_copy_and_told(
    place: int, new: bytes, patched: Patched
) -> None:
    patched.image[place : place + len(new)] = new
    all_is_there(patched)
    assert [fault.kind for fault in opened(patched).facts().warnings] == ["CorruptStructure"]
    driver, probe = recognise(_device(patched))[0]
    assert (driver, probe.label) == (Ntfs, "HOLIDAY")
    patched.image[-512:] = bytes(512)
    assert recognise(_device(patched)) == []
    with pytest.raises((NotAFileSystem, CorruptStructure)):
        opened(patched)


def test_a_volume_cut_short_is_told_and_what_is_there_can_be_read(patched: Patched) -> None:
    volume = opened(patched.image[: 6 << 20])
    assert any(fault.values["structure"] == "boot sector" for fault in volume.facts().warnings)
    found, error = listed(volume)
    assert error is None and {"small", "whole"} <= set(found)


# the table of files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 2, 3])
@pytest.mark.parametrize("how", ["magic", "fix-up", "zeros", "attributes"])
def test_broken_first_records_are_replaced_by_the_mirror_and_told(
    number: int, how: str, patched: Patched
) -> None:
    place = patched.place(number)
    if how == "magic":
        patched.image[place : place + 4] = b"BAAD"
    elif how == "fix-up":
        patched.image[place + 1022 : place + 1024] = b"??"
    elif how == "zeros":
        patched.image[place : place + 1024] = bytes(1024)
    else:
        patched.image[place + 20 : place + 22] = b"\xf0\xff"
    all_is_there(patched)
    facts = opened(patched).facts()
    assert facts.label == "HOLIDAY"
    if number in (0, 2, 3):  # nobody needs the record of the mirror itself
        assert {fault.kind for fault in facts.warnings} == {"CorruptStructure"}


def test_without_either_first_record_nothing_can_be_read(patched: Patched) -> None:
    for place in (patched.place(0), patched.mirror * patched.cluster):
        patched.image[place : place + 4] = b"BAAD"
    with pytest.raises(CorruptStructure) as error:
        opened(patched)
    assert error.value.structure == "file record" and error.value.offset == patched.place(0)


def test_bad_sectors_under_the_table_are_met_by_the_mirror(patched: Patched) -> None:
    class Bad(MemoryDevice):
        def read(self, offset: int, length: int) -> bytes:
            if offset < patched.place(1) and patched.place(0) < offset + length:
                raise MediumError(patched.place(0), 1024)
            return super().read(offset, length)

    volume = Ntfs.open(Bad(bytes(patched.image)))
    assert [fault.kind for fault in volume.facts().warnings] == ["MediumError"]
    assert "whole" in listed(volume)[0]


def test_a_table_whose_runs_stand_in_two_records_is_followed(tmp_path: Path) -> None:
    image = blank_ntfs(tmp_path / "stick.img", 6 << 20, "-c", "512")
    with mounted(image) as folder:
        for number in range(4000):
            try:
                (folder / f"{number:06}").write_bytes(b"%06d" % number * (200 if number % 2 else 1))
            except OSError:
                break
        for number in range(0, 3000, 3):
            (folder / f"{number:06}").unlink(missing_ok=True)
        for number in range(3000):
            try:
                (folder / f"again {number:06}").write_bytes(b"again %06d" % number)
            except OSError:
                break
    patched = Patched(image)
    before, _ = listed(opened(patched))
    assert len(patched.table) > 1
    patched.split(0, 20)
    place = patched.mirror * patched.cluster
    patched.image[place : place + 1024] = bytes(1024)
    after, error = listed(opened(patched))
    assert error is None and after == before
    volume = opened(patched)
    assert volume.facts().warnings == []
    assert len(list(volume.extents(0))) == len(patched.table)
    last = max(after, key=lambda name: after[name].node)
    assert content_of(patched, last).startswith(last.encode())


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.__setitem__(slice(0, 4), b"BAAD"),
        lambda raw: raw.__setitem__(slice(510, 512), b"??"),
        lambda raw: raw.__setitem__(slice(4, 8), b"\xff\xff\xff\xff"),
        lambda raw: raw.__setitem__(slice(6, 8), b"\0\0"),
        lambda raw: raw.__setitem__(slice(24, 28), b"\xff\xff\xff\xff"),
        lambda raw: raw.__setitem__(slice(44, 48), b"\x01\0\0\0"),
        lambda raw: raw.__setitem__(slice(60, 64), b"\x00\0\0\0"),
        lambda raw: raw.__setitem__(slice(60, 64), b"\xf8\xff\xff\x7f"),
        lambda raw: raw.__setitem__(slice(16, 18), b"\x77\x77"),
        lambda raw: raw.__setitem__(slice(22, 24), b"\0\0"),
        lambda raw: raw.__setitem__(slice(32, 40), b"\x05" + bytes(7)),
    ],
)
def test_a_broken_record_is_an_entry_with_a_problem(
    damage: Callable[[bytearray], None], patched: Patched
) -> None:
    place = patched.place(patched.number("whole"))
    raw = patched.image[place : place + 1024]
    damage(raw)
    patched.image[place : place + 1024] = raw
    volume = opened(patched)
    found, error = listed(volume)
    assert error is None and problems(found) == {"whole"}
    fault = found["whole"].problem
    assert fault is not None and fault.kind == "CorruptStructure"
    if fault.values["structure"] == "file record":
        assert place <= int(fault.values["offset"]) < place + 1024
        with pytest.raises((CorruptStructure, NotFound)):
            list(volume.extents(found["whole"].node))
    all_is_there(patched, but="whole")


# where the bytes lie ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "packed",
    [
        b"\x11\x00\x10",
        b"\x11\xff\x10",
        b"\x11\x04\x80",
        b"\x41\x04\xff\xff\xff\x7f",
        b"\x88" + b"\xff" * 16,
        b"\x18" + b"\xff" * 7 + b"\x7f\x10",
        b"\xf1\x04\x10",
        b"\x1f\x04\x10",
        b"\x10\x10",
        b"",
    ],
)
def test_absurd_runs_fail_their_file_alone(packed: bytes, patched: Patched) -> None:
    number = patched.number("pieces")
    patched.set_runs(number, packed)
    volume = opened(patched)
    assert volume.stat(number).entry.size == len(CONTENT["pieces"])
    with pytest.raises(CorruptStructure) as error:
        list(volume.extents(number))
    assert error.value.structure == ("runs" if packed else "file record")
    all_is_there(patched, but="pieces")


def test_what_is_sound_of_a_file_comes_before_its_damage(patched: Patched) -> None:
    number = patched.number("pieces")
    runs = patched.runs(patched.record(number), patched.attribute(patched.record(number), DATA))
    assert len(runs) > 3
    first, second = runs[:2]
    packed = struct.pack("<BBH", 0x21, first[1], first[0])
    packed += struct.pack("<BBh", 0x21, second[1], second[0] - first[0]) + b"\x11\x01\x00\x44" + b"\xff" * 8
    patched.set_runs(number, packed)
    device = _device(patched)
    volume = Ntfs.open(device)
    good = (first[1] + second[1] + 1) * 4096
    found = []
    with pytest.raises(CorruptStructure):
        for extent in volume.extents(number):
            found.append(extent)
    assert sum(extent.length for extent in found) == good
    whole = Content(volume, device, number).read(0, 1 << 20)
    assert whole[: good - 4096] == CONTENT["pieces"][: good - 4096]


def test_bytes_that_were_never_written_are_zeros(patched: Patched) -> None:
    number = patched.number("whole")
    found = patched.attribute(patched.record(number), DATA)
    for valid in (0, 1, 4096, 30_000, 50_000):
        patched.patch(number, found, 56, struct.pack("<Q", valid))
        assert content_of(patched, "whole") == CONTENT["whole"][:valid] + bytes(50_000 - valid)
        extents = list(opened(patched).extents(number))
        assert sum(extent.length for extent in extents) == 50_000
        assert (extents[-1].position == HOLE) == (valid < 50_000)
    patched.patch(number, found, 56, b"\xff" * 8)
    assert content_of(patched, "whole") == CONTENT["whole"]


def test_bytes_that_were_never_written_are_zeros_in_a_compressed_file(patched: Patched) -> None:
    number = patched.number("packed")
    found = patched.attribute(patched.record(number), DATA)
    for valid in (0, 1, 65_536, 100_000):
        patched.patch(number, found, 56, struct.pack("<Q", valid))
        assert content_of(patched, "packed") == CONTENT["packed"][:valid] + bytes(400_000 - valid)


@pytest.mark.parametrize("size", [2**63, 2**64 - 1])
def test_a_size_that_cannot_be_is_a_problem_of_the_file(size: int, patched: Patched) -> None:
    patched.patch_value("whole", DATA, 48, struct.pack("<Q", size))
    found, _ = listed(opened(patched))
    assert problems(found) == {"whole"}


def test_a_size_beyond_the_clusters_fails_behind_them(patched: Patched) -> None:
    number = patched.patch_value("whole", DATA, 48, struct.pack("<QQ", 2**62, 2**62))
    device = _device(patched)
    volume = Ntfs.open(device)
    content = Content(volume, device, number)
    assert content.read(0, 50_000) == CONTENT["whole"]
    with pytest.raises(CorruptStructure):
        content.read(2**61, 1)


# attribute lists --------------------------------------------------------------------------------------------


def test_a_file_whose_runs_stand_in_two_records_is_whole(patched: Patched) -> None:
    patched.split(patched.number("pieces"), 20)
    all_is_there(patched)


@pytest.mark.parametrize(
    "damage",
    [
        lambda p: p.image.__setitem__(slice(p.place(20), p.place(20) + 4), b"BAAD"),
        lambda p: p.rebuild(20, [], base=p.number("pieces")),
        lambda p: p.split(p.number("other"), 20),
    ],
    ids=["broken", "empty", "another file's"],
)
def test_a_continuation_that_is_lost_costs_its_part_of_the_file(
    damage: Callable[[Patched], None], patched: Patched
) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    damage(patched)
    device = _device(patched)
    volume = Ntfs.open(device)
    found, error = listed(volume)
    assert error is None and not problems(found)
    good = Content(volume, device, number).read(0, 1 << 20)
    assert 0 < len(good) < len(CONTENT["pieces"])
    assert CONTENT["pieces"].startswith(good)
    with pytest.raises(CorruptStructure):
        list(volume.extents(number))
    with pytest.raises(NotFound):
        volume.stat(21)
    all_is_there(patched, but="pieces")


def test_what_could_not_be_read_is_tried_again_when_it_is_asked_for_again(patched: Patched) -> None:
    number = patched.number("pieces")
    patched.move(number, 20)
    device = FaultyDevice(_device(patched), bad=[(patched.place(20), 1)])
    volume = Ntfs.open(device)
    with pytest.raises(MediumError):
        volume.extents(number)
    device.mend()
    assert Content(volume, device, number).read(0, 1 << 20) == CONTENT["pieces"]


@pytest.mark.parametrize(
    ("offset", "new"),
    [(24 + 4, b"\0\0"), (24 + 4, b"\xff\xff"), (24 + 6, b"\xff"), (16, b"\xff\xff\xff\x7f"), (8, b"\1")],
)
def test_a_broken_attribute_list_is_a_problem_of_the_file(offset: int, new: bytes, patched: Patched) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    patched.patch(number, patched.attribute(patched.record(number), 0x20), offset, new)
    found, error = listed(opened(patched))
    assert error is None and problems(found) == {"pieces"}
    all_is_there(patched, but="pieces")


def test_a_gap_between_the_pieces_of_a_file_is_no_hole(patched: Patched) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    first = patched.attribute(patched.record(20), DATA)
    reach = int.from_bytes(patched.record(20)[first.at + 16 : first.at + 24], "little")
    patched.patch(20, first, 16, struct.pack("<Q", reach + 1))
    device = _device(patched)
    good = Content(Ntfs.open(device), device, number).read(0, 1 << 20)
    assert good == CONTENT["pieces"][: reach * 4096]


def test_an_attribute_list_that_leads_to_itself_ends(patched: Patched) -> None:
    number = patched.number("pieces")
    patched.split(number, 20)
    record = patched.record(number)
    found = patched.attribute(record, 0x20)
    raw = bytes(record[found.at : found.at + found.length])
    own = struct.pack("<Q", number | int.from_bytes(record[16:18], "little") << 48)
    assert raw[-16:-8] == struct.pack("<HIH", 20, 0, 20)
    patched.patch(number, found, found.length - 16, own)
    volume = opened(patched)
    with pytest.raises(CorruptStructure):
        list(volume.extents(number))


# compression ------------------------------------------------------------------------------------------------


def test_a_broken_unit_costs_itself_and_a_copy_has_the_rest(patched: Patched, tmp_path: Path) -> None:
    number = patched.number("packed")
    runs = patched.runs(patched.record(number), patched.attribute(patched.record(number), DATA))
    second = next(cluster for cluster, _ in runs[2:] if cluster >= 0)
    patched.image[second * 4096 : second * 4096 + 4096] = b"\xff" * 4096
    device = _device(patched)
    volume = Ntfs.open(device)
    content = Content(volume, device, number)
    assert content.read(0, 400_000) == CONTENT["packed"][:65_536]
    with pytest.raises(CorruptStructure):
        content.read(65_536, 10)
    assert content.read(131_072, 1000) == CONTENT["packed"][131_072:132_072]
    with (tmp_path / "out").open("wb") as file:
        done = [*Copying(volume, device, file.fileno()).run(1, number)][-1]
    assert isinstance(done, Copied)
    assert [(lost.offset, lost.length) for lost in done.lost] == [(65_536, 65_536)]
    copied = (tmp_path / "out").read_bytes()
    wanted = CONTENT["packed"]
    assert copied == wanted[:65_536] + bytes(65_536) + wanted[131_072:]


def test_packed_noise_is_refused_or_unpacked_to_no_more_than_its_unit() -> None:
    chance = random.Random(3)
    for _ in range(500):
        packed = bytearray(chance.randbytes(chance.choice((0, 1, 2, 50, 3000))))
        packed[:2] = (0xB000 | min(len(packed) - 3, 0xFFF) & 0xFFF).to_bytes(2, "little")
        try:
            assert len(lznt1.unpacked(bytes(packed), 65_536, 0)) == 65_536
        except CorruptStructure:
            continue


@pytest.mark.parametrize("unit", [0, 9, 255])
def test_a_compression_unit_that_cannot_be_is_refused(unit: int, patched: Patched) -> None:
    number = patched.patch_value("packed", DATA, 34, struct.pack("<H", unit))
    stream = opened(patched).data(number)
    assert stream is not None
    with pytest.raises((CorruptStructure, UnsupportedFeature)):
        list(stream)


def test_an_unknown_method_of_compression_is_refused_by_name(patched: Patched) -> None:
    number = patched.patch_value("packed", DATA, 12, b"\x05\0")
    with pytest.raises(UnsupportedFeature) as error:
        opened(patched).data(number)
    assert "0x5" in error.value.name


def test_an_encrypted_file_is_listed_and_refused_by_name(patched: Patched) -> None:
    number = patched.patch_value("whole", DATA, 12, b"\x00\x40")
    patched.patch_value("whole", 0x10, 24 + 32, struct.pack("<I", 0x4020))
    volume = opened(patched)
    found, _ = listed(volume)
    assert found["whole"].attributes == Attribute.ENCRYPTED | Attribute.ARCHIVE
    assert found["whole"].size == len(CONTENT["whole"])
    for read in (volume.extents, volume.data):
        with pytest.raises(UnsupportedFeature) as error:
            read(number)
        assert "EFS" in error.value.name


# directories ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "new"),
    [(0, b"BAAD"), (510, b"??"), (16, b"\x07"), (4, b"\xff\xff"), (24, b"\xff\xff\xff\xff")],
)
def test_a_broken_block_costs_its_own_names_and_those_below_are_found(
    at: int, new: bytes, patched: Patched
) -> None:
    blocks = patched.blocks(patched.number("many"))
    assert len(blocks) > 5
    lost = len(patched.entries(patched.block(blocks[2])))
    patched.image[blocks[2] + at : blocks[2] + at + len(new)] = new
    found, error = listed(opened(patched), "many")
    assert MANY - lost <= len(found) < MANY
    assert not problems(found)
    assert isinstance(error, CorruptStructure)
    assert blocks[2] <= error.offset < blocks[2] + 4096
    all_but_the_folder = opened(patched)
    assert listed(all_but_the_folder)[1] is None


@pytest.mark.parametrize("length", [b"\0\0", b"\x08\0", b"\xff\xff", b"\x10\0"])
def test_a_broken_entry_costs_the_rest_of_its_block(length: bytes, patched: Patched) -> None:
    place = patched.blocks(patched.number("many"))[2]
    block = patched.block(place)
    entries = patched.entries(block)
    at = entries[len(entries) // 2][0]
    block[at + 8 : at + 10] = length
    patched.fix(place, block)
    found, error = listed(opened(patched), "many")
    assert MANY - len(entries) // 2 - 2 <= len(found) < MANY
    assert isinstance(error, CorruptStructure) and error.offset == place + at


def test_an_index_that_leads_to_itself_ends_and_every_name_comes_once(patched: Patched) -> None:
    number = patched.number("many")
    places = patched.blocks(number)
    record = patched.record(number)
    root = patched.attribute(record, INDEX_ROOT, "$I30")
    inner = [place for place in places if patched.block(place)[36] & 1]
    if inner:
        block = patched.block(inner[0])
        at, _ = patched.entries(block)[0]
        length = int.from_bytes(block[at + 8 : at + 10], "little")
        block[at + length - 8 : at + length] = block[16:24]
        patched.fix(inner[0], block)
    else:
        start = root.at + int.from_bytes(record[root.at + 20 : root.at + 22], "little")
        at = start + 16 + int.from_bytes(record[start + 16 : start + 20], "little")
        first, second = (at, at + int.from_bytes(record[at + 8 : at + 10], "little"))
        low = first + int.from_bytes(record[first + 8 : first + 10], "little")
        high = second + int.from_bytes(record[second + 8 : second + 10], "little")
        record[low - 8 : low] = record[high - 8 : high]
        patched.put(number, record)
    names: list[str] = []
    volume = opened(patched)
    with pytest.raises(CorruptStructure) as error:
        for batch in volume.entries(number):
            names += [entry.name for entry in batch]
    assert "cycle" in error.value.expected
    assert len(names) == len(set(names)) == MANY


def test_a_block_beyond_the_index_is_told_and_the_others_are_listed(patched: Patched) -> None:
    number = patched.number("many")
    found = patched.attribute(patched.record(number), ALLOCATION, "$I30")
    size = patched.index_size
    patched.patch(number, found, 48, struct.pack("<QQ", size, size))
    some, error = listed(opened(patched), "many")
    assert isinstance(error, CorruptStructure) and 0 < len(some) < MANY


def _rename(patched: Patched, folder: str, name: str, new: bytes) -> None:
    """Another name of as many bytes, wherever the old one stands in the folder's index blocks."""
    old = name.encode("utf-16-le")
    assert len(old) == len(new)
    for place in patched.blocks(patched.number(folder)):
        block = patched.block(place)
        if old in block:
            patched.fix(place, block.replace(old, new))


def test_an_unpaired_surrogate_survives_as_its_number(patched: Patched) -> None:
    name = "0123 with a long name"
    for number, text in ((123, "\udc00"), (124, "\udc01")):
        old = f"{number:04} with a long name"
        _rename(patched, "many", old, ("x" + text + old[2:]).encode("utf-16-le", "surrogatepass"))
    volume = opened(patched)
    found, _ = listed(volume, "many")
    shown = {"x\\udc0023 with a long name", "x\\udc0124 with a long name"}
    assert shown <= set(found) and name not in found and not problems(found)
    node = volume.lookup(ROOT, "many").node
    for each in shown:
        assert volume.lookup(node, each) == found[each]


def test_a_name_of_nothing_but_surrogates_still_crosses_the_wall(patched: Patched) -> None:
    from core.fs.ntfs.names import file_name

    shown, well_formed = file_name(b"\x00\xd8" * 255)
    assert well_formed and len(shown) <= 1024 and shown.encode()


@pytest.mark.parametrize("text", ["01/3", "01\0003"])
def test_a_name_with_a_slash_or_nul_is_a_problem(text: str, patched: Patched) -> None:
    _rename(patched, "many", "0123 with a long name", f"{text} with a long name".encode("utf-16-le"))
    found, error = listed(opened(patched), "many")
    assert error is None and len(found) == MANY
    assert problems(found) == {f"{text} with a long name".replace("/", "\\x2f").replace("\0", "\\x00")}


@pytest.mark.parametrize(
    "reference", [struct.pack("<Q", 2**40), struct.pack("<HIH", 22, 0, 1), struct.pack("<HIH", 64, 0, 99)]
)
def test_a_name_of_no_file_is_an_entry_with_a_problem(reference: bytes, patched: Patched) -> None:
    place = patched.blocks(patched.number("many"))[2]
    block = patched.block(place)
    at, name = patched.entries(block)[1]
    block[at : at + 8] = reference
    patched.fix(place, block)
    found, error = listed(opened(patched), "many")
    assert error is None and len(found) == MANY and problems(found) == {name}


def test_a_folder_in_two_places_is_a_problem_in_the_second(patched: Patched) -> None:
    """Whoever followed it would never arrive."""
    place = patched.blocks(patched.number("many"))[2]
    block = patched.block(place)
    (first, one), (second, two) = patched.entries(block)[1:3]
    for at, number in ((first, patched.number("many")), (second, ROOT)):
        sequence = int.from_bytes(patched.record(number)[16:18], "little")
        block[at : at + 8] = struct.pack("<Q", number | sequence << 48)
    patched.fix(place, block)
    volume = opened(patched)
    assert not problems(listed(volume)[0])
    found, _ = listed(volume, "many")
    assert problems(found) == {one, two}
    assert {found[one].kind, found[two].kind} == {Kind.DIRECTORY}


def test_a_short_name_whose_long_one_is_lost_is_shown(tmp_path: Path) -> None:
    image = blank_ntfs(tmp_path / "stick.img", 4 << 20)
    with mounted(image) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "A long name.text").write_bytes(b"")
        os.setxattr(folder / "sub" / "A long name.text", SHORT_NAME, b"ALONGN~1.TXT")
    patched = Patched(image)
    assert set(listed(opened(patched), "sub")[0]) == {"A long name.text"}
    number = patched.number("sub")
    record = patched.record(number)
    long = record.index("A long name.text".encode("utf-16-le"))
    record[long - 1] = 2
    patched.put(number, record)
    assert set(listed(opened(patched), "sub")[0]) == {"A long name.text", "ALONGN~1.TXT"}


# the volume -------------------------------------------------------------------------------------------------


def test_a_volume_marked_dirty_says_so(patched: Patched) -> None:
    assert not opened(patched).facts().dirty
    patched.patch(3, patched.attribute(patched.record(3), 0x70), 24 + 10, b"\1\0")
    assert opened(patched).facts().dirty


def test_a_log_that_was_not_closed_makes_the_volume_dirty(patched: Patched) -> None:
    cluster = patched.runs(patched.record(2), patched.attribute(patched.record(2), DATA))[0][0]
    page = bytearray(4096)
    page[0:8] = b"RSTR\x1e\0\x09\0"
    page[24:26] = struct.pack("<H", 48)
    page[48 + 8 : 48 + 16] = struct.pack("<HHHH", 1, 0xFFFF, 0, 0)
    patched.image[cluster * 4096 : cluster * 4096 + 4096] = page
    facts = opened(patched).facts()
    assert facts.dirty and dict(facts.facts)["Log"].startswith("not clean")
    page[48 + 14] = 2
    patched.image[cluster * 4096 : cluster * 4096 + 4096] = page
    assert not opened(patched).facts().dirty


def test_a_bitmap_that_cannot_be_read_leaves_the_free_space_unknown(patched: Patched) -> None:
    patched.image[patched.place(6) : patched.place(6) + 4] = b"BAAD"
    facts = opened(patched).facts()
    assert facts.free is None and len(facts.warnings) == 1


def test_a_broken_table_of_upper_case_is_told_and_names_are_found_all_the_same(patched: Patched) -> None:
    cluster = patched.runs(patched.record(10), patched.attribute(patched.record(10), DATA))[0][0]
    patched.image[cluster * 4096 : cluster * 4096 + 4096] = bytes(4096)
    volume = opened(patched)
    assert volume.lookup(ROOT, "WHOLE").name == "whole"
    assert len(volume.facts().warnings) == 1


def test_broken_names_of_a_file_do_not_hide_it(patched: Patched) -> None:
    number = patched.number("whole")
    patched.patch(number, patched.attribute(patched.record(number), FILE_NAME), 16, struct.pack("<I", 10))
    details = opened(patched).stat(number)
    assert details.links == 1 and details.entry.size == len(CONTENT["whole"])
    assert content_of(patched, "whole") == CONTENT["whole"]
