"""What a volume says of itself as a whole: whether it is clean, how much is free, and its label."""

from __future__ import annotations

from core.fs.fat.geometry import Geometry, free_by_information
from core.fs.fat.structures import BOOT_SECTOR_32, BOOT_SECTOR_LENGTH, INFORMATION
from core.fs.fat.writing.table import WritableTable
from core.fs.staging import Phase, Staging

_STATE, _STATE_32 = 37, 65
_LABEL, _LABEL_32 = 43, 71
"""Where the boot sector has them: FAT 1.03, pages 11 and 12."""
_FREE = 488
"""Where the FSInfo sector has the count of free clusters, and behind it the next to look at."""
_UNKNOWN = 0xFFFFFFFF


class State:
    """Stages these; when they are written is for the caller."""

    def __init__(self, staging: Staging, geometry: Geometry, table: WritableTable) -> None:
        self._staging = staging
        self._geometry = geometry
        self._table = table
        self._told = geometry.serial is not None
        """Whether the boot sector has a place for a state and a label."""
        self._clean_entry = table.entry(1)
        self._informed = self._read_information()

    def _read_information(self) -> bool:
        """Whether there is an FSInfo sector to keep right."""
        if not self._geometry.information_offset:
            return False
        sector = self._staging.read(self._geometry.information_offset, INFORMATION.sizeof())
        return sector[:4] == b"RRaA" and sector[484:488] == b"rrAa"

    @property
    def free(self) -> int | None:
        return free_by_information(self._staging, self._geometry)

    @property
    def next(self) -> int:
        """The cluster to look at first for free ones; 0 when nothing is said."""
        if not self._informed:
            return 0
        raw = self._staging.read(self._geometry.information_offset + _FREE + 4, 4)
        return int.from_bytes(raw, "little")

    def mark(self, *, dirty: bool) -> None:
        """FAT 1.03, page 18; and the bit that Windows NT and Linux keep in the boot sector."""
        if self._geometry.width != 12:
            bit = 0x8000 if self._geometry.width == 16 else 0x08000000
            self._table.put(Phase.PREPARE, 1, [self._clean_entry & ~bit if dirty else self._clean_entry])
        if self._told:
            at = _STATE_32 if self._geometry.width == 32 else _STATE
            self._staging.stage(Phase.PREPARE, at, bytes([dirty]), b"\1")

    def inform(self, free: int | None, following: int) -> None:
        if not self._informed:
            return
        values = (_UNKNOWN if free is None else free, following)
        data = b"".join(value.to_bytes(4, "little") for value in values)
        self._staging.stage(Phase.FREE, self._geometry.information_offset + _FREE, data)

    def label(self, raw: bytes) -> None:
        """The copies of the label besides the one in the root directory."""
        if not self._told:
            return
        at = _LABEL_32 if self._geometry.width == 32 else _LABEL
        for sector in (0, self._backup()):
            self._staging.stage(Phase.ENTRY, sector + at, raw)

    def _backup(self) -> int:
        """The offset of the boot sector's copy; 0 where there is none."""
        if self._geometry.width != 32:
            return 0
        sector = self._staging.read(0, BOOT_SECTOR_LENGTH)
        boot = BOOT_SECTOR_32.parse(sector)
        offset = int(boot.backup_sector) * self._geometry.sector_size
        if not 0 < offset < self._geometry.tables[0]:
            return 0
        copy = self._staging.read(offset, BOOT_SECTOR_LENGTH)
        return offset if copy[510:] == sector[510:] and copy[11:36] == sector[11:36] else 0
