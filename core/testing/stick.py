"""A stick for a test: a copy of an image, opened in a real worker behind its walls, to be ill-treated."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from core.host import deadlines
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.worker import protocol


class TestStick:
    """`volume` is open; `image` is the test's own copy. What is done here happens to sticks and drivers."""

    __test__ = False

    def __init__(self, image: Path, volume: Volume) -> None:
        self.image = image
        self.volume = volume

    def pull_out(self) -> None:
        """From now on the device is gone."""
        os.truncate(self.image, 0)

    def damage(self, offset: int, data: bytes) -> None:
        """Other bytes on the medium; what the worker has read already it may remember."""
        with self.image.open("r+b") as file:
            file.seek(offset)
            file.write(data)

    def cut(self, size: int) -> None:
        """A medium that is smaller than it says."""
        os.truncate(self.image, size)

    def crash(self) -> None:
        """The worker dies, as of a bug that the kernel ends a process for."""
        os.kill(self.volume.pid, signal.SIGKILL)

    def hang(self) -> None:
        """The worker answers nothing from now on."""
        os.kill(self.volume.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """The end of `hang`."""
        os.kill(self.volume.pid, signal.SIGCONT)


@asynccontextmanager
async def opened(
    image: Path,
    folder: Path,
    *,
    driver: str = "",
    partition: int = 0,
    seconds: Mapping[type[protocol.Request], float] = deadlines.SECONDS,
) -> AsyncIterator[TestStick]:
    """A copy of `image` in `folder`, opened. `seconds`: how long each request may take before it hangs.

    Raises as Supervisor.open does.
    """
    copy = Path(shutil.copy(image, folder / f"{image.stem}.copy{image.suffix}"))
    async with Supervisor(seconds=seconds) as supervisor:
        with await open_medium(copy) as medium:
            async with await supervisor.open(medium, partition, driver) as volume:
                yield TestStick(copy, volume)
