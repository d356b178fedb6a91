"""Folders that only this user can enter, for files on their way to another program; gone when we are.

A folder is locked (flock(2)) for as long as the process that made it lives, so that what a killed one left
can be told from what is in use, whoever has its process number now.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from errno import ENOSPC
from pathlib import Path

import platformdirs

from core.errors import HostWriteFailed

_PREFIX = ".rumpus-private-"
_MARK = ".made-by-rumpus"
"""A file in each folder of ours: a name alone is not enough to remove somebody's folder by."""
_SPARE = 64 << 20
"""Bytes that stay free where we put files: a runtime folder is memory that the whole session shares."""


class PrivateFolders:
    """Owns one locked 0700 folder on each place of the host that was needed; `close` removes them."""

    def __init__(self, places: tuple[Path, ...] | None = None) -> None:
        self._places = _places() if places is None else places
        self._folders: dict[Path, tuple[Path, int]] = {}

    def make(self, size: int) -> Path:
        """A new empty folder with room for `size` bytes. Raises HostWriteFailed."""
        wanted = size + _SPARE
        for place in self._places:
            with contextlib.suppress(OSError):
                if shutil.disk_usage(place).free >= wanted:
                    return Path(tempfile.mkdtemp(dir=self._folder(place)))
        raise HostWriteFailed(str(self._places[-1]), ENOSPC)

    def close(self) -> None:
        for folder, lock in self._folders.values():
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
        self._folders.clear()

    def _folder(self, place: Path) -> Path:
        while place not in self._folders:
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
            (folder / _MARK).touch(0o600)
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            if locked(lock) and folder.exists():
                self._folders[place] = folder, lock
            else:  # whoever looks for stale folders saw this one before it was locked
                os.close(lock)
        return self._folders[place][0]


def nameless(size: int, places: tuple[Path, ...] | None = None) -> int:
    """A descriptor of an empty file that has no name and is gone when it is closed, with room for `size`
    bytes; the caller closes it. Raises HostWriteFailed."""
    places = _places() if places is None else places
    for place in places:
        with contextlib.suppress(OSError):
            if shutil.disk_usage(place).free >= size + _SPARE:
                descriptor, path = tempfile.mkstemp(prefix=_PREFIX, dir=place)
                Path(path).unlink()
                return descriptor
    raise HostWriteFailed(str(places[-1]), ENOSPC)


def remove_stale(places: tuple[Path, ...] | None = None) -> int:
    """Removes what processes left that are no more. Returns how many folders that were."""
    removed = 0
    for place in _places() if places is None else places:
        for folder in _ours(place):
            with contextlib.suppress(OSError):
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
                try:
                    if locked(lock):
                        shutil.rmtree(folder, ignore_errors=True)
                        removed += 1
                finally:
                    os.close(lock)
    return removed


def _places() -> tuple[Path, ...]:
    """Where private files may lie, the best first."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return (
        *((Path(runtime),) if runtime else ()),
        Path(tempfile.gettempdir()),
        Path(platformdirs.user_cache_dir(ensure_exists=True)),
    )


def _ours(place: Path) -> Iterator[Path]:
    """Folders there that we made for this user and that nobody else can enter."""
    with contextlib.suppress(OSError):
        for folder in place.glob(f"{_PREFIX}*"):
            found = folder.lstat()
            private = found.st_uid == os.geteuid() and not found.st_mode & 0o077
            if stat.S_ISDIR(found.st_mode) and private and (folder / _MARK).is_file():
                yield folder


def locked(descriptor: int) -> bool:
    """Whether an open folder is ours alone now, until the descriptor is closed or its process ends."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
