"""`mounted`: an open volume as a directory, for as long as one likes.

The session runs in a thread, and libfuse's own threads beside it; what they ask of the volume's worker is
answered in the event loop. Whoever blocks that loop in a file of the mount waits for himself: a program with
a window starts `core.mount.server` instead.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from core.errors import DeviceGone, NotMounted, RumpusError
from core.host.changes import Changes
from core.host.volume import Volume
from core.mount import host
from core.mount.bridge import Bridge
from core.mount.options import Options
from core.mount.places import Bounds
from core.mount.reading import Reading
from core.mount.tree import Tree

if TYPE_CHECKING:
    from core.mount.operations import Operations

_READ_AHEAD = 1 << 20
_GRACE = 5.0
"""Seconds that programs have to close what they have open of a mount that ends."""


class Mount:
    """One mount. `ended` resolves when it is over: with the reason, None when it was unmounted.

    When the volume ends (its stick is pulled out, its worker crashes) every call fails with EIO from then
    on, and the directory is unmounted, lazily where files of it are open.
    """

    def __init__(
        self,
        volume: Volume,
        descriptor: int,
        bounds: Bounds,
        directory: Path,
        options: Options,
        name: str,
        changes: Changes | None = None,
    ) -> None:
        self.directory = directory
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[RumpusError | None] = self._loop.create_future()
        self._served: asyncio.Future[None] = self._loop.create_future()
        """Resolves when nobody has anything of it open any more."""
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._volume = volume
        self._options = options
        self._name = name
        self._bridge = Bridge(self._loop)
        self._reason: RumpusError | None = None
        self._changes = changes
        self._operations: Operations | None = None
        self._reading = Reading(
            volume, descriptor, bounds, self._bridge, self._gone, through_worker=changes is not None
        )
        self._unmounting: asyncio.Task[None] | None = None
        self._thread = Thread(target=self._serve, name="fuse", daemon=True)

    async def start(self) -> None:
        """Returns when it is mounted. Raises NotMounted."""
        self._thread.start()
        volume_ended = self._volume.ended
        first: set[asyncio.Future[Any]] = {self._ready, self.ended}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        if not self._ready.done():
            raise NotMounted(str(self.directory), "the system refused it (see above)")
        volume_ended.add_done_callback(self._volume_ended)
        await asyncio.to_thread(host.read_ahead, self.directory, _READ_AHEAD)

    def end(self, reason: RumpusError | None = None) -> None:
        """Unmounts, lazily where files are open. With a reason, these fail from now on."""
        if reason is not None:
            self._reason = self._reason or reason
            self._bridge.cut()
        if self._unmounting is None and not self.ended.done():
            self._unmounting = self._loop.create_task(self._unmount())

    async def close(self) -> None:
        """Unmounts and waits for it, but no longer than a moment for programs that keep files open.

        What these have open fails from then on; when this process ends, the kernel takes it from them.
        """
        self.end()
        if self._unmounting is not None:
            await asyncio.wait({self._unmounting})
        await asyncio.wait({self._served}, timeout=_GRACE)
        self._bridge.cut()
        self._volume.ended.remove_done_callback(self._volume_ended)

    async def _unmount(self) -> None:
        if not await host.unmount(self.directory):
            await host.unmount(self.directory, lazily=True)
        if self._reason is not None:
            self._resolve()

    def _volume_ended(self, ended: asyncio.Future[RumpusError | None]) -> None:
        self.end(ended.result() or DeviceGone())

    def _gone(self) -> None:
        """Said by a thread that read: the device is not there any more."""
        self._bridge.cut()
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.end, DeviceGone())

    def _serve(self) -> None:
        """The thread of the session."""
        try:
            from core.mount.session import Session

            self._operations = self._made_operations()
            Session(self._operations, str(self.directory), self._say_ready, self._settings())
        except RuntimeError:  # libfuse has said why on stderr
            pass
        finally:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._over)

    def _made_operations(self) -> Operations:
        tree = Tree(self._volume, self._bridge)
        if self._changes is None:
            from core.mount.operations import Operations

            return Operations(self._volume, self._bridge, tree, self._reading, self._options)
        from core.mount.writing import WritableOperations

        return WritableOperations(
            self._volume, self._changes, self._bridge, tree, self._reading, self._options
        )

    def _settings(self) -> dict[str, str | bool]:
        """For libfuse and the kernel."""
        options = self._options
        return {
            "fsname": self._name.replace("\\", "\\\\").replace(",", "\\,"),
            "subtype": "rumpus",
            "ro": not options.writable,
            "nosuid": True,
            "nodev": True,
            "noexec": not options.exec,
            "noatime": options.noatime,
            "allow_other": options.allow_other,
            "default_permissions": options.allow_other,
        }

    def _say_ready(self) -> None:
        self._loop.call_soon_threadsafe(self._ready.set_result, None)

    def _over(self) -> None:
        self._bridge.cut()
        self._served.set_result(None)
        self._resolve()

    def _resolve(self) -> None:
        if not self.ended.done():
            self.ended.set_result(self._reason)


@asynccontextmanager
async def mounted(
    volume: Volume,
    descriptor: int,
    bounds: Bounds,
    directory: Path,
    options: Options | None = None,
    name: str = "rumpus",
    changes: Changes | None = None,
) -> AsyncIterator[Mount]:
    """The volume as `directory`, which must be an empty one; unmounted at the end.

    `descriptor` reads the device that the volume lies on, at `bounds`. `name` is shown as the mount's source.
    With `changes` it is writable, and what was changed is on the medium afterwards. Raises NotMounted.
    """
    options = options or Options()
    host.check_fuse(allow_other=options.allow_other)
    await asyncio.to_thread(host.check_directory, directory)
    host.use_library()
    options = replace(options, writable=changes is not None)
    mount = Mount(volume, descriptor, bounds, directory, options, name, changes)
    await mount.start()
    try:
        yield mount
    finally:
        await mount.close()
        if changes is not None and not volume.ended.done():
            await changes.flush()
