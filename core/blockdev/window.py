"""A piece of a device as a device of its own: a partition."""

from __future__ import annotations

from core.blockdev.device import BlockDevice
from core.errors import MediumError


class Window(BlockDevice):
    """`size` bytes of `device` from `offset`. Offsets in its errors count from the start of the window.

    `sector_size` is the device's unless the partition table was written for another. Raises CorruptStructure
    when the range does not lie inside the device: cutting a partition short is for the table to decide and
    to report.
    """

    def __init__(self, device: BlockDevice, offset: int, size: int, sector_size: int | None = None) -> None:
        device.check(offset, size)
        self.size = size
        self.sector_size = sector_size or device.sector_size
        self._device = device
        self._offset = offset

    def locate(self, offset: int) -> tuple[int, int] | None:
        self.check(offset, 0)
        return self._device.locate(self._offset + offset)

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        try:
            return self._device.read(self._offset + offset, length)
        except MediumError as error:
            raise self._inside(error) from error

    def write(self, offset: int, data: bytes) -> None:
        self.check(offset, len(data))
        try:
            self._device.write(self._offset + offset, data)
        except MediumError as error:
            raise self._inside(error) from error

    def written(self, offset: int, length: int) -> None:
        self.check(offset, length)
        self._device.written(self._offset + offset, length)

    def flush(self) -> None:
        try:
            self._device.flush()
        except MediumError as error:
            raise self._inside(error) from error

    def _inside(self, error: MediumError) -> MediumError:
        """The same place seen from the window; a sector across its edge, or bytes outside it, are cut off."""
        start = min(max(error.offset - self._offset, 0), self.size)
        end = min(max(error.offset + error.length - self._offset, start), self.size)
        return MediumError(start, end - start)
