"""What the kernel asks of a mounted volume that is only read. Called by threads of libfuse."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable
from typing import Any

import mfusepy

from core.entry import Kind
from core.host.volume import Volume
from core.mount.attributes import Attributes, attributes_of
from core.mount.bridge import Bridge, failure
from core.mount.options import Options
from core.mount.reading import Reading
from core.mount.tree import Folder, Tree

_NAMES = 255
_CHANGES = os.O_WRONLY | os.O_RDWR | os.O_TRUNC


class Operations(mfusepy.Operations):  # type: ignore[misc]
    """Methods have the names and arguments of mfusepy; they raise OSError."""

    use_ns = True
    flag_nopath = True
    flag_nullpath_ok = True

    def __init__(
        self, volume: Volume, bridge: Bridge, tree: Tree, reading: Reading, options: Options
    ) -> None:
        self.reading = reading
        self.tree = tree
        self.bridge = bridge
        self._volume = volume
        self._options = options
        self.generation = 0
        """Rises with `renew`."""
        self._folders: dict[int, tuple[Attributes, list[tuple[bytes, Attributes]], Folder]] = {}
        self._handles = itertools.count(1)

    def renew(self, volume: Volume) -> None:
        """What was learnt of the volume is forgotten, and asked of `volume`: the same one, opened anew."""
        self.tree, self._volume = Tree(volume, self.bridge), volume
        self.reading.renew(volume)
        self.generation += 1

    # names --------------------------------------------------------------------------------------------------

    def getattr(self, path: str | None, fh: int | None = None) -> dict[str, int]:
        self.bridge.check()
        assert path is not None
        found = self._attributes(self.tree.entry(path))
        return {
            "st_ino": found.inode,
            "st_mode": found.mode,
            "st_nlink": 1,
            "st_uid": self._options.uid,
            "st_gid": self._options.gid,
            "st_size": found.size,
            "st_blocks": found.blocks,
            "st_mtime": found.modified,
            "st_ctime": found.modified,
            "st_atime": found.modified,
        }

    def readlink(self, path: str) -> str:
        target = self.bridge.ask(self._volume.read_link(self.tree.entry(path).node))
        target = target.partition("\0")[0]  # as far as the kernel reads it
        if self._options.contained and leads_out(path, target, self._is_folder):
            raise failure(errno.EACCES)
        return target

    def _is_folder(self, path: str) -> bool:
        try:
            return self.tree.entry(path).kind is Kind.DIRECTORY
        except OSError:
            return False

    def opendir(self, path: str) -> int:
        entry = self.tree.entry(path)
        folder = self.tree.folder(entry.node)
        attributes = [
            (name.encode(errors="replace"), self._attributes(self.tree.current(each)))
            for name, each in folder.entries.items()
        ]
        handle = next(self._handles)
        self._folders[handle] = self._attributes(entry), attributes, folder
        return handle

    def listing(self, handle: int) -> tuple[Attributes, list[tuple[bytes, Attributes]], int]:
        """The folder itself, what is in it, and the errno with which its listing ends."""
        self.bridge.check()
        try:
            itself, names, folder = self._folders[handle]
        except KeyError:
            raise failure(errno.EBADF) from None
        return itself, names, folder.failed

    def readdir(self, path: str | None, fh: int) -> list[str]:
        raise AssertionError("core.mount.session answers this")

    def releasedir(self, path: str | None, fh: int) -> int:
        self._folders.pop(fh, None)
        return 0

    def _attributes(self, entry: Any) -> Attributes:
        return attributes_of(entry, self._options, self._volume.facts.zone)

    @property
    def owner(self) -> tuple[int, int]:
        return self._options.uid, self._options.gid

    # files --------------------------------------------------------------------------------------------------

    def open(self, path: str, flags: int) -> int:
        if flags & _CHANGES:
            raise failure(errno.EROFS)
        generation = self.reading.generation  # before the names, which may be others a moment later
        entry = self.tree.entry(path)
        if entry.kind is not Kind.FILE:
            raise failure(errno.EISDIR if entry.kind is Kind.DIRECTORY else errno.ENXIO)
        return self.reading.open(entry, path, generation)

    def read(self, path: str | None, size: int, offset: int, fh: int) -> bytes:
        raise AssertionError("core.mount.session answers this")

    def release(self, path: str | None, fh: int) -> int:
        self.reading.release(fh)
        return 0

    # the volume ---------------------------------------------------------------------------------------------

    def statfs(self, path: str) -> dict[str, int]:
        self.bridge.check()
        facts = self._volume.facts
        block = facts.block_size or 512
        free = (facts.free or 0) // block
        return {
            "f_bsize": block,
            "f_frsize": block,
            "f_blocks": facts.size // block,
            "f_bfree": free,
            "f_bavail": free,
            "f_namemax": _NAMES,
        }


def leads_out(path: str, target: str, is_folder: Callable[[str], bool]) -> bool:
    """Whether a link at an absolute path of the volume may lead anywhere else than into the volume.

    From a folder `..` leads to where it stands; from another link, to where that one leads: no way through
    one is taken back.
    """
    if target.startswith("/"):
        return True
    above = path.split("/")[1:-1]
    for part in target.split("/"):
        if part == "..":
            if not above or not is_folder("/".join(("", *above))):
                return True
            above.pop()
        elif part not in ("", "."):
            above.append(part)
    return False
