"""Records of the catalog: TN1150, "Catalog File Data"."""

from __future__ import annotations

from core.errors import CorruptStructure
from core.fs.hfsplus.structures import (
    FILE,
    FILE_LENGTH,
    FILE_PACKED,
    FILE_THREAD,
    FOLDER,
    FOLDER_PACKED,
    FOLDER_THREAD,
    FORK_PACKED,
    IMMUTABLE,
    LOCKED,
)
from core.fs.mac.btree import Record
from core.fs.mac.forks import DATA, RESOURCE, Fork, Piece
from core.fs.mac.items import Item, Posix
from core.fs.mac.times import moment


def raw_name(key: bytes) -> bytes:
    """The name in a key, as far as the key goes."""
    length = int.from_bytes(key[4:6], "big")
    return key[6 : 6 + 2 * length]


def parsed(record: Record) -> Item | None:
    """A file or folder; None for a thread. Raises CorruptStructure."""
    key, data = record.key, record.data
    kind = int.from_bytes(data[:2], "big")
    if kind in (FOLDER_THREAD, FILE_THREAD):
        return None
    if kind not in (FOLDER, FILE):
        raise _corrupt(record, "a file, a folder or a thread", f"type {kind:#x}")
    if len(key) < 6 or len(key) < 6 + 2 * int.from_bytes(key[4:6], "big"):
        raise _corrupt(record, "a name in its key", f"{len(key)} bytes")
    parent = int.from_bytes(key[:4], "big")
    return _folder(record, parent) if kind == FOLDER else _file(record, parent)


def _folder(record: Record, parent: int) -> Item:
    if len(record.data) < FOLDER_PACKED.size:
        raise _corrupt(record, f"a folder of {FOLDER_PACKED.size} bytes", str(len(record.data)))
    fields = FOLDER_PACKED.unpack_from(record.data)
    _, _, valence, number, created, modified, changed, accessed, backup = fields[:9]
    uid, gid, admin, owner, mode, special, finder = fields[9:16]
    empty = Fork(0, (), record.position, number)
    return Item(
        place=record.place,
        position=record.position,
        parent=parent,
        raw=raw_name(record.key),
        is_folder=True,
        number=number,
        created=moment(created),
        modified=moment(modified),
        changed=moment(changed),
        accessed=moment(accessed),
        backed_up=moment(backup),
        locked=bool((admin | owner) & IMMUTABLE),
        finder=finder,
        type=b"",
        creator=b"",
        data=empty,
        resource=empty,
        valence=valence,
        posix=Posix(uid, gid, admin, owner, mode, special),
    )


def _file(record: Record, parent: int) -> Item:
    if len(record.data) < FILE_LENGTH:
        raise _corrupt(record, f"a file of {FILE_LENGTH} bytes", str(len(record.data)))
    fields = FILE_PACKED.unpack_from(record.data)
    _, flags, _, number, created, modified, changed, accessed, backup = fields[:9]
    uid, gid, admin, owner, mode, special, type, creator, finder = fields[9:18]
    at = FILE_PACKED.size
    return Item(
        place=record.place,
        position=record.position,
        parent=parent,
        raw=raw_name(record.key),
        is_folder=False,
        number=number,
        created=moment(created),
        modified=moment(modified),
        changed=moment(changed),
        accessed=moment(accessed),
        backed_up=moment(backup),
        locked=bool(flags & LOCKED or (admin | owner) & IMMUTABLE),
        finder=finder,
        type=type,
        creator=creator,
        data=_fork(record, at, number, DATA),
        resource=_fork(record, at + FORK_PACKED.size, number, RESOURCE),
        posix=Posix(uid, gid, admin, owner, mode, special),
    )


def _fork(record: Record, at: int, number: int, kind: int) -> Fork:
    size, _, _, *numbers = FORK_PACKED.unpack_from(record.data, at)
    if size >= 1 << 63:
        raise _corrupt(record, "a fork of a size that can be", str(size))
    if numbers[3] == 0:  # most files are in one piece
        pieces: tuple[Piece, ...] = ((numbers[0], numbers[1]),)
    else:
        pieces = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    return Fork(size, pieces, record.position, number, kind)


def _corrupt(record: Record, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("catalog", record.position, expected, found)
