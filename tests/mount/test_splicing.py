"""Large files go from the stick to programs past our memory, and are what they are on the stick."""

from __future__ import annotations

import errno
import mmap
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.bad_disk import bad_disk
from tests.support.disks import partition
from tests.support.ext import ext_image, needs_e2fsprogs
from tests.support.fat import blank_fat, mtools
from tests.support.mounts import Mounted, is_mounted, mounted, need_fuse

SIZE = (8 << 20) + 12_345


@pytest.fixture
def original(tmp_path: Path) -> Path:
    need_fuse()
    path = tmp_path / "big"
    path.write_bytes(random.Random(5).randbytes(SIZE))
    return path


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "at"


def in_one_piece(original: Path) -> Path:
    path = blank_fat(original.with_name("stick.img"), 32 << 20)
    (original.parent / "small").write_bytes(b"small\n")
    mtools("mcopy", path, original, original.parent / "small", "::/")
    return path


def in_many_pieces(original: Path) -> Path:
    """Of 4 KiB to 260 KiB."""
    path = blank_fat(original.with_name("stick.img"), 16 << 20, "-s", "8", "-F", "16")
    folder, chance = original.parent / "filling", random.Random(6)
    folder.mkdir()
    for number in range(100):
        (folder / f"{number:03}").write_bytes(bytes(chance.choice([4096, 4096, 260 << 10])))
    mtools("mcopy", path, *sorted(folder.iterdir()), "::/")
    mtools("mdel", path, *(f"::/{number:03}" for number in range(0, 100, 2)))
    mtools("mcopy", path, original, "::/")
    return path


def behind_63_sectors(original: Path) -> Path:
    """Where no cluster begins at a page of memory."""
    volume, start = in_one_piece(original), 63 * 512
    path = original.with_name("disk.img")
    path.write_bytes(bytes(start) + volume.read_bytes())
    return partition(path, "label: dos\nstart=63, type=c\n")


def with_holes(original: Path) -> Path:
    """Of a MiB, and of a page."""
    data = bytearray(original.read_bytes())
    for offset, length in ((1 << 20, 1 << 20), (3 << 20, 4096), (5 << 20, 700 << 10)):
        data[offset : offset + length] = bytes(length)
    original.write_bytes(data)
    folder = original.parent / "tree"
    folder.mkdir()
    subprocess.run(["cp", "--sparse=always", str(original), str(folder / "big")], check=True)
    return ext_image(original.with_name("stick.img"), 32 << 20, "-t", "ext4", source=folder)


LAYOUTS = [
    in_one_piece,
    in_many_pieces,
    behind_63_sectors,
    pytest.param(with_holes, marks=needs_e2fsprogs),
]


@pytest.mark.parametrize("make", LAYOUTS)
def test_a_file_is_the_same_however_it_lies_and_is_read(
    original: Path, at: Path, make: Callable[[Path], Path]
) -> None:
    image, data = make(original), original.read_bytes()
    before = image.read_bytes()
    with mounted(image, at) as mount:
        subprocess.run(["cmp", str(original), str(mount.path / "big")], check=True)
    with mounted(image, at) as mount, (mount.path / "big").open("rb") as file:
        chance = random.Random(7)
        for _ in range(60):
            offset, length = chance.randrange(SIZE), chance.choice([1, 4096, 100_000, 1 << 20])
            assert os.pread(file.fileno(), length, offset) == data[offset : offset + length]
    with (
        mounted(image, at) as mount,
        (mount.path / "big").open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory,
    ):
        assert memory[:] == data
    assert image.read_bytes() == before


def read_by(mount: Mounted) -> int:
    """Bytes that its process has read into its memory."""
    lines = Path(f"/proc/{mount.process.pid}/io").read_text().splitlines()
    return int(lines[0].removeprefix("rchar: "))


def test_the_bytes_of_a_large_file_do_not_pass_through_memory(original: Path, at: Path) -> None:
    with mounted(in_one_piece(original), at) as mount:
        before = read_by(mount)
        subprocess.run(["cmp", str(original), str(mount.path / "big")], check=True)
        assert read_by(mount) - before < SIZE // 4


