"""Hears of it when the stick below a mount is pulled out, though nobody reads from it just then."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.host.devices import Event, Happening, Watcher


@contextmanager
def when_pulled(
    descriptor: int, pulled: Callable[[], object], watcher: Watcher | None = None
) -> Iterator[None]:
    """Calls `pulled` in the event loop when the disk behind a descriptor goes; an image is on no disk.

    The watcher is udev's, unless another is given.
    """
    found = os.fstat(descriptor)
    if not stat.S_ISBLK(found.st_mode):
        yield
        return
    number = f"{os.major(found.st_rdev)}:{os.minor(found.st_rdev)}"
    place = (Path("/sys/dev/block") / number).resolve()

    def hear(event: Event) -> None:
        if event.happening is Happening.PULLED and place.is_relative_to(event.device.sys):
            pulled()

    if watcher is None:
        from core.host.watcher import UdevWatcher  # not for those who mount images

        watcher = UdevWatcher()
    watcher.start(hear)
    try:
        yield
    finally:
        watcher.close()
