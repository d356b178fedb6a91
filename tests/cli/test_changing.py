"""`rumpus cp` towards a stick, mkdir, mv and rm from outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.disks import run
from tests.support.fat import blank_fat, mtools


def rumpus(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.cli.main", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "stick.img", 40 << 20, "-F", "32", "-s", "1")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree/sub").mkdir(parents=True)
    (tmp_path / "tree/a.txt").write_text("a\n")
    (tmp_path / "tree/sub/b.txt").write_text("b\n")
    return tmp_path / "tree"


def test_a_folder_goes_onto_the_stick_and_comes_back(image: Path, tree: Path, tmp_path: Path) -> None:
    assert rumpus("cp", "-r", tree, f"{image}:/").returncode == 0
    assert rumpus("cp", "-r", f"{image}:/tree", tmp_path / "back").returncode == 0
    assert run("diff", "-r", tree, tmp_path / "back") == ""
    run("fsck.fat", "-n", image)


def test_one_file_gets_the_name_that_was_given(image: Path, tree: Path) -> None:
    assert rumpus("cp", tree / "a.txt", f"{image}:/Other Name.txt").returncode == 0
    assert mtools("mtype", image, "::/Other Name.txt") == b"a\n"


def test_folders_are_made_moved_and_removed(image: Path, tree: Path) -> None:
    assert rumpus("mkdir", f"{image}:/x/y").returncode == 1
    assert rumpus("mkdir", "-p", f"{image}:/x/y").returncode == 0
    assert rumpus("mkdir", "-p", f"{image}:/x/y").returncode == 0
    assert rumpus("cp", tree / "a.txt", f"{image}:/x").returncode == 0
    assert rumpus("mv", f"{image}:/x/a.txt", f"{image}:/x/y").returncode == 0
    assert rumpus("mv", f"{image}:/x/y", f"{image}:/Z").returncode == 0
    assert mtools("mtype", image, "::/Z/a.txt") == b"a\n"
    assert rumpus("rm", f"{image}:/Z").returncode == 1
    assert rumpus("rm", "-r", f"{image}:/Z", f"{image}:/x").returncode == 0
    assert rumpus("ls", image).stdout == ""
    run("fsck.fat", "-n", image)


def test_patterns_choose_what_is_moved(image: Path, tree: Path) -> None:
    for name in ("1.jpg", "2.jpg", "3.txt"):
        assert rumpus("cp", tree / "a.txt", f"{image}:/{name}").returncode == 0
    assert rumpus("mkdir", f"{image}:/pictures").returncode == 0
    assert rumpus("mv", f"{image}:/*.jpg", f"{image}:/3.txt").returncode == 1, "two cannot become one"
    assert rumpus("mv", f"{image}:/*.jpg", f"{image}:/pictures").returncode == 0
    assert sorted(rumpus("ls", f"{image}:/pictures").stdout.split()) == ["1.jpg", "2.jpg"]
    assert sorted(rumpus("ls", f"{image}:/").stdout.split()) == ["3.txt", "pictures"]
    assert rumpus("mv", f"{image}:/[12]*", f"{image}:/pictures").returncode == 1
    run("fsck.fat", "-n", image)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("cp", "tree", "IMAGE:/"), 2),
        (("cp", "tree/none", "IMAGE:/"), 2),
        (("cp", "IMAGE:/a", "IMAGE:/b"), 2),
        (("cp", "tree/a.txt", "tree/sub/b.txt", "IMAGE:/none"), 1),
        (("cp", "tree/a.txt", "IMAGE:/a:b"), 1),
        (("rm", "IMAGE:/"), 2),
        (("rm", "IMAGE:/none"), 1),
        (("rm", "-f", "IMAGE:/none"), 0),
        (("mv", "IMAGE:/none", "IMAGE:/other"), 1),
        (("mv", "IMAGE:/none", "other"), 2),
    ],
)
def test_what_makes_no_sense_is_said_in_a_line(
    words: tuple[str, ...], status: int, image: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = image.read_bytes()
    monkeypatch.chdir(tree.parent)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    done = rumpus(*(word.replace("IMAGE", str(image)) for word in words))
    assert (done.returncode, len(done.stderr.splitlines())) == (status, int(status != 0)), done.stderr
    assert image.read_bytes() == before
