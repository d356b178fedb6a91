"""Programs that nobody here wrote change a mounted stick, and fsck finds it sound."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mount.conftest import git
from tests.support.disks import tool
from tests.support.exfat import blank_exfat
from tests.support.ext import ext_image, needs_e2fsprogs
from tests.support.fat import blank_fat
from tests.support.mounts import mounted
from tests.support.terminal import rumpus


def _fat(path: Path) -> Path:
    return blank_fat(path, 64 << 20, "-F", "32", "-s", "1")


def _exfat(path: Path) -> Path:
    return blank_exfat(path, 64 << 20)


CHECKS = {_fat: ("fsck.fat", "-n"), _exfat: ("fsck.exfat", "-n")}


@pytest.fixture(params=CHECKS, ids=["FAT32", "exFAT"])
def make(request: pytest.FixtureRequest) -> Callable[[Path], Path]:
    return request.param  # type: ignore[no-any-return]


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [tool(str(command[0])), *map(str, command[1:])],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def test_whole_trees_go_onto_the_stick_and_stay_what_they_are(
    make: Callable[[Path], Path], source: Path, tmp_path: Path
) -> None:
    image = make(tmp_path / "stick.img")
    with mounted(image, tmp_path / "at", "-o", "rw") as mount:
        run("cp", "-a", source, mount.path / "by cp")
        (mount.path / "by rsync").mkdir()
        run("rsync", "-rt", f"{source}/", f"{mount.path}/by rsync/")
        (mount.path / "by tar").mkdir()
        run("tar", "-C", source, "-cf", tmp_path / "source.tar", ".")
        run("tar", "-C", mount.path / "by tar", "-xf", tmp_path / "source.tar")
        for how in ("by cp", "by rsync", "by tar"):
            assert run("diff", "-r", source, mount.path / how) == ""
    run(*CHECKS[make], image)
    with mounted(image, tmp_path / "at") as mount:
        for how in ("by cp", "by rsync", "by tar"):
            assert run("diff", "-r", source, mount.path / how) == ""
        left = run(
            "rsync", "-rtn", "--itemize-changes", "--checksum", "-O", f"{source}/", f"{mount.path}/by cp/"
        )
        assert left == ""


def test_a_repository_and_a_database_can_be_worked_in(make: Callable[[Path], Path], tmp_path: Path) -> None:
    image = make(tmp_path / "stick.img")
    with mounted(image, tmp_path / "at", "-o", "rw") as mount:
        repository = mount.path / "repository"
        repository.mkdir()
        git(repository, "init", "-q")
        for number in range(5):
            (repository / f"file {number}").write_text(f"{number}\n" * 1000)
            git(repository, "add", ".")
            git(repository, "commit", "-q", "-m", str(number))
        git(repository, "gc", "-q")
        assert git(repository, "status", "--porcelain") == ""
        database = mount.path / "data.sqlite"
        run(
            "sqlite3",
            database,
            "create table t (a); with recursive n(x) as (select 1 union all "
            "select x + 1 from n where x < 5000) insert into t select x from n; "
            "delete from t where a % 3 = 0",
        )
    run(*CHECKS[make], image)
    with mounted(image, tmp_path / "at") as mount:
        git(mount.path / "repository", "fsck", "--strict")
        assert git(mount.path / "repository", "log", "--oneline").count("\n") == 5
        assert run("sqlite3", f"file:{database}?immutable=1", "pragma integrity_check") == "ok\n"


def test_random_writes_leave_what_they_leave_on_the_host(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    """As fsx does it: writes, truncates and reads at any place, with a file of the host beside it."""
    chance = random.Random(5)
    image = make(tmp_path / "stick.img")
    with (
        mounted(image, tmp_path / "at", "-o", "rw") as mount,
        (tmp_path / "here").open("w+b", buffering=0) as here,
        (mount.path / "there").open("w+b", buffering=0) as there,
    ):
        files = (here.fileno(), there.fileno())
        for _ in range(400):
            offset, length = chance.randrange(300_000), chance.randrange(1, 40_000)
            match chance.randrange(6):
                case 0:
                    for file in files:
                        os.truncate(file, offset)
                case 1:
                    here_read, there_read = (os.pread(file, length, offset) for file in files)
                    assert here_read == there_read
                case _:
                    data = chance.randbytes(length)
                    for file in files:
                        assert os.pwrite(file, data, offset) == length
            assert os.fstat(files[0]).st_size == os.fstat(files[1]).st_size
        os.fsync(files[1])
    run(*CHECKS[make], image)
    assert rumpus("cmp", f"{image}:/there", tmp_path / "here").returncode == 0


def test_names_change_as_elsewhere(make: Callable[[Path], Path], tmp_path: Path) -> None:
    image = make(tmp_path / "stick.img")
    with mounted(image, tmp_path / "at", "-o", "rw") as mount:
        at = mount.path
        (at / "a").mkdir()
        (at / "one").write_text("one\n")
        (at / "one").rename(at / "a" / "two")
        (at / "three").write_text("three\n")
        (at / "three").replace(at / "a" / "two")
        assert [path.name for path in (at / "a").iterdir()] == ["two"]
        with (at / "a" / "two").open() as file:
            (at / "a" / "two").rename(at / "a" / "TWO")
            assert file.read() == "three\n"
        assert [path.name for path in (at / "a").iterdir()] == ["TWO"]
        with (at / "a" / "TWO").open() as file:
            (at / "a" / "TWO").unlink()
            assert not (at / "a" / "TWO").exists()
            assert file.read() == "three\n"
        (at / "a").rename(at / "b")
        (at / "b").rmdir()
        assert list(at.iterdir()) == []
    run(*CHECKS[make], image)


def test_what_cannot_be_is_refused_with_the_usual_errors(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    image = make(tmp_path / "stick.img")
    with mounted(image, tmp_path / "at", "-o", "rw") as mount:
        at = mount.path
        (at / "folder").mkdir()
        (at / "folder" / "file").touch()
        for attempt, sentence in (
            (lambda: (at / "folder").rmdir(), "not empty"),
            (lambda: (at / "folder").mkdir(), "exists"),
            (lambda: (at / "a:b").touch(), "Invalid argument"),
            (lambda: (at / "link").symlink_to("folder"), "not permitted"),
            (lambda: (at / "folder" / "file" / "x").touch(), "Not a directory"),
            (lambda: os.truncate(at / "folder" / "file", 1 << 40), "too large|No space"),
        ):
            with pytest.raises(OSError, match=sentence):
                attempt()
        (at / "folder" / "file").chmod(0o444)
        assert (at / "folder" / "file").stat().st_mode & 0o777 == 0o444
        with pytest.raises(PermissionError):
            (at / "folder" / "file").write_text("x")
        with pytest.raises(OSError, match="No space"):
            (at / "large").write_bytes(bytes(70 << 20))
        (at / "large").unlink(missing_ok=True)
    run(*CHECKS[make], image)


def test_times_are_kept(make: Callable[[Path], Path], tmp_path: Path) -> None:
    image = make(tmp_path / "stick.img")
    with mounted(image, tmp_path / "at", "-o", "rw") as mount:
        (mount.path / "old").write_text("old\n")
        os.utime(mount.path / "old", (1_700_000_000, 1_709_212_456))
        assert (mount.path / "old").stat().st_mtime == 1_709_212_456
    with mounted(image, tmp_path / "at") as mount:
        assert (mount.path / "old").stat().st_mtime == 1_709_212_456


@needs_e2fsprogs
def test_a_system_that_is_only_read_is_not_mounted_writable(tmp_path: Path) -> None:
    image = ext_image(tmp_path / "ext.img", 4 << 20, "-t", "ext4")
    (tmp_path / "at").mkdir()
    done = rumpus("mount", "-o", "rw", image, tmp_path / "at")
    assert done.returncode == 3
    assert "Rumpus can only read this file system" in done.stderr
