"""Volumes of UDF that no tool here makes, by ECMA-167 and UDF 2.60 and without the driver's declarations."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.udf_words import compressed, dstring, entity, stamp, tagged

MAIN, INTEGRITY, RESERVE, ANCHOR, START = 96, 128, 200, 256, 288
PACKET = 32
SHORT, LONG, EXTENDED, INLINE = range(4)
DIRECTORY, FILE, BLOCK_DEVICE, LINK, STREAMS, VAT, METADATA, MIRROR = 4, 5, 6, 12, 13, 248, 250, 251
MOST_PIECES = 8


@dataclass
class Node:
    type: int
    content: bytes = b""
    children: dict[str, Node] = field(default_factory=dict)
    streams: dict[str, bytes] = field(default_factory=dict)
    form: int = SHORT
    scattered: bool = False
    modified: int = 0
    mode: int = 0o644
    flags: int = 0
    inside: bytes = b""
    where: tuple[int, int] = (0, 0)
    characteristics: int = 0


class Disc:
    """A tree that `write` makes a volume of. `kind` is plain, sparable, virtual or metadata."""

    def __init__(
        self,
        kind: str = "plain",
        *,
        block_size: int = 2048,
        blocks: int = 1200,
        label: str = "DISC",
        revision: int = 0x0250,
        extended: bool = True,
        old_table: bool = False,
        strategy: int = 4,
    ) -> None:
        self.kind, self.size, self.blocks, self.label = kind, block_size, blocks, label
        self.revision, self.extended, self.old_table, self.strategy = revision, extended, old_table, strategy
        self.root = Node(DIRECTORY, mode=0o755)
        self.image = bytearray(block_size * blocks)
        self.next = 2 * PACKET
        """Blocks of the partition in front of it are kept for what has a fixed place."""
        self.table: list[int] = []
        self.metadata: list[int] = []
        """Blocks of the metadata file, and of its mirror in the same order."""
        self.mirror: list[int] = []
        self.spared: dict[int, int] = {}
        self.spare = blocks - 8 * PACKET
        if kind == "sparable":
            self.spared = {
                PACKET * number: self.spare + PACKET * index for index, number in enumerate((3, 5, 6))
            }

    # the tree -----------------------------------------------------------------------------------------------

    def node(self, path: str) -> Node:
        found = self.root
        for name in filter(None, path.split("/")):
            found = found.children[name]
        return found

    def has(self, path: str) -> bool:
        try:
            self.node(path)
        except KeyError:
            return False
        return True

    def add(self, path: str, node: Node) -> Node:
        above, _, name = path.rpartition("/")
        self.node(above).children[name] = node
        return node

    # blocks -------------------------------------------------------------------------------------------------

    @property
    def own(self) -> int:
        """The partition that entries and directories are in."""
        return 1 if self.kind in ("virtual", "metadata") else 0

    def take(self, count: int, scattered: bool = False) -> list[tuple[int, int]]:
        """(block, count) in the partition of files' bytes."""
        runs, step = [], 2 if scattered else count
        while count:
            length = min(step, count)
            runs.append((self.next, length))
            self.next += length + scattered
            count -= length
        return runs

    def take_own(self, count: int) -> int:
        """Blocks in a row for an entry or a directory."""
        if self.kind == "virtual":
            first = len(self.table)
            for _ in range(count):
                self.table.append(self.take(1)[0][0])
                self.next += 1
            return first
        if self.kind == "metadata":
            first = len(self.metadata)
            for _ in range(count):
                if len(self.metadata) % 7 == 0:
                    self.next += 1  # so that the metadata file is in pieces
                self.metadata.append(self.take(1)[0][0])
            return first
        return self.take(count)[0][0]

    def sectors(self, partition: int, block: int) -> list[int]:
        """Where a block is written; the first is where it is read."""
        if partition == 1 and self.kind == "virtual":
            block = self.table[block]
        elif partition == 1:
            return [START + self.metadata[block], START + self.mirror[block]]
        packet = block - block % PACKET
        if packet in self.spared:
            return [self.spared[packet] + block % PACKET]
        return [START + block]

    def put(self, partition: int, block: int, content: bytes) -> None:
        for index in range(-(-len(content) // self.size)):
            piece = content[index * self.size : (index + 1) * self.size]
            for sector in self.sectors(partition, block + index):
                self.sector(sector, piece)

    def sector(self, sector: int, content: bytes) -> None:
        self.image[sector * self.size : sector * self.size + len(content)] = content

    # files --------------------------------------------------------------------------------------------------

    def place(self, node: Node) -> None:
        node.where = (self.own, self.take_own(2 if self.strategy == 4096 else 1))
        for child in node.children.values():
            self.place(child)

    def long(self, where: tuple[int, int], length: int) -> bytes:
        return struct.pack("<IIH6x", length, where[1], where[0])

    def names(self, node: Node, above: Node, block: int) -> bytes:
        entries = [self.name("", above, 0x0A)]
        for name, child in node.children.items():
            folder = 2 if child.type == DIRECTORY else 0
            entries.append(self.name(name, child, folder | child.characteristics))
        return b"".join(entries)

    def name(self, name: str, node: Node, characteristics: int) -> bytes:
        raw = compressed(name) if name else b""
        body = struct.pack("<HBB", 1, characteristics, len(raw)) + self.long(node.where, self.size)
        body += struct.pack("<H", 0) + raw
        return tagged(257, node.where[1], body + bytes(-(len(body) + 16) % 4))

    def pieces(self, node: Node, content: bytes, own: bool) -> tuple[int, bytes]:
        """The form of the allocation descriptors, and they themselves, with the bytes written."""
        room = self.size - 216 - len(node.inside)
        if node.form == INLINE and len(content) <= room:
            return INLINE, content
        count = -(-len(content) // self.size)
        form = node.form
        if own:
            first = self.take_own(count) if count else 0
            partition, runs = self.own, [(first, count)] if count else []
            if self.kind == "virtual":  # no extent is longer than a block there: UDF, 2.3.10
                runs = [(first + index, 1) for index in range(count)]
        else:
            partition, runs = 0, self.take(count, node.scattered)
        if form == INLINE or (form == SHORT and partition != node.where[0]):
            form = LONG
        descriptors, done = [], 0
        for block, blocks in runs:
            piece = content[done : done + blocks * self.size]
            if any(piece):
                self.put(partition, block, piece)
                descriptors.append(self.descriptor(form, len(piece), partition, block))
            else:  # it is as if it were there
                descriptors.append(self.descriptor(form, 2 << 30 | len(piece), 0, 0))
            done += len(piece)
        return form, self.chained(form, descriptors, node.where[0])

    def descriptor(self, form: int, length: int, partition: int, block: int) -> bytes:
        if form == SHORT:
            return struct.pack("<II", length, block)
        if form == LONG:
            return struct.pack("<IIH6x", length, block, partition)
        size = length & (1 << 30) - 1
        return struct.pack("<IIIIH2x", length, size, size, block, partition)

    def chained(self, form: int, descriptors: list[bytes], partition: int) -> bytes:
        """What does not fit into the entry goes on in a block of its own."""
        if len(descriptors) <= MOST_PIECES:
            return b"".join(descriptors)
        block = self.take_own(1)
        rest = self.chained(form, descriptors[MOST_PIECES:], partition)
        self.put(partition, block, tagged(258, block, struct.pack("<II", 0, len(rest)) + rest))
        return b"".join(descriptors[:MOST_PIECES]) + self.descriptor(
            form, 3 << 30 | self.size, partition, block
        )

    def record(self, node: Node, above: Node) -> None:
        """Writes a file or folder with all that is in it."""
        content = node.content
        if node.type in (DIRECTORY, STREAMS):
            for child in node.children.values():
                self.record(child, node)
            content = self.names(node, above, node.where[1])
        streams = b""
        if node.streams:
            folder = Node(STREAMS)
            folder.children = {name: Node(FILE, one, form=LONG) for name, one in node.streams.items()}
            self.place(folder)
            self.record(folder, node)
            streams = self.long(folder.where, self.size)
        form, allocation = self.pieces(node, content, own=node.type in (DIRECTORY, STREAMS))
        entry = self.entry(node, len(content), form, allocation, streams)
        self.put(*node.where, entry)
        if self.strategy == 4096:
            # The entry is old; a newer one lies elsewhere.
            newer = (node.where[0], self.take_own(2))
            tag = struct.pack("<IHHHBB6sH", 0, 4096, 0, 1, 0, 3, bytes(6), 0)
            pointer = tag + self.long(newer, self.size)
            self.put(node.where[0], node.where[1] + 1, tagged(259, node.where[1] + 1, pointer))
            moved = Node(**{**node.__dict__, "where": newer})
            self.put(*newer, self.entry(moved, len(content), form, allocation, streams))
            self.put(*node.where, self.entry(node, 0, INLINE, b"", b""))

    def entry(self, node: Node, size: int, form: int, allocation: bytes, streams: bytes = b"") -> bytes:
        mode = node.mode
        permissions = (mode & 7) | (mode >> 3 & 7) << 5 | (mode >> 6 & 7) << 10
        flags = form | node.flags | (mode >> 11 & 1) << 6 | (mode >> 10 & 1) << 7 | (mode >> 9 & 1) << 8
        tag = struct.pack("<IHHHBB6sH", 0, self.strategy, 0, 1, 0, node.type, bytes(6), flags)
        body = tag + struct.pack("<IIIHBBIQ", 1000, 100, permissions, 1, 0, 0, 0, size)
        when = stamp(node.modified)
        blocks = -(-size // self.size)
        if self.extended:
            body += struct.pack("<QQ", size, blocks) + when * 4 + struct.pack("<I4x16x", 1)
            body += streams.ljust(16, b"\0")
        else:
            body += struct.pack("<Q", blocks) + when * 3 + struct.pack("<I16x", 1)
        body += entity(b"*Rumpus tests") + struct.pack("<QII", 77, len(node.inside), len(allocation))
        kind = 266 if self.extended else 261
        return tagged(kind, node.where[1], body + node.inside + allocation)

    # the volume ---------------------------------------------------------------------------------------------

    def write(self, path: Path) -> Path:
        step = max(2048, self.size)
        for index, sign in enumerate((b"BEA01", b"NSR03", b"TEA01")):
            self.image[32768 + index * step : 32768 + index * step + 7] = b"\0" + sign + b"\1"
        set_block = self.take_own(1)
        self.place(self.root)
        if self.kind == "metadata":
            self.reserve_mirror()
        self.record(self.root, self.root)
        body = (
            stamp(0)
            + struct.pack("<HHIIII", 3, 3, 1, 1, 0, 0)
            + bytes(64)
            + dstring(self.label, 128)
            + bytes(64)
        )
        body += dstring("files", 32) + bytes(64) + self.long(self.root.where, self.size)
        body += entity(b"*OSTA UDF Compliant", struct.pack("<H6x", self.revision)) + bytes(16 + 16 + 32)
        self.put(self.own, set_block, tagged(256, set_block, body))
        if self.kind == "metadata":
            self.write_metadata()
        if self.kind == "virtual":
            self.write_table()
        for start in (MAIN, RESERVE):
            self.descriptors(start, set_block)
        self.integrity()
        anchor = struct.pack("<4I", 16 * self.size, MAIN, 16 * self.size, RESERVE) + bytes(480)
        anchors = (ANCHOR,) if self.kind == "virtual" else (ANCHOR, self.blocks - 1)
        for sector in anchors:
            self.sector(sector, tagged(2, sector, anchor))
        if self.kind == "virtual":
            del self.image[(START + self.next) * self.size :]
        path.write_bytes(self.image)
        return path

    def reserve_mirror(self) -> None:
        """The mirror is as long as the file itself may get, somewhere else."""
        room = self.blocks // 3
        self.mirror = list(range(self.blocks - START - 40 - room, self.blocks - START - 40))

    def write_metadata(self) -> None:
        assert self.next <= self.mirror[0], "more blocks are needed"
        self.mirror = self.mirror[: len(self.metadata)]
        for kind, block, blocks in ((METADATA, 0, self.metadata), (MIRROR, 1, self.mirror)):
            runs: list[list[int]] = []
            for each in blocks:
                if runs and runs[-1][0] + runs[-1][1] == each:
                    runs[-1][1] += 1
                else:
                    runs.append([each, 1])
            allocation = b"".join(struct.pack("<II", count * self.size, first) for first, count in runs)
            strategy, self.strategy = self.strategy, 4
            node = Node(kind, where=(0, block))
            entry = self.entry(node, len(blocks) * self.size, SHORT, allocation)
            self.sector(START + block, entry)
            self.strategy = strategy

    def write_table(self) -> None:
        words = struct.pack(f"<{len(self.table)}I", *self.table)
        if self.old_table:
            content = words + entity(b"*UDF Virtual Alloc Tbl") + struct.pack("<I", 0xFFFFFFFF)
        else:
            head = struct.pack(
                "<HH128sIIIHHHH", 152, 0, dstring(self.label, 128), 0xFFFFFFFF, 1, 1, 0x150, 0x200, 0x200, 0
            )
            content = head + words
        first = self.take(-(-len(content) // self.size))[0][0]
        self.put(0, first, content)
        block = self.take(1)[0][0]
        node = Node(0 if self.old_table else VAT, where=(0, block))
        strategy, self.strategy = self.strategy, 4
        entry = self.entry(node, len(content), SHORT, struct.pack("<II", len(content), first))
        self.strategy = strategy
        self.put(0, block, entry)

    def descriptors(self, start: int, set_block: int) -> None:
        charset = struct.pack("<B63s", 0, b"OSTA Compressed Unicode")
        implementation = entity(b"*Rumpus tests")
        blocks = (self.spare if self.kind == "sparable" else self.blocks - 1) - START
        if self.kind == "virtual":
            blocks = self.next
        primary = (
            struct.pack("<II", 1, 0) + dstring(self.label, 32) + struct.pack("<HHHHII", 1, 1, 2, 2, 1, 1)
        )
        primary += (
            dstring("0123456789abcdefset", 128) + charset * 2 + bytes(16) + entity(b"*tests") + stamp(0)
        )
        primary += implementation + bytes(64 + 4 + 2 + 22)
        partition = struct.pack("<IHH", 2, 1, 7) + entity(b"+NSR03") + bytes(128)
        partition += struct.pack("<III", 1, START, blocks) + implementation + bytes(128 + 156)
        maps, count = self.maps()
        domain = entity(b"*OSTA UDF Compliant", struct.pack("<H6x", self.revision))
        logical = (
            struct.pack("<I", 3) + charset + dstring(self.label, 128) + struct.pack("<I", self.size) + domain
        )
        logical += self.long((self.own, set_block), self.size) + struct.pack("<II", len(maps), count)
        logical += implementation + bytes(128) + struct.pack("<II", self.size * 2, INTEGRITY) + maps
        for index, (kind, body) in enumerate(((1, primary), (5, partition), (6, logical), (8, bytes(496)))):
            self.sector(start + index, tagged(kind, start + index, body))

    def maps(self) -> tuple[bytes, int]:
        plain = struct.pack("<BBHH", 1, 6, 1, 7)
        if self.kind == "plain":
            return plain, 1
        name = {
            "sparable": b"*UDF Sparable Partition",
            "virtual": b"*UDF Virtual Partition",
            "metadata": b"*UDF Metadata Partition",
        }
        other = (
            struct.pack("<BB2x", 2, 64)
            + entity(name[self.kind], struct.pack("<H6x", self.revision))
            + struct.pack("<HH", 1, 7)
        )
        if self.kind == "virtual":
            return plain + other.ljust(64, b"\0"), 2
        if self.kind == "metadata":
            other += struct.pack("<IIIIHB5x", 0, 1, 0xFFFFFFFF, PACKET, PACKET, 1)
            return plain + other, 2
        tables = (self.blocks - 2 * PACKET, self.blocks - PACKET)
        pairs = b"".join(struct.pack("<II", *pair) for pair in self.spared.items())
        pairs += struct.pack("<II", 0xFFFFFFFF, self.spare + 4 * PACKET)
        for sector in tables:
            body = entity(b"*UDF Sparing Table") + struct.pack("<HHI", len(pairs) // 8, 0, 5) + pairs
            self.sector(sector, tagged(0, sector, body))
        other += struct.pack("<HBxI2I", PACKET, 2, self.size, *tables)
        return other.ljust(64, b"\0"), 1

    def integrity(self) -> None:
        count = self.maps()[1]
        free = [100, *[0xFFFFFFFF] * (count - 1)]
        use = entity(b"*Rumpus tests") + struct.pack("<IIHHH", 3, 2, 0x0102, self.revision, self.revision)
        body = stamp(0) + struct.pack("<III", 1, 0, 0) + struct.pack("<Q24x", 100)
        body += struct.pack("<II", count, len(use)) + struct.pack(f"<{count}I", *free)
        body += struct.pack(f"<{count}I", *[1000] * count) + use
        self.sector(INTEGRITY, tagged(9, INTEGRITY, body))
