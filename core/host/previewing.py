"""What can be shown of a file without opening it: a picture, its text, or its bytes.

The bytes come from the volume's worker in pieces, and go to a decoder in a process of its own. Neither is
believed: what comes back is measured before it is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.entry import Entry, Kind
from core.errors import (
    DriverCrashed,
    DriverHung,
    HostReadFailed,
    ProtocolViolation,
    RumpusError,
    SandboxViolation,
)
from core.host.decoders import Decoders, Sheet
from core.host.offloop import off_loop
from core.host.worker import Worker
from core.worker import protocol
from core.worker.protocol import Drawn, Spelt, Undecoded

HEAD = 64 * 1024
"""Bytes from which it is seen what a file is; a photograph holds its small picture in them."""
MOST_BYTES = 64 * 2**20
"""Of a picture as it lies on the stick."""
_MOST_FOR_THUMBNAIL = 24 * 2**20
MOST_PIXELS = 5_000_000
"""Of a picture as it is shown."""
_BYTES_SHOWN = 4096
_PICTURES = frozenset(
    {
        *("jpg", "jpeg", "jpe", "jfif", "mpo", "png", "apng", "gif", "webp", "avif", "bmp", "dib"),
        *("tif", "tiff", "jp2", "j2k", "ico", "psd", "ppm", "pgm", "pbm", "pnm", "pdf"),
    }
)


class Shelf(Protocol):
    """Where the bytes of files come from: a `Volume`, or the host."""

    @property
    def ended(self) -> asyncio.Future[RumpusError | None]: ...

    async def read(self, node: int, offset: int, length: int) -> bytes: ...


class HostFile:
    """One file of the host, read as a volume is; its `entry` has the only node."""

    def __init__(self, path: Path, entry: Entry) -> None:
        self.entry = entry
        self._path = path
        self.ended: asyncio.Future[RumpusError | None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def of(cls, path: Path) -> HostFile:
        """Raises HostReadFailed."""
        try:
            found = await off_loop(path.stat, undo=lambda _: None)
        except OSError as error:
            raise HostReadFailed(str(path), error.errno or 0) from error
        kind = Kind.FILE if stat.S_ISREG(found.st_mode) else Kind.OTHER
        return cls(path, Entry(path.name.encode(errors="replace").decode(), 0, kind, found.st_size))

    async def read(self, node: int, offset: int, length: int) -> bytes:
        """At most MAX_READ bytes. Raises HostReadFailed."""
        return await off_loop(_read_host, self._path, offset, min(length, protocol.MAX_READ), undo=len)


def _read_host(path: Path, offset: int, length: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)
    except OSError as error:
        raise HostReadFailed(str(path), error.errno or 0) from error


class Reason(enum.Enum):
    """Why there is nothing to be seen."""

    EMPTY = enum.auto()
    NOT_A_FILE = enum.auto()
    TOO_LARGE = enum.auto()
    LOCKED = enum.auto()
    """With a password."""
    BROKEN = enum.auto()
    UNREADABLE = enum.auto()
    CRASHED = enum.auto()
    TOO_SLOW = enum.auto()
    ATTACK = enum.auto()
    NO_DECODER = enum.auto()


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    pixels: bytes
    """RGBA, four bytes a pixel, rows from the top without gaps: exactly width times height of them."""
    facts: list[tuple[str, str]]
    """(label, value), raw, as the file has it."""


@dataclass(frozen=True)
class Words:
    text: str
    """Raw: a stranger's text."""
    encoding: str
    cut: bool
    """Whether the file goes on."""


@dataclass(frozen=True)
class Bytes:
    """Neither picture nor text: how it begins."""

    head: bytes


@dataclass(frozen=True)
class Nothing:
    reason: Reason
    error: RumpusError | None = None


Preview = Picture | Words | Bytes | Nothing


def may_be_picture(entry: Entry) -> bool:
    """Whether its name says so: for thumbnails, which are not worth reading every file."""
    return entry.kind is Kind.FILE and entry.name.rpartition(".")[2].lower() in _PICTURES


