"""`rumpus check` from outside: what is wrong, what a repair would do, and the repair itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.disks import run
from tests.support.exfat_damage import CONTENTS, DAMAGES, Victim
from tests.support.fat_damage import DAMAGES as FAT_DAMAGES
from tests.support.fat_damage import Image
from tests.support.fsck import complaints, exfat_complaints


def rumpus(*words: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.cli.main", *map(str, words)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False)


@pytest.fixture
def image(tmp_path: Path) -> Image:
    image = Image(tmp_path / "stick.img", 16)
    for name in ("lost", "shared", "dirty"):
        FAT_DAMAGES[name].do(image)
    return image


@pytest.fixture
def exfat(tmp_path: Path) -> Path:
    victim = Victim()
    DAMAGES["many"].do(victim)
    return victim.stick.write(tmp_path / "stick.img")


def test_a_check_says_what_is_wrong_and_changes_nothing(image: Image) -> None:
    before = image.path.read_bytes()
    done = rumpus("check", image.path)
    assert done.returncode == 1
    assert f"{image.path}:/folder/three.txt: some of its clusters belong to another file too" in done.stdout
    assert image.path.read_bytes() == before


def test_a_repair_is_shown_first_and_changes_nothing_without_a_yes(image: Image) -> None:
    before = image.path.read_bytes()
    done = rumpus("check", "--repair", image.path)
    assert done.returncode == 1
    assert "it gets a copy of them for itself" in done.stdout
    assert "With --keep-lost they become files instead." in done.stdout
    assert done.stdout.endswith("Say --yes to have it done.\nNothing was changed.\n")
    assert image.path.read_bytes() == before


def test_a_repair_that_was_agreed_to_satisfies_fsck(image: Image) -> None:
    done = rumpus("check", "--repair", "--yes", image.path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("is repaired: nothing is wrong with it now.\n")
    assert complaints(image.path) == []
    assert rumpus("check", image.path).stdout == f"{image.path}: nothing is wrong with it.\n"


def test_lost_clusters_are_kept_as_files_on_demand(image: Image) -> None:
    done = rumpus("check", "--repair", "--yes", "--keep-lost", image.path)
    assert "they become files in the root folder: FILE0000.CHK" in done.stdout
    assert "FILE0000.CHK" in rumpus("ls", image.path).stdout
    assert complaints(image.path) == []


def test_exfat_is_repaired_too_and_keeps_what_was_whole(exfat: Path) -> None:
    assert rumpus("check", exfat).returncode == 1
    assert rumpus("check", "--repair", "--yes", exfat).returncode == 0
    assert exfat_complaints(exfat) == []
    command = [sys.executable, "-m", "core.cli.main", "cat", f"{exfat}:/scattered.dat"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == CONTENTS["scattered.dat"]


def test_a_program_reads_findings_remedies_and_what_was_written(image: Image) -> None:
    done = rumpus("check", "--repair", "--yes", "--json", image.path)
    *told, last = map(json.loads, done.stdout.splitlines())
    assert {one["remedy"] for one in told} >= {"free", "copy", "mark clean"}
    assert not any(one["left"] for one in told)
    assert last["written"] and last["sectors"] > 0


def test_what_cannot_be_repaired_is_said_and_left(tmp_path: Path) -> None:
    victim = Victim()
    bitmap = victim.stick.position(victim.stick.folders[""][0])
    victim.stick.data[bitmap] = 0x01
    image = victim.stick.write(tmp_path / "bitmap.img")
    before = image.read_bytes()
    done = rumpus("check", "--repair", "--yes", image)
    assert done.returncode == 1
    assert "left as it is" in done.stdout and "nothing of it can be repaired" in done.stdout
    assert image.read_bytes() == before


def test_a_boot_sector_that_cannot_be_trusted_is_a_reason_to_write_nothing(image: Image) -> None:
    image.put(16, b"\x07")
    before = image.path.read_bytes()
    done = rumpus("check", "--repair", "--yes", f"{image.path}@0")
    assert done.returncode == 1 and "boot sector cannot be trusted" in done.stderr
    assert image.path.read_bytes() == before


def test_one_partition_of_several_is_repaired_and_the_other_is_left_as_it_was(
    image: Image, tmp_path: Path
) -> None:
    disk = tmp_path / "disk.img"
    with disk.open("wb") as file:
        file.truncate(16 << 20)
    run("sfdisk", disk, script="label: dos\nsize=5M, type=e\ntype=e\n")
    volume = image.path.read_bytes()
    with disk.open("r+b") as file:
        for offset in (1 << 20, 6 << 20):
            file.seek(offset)
            file.write(volume)
    assert rumpus("check", "--repair", "--yes", f"{disk}@2").returncode == 0
    assert disk.read_bytes()[1 << 20 : (1 << 20) + len(volume)] == volume
    assert rumpus("check", f"{disk}@2").returncode == 0


@pytest.mark.parametrize(
    "words", [("--yes",), ("--keep-lost",)], ids=["yes to nothing", "keep without a repair"]
)
def test_what_makes_no_sense_is_wrong_usage(words: tuple[str, ...], image: Image) -> None:
    assert rumpus("check", *words, image.path).returncode == 2
