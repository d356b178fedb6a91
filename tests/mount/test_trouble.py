"""Sticks that are pulled out, drivers that die, files that stay open: no mount outlives its stick."""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.fat import blank_fat, mtools
from tests.support.mounts import Mounted, is_mounted, mounted, need_fuse
from tests.support.terminal import rumpus

SIZE = 8 << 20


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """/big has 8 MiB, /small has a few bytes, /folder holds 300 files."""
    need_fuse()
    path = blank_fat(tmp_path / "stick.img", 32 << 20)
    (tmp_path / "big").write_bytes(os.urandom(SIZE))
    (tmp_path / "small").write_bytes(b"small\n")
    (tmp_path / "folder").mkdir()
    for number in range(300):
        (tmp_path / "folder" / f"file {number}").write_text(f"{number}\n")
    for name in ("big", "small", "folder"):
        mtools("mcopy", path, "-s", tmp_path / name, "::/")
    return path


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "mounted"


def fails(mount: Mounted, name: str = "big") -> int:
    """The errno with which reading a file ends."""
    with pytest.raises(OSError) as failure:
        (mount.path / name).read_bytes()
    return failure.value.errno or 0


def test_the_bytes_of_a_file_do_not_come_through_the_worker(image: Path, at: Path) -> None:
    with mounted(image, at) as mount, (mount.path / "big").open("rb", buffering=0) as file:
        file.read(1)
        file.seek(0)
        (worker,) = mount.workers()
        os.kill(worker, signal.SIGSTOP)
        try:
            assert file.read(SIZE) == (image.parent / "big").read_bytes()
        finally:
            os.kill(worker, signal.SIGCONT)


def test_a_stick_that_is_pulled_out_fails_at_once_and_is_unmounted(image: Path, at: Path) -> None:
    with mounted(image, at) as mount, (mount.path / "big").open("rb", buffering=0) as file:
        assert len(file.read(4096)) == 4096
        os.truncate(image, 0)  # which a device does whose stick is gone
        with pytest.raises(OSError) as failure:
            os.pread(file.fileno(), 4096, SIZE - 4096)
        assert failure.value.errno == errno.EIO
        file.close()
        status, said = mount.ended()
        assert (status, is_mounted(at)) == (1, False)
        assert "the stick was pulled out" in said


def killed(mount: Mounted) -> None:
    """Its driver, once there is one."""
    while len(workers := mount.workers()) != 1:
        pass
    os.kill(workers[0], signal.SIGKILL)
    while workers[0] in mount.workers():
        pass


def test_a_driver_that_dies_is_replaced_by_another_one_once(image: Path, at: Path) -> None:
    with mounted(image, at) as mount:
        with (mount.path / "big").open("rb", buffering=0) as file:
            assert len(file.read(4096)) == 4096
            killed(mount)
            assert mount.process.stderr is not None
            said = mount.process.stderr.readline()
            assert "the driver crashed (killed by SIGKILL)" in said
            assert said.endswith("; another one goes on\n")
            assert len(list((mount.path / "folder").iterdir())) == 300
            assert (mount.path / "folder" / "file 7").read_text() == "7\n"
            assert (
                os.pread(file.fileno(), 1 << 20, SIZE - (1 << 20))
                == (image.parent / "big").read_bytes()[-(1 << 20) :]
            )
        mount.process.terminate()
        assert mount.ended() == (0, "")
        assert not is_mounted(at)


def test_a_driver_that_dies_again_ends_the_mount_and_is_reported(image: Path, at: Path) -> None:
    with mounted(image, at) as mount:
        file = os.open(mount.path / "big", os.O_RDONLY | os.O_DIRECT)  # past what the kernel remembers
        killed(mount)
        killed(mount)
        with pytest.raises(OSError) as failure, mmap.mmap(-1, 4096) as page:
            while os.preadv(file, [page], 0):
                pass  # until the mount has heard of it
        os.close(file)
        assert failure.value.errno in (errno.EIO, errno.ENOTCONN)
        status, said = mount.ended()
        assert (status, is_mounted(at)) == (1, False)
        assert "the driver crashed (killed by SIGKILL)" in said


def test_a_driver_that_hangs_does_not_hang_what_needs_no_driver(image: Path, at: Path) -> None:
    with mounted(image, at) as mount:
        assert (mount.path / "small").read_text() == "small\n"
        (worker,) = mount.workers()
        os.kill(worker, signal.SIGSTOP)
        asking = subprocess.Popen(["ls", str(mount.path / "folder")], stderr=subprocess.DEVNULL)
        assert (mount.path / "small").read_text() == "small\n"
        assert asking.poll() is None
        os.kill(worker, signal.SIGCONT)
        assert asking.wait(60) == 0


def test_200_open_files_keep_a_mount_busy_and_survive_a_lazy_unmount(image: Path, at: Path) -> None:
    with mounted(image, at) as mount:
        files = [(mount.path / "folder" / f"file {number}").open() for number in range(200)]
        assert subprocess.run(["umount", str(at)], capture_output=True, check=False).returncode != 0
        assert is_mounted(at)
        subprocess.run(["fusermount3", "-u", "-z", str(at)], check=True)
        assert not is_mounted(at)
        assert [file.read() for file in files] == [f"{number}\n" for number in range(200)]
        assert mount.process.poll() is None
        for file in files:
            file.close()
        assert mount.ended()[0] == 0


@pytest.mark.parametrize("command", [("umount",), ("fusermount3", "-u")])
def test_unmounting_ends_the_command(image: Path, at: Path, command: tuple[str, ...]) -> None:
    with mounted(image, at) as mount:
        subprocess.run([*command, str(at)], check=True)
        assert mount.ended() == (0, "")


