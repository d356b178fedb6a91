"""A builder of HFS+ volumes from Apple's TN1150, for what no tool at hand makes; it knows no driver."""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from struct import pack

from tests.support.mactree import Pieces, Shape, Space, tree

EPOCH = 2_082_844_800
FIRST_NUMBER = 16
PRIVATE_FILES = "\0\0\0\0HFS+ Private Data"
PRIVATE_FOLDERS = ".HFS+ Private Directory Data\r"
DIRECTORY, REGULAR, LINK = 0o040000, 0o100000, 0o120000
HARD_LINK = (b"hlnk", b"hfs+")
FOLDER_LINK = (b"fdrp", b"MACS")


@dataclass
class Thing:
    """A file or folder to be: forks are contents, and in how many pieces they lie on the volume."""

    parent: int
    name: str
    number: int
    folder: bool
    content: bytes = b""
    resource: bytes = b""
    pieces: int = 1
    mode: int = 0
    uid: int = 501
    gid: int = 20
    special: int = 0
    owner_flags: int = 0
    flags: int = 0
    finder: int = 0
    kind: tuple[bytes, bytes] = (b"\0\0\0\0", b"\0\0\0\0")
    modified: int = 0
    size: int | None = None
    """Of the data fork, where it is not that of the content."""


def _units(name: str) -> bytes:
    return unicodedata.normalize("NFD", name.replace(":", "/")).encode("utf-16-be")


