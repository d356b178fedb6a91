"""How a stick, a partition and a path are named on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.source import Source, parse
from tests.support.disks import make_fat, partition, sparse
from tests.support.terminal import rumpus

MIB = 1 << 20


@pytest.mark.parametrize(
    ("text", "device", "number", "path"),
    [
        ("stick.img", "stick.img", None, ""),
        ("stick.img:/", "stick.img", None, "/"),
        ("stick.img:/docs/", "stick.img", None, "/docs"),
        ("stick.img:docs", "stick.img", None, "/docs"),
        ("stick.img@2", "stick.img", 2, ""),
        ("stick.img@2:/a:b@3", "stick.img", 2, "/a:b@3"),
        ("odd:name.img", "odd:name.img", None, ""),
        ("odd:name.img:/x", "odd:name.img", None, "/x"),
        ("odd@1", "odd@1", None, ""),
        ("odd@1@2:/x", "odd@1", 2, "/x"),
        ("missing.img", "missing.img", None, ""),
        ("missing.img:/x", "missing.img", None, "/x"),
        ("missing@1:/x", "missing", 1, "/x"),
    ],
)
def test_a_name_of_a_file_that_exists_is_taken_whole(
    text: str, device: str, number: int | None, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("stick.img", "odd:name.img", "odd@1"):
        (tmp_path / name).touch()
    assert parse(text) == Source(Path(device), number, path)


def test_with_several_volumes_one_must_be_named(tmp_path: Path) -> None:
    image = partition(
        sparse(tmp_path / "two.img", 40 * MIB), "label: dos\nsize=16M, type=c\nsize=16M, type=c\n"
    )
    for offset in (MIB, 17 * MIB):
        make_fat(image, offset, 16 * MIB)
    done = rumpus("ls", image)
    assert done.returncode == 2
    assert f"{image}@1, {image}@2" in done.stderr
    assert rumpus("ls", f"{image}@2").returncode == 0


def test_a_device_that_is_no_file_and_no_disk_is_refused() -> None:
    done = rumpus("ls", "/dev/null")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
