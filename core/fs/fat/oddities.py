"""What a listing of a FAT folder leaves out, and is not what it should be: a part of the walk of a check."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from core.blockdev.device import BlockDevice
from core.entry import Finding, FindingKind, Remedy
from core.errors import CorruptStructure, Fault, MediumError
from core.fs.checking import Problem, Stage, mended
from core.fs.fat.structures import (
    DELETED,
    DIRECTORY,
    DOTS,
    END,
    LONG_ATTRIBUTES,
    LONG_MASK,
    VOLUME_LABEL,
)
from core.fs.slots import SLOT_LENGTH, Chunk, chunks

if TYPE_CHECKING:
    from core.fs.fat.mending import FatMender

Problems = Iterator["Problem[FatMender] | None"]

ATTRIBUTES, TYPE, LOW = 11, 12, 26
"""Where a slot has its attributes, and a piece of a long name what is zero in it: FAT 1.03, page 28."""


def odd_slots(
    chunk: Chunk, path: str, *, inside: bool, labelled: bool
) -> Generator[Problem[FatMender] | None, None, bool]:
    """Pieces of names, labels and dots. `inside` of a folder that is not the root, which may have a label.

    Returns whether the volume has one by then.
    """
    for number in range(len(chunk.data) // SLOT_LENGTH):
        slot = chunk.data[number * SLOT_LENGTH : (number + 1) * SLOT_LENGTH]
        position, kind = chunk.position + number * SLOT_LENGTH, slot[ATTRIBUTES]
        if slot[0] == END:
            break
        if slot[0] == DELETED:
            continue
        if kind & LONG_MASK == LONG_ATTRIBUTES:
            if slot[TYPE] or slot[LOW] or slot[LOW + 1]:
                yield _damaged_piece(path, position)
        elif kind & VOLUME_LABEL:
            if inside or labelled or kind & DIRECTORY:
                yield _label(path, position)
            labelled = True
        elif slot[:11] in DOTS and not (inside and chunk.slot + number < 2):
            yield _dots(path, position)
    return labelled


def behind_end(device: BlockDevice, pieces: Iterable[tuple[int, int]], path: str, directory: int) -> Problems:
    """Some systems read past the end mark; and a sector of zeros may have hidden what follows it."""
    ended = False
    try:
        for chunk in chunks(device, pieces, []):
            heads = chunk.data[::SLOT_LENGTH]
            start = 0
            if not ended:
                start = heads.find(END)
                ended = start >= 0
            rest = heads[start:].translate(None, bytes((END, DELETED))) if ended else b""
            if rest:
                fault = CorruptStructure("directory", chunk.position, "nothing behind its end", "entries")
                finding = Finding(FindingKind.BEHIND_END, path, Fault.of(fault))
                yield mended(
                    finding,
                    Remedy.REMOVE_PIECES,
                    lambda mender: mender.clear_behind_end(directory),
                    Stage.ACCOUNT,
                )
                return
            yield None
    except (CorruptStructure, MediumError):
        return  # told when it was read


def _label(path: str, position: int) -> Problem[FatMender]:
    fault = CorruptStructure("directory entry", position, "one label, in the root directory", "another")
    finding = Finding(FindingKind.ENTRY, path, Fault.of(fault))
    return mended(finding, Remedy.RECOVER, lambda mender: mender.unlabel(position))


def _dots(path: str, position: int) -> Problem[FatMender]:
    fault = CorruptStructure("directory entry", position, "dots at the start of a folder", "others")
    finding = Finding(FindingKind.ENTRY, path, Fault.of(fault))
    return mended(finding, Remedy.REMOVE_ENTRY, lambda mender: mender.erase(position))


def _damaged_piece(path: str, position: int) -> Problem[FatMender]:
    fault = CorruptStructure("long name", position + TYPE, "zeros for type and cluster", "others")
    finding = Finding(FindingKind.NAME_PIECES, path, Fault.of(fault))
    return mended(finding, Remedy.CORRECT, lambda mender: mender.plain_piece(position))
