"""Volumes that NetBSD's own tools made, beside the lists of what was put on them."""

from __future__ import annotations

import hashlib
import lzma
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from core.entry import Kind
from core.fs.driver import Driver
from core.fs.registry import recognise
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import tool
from tests.support.ffs import ffs_image
from tests.support.volumes import content_of, device_of, walked

DATA = Path(__file__).with_name("data")
IMAGES = {
    "ffsv1-be": ("bsd-tree", "UFS1"),
    "ffsv2-le": ("bsd-tree", "UFS2"),
    "lfsv1": ("bsd-tree", "LFS"),
    "lfsv2": ("bsd-tree", "LFS"),
    "v7fs-le": ("v7fs-tree", "V7FS"),
    "v7fs-pdp": ("v7fs-tree", "V7FS"),
    "sysvbfs-le": ("sysvbfs-tree", "SysVBFS"),
    "sysvbfs-tiny-be": ("sysvbfs-tiny-tree", "SysVBFS"),
    "sysvbfs-tiny-le": ("sysvbfs-tiny-tree", "SysVBFS"),
}


class Wanted(NamedTuple):
    size: int
    sha256: str
    mode: int | None
    modified: int | None


class Case(NamedTuple):
    image: Path
    system: str
    wanted: dict[str, Wanted]
    exact: bool
    """Whether modes and times are those of the list: the other volumes were filled by copying."""


@pytest.fixture(scope="module", params=IMAGES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    name: str = request.param
    tree, system = IMAGES[name]
    image = tmp_path_factory.mktemp("stick") / "stick.img"
    image.write_bytes(lzma.decompress((DATA / f"{name}.img.xz").read_bytes()))
    return Case(image, system, dict(listed_in(DATA / f"{tree}.tsv")), name.startswith("ffs"))


def listed_in(manifest: Path) -> Iterator[tuple[str, Wanted]]:
    for line in manifest.read_text(encoding="utf-8").splitlines()[1:]:
        path, size, sha256, mode, modified = line.split("\t")
        known = mode != "-"
        yield (
            path,
            Wanted(int(size), sha256, int(mode, 8) if known else None, int(modified) if known else None),
        )


def opened(device: object) -> Driver:
    return recognise(device)[0][0].open(device)  # type: ignore[arg-type]


def test_every_file_is_as_it_was_put_there(case: Case) -> None:
    with device_of(case.image) as device:
        volume = opened(device)
        assert (volume.facts().system, volume.facts().dirty, volume.facts().warnings) == (
            case.system,
            False,
            [],
        )
        seen: dict[str, Wanted] = {}
        for path, entry in walked(volume, volume.facts().root):
            assert entry.problem is None
            if entry.kind is Kind.FILE:
                sha256 = hashlib.sha256(content_of(volume, device, entry.node)).hexdigest()
                assert entry.modified is not None
                seconds = entry.modified // 10**9 if case.exact else case.wanted[path].modified
                mode = entry.mode if case.exact else case.wanted[path].mode
                seen[path] = Wanted(entry.size, sha256, mode, seconds)
        assert seen == case.wanted


async def test_the_same_through_the_wall(case: Case, tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(case.image) as medium:
            survey = await supervisor.survey(medium)
            assert [part.system for part in survey.partitions] == [case.system]
            async with await supervisor.open(medium) as volume:
                for path in [path for path in case.wanted if not path.startswith("many/")]:
                    entry = await volume.resolve(path)
                    with (tmp_path / "copy").open("wb") as file:
                        assert (await volume.copy(entry.node, file.fileno())).lost == []
                    digest = hashlib.sha256((tmp_path / "copy").read_bytes()).hexdigest()
                    assert digest == case.wanted[path].sha256


@pytest.mark.parametrize("byteorder", ["le", "be"])
def test_ufs1_is_read_as_the_sleuth_kit_reads_it(tmp_path: Path, byteorder: str) -> None:
    source = tmp_path / "source"
    (source / "deep" / "er").mkdir(parents=True)
    for number in range(60):
        (source / "deep" / f"file {number}").write_bytes(bytes([number]) * number**3)
    (source / "deep" / "er" / "link").symlink_to("../file 3")
    image = ffs_image(tmp_path / "stick.img", source, 1, byteorder)
    seen: dict[int, tuple[str, str]] = {}
    for line in subprocess.check_output([tool("fls"), "-rp", "-f", "ufs1", image], text=True).splitlines():
        kind, number, path = line.replace("\t", " ", 1).split(" ", 2)
        content = subprocess.check_output([tool("icat"), "-f", "ufs1", image, number.rstrip(":")])
        is_file = kind == "r/r"
        seen[int(number.rstrip(":"))] = (path, hashlib.sha256(content).hexdigest() if is_file else "")
    with device_of(image) as device:
        volume = opened(device)
        assert {
            entry.node: (
                path,
                hashlib.sha256(content_of(volume, device, entry.node)).hexdigest()
                if entry.kind is Kind.FILE
                else "",
            )
            for path, entry in walked(volume, 2)
        } == {number: what for number, what in seen.items() if not what[0].startswith("$")}
