"""A volume's structures told anew: names by others of equal length, and nothing that is not understood.

A driver's part walks over the volume and tells its structures, each with the spans in it that are names; what
has no names, as maps of blocks have none, is kept as it is but for what looks like text. All else is zeros.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, NotFound, NotScrambled, UnsupportedFeature
from core.fs.aliases import Aliases, Fold
from core.fs.replayed import Replayed
from core.fs.scrambling import SECTOR, Scrambled

DAMAGE = (CorruptStructure, MediumError, NotFound, UnsupportedFeature)
_SHORTEST = 4
"""Characters from which on something is taken for text, where there should be none."""
_WIDE = rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
"""A character of UTF-8 that may be a whole word: of these, two are a name."""
_ANY = rb"[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|" + _WIDE
_TEXT = re.compile(rb"(?:%s){4,}|(?:%s){2,}|(?:[\x20-\x7e]\0){4,}" % (_ANY, _WIDE))
_LETTERS = re.compile(rb"[A-Za-z]\0?|[\xc2-\xdf]")
_WORDS_OF_ONE = re.compile(rb"[\xe0-\xf4]")
_STAND_INS = (*(b"AZX", b"azx"), *(b"\x80\xbf\x90", b"\xc2\xdf\xd0", b"\xe0\xef\xe4", b"\xf0\xf4\xf0"))
"""From, to, and what stands for all between."""
_MASKED = bytes(
    next((other for first, last, other in _STAND_INS if first <= byte <= last), byte) for byte in range(256)
)
_ODD = 0x4E00
"""Bytes from 0x80 on of what is no text are taken for ideographs, whose neighbours are all alike."""
_WORDS = frozenset({"FILE", "INDX", "NTFS", "CD001", "BEA01", "NSR02", "NSR03", "TEA01", "RCRD", "RSTR"})
"""Which stand in structures too, and tell nothing."""

Seal = Callable[[bytes, bytearray], None]
"""Mends the checksums of a structure, told as it was and as it became."""


class Span(NamedTuple):
    """A name, or with a separator a path of names, in a structure."""

    start: int
    length: int
    codec: str = "utf-8"
    separator: str = ""


class _Part(NamedTuple):
    places: list[tuple[int, int]]
    old: bytes
    data: bytes
    spans: list[Span]
    seal: Seal | None


class Watched(BlockDevice):
    """A device that takes note of what is read of it."""

    def __init__(self, device: BlockDevice) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self.reads: list[tuple[int, int]] | None = None
        self.below = device

    def read(self, offset: int, length: int) -> bytes:
        data = self.below.read(offset, length)
        if self.reads is not None:
            self.reads.append((offset, length))
        return data

    def locate(self, offset: int) -> tuple[int, int] | None:
        return None


class Retold(Scrambled):
    """What a driver's part calls: `_keep`, `_keeping`, `_told`."""

    def __init__(
        self, device: BlockDevice, seed: bytes, code_page: str = "", fold: Fold | None = None
    ) -> None:
        self._watched = Watched(device)
        super().__init__(self._watched, Aliases(seed, fold or _folder(code_page), code_page))
        self._odd = Aliases(seed, _folder(""))
        self._parts: list[_Part] = []
        self._over: dict[int, list[tuple[int, bytes]]] = {}
        """What was told, by sectors: (place in it, bytes)."""
        self._done: set[int] = set()
        self._starts: list[int] = []
        self._known: dict[bytes, list[bytes]] = {}
        """Names as they may stand somewhere, by their first four bytes."""

    @abstractmethod
    def _walk(self) -> Iterator[None]:
        """Tells every structure, step by step. Raises as `gather`."""

    def gather(self) -> Iterator[None]:
        yield from self._walk()
        for part in self._parts:
            self._lay(part)
            yield
        self._kept.sort()
        joined: list[tuple[int, int]] = []
        for start, end in self._kept:
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        self._kept = joined
        self._starts = [start for start, _ in joined]
        for name in self._aliases.noted:
            if len(name) >= _SHORTEST and name not in _WORDS:
                for codec in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
                    raw = name.encode(codec, "ignore")
                    if len(raw) >= _SHORTEST:
                        self._known.setdefault(raw[:4], []).append(raw)

    def read(self, offset: int, length: int) -> bytes:
        found = bytearray()
        for sector in range(offset // SECTOR * SECTOR, offset + length, SECTOR):
            content = bytearray(self._kept_of(sector))
            for at, data in self._over.get(sector, ()):
                content[at : at + len(data)] = data
            found += content
        skip = offset % SECTOR
        return bytes(found[skip : skip + length])

    def elsewhere(self) -> list[tuple[int, int]]:
        below = self._watched.below
        if not isinstance(below, Replayed):
            return []
        found: list[tuple[int, int]] = []
        told = sorted((*((at, at + SECTOR) for at in self._over), *self._kept))
        for start, end in told:
            length = min(end, below.size) - start
            with suppress(*DAMAGE):
                if list(below.pieces(start, length)) == [(start, length)]:
                    continue
            if found and start <= sum(found[-1]):
                found[-1] = found[-1][0], max(sum(found[-1]), end) - found[-1][0]
            else:
                found.append((start, length))
        return found

    def _kept_of(self, sector: int) -> bytes | bytearray:
        content = bytearray(SECTOR)
        end = min(sector + SECTOR, self._device.size)
        index = max(0, bisect_right(self._starts, sector) - 1)
        if index >= len(self._kept) or self._kept[index][0] >= end:
            return content
        while index < len(self._kept) and self._kept[index][0] < end:
            low, high = max(self._kept[index][0], sector), min(self._kept[index][1], end)
            if low < high:
                content[low - sector : high - sector] = self._device.read(low, high - low)
            index += 1
        if not any(content):
            return content
        clean = bytearray(masked(content))
        if self._known:
            for at in range(len(clean) - 3):
                for raw in self._known.get(bytes(clean[at : at + 4]), ()):
                    if clean.startswith(raw, at):
                        clean[at : at + len(raw)] = bytes(len(raw))
        return clean

    # for drivers --------------------------------------------------------------------------------------------

    @contextmanager
    def _keeping(self) -> Iterator[None]:
        """Whatever is read meanwhile has no names."""
        reads = self._watched.reads = []
        try:
            yield
        finally:
            self._watched.reads = None
            for offset, length in reads:
                self._keep(offset, length)

    def _told(
        self,
        places: int | list[tuple[int, int]],
        old: bytes,
        data: bytes | bytearray,
        spans: Iterable[Span] = (),
        seal: Seal | None = None,
    ) -> None:
        """A structure that was `old`: `data` is what was understood of it, still under its own names.

        `places` is where it lies, or the pieces in which it does. Raises NotScrambled when it is too much.
        """
        if isinstance(places, int):
            places = [(places, len(data))]
        if not places or not any(data) or places[0][0] in self._done:
            return
        self._done.add(places[0][0])
        self._room -= len(data)
        if self._room < 0:
            raise NotScrambled("there are too many of them")
        part = _Part(places, bytes(old), bytes(data), list(spans), seal)
        for span in part.spans:
            self._renamed(data[span.start : span.start + span.length], span, note=True)
        self._parts.append(part)

    def _lay(self, part: _Part) -> None:
        new = bytearray(part.data)
        for span in part.spans:
            inside = slice(span.start, span.start + span.length)
            new[inside] = self._renamed(bytes(new[inside]), span)
        if part.seal is not None:
            part.seal(part.old, new)
        at = 0
        for position, length in part.places:
            self._lay_piece(position, bytes(new[at : at + length]))
            at += length

    def _lay_piece(self, position: int, data: bytes) -> None:
        at = 0
        while at < len(data):
            sector, within = divmod(position + at, SECTOR)
            piece = data[at : at + SECTOR - within]
            self._over.setdefault(sector * SECTOR, []).append((within, piece))
            at += len(piece)

    def _renamed(self, raw: bytes | bytearray, span: Span, *, note: bool = False) -> bytes:
        """Other names, which take as many bytes; with `note` only takes note of them."""
        raw = bytes(raw)
        text = _decoded(raw, span.codec)
        aliases = self._aliases
        if text is None:
            aliases = self._odd
            text = "".join(chr(byte if byte < 0x80 else _ODD + byte) for byte in raw)
        names = text.split(span.separator) if span.separator else [text]
        if note:
            for name in names:
                aliases.note(name)
            return raw
        new = span.separator.join(name if name in ("", ".", "..") else aliases.of(name) for name in names)
        if aliases is self._odd:
            return bytes(ord(letter) if ord(letter) < 0x80 else ord(letter) - _ODD for letter in new)
        told = new.encode(span.codec, "replace")
        return told if len(told) == len(raw) else b"x" * len(raw)


def masked(data: bytes | bytearray) -> bytes:
    """Without what looks like text: letters are stood in for, so that numbers stay large or small."""

    def mask(match: re.Match[bytes]) -> bytes:
        letters = len(_LETTERS.findall(match[0])) + 2 * len(_WORDS_OF_ONE.findall(match[0]))
        return match[0].translate(_MASKED) if letters >= _SHORTEST else match[0]

    return _TEXT.sub(mask, bytes(data))


def numbers(data: bytes, *texts: tuple[int, int]) -> bytearray:
    """A structure without its texts, (place, length) of each, and without what else looks like one."""
    blank = bytearray(data)
    for at, length in texts:
        blank[at : at + length] = bytes(len(blank[at : at + length]))
    return bytearray(masked(blank))


def mend(
    old: bytes, new: bytearray, at: int, compute: Callable[[bytes], int], *, width: int = 4, order: str = "<"
) -> None:
    """The checksum at `at`: what did not agree does not agree afterwards."""
    endian = "little" if order == "<" else "big"
    off = (compute(old) ^ compute(bytes(new))) & (1 << 8 * width) - 1
    recorded = int.from_bytes(new[at : at + width], endian)  # type: ignore[arg-type]
    new[at : at + width] = (recorded ^ off).to_bytes(width, endian)  # type: ignore[arg-type]


def until_nul(data: bytes | bytearray, start: int, most: int) -> int:
    """The length of a text that ends with a NUL, or fills its field."""
    end = data.find(b"\0", start, start + most)
    return (end if end >= 0 else min(start + most, len(data))) - start


def _decoded(raw: bytes, codec: str) -> str | None:
    try:
        text = raw.decode(codec)
        return text if text.encode(codec) == raw else None
    except UnicodeError:
        return None


def _folder(code_page: str) -> Fold:
    """Upper case, of what takes as many bytes in it."""
    codec = code_page or "utf-8"

    def up(character: str) -> str:
        upper = character.upper()
        if len(upper) != 1 or upper.lower() != character:
            return character
        same = len(upper.encode(codec, "ignore")) == len(character.encode(codec, "ignore"))
        return upper if same else character

    return lambda name: name.upper() if name.isascii() else "".join(map(up, name))
