"""Records of the catalog: Files, "Catalog File Keys" and "Catalog File Data Records"."""

from __future__ import annotations

from core.errors import CorruptStructure
from core.fs.hfs.structures import (
    FILE,
    FILE_PACKED,
    FILE_THREAD,
    FOLDER,
    FOLDER_PACKED,
    FOLDER_THREAD,
    LOCKED,
)
from core.fs.mac.btree import Record
from core.fs.mac.forks import DATA, RESOURCE, Fork
from core.fs.mac.items import Item
from core.fs.mac.times import moment

LONGEST_NAME = 31


def raw_name(key: bytes) -> bytes:
    """The name in a key, as far as the key goes."""
    return key[6 : 6 + key[5]] if len(key) > 5 else b""


def parsed(record: Record) -> Item | None:
    """A file or folder; None for a thread. Raises CorruptStructure."""
    key, data = record.key, record.data
    kind = data[0] if data else 0
    if kind in (FOLDER_THREAD, FILE_THREAD):
        return None
    if kind not in (FOLDER, FILE):
        raise _corrupt(record, "a file, a folder or a thread", f"type {kind:#x}")
    if len(key) < 6 or len(key) < 6 + key[5]:
        raise _corrupt(record, "a name in its key", f"{len(key)} bytes")
    return _folder(record) if kind == FOLDER else _file(record)


def _folder(record: Record) -> Item:
    if len(record.data) < FOLDER_PACKED.size:
        raise _corrupt(record, f"a folder of {FOLDER_PACKED.size} bytes", str(len(record.data)))
    _, _, valence, number, created, modified, backup, finder = FOLDER_PACKED.unpack_from(record.data)
    empty = Fork(0, (), record.position, number)
    return Item(
        place=record.place,
        position=record.position,
        parent=int.from_bytes(record.key[1:5], "big"),
        raw=raw_name(record.key),
        is_folder=True,
        number=number,
        created=moment(created),
        modified=moment(modified),
        changed=None,
        accessed=None,
        backed_up=moment(backup),
        locked=False,
        finder=finder,
        type=b"",
        creator=b"",
        data=empty,
        resource=empty,
        valence=valence,
    )


def _file(record: Record) -> Item:
    if len(record.data) < FILE_PACKED.size:
        raise _corrupt(record, f"a file of {FILE_PACKED.size} bytes", str(len(record.data)))
    fields = FILE_PACKED.unpack_from(record.data)
    _, flags, type, creator, finder, number, _, size, _, _, resource_size = fields[:11]
    created, modified, backup = fields[12:15]
    data, resource = fields[16:22], fields[22:28]
    return Item(
        place=record.place,
        position=record.position,
        parent=int.from_bytes(record.key[1:5], "big"),
        raw=raw_name(record.key),
        is_folder=False,
        number=number,
        created=moment(created),
        modified=moment(modified),
        changed=None,
        accessed=None,
        backed_up=moment(backup),
        locked=bool(flags & LOCKED),
        finder=finder,
        type=type,
        creator=creator,
        data=_fork(record, size, data, number, DATA),
        resource=_fork(record, resource_size, resource, number, RESOURCE),
    )


def _fork(record: Record, size: int, numbers: tuple[int, ...], number: int, kind: int) -> Fork:
    pieces = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    return Fork(size, pieces, record.position, number, kind)


def _corrupt(record: Record, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("catalog", record.position, expected, found)
