"""Where a window mounts: directories below the user's own runtime directory, which nobody else can enter.

Each window has one there, locked (flock(2)) for as long as it lives, so that what a killed one left can be
told from what is in use. A mount whose process was killed answers nothing: it is never looked into here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import stat
from pathlib import Path

from core.errors import NotMounted
from core.host.names import host_name, marked
from core.host.private import locked
from core.mount import host

_FOLDER = "rumpus"
_ROOM = re.compile(r"[0-9a-f]{8}")
_ESCAPE = re.compile(r"\\([0-7]{3})")


class Runtime:
    """Owns the directory of one window: `close` it when nothing is mounted there any more."""

    def __init__(self) -> None:
        self._room: Path | None = None
        self._lock = -1

    def make(self, label: str) -> Path:
        """An empty directory whose name is that of the stick, as far as it can be. Raises NotMounted."""
        room = self._room or self._enter()
        name = host_name(label.strip()) if label.strip() else "stick"
        for number in range(1, 100):
            directory = room / (name if number == 1 else marked(name, f" ({number})"))
            with contextlib.suppress(FileExistsError):
                try:
                    directory.mkdir(0o700)
                except OSError as error:
                    if isinstance(error, FileExistsError):
                        raise
                    raise NotMounted(str(directory), error.strerror or "") from error
                return directory
        raise NotMounted(str(room), f"too much is mounted in {room}")

    def close(self) -> None:
        room, self._room = self._room, None
        if room is not None:
            _clear(room)
            os.close(self._lock)
            with contextlib.suppress(OSError):
                room.parent.rmdir()  # unless another window is there

    def _enter(self) -> Path:
        folder = _folder()
        if folder is None:
            raise NotMounted("", "there is no directory of your own for it (XDG_RUNTIME_DIR)")
        while self._room is None:
            room = folder / secrets.token_hex(4)
            try:
                folder.mkdir(0o700, exist_ok=True)
            except OSError as error:  # even one that is not found: then it is the session that has ended
                raise NotMounted(str(folder), f"{folder} cannot be made ({error.strerror})") from error
            if not _is_private(folder):
                raise NotMounted(str(folder), f"{folder} is not yours alone")
            try:
                room.mkdir(0o700)
                lock = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:  # whoever looks for stale ones took it away
                continue
            except OSError as error:
                raise NotMounted(str(room), f"{room} cannot be made ({error.strerror})") from error
            if locked(lock) and room.exists():
                self._room, self._lock = room, lock
            else:
                os.close(lock)
        return self._room


async def remove_stale() -> int:
    """Unmounts and removes what windows left that are no more. Returns how many these were."""
    folder = _folder()
    removed = 0
    if folder is None or not await asyncio.to_thread(_is_private, folder):
        return removed
    for room in [room for room in folder.iterdir() if _ROOM.fullmatch(room.name)]:
        with contextlib.suppress(OSError):
            lock = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if locked(lock):
                    for place in _mounted_below(room):
                        await host.unmount(place, lazily=True)
                    _clear(room)
                    removed += 1
            finally:
                os.close(lock)
    with contextlib.suppress(OSError):
        folder.rmdir()
    return removed


def _folder() -> Path | None:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(runtime) / _FOLDER if runtime.startswith("/") else None


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _mounted_below(room: Path) -> list[Path]:
    """From the kernel's list, and not by looking there."""
    lines = Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines()
    places = [Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), line.split(" ")[4])) for line in lines]
    return [place for place in places if place.parent == room]


def _clear(room: Path) -> None:
    """Removes a room and the empty directories in it; what is still mounted stays."""
    with contextlib.suppress(OSError):
        for place in list(room.iterdir()):
            with contextlib.suppress(OSError):
                place.rmdir()
        room.rmdir()
