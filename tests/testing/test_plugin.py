"""The pytest plugin for driver developers: real workers in a test, and reports beside what fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import DeviceGone, DriverCrashed, DriverHung
from core.testing.plugin import Opener
from core.worker import protocol
from tests.support.fat import blank_fat, mtools

SIZE = 8 << 20

INNER = """
import pytest
from pathlib import Path

pytest_plugins = ["core.testing.plugin"]

@pytest.mark.asyncio
async def test_of_a_driver(stick_of):
    async with stick_of(Path("{image}"), driver="fat") as stick:
        stick.crash()
        await stick.volume.describe()

def test_that_fails_alone():
    assert False
"""


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = blank_fat(tmp_path / "stick.img", SIZE)
    (tmp_path / "hello.txt").write_text("hello\n")
    (tmp_path / "big").write_bytes(bytes(4 << 20))
    mtools("mcopy", path, tmp_path / "hello.txt", tmp_path / "big", "::/")
    return path


async def test_an_image_is_opened_in_a_worker_and_stays_as_it_was(stick_of: Opener, image: Path) -> None:
    before = image.read_bytes()
    async with stick_of(image) as stick:
        entry = await stick.volume.resolve("/hello.txt")
        assert await stick.volume.read(entry.node, 0, 100) == b"hello\n"
        stick.damage(0, bytes(512))
    assert image.read_bytes() == before


async def test_a_stick_can_be_pulled_out(stick_of: Opener, image: Path) -> None:
    async with stick_of(image) as stick:
        entry = await stick.volume.resolve("/big")
        stick.pull_out()
        with pytest.raises(DeviceGone):
            await stick.volume.read(entry.node, entry.size - 4096, 4096)


async def test_a_driver_can_crash_and_hang(stick_of: Opener, image: Path) -> None:
    async with stick_of(image) as stick:
        stick.crash()
        with pytest.raises(DriverCrashed):
            await stick.volume.describe()
    impatient = {**dict.fromkeys(protocol.ANSWERS, 30.0), protocol.Describe: 0.1}
    async with stick_of(image, seconds=impatient) as stick:
        stick.hang()
        with pytest.raises(DriverHung):
            await stick.volume.describe()


def test_a_test_that_fails_shows_why_its_worker_died(image: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "test_driver.py").write_text(INNER.format(image=image))
    (inner / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", inner, inner]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1
    assert "2 failed" in done.stdout
    assert done.stdout.count("Rumpus crash report") == 1
    assert "killed by SIGKILL" in done.stdout
    assert "Last operations:" in done.stdout
