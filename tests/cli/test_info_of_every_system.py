"""`rumpus info` of every kind of volume, through the walls: who it is, how full, how sound, read by whom."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.cli import info
from core.cli.output import Output
from core.cli.source import Choice
from core.fs.registry import DRIVERS
from core.host.supervisor import Supervisor
from tests.support.samples import SAMPLES, SMALL

TELLING = {
    "fat": "Clusters",
    "exfat": "Revision",
    "ext": "Features",
    "ntfs": "Version",
    "hfsplus": "Attributes",
    "hfs": "Locked",
    "udf": "Revision",
    "iso9660": "Names",
    "ffs": "Features",
    "lfs": "Version",
    "efs": "Pack",
    "sysvbfs": "Byte order",
    "v7fs": "Byte order",
}
"""By driver, the fact that tells which of the system's features a volume has."""
NAMELESS = ("LFS", "HFS", "EFS", "SysVBFS", "V7FS")
"""Systems that number no volume."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def supervisor() -> AsyncIterator[Supervisor]:
    async with Supervisor() as supervisor:
        yield supervisor


async def told(
    image: Path, supervisor: Supervisor, capsys: pytest.CaptureFixture[str], driver: str = ""
) -> dict[str, str]:
    """The rows of the volume."""
    out = Output(as_json=False)
    await info.run(Namespace(source=str(image), choice=Choice(driver, "")), supervisor, out)
    said, problems = capsys.readouterr()
    assert problems == ""
    rows = (line.partition(":") for line in said.partition("Volume:")[2].splitlines()[1:])
    return {label: value.strip() for label, _, value in rows}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", SAMPLES)
async def test_a_volume_is_told_whole(
    kind: str, supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = SAMPLES[kind](tmp_path, SMALL)
    rows = await told(sample.image, supervisor, capsys)
    assert rows["File system"] == sample.system
    assert rows["Driver"].split()[0] == sample.driver.name
    assert rows["Label"] == (sample.label or "none")
    assert (rows["Serial number"] == "none") == (sample.system in NAMELESS)
    assert rows["Size"].endswith("MB") or rows["Size"].endswith("kB")
    assert rows["Free"] not in ("", "not known")
    assert rows["Cluster size"].split()[0].isdigit()
    assert rows["State"] == "clean"
    assert TELLING[sample.driver.name] in rows
    assert rows["Limits"] == sample.driver.limits


@pytest.mark.asyncio(loop_scope="module")
async def test_where_two_drivers_know_a_volume_either_can_be_chosen(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = SAMPLES["UDF beside ISO 9660"](tmp_path, SMALL).image
    rows = await told(image, supervisor, capsys)
    assert (rows["File system"], rows["Driver"]) == ("UDF", "udf (or --driver iso9660)")
    rows = await told(image, supervisor, capsys, "iso9660")
    assert (rows["File system"], rows["Driver"]) == ("ISO 9660", "iso9660 (or --driver udf)")


def test_every_driver_tells_what_it_does_not_show() -> None:
    assert {driver.name for driver in DRIVERS} == TELLING.keys()
    assert all(driver.limits for driver in DRIVERS)