class Previewer:
    """Any number of previews at once; cancelling one ends its decoder."""

    def __init__(self, decoders: Decoders) -> None:
        self._decoders = decoders

    def warm(self) -> None:
        """A preview will be asked for before long: its decoder is made ready meanwhile."""
        with contextlib.suppress(RumpusError):  # whoever asks for one hears of it
            self._decoders.warm()

    async def preview(self, volume: Shelf, entry: Entry, width: int, height: int) -> Preview:
        """`width` and `height` in pixels. Raises what ends the volume; everything else is an answer."""
        if entry.kind is not Kind.FILE or entry.problem is not None:
            return Nothing(Reason.NOT_A_FILE)
        if entry.size == 0:
            return Nothing(Reason.EMPTY)
        found = await self._decoded(volume, entry, *_bounded(width, height), picture=False)
        return found if found is not None else Nothing(Reason.BROKEN)

    async def thumbnail(self, volume: Shelf, entry: Entry, side: int) -> Picture | None:
        """A picture of at most `side` by `side` pixels; None where the file gives none."""
        if entry.kind is not Kind.FILE or entry.problem is not None:
            return None
        if not 0 < entry.size <= _MOST_FOR_THUMBNAIL:
            return None
        found = await self._decoded(volume, entry, *_bounded(side, side), picture=True)
        return found if isinstance(found, Picture) else None

    async def _decoded(
        self, volume: Shelf, entry: Entry, width: int, height: int, *, picture: bool
    ) -> Preview | None:
        try:
            head = await volume.read(entry.node, 0, HEAD)
        except RumpusError as error:
            return _unread(volume, error)
        whole = len(head) >= entry.size
        try:
            async with self._decoders.decoder() as decoder:
                found = await _ask(decoder, head, len(head), width, height, whole=whole, picture=picture)
                if found != "more":
                    return _worded(found, head, entry)
                if entry.size > MOST_BYTES:
                    return Nothing(Reason.TOO_LARGE)
                size = max(entry.size, 4 * width * height)
                with Sheet(size) as sheet:
                    try:
                        length = await _fill(sheet, volume, entry, head)
                    except RumpusError as error:
                        return _unread(volume, error)
                    found = await _answer(decoder, sheet, length, width, height, whole=True, picture=picture)
                return _worded(found, head, entry) if found != "more" else None
        except DriverHung as error:
            return Nothing(Reason.TOO_SLOW, error)
        except (SandboxViolation, ProtocolViolation) as error:
            return Nothing(Reason.ATTACK, error)
        except DriverCrashed as error:
            return Nothing(Reason.CRASHED, error)
        except RumpusError as error:
            return Nothing(Reason.NO_DECODER, error)


def _bounded(width: int, height: int) -> tuple[int, int]:
    """The same shape with no more than MOST_PIXELS."""
    largest = protocol.LARGEST_SIDE
    width, height = max(1, min(width, largest)), max(1, min(height, largest))
    share = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * share)), max(1, int(height * share))


async def _fill(sheet: Sheet, volume: Shelf, entry: Entry, head: bytes) -> int:
    """Puts the file into the sheet, as far as it can be read. Raises what reading its beginning raises."""
    sheet.write(0, head)
    done = len(head)
    while done < entry.size:
        piece = await volume.read(entry.node, done, min(protocol.MAX_READ, entry.size - done))
        if not piece:
            break
        sheet.write(done, piece)
        done += len(piece)
    return done


async def _ask(
    decoder: Worker, data: bytes, length: int, width: int, height: int, *, whole: bool, picture: bool
) -> Picture | tuple[str, str] | str:
    with Sheet(max(length, 4 * width * height, protocol.MOST_TEXT)) as sheet:
        sheet.write(0, data)
        return await _answer(decoder, sheet, length, width, height, whole=whole, picture=picture)


async def _answer(
    decoder: Worker, sheet: Sheet, length: int, width: int, height: int, *, whole: bool, picture: bool
) -> Picture | tuple[str, str] | str:
    """A picture, (text, encoding), or why there is neither."""
    wish = protocol.Decode(id=0, length=length, whole=whole, width=width, height=height, picture=picture)
    match await decoder.ask(wish, sheet.descriptor):
        case Drawn() as drawn:
            if drawn.width > width or drawn.height > height:
                raise decoder.breach(ProtocolViolation("a larger picture than was asked for"))
            size = 4 * drawn.width * drawn.height
            return Picture(drawn.width, drawn.height, sheet.read(size), drawn.facts)
        case Spelt() as spelt:
            return sheet.read(spelt.length).decode(errors="replace"), spelt.encoding
        case Undecoded() as undecoded:
            return undecoded.reason
    raise AssertionError


def _worded(found: Picture | tuple[str, str] | str, head: bytes, entry: Entry) -> Preview:
    match found:
        case Picture():
            return found
        case (text, encoding):
            return Words(text, encoding, cut=len(head) < entry.size)
        case "unknown":
            return Bytes(head[:_BYTES_SHOWN])
        case "locked":
            return Nothing(Reason.LOCKED)
        case "too large":
            return Nothing(Reason.TOO_LARGE)
    return Nothing(Reason.BROKEN)


def _unread(volume: Shelf, error: RumpusError) -> Nothing:
    """Raises the error where it is the volume's."""
    if volume.ended.done():
        raise error
    return Nothing(Reason.UNREADABLE, error)
