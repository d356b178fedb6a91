"""`rumpus ls --deleted` and `rumpus recover`: what was deleted is shown, and comes back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.fs.fat.writing.writer import FatWriter
from tests.support.disks import run, sparse
from tests.support.fat import blank_fat, mtools
from tests.support.terminal import records, rumpus
from tests.support.volumes import put_in, writer_of

TEXT = random.Random(1).randbytes(30_000)
PICTURE = b"\xff\xd8\xff" + random.Random(2).randbytes(70_000) + b"\xff\xd9"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Of /docs are left `kept.txt` and what was deleted: `the report.txt`, and `old` with two pictures, of
    which one is none. In / two files were deleted whose names differ in the first character alone."""
    image = blank_fat(tmp_path / "stick.img", 64 << 20)
    files = {
        "docs/the report.txt": TEXT,
        "docs/kept.txt": b"kept",
        "docs/old/a real picture.jpg": PICTURE,
        "docs/old/no real picture.jpg": TEXT,
        "APHOTO.DAT": b"a" * 5000,
        "BPHOTO.DAT": b"b" * 5000,
    }
    mtools("mmd", image, "::/docs", "::/docs/old")
    for path, content in files.items():
        (tmp_path / "source").write_bytes(content)
        mtools("mcopy", image, tmp_path / "source", f"::/{path}")
    mtools("mdel", image, "::/docs/the report.txt", "::/APHOTO.DAT", "::/BPHOTO.DAT")
    mtools("mdeltree", image, "::/docs/old")
    return image


def lines(*words: str | Path) -> list[str]:
    done = rumpus(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_what_was_deleted_is_listed_with_how_sure_it_is(stick: Path) -> None:
    assert lines("ls", "--deleted", f"{stick}:/docs") == ["likely   _ld/", "likely   the report.txt"]
    assert lines("ls", "--deleted", f"{stick}:/docs/_LD") == [
        "likely   a real picture.jpg",
        "likely   no real picture.jpg",
    ]
    assert lines("ls", "--deleted", f"{stick}:/docs/_ld/a real picture.jpg") == [
        "likely   a real picture.jpg"
    ]
    assert len(lines("ls", "--deleted", f"{stick}:/docs/_ld#1")) == 2


def test_files_of_one_name_are_told_apart_by_a_number(stick: Path) -> None:
    assert lines("ls", "--deleted", stick) == ["likely   _PHOTO.DAT", "likely   _PHOTO.DAT#2"]
    long = lines("ls", "--deleted", "-l", stick)
    assert all(line.endswith("  (a part of its name is lost)") for line in long)
    assert " 5000 " in long[0]


def test_programs_are_told_the_same(stick: Path) -> None:
    found = records(rumpus("ls", "--deleted", "-R", "--json", stick))
    assert {each["path"]: (each["size"], each["sureness"], each["name_whole"]) for each in found} == {
        "/_PHOTO.DAT": (5000, "likely", False),
        "/_PHOTO.DAT#2": (5000, "likely", False),
        "/docs/_ld": (0, "likely", False),
        "/docs/the report.txt": (30_000, "likely", True),
        "/docs/_ld/a real picture.jpg": (len(PICTURE), "likely", True),
        "/docs/_ld/no real picture.jpg": (30_000, "likely", True),
    }


def test_everything_comes_back_in_its_folders_and_the_stick_is_only_read(stick: Path, tmp_path: Path) -> None:
    before, out = stick.read_bytes(), tmp_path / "out"
    done = rumpus("recover", f"{stick}:/", out)
    assert done.returncode == 0
    assert {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()} == {
        "_PHOTO.DAT": b"a" * 5000,
        "_PHOTO (2).DAT": b"b" * 5000,
        "docs/the report.txt": TEXT,
        "docs/_ld/a real picture.jpg": PICTURE,
        "docs/_ld/no real picture.jpg": TEXT,
    }
    assert done.stderr == "rumpus: 5 files recovered (1 good, 3 likely, 1 doubtful)\n"
    assert stick.read_bytes() == before


def test_what_a_file_begins_and_ends_with_makes_it_surer_or_less_sure(stick: Path, tmp_path: Path) -> None:
    told = records(rumpus("recover", "--json", f"{stick}:/docs/_ld", tmp_path))
    sure = {Path(each["source"]).name: each["sureness"] for each in told}
    assert sure == {"a real picture.jpg": "good", "no real picture.jpg": "doubtful"}
    done = rumpus("recover", "--sure", f"{stick}:/docs/_ld", tmp_path / "sure")
    assert done.stderr == "rumpus: 1 files recovered (1 good); 1 left out\n"
    assert [path.name for path in (tmp_path / "sure" / "_ld").iterdir()] == ["a real picture.jpg"]


def test_a_name_brings_all_files_of_that_name_and_a_number_one(stick: Path, tmp_path: Path) -> None:
    assert rumpus("recover", f"{stick}:/_photo.dat", tmp_path / "all").returncode == 0
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["_PHOTO (2).DAT", "_PHOTO.DAT"]
    assert rumpus("recover", f"{stick}:/_PHOTO.DAT#2", tmp_path / "one").returncode == 0
    assert [path.read_bytes() for path in (tmp_path / "one").iterdir()] == [b"b" * 5000]


def test_what_other_files_have_taken_is_said_and_not_copied(stick: Path, tmp_path: Path) -> None:
    with writer_of(FatWriter, stick) as (writer, device):
        put_in(writer, device, 0, "a long name that needs slots of its own", bytes(writer.facts().free or 0))
        writer.flush()
    done = rumpus("recover", f"{stick}:/docs", tmp_path / "out")
    assert done.returncode == 1
    assert "the report.txt: other files lie where it lay: nothing is copied" in done.stderr
    assert not list((tmp_path / "out").rglob("*.*"))
    assert rumpus("ls", "--deleted", f"{stick}:/docs").stdout.splitlines() == [
        "gone     _ld/",
        "gone     the report.txt",
    ]


def test_a_file_that_is_there_was_not_deleted(stick: Path, tmp_path: Path) -> None:
    done = rumpus("recover", f"{stick}:/docs/kept.txt", tmp_path)
    assert done.returncode == 1
    assert "there is no deleted file docs/kept.txt" in done.stderr
    done = rumpus("recover", f"{stick}:/docs/never there", tmp_path)
    assert (done.returncode, "there is no deleted file docs/never there" in done.stderr) == (1, True)
    assert rumpus("recover", stick, tmp_path).returncode == 2
    assert rumpus("recover", f"{stick}:/", tmp_path / "no" / "folder").returncode == 2


def test_a_system_that_keeps_nothing_of_deleted_files_says_so(tmp_path: Path) -> None:
    image = sparse(tmp_path / "ext.img", 4 << 20)
    run("mkfs.ext4", "-q", image)
    done = rumpus("ls", "--deleted", image)
    assert done.returncode == 1
    assert "deleted files" in done.stderr


def test_an_escape_character_in_a_deleted_name_never_reaches_the_terminal(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 8 << 20)
    (tmp_path / "source").write_bytes(b"x")
    mtools("mcopy", image, tmp_path / "source", "::/eeEEe")
    mtools("mdel", image, "::/eeEEe")
    raw = "eeEEe".encode("utf-16-le")
    image.write_bytes(image.read_bytes().replace(raw, "e\x1b[2J".encode("utf-16-le")))
    for words in (("ls", "--deleted", image), ("recover", f"{image}:/", tmp_path / "out")):
        done = rumpus(*words)
        assert "e␛[2J" in done.stdout
        assert "\x1b" not in done.stdout + done.stderr
