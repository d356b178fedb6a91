"""The system use area of a directory record and its continuations: IEEE P1281 (SUSP)."""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure

_MOST_AREAS = 64
_LONGEST_AREA = 32 * 1024


class Areas:
    """Reads the system use entries of records. `skip` bytes of each area are somebody else's (SP)."""

    def __init__(self, device: BlockDevice, block_size: int, skip: int) -> None:
        self._device = device
        self._block_size = block_size
        self._skip = skip

    def entries(self, area: bytes, position: int) -> Iterator[tuple[bytes, bytes]]:
        """(signature, data) of each entry; `position` is where the area lies.

        Raises CorruptStructure, MediumError.
        """
        area = area[self._skip :]
        seen: set[int] = set()
        while True:
            following: tuple[int, int] | None = None
            at, end = 0, len(area)
            while at + 4 <= end:
                length = area[at + 2]
                if not area[at]:
                    break  # padding
                if length < 4 or at + length > end:
                    raise CorruptStructure(
                        "system use area", position, "entries that lie inside it", f"{length} bytes at {at}"
                    )
                signature, data = area[at : at + 2], area[at + 4 : at + length]
                if signature == b"CE" and length >= 28:
                    number = int.from_bytes
                    block, start, size = (number(data[place : place + 4], "little") for place in (0, 8, 16))
                    following = (block * self._block_size + start, size)
                elif signature == b"ST":
                    break
                else:
                    yield signature, data
                at += length
            if following is None:
                return
            position, size = following
            if position in seen or len(seen) >= _MOST_AREAS or size > _LONGEST_AREA:
                found = f"{size} bytes at {position}, {len(seen)} before"
                raise CorruptStructure("system use area", position, "a short way of continuations", found)
            seen.add(position)
            area = self._device.read(position, size)
