"""Options as people type them for the Unix tools of the same names, several behind one dash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.disks import run
from tests.support.fat import blank_fat
from tests.support.terminal import rumpus


@pytest.fixture
def image(tmp_path: Path) -> Path:
    image = blank_fat(tmp_path / "stick.img", 40 << 20, "-F", "32", "-s", "1")
    (tmp_path / "tree" / "sub").mkdir(parents=True)
    (tmp_path / "tree" / "large.txt").write_bytes(bytes(5000))
    (tmp_path / "tree" / "sub" / "small.txt").write_bytes(b"b\n")
    done = rumpus("cp", "-rpnv", tmp_path / "tree", f"{image}:/")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2), done.stderr
    return image


def test_ls(image: Path) -> None:
    said = rumpus("ls", "-laRhSt", f"{image}:/").stdout
    assert "5.0 kB" in said and "small.txt" in said
    largest = rumpus("ls", "-lS", f"{image}:/tree").stdout.splitlines()
    assert largest[-1].endswith("sub/")


def test_cp_brings_it_back_with_its_times(image: Path, tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()
    assert rumpus("cp", "-rpnv", f"{image}:/tree", tmp_path / "back").returncode == 0
    assert run("diff", "-r", tmp_path / "tree", tmp_path / "back" / "tree") == ""
    here, there = (tmp_path / "tree" / "large.txt").stat(), (tmp_path / "back" / "tree" / "large.txt").stat()
    assert abs(here.st_mtime - there.st_mtime) <= 2


def test_du_and_find(image: Path, tmp_path: Path) -> None:
    (size, path), *more = [
        line.split("\t") for line in rumpus("du", "-sh", f"{image}:/tree").stdout.splitlines()
    ]
    assert (size.endswith("kB"), path, more) == (True, "/tree", [])
    options = ("-name", "*.txt", "-type", "f", "-size", "+2k", "-newer", tmp_path / "stick.img")
    assert rumpus("find", f"{image}:/tree", *options[:-2]).stdout == "/tree/large.txt\n"
    assert rumpus("find", f"{image}:/tree", *options).stdout == ""


def test_rm(image: Path) -> None:
    assert rumpus("rm", "-rf", f"{image}:/tree", f"{image}:/none").returncode == 0
    assert rumpus("ls", f"{image}:/").stdout == ""
    run("fsck.fat", "-n", image)
