"""What the system files of a volume say of it: label, version, log, free clusters, upper case."""

from __future__ import annotations

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotFound
from core.fs.driver import HOLE, Warnings
from core.fs.ntfs import names
from core.fs.ntfs.file import File, Value
from core.fs.ntfs.geometry import Geometry
from core.fs.ntfs.mft import Mft
from core.fs.ntfs.structures import (
    BITMAP,
    DATA,
    LOG_AREA,
    LOG_CLEAN,
    LOG_FILE,
    LOG_MAGIC,
    LOG_NO_CLIENT,
    LOG_PAGE,
    UPCASE,
    VOLUME,
    VOLUME_INFORMATION,
    VOLUME_INFORMATION_PACKED,
    VOLUME_NAME,
)

_LONGEST_LABEL = 256
_PIECE = 1 << 20
_MOST_COUNTED = 32 << 20
"""Bytes of a bitmap that are counted: 1 TiB in clusters of 4 KiB."""
_DAMAGE = (CorruptStructure, MediumError, NotFound)


class System:
    """Whatever cannot be read of it is a warning, once."""

    def __init__(self, device: BlockDevice, geometry: Geometry, mft: Mft, warnings: Warnings) -> None:
        self._device = device
        self._geometry = geometry
        self._mft = mft
        self._warnings = warnings
        self._upcase: names.Upcase | None = None

    def label(self) -> str:
        try:
            value = self._value(VOLUME, VOLUME_NAME)
            return names.shown(value.read(_LONGEST_LABEL)) if value is not None else ""
        except _DAMAGE as error:
            self._warnings.note(_fault(error))
            return ""

    def information(self) -> tuple[str, int]:
        """Version and flags."""
        try:
            value = self._value(VOLUME, VOLUME_INFORMATION)
            raw = b"" if value is None else value.read(VOLUME_INFORMATION_PACKED.size)
            if len(raw) < VOLUME_INFORMATION_PACKED.size:
                return "", 0
            major, minor, flags = VOLUME_INFORMATION_PACKED.unpack(raw)
            return f"{major}.{minor}", flags
        except _DAMAGE as error:
            self._warnings.note(_fault(error))
            return "", 0

    def log_is_clean(self) -> bool:
        """Whether the last who wrote had finished: NTFS, "$LogFile". A log that was never used is clean."""
        try:
            value = self._value(LOG_FILE, DATA)
            page = b"" if value is None else value.read(4096)
        except _DAMAGE as error:
            self._warnings.note(_fault(error))
            return True
        if page[:4] != LOG_MAGIC:
            return True
        at = LOG_PAGE.parse(page).area
        if at + LOG_AREA.sizeof() > len(page):
            return True
        area = LOG_AREA.parse(page[at:])
        return bool(area.in_use == LOG_NO_CLIENT or area.flags & LOG_CLEAN)

    def free(self) -> int | None:
        """Free clusters, None when the bitmap does not tell or is too large to be counted."""
        needed = -(-self._geometry.clusters // 8)
        if needed > _MOST_COUNTED:
            return None
        try:
            value = self._value(BITMAP, DATA)
            if value is None:
                return None
            return self._geometry.clusters - self._used(value, needed)
        except _DAMAGE as error:
            self._warnings.note(_fault(error))
            return None

    def upcase(self) -> names.Upcase:
        if self._upcase is None:
            mapping = None
            try:
                value = self._value(UPCASE, DATA)
                if value is not None:
                    mapping = names.read_upcase(value.read(names.UPCASE_LENGTH))
                    if mapping is None:
                        found = f"{value.size} bytes of something else"
                        raise value.record.corrupt(0, "an upper case for each character", found)
            except _DAMAGE as error:
                self._warnings.note(_fault(error))
            self._upcase = mapping if mapping is not None else names.without_table()
        return self._upcase

    def _used(self, value: Value, needed: int) -> int:
        """Bits that are set for the volume's clusters. Raises CorruptStructure, MediumError, NotFound."""
        if value.resident is not None:
            return _bits(value.read(needed), self._geometry.clusters)
        if value.valid < needed:
            expected = f"a bitmap of {needed} bytes"
            raise value.record.corrupt(value.attribute.at, expected, f"{value.valid}")
        cluster_size = self._geometry.cluster_size
        used, done = 0, 0
        for run in value.runs():
            position, length = run.cluster * cluster_size, run.length * cluster_size
            if run.cluster == HOLE:
                raise value.record.corrupt(value.attribute.at, "a bitmap without holes", f"one at {done}")
            while length and done < needed:
                piece = min(length, _PIECE, needed - done)
                used += _bits(self._device.read(position, piece), self._geometry.clusters - 8 * done)
                position += piece
                length -= piece
                done += piece
            if done >= needed:
                return used
        raise value.record.corrupt(value.attribute.at, f"a bitmap of {needed} bytes", f"{done}")

    def _value(self, number: int, type: int) -> Value | None:
        return File(self._mft, self._mft.get(number)).value(type)


def _bits(raw: bytes, most: int) -> int:
    """How many of the first `most` bits are set."""
    number = int.from_bytes(raw, "little")
    if most < 8 * len(raw):
        number &= (1 << most) - 1
    return number.bit_count()


def _fault(error: CorruptStructure | MediumError | NotFound) -> Fault:
    return Fault.of(error)
