"""Programs that nobody here wrote find on a mounted stick what they find on the host's own file system."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mount.conftest import git
from tests.support.disks import tool
from tests.support.mounts import Mounted, mounted


@pytest.fixture(scope="module")
def stick(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mounted]:
    with mounted(image, tmp_path_factory.mktemp("at") / "stick") as mount:
        yield mount


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [tool(str(command[0])), *map(str, command[1:])],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def test_diff_finds_no_difference(stick: Mounted, source: Path) -> None:
    assert run("diff", "-r", "-x", "lost+found", source, stick.path) == ""


def test_sha256sum_finds_every_file_whole(stick: Mounted) -> None:
    run("sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS", cwd=stick.path)


def test_find_walks_the_same_tree(stick: Mounted, source: Path) -> None:
    for arguments in (
        ("-type", "f", "-printf", "%P %s %T@\n"),
        ("-mindepth", "1", "-type", "d", "-not", "-name", "lost+found", "-printf", "%P\n"),
        ("-type", "f", "-size", "+300k", "-name", "*.jpeg", "-printf", "%P\n"),
    ):
        there = sorted(run("find", stick.path, *arguments).splitlines())
        here = sorted(run("find", source, *arguments).splitlines())
        assert there == here


def test_cp_brings_everything_home(stick: Mounted, source: Path, tmp_path: Path) -> None:
    run("cp", "-a", f"{stick.path}/.", tmp_path)
    assert run("diff", "-r", "-x", "lost+found", source, tmp_path) == ""


def test_rsync_has_nothing_left_to_copy(stick: Mounted, source: Path) -> None:
    options = ("-rtn", "--checksum", "--itemize-changes", "--omit-dir-times")
    assert run("rsync", *options, f"{source}/", f"{stick.path}/") == ""


def test_tar_packs_the_same_files(stick: Mounted, source: Path, tmp_path: Path) -> None:
    run("tar", "--exclude", "lost+found", "-cf", tmp_path / "stick.tar", "-C", stick.path, ".")
    (tmp_path / "out").mkdir()
    run("tar", "-xf", tmp_path / "stick.tar", "-C", tmp_path / "out")
    assert run("diff", "-r", source, tmp_path / "out") == ""


def test_git_sees_a_clean_repository(stick: Mounted, source: Path) -> None:
    repository = stick.path / "repository"
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "log", "--oneline") == git(source / "repository", "log", "--oneline")
    git(repository, "fsck", "--strict")


def test_sqlite_finds_a_whole_database(stick: Mounted) -> None:
    database = f"file:{stick.path}/people.sqlite?immutable=1"
    assert run("sqlite3", database, "pragma integrity_check") == "ok\n"
    assert run("sqlite3", database, "select sum(number) from people") == f"{sum(range(5000))}\n"


def test_nothing_can_be_written(stick: Mounted) -> None:
    for attempt in (
        lambda: (stick.path / "new").touch(),
        lambda: (stick.path / "empty").write_text("x"),
        lambda: (stick.path / "empty").unlink(),
        lambda: (stick.path / "folder").mkdir(),
    ):
        with pytest.raises(OSError, match="Read-only file system"):
            attempt()


def test_files_keep_their_numbers_when_mounted_again(image: Path, tmp_path: Path) -> None:
    def numbers() -> dict[str, int]:
        with mounted(image, tmp_path / "at") as mount:
            return {str(path.relative_to(mount.path)): path.lstat().st_ino for path in mount.path.rglob("*")}

    first = numbers()
    assert len(set(first.values())) == len(first) > 700
    assert numbers() == first


def test_df_tells_how_large_the_stick_is(stick: Mounted, image: Path) -> None:
    size = os.statvfs(stick.path).f_blocks * os.statvfs(stick.path).f_frsize
    assert 0.8 * image.stat().st_size < size <= image.stat().st_size
