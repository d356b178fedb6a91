"""The names in a capsule replaced by others, so that it can be shown to strangers and still goes wrong.

The driver thinks of the names, behind its walls; what it does not understand is left out, and so is
a partition table: the volume becomes the whole device. The host looks whether the same comes of it as before.
"""

from __future__ import annotations

import msgspec

from core.errors import Fault, NotScrambled, RumpusError
from core.host.aliases import Aliases
from core.host.capsule import MOST_BYTES, Capsule, Story, joined
from core.host.supervisor import Supervisor
from core.worker import protocol

SYSTEMS = frozenset(
    {
        *("FAT12", "FAT16", "FAT32", "exFAT", "NTFS", "ext2", "ext3", "ext4", "ISO 9660", "UDF"),
        *("HFS", "HFS+", "HFSX", "UFS1", "UFS2", "LFS", "EFS", "SysVBFS", "V7FS"),
    }
)
"""Those of which the driver can do it."""
_SECTOR = 512
Piece = tuple[int, int]


async def scrambled(supervisor: Supervisor, capsule: Capsule) -> Capsule:
    """The same capsule under other names. Raises NotScrambled, SandboxUnavailable, OSError."""
    if not capsule.pieces:
        return _without_pieces(capsule.story)
    # What else a device holds is a matter of its partition table, which is left out.
    asked = [each for each in capsule.story.requests if not isinstance(each, protocol.Look)]
    story = msgspec.structs.replace(capsule.story, requests=asked)
    capsule = Capsule(story, capsule.pieces)
    came = await capsule.replay(supervisor)
    opening = next((each for each in story.requests if isinstance(each, protocol.Open)), None)
    if opening is None:
        raise NotScrambled("no volume had been opened")
    with capsule.medium() as medium:
        try:
            volume = await supervisor.open(medium, opening.partition, opening.driver, opening.code_page)
        except RumpusError as error:
            raise NotScrambled("the volume cannot be opened") from error
        async with volume:
            names = volume.aliases()
            renamed = await _renamed(names, capsule)
            new = await renamed.replay(supervisor)
            if [_outline(each) for each in new] != [_outline(each) for each in came]:
                raise NotScrambled("with other names it does not go wrong in the same way")
            about = await _error(story.error, came, new, names)
    faults = [Fault.of(each) if each is not None else None for each in new]
    return Capsule(msgspec.structs.replace(renamed.story, error=about, came=faults), renamed.pieces)


async def _renamed(names: Aliases, capsule: Capsule) -> Capsule:
    story = capsule.story
    nodes = dict.fromkeys(node for each in story.requests if (node := getattr(each, "node", 0)))
    begun = await names.begin(list(nodes))
    start, size = begun.start, max(0, min(begun.size, story.size - begun.start))
    pieces: list[Piece] = []
    content = bytearray()
    elsewhere = [(start + offset, length) for offset, length in begun.elsewhere]
    wanted = [
        (max(offset, start), min(offset + length, start + size))
        for offset, length in joined((*story.pieces, *elsewhere))
    ]
    if sum(max(0, high - low) for low, high in wanted) > 2 * MOST_BYTES:  # whatever the worker says
        raise NotScrambled("there are too many of them")
    for low, high in wanted:
        if low < high:
            data = await names.read(low - start, high - low)
            for at, sound in _runs(data):
                pieces.append((low - start + at, len(sound)))
                content += sound
    requests: list[protocol.Rehearsed] = []
    for each in story.requests:
        match each:
            case protocol.Open():
                requests.append(msgspec.structs.replace(each, partition=0))
            case protocol.Lookup(name=name):
                requests.append(msgspec.structs.replace(each, name=await names.alias(name)))
            case _:
                requests.append(each)
    changed = msgspec.structs.replace(story, size=size, requests=requests, came=[], pieces=pieces)
    return Capsule(changed, bytes(content))


async def _error(
    error: Fault, came: list[RumpusError | None], new: list[RumpusError | None], names: Aliases
) -> Fault:
    """The error that the capsule is about, as it is told now. What does not come again keeps its words."""
    for before, now in zip(came, new, strict=True):
        if before is not None and now is not None and error in (Fault.of(before), Fault.of(now)):
            return Fault.of(now)
    for now in new:
        if now is not None and now.kind == error.kind:
            return Fault.of(now)
    values = {
        field: await names.alias(value, inside=True) if isinstance(value, str) else value
        for field, value in error.values.items()
    }
    return Fault(kind=error.kind, values=values)


def _without_pieces(story: Story) -> Capsule:
    """Nobody can say which names there were: all that may be one is left out."""
    values = {field: "" if isinstance(value, str) else value for field, value in story.error.values.items()}
    requests = [each for each in story.requests if not isinstance(each, protocol.Lookup)]
    error = Fault(kind=story.error.kind, values=values)
    return Capsule(msgspec.structs.replace(story, error=error, requests=requests, came=[]), b"")


def _outline(error: RumpusError | None) -> tuple[str, ...]:
    """What of an error has nothing to do with names."""
    if error is None:
        return ()
    values = (getattr(error, name) for name in error.fields)
    return error.kind, *(str(value) for value in values if not isinstance(value, str))


def _runs(data: bytes) -> list[tuple[int, bytes]]:
    """What is not zeros, by sectors: (offset, bytes)."""
    found: list[tuple[int, bytes]] = []
    for at in range(0, len(data), _SECTOR):
        sector = data[at : at + _SECTOR]
        if not any(sector):
            continue
        if found and sum((found[-1][0], len(found[-1][1]))) == at:
            found[-1] = found[-1][0], found[-1][1] + sector
        else:
            found.append((at, sector))
    return found
