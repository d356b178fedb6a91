"""What a check finds on damaged FAT volumes, beside what fsck.fat says of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from core.entry import Finding, FindingKind
from core.fs.fat.driver import Fat
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import tool
from tests.support.fat_damage import DAMAGES, WIDTHS, Image
from tests.support.fsck import complaints
from tests.support.volumes import volume_of

UNJUDGED = ("parent", "in use", "first entry", "label")
"""What fsck.fat does not mind, or only sometimes."""


def found(image: Image) -> list[Finding]:
    with volume_of(Fat, image.path) as volume:
        return [finding for finding in volume.check() if finding is not None]


def fsck(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([tool("fsck.fat"), "-n", path], capture_output=True, text=True, check=False)


@pytest.fixture(params=WIDTHS)
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Image:
    return Image(tmp_path / "stick.img", request.param)


def test_nothing_is_found_on_a_sound_volume(image: Image) -> None:
    assert found(image) == []
    assert fsck(image.path).returncode == 0


@pytest.mark.parametrize(
    ("name", "width"), [(name, width) for name, damage in DAMAGES.items() for width in damage.widths]
)
def test_each_kind_of_damage_is_found_where_it_is(name: str, width: int, tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", width)
    kind, path, do = DAMAGES[name][:3]
    do(image)
    findings = [finding for finding in found(image) if finding.kind is kind]
    assert findings, [finding.kind for finding in found(image)]
    if path:
        assert path.casefold() in [finding.path.casefold() for finding in findings]
    assert complaints(image.path) or name in UNJUDGED


def test_as_many_clusters_are_lost_as_fsck_says(image: Image) -> None:
    DAMAGES["lost"].do(image)
    (lost,) = [finding for finding in found(image) if finding.kind is FindingKind.LOST]
    assert f"Reclaimed {lost.clusters} unused cluster" in fsck(image.path).stdout


def test_what_only_fat32_has_is_checked_too(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 32)
    DAMAGES["backup"].do(image)
    DAMAGES["count"].do(image)
    kinds = [finding.kind for finding in found(image)]
    assert kinds == [FindingKind.BOOT_SECTOR, FindingKind.FREE_COUNT]


async def test_a_check_goes_through_the_wall_and_changes_nothing(tmp_path: Path) -> None:
    image = Image(tmp_path / "stick.img", 16)
    damages = [DAMAGES[name] for name in ("lost", "shared", "parent", "tables")]
    for damage in damages:
        damage.do(image)
    before = image.path.read_bytes()
    async with Supervisor() as supervisor:
        with await open_medium(image.path) as medium:
            async with await supervisor.open(medium) as volume:
                met = {finding.kind async for finding in volume.check()}
    assert {damage.kind for damage in damages} <= met
    assert image.path.read_bytes() == before
