"""What is understood of an attribute's value, and the names in it, for showing a volume under other names."""

from __future__ import annotations

from core.fs.ntfs import overlay, reparse
from core.fs.ntfs.structures import (
    FILE_NAME_LENGTH,
    HAS_SUBNODE,
    INDEX_ENTRY_LENGTH,
    INDEX_ENTRY_PACKED,
    LAST,
    LIST_ENTRY_LENGTH,
    LIST_ENTRY_PACKED,
    REFERENCE,
)
from core.fs.retelling import Span, masked

WIDE = "utf-16-le"
Told = tuple[bytes, list[Span], list[int]]
"""Bytes, spans in them, and the numbers of further records."""
_SYSTEM_NAMES = frozenset(
    {
        *("$I30", "$SDS", "$SDH", "$SII", "$O", "$Q", "$R", "$J", "$Max", "$Bad", "$Info", "$TXF_DATA"),
        overlay.STREAM,
    }
)
_INTERIX = 8
"""Bytes with which the stand-ins of Unix's links and devices begin."""
_REPARSE_HEAD = 8
_TARGETS = (0xA0000003, 0xA000000C)


def of_name(raw: bytes) -> list[Span]:
    """The span of an attribute's own name, none where it is one of the system's."""
    return [] if raw.decode(WIDE, "replace") in _SYSTEM_NAMES else [Span(0, len(raw), WIDE)]


def file_name(raw: bytes) -> Told:
    """$FILE_NAME, in a record or as a key of an index."""
    if len(raw) < FILE_NAME_LENGTH:
        return masked(raw), [], []
    length = min(2 * raw[FILE_NAME_LENGTH - 2], len(raw) - FILE_NAME_LENGTH)
    told = masked(raw[:FILE_NAME_LENGTH]) + raw[FILE_NAME_LENGTH : FILE_NAME_LENGTH + length]
    return told, [Span(FILE_NAME_LENGTH, length, WIDE)], []


def attribute_list(raw: bytes) -> Told:
    told = bytearray(len(raw))
    spans: list[Span] = []
    numbers: list[int] = []
    at = 0
    while at + LIST_ENTRY_LENGTH <= len(raw):
        told[at : at + LIST_ENTRY_LENGTH] = masked(raw[at : at + LIST_ENTRY_LENGTH])
        _, length, units, name_at, _, reference, _ = LIST_ENTRY_PACKED.unpack_from(raw, at)
        if length < LIST_ENTRY_LENGTH or at + length > len(raw) or name_at + 2 * units > length:
            break
        name = raw[at + name_at : at + name_at + 2 * units]
        if name_at >= LIST_ENTRY_LENGTH:
            told[at + name_at : at + name_at + len(name)] = name
            spans += [span._replace(start=at + name_at) for span in of_name(name)]
        numbers.append(reference & REFERENCE)
        at += length
    return bytes(told), spans, numbers


def index_entries(raw: bytes, at: int, end: int) -> Told:
    """The entries of a node of an index of names, as they lie between these places."""
    told = bytearray(len(raw))
    spans: list[Span] = []
    numbers: list[int] = []
    end = min(end, len(raw))
    while at >= 0 and at + INDEX_ENTRY_LENGTH <= end:
        told[at : at + INDEX_ENTRY_LENGTH] = masked(raw[at : at + INDEX_ENTRY_LENGTH])
        reference, length, key, flags = INDEX_ENTRY_PACKED.unpack_from(raw, at)
        least = INDEX_ENTRY_LENGTH + (0 if flags & LAST else key) + (8 if flags & HAS_SUBNODE else 0)
        if length < least or at + length > end:
            break
        if flags & HAS_SUBNODE:
            told[at + length - 8 : at + length] = masked(raw[at + length - 8 : at + length])
        if flags & LAST:
            break
        start = at + INDEX_ENTRY_LENGTH
        name, found, _ = file_name(raw[start : start + key])
        told[start : start + len(name)] = name
        spans += [span._replace(start=start + span.start) for span in found]
        numbers.append(reference & REFERENCE)
        at += length
    return bytes(told), spans, numbers


def reparse_point(raw: bytes) -> Told:
    """A target, or the numbers of what else a file stands for."""
    head = masked(raw[:_REPARSE_HEAD])
    data = raw[_REPARSE_HEAD:]
    tag = int.from_bytes(raw[:4], "little")
    if tag == reparse.LINUX_SYMLINK:
        told = head + masked(data[:4]) + data[4:]
        return told, [Span(_REPARSE_HEAD + 4, max(0, len(data) - 4), separator="/")], []
    if tag == reparse.OVERLAY:
        return head + masked(data[:16]).ljust(len(data), b"\0"), [], []
    if tag not in _TARGETS:
        return head.ljust(len(raw), b"\0"), [], []
    start = 12 if tag == reparse.SYMLINK else 8
    told_data = bytearray(masked(data[:start]).ljust(len(data), b"\0"))
    spans: list[Span] = []
    places = sorted(
        {
            (int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little"))
            for at in (0, 4)
        }
    )
    reached = 0
    for at, length in places:
        at, length = max(at, reached), length - max(0, reached - at)
        if length <= 0 or start + at + length > len(data):
            continue
        reached = at + length
        told_data[start + at : start + reached] = data[start + at : start + reached]
        spans.append(Span(_REPARSE_HEAD + start + at, length, WIDE, "\\"))
    return head + bytes(told_data), spans, []


def interix(raw: bytes) -> Told:
    """A file that stands for a link or a device of Unix; of others nothing is told."""
    if raw[:_INTERIX] == b"IntxLNK\1":
        return raw, [Span(_INTERIX, len(raw) - _INTERIX, WIDE, "/")], []
    if raw[:_INTERIX] in (b"IntxCHR\0", b"IntxBLK\0"):
        return raw[:_INTERIX] + masked(raw[_INTERIX:24]).ljust(len(raw) - _INTERIX, b"\0"), [], []
    return bytes(len(raw)), [], []
