"""A stick is pulled out at each word of its driver, whatever is being done with it: nothing is left of it.

RUMPUS_DEEP=1 pulls at every word; otherwise at so many that a run stays short.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import DeviceGone, RumpusError
from core.host.copying_in import CopyIn
from core.host.formatting import wish
from core.host.loading import HostOrigin
from core.host.sticks import Stick, Sticks, StickState
from core.host.supervisor import Supervisor
from core.host.transfers import CopyOut
from tests.support.any_order import Others, made_up_devices
from tests.support.descriptors import nothing_left
from tests.support.fat import blank_fat, mtools
from tests.support.plugging import ScriptedWatcher, device_of
from tests.support.yanking import Words

POINTS = 200
EVERY = 1 if os.environ.get("RUMPUS_DEEP") == "1" else 9


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    image = blank_fat(folder / "stick.img", 8 << 20, "-n", "HOLIDAY")
    for number in range(30):
        (folder / f"{number}").write_bytes(os.urandom(40_000))
        mtools("mcopy", image, folder / f"{number}", f"::/file {number}")
    with image.open("r+b") as file:  # something to be repaired: no copy of the table is like the other
        file.seek(512 * 2 + 100)
        file.write(b"\1\2")
    return image


async def probing(stick: Stick, folder: Path) -> None:
    """Nothing more."""


async def listing(stick: Stick, folder: Path) -> None:
    volume = await stick.volumes[0].open()
    async for batch in volume.entries(volume.facts.root):
        for entry in batch:
            await volume.stat(entry.node)


async def reading(stick: Stick, folder: Path) -> None:
    volume = await stick.volumes[0].open()
    entry = await volume.resolve("file 3")
    for offset in range(0, entry.size, 1000):
        await volume.read(entry.node, offset, 1000)


async def formatting(stick: Stick, folder: Path) -> None:
    await stick.format(wish("fat12", "NEW"))


async def repairing(stick: Stick, folder: Path) -> None:
    volume = await stick.volumes[0].open()
    repair = volume.repair()
    await repair.plan()
    assert stick.medium is not None
    descriptor = await stick.medium.for_writing()
    try:
        await repair.apply(descriptor)
    finally:
        os.close(descriptor)


async def copying_out(stick: Stick, folder: Path) -> None:
    volume = await stick.volumes[0].open()
    job = CopyOut(volume, [volume.root], folder)
    await job.run()
    raise job.error or DeviceGone


async def copying_in(stick: Stick, folder: Path) -> None:
    volume = await stick.volumes[0].open()
    changes = await stick.volumes[0].changes()
    source = folder / "source"
    source.mkdir()
    for number in range(40):
        (source / f"new {number}").write_bytes(bytes(5000))
    job = CopyIn(volume, changes, HostOrigin([source]), volume.facts.root)
    try:
        await job.run()
    finally:
        shutil.rmtree(source)
    raise job.error or DeviceGone


async def ejecting(stick: Stick, folder: Path) -> None:
    await (await stick.volumes[0].changes()).set_label("NEW")
    await stick.eject()


DOING = (probing, listing, reading, copying_out, copying_in, formatting, repairing, ejecting)


@pytest.mark.parametrize("doing", DOING)
async def test_a_stick_pulled_out_at_any_word_leaves_nothing(
    supervisor: Supervisor,
    image: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    doing: Callable[[Stick, Path], Awaitable[None]],
) -> None:
    words = Words(monkeypatch)
    copy = Path(shutil.copy(image, tmp_path / "stick.img"))
    pulled = 0
    async with Sticks(supervisor) as sticks:
        await sticks.add_image(copy)  # starts whatever is started once
    with made_up_devices() as worlds:
        worlds.append(Others())
        async with nothing_left():
            for point in range(1, POINTS, EVERY):
                folder = tmp_path / f"{point}"
                folder.mkdir()
                watcher, device = ScriptedWatcher(), device_of(copy)
                async with Sticks(supervisor, watcher) as sticks:
                    words.left, words.pull = point, lambda w=watcher, d=device: w.pull(d)
                    watcher.plug(device)
                    (stick,) = sticks.sticks
                    with suppress(RumpusError):
                        await stick.settled()
                        if stick.volumes:
                            await doing(stick, folder)
                    over = words.left > 0
                    pulled += not over
                    if not over:
                        assert stick.state is StickState.GONE
                    await stick.ended()
                assert not supervisor.processes - {supervisor._zygote.process}, "a driver is left"
                assert not [left for left in folder.rglob("*") if left.suffix == ".rumpus-part"]
                if over:
                    break
    assert pulled
