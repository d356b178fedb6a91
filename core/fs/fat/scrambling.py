"""FAT under other names: both forms of each, the checksum that ties them together, and the label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError
from core.fs.aliases import Aliases
from core.fs.fat import names
from core.fs.fat.directory import SLOT_BITS
from core.fs.fat.geometry import Geometry
from core.fs.fat.structures import (
    BOOT_SECTOR_LENGTH,
    DELETED,
    DIRECTORY,
    DOTS,
    END,
    LAST_PIECE,
    LONG_ATTRIBUTES,
    LONG_MASK,
    LOWER_BASE,
    LOWER_EXTENSION,
    MOST_SLOTS,
    NO_LABEL,
    VOLUME_LABEL,
    Short,
)
from core.fs.scrambling import SECTOR, Piece, Rename, Rewritten
from core.fs.slots import SLOT_LENGTH

_LABEL_AT = {12: 43, 16: 43, 32: 71}
_LABEL_LENGTH = 11
_CODE_END = 510
"""Behind the label and the name of the system there is code, up to the signature: FAT 1.03, page 11."""
_INFORMATION_AT = 484
"""What the FSInfo sector has besides its first four bytes: FAT 1.03, page 21."""
_CHECKSUM = 13
_USUAL_ATTRIBUTES = frozenset(
    {VOLUME_LABEL, *(kind | more for kind in (0, DIRECTORY, 0x20) for more in range(8))}
)
_UNNAMED = b"X"
_MARK, _INSTEAD = bytes([DELETED]), b"\x05"
"""How a deleted entry begins, and one whose name begins with that byte: FAT 1.03, page 24."""

Pieces = Callable[[int], Iterable[tuple[int, int]]]


class FatScrambled(Rewritten):
    """Directories are known by their first cluster, 0 for the root."""

    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        code_page: str,
        pieces: Pieces,
        seed: bytes,
        nodes: Sequence[int],
    ) -> None:
        super().__init__(device, Aliases(seed, names.folded, code_page))
        self._geometry = geometry
        self._code_page = code_page
        self._pieces = pieces
        self._waiting = [0, *((node - 1) >> SLOT_BITS for node in nodes if node)]

    def gather(self) -> Iterator[None]:
        geometry = self._geometry
        if geometry.information_offset:
            self._keep(geometry.information_offset, 4)
            self._keep(geometry.information_offset + _INFORMATION_AT, SECTOR - _INFORMATION_AT)
        for table in geometry.tables:
            self._keep(table, -(-(geometry.clusters + 2) * geometry.width // 8))
        directories: dict[int, list[Piece]] = {}
        while self._waiting:
            directory = self._waiting.pop()
            if directory in directories or not self._is_one(directory):
                continue
            content = directories[directory] = self._read(directory)
            self._rename(content, self._noted)
            yield
        boots = {0, geometry.backup_offset}
        for boot in boots:
            self._boot(boot, self._noted)
        for boot in boots:
            self._put(boot, self._boot(boot, self._aliases.of))
        yield from self._replace(directories.values())

    def _has_names(self, sector: bytes | bytearray) -> bool:
        """What the table has in a row never is like this: each entry is followed by the next."""
        return any(_is_slot(sector, at) for at in range(0, SECTOR, SLOT_LENGTH))

    def _is_one(self, directory: int) -> bool:
        return directory == 0 or 2 <= directory <= self._geometry.clusters + 1

    def _read(self, directory: int) -> list[Piece]:
        found: list[Piece] = []
        left = MOST_SLOTS * SLOT_LENGTH
        with suppress(CorruptStructure, MediumError):
            for position, length in self._pieces(directory):
                found.append((position, self._device.read(position, min(length, left))))
                left -= len(found[-1][1])
        return self._worth(found)

    def _boot(self, position: int, rename: Rename) -> bytes:
        sector = bytearray(self._device.read(position, BOOT_SECTOR_LENGTH))
        at = _LABEL_AT[self._geometry.width]
        label = bytes(sector[at : at + _LABEL_LENGTH])
        if label != NO_LABEL:
            sector[at : at + _LABEL_LENGTH] = self._label(label, rename)
        behind = at + _LABEL_LENGTH + 8
        sector[behind:_CODE_END] = bytes(_CODE_END - behind)
        return bytes(sector)

    def _rename(self, pieces: list[Piece], rename: Rename) -> bytearray:
        data = bytearray().join(content for _, content in pieces)
        before: list[int] = []
        """Places of the pieces of long names directly before."""
        at = 0
        while at < len(data):
            if at % SECTOR == 0 and not any(data[at : at + SECTOR]):
                self._long(data, before, rename)
                before = []
                at += SECTOR
                continue
            head, kind = data[at], data[at + 11]
            if head == END:
                data[at:] = bytes(len(data) - at)
                break
            if head == DELETED:
                data[at + 1 : at + SLOT_LENGTH] = bytes(SLOT_LENGTH - 1)
            if kind & LONG_MASK == LONG_ATTRIBUTES and head != DELETED:
                before.append(at)
            else:
                owner = self._long(data, before, rename)
                before = []
                if head != DELETED:
                    self._short(data, at, owner, rename)
            at += SLOT_LENGTH
        self._long(data, before, rename)
        return data

    def _short(self, data: bytearray, at: int, pieces: list[int], rename: Rename) -> None:
        raw = bytes(data[at : at + 11])
        short = Short.parse(bytes(data[at : at + SLOT_LENGTH]))
        if short.attributes & DIRECTORY and raw in DOTS:
            return
        if short.attributes & VOLUME_LABEL:
            data[at : at + 11] = self._label(raw, rename)
            return
        data[at : at + 11] = new = self._short_name(raw, rename)
        for piece in pieces:  # what did not agree does not agree afterwards
            off = data[piece + _CHECKSUM] - names.checksum(raw)
            data[piece + _CHECKSUM] = (names.checksum(new) + off) & 0xFF
        if short.attributes & DIRECTORY:
            high = short.first_cluster_high << 16 if self._geometry.width == 32 else 0
            self._waiting.append(short.first_cluster_low | high)

    def _short_name(self, raw: bytes, rename: Rename) -> bytes:
        raw = _in_words(raw)
        base, extension = self._text(raw[:8]), self._text(raw[8:])
        stem, suffix = base.rstrip(" "), extension.rstrip(" ")
        new = rename(f"{stem}.{suffix}" if suffix else stem)
        renamed = (new[: len(stem)] + base[len(stem) :]).encode(self._code_page)
        renamed += (new[len(stem) + 1 :] + extension[len(suffix) :]).encode(self._code_page)
        return _in_a_slot(renamed)

    def _label(self, raw: bytes, rename: Rename) -> bytes:
        text = self._text(_in_words(raw))
        told = text.partition("\0")[0].rstrip(" ")
        return _in_a_slot((rename(told) + text[len(told) :]).encode(self._code_page))

    def _text(self, raw: bytes) -> str:
        """What is no text in the code page was no name either."""
        try:
            text = raw.decode(self._code_page)
            if text.encode(self._code_page) == raw:
                return text
        except UnicodeError:
            pass
        return bytes(byte if byte < 0x80 else _UNNAMED[0] for byte in raw).decode("ascii")

    def _long(self, data: bytearray, slots: list[int], rename: Rename) -> list[int]:
        """Renames the long names in these slots, and gives the pieces of the last, whose owner follows."""
        groups: list[list[int]] = []
        for at in slots:
            if data[at] & LAST_PIECE or not groups:
                groups.append([])
            groups[-1].append(at)
        for group in groups:
            places = [at + offset for at in reversed(group) for offset in names.UNITS_AT]
            raw = b"".join(bytes(data[place : place + 2]) for place in places)
            text, end, _ = raw.decode("utf-16-le", "surrogatepass").partition("\0")
            new = rename(text).encode("utf-16-le", "surrogatepass")
            new = (new + (b"\0\0" if end else b"")).ljust(len(raw), b"\xff")
            for number, place in enumerate(places):
                data[place : place + 2] = new[2 * number : 2 * number + 2]
        return groups[-1] if groups else []


def _in_words(raw: bytes) -> bytes:
    return _MARK + raw[1:] if raw.startswith(_INSTEAD) else raw


def _in_a_slot(raw: bytes) -> bytes:
    return _INSTEAD + raw[1:] if raw.startswith(_MARK) else raw


def _is_slot(data: bytes | bytearray, at: int) -> bool:
    attributes, case = data[at + 11], data[at + 12]
    if attributes == LONG_ATTRIBUTES:
        return case == 0 and not any(data[at + 26 : at + 28])
    return (
        attributes in _USUAL_ATTRIBUTES
        and case & ~(LOWER_BASE | LOWER_EXTENSION) == 0
        and min(data[at : at + 11]) >= 0x20
        and not (data[at + 20] | data[at + 21]) & 0xF0
    )
