"""The interface of a block device."""

from __future__ import annotations

from abc import ABC, abstractmethod


class BlockDevice(ABC):
    """A device or image as `size` bytes. All offsets and lengths are bytes, and need not be aligned."""

    size: int
    sector_size: int
    """The logical sector size: 512 or 4096 on everything met in practice."""

    @abstractmethod
    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes from `offset`.

        Raises CorruptStructure when the range does not lie inside the device (a structure pointed past its
        end), MediumError when the medium cannot be read, DeviceGone when there is no device any more.
        """

    @abstractmethod
    def locate(self, offset: int) -> tuple[int, int] | None:
        """(descriptor, offset in it) of this device's byte `offset`, or None when the bytes are not in a file.

        Everything up to `size` follows contiguously, so bulk copies can move between descriptors.
        """

    def write(self, offset: int, data: bytes) -> None:
        """Writes all of `data` at `offset`. Raises as `read`, and OSError EROFS on a read-only device."""
        raise OSError(30, "read-only device")

    def flush(self) -> None:
        """Returns once everything written is on the medium."""
