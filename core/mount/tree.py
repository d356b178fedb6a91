"""The names on a volume as paths of the host: folders are listed once and remembered."""

from __future__ import annotations

import errno
from collections import OrderedDict
from threading import Lock

import msgspec

from core.entry import Entry, Kind
from core.errors import RumpusError
from core.host.names import LONGEST_HOST_NAME, host_name, marked
from core.host.volume import Volume
from core.mount.bridge import Bridge, failure
from core.mount.refusals import number_of

_REMEMBERED = 500_000
"""Entries of folders that are remembered."""


class Folder(msgspec.Struct):
    """What is in a folder, by the names that the host knows it by, in the order of the medium."""

    entries: dict[str, Entry] = msgspec.field(default_factory=dict)
    failed: int = 0
    """An errno when the rest of it could not be read."""


class Tree:
    """Called by any thread. Raises OSError."""

    def __init__(self, volume: Volume, bridge: Bridge) -> None:
        self._volume = volume
        self._bridge = bridge
        self._folders: OrderedDict[int, Folder] = OrderedDict()
        self._kept = 0
        self._fresh: dict[int, Entry] = {}
        """What changed since it was listed, by node."""
        self._lock = Lock()

    def entry(self, path: str) -> Entry:
        """The entry at an absolute path; links in it are the kernel's business."""
        entry = self._volume.root
        above = {entry.node}
        for name in filter(None, path.split("/")):
            if entry.kind is not Kind.DIRECTORY:
                raise failure(errno.ENOTDIR)
            entry = self.child(entry.node, name)
            if entry.kind is Kind.DIRECTORY:
                if entry.node in above:  # a folder that is said to lie in itself
                    raise failure(errno.ELOOP)
                above.add(entry.node)
        return entry

    def child(self, node: int, name: str) -> Entry:
        """An entry of a folder. A name that is not in the list may be so under other letters."""
        check_length(name)
        found = self.folder(node).entries.get(name)
        if found is None and not is_text(name):
            raise failure(errno.ENOENT)
        if found is None:
            found = self._bridge.ask(self._volume.lookup(node, name))
        return self.current(found)

    def folder(self, node: int) -> Folder:
        self._bridge.check()
        with self._lock:
            folder = self._folders.get(node)
            if folder is not None:
                self._folders.move_to_end(node)
                return folder
        folder = self._bridge.ask(self._listed(node))
        if folder.failed and not folder.entries:
            raise failure(folder.failed)
        with self._lock:
            if node not in self._folders:
                self._folders[node] = folder
                self._kept += len(folder.entries)
                while self._kept > _REMEMBERED and len(self._folders) > 1:
                    self._kept -= len(self._folders.popitem(last=False)[1].entries)
        return folder

    def forget(self, *nodes: int) -> None:
        """What these folders hold has changed."""
        with self._lock:
            for node in nodes:
                folder = self._folders.pop(node, None)
                if folder is not None:
                    self._kept -= len(folder.entries)

    # changes ------------------------------------------------------------------------------------------------

    def put(self, node: int, name: str, entry: Entry) -> None:
        """A folder has this entry from now on, under a name that fits."""
        with self._lock:
            folder = self._folders.get(node)
            if folder is not None:
                taken = [known for known, each in folder.entries.items() if each.node == entry.node]
                for known in taken:
                    del folder.entries[known]
                folder.entries[name] = entry
            self._fresh.pop(entry.node, None)

    def drop(self, node: int, name: str, entry: Entry) -> None:
        """A folder has this entry no more, whatever letters it was called by."""
        with self._lock:
            self._fresh.pop(entry.node, None)
            folder = self._folders.get(node)
            if folder is not None and (folder.entries.pop(name, None) is None):
                for known in [known for known, each in folder.entries.items() if each.node == entry.node]:
                    del folder.entries[known]

    def fresh(self, entry: Entry) -> None:
        """This is what is true of a file or folder now, whatever was listed."""
        with self._lock:
            self._fresh[entry.node] = entry

    def resized(self, entry: Entry, size: int, modified: int) -> None:
        """A file was written."""
        self.fresh(msgspec.structs.replace(self.current(entry), size=size, modified=modified))

    def current(self, entry: Entry) -> Entry:
        """An entry of a list, as it is now."""
        return self._fresh.get(entry.node, entry) if self._fresh else entry

    async def _listed(self, node: int) -> Folder:
        folder = Folder()
        names = _Names(folder.entries)
        try:
            async for batch in self._volume.entries(node):
                for entry in batch:
                    names.add(entry)
        except RumpusError as error:
            folder.failed = number_of(error)
        return folder


class _Names:
    """Gives each entry a name that the kernel takes and no other entry of the folder has."""

    def __init__(self, entries: dict[str, Entry]) -> None:
        self._entries = entries
        self._numbers: dict[str, int] = {}

    def add(self, entry: Entry) -> None:
        name = entry.name if fits(entry.name) else host_name(entry.name)
        if name in self._entries:
            number = self._numbers.get(name, 2)
            while (other := marked(name, f" ({number})")) in self._entries:
                number += 1
            self._numbers[name] = number + 1
            name = other
        self._entries[name] = entry


def is_text(name: str) -> bool:
    """Whether a volume could know it: the kernel takes any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_length(name: str) -> None:
    """Raises ENAMETOOLONG."""
    if len(name.encode(errors="replace")) > LONGEST_HOST_NAME:
        raise failure(errno.ENAMETOOLONG)


def fits(name: str) -> bool:
    """Whether the kernel takes it as the name of a file; with a single one that it does not, no listing."""
    return (
        name not in ("", ".", "..")
        and "/" not in name
        and "\0" not in name
        and len(name.encode(errors="replace")) <= LONGEST_HOST_NAME
    )
