"""udev looks at a disk when somebody has written to it: nobody is told to end it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import DeviceBusy
from core.host import giving_back
from tests.support.disks import loop_node, sparse, tool


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Path]:
    with loop_node(sparse(tmp_path / "stick.img", 1 << 20)) as node:
        yield node


@contextmanager
def looking(name: str, node: Path, seconds: str, folder: Path) -> Iterator[None]:
    """A program of that name that has the disk open for so long."""
    shutil.copy(tool("sleep"), folder / name)
    with node.open("rb") as disk, subprocess.Popen([folder / name, seconds], stdin=disk) as program:
        disk.close()
        try:
            yield
        finally:
            program.kill()


async def test_a_disk_that_udev_looks_at_is_free_once_it_has_looked(node: Path, tmp_path: Path) -> None:
    with looking("(udev-worker)", node, "0.5", tmp_path):
        await giving_back.refuse_held(giving_back.disk_at(node))


async def test_one_that_never_ends_is_named(
    node: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_back, "_LOOKING", 0.1)
    with looking("(udev-worker)", node, "60", tmp_path), pytest.raises(DeviceBusy) as busy:
        await giving_back.refuse_held(giving_back.disk_at(node))
    assert "(udev-worker)" in busy.value.holder


async def test_anybody_else_is_named_at_once(
    node: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_back.asyncio, "sleep", None)  # nobody waits
    with looking("dd", node, "60", tmp_path), pytest.raises(DeviceBusy) as busy:
        await giving_back.refuse_held(giving_back.disk_at(node))
    assert "dd (process" in busy.value.holder
