"""`rumpus format` from outside: an empty volume, made in the worker, after the user agreed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.disks import as_sfdisk_reads, run, sparse
from tests.support.stick import blank_image

MIB = 1 << 20


def rumpus(*words: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.cli.main", *map(str, words)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False)


def test_a_whole_stick_gets_a_table_and_a_volume_that_fsck_likes(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 128 * MIB)
    done = rumpus("format", image, "--fs", "fat32", "--label", "holiday", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    (part,) = as_sfdisk_reads(image)["partitions"]
    assert (part["start"], part["type"]) == (2048, "c")
    volume = tmp_path / "volume.img"
    volume.write_bytes(image.read_bytes()[part["start"] * 512 :][: part["size"] * 512])
    run("fsck.fat", "-n", volume)
    assert "HOLIDAY" in rumpus("info", image).stdout


def test_one_partition_is_formatted_and_the_other_is_left_as_it_was(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 128 * MIB)
    run("sfdisk", image, script="label: dos\nsize=40M, type=83\ntype=83\n")
    first = image.read_bytes()[MIB : 41 * MIB]
    assert rumpus("format", f"{image}@2", "--fs", "fat16", "--yes").returncode == 0
    assert [part["type"] for part in as_sfdisk_reads(image)["partitions"]] == ["83", "e"]
    assert image.read_bytes()[MIB : 41 * MIB] == first


def test_without_a_table_the_volume_takes_it_all(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 20 * MIB)
    assert rumpus("format", image, "--no-table", "--yes").returncode == 0
    run("fsck.fat", "-n", image)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--fs", "fat32", "--label", "not:allowed"), 3),
        (("--fs", "fat16", "--label", "too long for a label"), 3),
        (
            (
                "--fs",
                "fat12",
            ),
            3,
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_lost(
    words: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    image = blank_image(tmp_path / "stick.img", 128 * MIB)
    with image.open("r+b") as file:
        file.write(b"precious" * 1000)
    before = image.read_bytes()
    done = rumpus("format", image, *words, "--yes")
    assert (done.returncode, len(done.stderr.splitlines())) == (status, 1)
    assert image.read_bytes() == before


def test_a_script_that_does_not_say_yes_changes_nothing(tmp_path: Path) -> None:
    image = blank_image(tmp_path / "stick.img", 128 * MIB)
    assert rumpus("format", image, typed=f"{image}\n").returncode == 2
    assert not image.read_bytes().strip(b"\0")


def test_a_write_protected_image_says_so(tmp_path: Path) -> None:
    image = blank_image(tmp_path / "stick.img", 128 * MIB)
    run("chattr", "+i", image)
    try:
        done = rumpus("format", image, "--yes")
    finally:
        run("chattr", "-i", image)
    assert done.returncode == 3
    assert "not let you" in done.stderr or "write-protected" in done.stderr


def test_a_large_stick_becomes_exfat_by_itself(tmp_path: Path) -> None:
    image = sparse(tmp_path / "stick.img", 64 << 30)
    assert rumpus("format", image, "--label", "Büro 2026", "--yes").returncode == 0
    (part,) = as_sfdisk_reads(image)["partitions"]
    assert part["type"] == "7"
    listed = rumpus("info", "--json", image).stdout
    assert '"exFAT"' in listed
    assert "B\\u00fcro 2026" in listed
