"""A builder of HFS volumes from "Inside Macintosh: Files", for what hfsutils do not make."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from struct import pack

from tests.support.mactree import Pieces, Shape, Space, tree

EPOCH = 2_082_844_800
_CATALOG = Shape(512, 37, 1, False)
_EXTENTS = Shape(512, 7, 1, False)
_FIRST_SECTOR = 16
"""Where the blocks begin: behind the master directory block and the bitmap."""


@dataclass
class Thing:
    parent: int
    name: bytes
    number: int
    folder: bool
    content: bytes = b""
    resource: bytes = b""
    pieces: int = 1
    flags: int = 0
    finder: int = 0
    kind: tuple[bytes, bytes] = (b"TEXT", b"ttxt")


@dataclass
class HfsStick:
    """`blocks` of `block_size` bytes; `moment` is the local time of all files."""

    label: str = "HOLIDAY"
    blocks: int = 2000
    block_size: int = 1024
    attributes: int = 0x100
    moment: int = 1_709_212_456
    things: list[Thing] = field(default_factory=list)
    embedded: bytes = bytes(6)
    """The signature and the extent of an HFS+ volume that is wrapped."""

    def __post_init__(self) -> None:
        self._numbers = {"": 2}
        self._next = 16

    def add_folder(self, path: str, **more: object) -> Thing:
        return self._add(path, folder=True, **more)

    def add_file(self, path: str, content: bytes = b"", **more: object) -> Thing:
        return self._add(path, folder=False, content=content, **more)

    def _add(self, path: str, **fields: object) -> Thing:
        above, _, name = path.rpartition("/")
        raw = name.replace(":", "/").encode("mac_roman")
        thing = Thing(self._numbers[above], raw, self._next, **fields)  # type: ignore[arg-type]
        self._numbers[path] = thing.number
        self._next += 1
        self.things.append(thing)
        return thing

    def image(self) -> bytes:
        self._space = Space(self.blocks, self.block_size, _FIRST_SECTOR * 512, 1024)
        overflow: list[tuple[bytes, bytes]] = []
        catalog = tree(_CATALOG, self._catalog(overflow))
        catalog_pieces = self._space.place(catalog)
        overflow.sort(key=lambda pair: (pair[0][1:5], pair[0][0], pair[0][5:]))
        extents = tree(_EXTENTS, overflow)
        extents_pieces = self._space.place(extents)
        when = self.moment + EPOCH
        folders = sum(thing.folder for thing in self.things)
        label = self.label.encode("mac_roman")
        used = self._space.next
        master = pack(
            *(">2sIIHHHHHIIHIH", b"BD", when, when, self.attributes, 0, 3, used),
            *(self.blocks, self.block_size, 4096, _FIRST_SECTOR, self._next, self.blocks - used),
        )
        master += bytes([len(label)]) + label.ljust(27, b"\0")
        master += pack(">IHIIIHII", 0, 0, 1, 4096, 4096, 0, len(self.things) - folders, folders)
        master += bytes(32) + self.embedded
        master += pack(">I", len(extents)) + _extents(extents_pieces)
        master += pack(">I", len(catalog)) + _extents(catalog_pieces)
        volume = self._space.volume
        volume[1024 : 1024 + len(master)] = master
        volume[-1024 : len(master) - 1024] = master
        bits = ((1 << used) - 1) << (self.blocks - used + -self.blocks % 8)
        bitmap = bits.to_bytes(-(-self.blocks // 8), "big")
        volume[1536 : 1536 + len(bitmap)] = bitmap
        return bytes(volume)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.image())
        return path

    def _catalog(self, overflow: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        found = []
        for thing in [Thing(1, self.label.encode("mac_roman"), 2, folder=True), *self.things]:
            record = self._folder(thing) if thing.folder else self._file(thing, overflow)
            found.append((_key(thing.parent, thing.name), record))
            if thing.folder:  # files need none, and most have none
                thread = pack(">BxIII", 3, 0, 0, thing.parent) + bytes([len(thing.name)])
                found.append((_key(thing.number, b""), thread + thing.name.ljust(31, b"\0")))
        return sorted(found, key=lambda pair: (pair[0][1:5], pair[0][6:].lower()))

    def _folder(self, thing: Thing) -> bytes:
        valence = sum(other.parent == thing.number for other in self.things)
        when = self.moment + EPOCH
        head = pack(">BxHHIIII", 1, 0, valence, thing.number, when - 100, when, 0)
        return head + bytes(8) + pack(">H", thing.finder) + bytes(6 + 16 + 16)

    def _file(self, thing: Thing, overflow: list[tuple[bytes, bytes]]) -> bytes:
        when = self.moment + EPOCH
        head = pack(">BxBx", 2, thing.flags) + b"".join(thing.kind) + pack(">H", thing.finder) + bytes(6)
        head += pack(">I", thing.number)
        extents = b""
        for kind, content in ((0, thing.content), (0xFF, thing.resource)):
            pieces = self._space.place(content, thing.pieces) if content else []
            taken = sum(count for _, count in pieces) * self.block_size
            head += pack(">HII", pieces[0][0] if pieces else 0, len(content), taken)
            extents += _extents(pieces[:3])
            start = sum(count for _, count in pieces[:3])
            for index in range(3, len(pieces), 3):
                group = pieces[index : index + 3]
                overflow.append((pack(">BIH", kind, thing.number, start), _extents(group)))
                start += sum(count for _, count in group)
        head += pack(">III", when - 100, when, 0) + bytes(16) + pack(">H", 0)
        return head + extents + bytes(4)


def _key(parent: int, name: bytes) -> bytes:
    return pack(">xIB", parent, len(name)) + name


def _extents(pieces: Pieces) -> bytes:
    return b"".join(pack(">HH", *piece) for piece in pieces).ljust(12, b"\0")
