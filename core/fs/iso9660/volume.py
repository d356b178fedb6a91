"""Volume descriptors, the sessions that they belong to, and which of the trees on a disc is shown."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem
from core.fs.driver import Warnings
from core.fs.iso9660 import records
from core.fs.iso9660.records import Record
from core.fs.iso9660.structures import (
    BOOT_CATALOG_AT,
    BOOT_RECORD,
    BOOT_SYSTEM,
    DESCRIPTOR,
    FIRST_DESCRIPTOR,
    JOLIET_ESCAPES,
    PRIMARY,
    ROOT_AT,
    SECTOR,
    STANDARD,
    SUPPLEMENTARY,
    TERMINATOR,
)
from core.fs.iso9660.susp import Areas

_BLOCK_SIZES = (512, 1024, 2048)
_MOST_DESCRIPTORS, _MOST_SESSIONS = 64, 256
_GAPS = (0, 150, 6900, 11400)
"""Sectors between two sessions: none, or the pause, lead-out and lead-in of a CD."""
_ALIGNMENTS = (1, 16, 32)
"""Sectors that the start of a session is a multiple of, by kind of medium."""
_SP_SIGN = b"\xbe\xef"
_ROCK_RIDGE = (b"RR", b"PX", b"NM", b"TF", b"SL", b"CL")


class Names(StrEnum):
    """Which tree: each has the same files by other names."""

    ROCK_RIDGE = "Rock Ridge"
    JOLIET = "Joliet"
    ENHANCED = "ISO 9660:1999"
    PLAIN = "ISO 9660"


class Tree(msgspec.Struct, frozen=True):
    names: Names
    descriptor: Any
    position: int
    """Where the root's directory record lies, in the descriptor."""
    root: Record
    skip: int = 0
    """Bytes of each system use area that are not Rock Ridge's."""


class Session(msgspec.Struct):
    """The descriptors of one session, the first of which lies at sector `start` + 16."""

    start: int
    primary: Any
    primary_at: int
    others: list[tuple[Any, int]] = msgspec.field(default_factory=list)
    catalog: int | None = None
    """Sector of the boot catalog."""


class Volume(msgspec.Struct, frozen=True):
    device: BlockDevice
    session: Session
    sessions: int
    tree: Tree
    also: list[Names]
    warnings: Warnings

    @property
    def block_size(self) -> int:
        return int(self.tree.descriptor.block_size)

    @property
    def size(self) -> int:
        return max(int(self.session.primary.blocks), 1) * int(self.session.primary.block_size)


def read_volume(device: BlockDevice, warnings: Warnings) -> Volume:
    """Raises NotAFileSystem, CorruptStructure, MediumError."""
    first = _session(device, 0)
    if first is None:
        raise NotAFileSystem("no primary volume descriptor")
    sessions = [first, *islice(_later(device, first), _MOST_SESSIONS)]
    session = sessions[-1]
    trees: list[Tree] = []
    broken: list[CorruptStructure | MediumError] = []
    for name, descriptor, position in _described(session):
        try:
            trees.append(_tree(device, name, descriptor, position))
        except (CorruptStructure, MediumError) as error:
            broken.append(error)
    if not trees:
        raise broken[0]
    for fault in map(Fault.of, broken):
        warnings.note(fault)
    trees.sort(key=lambda tree: list(Names).index(tree.names))
    return Volume(device, session, len(sessions), trees[0], [tree.names for tree in trees[1:]], warnings)


