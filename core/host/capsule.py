"""A crash capsule: what is needed to see an error again elsewhere, without the files of the stick.

A ZIP archive of three members: `capsule.json` (a `Story`), `report.txt` for people, and `pieces.bin`, the
parts of the device that the driver read while it did once more what had led to the error. No file's bytes
are among them, unless a file system keeps small files among its structures. Capsules come from strangers
too: what is read from one is as hostile as a stick, and is replayed behind the same walls.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import msgspec

from core.entry import UInt
from core.errors import Fault, NotAFileSystem, ProtocolViolation, RumpusError
from core.host.access import Medium
from core.host.offloop import off_loop
from core.host.supervisor import Supervisor
from core.version import VERSION
from core.worker import protocol
from core.worker.protocol import Rehearsed, Request

MOST_BYTES = 128 << 20
"""Of pieces; what the driver read beyond that is left out."""
_MOST_PIECES = 1 << 18
_MOST_STORY = 16 << 20
_MEMBERS = ("capsule.json", "report.txt", "pieces.bin")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others are told beforehand how much memory they are to take."""
_LOCATOR, _END = 20, 22
"""Lengths of what an archive ends with: of one of more than 4 GiB, and of any, where it has no comment."""
_LONGEST_DIRECTORY = 4096
_NONSENSE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,  # an offset before the start of the file
)
"""What zipfile and msgspec raise for what is no capsule."""
_Text = Annotated[str, msgspec.Meta(max_length=1 << 16)]


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happened, as data. `came` is what came of each of `requests` when the capsule was made."""

    format: Literal[1]
    program: _Text
    taken: _Text
    error: Fault
    layers: protocol.Walls
    size: UInt
    """Of the device, bytes; so much of it as is not among `pieces` is zeros in a replay."""
    requests: Annotated[list[Rehearsed], msgspec.Meta(max_length=64)]
    came: Annotated[list[Fault | None], msgspec.Meta(max_length=64)]
    pieces: Annotated[list[tuple[UInt, UInt]], msgspec.Meta(max_length=_MOST_PIECES)]
    """(offset, length), in the order in which they follow each other in pieces.bin."""


class Capsule:
    """A story with its pieces."""

    def __init__(self, story: Story, pieces: bytes) -> None:
        self.story = story
        self.pieces = pieces

    def medium(self) -> Medium:
        """The device that it was, as far as it is known, in memory. The caller closes it. Raises OSError."""
        descriptor = os.memfd_create("rumpus-capsule", os.MFD_CLOEXEC)
        try:
            os.truncate(descriptor, self.story.size)
            at = 0
            for offset, length in self.story.pieces:
                _write(descriptor, self.pieces[at : at + length], offset)
                at += length
        except BaseException:
            os.close(descriptor)
            raise
        return Medium(Path("capsule"), descriptor, image=True)

    async def replay(self, supervisor: Supervisor) -> list[RumpusError | None]:
        """What comes of each request this time. Raises SandboxUnavailable, OSError."""
        with await off_loop(self.medium, undo=Medium.close) as medium:
            return await supervisor.rehearse(medium, self.story.requests)

    def packed(self, report: str = "") -> bytes:
        """The archive. Without a report for people it tells of itself."""
        return _archive(self.story, report or self._told(), self.pieces)

    def _told(self) -> str:
        story = self.story
        lines = [story.program, story.taken, str(story.error.error())]
        came = [str(fault.error()) if fault is not None else "done" for fault in story.came]
        lines += [f"  {asked}: {what}" for asked, what in zip_longest(story.requests, came, fillvalue="?")]
        return "\n".join((*lines, ""))


async def take(
    supervisor: Supervisor,
    medium: Medium | None,
    error: RumpusError,
    asked: Iterable[Request],
    *,
    layers: dict[str, str] | None = None,
) -> Capsule:
    """About an error that came when all that was `asked`; without `medium` it has no pieces.

    Raises SandboxUnavailable, DeviceGone.
    """
    requests = rehearsable(asked)
    parts: list[tuple[int, int]] = []
    came: list[RumpusError | None] = []
    size, content = 0, b""
    if medium is not None:
        came = await supervisor.rehearse(
            medium, requests, lambda offset, length: parts.append((offset, length))
        )
        parts = joined(parts)
        size, parts, content = await off_loop(_pieces, medium.descriptor, parts, undo=lambda _: None)
    story = Story(
        format=1,
        program=f"rumpus {VERSION}",
        taken=f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}",
        error=Fault.of(error),
        layers=layers or {},
        size=size,
        requests=requests,
        came=[Fault.of(each) if each is not None else None for each in came],
        pieces=parts,
    )
    return Capsule(story, content)


def rehearsable(asked: Iterable[Request]) -> list[Rehearsed]:
    """The same questions without those that change something; of a file's bytes only where they lie."""
    kept: list[Rehearsed] = []
    for request in asked:
        match request:
            case protocol.Read(node=node) | protocol.Copy(node=node):
                kept.append(protocol.Walk(id=0, node=node))
            case (
                protocol.Look()
                | protocol.Open()
                | protocol.Describe()
                | protocol.List()
                | protocol.Lookup()
                | protocol.Stat()
                | protocol.Link()
                | protocol.Walk()
                | protocol.Check()
            ):
                kept.append(msgspec.structs.replace(request, id=0))
    without_repeats = [each for at, each in enumerate(kept) if at == 0 or each != kept[at - 1]]
    return without_repeats[:1] + without_repeats[1:][-63:]


