"""Names as FAT writes them: which are allowed, their 8.3 form, and the slots that hold them."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from struct import Struct as Packed
from typing import NamedTuple
from zlib import crc32

from core.fs.dosnames import FORBIDDEN, check
from core.fs.fat.names import checksum, well_formed
from core.fs.fat.structures import (
    LAST_PIECE,
    LONG_ATTRIBUTES,
    LOWER_BASE,
    LOWER_EXTENSION,
)

_CHARACTERS = 13
FORBIDDEN_SHORT = FORBIDDEN | frozenset("+,;=[]")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'()-@^_`{}~")
"""What every code page agrees on, of what is allowed in an 8.3 name: FAT 1.03, page 24."""
_ASCII = {ord(character): "_" for character in map(chr, range(0x80)) if character.upper() not in _PLAIN}
_TAILS = 4
"""Numeric tails tried before the name is shortened to a hash, as Windows NT does."""
_MOST_TAILS = 999_999
_PIECE = Packed("<B10sBBB12sH4s")


class Name(NamedTuple):
    """A name that is allowed, before it has a place in a directory."""

    text: str
    base: str
    """The base of the 8.3 name, up to eight bytes, upper case."""
    extension: str
    exact: bool
    """Whether the 8.3 form is the name itself, but for its case."""
    case: int | None
    """The case bits with which the 8.3 form is the whole name; None when it needs a long name."""


@lru_cache(256)
def parsed(name: str, code_page: str) -> Name:
    """Raises NameNotAllowed. The 8.3 form is made as FAT 1.03, page 30, says."""
    check(name)
    base, dot, extension = name.rpartition(".")
    if not dot or not base:
        base, extension = name, ""
    plain = name.isascii() and _PLAIN.issuperset((base + extension).upper())
    if plain and len(base) <= 8 and len(extension) <= 3:
        return Name(name, base.upper(), extension.upper(), True, _case(base, extension))
    stripped = name.lstrip(". ").replace(" ", "")
    base, dot, extension = stripped.rpartition(".")
    if not dot:
        base, extension = stripped, ""
    short_base = _shortened(base.replace(".", ""), 8, code_page)
    short_extension = _shortened(extension, 3, code_page)
    joined = short_base + ("." + short_extension if short_extension else "")
    return Name(name, short_base or "_", short_extension, joined == name.upper(), None)


def _case(base: str, extension: str) -> int | None:
    case = 0
    for part, lower in ((base, LOWER_BASE), (extension, LOWER_EXTENSION)):
        if part == part.upper():
            continue
        if part != part.lower():
            return None
        case |= lower
    return case


def _shortened(text: str, most: int, code_page: str) -> str:
    """The first characters of a part, up to `most` bytes of them; `_` for what 8.3 names cannot have."""
    if text.isascii():
        return text[:most].upper().translate(_ASCII)
    kept, room = [], most
    for character in text:
        one, size = _in_code_page(character, code_page)
        room -= size
        if room < 0:
            break
        kept.append(one)
    return "".join(kept)


@lru_cache(1024)
def _in_code_page(character: str, code_page: str) -> tuple[str, int]:
    upper = character.upper()
    if len(upper) != 1 or upper in FORBIDDEN_SHORT or upper in ". ":
        return "_", 1
    if upper in _PLAIN:
        return upper, 1
    try:
        raw = upper.encode(code_page)
    except UnicodeEncodeError:
        return "_", 1
    if raw.decode(code_page) != upper or not well_formed(b"A" + raw) or 0x20 in raw:
        return "_", 1
    return upper, len(raw)


def most_slots(name: Name) -> int:
    """Slots that a name takes at most, with those of its entry."""
    units = len(name.text.encode("utf-16-le")) // 2
    return 1 if name.case is not None else -(-units // _CHARACTERS) + 1


def short_form(name: Name, taken: Container[bytes], code_page: str) -> bytes:
    """The 11 bytes of an 8.3 name that no entry of the directory has."""
    if name.case is not None or name.exact:
        raw = _raw(name.base, name.extension, code_page)
        if raw not in taken:
            return raw
    for raw in _first_tails(name.base, name.extension, code_page):
        if raw not in taken:
            return raw
    hashed = _hash(name.text)
    for number in range(_MOST_TAILS):
        # Nine tails for each hash, and then the next one, so that this ends whatever is taken.
        digits = f"{hashed + number // 9 & 0xFFFF:04X}"
        base = _shortened(name.base, 2, code_page) + digits
        raw = _tailed(base, f"~{number % 9 + 1}", name.extension, code_page)
        if raw not in taken:
            return raw
    raise AssertionError("a directory with more short names than it has slots")


@lru_cache(256)  # names that begin alike share them
def _first_tails(base: str, extension: str, code_page: str) -> list[bytes]:
    return [_tailed(base, f"~{number}", extension, code_page) for number in range(1, _TAILS + 1)]


def _tailed(base: str, tail: str, extension: str, code_page: str) -> bytes:
    return _raw(_shortened(base, 8 - len(tail), code_page) + tail, extension, code_page)


def _raw(base: str, extension: str, code_page: str) -> bytes:
    raw = base.encode(code_page).ljust(8) + extension.encode(code_page).ljust(3)
    return b"\x05" + raw[1:] if raw[0] == 0xE5 else raw


def _hash(text: str) -> int:
    """Sixteen bits of a name, spread widely: what names that begin alike are told apart by."""
    return crc32(text.encode("utf-16-le")) * 0x9E3779B1 >> 16 & 0xFFFF


def long_slots(text: str, short: bytes) -> bytes:
    """The slots of a long name, as they lie before their entry (FAT 1.03, page 28)."""
    raw = text.encode("utf-16-le")
    count = -(-len(raw) // (2 * _CHARACTERS))
    if len(raw) < 2 * _CHARACTERS * count:
        raw = (raw + b"\0\0").ljust(2 * _CHARACTERS * count, b"\xff")
    mark = checksum(short)
    pieces = []
    for order in range(count, 0, -1):
        at = (order - 1) * 2 * _CHARACTERS
        last = LAST_PIECE if order == count else 0
        pieces.append(
            _PIECE.pack(
                order | last,
                raw[at : at + 10],
                LONG_ATTRIBUTES,
                0,
                mark,
                raw[at + 10 : at + 22],
                0,
                raw[at + 22 : at + 26],
            )
        )
    return b"".join(pieces)