def _session(device: BlockDevice, start: int) -> Session | None:
    """Raises MediumError, CorruptStructure."""
    session: Session | None = None
    others: list[tuple[Any, int]] = []
    catalog, met = None, False
    for number in range(_MOST_DESCRIPTORS):
        position = (start + FIRST_DESCRIPTOR + number) * SECTOR
        if position + SECTOR > device.size:
            break
        raw = device.read(position, SECTOR)
        met = met or raw[1:6] == STANDARD
        if raw[1:6] != STANDARD or raw[0] == TERMINATOR:
            if (
                raw[1:6] == STANDARD
                or session is not None
                or raw[1:6] not in (b"BEA01", b"NSR02", b"NSR03", b"TEA01")
            ):
                break
            continue
        if raw[0] == BOOT_RECORD and raw[7:39].rstrip(b"\0") == BOOT_SYSTEM:
            catalog = int.from_bytes(raw[BOOT_CATALOG_AT : BOOT_CATALOG_AT + 4], "little")
        elif raw[0] in (PRIMARY, SUPPLEMENTARY):
            descriptor = DESCRIPTOR.parse(raw)
            if descriptor.block_size not in _BLOCK_SIZES and session is None and raw[0] == PRIMARY:
                found = str(descriptor.block_size)
                raise CorruptStructure(
                    "volume descriptor", position + 128, "blocks of 512 to 2048 bytes", found
                )
            if raw[0] == PRIMARY and session is None:
                session = Session(start, descriptor, position)
            elif raw[0] == SUPPLEMENTARY and descriptor.block_size in _BLOCK_SIZES:
                others.append((descriptor, position))
    if session is not None:
        session.others, session.catalog = others, catalog
    elif met and not start:
        raise CorruptStructure("volume descriptor", FIRST_DESCRIPTOR * SECTOR, "a primary one", "none")
    return session


def _later(device: BlockDevice, session: Session) -> Iterator[Session]:
    """The sessions behind one, each where the one before it ends: a disc's own table is not to be had."""
    while True:
        found = next(_candidates(device, session), None)
        if found is None:
            return
        session = found
        yield session


def _candidates(device: BlockDevice, session: Session) -> Iterator[Session]:
    blocks = session.primary.blocks * session.primary.block_size // SECTOR
    # Whether a size counts from the first session or from its own is a matter of who wrote it.
    ends = dict.fromkeys((session.start + blocks, blocks))
    starts = (-(-(end + gap) // unit) * unit for end in ends for gap in _GAPS for unit in _ALIGNMENTS)
    for start in dict.fromkeys(starts):
        if start <= session.start or (start + FIRST_DESCRIPTOR + 1) * SECTOR > device.size:
            continue
        try:
            found = _session(device, start)
            if found is not None and _root(found.primary, found.primary_at).block >= start:
                yield found
        except (CorruptStructure, MediumError):
            continue


def _described(session: Session) -> Iterator[tuple[Names, Any, int]]:
    yield Names.PLAIN, session.primary, session.primary_at
    for descriptor, position in session.others:
        if descriptor.escapes[:3] in JOLIET_ESCAPES:
            yield Names.JOLIET, descriptor, position
        elif descriptor.version == 2:
            yield Names.ENHANCED, descriptor, position


def _root(descriptor: Any, position: int) -> Record:
    record = records.parse(descriptor.root, 0, position + ROOT_AT)
    if not record.is_directory:
        raise CorruptStructure("volume descriptor", position + ROOT_AT, "a directory as the root", "a file")
    return record


def _tree(device: BlockDevice, names: Names, descriptor: Any, position: int) -> Tree:
    """Raises CorruptStructure, MediumError where its root directory cannot be read."""
    root = _root(descriptor, position)
    itself = records.single(device, root.block * descriptor.block_size)
    if not itself.is_itself:
        raise CorruptStructure("directory record", itself.position, "the directory itself first", "another")
    if names is Names.PLAIN:
        skip = _rock_ridge(device, descriptor.block_size, itself)
        if skip is not None:
            return Tree(Names.ROCK_RIDGE, descriptor, position + ROOT_AT, root, skip)
    return Tree(names, descriptor, position + ROOT_AT, root)


def _rock_ridge(device: BlockDevice, block_size: int, itself: Record) -> int | None:
    """How many bytes of system use areas to skip, None without Rock Ridge: IEEE P1281, 5.3, and P1282, 4."""
    area = itself.area
    # A CD-ROM XA record may be before it.
    starts = [at for at in (0, 14) if area[at : at + 2] == b"SP" and area[at + 4 : at + 6] == _SP_SIGN]
    if not starts:
        return None
    skip = area[starts[0] + 6] if len(area) > starts[0] + 6 else 0
    met = False
    try:
        for signature, data in Areas(device, block_size, starts[0]).entries(area, itself.area_at):
            met = (
                met
                or signature in _ROCK_RIDGE
                or (signature == b"ER" and (b"RRIP" in data or b"1282" in data))
            )
    except (CorruptStructure, MediumError):
        pass  # each file tells its own damage
    return skip if met else None
