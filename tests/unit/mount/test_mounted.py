"""A mount whose volume is opened anew, for whatever reasons at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from core.errors import DriverCrashed, RumpusError
from core.mount.mounted import Mount
from core.mount.options import Options
from core.mount.places import Bounds


class Opened:
    """A volume, as far as its end goes."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[RumpusError | None] = asyncio.get_running_loop().create_future()

    async def close(self) -> None:
        if not self.ended.done():
            self.ended.set_result(None)
        await asyncio.sleep(0)


class Shown:
    """What the kernel sees of it."""

    def __init__(self) -> None:
        self.volumes: list[object] = []

    def renew(self, volume: object) -> None:
        self.volumes.append(volume)


async def test_a_change_while_a_driver_is_replaced_does_not_end_the_mount(tmp_path: Path) -> None:
    opened: list[Opened] = []

    async def fresh() -> Opened:
        opened.append(volume := Opened())
        await asyncio.sleep(0.01)
        return volume

    first = Opened()
    mount = Mount(first, -1, Bounds(0, 1), tmp_path, Options(), "x", None, fresh)  # type: ignore[arg-type]
    mount._operations = shown = Shown()  # type: ignore[assignment]
    first.ended.add_done_callback(mount._volume_ended)  # type: ignore[arg-type]
    first.ended.set_result(DriverCrashed("x"))
    await asyncio.sleep(0)
    await mount.renew()
    assert mount._restarting is not None
    await asyncio.wait({mount._restarting})
    await asyncio.sleep(0)
    assert mount._reason is None
    assert mount._unmounting is None
    assert [volume.ended.done() for volume in opened] == [True, False]
    assert shown.volumes == opened
