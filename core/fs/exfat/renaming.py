"""Sets of directory entries put right: what they say of themselves, and names that can be."""

from __future__ import annotations

import re

from core.errors import CorruptStructure
from core.fs.exfat import names
from core.fs.exfat.structures import (
    ALLOCATION_POSSIBLE,
    BENIGN,
    DIRECTORY,
    FILE_NAME,
    IN_USE,
    MOST_NAMES,
    NAME_PIECE,
    SECONDARY,
    STREAM,
    STREAM_PACKED,
)
from core.fs.exfat.writing import entries
from core.fs.slots import SLOT_LENGTH

_FLAGS, _LENGTH, _HASH = 33, 35, 36
"""Counted from the start of the set: section 7.6."""
_FORBIDDEN = re.compile(r'[\0-\x1f"*/:<>?\\|\ud800-\udfff]')
_FALLBACK = "RENAMED"
_MOST = 10_000


def corrected(raw: bytes, upcase: names.Upcase | None, position: int) -> tuple[bytes, str]:
    """(the set, its name where it has another one) from the slots of a set and those behind it.

    The number of its entries, its name, the hash of that, the valid size and the checksum are made to agree.
    `upcase` is None when it is not known. Raises CorruptStructure when there is no name and no place for one.
    """
    heads = raw[::SLOT_LENGTH]
    if heads[1:2] != bytes([STREAM]):
        raise CorruptStructure("directory entry", position, "a stream extension next", "none")
    pieces = 0
    while pieces < MOST_NAMES and heads[2 + pieces : 3 + pieces] == bytes([FILE_NAME]):
        pieces += 1
    behind = 2 + pieces
    while behind < min(len(heads), 1 + raw[1]) and _is_benign(heads[behind]):
        behind += 1
    extra = raw[(2 + pieces) * SLOT_LENGTH : behind * SLOT_LENGTH]
    if not pieces:
        if not _is_free(heads, 2):
            raise CorruptStructure("directory entry", position, "a file name", "none")
        old, name = "", _FALLBACK
    else:
        old = _told_name(raw, pieces, upcase)
        name = _FORBIDDEN.sub("_", old)
        if name in ("", ".", ".."):
            name = "_" * len(name) or _FALLBACK
    _, _, hashed, valid, _, size = STREAM_PACKED.unpack_from(raw, SLOT_LENGTH)
    valid = size if entries.attributes_of(raw) & DIRECTORY else min(valid, size)
    stream = bytearray(raw[: 2 * SLOT_LENGTH])
    stream[_LENGTH] = 0  # no entries of the name are among them
    if size:
        stream[_FLAGS] |= ALLOCATION_POSSIBLE
    stream[40:48] = valid.to_bytes(8, "little")
    new = bytearray(entries.with_name(bytes(stream), name, upcase or names.MANDATORY)) + extra
    if upcase is None and name == old and not name.isascii():
        new[_HASH : _HASH + 2] = hashed.to_bytes(2, "little")
    return entries.sealed(bytes(new)), name if name != old else ""


def renamed(raw: bytes, upcase: names.Upcase | None, taken: set[str], position: int) -> tuple[bytes, str]:
    """(the set, its name) with a name in as many entries whose upper case is not `taken`."""
    table = upcase or names.MANDATORY
    length = raw[_LENGTH]
    pieces = -(-length // NAME_PIECE)
    old = names.decoded(names.raw_name(raw, 2 * SLOT_LENGTH, pieces, length))
    stem, dot, extension = old.rpartition(".")
    if not stem:
        stem, dot, extension = old, "", ""
    for number in range(1, _MOST):
        tail = f"~{number}{dot}{extension}"
        room = pieces * NAME_PIECE - _units(tail)
        kept = stem
        while kept and _units(kept) > room:
            kept = kept[:-1]
        name = kept + tail
        if -(-_units(name) // NAME_PIECE) == pieces and name.translate(table) not in taken:
            return entries.sealed(entries.with_name(raw, name, table)), name
    raise CorruptStructure("directory entry", position, "a name of its own", "none to be found")


def _told_name(raw: bytes, pieces: int, upcase: names.Upcase | None) -> str:
    """The name by its length if the hash agrees with that, or else up to the first zero."""
    _, length, hashed, _, _, _ = STREAM_PACKED.unpack_from(raw, SLOT_LENGTH)
    whole = names.raw_name(raw, 2 * SLOT_LENGTH, pieces, pieces * NAME_PIECE)
    told = whole[: 2 * length]
    if length and 2 * length <= len(whole) and upcase is not None and names.hashed(told, upcase) == hashed:
        return names.decoded(told)
    end = next((at for at in range(0, len(whole), 2) if whole[at : at + 2] == b"\0\0"), len(whole))
    if 1 <= length <= pieces * NAME_PIECE and length > (pieces - 1) * NAME_PIECE:
        end = min(2 * length, len(whole))
    return names.decoded(whole[:end])


def _is_benign(head: int) -> bool:
    return head & (IN_USE | SECONDARY | BENIGN) == IN_USE | SECONDARY | BENIGN


def _is_free(heads: bytes, at: int) -> bool:
    """Whether a slot can be taken without bringing to light what lies behind the end mark."""
    if at >= len(heads) or heads[at] >= IN_USE:
        return False
    return heads[at] != 0 or heads[at + 1 : at + 2] in (b"", b"\0")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