def test_several_programs_that_read_at_once_get_each_their_own(original: Path, at: Path) -> None:
    """Each answer is that of its own question, with all threads under way."""
    image, data = in_one_piece(original), original.read_bytes()
    names = [f"file{number}" for number in range(8)]
    for number, name in enumerate(names):
        (original.parent / name).write_bytes(data[number << 20 : (number << 20) + (1 << 20)])
        mtools("mcopy", image, original.parent / name, "::/")
    with mounted(image, at) as mount:
        comparing = [
            subprocess.Popen(["cmp", str(original.parent / name), str(mount.path / name)]) for name in names
        ]
        assert [each.wait(60) for each in comparing] == [0] * len(names)


def fails(path: Path, offset: int, length: int) -> int | None:
    """The errno of a read."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.pread(file, length, offset)
    except OSError as error:
        return error.errno
    finally:
        os.close(file)
    return None


def test_a_stick_that_is_pulled_out_while_a_large_file_is_read_fails_and_is_unmounted(
    original: Path, at: Path
) -> None:
    image = in_one_piece(original)
    with mounted(image, at) as mount, (mount.path / "big").open("rb", buffering=0) as file:
        assert len(file.read(1 << 20)) == 1 << 20
        os.truncate(image, 0)  # which a device does whose stick is gone
        done = subprocess.run(["cat"], stdin=file, capture_output=True, check=False)
        assert (done.returncode, b"Input/output error" in done.stderr) == (1, True)
        file.close()
        status, said = mount.ended()
        assert (status, is_mounted(at)) == (1, False)
        assert "the stick was pulled out" in said


def test_an_image_that_is_cut_off_is_no_end_of_a_file(original: Path, at: Path) -> None:
    image, data = in_one_piece(original), original.read_bytes()
    place = image.read_bytes().find(data[:4096])
    with mounted(image, at) as mount:
        assert fails(mount.path / "big", 0, 4096) is None  # and it is known where the file lies
        os.truncate(image, place + (4 << 20) + 4096 * 5 + 100)
        done = subprocess.run(["cat", str(mount.path / "big")], capture_output=True, check=False)
        assert (done.returncode, b"Input/output error" in done.stderr) == (1, True)
        assert data.startswith(done.stdout)
        assert (mount.path / "big").stat().st_size == SIZE
        assert fails(mount.path / "big", 6 << 20, 1 << 20) == errno.EIO


def test_a_bad_sector_costs_its_own_file_only_and_only_what_is_near(
    original: Path, at: Path, tmp_path: Path
) -> None:
    image, data = in_one_piece(original), original.read_bytes()
    place = image.read_bytes().find(data[:4096])
    with bad_disk(image, tmp_path / "disk", place + (4 << 20)) as disk, mounted(disk, at) as mount:
        done = subprocess.run(["cat", str(mount.path / "big")], capture_output=True, check=False)
        assert (done.returncode, b"Input/output error" in done.stderr) == (1, True)
        assert data.startswith(done.stdout)
        file = os.open(mount.path / "big", os.O_RDONLY)
        assert os.pread(file, 1 << 20, 6 << 20) == data[6 << 20 : 7 << 20]
        os.close(file)
        assert (mount.path / "small").read_text() == "small\n"
        assert mount.process.poll() is None


def test_an_image_that_is_written_to_keeps_what_is_written(original: Path, at: Path) -> None:
    """Its pages are still its own, and not those of the mount."""
    image, data = in_one_piece(original), original.read_bytes()
    place = image.read_bytes().find(data[:4096])
    with mounted(image, at) as mount:
        subprocess.run(["cmp", str(original), str(mount.path / "big")], check=True)
        with image.open("r+b", buffering=0) as disk:
            os.pwrite(disk.fileno(), bytes(1 << 20), place + (1 << 20))
        assert image.read_bytes()[place : place + (2 << 20)] == data[: 1 << 20] + bytes(1 << 20)
        # Somebody has been told of these bytes already, as of a volume that nobody changes.
        subprocess.run(["cmp", str(original), str(mount.path / "big")], check=True)
