"""The bytes of a value: where they lie, or how they are computed where it is compressed."""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, NotFound, UnsupportedFeature
from core.fs.driver import HOLE, Extent
from core.fs.ntfs import lznt1
from core.fs.ntfs.file import Value
from core.fs.ntfs.runs import Run
from core.fs.ntfs.structures import COMPRESSED, COMPRESSION_MASK, ENCRYPTED, LZNT1

_PIECE = 64 * 1024
_LARGEST_UNIT = 1 << 20
_ZEROS = bytes(_PIECE)


def refuse(value: Value) -> None:
    """Raises UnsupportedFeature where bytes are kept in a way that cannot be read."""
    if value.flags & ENCRYPTED:
        raise UnsupportedFeature("encryption (EFS)")
    if value.flags & COMPRESSION_MASK not in (0, LZNT1):
        raise UnsupportedFeature(f"compression method {value.flags & COMPRESSION_MASK:#x}")


def is_computed(value: Value) -> bool:
    return value.resident is None and bool(value.flags & COMPRESSED)


def extents(value: Value, cluster_size: int) -> Iterator[Extent]:
    """Where the bytes lie, covering exactly its size; behind the valid ones are zeros, whatever lies there.

    What is sound comes first. Raises CorruptStructure, MediumError.
    """
    reached = 0
    if value.resident is not None:
        for position, length in value.record.pieces(value.resident.value, value.size):
            yield Extent(reached, position, length)
            reached += length
        return
    last: Extent | None = None
    try:
        for run in value.runs():
            if reached >= value.size:
                break
            for extent in _cut(run, reached, value, cluster_size):
                if last is not None and _joins(last, extent):
                    extent = Extent(last.offset, last.position, last.length + extent.length)
                elif last is not None:
                    yield last
                last = extent
                reached = extent.offset + extent.length
    except NotFound as error:
        if last is not None:
            yield last
        raise _missing(value, str(error)) from error
    except (CorruptStructure, MediumError):
        if last is not None:
            yield last
        raise
    if reached < value.size and reached >= value.valid:
        # Nothing was ever written there.
        if last is not None and last.position == HOLE:
            last = Extent(last.offset, HOLE, value.size - last.offset)
        else:
            if last is not None:
                yield last
            last = Extent(reached, HOLE, value.size - reached)
        reached = value.size
    if last is not None:
        yield last
    if reached < value.size:
        raise _missing(value, f"for {reached}")


def _cut(run: Run, reached: int, value: Value, cluster_size: int) -> Iterator[Extent]:
    """A run as extents: what is valid of it, and then zeros."""
    length = min(run.length * cluster_size, value.size - reached)
    written = 0 if run.cluster == HOLE else max(0, min(length, value.valid - reached))
    if written:
        yield Extent(reached, run.cluster * cluster_size, written)
    if written < length:
        yield Extent(reached + written, HOLE, length - written)


def _joins(last: Extent, extent: Extent) -> bool:
    if last.position == HOLE or extent.position == HOLE:
        return last.position == extent.position
    return last.position + last.length == extent.position


def computed(value: Value, device: BlockDevice, cluster_size: int, start: int) -> Iterator[bytes]:
    """The bytes of a compressed value from `start` on: NTFS, "Compressed files".

    Each unit has clusters for all of itself, then it is stored as it is; none, then it is zeros; or fewer,
    then it is compressed. Raises CorruptStructure, MediumError at the unit where it is broken.
    """
    unit = _unit(value)
    size = unit * cluster_size
    at = start // size * size
    try:
        for pieces in _units(value.runs(), unit, at // size):
            if at >= value.valid:
                break
            for piece in _unpacked(pieces, device, unit, cluster_size):
                end = min(at + len(piece), value.valid)
                if end > start:
                    yield piece[max(0, start - at) : end - at]
                at += len(piece)
    except NotFound as error:
        raise _missing(value, str(error)) from error
    if at < value.valid:
        raise _missing(value, f"for {at}")
    at = max(start, value.valid)
    while at < value.size:
        length = min(_PIECE, value.size - at)
        yield _ZEROS[:length]
        at += length


def _unit(value: Value) -> int:
    """Clusters of a compression unit. Raises CorruptStructure."""
    if not 0 < value.unit <= 8:
        expected = "a compression unit of 2 to 256 clusters"
        raise value.record.corrupt(value.attribute.at + 34, expected, f"2 to the power of {value.unit}")
    return 1 << value.unit


def _units(runs: Iterator[Run], unit: int, skipped: int) -> Iterator[list[tuple[int, int]]]:
    """(first cluster, count) of what each unit has on the volume, from unit number `skipped` on."""
    begin = skipped * unit
    pieces: list[tuple[int, int]] = []
    left = unit
    for first, cluster, count in runs:
        if first + count <= begin:
            continue
        if first < begin:
            cluster += begin - first if cluster != HOLE else 0
            count -= begin - first
        while count:
            taken = min(count, left)
            if cluster != HOLE:
                pieces.append((cluster, taken))
                cluster += taken
            count -= taken
            left -= taken
            if left == 0:
                yield pieces
                pieces, left = [], unit
    if left < unit:
        yield pieces


def _unpacked(
    pieces: list[tuple[int, int]], device: BlockDevice, unit: int, cluster_size: int
) -> Iterator[bytes]:
    size = unit * cluster_size
    clusters = sum(count for _, count in pieces)
    if size > _LARGEST_UNIT:
        raise UnsupportedFeature(f"compression units of {size} bytes")
    if not clusters:
        for at in range(0, size, _PIECE):
            yield _ZEROS[: min(_PIECE, size - at)]
        return
    raw = b"".join(device.read(cluster * cluster_size, count * cluster_size) for cluster, count in pieces)
    yield raw if clusters == unit else lznt1.unpacked(raw, size, pieces[0][0] * cluster_size)


def _missing(value: Value, found: str) -> CorruptStructure:
    return value.record.corrupt(value.attribute.at + 48, f"clusters for {value.size} bytes", found)
