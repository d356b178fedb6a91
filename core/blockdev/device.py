"""The interface of a block device."""

from __future__ import annotations

import errno
from abc import ABC, abstractmethod

from core.errors import CorruptStructure

MAX_READ = 64 * 2**20
"""The most that one read may ask for. A length from the stick must not become an allocation of any size."""


class BlockDevice(ABC):
    """A device or image as `size` bytes. All offsets and lengths are bytes, and need not be aligned.

    An offset in an error counts from the start of the device that was asked, however many lie below it.
    """

    size: int
    sector_size: int
    """The logical sector size: 512 or 4096 on everything met in practice."""

    @abstractmethod
    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes from `offset`.

        Raises CorruptStructure when the range does not lie inside the device (a structure pointed past its
        end) or is longer than MAX_READ, MediumError with the first bad sector when the medium cannot be
        read, DeviceGone when there is no device any more.
        """

    @abstractmethod
    def locate(self, offset: int) -> tuple[int, int] | None:
        """(descriptor, offset in it) of this device's byte `offset`, or None when it is not in a file.

        Everything up to `size` follows contiguously, so bulk copies can move between descriptors. Raises
        CorruptStructure when `offset` lies outside.
        """

    def write(self, offset: int, data: bytes) -> None:
        """Writes all of `data` at `offset`. Raises as `read`, and OSError EROFS on a read-only device."""
        raise OSError(errno.EROFS, "read-only device")

    def flush(self) -> None:  # noqa: B027 - what is never written needs no flush
        """Returns once everything written is on the medium. Raises MediumError and DeviceGone."""

    def written(self, offset: int, length: int) -> None:  # noqa: B027 - where nothing is kept, nothing is stale
        """Takes note that others wrote there, through what `locate` gave them."""

    def forget(self) -> None:  # noqa: B027 - where nothing is kept, nothing is forgotten
        """What is read from now on comes from what lies below."""

    def check(self, offset: int, length: int) -> None:
        """Raises CorruptStructure unless `length` bytes at `offset` lie inside the device."""
        if offset < 0 or length < 0 or offset + length > self.size:
            # The place may be any number that a driver computed from the stick; a fault carries 64 bits.
            raise CorruptStructure(
                "device",
                min(max(offset, 0), 2**63 - 1),
                f"a place inside the {self.size} bytes of the device",
                f"{length:#x} bytes at {offset:#x}"[:200],
            )