def _text(name: str) -> bytes:
    raw = _units(name)
    return pack(">H", len(raw) // 2) + raw


@dataclass
class HfsPlusStick:
    """`sensitive` makes it HFSX, which compares names as they are."""

    label: str = "HOLIDAY"
    blocks: int = 600
    block_size: int = 4096
    node_size: int = 4096
    sensitive: bool = False
    attributes: int = 0x100
    moment: int = 1_709_212_456
    things: list[Thing] = field(default_factory=list)
    extended: list[tuple[int, str, bytes]] = field(default_factory=list)
    journal: bytes = b""
    """Laid down behind the journal info block, where there is one."""

    def __post_init__(self) -> None:
        self._numbers: dict[str, int] = {"": 2}
        self._next = FIRST_NUMBER

    # what is on it ------------------------------------------------------------------------------------------

    def add_folder(self, path: str, mode: int = 0o755, **more: object) -> Thing:
        return self._add(path, folder=True, mode=DIRECTORY | mode, **more)

    def add_file(self, path: str, content: bytes = b"", mode: int = 0o644, **more: object) -> Thing:
        return self._add(path, folder=False, content=content, mode=REGULAR | mode, **more)

    def add_link(self, path: str, target: str) -> Thing:
        return self._add(
            path, folder=False, content=target.encode(), mode=LINK | 0o755, kind=(b"slnk", b"rhap")
        )

    def add_hard_link(self, path: str, to: Thing) -> Thing:
        """One more name for what `add_inode` made."""
        kind = FOLDER_LINK if to.folder else HARD_LINK
        to.special = to.special + 1
        number = int(to.name.removeprefix("iNode").removeprefix("dir_"))
        return self._add(path, folder=False, mode=REGULAR | 0o444, kind=kind, special=number)

    def add_inode(self, content: bytes = b"", *, folder: bool = False) -> Thing:
        """A file or folder in its private folder, without a name yet."""
        private = PRIVATE_FOLDERS if folder else PRIVATE_FILES
        if private not in self._numbers:
            self.add_folder(private, 0o755, finder=0x5000)
        name = f"{'dir_' if folder else 'iNode'}{self._next}"
        if folder:
            return self.add_folder(f"{private}/{name}")
        return self.add_file(f"{private}/{name}", content)

    def add_compressed(self, path: str, content: bytes, *, method: int) -> Thing:
        """3 puts the packed bytes into the attribute, 4 into the resource fork, others say so only."""
        value = pack("<4sIQ", b"fpmc", method, len(content))
        resource = b""
        if method == 3:
            packed = zlib.compress(content)
            value += packed if len(packed) <= len(content) else b"\xff" + content
        elif method == 4:
            resource = _chunked(content)
        thing = self.add_file(path, b"", owner_flags=0x20, resource=resource)
        self.extended.append((thing.number, "com.apple.decmpfs", value))
        return thing

    def number(self, path: str) -> int:
        return self._numbers[path]

    def _add(self, path: str, **fields: object) -> Thing:
        above, _, name = path.rpartition("/")
        thing = Thing(self._numbers[above], name, self._next, **fields)  # type: ignore[arg-type]
        self._next += 1
        self._numbers[path] = thing.number
        self.things.append(thing)
        return thing

    # how it is laid down ------------------------------------------------------------------------------------

    def image(self) -> bytes:
        self._space = Space(self.blocks, self.block_size)
        volume = self._space.volume
        start = -(-1536 // self.block_size)
        """The bitmap lies behind the header, and everything else behind that."""
        bitmap = bytearray(-(-self.blocks // 8))
        taken = -(-len(bitmap) // self.block_size)
        self._space.next = start + taken
        overflow: list[tuple[bytes, bytes]] = []
        catalog = self._catalog(overflow)
        shapes = self._shapes()
        info = 0
        if self.attributes & 0x2000:
            info = self._space.place(bytes(self.block_size))[0][0]
            where = self._space.place(self.journal)
            record = pack(">I32sQQ", 1, bytes(32), where[0][0] * self.block_size, len(self.journal))
            volume[info * self.block_size : info * self.block_size + len(record)] = record
        catalog_fork = self._fork(tree(shapes["catalog"], catalog))
        extended = self._fork(tree(shapes["attributes"], self._extended())) if self.extended else bytes(80)
        overflow.sort(key=lambda pair: (pair[0][2:6], pair[0][0], pair[0][6:]))
        extents = self._fork(tree(shapes["extents"], overflow))
        last = -(-1024 // self.block_size)
        used = self._space.next + last
        for block in [*range(self._space.next), *range(self.blocks - last, self.blocks)]:
            bitmap[block >> 3] |= 0x80 >> (block & 7)
        volume[start * self.block_size : start * self.block_size + len(bitmap)] = bitmap
        allocation = self._described(len(bitmap), [(start, taken)], taken)
        header = self._header(info, used, allocation, extents, catalog_fork, extended)
        volume[1024:1536] = header
        volume[-1024:-512] = header
        return bytes(volume)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.image())
        return path

    def _shapes(self) -> dict[str, Shape]:
        compare = 0xBC if self.sensitive else 0
        return {
            "catalog": Shape(self.node_size, 516, 2, True, compare),
            "extents": Shape(1024, 10, 2, False),
            "attributes": Shape(8192, 266, 2, True),
        }

    def _header(self, info: int, used: int, *forks: bytes) -> bytes:
        when = self.moment + EPOCH
        files = sum(not thing.folder for thing in self.things)
        head = pack(
            ">2sHI4sI4I2I5IIIIQ",
            b"HX" if self.sensitive else b"H+",
            5 if self.sensitive else 4,
            self.attributes,
            b"10.0",
            info,
            when,
            when,
            0,
            when,
            files,
            len(self.things) - files,
            self.block_size,
            self.blocks,
            self.blocks - used,
            self._space.next,
            65536,
            65536,
            self._next,
            1,
            1,
        )
        finder = bytes(24) + bytes.fromhex("0123456789ABCDEF")
        return (head + finder + b"".join(forks) + bytes(80)).ljust(512, b"\0")

    def _catalog(self, overflow: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        root = Thing(1, self.label, 2, folder=True, mode=DIRECTORY | 0o755)
        found = []
        for thing in [root, *self.things]:
            key = pack(">I", thing.parent) + _text(thing.name)
            record = self._folder(thing) if thing.folder else self._file(thing, overflow)
            found.append((key, record))
            thread = pack(">HHI", 3 if thing.folder else 4, 0, thing.parent) + _text(thing.name)
            found.append((pack(">IH", thing.number, 0), thread))
        return sorted(found, key=self._order)

    def _order(self, pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        key = pair[0]
        name = key[6:].decode("utf-16-be")
        if not self.sensitive:
            name = "".join(lower if len(lower := c.lower()) == 1 else c for c in name).replace("\0", "\uffff")
        return key[:4], name.encode("utf-16-be")

    def _dates(self, thing: Thing) -> bytes:
        when = (thing.modified or self.moment) + EPOCH
        return pack(">5I", when - 100, when, when, when + 100, 0)

    def _permissions(self, thing: Thing) -> bytes:
        return pack(">IIBBHI", thing.uid, thing.gid, 0, thing.owner_flags, thing.mode, thing.special)

    def _folder(self, thing: Thing) -> bytes:
        valence = sum(other.parent == thing.number for other in self.things)
        info = bytes(8) + pack(">H", thing.finder) + bytes(6) + bytes(16)
        head = pack(">HHII", 1, 0, valence, thing.number)
        return head + self._dates(thing) + self._permissions(thing) + info + bytes(8)

    def _file(self, thing: Thing, overflow: list[tuple[bytes, bytes]]) -> bytes:
        head = pack(">HHII", 2, thing.flags | 2, 0, thing.number)
        info = b"".join(thing.kind) + pack(">H", thing.finder) + bytes(6) + bytes(16)
        data = self._fork(thing.content, thing.pieces, thing.number, 0, overflow, thing.size)
        resource = self._fork(thing.resource, thing.pieces, thing.number, 0xFF, overflow)
        return head + self._dates(thing) + self._permissions(thing) + info + bytes(8) + data + resource

    def _extended(self) -> list[tuple[bytes, bytes]]:
        found = []
        for number, name, value in self.extended:
            raw = name.encode("utf-16-be")
            key = pack(">HIIH", 0, number, 0, len(raw) // 2) + raw
            found.append((key, pack(">IIII", 0x10, 0, 0, len(value)) + value))
        return sorted(found, key=lambda pair: (pair[0][2:6], pair[0][12:]))

    def _fork(
        self,
        content: bytes,
        pieces: int = 1,
        number: int = 0,
        kind: int = 0,
        overflow: list[tuple[bytes, bytes]] | None = None,
        size: int | None = None,
    ) -> bytes:
        placed = self._space.place(content, pieces) if content else []
        start = sum(count for _, count in placed[:8])
        for index in range(8, len(placed), 8):
            assert overflow is not None
            group = placed[index : index + 8]
            overflow.append((pack(">BxII", kind, number, start), _extents(group)))
            start += sum(count for _, count in group)
        blocks = sum(count for _, count in placed)
        return self._described(len(content) if size is None else size, placed[:8], blocks)

    @staticmethod
    def _described(size: int, placed: Pieces, blocks: int) -> bytes:
        return pack(">QII", size, 0, blocks) + _extents(placed)


def _extents(placed: Pieces) -> bytes:
    return b"".join(pack(">II", *piece) for piece in placed).ljust(64, b"\0")


def _chunked(content: bytes) -> bytes:
    """A resource fork with the bytes in packed chunks of 64 KiB; every third one stored as it is."""
    chunks = []
    for number, start in enumerate(range(0, len(content), 65536)):
        chunk = content[start : start + 65536]
        packed = zlib.compress(chunk)
        chunks.append(b"\xff" + chunk if number % 3 == 2 or len(packed) > len(chunk) else packed)
    at = 4 + 8 * len(chunks)
    table = pack("<I", len(chunks))
    for chunk in chunks:
        table += pack("<II", at, len(chunk))
        at += len(chunk)
    body = table + b"".join(chunks)
    data = pack(">I", len(body)) + body
    # Inside Macintosh: More Macintosh Toolbox, "Resource File Format": one resource, "cmpf", of number 1.
    types = pack(">HHHH4sHH", 28, 50, 0, 0, b"cmpf", 0, 10)
    resources = (
        bytes(22) + pack(">H", 0) + types[:4] + types[4:6] + types[8:] + pack(">HHII", 1, 0xFFFF, 0, 0)
    )
    head = pack(">IIII", 256, 256 + len(data), len(data), len(resources))
    return head.ljust(256, b"\0") + data + resources
