"""What a check finds on damaged exFAT volumes, beside what fsck.exfat says of them; and their repair."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.blockdev.fault import FaultyDevice
from core.entry import FindingKind, Remedy
from core.errors import CorruptStructure
from core.fs import ownership
from core.fs.exfat import names, upcase
from core.fs.exfat.driver import ExFat
from core.fs.relocating import in_runs
from tests.support.exfat import blank_exfat, file_set, mounted
from tests.support.exfat_damage import CONTENTS, DAMAGES, Victim
from tests.support.fsck import exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.repairs import applied, files, findings, repaired
from tests.support.samples import source_tree
from tests.support.volumes import volume_of

SIZES = {"512": 4, "4k": 8, "32k": 64, "128k": 300, "1m": 1024, "32m": 4096}
"""Volumes in MiB by the size of their clusters."""


def damaged(name: str) -> bytes:
    victim = Victim()
    DAMAGES[name].do(victim)
    return bytes(victim.stick.data)


def said_of(content: bytes, folder: Path) -> list[str]:
    image = folder / "judged.img"
    image.write_bytes(content)
    return exfat_complaints(image)


def test_nothing_is_found_on_a_sound_volume(tmp_path: Path) -> None:
    content = bytes(Victim().stick.data)
    assert findings(ExFat, MemoryDevice(content)) == []
    assert said_of(content, tmp_path) == []


@pytest.mark.parametrize("unit", SIZES)
def test_nothing_is_found_on_what_mkfs_makes(unit: str, tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", SIZES[unit] << 20, "-c", unit, "-L", "HOLIDAY")
    with volume_of(ExFat, image) as volume:
        assert [finding for finding in volume.check() if finding is not None] == []


def test_nothing_is_found_on_what_another_driver_wrote(tmp_path: Path) -> None:
    image = blank_exfat(tmp_path / "stick.img", 16 << 20, "-c", "4k")
    with mounted(image) as volume:
        source_tree(volume)
    with volume_of(ExFat, image) as volume:
        assert [finding for finding in volume.check() if finding is not None] == []


@pytest.mark.parametrize("name", DAMAGES)
def test_each_kind_of_damage_is_found_where_it_is(name: str, tmp_path: Path) -> None:
    damage = DAMAGES[name]
    content = damaged(name)
    found = findings(ExFat, MemoryDevice(content))
    assert damage.kind in [finding.kind for finding in found]
    if damage.path:
        assert damage.path in [finding.path for finding in found if finding.kind is damage.kind]
    assert bool(said_of(content, tmp_path)) or not damage.judged


@pytest.mark.parametrize("name", DAMAGES)
def test_a_repair_satisfies_fsck_and_loses_no_file_that_was_whole(name: str, tmp_path: Path) -> None:
    content = damaged(name)
    result = repaired(ExFat, MemoryDevice(content))
    assert result.mended and result.left == []
    after = applied(result.draft, content)
    assert findings(ExFat, MemoryDevice(after)) == []
    assert said_of(after, tmp_path) == []
    found = files(ExFat, after)
    for path in CONTENTS.keys() - DAMAGES[name].loses:
        assert found[path] == CONTENTS[path], path


def test_of_a_chain_that_breaks_off_the_sound_part_stays() -> None:
    content = damaged("chain cut")
    after = applied(repaired(ExFat, MemoryDevice(content)).draft, content)
    assert files(ExFat, after)["chain.dat"] == CONTENTS["chain.dat"][:2048]


def test_cross_linked_files_both_keep_what_they_read_as() -> None:
    content = damaged("shared")
    before = CONTENTS["chain.dat"][:5000]
    result = repaired(ExFat, MemoryDevice(content))
    assert Remedy.COPY in [finding.remedy for finding in result.mended]
    found = files(ExFat, applied(result.draft, content))
    assert found["folder/inside.dat"] == before
    assert found["chain.dat"] == CONTENTS["chain.dat"]


def test_without_room_for_a_copy_the_second_file_ends_before_what_is_shared() -> None:
    victim = Victim()
    DAMAGES["shared row"].do(victim)
    for cluster in range(2, 402):
        victim.bit(cluster, taken=True)
    content = bytes(victim.stick.data)
    result = repaired(ExFat, MemoryDevice(content))
    (shared,) = [finding for finding in result.mended if finding.kind is FindingKind.SHARED]
    assert shared.remedy is Remedy.EMPTY
    found = files(ExFat, applied(result.draft, content))
    assert (found["chain.dat"], found["row.dat"]) == (CONTENTS["chain.dat"], b"")


def test_a_file_that_claims_too_much_takes_nothing_from_others() -> None:
    content = damaged("row too long")
    result = repaired(ExFat, MemoryDevice(content))
    after = files(ExFat, applied(result.draft, content))
    assert after["row.dat"].startswith(CONTENTS["row.dat"])
    assert {finding.path for finding in result.mended if finding.path} == {"/row.dat"}


def test_a_folder_that_is_there_twice_is_there_once_and_whole() -> None:
    content = damaged("folder twice")
    after = files(ExFat, applied(repaired(ExFat, MemoryDevice(content)).draft, content))
    assert after["again/deep.dat"] == CONTENTS["folder/inner/deep.dat"]


def test_lost_clusters_become_files_when_they_are_to_be_kept(tmp_path: Path) -> None:
    victim = Victim()
    clusters = victim.stick.allocate(3000)
    victim.stick.put(clusters, b"what was lost".ljust(3072, b"."))
    content = bytes(victim.stick.data)
    result = repaired(ExFat, MemoryDevice(content), keep=True)
    (lost,) = result.mended
    assert (lost.remedy, lost.note) == (Remedy.KEEP, "FILE0000.CHK")
    after = applied(result.draft, content)
    assert files(ExFat, after)["FILE0000.CHK"] == b"what was lost".ljust(3072, b".")
    assert said_of(after, tmp_path) == []


def test_a_name_that_is_there_twice_gets_a_number() -> None:
    content = damaged("name twice")
    (twice,) = repaired(ExFat, MemoryDevice(content)).mended
    assert (twice.remedy, twice.note) == (Remedy.RENAME, "CHAIN~1.DAT")


def test_in_place_of_a_broken_upcase_table_comes_the_recommended_one() -> None:
    content = damaged("up-case table")
    result = repaired(ExFat, MemoryDevice(content))
    assert [(finding.kind, finding.remedy) for finding in result.mended] == [
        (FindingKind.UPCASE, Remedy.REBUILD)
    ], "and the clusters of the old one are not left over"
    after = applied(result.draft, content)
    assert after.count(upcase.recommended()) == 1
    assert struct.pack("<I", upcase.CHECKSUM) in after


def test_names_are_told_apart_by_the_new_table() -> None:
    """Their hashes were made by the old one, which knew no accents."""
    victim = Victim()
    old = names.hashed("caf\u00e9.txt".encode("utf-16-le"), names.MANDATORY)
    victim.stick.add_slots("", file_set("caf\u00e9.txt", hashed=old))
    DAMAGES["up-case table"].do(victim)
    content = bytes(victim.stick.data)
    result = repaired(ExFat, MemoryDevice(content))
    assert {finding.path for finding in result.mended} == {"", "/caf\u00e9.txt"} and result.left == []
    device = MemoryDevice(applied(result.draft, content))
    volume = ExFat.open(device)
    assert volume.lookup(volume.facts().root, "CAF\u00c9.TXT").name == "caf\u00e9.txt"


def test_a_file_that_the_table_seemed_to_lie_in_stays_whole() -> None:
    content = damaged("up-case table of a file")
    result = repaired(ExFat, MemoryDevice(content))
    assert files(ExFat, applied(result.draft, content))["chain.dat"] == CONTENTS["chain.dat"]
    assert Remedy.REBUILD in [finding.remedy for finding in result.mended]


def test_without_room_for_a_new_upcase_table_the_volume_stays_as_it_is() -> None:
    victim = Victim()
    DAMAGES["up-case table"].do(victim)
    DAMAGES["dirty"].do(victim)
    stick = victim.stick
    free = [cluster for cluster in range(2, 2 + stick.clusters) if not victim.is_taken(cluster)]
    for first, count in in_runs(free):
        stick.add_slots("", file_set(f"{first}", count * stick.cluster_size, first, contiguous=True))
        for cluster in range(first, first + count):
            victim.bit(cluster, taken=True)
    result = repaired(ExFat, MemoryDevice(bytes(victim.stick.data)))
    assert [finding.kind for finding in result.left] == [FindingKind.NOT_CLEAN, FindingKind.UPCASE]
    assert result.mended == []


def test_nothing_is_taken_for_lost_while_a_folder_cannot_be_read() -> None:
    victim = Victim()
    position = victim.stick.position(victim.stick.folders["folder"][0])
    device = FaultyDevice(MemoryDevice(bytes(victim.stick.data)), bad=[(position, 512)])
    result = repaired(ExFat, device)
    assert FindingKind.UNREADABLE in [finding.kind for finding in result.left]
    assert FindingKind.LOST in [finding.kind for finding in result.left]
    assert result.mended == []


def test_a_volume_whose_files_all_share_their_clusters_is_given_up_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    victim = Victim()
    first, size = victim.first("chain.dat"), len(CONTENTS["chain.dat"])
    for number in range(15):
        victim.stick.add_slots("folder", file_set(f"file {number}", size, first))
    content = bytes(victim.stick.data)
    assert len(findings(ExFat, MemoryDevice(content))) > 10
    monkeypatch.setattr(ownership, "_PATIENCE", -800)
    with pytest.raises(CorruptStructure):
        findings(ExFat, MemoryDevice(content))
