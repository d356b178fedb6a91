"""`rumpus touch|write|rmdir|chmod|chflags` on a stick, and what its system cannot hold."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.disks import run
from tests.support.exfat import blank_exfat
from tests.support.ext import ext_image, needs_e2fsprogs
from tests.support.fat import blank_fat, mtools
from tests.support.terminal import COMMAND, records, rumpus


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "stick.img", 40 << 20, "-F", "32", "-s", "1")


def put(image: Path, path: str, content: bytes, *options: str) -> None:
    command = [*COMMAND, "write", *options, f"{image}:{path}"]
    subprocess.run(command, input=content, check=True, timeout=60)


def stat(image: Path, path: str) -> dict[str, object]:
    (record,) = records(rumpus("stat", "--json", f"{image}:{path}", env={**os.environ, "TZ": "UTC"}))
    return record


def test_what_comes_on_stdin_becomes_a_file(image: Path) -> None:
    put(image, "/a name.txt", b"one\n" * 100_000)
    assert mtools("mtype", image, "::/a name.txt") == b"one\n" * 100_000
    put(image, "/a name.txt", b"two\n")
    put(image, "/a name.txt", b"three\n", "-a")
    assert mtools("mtype", image, "::/a name.txt") == b"two\nthree\n"
    run("fsck.fat", "-n", image)


def test_nothing_is_replaced_when_nothing_may_be(image: Path) -> None:
    put(image, "/a", b"one\n")
    done = rumpus("write", "-n", f"{image}:/a", input="two")
    assert (done.returncode, done.stderr) == (1, f"rumpus: {image}:/a: there is a a already\n")
    assert mtools("mtype", image, "::/a") == b"one\n"


def test_touch_makes_a_file_and_sets_times(image: Path) -> None:
    assert rumpus("touch", "-c", f"{image}:/new").returncode == 0
    assert rumpus("ls", image).stdout == ""
    zone = {"env": {**os.environ, "TZ": "UTC"}}
    assert rumpus("touch", "-d", "2024-02-29T13:14:16", f"{image}:/new", **zone).returncode == 0
    assert stat(image, "/new")["modified"] == "2024-02-29T13:14:16"
    assert rumpus("touch", "-m", "-d", "2025-01-02T03:04:06", f"{image}:/n*", **zone).returncode == 0
    assert stat(image, "/new")["modified"] == "2025-01-02T03:04:06"
    assert rumpus("touch", "-d", "soon", f"{image}:/new").returncode == 2


def test_rmdir_removes_empty_folders_only(image: Path) -> None:
    rumpus("mkdir", "-p", f"{image}:/a/b/c")
    put(image, "/a/file", b"")
    done = rumpus("rmdir", f"{image}:/a")
    assert (done.returncode, "is not empty" in done.stderr) == (1, True)
    done = rumpus("rmdir", "-p", f"{image}:/a/b/c")
    assert (done.returncode, "is not empty" in done.stderr) == (1, True)
    assert rumpus("ls", f"{image}:/a").stdout == "file\n"
    assert "is not a directory" in rumpus("rmdir", f"{image}:/a/file").stderr


def test_write_permission_and_attributes_are_what_a_dos_stick_keeps(image: Path) -> None:
    put(image, "/a", b"one\n")
    put(image, "/b", b"two\n")
    assert rumpus("chmod", "a-w", f"{image}:/?").returncode == 0
    assert "readonly" in str(stat(image, "/a")["attributes"]).replace("_", "")
    assert "readonly" in str(stat(image, "/b")["attributes"]).replace("_", "")
    assert rumpus("chmod", "644", f"{image}:/a").returncode == 0
    assert rumpus("chflags", "hidden,noarchive", f"{image}:/a").returncode == 0
    assert stat(image, "/a")["attributes"] == ["hidden"]
    assert rumpus("chflags", "shiny", f"{image}:/a").returncode == 2
    assert rumpus("chmod", "shiny", f"{image}:/a").returncode == 2
    done = rumpus("chmod", "600", f"{image}:/a")
    assert done.returncode == 1
    assert "FAT32 holds no mode, only whether a file may be written" in done.stderr


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("ln", "target", "{}:/a"), "links"),
        (("ln", "-s", "target", "{}:/a"), "links"),
        (("chown", "root:root", "{}:/a"), "owners of files"),
        (("mkfifo", "{}:/a"), "named pipes"),
        (("mknod", "{}:/a", "c", "1", "3"), "device nodes"),
    ],
)
def test_what_a_stick_cannot_hold_is_refused_as_such(
    image: Path, tmp_path: Path, words: tuple[str, ...], what: str
) -> None:
    other = blank_exfat(tmp_path / "other.img", 8 << 20)
    for stick, system in ((image, "FAT32"), (other, "exFAT")):
        done = rumpus(*(word.format(stick) for word in words))
        assert (done.returncode, done.stderr) == (1, f"rumpus: {stick}:/a: {system} holds no {what}\n")


@needs_e2fsprogs
def test_a_system_that_is_only_read_is_not_written(tmp_path: Path) -> None:
    image = ext_image(tmp_path / "ext.img", 4 << 20, "-t", "ext4")
    for words in (
        ("touch", f"{image}:/a"),
        ("chmod", "600", f"{image}:/lost+found"),
        ("mkfifo", f"{image}:/a"),
    ):
        done = rumpus(*words)
        assert done.returncode == 3
        assert "Rumpus can only read this file system" in done.stderr


def test_patterns_choose_what_is_copied_and_removed(image: Path, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt", "three.dat"):
        put(image, f"/{name}", name.encode())
    out = tmp_path / "out"
    out.mkdir()
    assert rumpus("cp", f"{image}:/*.txt", out).returncode == 0
    assert sorted(path.name for path in out.iterdir()) == ["one.txt", "two.txt"]
    assert rumpus("cp", f"{image}:/*.txt", tmp_path / "no folder").returncode == 2
    assert rumpus("rm", f"{image}:/t*").returncode == 0
    assert rumpus("ls", "-la", image).stdout.split()[-1] == "one.txt"
    assert rumpus("ls", f"{image}:/o*").stdout == "one.txt\n"


def test_what_cannot_be_removed_does_not_keep_the_others(image: Path) -> None:
    for name in ("ONE.TXT", "TWO.TXT", "XYZ.TXT"):
        put(image, f"/{name}", b"x" * 10_000)
    stick = bytearray(image.read_bytes())
    entry = stick.index(b"ONE     TXT")
    stick[entry + 26 : entry + 28] = b"\xff\xff"  # where its clusters begin
    image.write_bytes(stick)
    done = rumpus("rm", f"{image}:/*.TXT")
    assert done.returncode == 1
    assert rumpus("ls", image).stdout == "ONE.TXT\n", done.stderr
