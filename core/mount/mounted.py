"""`mounted`: an open volume as a directory, for as long as one likes.

The session runs in a thread, and libfuse's own threads beside it; what they ask of the volume's worker is
answered in the event loop. Whoever blocks that loop in a file of the mount waits for himself: a program with
a window uses `core.mount.apart` instead.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from msgspec import structs

from core.errors import DeviceGone, DriverCrashed, DriverHung, NotMounted, RumpusError
from core.host.changes import Changes
from core.host.volume import Volume
from core.mount import host
from core.mount.assurance import Assurance, Fresh, find_again
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
_FAREWELL = 1.0
"""The same of one that answers with errors only."""


class Mount:
    """One mount. `ended` resolves when it is over: with the reason, None when it was unmounted.

    When the volume ends (its stick is pulled out, its worker crashes) every call fails with EIO from then
    on, and the directory is unmounted, lazily where files of it are open. With `fresh`, which a mount that is
    only read may have, the first worker that crashes or hangs is replaced instead: what was asked of it
    fails, and files that are open are read on. `restarted` hears why.
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
        fresh: Fresh | None = None,
    ) -> None:
        self.directory = directory
        self.restarted: Callable[[RumpusError], object] = lambda error: None
        self.unwritten: Callable[[RumpusError], object] = lambda error: None
        """Hears why the medium does not have all that was changed. What ends the mount is in `ended`."""
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
        self._fresh = fresh
        self._renewed: Volume | None = None
        """The volume, where it was opened anew: then it is ours."""
        self._renewing = asyncio.Lock()
        self._restarting: asyncio.Task[None] | None = None
        self._operations: Operations | None = None
        self._reading = Reading(
            volume, descriptor, bounds, self._bridge, self._gone, through_worker=changes is not None
        )
        self._unmounting: asyncio.Task[None] | None = None
        self._thread = Thread(target=self._serve, name="fuse", daemon=True)

    async def start(self) -> None:
        """Returns when it is mounted, even if cancelled: it is to be unmounted then. Raises NotMounted."""
        self._thread.start()
        first: set[asyncio.Future[Any]] = {self._ready, self.ended}
        try:
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            raise
        if not self._ready.done():
            raise NotMounted(str(self.directory), "the system refused it (see above)")
        self._volume.ended.add_done_callback(self._volume_ended)
        await asyncio.to_thread(host.read_ahead, self.directory, _READ_AHEAD)

    def unsettle(self) -> None:
        """Somebody begins to change the volume: what is read is made sure of, until `renew`."""
        if self._fresh is not None:
            self._reading.assurance = Assurance(self._bridge, self._reading.bounds, self._fresh)

    async def renew(self) -> None:
        """Shows the volume as it is now on the medium. Raises as what opens it."""
        assert self._fresh is not None
        assert self._operations is not None
        async with self._renewing:  # after a crash and after a change, perhaps at the same time
            before, volume = self._volume, await self._fresh()
            before.ended.remove_done_callback(self._volume_ended)
            volume.ended.add_done_callback(self._volume_ended)
            ours, self._volume, self._renewed = self._renewed, volume, volume
            self._operations.renew(volume)
            self._reading.assurance = None
            if ours is not None:
                await ours.close()

    def end(self, reason: RumpusError | None = None) -> None:
        """Unmounts, lazily where files are open. With a reason, these fail from now on."""
        if reason is not None:
            self._reason = self._reason or reason
            self._bridge.cut()
        if self._unmounting is None and not self.ended.done():
            self._unmounting = self._loop.create_task(self._unmount())

    async def close(self) -> None:
        """Unmounts and waits for it, but no longer than a moment for programs that keep files open.

        What these have open fails from then on; when this process ends, the kernel takes it from them. What
        was changed is on the medium then, or `unwritten` has heard why not.
        """
        self.end()
        if self._unmounting is not None:
            await asyncio.wait({self._unmounting})
        await asyncio.wait({self._served}, timeout=_FAREWELL if self._bridge.is_cut else _GRACE)
        self._bridge.cut()
        self._volume.ended.remove_done_callback(self._volume_ended)
        if self._restarting is not None:
            self._restarting.cancel()
            await asyncio.wait({self._restarting})
        if self._renewed is not None:
            await self._renewed.close()
        if self._changes is not None and not self._volume.ended.done():
            try:
                await self._changes.flush()
            except RumpusError as error:
                if self._reason is None:
                    self.unwritten(error)

    async def _unmount(self) -> None:
        if not await host.unmount(self.directory):
            await host.unmount(self.directory, lazily=True)
        if self._reason is not None:
            self._resolve()

    def _volume_ended(self, ended: asyncio.Future[RumpusError | None]) -> None:
        reason = ended.result() or DeviceGone()
        restartable = isinstance(reason, DriverCrashed | DriverHung) and self._fresh is not None
        if restartable and self._restarting is None and self._reason is None:
            self._restarting = self._loop.create_task(self._restart(reason))
        else:
            self.end(reason)

    async def _restart(self, reason: RumpusError) -> None:
        try:
            await self.renew()
        except RumpusError as error:
            self.end(error if isinstance(error, DeviceGone) else reason)
        else:
            self.restarted(reason)

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
            Session(
                self._operations,
                str(self.directory),
                self._say_ready,
                self._settings(),
                steady=self._options.steady,
            )
        except RuntimeError:  # libfuse has said why on stderr
            pass
        finally:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._over)

    def _made_operations(self) -> Operations:
        tree = Tree(self._volume, self._bridge)
        if self._changes is None:
            from core.mount.operations import Operations

            made = Operations(self._volume, self._bridge, tree, self._reading, self._options)
            self._reading.find = lambda path, entry: find_again(made.tree, path, entry)
            return made
        from core.mount.writing import WritableOperations

        return WritableOperations(
            self._volume, self._changes, self._bridge, tree, self._reading, self._options, self._not_written
        )

    def _not_written(self, error: RumpusError) -> None:
        if isinstance(error, DeviceGone):
            self.end(error)
        elif not self._volume.ended.done():
            self.unwritten(error)

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
    fresh: Fresh | None = None,
) -> AsyncIterator[Mount]:
    """The volume as `directory`, which must be an empty one; unmounted at the end.

    `descriptor` reads the device that the volume lies on, at `bounds`. `name` is shown as the mount's source.
    With `changes` it is writable; else `fresh` opens the volume anew, as `Mount` tells. Raises NotMounted.
    """
    options = options or Options()
    host.check_fuse(allow_other=options.allow_other)
    await asyncio.to_thread(host.check_directory, directory)
    host.use_library()
    options = structs.replace(options, writable=changes is not None)
    mount = Mount(volume, descriptor, bounds, directory, options, name, changes, None if changes else fresh)
    try:
        await mount.start()
        yield mount
    finally:
        await mount.close()
