"""A folder of the host as people have them, and sticks with the same in it."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.mount import host
from tests.support.disks import tool
from tests.support.exfat import blank_exfat
from tests.support.exfat import mounted as by_exfat_fuse
from tests.support.ext import ext_image
from tests.support.fat import blank_fat, mtools
from tests.support.mounts import need_fuse

host.use_library()  # before a module of tests imports what imports mfusepy, which would take another one

_MOMENT = 1_709_212_456
_IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")


def git(folder: Path, *words: str) -> str:
    command = [tool("git"), "-C", str(folder), "-c", f"safe.directory={folder}", *_IDENTITY, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photographs, a repository, a database, small files, names of all kinds, checksums of it all."""
    need_fuse()
    folder = tmp_path_factory.mktemp("host") / "source"
    chance = random.Random(8)
    photographs = folder / "Photos" / "2026 at the harbour"
    photographs.mkdir(parents=True)
    for number in range(12):
        (photographs / f"IMG_{number:04}.jpeg").write_bytes(chance.randbytes(chance.randrange(700_000)))
    (folder / "Photos" / "Ünïcödé 数据.txt").write_text("hello\n")
    (folder / "empty").touch()
    (folder / "nothing here").mkdir()
    (folder / "many").mkdir()
    for number in range(700):
        (folder / "many" / f"{number:03} of many").write_bytes(chance.randbytes(number % 97))
    repository = folder / "repository"
    repository.mkdir()
    git(repository, "init", "-q")
    for number in range(20):
        (repository / f"module{number}.py").write_text(f"print({number})\n" * number)
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Begin")
    shutil.rmtree(repository / ".git" / "hooks", ignore_errors=True)
    with closing(sqlite3.connect(folder / "people.sqlite")) as database, database:
        database.execute("create table people (name, number)")
        database.executemany("insert into people values (?, ?)", ((f"n{n}", n) for n in range(5000)))
    for each in sorted(folder.rglob("*"), reverse=True):
        os.utime(each, (_MOMENT, _MOMENT))
    sums = subprocess.run(
        "find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum",
        shell=True,
        cwd=folder,
        capture_output=True,
        check=True,
    ).stdout
    (folder / "SHA256SUMS").write_bytes(sums)
    os.utime(folder / "SHA256SUMS", (_MOMENT, _MOMENT))
    return folder


def _fat(source: Path, image: Path) -> None:
    blank_fat(image, 64 << 20, "-F", "32", "-s", "1")
    mtools("mcopy", image, "-s", "-m", *sorted(source.iterdir()), "::/")


def _exfat(source: Path, image: Path) -> None:
    blank_exfat(image, 64 << 20)
    with by_exfat_fuse(image) as folder:
        subprocess.run(["cp", "-r", "--preserve=timestamps", f"{source}/.", folder], check=True)


def _ext4(source: Path, image: Path) -> None:
    ext_image(image, 64 << 20, "-t", "ext4", source=source)


SYSTEMS: dict[str, Callable[[Path, Path], None]] = {"FAT32": _fat, "exFAT": _exfat, "ext4": _ext4}


@pytest.fixture(scope="session", params=SYSTEMS)
def image(request: pytest.FixtureRequest, source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with the files of `source`, of each system."""
    path = tmp_path_factory.mktemp("stick") / "stick.img"
    SYSTEMS[request.param](source, path)
    return path
