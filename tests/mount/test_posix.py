"""A writable mount keeps to POSIX, as far as FAT and exFAT can hold it; and fio finds its own bytes."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.disks import tool
from tests.support.exfat import blank_exfat
from tests.support.fat import blank_fat
from tests.support.mounts import mounted


def _fat(path: Path) -> Path:
    return blank_fat(path, 64 << 20, "-F", "32", "-s", "1")


def _exfat(path: Path) -> Path:
    return blank_exfat(path, 64 << 20)


CHECKS = {_fat: ("fsck.fat", "-n"), _exfat: ("fsck.exfat", "-n")}


@pytest.fixture(scope="module", params=CHECKS, ids=["FAT32", "exFAT"])
def volume(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A mounted stick for all tests of a system; afterwards fsck finds it sound."""
    folder = tmp_path_factory.mktemp("stick")
    image = request.param(folder / "stick.img")
    with mounted(image, folder / "at", "-o", "rw") as mount:
        yield mount.path
    command = [tool(CHECKS[request.param][0]), *CHECKS[request.param][1:], str(image)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def at(volume: Path, request: pytest.FixtureRequest) -> Path:
    """An empty folder on it."""
    folder = volume / f"{abs(hash(request.node.name)):x}"
    folder.mkdir()
    return folder


def refused(attempt: Callable[[], object]) -> str:
    """The name of the errno that an attempt ends with."""
    with pytest.raises(OSError) as failure:
        attempt()
    return errno.errorcode[failure.value.errno or 0]


def holds(folder: Path, *names: str) -> bool:
    """Whether that is all that is in it. What was removed while it was open goes soon after its close."""
    while any(path.name.startswith(".fuse_hidden") for path in folder.iterdir()):
        pass
    return sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_a_rename_replaces_a_file_and_whoever_has_that_open_reads_on(at: Path) -> None:
    (at / "old").write_text("old")
    (at / "new").write_text("new")
    with (at / "old").open() as old:
        (at / "new").rename(at / "old")
        assert (at / "old").read_text() == "new"
        assert old.read() == "old"
    assert holds(at, "old")


def test_a_rename_knows_folders_from_files(at: Path) -> None:
    (at / "file").touch()
    (at / "empty").mkdir()
    (at / "full" / "below").mkdir(parents=True)
    assert refused(lambda: (at / "file").rename(at / "empty")) == "EISDIR"
    assert refused(lambda: (at / "empty").rename(at / "file")) == "ENOTDIR"
    assert refused(lambda: (at / "empty").rename(at / "full")) == "ENOTEMPTY"
    assert refused(lambda: (at / "full").rename(at / "full" / "below" / "x")) == "EINVAL"
    assert refused(lambda: (at / "none").rename(at / "x")) == "ENOENT"
    (at / "full").rename(at / "empty")
    assert [path.name for path in (at / "empty").iterdir()] == ["below"]


def test_a_file_that_is_unlinked_lives_until_it_is_closed(at: Path) -> None:
    with (at / "file").open("w+b", buffering=0) as file:
        file.write(b"one")
        (at / "file").unlink()
        assert not (at / "file").exists()
        file.write(b"two")
        file.seek(0)
        assert file.read() == b"onetwo"
        (at / "file").write_text("another")
    assert (at / "file").read_text() == "another"
    assert holds(at, "file")


def test_names_are_the_same_in_any_case_and_keep_the_one_they_have(at: Path) -> None:
    (at / "Letter.TXT").write_text("hello")
    assert (at / "letter.txt").read_text() == "hello"
    assert refused(lambda: os.open(at / "LETTER.txt", os.O_CREAT | os.O_EXCL | os.O_WRONLY)) == "EEXIST"
    (at / "LETTER.txt").write_text("changed")
    assert [path.name for path in at.iterdir()] == ["Letter.TXT"]
    (at / "Letter.TXT").rename(at / "letter.txt")
    assert [path.name for path in at.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("name", ["a:b", "a*b", "what?", 'a"b', "a<b", "a|b", "a\\b", "tab\there"])
def test_names_that_the_system_cannot_have_are_invalid(at: Path, name: str) -> None:
    assert refused((at / name).touch) == "EINVAL"
    assert refused((at / name).mkdir) == "EINVAL"
    (at / "file").touch()
    assert refused(lambda: (at / "file").rename(at / name)) == "EINVAL"


def test_names_have_255_characters_and_no_more(at: Path) -> None:
    (at / ("n" * 255)).touch()
    assert [path.name for path in at.iterdir()] == ["n" * 255]
    longer = at / ("n" * 256)
    assert refused(longer.touch) == "ENAMETOOLONG"
    assert refused(longer.mkdir) == "ENAMETOOLONG"
    assert refused(longer.stat) == "ENAMETOOLONG"
    assert refused(lambda: (at / ("n" * 255)).rename(longer)) == "ENAMETOOLONG"


def test_folders_are_removed_empty_and_files_not_as_folders(at: Path) -> None:
    (at / "folder" / "file").parent.mkdir()
    (at / "folder" / "file").touch()
    assert refused((at / "folder").rmdir) == "ENOTEMPTY"
    assert refused((at / "folder" / "file").rmdir) == "ENOTDIR"
    assert refused((at / "folder").unlink) in ("EISDIR", "EPERM")
    assert refused((at / "folder").mkdir) == "EEXIST"
    assert refused((at / "folder" / "file" / "x").mkdir) == "ENOTDIR"
    assert refused((at / "none" / "x").mkdir) == "ENOENT"
    assert refused(lambda: os.open(at / "folder", os.O_WRONLY)) == "EISDIR"


def test_what_the_system_does_not_know_is_not_permitted(at: Path) -> None:
    (at / "file").touch()
    assert refused(lambda: (at / "link").symlink_to("file")) == "EPERM"
    assert refused(lambda: (at / "hard").hardlink_to(at / "file")) == "EPERM"
    assert refused(lambda: os.mkfifo(at / "pipe")) == "EPERM"
    assert refused(lambda: os.chown(at / "file", 12345, -1)) == "EPERM"
    assert [path.name for path in at.iterdir()] == ["file"]


def test_times_are_kept_as_finely_as_the_system_has_them(at: Path) -> None:
    (at / "file").touch()
    wanted = 1_709_212_457_765_432_100
    os.utime(at / "file", ns=(wanted, wanted))
    found = (at / "file").stat().st_mtime_ns
    assert 0 <= wanted - found < 2_000_000_000
    os.utime(at / "file", ns=(found, found))
    assert (at / "file").stat().st_mtime_ns == found, "what it says it can hold"


def test_appending_truncating_and_holes(at: Path) -> None:
    path = at / "file"
    path.write_bytes(b"abc")
    with path.open("ab", buffering=0) as first, path.open("ab", buffering=0) as second:
        first.write(b"1")
        second.write(b"2")
    assert path.read_bytes() == b"abc12"
    os.truncate(path, 10_000)
    assert path.read_bytes() == b"abc12" + bytes(9_995)
    os.truncate(path, 2)
    with path.open("r+b", buffering=0) as file:
        file.seek(70_000)
        file.write(b"end")
    assert path.read_bytes() == b"ab" + bytes(69_998) + b"end"
    path.write_bytes(b"short")
    assert path.read_bytes() == b"short"
    path.open("wb").close()
    assert path.stat().st_size == 0


def test_only_whether_a_file_may_be_written_is_kept_of_its_mode(at: Path) -> None:
    (at / "file").touch()
    (at / "file").chmod(0o400)
    assert stat.S_IMODE((at / "file").stat().st_mode) & 0o222 == 0
    assert refused(lambda: (at / "file").write_text("x")) == "EACCES"
    (at / "file").chmod(0o600)
    (at / "file").write_text("x")


def test_a_folder_is_listed_whole_while_files_in_it_are_removed(at: Path) -> None:
    for number in range(300):
        (at / f"{number}").touch()
    with os.scandir(at) as listing:
        for entry in listing:
            Path(entry.path).unlink()
    assert list(at.iterdir()) == []


def test_fio_finds_the_bytes_that_it_wrote_in_any_order(at: Path) -> None:
    common = (
        "--directory",
        str(at),
        "--size=4m",
        "--verify=crc32c",
        "--verify_fatal=1",
        "--verify_state_save=0",
        "--randseed=7",
    )
    for name, options in {
        "random": ("--rw=randwrite", "--bsrange=512-64k", "--ioengine=psync"),
        "mixed": ("--rw=randrw", "--bs=4k", "--ioengine=psync", "--fsync=64"),
        "many": ("--rw=write", "--bs=16k", "--numjobs=3", "--nrfiles=4"),
    }.items():
        command = [tool("fio"), f"--name={name}", *common, *options, "--do_verify=1", "--output-format=terse"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
        assert done.returncode == 0, (done.stdout, done.stderr)