def test_a_signal_unmounts(image: Path, at: Path) -> None:
    with mounted(image, at) as mount:
        mount.process.send_signal(signal.SIGTERM)
        assert mount.ended() == (0, "")
        assert not is_mounted(at)


def test_a_signal_does_not_wait_for_files_that_stay_open(image: Path, at: Path) -> None:
    with mounted(image, at) as mount:
        file = os.open(mount.path / "big", os.O_RDONLY)
        mount.process.terminate()
        assert mount.ended()[0] == 0
        assert not is_mounted(at)
        with pytest.raises(OSError):
            os.pread(file, 4096, SIZE - 4096)
        with contextlib.suppress(OSError):  # nobody is there to hear of it
            os.close(file)


def test_in_the_background_the_command_returns_when_the_stick_is_there(image: Path, at: Path) -> None:
    at.mkdir()
    done = rumpus("mount", image, at)
    try:
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (at / "small").read_text() == "small\n"
    finally:
        subprocess.run(["umount", str(at)], check=True)


def test_a_damaged_folder_shows_what_can_be_read_and_says_that_it_is_not_all(image: Path, at: Path) -> None:
    data = bytearray(image.read_bytes())
    # The chain of the folder leads out of the volume behind its first cluster.
    entry = data.find(b"FOLDER     \x10")
    assert entry > 0
    first = int.from_bytes(data[entry + 26 : entry + 28], "little")
    start, sector = int.from_bytes(data[14:16], "little"), int.from_bytes(data[11:13], "little")
    assert b"FAT16" in data[:512]
    place = start * sector + first * 2
    data[place : place + 2] = (0xFFEF).to_bytes(2, "little")
    image.write_bytes(data)
    with mounted(image, at) as mount:
        done = subprocess.run(
            ["ls", "-U", str(mount.path / "folder")], capture_output=True, text=True, check=False
        )
        assert 0 < len(done.stdout.splitlines()) < 300
        assert "Input/output error" in done.stderr
        assert done.returncode != 0


def test_names_that_no_file_can_have_do_not_hide_the_others(image: Path, at: Path) -> None:
    # The name in pieces, as a long entry has it: five characters, then the rest behind three other bytes.
    pieces = re.compile(re.escape("file ".encode("utf-16-le")) + b"(\x0f\\0.7\\0\\0\\0)", re.DOTALL)
    data, found = pieces.subn("../..".encode("utf-16-le") + rb"\1", image.read_bytes())
    assert found == 1
    image.write_bytes(data)
    with mounted(image, at) as mount:
        with pytest.raises(FileNotFoundError):
            (mount.path / "folder" / os.fsdecode(b"no text \xff")).stat()
        names = [path.name for path in (mount.path / "folder").iterdir()]
        assert len(names) == 300
        (odd,) = (name for name in names if not name.startswith("file "))
        assert odd == ".._..7"
        assert (mount.path / "folder" / odd).read_text() == "7\n"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda at: None, "there is no directory {at}"),
        (lambda at: at.write_text("x"), "{at} is not a directory"),
        (lambda at: (at / "x").mkdir(parents=True), "the directory {at} is not empty"),
    ],
    ids=["nothing", "file", "not empty"],
)
def test_a_place_that_does_not_do_is_refused_in_words(
    image: Path, at: Path, make: Callable[[Path], object], sentence: str
) -> None:
    make(at)
    for options in ((), ("-f",)):
        done = rumpus("mount", *options, image, at)
        assert done.returncode == 3
        assert done.stderr == f"rumpus: {at}: it was not mounted: {sentence.format(at=at)}\n"


def test_a_place_where_something_is_mounted_is_refused(image: Path, at: Path) -> None:
    with mounted(image, at):
        done = rumpus("mount", image, at)
        assert done.returncode == 3
        assert f"something is mounted at {at} already" in done.stderr


def test_an_option_that_there_is_not_is_wrong_usage(image: Path, at: Path) -> None:
    at.mkdir()
    done = rumpus("mount", "-o", "ro,loop", image, at)
    assert (done.returncode, done.stderr) == (2, "rumpus: there is no option loop\n")


def test_a_stick_that_cannot_be_opened_is_not_mounted(tmp_path: Path, at: Path) -> None:
    at.mkdir()
    (tmp_path / "zeros").write_bytes(bytes(1 << 20))
    done = rumpus("mount", tmp_path / "zeros", at)
    assert done.returncode == 3
    assert "no file system was recognised" in done.stderr


def test_a_directory_with_a_dead_mount_is_told_from_others(tmp_path: Path) -> None:
    image, at = blank_fat(tmp_path / "stick.img", 8 << 20), tmp_path / "at"
    with mounted(image, at) as mount:
        mount.process.send_signal(signal.SIGKILL)
        mount.process.wait(60)
        try:
            done = rumpus("mount", image, at)
            assert done.returncode == 3
            assert f"what was mounted at {at} is dead; unmount it first (fusermount3 -u {at})" in done.stderr
        finally:
            subprocess.run(["fusermount3", "-u", "-z", str(at)], check=True)
    assert not is_mounted(at)


def test_a_directory_that_a_program_is_in_is_unmounted_lazily(tmp_path: Path) -> None:
    image, at = blank_fat(tmp_path / "stick.img", 8 << 20), tmp_path / "at"
    with mounted(image, at) as mount, subprocess.Popen(["sleep", "600"], cwd=at) as program:
        done = subprocess.run(["fusermount3", "-u", str(at)], capture_output=True, text=True, check=False)
        assert done.returncode != 0, "it is busy"
        mount.process.terminate()
        assert mount.ended() == (0, "")
        assert not is_mounted(at)
        program.kill()
