"""`rumpus info`: a device, its volumes, or one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.disks import make_fat, partition, sparse
from tests.support.stick import blank_image
from tests.support.terminal import records, rumpus

MIB = 1 << 20


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image with an MBR: a FAT volume in partition 1, nothing in partition 2."""
    image = sparse(tmp_path_factory.mktemp("two") / "two.img", 40 * MIB)
    partition(image, "label: dos\nstart=2048, size=32768, type=c\nstart=40960, size=8192, type=83\n")
    make_fat(image, MIB, 16 * MIB, "-n", "FIRST")
    return image


def test_a_stick_is_described_with_its_volume(stick: Path) -> None:
    done = rumpus("info", stick)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("FAT16", "HOLIDAY", "8.4 MB", "clean"):
        assert words in done.stdout


def test_every_partition_is_described_and_one_can_be_chosen(two: Path) -> None:
    done = rumpus("info", two)
    assert done.returncode == 1, "nothing can be opened in the second one"
    assert "MBR" in done.stdout and "FIRST" in done.stdout
    assert f"{two}@2" in done.stderr
    assert rumpus("info", f"{two}@1").returncode == 0
    assert rumpus("info", f"{two}@2").returncode == 3
    assert rumpus("info", f"{two}@7").returncode == 3


def test_a_file_is_described(stick: Path) -> None:
    done = rumpus("info", f"{stick}:/docs/long name.txt")
    assert done.returncode == 0
    assert "300000 bytes" in done.stdout
    assert "First cluster" in done.stdout
    assert rumpus("info", f"{stick}:/missing").returncode == 1


def test_programs_get_objects(stick: Path) -> None:
    device, volume = records(rumpus("info", "--json", stick))
    assert device["device"] == str(stick)
    assert device["size"] == 8 * MIB
    assert (volume["system"], volume["label"]) == ("FAT16", "HOLIDAY")
    (file,) = records(rumpus("info", "--json", f"{stick}:/hello.txt"))
    assert (file["path"], file["size"]) == ("/hello.txt", 6)
    assert "First cluster" in file["facts"]


def test_an_image_without_anything_is_named_as_that(tmp_path: Path) -> None:
    done = rumpus("info", blank_image(tmp_path / "empty.img"))
    assert done.returncode == 3
    assert "no file system was recognised" in done.stderr
