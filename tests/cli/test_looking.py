"""`rumpus stat|du|df|find|tree|hash|diff|cmp`: what is on a stick, as the tools of these names tell it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.disks import tool
from tests.support.fat import blank_fat, mtools
from tests.support.terminal import records, rumpus

MOMENT = 1_709_212_456


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that are on `stick` too."""
    folder = tmp_path_factory.mktemp("here") / "source"
    for name, size in {
        "notes.txt": 12,
        "photos/one.jpeg": 300_000,
        "photos/two.JPEG": 5_000,
        "photos/raw/three.nef": 700_000,
        "photos/raw/nothing": 0,
        ".hidden": 3,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((name.encode() + b"\n") * size)
        with (folder / name).open("r+b") as file:
            file.truncate(size)
        os.utime(folder / name, (MOMENT, MOMENT))
    (folder / "empty folder").mkdir()
    return folder


@pytest.fixture(scope="module")
def stick(here: Path) -> Path:
    image = blank_fat(here.parent / "stick.img", 16 << 20, "-s", "4", "-n", "HOLIDAY")
    mtools("mcopy", image, "-s", "-m", *sorted(here.iterdir()), "::/")
    return image


def lines(*words: str | Path, status: int = 0) -> list[str]:
    done = rumpus(*words, env={**os.environ, "TZ": "UTC"})
    assert done.returncode == status, (done.stdout, done.stderr)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-type", "f"),
        ("-type", "d", "-mindepth", "1"),
        ("-name", "*.jpeg"),
        ("-iname", "*.jpeg"),
        ("-size", "+100k"),
        ("-size", "-2k", "-type", "f"),
        ("-size", "5000c"),
        ("-maxdepth", "1"),
        ("-empty",),
        ("-path", "*/raw/*"),
    ],
    ids=" ".join,
)
def test_find_finds_what_find_finds(stick: Path, here: Path, options: tuple[str, ...]) -> None:
    wanted = subprocess.run(
        [tool("find"), ".", *options], cwd=here, capture_output=True, text=True, check=True
    ).stdout
    found = lines("find", stick, *options)
    assert sorted(found) == sorted(line.removeprefix(".") or "/" for line in wanted.splitlines())


