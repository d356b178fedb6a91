"""Sets of directory entries as bytes, new ones and what changes in them."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct as Packed

from core.entry import Entry, Kind
from core.fs.exfat import names
from core.fs.exfat.checksums import rolling_16
from core.fs.exfat.structures import (
    ALLOCATION_POSSIBLE,
    CONTIGUOUS,
    DIRECTORY,
    FILE,
    FILE_NAME,
    FILE_PACKED,
    KEPT_ATTRIBUTES,
    NAME_PIECE,
    STREAM,
)
from core.fs.exfat.times import stamped, utc
from core.fs.slots import SLOT_LENGTH
from core.fs.writable import Times

_FILE = Packed("<BxxxHxxIIIBBBBB7x")
_STREAM = Packed("<BBxBHxxQ4xIQ")
_SECONDARY = Packed("<xB18xIQ")
_ATTRIBUTES, _CREATED, _MODIFIED, _ACCESSED = 4, 8, 12, 16
_HUNDREDTHS, _OFFSETS = 20, 22
"""Of creation and, behind it, modification; the offsets' third is of the last access. Section 7.4."""
_FLAGS, _LENGTH, _VALID, _FIRST, _SIZE = 33, 35, 40, 52, 56
"""Counted from the start of the set: section 7.6."""
_NAME_BYTES = 2 * NAME_PIECE


def new_set(name: str, upcase: names.Upcase, attributes: int, times: Times, now: int) -> bytes:
    """The set of an empty file, without its checksum. The name was checked."""
    created = stamped(now if times.created is None else times.created)
    modified = stamped(now if times.modified is None else times.modified)
    accessed = stamped(now if times.accessed is None else times.accessed)
    file = _FILE.pack(
        FILE,
        attributes,
        created[0],
        modified[0],
        accessed[0],
        created[1],
        modified[1],
        created[2],
        modified[2],
        accessed[2],
    )
    length, hashed, slots = _named(name, upcase)
    return file + _STREAM.pack(STREAM, ALLOCATION_POSSIBLE, length, hashed, 0, 0, 0) + slots


def with_name(raw: bytes, name: str, upcase: names.Upcase) -> bytes:
    """A set with another name; what follows the name stays."""
    pieces = -(-raw[_LENGTH] // NAME_PIECE)
    length, hashed, slots = _named(name, upcase)
    stream = raw[SLOT_LENGTH:_LENGTH] + bytes([length]) + hashed.to_bytes(2, "little")
    stream += raw[_LENGTH + 3 : 2 * SLOT_LENGTH]
    return raw[:SLOT_LENGTH] + stream + slots + raw[(2 + pieces) * SLOT_LENGTH :]


def _named(name: str, upcase: names.Upcase) -> tuple[int, int, bytes]:
    """(units, hash, entries) of a name."""
    raw = name.encode("utf-16-le")
    slots = [
        bytes((FILE_NAME, 0)) + raw[at : at + _NAME_BYTES].ljust(_NAME_BYTES, b"\0")
        for at in range(0, len(raw), _NAME_BYTES)
    ]
    return len(raw) // 2, names.hashed(raw, upcase), b"".join(slots)


def with_content(raw: bytes, contiguous: bool, first: int, size: int, valid: int) -> bytes:
    """A set whose bytes lie elsewhere, or are more or fewer."""
    flags = raw[_FLAGS] & ~CONTIGUOUS | ALLOCATION_POSSIBLE | (CONTIGUOUS if contiguous and first else 0)
    return (
        raw[:_FLAGS]
        + bytes([flags])
        + raw[_FLAGS + 1 : _VALID]
        + valid.to_bytes(8, "little")
        + raw[_VALID + 8 : _FIRST]
        + first.to_bytes(4, "little")
        + size.to_bytes(8, "little")
        + raw[_SIZE + 8 :]
    )


def with_content_of(raw: bytes, other: bytes) -> bytes:
    """A set with its own name and the attributes, times and bytes of another."""
    file = raw[:_ATTRIBUTES] + other[_ATTRIBUTES:SLOT_LENGTH]
    stream = raw[SLOT_LENGTH:_FLAGS] + other[_FLAGS : _FLAGS + 1] + raw[_FLAGS + 1 : _VALID]
    return file + stream + other[_VALID : 2 * SLOT_LENGTH] + raw[2 * SLOT_LENGTH :]


def with_times(raw: bytes, times: Times) -> bytes:
    changed = bytearray(raw)
    for number, moment, at in (
        (0, times.created, _CREATED),
        (1, times.modified, _MODIFIED),
        (2, times.accessed, _ACCESSED),
    ):
        if moment is None:
            continue
        stamp, hundredths, offset = stamped(moment)
        changed[at : at + 4] = stamp.to_bytes(4, "little")
        changed[_OFFSETS + number] = offset
        if number < 2:
            changed[_HUNDREDTHS + number] = hundredths
    return bytes(changed)


def attributes_of(raw: bytes) -> int:
    return raw[_ATTRIBUTES]


def with_attributes(raw: bytes, attributes: int) -> bytes:
    """Those that are kept; the others say what the entry is, and stay."""
    value = raw[_ATTRIBUTES] & ~KEPT_ATTRIBUTES | attributes & KEPT_ATTRIBUTES
    return raw[:_ATTRIBUTES] + bytes([value]) + raw[_ATTRIBUTES + 1 :]


def benign_allocations(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """(flags, first cluster, size) of each entry behind the name that has clusters: section 6.4."""
    behind = 2 + -(-raw[_LENGTH] // NAME_PIECE)
    for at in range(behind * SLOT_LENGTH, len(raw), SLOT_LENGTH):
        flags, first, size = _SECONDARY.unpack_from(raw, at)
        if flags & ALLOCATION_POSSIBLE and first:
            yield flags, first, size


def as_entry(name: str, node: int, raw: bytes) -> Entry:
    """A sound set as listing it would show it."""
    _, attributes, stamp, hundredths, offset = FILE_PACKED.unpack_from(raw)
    is_directory = bool(attributes & DIRECTORY)
    size = 0 if is_directory else int.from_bytes(raw[_SIZE : _SIZE + 8], "little")
    return Entry(
        name,
        node,
        Kind.DIRECTORY if is_directory else Kind.FILE,
        size,
        utc(stamp, hundredths, offset),
        attributes & KEPT_ATTRIBUTES,
    )


def sealed(raw: bytes) -> bytes:
    """A set with its number of secondary entries and its checksum (section 6.3.3)."""
    head = bytes((raw[0], len(raw) // SLOT_LENGTH - 1))
    return head + rolling_16(head + raw[4:]).to_bytes(2, "little") + raw[4:]