def load(path: Path) -> Capsule:
    """Raises NotAFileSystem when it is no capsule, and OSError."""
    with path.open("rb") as file:
        try:
            story, pieces = _taken_apart(file)
            for fault in (story.error, *filter(None, story.came)):
                fault.error()
        except (*_NONSENSE, ProtocolViolation) as error:
            raise NotAFileSystem(f"no capsule: {error}"[:200]) from error
    inside = all(offset + length <= story.size for offset, length in story.pieces)
    if not inside or sum(length for _, length in story.pieces) != len(pieces):
        raise NotAFileSystem("a capsule whose pieces do not fit together")
    return Capsule(story, pieces)


def _taken_apart(file: BinaryIO) -> tuple[Story, bytes]:
    _check_directory(file)
    with zipfile.ZipFile(file) as archive:
        packings = {member.compress_type for member in archive.infolist()}
        if sorted(archive.namelist()) != sorted(_MEMBERS) or not packings.issubset(_PACKINGS):
            raise NotAFileSystem("an archive that is no capsule")
        story = msgspec.json.decode(_member(archive, "capsule.json", _MOST_STORY), type=Story)
        return story, _member(archive, "pieces.bin", MOST_BYTES)


def _check_directory(file: BinaryIO) -> None:
    """Raises NotAFileSystem where it may be long: all of it is taken apart before its first name is known."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _LOCATOR - _END))
    locator, found = file.read(_LOCATOR), file.read(_END)
    length = int.from_bytes(found[12:16], "little")
    if found[:4] != b"PK\5\6" or locator[:4] == b"PK\6\7" or length > _LONGEST_DIRECTORY:
        raise NotAFileSystem("an archive that is no capsule")


def joined(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, and those that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for offset, length in sorted(parts):
        if found and offset <= sum(found[-1]):
            start, before = found[-1]
            found[-1] = start, max(before, offset + length - start)
        else:
            found.append((offset, length))
    return found


def _pieces(descriptor: int, parts: Sequence[tuple[int, int]]) -> tuple[int, list[tuple[int, int]], bytes]:
    """(size of the device, parts that could be read, their bytes). What cannot be read is left out."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    kept: list[tuple[int, int]] = []
    content = bytearray()
    for offset, length in parts:
        length = min(length, MOST_BYTES - len(content), size - offset)
        if length <= 0 or len(kept) == _MOST_PIECES:
            continue
        try:
            data = os.pread(descriptor, length, offset)
        except OSError:
            continue  # a bad place, or the stick is gone: the story says which
        if data:
            kept.append((offset, len(data)))
            content += data
    return size, kept, bytes(content)


def _archive(story: Story, report: str, pieces: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("capsule.json", msgspec.json.format(msgspec.json.encode(story), indent=1))
        archive.writestr("report.txt", report.encode(errors="replace"))
        archive.writestr("pieces.bin", pieces)
    return packed.getvalue()


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise NotAFileSystem(f"a capsule whose {name} is too large")
    return content


def _write(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        done = os.pwrite(descriptor, view, offset)
        view, offset = view[done:], offset + done