def test_find_tells_what_is_newer_than_a_file_here_or_there(stick: Path, here: Path, tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    os.utime(tmp_path / "old", (MOMENT - 10, MOMENT - 10))
    assert "/notes.txt" in lines("find", stick, "-newer", tmp_path / "old", "-type", "f")
    assert lines("find", stick, "-newer", f"{stick}:/notes.txt", "-type", "f") == []


def test_find_gives_programs_names_ended_by_nul(stick: Path) -> None:
    assert rumpus("find", stick, "-name", "notes*", "-print0").stdout == "/notes.txt\0"


def test_a_size_that_is_none_is_wrong_usage(stick: Path) -> None:
    assert rumpus("find", stick, "-size", "large").returncode == 2


def test_sha256sum_checks_what_hash_prints(stick: Path, here: Path) -> None:
    sums = rumpus("hash", "-r", stick).stdout
    assert len(sums.splitlines()) == 6
    subprocess.run(
        [tool("sha256sum"), "--quiet", "--strict", "-c"], input=sums, text=True, cwd=here, check=True
    )
    md5 = hashlib.md5((here / "notes.txt").read_bytes()).hexdigest()
    assert lines("hash", "-a", "md5", f"{stick}:/notes.txt") == [f"{md5}  notes.txt"]


def test_du_counts_clusters_and_bytes(stick: Path) -> None:
    assert lines("du", "-sb", stick) == [f"{12 + 300_000 + 5_000 + 700_000 + 3}\t/"]
    clusters = -(-300_000 // 2048) + -(-5_000 // 2048) + -(-700_000 // 2048) + 2
    assert lines("du", "-s", f"{stick}:/photos") == [f"{clusters * 2}\t/photos"]
    assert [line.split("\t")[1] for line in lines("du", stick)] == [
        "/empty folder",
        "/photos/raw",
        "/photos",
        "/",
    ]
    assert "\t/photos/one.jpeg" in "\n".join(lines("du", "-a", stick))
    assert lines("du", "-shc", f"{stick}:/photos", f"{stick}:/notes.txt")[-1] == "1.0 MB\ttotal"


def test_df_tells_size_and_what_is_free(stick: Path) -> None:
    (record,) = records(rumpus("df", "--json", stick))
    assert record["used"] + record["free"] == record["size"]
    assert record["used"] >= 1_000_000
    title, line = lines("df", "-h", stick)
    assert title.split()[:2] == ["Volume", "Type"]
    assert line.endswith("HOLIDAY")


def test_tree_draws_folders(stick: Path) -> None:
    assert lines("tree", "-L", "2", f"{stick}:/photos") == [
        f"{stick}:/photos",
        "├── one.jpeg",
        "├── raw",
        "│   ├── nothing",
        "│   └── three.nef",
        "└── two.JPEG",
        "",
        "1 folders, 4 files",
    ]
    assert lines("tree", "-d", stick)[1:4] == ["├── empty folder", "└── photos", "    └── raw"]


def test_stat_tells_what_its_format_asks(stick: Path) -> None:
    form = "%n %s %F %y %A 100%%"
    assert lines("stat", "-c", form, f"{stick}:/notes.txt") == [
        "/notes.txt 12 regular file 2024-02-29T13:14:16 ----a 100%"
    ]
    assert lines("stat", f"{stick}:/photos")[0] == "  File: /photos"
    (record,) = records(rumpus("stat", "--json", f"{stick}:/notes.txt"))
    assert (record["size"], record["allocated"]) == (12, 2048)


def test_cmp_and_diff_agree_that_all_is_the_same(stick: Path, here: Path) -> None:
    assert lines("cmp", f"{stick}:/photos/one.jpeg", here / "photos" / "one.jpeg") == []
    assert lines("diff", "-r", f"{stick}:/", here) == []


def test_differences_are_told_as_cmp_and_diff_tell_them(stick: Path, here: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    subprocess.run(["cp", "-r", here, other], check=True)
    (other / "notes.txt").write_text("notes.text\nn")
    (other / "new").touch()
    (other / "photos" / "one.jpeg").write_bytes(bytes(300_000))
    (other / ".hidden").unlink()
    assert lines("cmp", f"{stick}:/notes.txt", other / "notes.txt", status=1) == [
        f"{stick}:/notes.txt {other}/notes.txt differ: byte 8, line 1"
    ]
    assert lines("diff", "-rq", f"{stick}:/", other, status=1) == [
        f"Only in {stick}:/: .hidden",
        f"Only in {other}: new",
        f"Files differ: {stick}:/notes.txt {other}/notes.txt",
        f"Files differ: {stick}:/photos/one.jpeg {other}/photos/one.jpeg",
    ]
    told = lines("diff", f"{stick}:/notes.txt", other / "notes.txt", status=1)
    assert [line for line in told if line[1:6] == "notes"] == ["-notes.txt", "+notes.text"]


def test_a_file_that_ends_early_is_told_as_such(stick: Path, tmp_path: Path) -> None:
    (tmp_path / "short").write_text("notes")
    told = lines("cmp", f"{stick}:/notes.txt", tmp_path / "short", status=1)
    assert told == [f"EOF on {tmp_path}/short after byte 5"]


def test_patterns_work_inside_the_stick(stick: Path) -> None:
    assert lines("stat", "-c", "%n", f"{stick}:/photos/*.jpeg") == ["/photos/one.jpeg"]
    assert lines("stat", "-c", "%n", f"{stick}:/*/raw/[nt]*") == [
        "/photos/raw/nothing",
        "/photos/raw/three.nef",
    ]
    assert lines("stat", "-c", "%n", f"{stick}:/*") == ["/empty folder", "/notes.txt", "/photos"]
    assert lines("cat", f"{stick}:/note?.txt") == ["notes.txt", "no"]
    done = rumpus("stat", f"{stick}:/*.pdf")
    assert (done.returncode, done.stderr) == (1, f"rumpus: {stick}:/*.pdf: there is no /*.pdf\n")


def test_a_damaged_file_is_a_problem_of_its_own(broken: Path) -> None:
    done = rumpus("hash", "-r", broken)
    assert done.returncode == 1
    assert "  GOOD" in done.stdout
    assert f"{broken}:/BROKEN: damaged" in done.stderr
