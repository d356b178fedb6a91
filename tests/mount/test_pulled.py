"""A stick that is pulled out while nobody reads from it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from core.mount.pulled import when_pulled
from tests.support.plugging import ScriptedWatcher, device_of


@pytest.fixture
def block() -> Iterator[tuple[int, Path]]:
    """A descriptor that opens nothing, of some block device of this machine, and its place in sysfs."""
    for place in Path("/sys/class/block").iterdir():
        node = Path("/dev") / place.name
        if node.is_block_device():
            descriptor = os.open(node, os.O_PATH)
            yield descriptor, place.resolve()
            os.close(descriptor)
            return
    pytest.skip("this machine has no block device")


def test_the_mount_of_the_stick_that_was_pulled_out_hears_of_it_and_no_other(
    block: tuple[int, Path], tmp_path: Path
) -> None:
    descriptor, place = block
    (tmp_path / "image").touch()
    mine = replace(device_of(tmp_path / "image"), sys=place)
    other = replace(device_of(tmp_path / "image"), sys=tmp_path)
    heard: list[str] = []
    watcher = ScriptedWatcher(mine, other)
    with when_pulled(descriptor, lambda: heard.append("pulled"), watcher):
        watcher.pull(other)
        assert heard == []
        watcher.pull(mine)
        assert heard == ["pulled"]
    assert watcher.hear is None


def test_an_image_is_on_no_stick(tmp_path: Path) -> None:
    watcher = ScriptedWatcher()
    (tmp_path / "image").touch()
    with (tmp_path / "image").open() as file, when_pulled(file.fileno(), lambda: None, watcher):
        assert watcher.hear is None
